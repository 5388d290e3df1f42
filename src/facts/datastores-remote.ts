import type { DeclaredDatastore } from '../evidence/declared.ts';
import { readService } from '../kube/service.ts';
import { compareText, formatRef, ownApiVersion } from '../model/object-ref.ts';
import type { Connection } from './connections.ts';
import { type Datastore, empty, natureOf, schemaEngines } from './datastore.ts';
import { engineNamed } from './datastore-kinds.ts';
import type { Inventory } from './inventory.ts';

const engineName = ({ engine }: Connection): string => engine?.name ?? 'database';
const said = ({ name, workload }: Connection): string => `${name} of ${formatRef(workload.ref)}`;

/** A store outside the cluster that a connection names by its host. */
export function outside(connection: Connection, host: string): Datastore {
  const engine = engineName(connection);
  return {
    ...empty,
    ref: { apiVersion: ownApiVersion, kind: 'Datastore', name: host },
    object: connection.object,
    name: host,
    namespace: undefined,
    engine,
    schema: schemaEngines.has(engine),
    hosting: 'managed',
    durability: natureOf(engine) === 'database' ? 'durable' : 'unknown',
    evidence: said(connection),
    hosts: [host],
  };
}

/** A store in the cluster whose Pods are in no source. */
export function unseen(connection: Connection, name: string, namespace: string): Datastore {
  const engine = engineName(connection);
  return { ...outside(connection, name), namespace, hosting: 'unseen', hosts: [name.split('.')[0] ?? name], engine };
}

/** A connection whose value is hidden leads to a store of its engine that is known, or else to one that nothing shows. */
export function hiddenStore(connection: Connection, stores: readonly Datastore[]): readonly Datastore[] {
  const engine = engineName(connection);
  const isKnown = stores.some(
    (store) => store.engine === engine || ((engine === 'database' || store.engine === 'database') && store.schema),
  );
  if (isKnown) return [];
  return [
    {
      ...outside(connection, `${connection.workload.ref.name}/${connection.name}`),
      hosting: 'unseen',
      hosts: [],
      clients: [connection.workload],
    },
  ];
}

/** ExternalName Services that lead to a database of a cloud provider. */
export function aliases(known: Inventory): readonly Datastore[] {
  return known.systemOfKind('', 'Service').flatMap((object) => {
    const host = readService(object)?.externalName;
    const engine = host === undefined ? undefined : engineOfCloudHost(host, object.ref.name);
    if (host === undefined || engine === undefined) return [];
    const ref = { apiVersion: ownApiVersion, kind: 'Datastore', name: host };
    const durability = natureOf(engine) === 'database' ? ('durable' as const) : ('unknown' as const);
    return [
      {
        ...empty,
        ref,
        object,
        name: host,
        namespace: undefined,
        engine,
        schema: schemaEngines.has(engine),
        hosting: 'managed' as const,
        durability,
        evidence: formatRef(object.ref),
        hosts: [host],
      },
    ];
  });
}

const cloudHosts: readonly (readonly [RegExp, string])[] = [
  [/\.rds\.amazonaws\.com(?:\.cn)?$/, 'database'],
  [/\.cache\.amazonaws\.com$/, 'redis'],
  [/\.docdb\.amazonaws\.com$/, 'mongo'],
  [/\.postgres\.database\.azure\.com$/, 'postgres'],
  [/\.mysql\.database\.azure\.com$/, 'mysql'],
  [/\.database\.windows\.net$/, 'sqlserver'],
  [/\.redis\.cache\.windows\.net$/, 'redis'],
  [/\.mongodb\.net$/, 'mongo'],
  [/\.(?:neon\.tech|supabase\.co|aivencloud\.com|db\.ondigitalocean\.com)$/, 'database'],
];

function engineOfCloudHost(host: string, service: string): string | undefined {
  const cloud = cloudHosts.find(([pattern]) => pattern.test(host))?.[1];
  if (cloud !== undefined && cloud !== 'database') return cloud;
  const words = service.split('-').slice(0, 10);
  const named = words.map(engineNamed).find((entry) => entry !== undefined)?.name;
  return named ?? cloud ?? (words.some((word) => word === 'db' || word === 'database') ? 'database' : undefined);
}

/** Declarations add what no object shows, and meet what one does by name, host or engine. */
export function declareAll(stores: readonly Datastore[], declared: readonly DeclaredDatastore[]): readonly Datastore[] {
  const rest = [...stores];
  const added: Datastore[] = [];
  for (const item of declared) {
    const index = rest.findIndex(
      (store) =>
        store.declared === undefined &&
        (store.name === item.name || store.hosts.includes(item.name) || store.name.split('.')[0] === item.name),
    );
    const met = rest[index];
    if (met !== undefined) rest[index] = { ...met, declared: item };
    else added.push(declaredStore(item));
  }
  return [...rest, ...added.sort((a, b) => compareText(a.name, b.name))];
}

function declaredStore(item: DeclaredDatastore): Datastore {
  const engine = engineNamed(item.kind)?.name ?? item.kind;
  return {
    ...empty,
    ref: { apiVersion: ownApiVersion, kind: 'Datastore', name: item.name },
    name: item.name,
    namespace: undefined,
    engine,
    schema: schemaEngines.has(engine),
    hosting: item.managed ? 'managed' : 'unseen',
    durability: natureOf(engine) === 'database' ? 'durable' : 'unknown',
    evidence: 'the review file',
    hosts: [item.name],
    declared: item,
  };
}
