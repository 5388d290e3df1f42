import { numberAt } from './json.ts';
import { type LabelSelector, type Requirement, selects } from './selector.ts';
import type { Workload } from './workload.ts';

/** Labels that controllers add to the Pods of one revision; their values are unknown beforehand, and any Pod has some. */
const revisionLabels: ReadonlySet<string> = new Set([
  'pod-template-hash',
  'rollouts-pod-template-hash',
  'controller-revision-hash',
]);

/**
 * Whether a selector chooses at least one Pod of a workload in the same namespace. Beside the template's labels, Pods carry labels
 * of their controllers: a revision hash (taken as matching) and, for a StatefulSet, each Pod's name and index.
 */
export function selectsPodsOf(selector: LabelSelector, workload: Workload): boolean {
  if (selects(selector, workload.podLabels)) return true;
  const { kind } = workload.ref;
  if (kind === 'Pod') return false;
  const open = selector.requirements.filter((requirement) => !isMetByController(requirement, workload));
  return open.length < selector.requirements.length && selects({ requirements: open }, workload.podLabels);
}

function isMetByController({ key, operator, values }: Requirement, workload: Workload): boolean {
  if (workload.podLabels.has(key)) return false;
  if (revisionLabels.has(key)) return operator !== 'DoesNotExist' && !(operator === 'In' && values.length === 0);
  if (workload.ref.kind !== 'StatefulSet' || operator !== 'In') return false;
  if (key === 'statefulset.kubernetes.io/pod-name')
    return values.some(
      (value) => value.startsWith(`${workload.ref.name}-`) && isIndex(value.slice(workload.ref.name.length + 1), workload),
    );
  return key === 'apps.kubernetes.io/pod-index' && values.some((value) => isIndex(value, workload));
}

/** Whether a StatefulSet has a Pod of this index: they count from `spec.ordinals.start`, 0 by default. */
function isIndex(text: string, workload: Workload): boolean {
  if (!/^(0|[1-9][0-9]{0,9})$/.test(text)) return false;
  const offset = Number(text) - (numberAt(workload.object.value, 'spec', 'ordinals', 'start') ?? 0);
  return offset >= 0 && (workload.replicas === undefined || offset < workload.replicas);
}
