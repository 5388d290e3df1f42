import type { ObjectRef } from '../model/object-ref.ts';
import { type JsonValue, objectAt, valueAt } from './json.ts';
import { isKind, type KubeObject } from './object.ts';
import { type LabelSelector, readSelector } from './selector.ts';

/** A number of Pods, or a share of them in percent. */
export type PodCount = { readonly pods: number } | { readonly percent: number };

export interface DisruptionBudget {
  readonly ref: ObjectRef;
  readonly object: KubeObject;
  readonly namespace: string;
  /** Undefined: the budget selects no Pod. No requirement: every Pod of the namespace. */
  readonly selector: LabelSelector | undefined;
  readonly minAvailable?: PodCount;
  readonly maxUnavailable?: PodCount;
  /** A written count that is neither a whole number nor a percentage. */
  readonly malformed: boolean;
}

/**
 * Reads a PodDisruptionBudget. An absent selector selects nothing; an empty one selects every Pod of the namespace in policy/v1 but
 * none in policy/v1beta1.
 */
export function readDisruptionBudget(object: KubeObject): DisruptionBudget | undefined {
  if (!isKind(object, 'policy', 'PodDisruptionBudget')) return undefined;
  const spec = objectAt(object.value, 'spec');
  const selector = readSelector(valueAt(spec, 'selector'));
  const emptyInBeta = object.ref.apiVersion === 'policy/v1beta1' && selector?.requirements.length === 0;
  const minAvailable = readCount(valueAt(spec, 'minAvailable'));
  const maxUnavailable = readCount(valueAt(spec, 'maxUnavailable'));
  return {
    ref: object.ref,
    object,
    namespace: object.ref.namespace ?? 'default',
    selector: emptyInBeta ? undefined : selector,
    ...(minAvailable ? { minAvailable } : {}),
    ...(maxUnavailable ? { maxUnavailable } : {}),
    malformed: minAvailable === null || maxUnavailable === null,
  };
}

/** Undefined when absent, null when malformed. */
function readCount(value: JsonValue | undefined): PodCount | null | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number') return Number.isInteger(value) && value >= 0 ? { pods: value } : null;
  const percent = typeof value === 'string' ? /^([0-9]{1,3})%$/.exec(value)?.[1] : undefined;
  return percent === undefined || Number(percent) > 100 ? null : { percent: Number(percent) };
}

/**
 * How many of `replicas` healthy Pods may be evicted at once. Percentages round up, for maxUnavailable too; without either count
 * nothing may be evicted (kubernetes pkg/controller/disruption getExpectedPodCount). Undefined for a malformed budget.
 */
export function allowedDisruptions(budget: DisruptionBudget, replicas: number): number | undefined {
  if (budget.malformed) return undefined;
  const count = (wanted: PodCount) => ('pods' in wanted ? wanted.pods : Math.ceil((wanted.percent * replicas) / 100));
  if (budget.maxUnavailable !== undefined) return Math.min(count(budget.maxUnavailable), replicas);
  if (budget.minAvailable !== undefined) return Math.max(0, replicas - count(budget.minAvailable));
  return 0;
}
