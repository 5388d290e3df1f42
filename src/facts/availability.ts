import { numberAt, textAt, valueAt, listAt } from '../kube/json.ts';
import { type KubeObject, labelsOf } from '../kube/object.ts';
import type { Workload } from '../kube/workload.ts';
import type { Inventory } from './inventory.ts';

/** How many Pods of a workload a live dump shows as available, of how many wanted. Undefined where no dump shows its status. */
export function availabilityOf(
  workload: Workload,
  known: Inventory,
): { readonly wanted: number; readonly available: number } | undefined {
  const live = known.liveOf(workload.object);
  const status = valueAt(live?.value, 'status');
  if (live === undefined || status === undefined) return undefined;
  const { kind } = live.ref;
  if (kind === 'DaemonSet')
    return { wanted: numberAt(status, 'desiredNumberScheduled') ?? 0, available: numberAt(status, 'numberAvailable') ?? 0 };
  if (kind === 'Pod') return { wanted: 1, available: isReady(live) ? 1 : 0 };
  if (kind !== 'Deployment' && kind !== 'StatefulSet' && kind !== 'ReplicaSet') return undefined;
  // A status of an older generation speaks of another Pod template.
  const current = (numberAt(status, 'observedGeneration') ?? 0) >= (numberAt(live.value, 'metadata', 'generation') ?? 0);
  return {
    wanted: numberAt(live.value, 'spec', 'replicas') ?? 1,
    available: current ? (numberAt(status, 'availableReplicas') ?? 0) : 0,
  };
}

/** Live Pods of a workload: those of its namespace that carry every label of its template. Pods that have ended are left out. */
export function livePodsOf(workload: Workload, known: Inventory): readonly KubeObject[] {
  return known.ofKind('', 'Pod').flatMap((object) => {
    if (object.ref.namespace !== workload.namespace) return [];
    const live = known.liveOf(object);
    if (live === undefined) return [];
    if (['Succeeded', 'Failed'].includes(textAt(live.value, 'status', 'phase') ?? '')) return [];
    if (workload.ref.kind === 'Pod') return live.ref.name === workload.ref.name ? [live] : [];
    const labels = labelsOf(live);
    return workload.podLabels.size > 0 && [...workload.podLabels].every(([key, value]) => labels.get(key) === value)
      ? [live]
      : [];
  });
}

/** Condition Ready of a live Pod. */
export const isReady = ({ value }: KubeObject): boolean =>
  listAt(value, 'status', 'conditions').some((item) => textAt(item, 'type') === 'Ready' && textAt(item, 'status') === 'True');

/** Restarts of all containers of a live Pod; init containers that failed first count too. */
export const restartsOf = ({ value }: KubeObject): number =>
  ['containerStatuses', 'initContainerStatuses']
    .flatMap((list) => listAt(value, 'status', list))
    .reduce<number>((sum, item) => sum + (numberAt(item, 'restartCount') ?? 0), 0);
