import type { Path } from '../model/judgement.ts';
import type { ObjectRef } from '../model/object-ref.ts';
import { isObject, type JsonValue, listAt, textAt, textEntries, texts, valueAt } from './json.ts';
import { isKind, type KubeObject } from './object.ts';
import { parseQuantity } from './quantity.ts';
import type { Workload } from './workload.ts';

/** A request for storage: a PersistentVolumeClaim, or a template from which a workload makes one for each Pod. */
export interface Claim {
  /** The PersistentVolumeClaim, or the workload that holds the template. */
  readonly ref: ObjectRef;
  readonly object: KubeObject;
  readonly namespace: string;
  /** Name of the claim, of the StatefulSet's claim template, or of the ephemeral volume. */
  readonly name: string;
  /** Path of the claim or template inside the object. */
  readonly path: Path;
  /** Undefined: the cluster's default class. Empty text: a volume that exists already, no class. */
  readonly storageClass: string | undefined;
  readonly accessModes: readonly string[];
  /** Bytes; undefined when absent or malformed. */
  readonly size: number | undefined;
  /** The volume that the claim is bound to by name. */
  readonly volumeName?: string;
  readonly template: 'none' | 'stateful-set' | 'ephemeral';
  /** The workload whose template this is. A claim object's users are found through the workloads' volumes. */
  readonly owner?: Workload;
}

/** Reads a core/v1 PersistentVolumeClaim. Undefined for other kinds. */
export function readClaim(object: KubeObject): Claim | undefined {
  if (!isKind(object, '', 'PersistentVolumeClaim')) return undefined;
  return {
    ref: object.ref,
    object,
    namespace: object.ref.namespace ?? 'default',
    name: object.ref.name,
    path: [],
    ...readSpec(object.value),
    template: 'none',
  };
}

/** The claims that a workload makes for its Pods: a StatefulSet's volumeClaimTemplates and generic ephemeral volumes. */
export function claimTemplates(workload: Workload): readonly Claim[] {
  const head = { ref: workload.ref, object: workload.object, namespace: workload.namespace, owner: workload };
  const stateful = listAt(workload.object.value, 'spec', 'volumeClaimTemplates').flatMap((template, index): readonly Claim[] =>
    workload.ref.kind === 'StatefulSet' && isObject(template)
      ? [
          {
            ...head,
            name: textAt(template, 'metadata', 'name') ?? '',
            path: ['spec', 'volumeClaimTemplates', index],
            ...readSpec(template),
            template: 'stateful-set',
          },
        ]
      : [],
  );
  const ephemeral = workload.volumes.flatMap((volume): readonly Claim[] => {
    const template = valueAt(volume.source, 'volumeClaimTemplate');
    return volume.type === 'ephemeral' && isObject(template)
      ? [
          {
            ...head,
            name: volume.name,
            path: [...volume.path, 'ephemeral', 'volumeClaimTemplate'],
            ...readSpec(template),
            template: 'ephemeral',
          },
        ]
      : [];
  });
  return [...stateful, ...ephemeral];
}

/** The annotation that preceded `storageClassName` still wins over it (component-helpers GetPersistentVolumeClaimClass). */
const legacyClass = 'volume.beta.kubernetes.io/storage-class';

function readSpec(claim: JsonValue): Pick<Claim, 'storageClass' | 'accessModes' | 'size' | 'volumeName'> {
  const volumeName = textAt(claim, 'spec', 'volumeName');
  return {
    storageClass:
      textEntries(valueAt(claim, 'metadata', 'annotations')).get(legacyClass) ?? textAt(claim, 'spec', 'storageClassName'),
    accessModes: texts(valueAt(claim, 'spec', 'accessModes')),
    size: parseQuantity(valueAt(claim, 'spec', 'resources', 'requests', 'storage')),
    ...(volumeName ? { volumeName } : {}),
  };
}
