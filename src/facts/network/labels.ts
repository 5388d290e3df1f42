import type { LabelSelector, Requirement } from '../../kube/selector.ts';
import type { Workload } from '../../kube/workload.ts';
import { type AssumptionId, every, given, type Match, maybe, no, yes } from './assumptions.ts';

/** What is known of the labels of a Pod or a namespace. */
export interface Labels {
  readonly known: ReadonlyMap<string, string>;
  /** Keys of `known` that rest on a declaration instead of an object. */
  readonly declared: ReadonlySet<string>;
  /** Keys that a controller sets on each Pod: `present` with a value nobody knows, or `possible` by the version of the cluster. */
  readonly instance: ReadonlyMap<string, 'present' | 'possible'>;
  /** Why other keys may be there; absent where the labels are known whole. */
  readonly open?: AssumptionId;
}

const none: ReadonlySet<string> = new Set();
const noInstance: ReadonlyMap<string, 'present' | 'possible'> = new Map();

/** Labels that are known whole. */
export const closedLabels = (known: ReadonlyMap<string, string>, instance = noInstance): Labels => ({
  known,
  declared: none,
  instance,
});

/** Labels of which a part is known. `declared` marks the known keys that rest on a declaration. */
export const openLabels = (
  known: ReadonlyMap<string, string>,
  why: AssumptionId,
  declared: ReadonlySet<string> = none,
): Labels => ({
  known,
  declared,
  instance: noInstance,
  open: why,
});

/** Does a selector select something of which these labels are known? */
export function matchLabels(selector: LabelSelector, labels: Labels): Match {
  return every(selector.requirements.map((requirement) => matchRequirement(requirement, labels)));
}

/** In and Exists need the key; NotIn and DoesNotExist match where it is absent (apimachinery pkg/labels/selector.go). */
function matchRequirement({ key, operator, values }: Requirement, labels: Labels): Match {
  const value = labels.known.get(key);
  if (value !== undefined) {
    const holds =
      operator === 'In' ? values.includes(value) : operator === 'NotIn' ? !values.includes(value) : operator === 'Exists';
    return labels.declared.has(key) ? given(holds, 'declared-labels') : given(holds);
  }
  const instance = labels.instance.get(key);
  if (instance !== undefined) {
    if (instance === 'possible' || operator === 'In' || operator === 'NotIn') return maybe('instance-labels');
    return operator === 'Exists' ? yes : no;
  }
  if (labels.open !== undefined) return maybe(labels.open);
  return operator === 'NotIn' || operator === 'DoesNotExist' ? yes : no;
}

/** Labels that the controller of each kind adds to its Pods (`possible`: only in some versions of Kubernetes). */
const added: Readonly<Record<string, Readonly<Record<string, 'present' | 'possible'>>>> = {
  Deployment: { 'pod-template-hash': 'present' },
  ReplicaSet: { 'pod-template-hash': 'possible' },
  Rollout: { 'rollouts-pod-template-hash': 'present' },
  StatefulSet: {
    'controller-revision-hash': 'present',
    'statefulset.kubernetes.io/pod-name': 'present',
    'apps.kubernetes.io/pod-index': 'possible',
  },
  DaemonSet: { 'controller-revision-hash': 'present', 'pod-template-generation': 'possible' },
  Job: {
    'controller-uid': 'present',
    'batch.kubernetes.io/controller-uid': 'possible',
    'batch.kubernetes.io/job-completion-index': 'possible',
  },
  CronJob: {
    'controller-uid': 'present',
    'job-name': 'present',
    'batch.kubernetes.io/controller-uid': 'possible',
    'batch.kubernetes.io/job-name': 'possible',
    'batch.kubernetes.io/job-completion-index': 'possible',
  },
};

/** The labels of a workload's Pods: those of the template, and those that its controller adds. */
export function podLabels(workload: Workload): Labels {
  const { kind, name } = workload.ref;
  const instance = new Map(Object.hasOwn(added, kind) ? Object.entries(added[kind] ?? {}) : []);
  const known = new Map(workload.podLabels);
  // The Job controller names its Pods after the Job; a name that the API server completes is not known.
  if (kind === 'Job' && !name.endsWith('*')) for (const key of ['job-name', 'batch.kubernetes.io/job-name']) known.set(key, name);
  for (const key of known.keys()) instance.delete(key);
  return closedLabels(known, instance);
}
