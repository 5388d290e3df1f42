import { listAt, objectAt, textAt, valueAt } from '../kube/json.ts';
import type { KubeObject } from '../kube/object.ts';
import type { Volume } from '../kube/volume.ts';
import type { Container } from '../kube/container.ts';
import type { Workload } from '../kube/workload.ts';
import type { Path } from '../model/judgement.ts';
import { type ConfigurationUse, configurationUses } from './configuration-uses.ts';
import type { Inventory } from './inventory.ts';
import type { SecretProducers } from './secret-producers.ts';
import type { Workloads } from './workloads.ts';

/** A key of a Secret, with the variables that read it. */
export interface NamedKey {
  readonly namespace: string;
  readonly name: string;
  readonly key: string;
  /** `JWT_SECRET` for a variable, and for `JWT_SECRET_FILE` that holds the path of the mounted key. Sorted. */
  readonly variables: readonly string[];
  readonly users: readonly { readonly object: KubeObject; readonly path: Path }[];
}

/** A Secret that a workload takes whole, of which no key is known. */
export interface UnlistedSecret {
  readonly namespace: string;
  readonly name: string;
  readonly use: ConfigurationUse;
}

interface Draft {
  readonly namespace: string;
  readonly name: string;
  readonly keys: Map<
    string,
    { readonly variables: Set<string>; readonly users: { readonly object: KubeObject; readonly path: Path }[] }
  >;
}

/** Every key of the system's Secrets that is known: from the objects, from what makes them, and from the workloads that read them. */
export function secretKeys(
  known: Inventory,
  running: Workloads,
  producers: SecretProducers,
): { readonly keys: readonly NamedKey[]; readonly unlisted: readonly UnlistedSecret[] } {
  const drafts = new Map<string, Draft>();
  const draftOf = (namespace: string, name: string): Draft => {
    const id = `${namespace}/${name}`;
    const draft = drafts.get(id) ?? { namespace, name, keys: new Map() };
    drafts.set(id, draft);
    return draft;
  };
  const entry = (draft: Draft, key: string) => {
    const found = draft.keys.get(key) ?? { variables: new Set<string>(), users: [] };
    draft.keys.set(key, found);
    return found;
  };
  const listed = (namespace: string, name: string): readonly string[] | undefined => {
    const found = known.lookup('', 'Secret', namespace, name);
    const made = producers.of(namespace, name).flatMap(({ keys }) => keys ?? []);
    const own = found.status === 'found' ? keysOfSecret(found.object) : [];
    const all = [...new Set([...own, ...made])];
    return all.length > 0 || found.status === 'found' ? all : undefined;
  };
  for (const object of known.systemOfKind('', 'Secret')) {
    const draft = draftOf(object.ref.namespace ?? 'default', object.ref.name);
    for (const key of keysOfSecret(object)) entry(draft, key);
  }
  for (const { namespace, name, keys } of producers.system)
    if (namespace !== undefined && keys !== undefined) for (const key of keys) entry(draftOf(namespace, name), key);
  const unlisted: UnlistedSecret[] = [];
  for (const workload of running.system) {
    for (const use of configurationUses(workload, known)) {
      if (use.kind !== 'Secret' || use.via === 'image-pull') continue;
      const draft = draftOf(workload.namespace, use.name);
      const keys = use.key === undefined ? listed(workload.namespace, use.name) : [use.key];
      if (keys === undefined) unlisted.push({ namespace: workload.namespace, name: use.name, use });
      for (const key of keys ?? []) {
        const target = entry(draft, key);
        target.users.push({ object: workload.object, path: use.path });
        const variable = use.via === 'env' ? textAt(workload.object.value, ...use.path, 'name') : undefined;
        if (variable !== undefined) target.variables.add(variable);
      }
    }
    for (const { secret, key, variable } of fileVariables(workload))
      entry(draftOf(workload.namespace, secret), key).variables.add(variable);
  }
  const keys = [...drafts.values()].flatMap(({ namespace, name, keys: found }) =>
    [...found].map(([key, { variables, users }]) => ({ namespace, name, key, variables: [...variables].sort(), users })),
  );
  return { keys, unlisted };
}

const keysOfSecret = ({ value }: KubeObject): readonly string[] => [
  ...new Set([...Object.keys(objectAt(value, 'data')), ...Object.keys(objectAt(value, 'stringData'))]),
];

/** Variables such as `JWT_SECRET_FILE=/run/secrets/jwt/token`: the key of the Secret that is mounted there. */
function fileVariables(
  workload: Workload,
): readonly { readonly secret: string; readonly key: string; readonly variable: string }[] {
  return workload.containers.flatMap((container) =>
    container.env.flatMap(({ name, value }) => {
      const stem = /^(.{1,200}?)_{1,2}FILE$/.exec(name)?.[1];
      const mounted = stem === undefined || value === undefined ? undefined : mountedKey(workload, container, value);
      return stem === undefined || mounted === undefined ? [] : [{ ...mounted, variable: stem }];
    }),
  );
}

function mountedKey(
  workload: Workload,
  container: Container,
  file: string,
): { readonly secret: string; readonly key: string } | undefined {
  for (const mount of listAt(container.value, 'volumeMounts')) {
    const folder = textAt(mount, 'mountPath')?.replace(/\/+$/, '');
    const subPath = textAt(mount, 'subPath');
    if (folder === undefined) continue;
    const inside =
      file === folder && subPath !== undefined
        ? subPath
        : subPath === undefined && file.startsWith(`${folder}/`)
          ? file.slice(folder.length + 1)
          : undefined;
    if (inside === undefined) continue;
    for (const volume of workload.volumes) {
      if (volume.secret === undefined || volume.name !== textAt(mount, 'name')) continue;
      const key = keyAt(volume, inside);
      if (key !== undefined) return { secret: volume.secret, key };
    }
  }
  return undefined;
}

function keyAt({ source, keys }: Volume, path: string): string | undefined {
  if (keys === undefined) return path.includes('/') ? undefined : path;
  const item = listAt(source, 'items').find((each) => textAt(each, 'path') === path);
  const key = valueAt(item, 'key');
  return typeof key === 'string' ? key : undefined;
}
