import type { Path } from '../model/judgement.ts';
import { isObject, type JsonValue, listAt, numberAt, objectAt, textAt, texts, valueAt } from './json.ts';
import { selectsPodsOf } from './pod-selection.ts';
import { type LabelSelector, readSelector } from './selector.ts';
import type { Workload } from './workload.ts';

/** A rule that keeps the Pods of a workload apart, or tries to. */
export interface SpreadRule {
  readonly how: 'topologySpreadConstraint' | 'podAntiAffinity';
  /** The label of nodes over which Pods are spread. */
  readonly topologyKey: string;
  /** The scheduler leaves a Pod pending rather than break the rule. */
  readonly required: boolean;
  /** For spread constraints: by how many Pods domains may differ. 1 for anti-affinity. */
  readonly maxSkew: number;
  /** Undefined: the rule looks at no Pod at all, as the API reads a missing selector. */
  readonly selector: LabelSelector | undefined;
  /** Whether it looks at the workload's own Pods; if not, it spreads nothing. */
  readonly selectsOwnPods: boolean;
  readonly path: Path;
}

/** Labels that say what a node is, not where: nodes that share one need not fail together. */
const noFailureDomain: ReadonlySet<string> = new Set([
  'kubernetes.io/os',
  'kubernetes.io/arch',
  'beta.kubernetes.io/os',
  'beta.kubernetes.io/arch',
  'node.kubernetes.io/instance-type',
  'beta.kubernetes.io/instance-type',
]);

/** Whether the nodes that share a value of this label may fail together: a node, a rack, a zone, or a label of one's own. */
export const isFailureDomain = (topologyKey: string): boolean => topologyKey !== '' && !noFailureDomain.has(topologyKey);

/** Spread constraints and Pod anti-affinity of a workload, in order. */
export function spreadRules(workload: Workload): readonly SpreadRule[] {
  const constraints = listAt(workload.podSpec, 'topologySpreadConstraints').map((value, index): SpreadRule => {
    const selector = readSelector(valueAt(value, 'labelSelector'));
    return {
      how: 'topologySpreadConstraint',
      topologyKey: textAt(value, 'topologyKey') ?? '',
      required: textAt(value, 'whenUnsatisfiable') !== 'ScheduleAnyway',
      maxSkew: numberAt(value, 'maxSkew') ?? 1,
      selector,
      selectsOwnPods: selector !== undefined && selectsPodsOf(selector, workload),
      path: [...workload.podPath, 'topologySpreadConstraints', index],
    };
  });
  const base = ['affinity', 'podAntiAffinity'];
  const terms = (field: string, inner: readonly string[], required: boolean) =>
    listAt(workload.podSpec, ...base, field).flatMap((value, index) =>
      isObject(value)
        ? [antiAffinity(workload, objectAt(value, ...inner), [...workload.podPath, ...base, field, index, ...inner], required)]
        : [],
    );
  return [
    ...constraints,
    ...terms('requiredDuringSchedulingIgnoredDuringExecution', [], true),
    ...terms('preferredDuringSchedulingIgnoredDuringExecution', ['podAffinityTerm'], false),
  ];
}

function antiAffinity(workload: Workload, term: JsonValue, path: Path, required: boolean): SpreadRule {
  const selector = readSelector(valueAt(term, 'labelSelector'));
  const namespaces = texts(valueAt(term, 'namespaces'));
  const namespaceSelector = readSelector(valueAt(term, 'namespaceSelector'));
  // Neither field: the Pod's own namespace. An empty namespace selector: all of them.
  const ownNamespace =
    (namespaces.length === 0 && namespaceSelector === undefined) ||
    namespaces.includes(workload.namespace) ||
    namespaceSelector?.requirements.length === 0;
  return {
    how: 'podAntiAffinity',
    topologyKey: textAt(term, 'topologyKey') ?? '',
    required,
    maxSkew: 1,
    selector,
    selectsOwnPods: ownNamespace && selector !== undefined && selectsPodsOf(selector, workload),
    path,
  };
}
