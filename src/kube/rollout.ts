import type { Path } from '../model/judgement.ts';
import { type JsonValue, textAt, valueAt } from './json.ts';
import type { Workload } from './workload.ts';

/** How a controller replaces the Pods of a workload. */
export type Rollout =
  /** All old Pods stop before the first new one starts. */
  | { readonly type: 'recreate'; readonly path: Path }
  /** A share of the Pods is replaced at a time. Undefined numbers: malformed. */
  | {
      readonly type: 'rolling';
      readonly unavailable: Amount | undefined;
      readonly surge: Amount | undefined;
      readonly path: Path;
      readonly written: boolean;
    }
  /** Somebody deletes Pods by hand. */
  | { readonly type: 'on-delete'; readonly path: Path }
  /** New Pods stand beside the old ones until traffic moves. */
  | { readonly type: 'blue-green'; readonly path: Path }
  /** The kind replaces no Pods: bare Pods, ReplicaSets. */
  | { readonly type: 'none' }
  | { readonly type: 'unknown'; readonly path: Path };

/** A number of Pods, or a percentage of the replicas. */
export type Amount = { readonly pods: number } | { readonly percent: number };

/** Reads the update strategy of a workload with the defaults of its kind. */
export function readRollout(workload: Workload): Rollout {
  const { kind } = workload.ref;
  const { group } = workload.object;
  if (group === 'argoproj.io' && kind === 'Rollout') return argoRollout(workload);
  if (kind === 'Deployment') return deployment(workload);
  if (group === 'apps' && kind === 'StatefulSet') return perPod(workload, 'StatefulSet');
  if (kind === 'DaemonSet' && group !== 'apps.kruise.io') return perPod(workload, 'DaemonSet');
  if (group === 'apps.openshift.io' && kind === 'DeploymentConfig') return deploymentConfig(workload);
  if (kind === 'Pod' || kind === 'ReplicaSet' || kind === 'ReplicationController') return { type: 'none' };
  return { type: 'unknown', path: ['spec'] };
}

const quarter: Amount = { percent: 25 };
const one: Amount = { pods: 1 };
const none: Amount = { pods: 0 };

/** apps/v1 SetDefaults_Deployment: RollingUpdate, 25 % of each. */
function deployment({ object }: Workload): Rollout {
  const path = ['spec', 'strategy'];
  if (textAt(object.value, ...path, 'type') === 'Recreate') return { type: 'recreate', path };
  return rolling(object.value, [...path, 'rollingUpdate'], quarter, quarter);
}

function rolling(value: JsonValue, path: Path, unavailable: Amount, surge: Amount): Rollout {
  const settings = valueAt(value, ...path);
  return {
    type: 'rolling',
    unavailable: readAmount(valueAt(settings, 'maxUnavailable'), unavailable),
    surge: readAmount(valueAt(settings, 'maxSurge'), surge),
    path,
    written: settings !== undefined && settings !== null,
  };
}

/** One Pod at a time by default. A StatefulSet never has more Pods than replicas; a DaemonSet may. */
function perPod({ object }: Workload, kind: 'StatefulSet' | 'DaemonSet'): Rollout {
  const path = ['spec', 'updateStrategy'];
  if (textAt(object.value, ...path, 'type') === 'OnDelete') return { type: 'on-delete', path };
  const found = rolling(object.value, [...path, 'rollingUpdate'], one, none);
  return kind === 'StatefulSet' && found.type === 'rolling' ? { ...found, surge: none } : found;
}

function argoRollout({ object }: Workload): Rollout {
  const path = ['spec', 'strategy'];
  if (valueAt(object.value, ...path, 'blueGreen') !== undefined) return { type: 'blue-green', path };
  return rolling(object.value, [...path, 'canary'], quarter, quarter);
}

function deploymentConfig({ object }: Workload): Rollout {
  const path = ['spec', 'strategy'];
  const type = textAt(object.value, ...path, 'type') || 'Rolling';
  if (type === 'Recreate') return { type: 'recreate', path };
  return type === 'Rolling' ? rolling(object.value, [...path, 'rollingParams'], quarter, quarter) : { type: 'unknown', path };
}

function readAmount(value: JsonValue | undefined, otherwise: Amount): Amount | undefined {
  if (value === undefined || value === null) return otherwise;
  if (typeof value === 'number') return Number.isInteger(value) && value >= 0 ? { pods: value } : undefined;
  const percent = typeof value === 'string' ? /^([0-9]{1,3})%$/.exec(value)?.[1] : undefined;
  return percent === undefined ? undefined : { percent: Number(percent) };
}

/**
 * How many of `replicas` stay while a rolling update runs. Unavailable rounds down, surge up; where both come to zero one Pod may
 * be missing, since the update could not move otherwise (kubernetes pkg/controller/deployment/util ResolveFenceposts).
 */
export function availableDuringRollout(unavailable: Amount, surge: Amount, replicas: number): number {
  const missing = 'pods' in unavailable ? unavailable.pods : Math.floor((unavailable.percent * replicas) / 100);
  const extra = 'pods' in surge ? surge.pods : Math.ceil((surge.percent * replicas) / 100);
  return Math.max(0, replicas - (missing === 0 && extra === 0 ? 1 : missing));
}
