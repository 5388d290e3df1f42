import type { KubeObject } from '../kube/object.ts';
import { type Container, controllerOf, hasEnded, readWorkload, type Workload } from '../kube/workload.ts';
import { refKey } from '../model/object-ref.ts';
import { fact } from './fact.ts';
import { type Inventory, inventory } from './inventory.ts';

/** What runs in the launch environment. */
export interface Workloads {
  /** Workloads under review, sorted by ref. */
  readonly system: readonly Workload[];
  /** Workloads of the system and of the platform, sorted by ref. */
  readonly all: readonly Workload[];
  /** Containers of the workloads under review. */
  containers(): readonly Container[];
  /** All workloads of a namespace, system and platform. */
  byNamespace(namespace: string): readonly Workload[];
}

/** The workloads of the launch environment. */
export const workloads = fact('workloads', [inventory], workloadsOf);

/**
 * The workloads of one environment. Left out: Pods that have ended, what a listed workload owns (its ReplicaSets, Pods and
 * Jobs), and scaled-down ReplicaSets that some owner keeps for rollback.
 */
export function workloadsOf(known: Inventory): Workloads {
  const all = known.objects.flatMap((object) => (isListed(object, known) ? (readWorkload(object) ?? []) : []));
  const reviewed = new Set(known.system.map((object) => refKey(object.ref)));
  const system = all.filter((workload) => reviewed.has(refKey(workload.ref)));
  const containers = system.flatMap((workload) => workload.containers);
  const namespaces = new Map<string, Workload[]>();
  for (const workload of all) {
    const list = namespaces.get(workload.namespace);
    if (list) list.push(workload);
    else namespaces.set(workload.namespace, [workload]);
  }
  return { system, all, containers: () => containers, byNamespace: (namespace) => namespaces.get(namespace) ?? [] };
}

function isListed(object: KubeObject, known: Inventory): boolean {
  if (hasEnded(object)) return false;
  const owner = controllerOf(object);
  if (owner === undefined) return true;
  if (object.ref.kind === 'ReplicaSet' && readWorkload(object)?.replicas === 0) return false;
  return (
    !hasWorkload(known, owner.group, owner.kind, object.ref.namespace, owner.object) && !hasGrandparent(object, owner, known)
  );
}

function hasWorkload(known: Inventory, group: string, kind: string, namespace: string | undefined, name: string): boolean {
  const found = known.lookup(group, kind, namespace, name);
  return found.status === 'found' && readWorkload(found.object) !== undefined;
}

/**
 * A dump may hold Deployments and Pods but not the ReplicaSets between them (or CronJobs and Pods without the Jobs). The
 * controllers build the name in between: `<deployment>-<pod-template-hash>`, `<cronjob>-<minutes>`.
 */
function hasGrandparent(
  object: KubeObject,
  owner: { readonly kind: string; readonly object: string },
  known: Inventory,
): boolean {
  if (object.ref.kind !== 'Pod') return false;
  const { namespace } = object.ref;
  if (owner.kind === 'ReplicaSet') {
    const hash = readWorkload(object)?.podLabels.get('pod-template-hash');
    if (hash === undefined || hash === '' || !owner.object.endsWith(`-${hash}`)) return false;
    return hasWorkload(known, 'apps', 'Deployment', namespace, owner.object.slice(0, -hash.length - 1));
  }
  const cronJob = owner.kind === 'Job' ? /^(.{1,253})-[0-9]{8,11}$/.exec(owner.object)?.[1] : undefined;
  return cronJob !== undefined && hasWorkload(known, 'batch', 'CronJob', namespace, cronJob);
}
