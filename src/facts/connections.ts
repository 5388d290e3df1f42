import { objectAt, textEntries } from '../kube/json.ts';
import { type KubeObject, maskOf } from '../kube/object.ts';
import type { Container, Workload } from '../kube/workload.ts';
import type { Path } from '../model/judgement.ts';
import { type Engine, engineOfScheme, engineOfWord } from './datastore-kinds.ts';
import { fact } from './fact.ts';
import { hostsIn } from './hosts.ts';
import { type Inventory, inventory } from './inventory.ts';
import { type Workloads, workloads } from './workloads.ts';

/** A variable or configuration entry by which a workload finds a datastore. */
export interface Connection {
  readonly workload: Workload;
  /** The variable, or `ConfigMap name, key`. */
  readonly name: string;
  /** Undefined: the name says database, and nothing says which. */
  readonly engine: Engine | undefined;
  /** Undefined: the value is in a Secret or ConfigMap that no source shows. */
  readonly host: string | undefined;
  /** Where it is written. */
  readonly object: KubeObject;
  readonly path: Path;
}

/** Where the workloads under review say that their datastores are, in the order of workloads. */
export const connections = fact('connections', [inventory, workloads], connectionsOf);

export function connectionsOf(known: Inventory, running: Workloads): readonly Connection[] {
  return running.system.flatMap((workload) => [
    ...workload.containers.flatMap((container) => settingsOf(workload, container, known).flatMap(readSetting)),
    ...mountedUrls(workload, known),
  ]);
}

/** One setting of a container: its name and what is known of its value. */
export interface Setting {
  readonly workload: Workload;
  readonly name: string;
  /** Hosts in a value that can be seen; undefined: the value cannot. */
  readonly text: string | undefined;
  /** Host and scheme of a masked URL. */
  readonly url: { readonly scheme: string; readonly host: string } | undefined;
  readonly object: KubeObject;
  readonly path: Path;
}

/** The environment of a container, with values from ConfigMaps and what masks tell of Secrets. */
export function settingsOf(workload: Workload, container: Container, known: Inventory): readonly Setting[] {
  const own = container.env.map(({ name, path, value, from }): Setting => {
    const place = { workload, name, object: workload.object, path };
    if (from === undefined) return { ...place, text: value ?? '', url: urlAt(workload.object, [...path, 'value']) };
    if ((from.kind !== 'ConfigMap' && from.kind !== 'Secret') || from.name === undefined || from.key === undefined)
      return { ...place, text: undefined, url: undefined };
    const found = known.lookup('', from.kind, workload.namespace, from.name);
    return found.status === 'found'
      ? { ...place, ...entryOf(found.object, from.key) }
      : { ...place, text: undefined, url: undefined };
  });
  const imported = workload.envFrom
    .filter((entry) => entry.container === container.name)
    .flatMap(({ kind, name, prefix, path }): readonly Setting[] => {
      const found = known.lookup('', kind, workload.namespace, name);
      if (found.status !== 'found') return [];
      const keys = new Set(['data', 'stringData'].flatMap((field) => Object.keys(objectAt(found.object.value, field))));
      return [...keys].map((key) => ({
        workload,
        name: `${prefix}${key}`,
        object: workload.object,
        path,
        ...entryOf(found.object, key),
      }));
    });
  return [...own, ...imported];
}

/** What is known of one entry of a ConfigMap or Secret. The values of a Secret are masked, whatever stands there. */
function entryOf(object: KubeObject, key: string): Pick<Setting, 'text' | 'url'> {
  const url = urlAt(object, ['stringData', key]) ?? urlAt(object, ['data', key]);
  return { text: object.ref.kind === 'ConfigMap' ? textEntries(objectAt(object.value, 'data')).get(key) : undefined, url };
}

function urlAt(object: KubeObject, path: Path): Setting['url'] {
  const content = maskOf(object, path)?.contains;
  return content?.kind === 'url' ? { scheme: content.scheme, host: content.host } : undefined;
}

function readSetting(setting: Setting): readonly Connection[] {
  const { workload, name, text, url, object, path } = setting;
  const named = engineOfName(name);
  const place = { workload, name, object, path };
  if (url !== undefined) {
    const engine = engineOfScheme(url.scheme) ?? (named === undefined ? undefined : named.engine);
    return engine === undefined && named === undefined ? [] : [{ ...place, engine, host: url.host }];
  }
  if (text === undefined) return named === undefined ? [] : [{ ...place, engine: named.engine, host: undefined }];
  return hostsIn(text, named !== undefined).flatMap(({ host, scheme }) => {
    const engine = (scheme === undefined ? undefined : engineOfScheme(scheme)) ?? named?.engine;
    return engine === undefined && named === undefined ? [] : [{ ...place, engine, host }];
  });
}

const roles: ReadonlySet<string> = new Set([
  'URL',
  'URI',
  'DSN',
  'HOST',
  'HOSTNAME',
  'HOSTS',
  'SERVER',
  'SERVERS',
  'ADDR',
  'ADDRESS',
  'ENDPOINT',
  'BROKERS',
  'NODES',
  'STRING',
  'PGHOST',
]);
const generic: ReadonlySet<string> = new Set(['DATABASE', 'DB', 'DATASOURCE', 'JDBC', 'SQLALCHEMY']);

/** Whether a variable's name says that it leads to a datastore, and to which. `..._FILE` names a path. */
function engineOfName(name: string): { readonly engine: Engine | undefined } | undefined {
  const words = name.toUpperCase().split(/[_.-]/).slice(0, 20);
  if (words.includes('FILE') || words.includes('PATH') || !words.some((word) => roles.has(word))) return undefined;
  for (const word of words) {
    const engine = engineOfWord(word);
    if (engine !== undefined) return { engine };
  }
  return words.some((word) => generic.has(word)) ? { engine: undefined } : undefined;
}

const longestScan = 200_000;

/** URLs with the scheme of a datastore in ConfigMaps that a workload mounts. */
function mountedUrls(workload: Workload, known: Inventory): readonly Connection[] {
  return workload.volumes.flatMap(({ configMap, path }) => {
    if (configMap === undefined) return [];
    const found = known.lookup('', 'ConfigMap', workload.namespace, configMap);
    if (found.status !== 'found') return [];
    return [...textEntries(objectAt(found.object.value, 'data'))].flatMap(([key, text]) =>
      hostsIn(text.slice(0, longestScan), false).flatMap(({ host, scheme }) => {
        const engine = scheme === undefined ? undefined : engineOfScheme(scheme);
        return engine === undefined
          ? []
          : [{ workload, name: `ConfigMap ${configMap}, ${key}`, engine, host, object: workload.object, path }];
      }),
    );
  });
}
