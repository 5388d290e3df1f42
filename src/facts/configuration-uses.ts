import { objectAt } from '../kube/json.ts';
import type { KubeObject } from '../kube/object.ts';
import type { Workload } from '../kube/workload.ts';
import type { Path } from '../model/judgement.ts';
import type { Inventory, Lookup } from './inventory.ts';

/** One place where a workload names a Secret or a ConfigMap. */
export interface ConfigurationUse {
  readonly workload: Workload;
  /** The container; undefined for volumes and pull secrets, which belong to the Pod. */
  readonly container?: string;
  readonly kind: 'Secret' | 'ConfigMap';
  readonly name: string;
  /** The key it needs; undefined: all of them. */
  readonly key?: string;
  /** The Pod starts without it. */
  readonly optional: boolean;
  readonly via: 'env' | 'envFrom' | 'volume' | 'image-pull';
  /** Path inside the workload object. */
  readonly path: Path;
  /** `absent` of a Secret does not say that nothing makes it: operators and External Secrets do. */
  readonly lookup: Lookup;
  /** Whether the object that was found has the key; unknown where none was found, `present` where no key is named. */
  readonly keyState: 'present' | 'absent' | 'unknown';
}

/** Every Secret and ConfigMap that a workload's Pods name, in the order containers, volumes, pull secrets. */
export function configurationUses(workload: Workload, known: Inventory): readonly ConfigurationUse[] {
  const use = (part: Omit<ConfigurationUse, 'workload' | 'lookup' | 'keyState'>): ConfigurationUse => {
    const lookup = known.lookup('', part.kind, workload.namespace, part.name);
    return { ...part, workload, lookup, keyState: lookup.status === 'found' ? keyState(lookup.object, part.key) : 'unknown' };
  };
  return [...envUses(workload, use), ...envFromUses(workload, use), ...volumeUses(workload, use), ...pullUses(workload, use)];
}

type Use = (part: Omit<ConfigurationUse, 'workload' | 'lookup' | 'keyState'>) => ConfigurationUse;

function envUses(workload: Workload, use: Use): readonly ConfigurationUse[] {
  return workload.containers.flatMap((container) =>
    container.env.flatMap(({ from, path }) => {
      if ((from?.kind !== 'Secret' && from?.kind !== 'ConfigMap') || !from.name) return [];
      const { kind, name, key, optional } = from;
      return [use({ container: container.name, kind, name, ...(key === undefined ? {} : { key }), optional, via: 'env', path })];
    }),
  );
}

function envFromUses(workload: Workload, use: Use): readonly ConfigurationUse[] {
  return workload.envFrom.map(({ container, kind, name, optional, path }) =>
    use({ container, kind, name, optional, via: 'envFrom', path }),
  );
}

function volumeUses(workload: Workload, use: Use): readonly ConfigurationUse[] {
  return workload.volumes.flatMap(({ secret, configMap, keys, optional, path }) => {
    const name = secret ?? configMap;
    if (name === undefined) return [];
    const part = {
      kind: secret === undefined ? ('ConfigMap' as const) : ('Secret' as const),
      name,
      optional,
      via: 'volume' as const,
      path,
    };
    return keys === undefined ? [use(part)] : keys.map((key) => use({ ...part, key }));
  });
}

/** A missing pull secret does not stop a Pod: the kubelet goes on without it, and the registry may refuse. */
function pullUses(workload: Workload, use: Use): readonly ConfigurationUse[] {
  return workload.imagePullSecrets.map(({ name, path }) =>
    use({ kind: 'Secret', name, optional: false, via: 'image-pull', path }),
  );
}

const keyFields = ['data', 'stringData', 'binaryData'] as const;

function keyState(object: KubeObject, key: string | undefined): ConfigurationUse['keyState'] {
  if (key === undefined) return 'present';
  return keyFields.some((field) => Object.hasOwn(objectAt(object.value, field), key)) ? 'present' : 'absent';
}
