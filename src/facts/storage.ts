import type { ProvidedObject } from '../evidence/declared.ts';
import { isObject, textAt, texts, valueAt } from '../kube/json.ts';
import { annotationsOf, type KubeObject } from '../kube/object.ts';
import type { Claim } from '../kube/claim.ts';
import { parseQuantity } from '../kube/quantity.ts';
import type { Workload } from '../kube/workload.ts';
import { fact } from './fact.ts';
import { type Inventory, inventory } from './inventory.ts';
import { operatorClaims } from './operator-claims.ts';
import { references, type References } from './references.ts';

/** Whether a claim can get its volume, and from what. */
export type Binding =
  /** A dump shows it bound. */
  | { readonly status: 'bound' }
  | { readonly status: 'class'; readonly name: string; readonly object: KubeObject; readonly isDefault: boolean }
  | { readonly status: 'provided'; readonly name: string; readonly provided: ProvidedObject }
  /** A volume that exists already, with or without a class of that name. */
  | { readonly status: 'volume'; readonly volume: string; readonly object: KubeObject }
  /** `storageClassName: ""`: no class is asked for, and no source shows the volume. */
  | { readonly status: 'static' }
  | { readonly status: 'absent'; readonly name: string }
  | { readonly status: 'no-default' }
  | { readonly status: 'no-volume' }
  /** `name` undefined: the cluster's default class. */
  | { readonly status: 'unseen'; readonly name: string | undefined; readonly why: string };

export interface ClaimBinding {
  readonly claim: Claim;
  readonly binding: Binding;
}

export interface Storage {
  /** Claims of the system under review, with templates and those that operators make; in the order of refs. */
  readonly system: readonly ClaimBinding[];
  bindingOf(claim: Claim): Binding;
  /** Claims that a workload's Pods mount: by name, by template, or as an ephemeral volume. */
  claimsOf(workload: Workload): readonly Claim[];
  /** Names of claims that a workload mounts and that no source has. */
  missingClaims(workload: Workload): readonly string[];
}

/** The claims of the launch environment and the volumes they can get. */
export const storage = fact('storage', [inventory, references], storageOf);

export function storageOf(known: Inventory, refs: References): Storage {
  const operated = known.objects.flatMap(operatorClaims);
  const claims = [...refs.claims.map(({ claim }) => claim), ...operated];
  const reviewed = new Set(known.system);
  const bindingOf = (claim: Claim) => bind(claim, known);
  return {
    system: claims.filter(({ object }) => reviewed.has(object)).map((claim) => ({ claim, binding: bindingOf(claim) })),
    bindingOf,
    claimsOf: (workload) =>
      refs.claims.flatMap(({ claim, workloads }) => (workloads.some(({ object }) => object === workload.object) ? [claim] : [])),
    missingClaims: (workload) =>
      workload.volumes.flatMap(({ claim }) =>
        claim !== undefined && known.lookup('', 'PersistentVolumeClaim', workload.namespace, claim).status !== 'found'
          ? [claim]
          : [],
      ),
  };
}

function bind(claim: Claim, known: Inventory): Binding {
  const live = claim.template === 'none' ? known.liveOf(claim.object) : undefined;
  if (live !== undefined && textAt(live.value, 'status', 'phase') === 'Bound') return { status: 'bound' };
  const volume = volumeFor(claim, known);
  if (claim.storageClass === '') {
    if (volume) return { status: 'volume', volume: volume.ref.name, object: volume };
    return known.completeness('', 'PersistentVolume').complete ? { status: 'no-volume' } : { status: 'static' };
  }
  if (claim.storageClass === undefined)
    return volume ? { status: 'volume', volume: volume.ref.name, object: volume } : defaultClass(known);
  const name = claim.storageClass;
  const found = known.lookup('storage.k8s.io', 'StorageClass', undefined, name);
  if (found.status === 'found') return { status: 'class', name, object: found.object, isDefault: false };
  if (found.status === 'provided') return { status: 'provided', name, provided: found.provided };
  // A class name binds to a volume that carries the same name, even where no StorageClass object has it.
  if (volume) return { status: 'volume', volume: volume.ref.name, object: volume };
  return found.status === 'absent' ? { status: 'absent', name } : { status: 'unseen', name, why: found.why };
}

/** The annotation by which the admission plugin DefaultStorageClass knows the default; the beta name still counts. */
const defaultAnnotations = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class'];

/** The default class of a cluster that its sources or a declaration show. */
function defaultClass(known: Inventory): Binding {
  const object = known
    .ofKind('storage.k8s.io', 'StorageClass')
    .find((candidate) => defaultAnnotations.some((key) => annotationsOf(candidate).get(key) === 'true'));
  if (object) return { status: 'class', name: object.ref.name, object, isDefault: true };
  const provided = known.provided.find(
    ({ kind, labels = {} }) =>
      kind === 'StorageClass' && defaultAnnotations.some((key) => Object.hasOwn(labels, key) && labels[key] === 'true'),
  );
  if (provided) return { status: 'provided', name: provided.name, provided };
  const completeness = known.completeness('storage.k8s.io', 'StorageClass');
  return completeness.complete ? { status: 'no-default' } : { status: 'unseen', name: undefined, why: completeness.why };
}

/**
 * A PersistentVolume that fits a claim: named by it, or reserved for it, or free with the same class, modes and enough room.
 * https://kubernetes.io/docs/concepts/storage/persistent-volumes/#binding
 */
function volumeFor(claim: Claim, known: Inventory): KubeObject | undefined {
  if (claim.template !== 'none') return undefined;
  const volumes = known.ofKind('', 'PersistentVolume');
  if (claim.volumeName !== undefined) return volumes.find(({ ref }) => ref.name === claim.volumeName);
  if (claim.storageClass === undefined) return undefined;
  return volumes.find((volume) => isFree(volume, claim) && fits(volume, claim));
}

function isFree({ value }: KubeObject, claim: Claim): boolean {
  const reserved = valueAt(value, 'spec', 'claimRef');
  if (!isObject(reserved)) return true;
  return textAt(reserved, 'name') === claim.name && textAt(reserved, 'namespace') === claim.namespace;
}

function fits({ value }: KubeObject, claim: Claim): boolean {
  if ((textAt(value, 'spec', 'storageClassName') ?? '') !== claim.storageClass) return false;
  const modes = texts(valueAt(value, 'spec', 'accessModes'));
  const size = parseQuantity(valueAt(value, 'spec', 'capacity', 'storage'));
  return (
    claim.accessModes.every((mode) => modes.includes(mode)) &&
    (claim.size === undefined || (size !== undefined && size >= claim.size))
  );
}
