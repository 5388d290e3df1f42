import { groupOf, type ObjectRef } from '../model/object-ref.ts';
import { numberAt, objectAt, textAt } from './json.ts';
import { isKind, type KubeObject } from './object.ts';

/** What changes a workload's replicas: a HorizontalPodAutoscaler, or a KEDA ScaledObject, which makes one. */
export interface Autoscaler {
  readonly ref: ObjectRef;
  readonly object: KubeObject;
  readonly namespace: string;
  readonly target: { readonly group: string; readonly kind: string; readonly name: string };
  readonly minReplicas: number;
  /** Undefined where the required field is missing. */
  readonly maxReplicas: number | undefined;
}

/**
 * Reads autoscaling/v1 and v2 HorizontalPodAutoscaler (minReplicas defaults to 1) and keda.sh ScaledObject (minReplicaCount defaults
 * to 0, maxReplicaCount to 100, the target to a Deployment). Undefined for other kinds and without a target name.
 */
export function readAutoscaler(object: KubeObject): Autoscaler | undefined {
  const keda = isKind(object, 'keda.sh', 'ScaledObject');
  if (!keda && !isKind(object, 'autoscaling', 'HorizontalPodAutoscaler')) return undefined;
  const spec = objectAt(object.value, 'spec');
  const name = textAt(spec, 'scaleTargetRef', 'name');
  if (name === undefined) return undefined;
  const kind = textAt(spec, 'scaleTargetRef', 'kind') ?? 'Deployment';
  const apiVersion = textAt(spec, 'scaleTargetRef', 'apiVersion');
  return {
    ref: object.ref,
    object,
    namespace: object.ref.namespace ?? 'default',
    target: { group: apiVersion === undefined ? defaultGroup(kind) : groupOf(apiVersion), kind, name },
    minReplicas: keda ? (numberAt(spec, 'minReplicaCount') ?? 0) : (numberAt(spec, 'minReplicas') ?? 1),
    maxReplicas: keda ? (numberAt(spec, 'maxReplicaCount') ?? 100) : numberAt(spec, 'maxReplicas'),
  };
}

/** The target's apiVersion is optional; the only core kind that scales is the ReplicationController. */
const defaultGroup = (kind: string) => (kind === 'ReplicationController' ? '' : 'apps');
