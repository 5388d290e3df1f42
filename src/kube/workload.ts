import type { Path } from '../model/judgement.ts';
import { groupOf, type ObjectRef } from '../model/object-ref.ts';
import { type Container, type EnvFrom, readContainers, readEnvFrom } from './container.ts';
import { booleanAt, isObject, type JsonObject, listAt, objectAt, textAt, textEntries, valueAt } from './json.ts';
import type { KubeObject } from './object.ts';
import { readVolumes, type Volume } from './volume.ts';

export type { Container, EnvFrom } from './container.ts';
export type { Volume } from './volume.ts';

/** An object with a Pod template, or a bare Pod. */
export interface Workload {
  readonly ref: ObjectRef;
  readonly object: KubeObject;
  readonly namespace: string;
  /** Labels of the Pod template; of a bare Pod its own. Labels that controllers add (pod-template-hash) are not here. */
  readonly podLabels: ReadonlyMap<string, string>;
  readonly podAnnotations: ReadonlyMap<string, string>;
  readonly podSpec: JsonObject;
  /** Path of the Pod spec inside the object. */
  readonly podPath: Path;
  /** Path of what holds the Pod's metadata and spec: empty for a Pod, `['spec', 'template']` for most. */
  readonly templatePath: Path;
  /** All roles: init and sidecar, regular, ephemeral. */
  readonly containers: readonly Container[];
  readonly envFrom: readonly (EnvFrom & { readonly container: string })[];
  readonly serviceAccount: string;
  /** Pod-level `automountServiceAccountToken`; undefined: not set there, so the ServiceAccount decides. */
  readonly automount: boolean | undefined;
  readonly hostNetwork: boolean;
  /** Effective replicas: 1 by default where the kind has replicas, 1 for a Pod; undefined where the kind has none. */
  readonly replicas: number | undefined;
  /** A Job, a CronJob, or a bare Pod that is not restarted after success. */
  readonly runsToCompletion: boolean;
  /** `Kind/name` of the owner, where the controlling owner reference names a workload kind. */
  readonly controller: string | undefined;
  readonly volumes: readonly Volume[];
  readonly imagePullSecrets: readonly { readonly name: string; readonly path: Path }[];
}

interface WorkloadKind {
  /** Path of the Pod template; empty for a Pod. */
  readonly template: Path;
  /** Has `spec.replicas`, and 1 is its default. */
  readonly replicas?: 'defaults-to-one' | 'required';
  readonly completes?: boolean;
}

const replicated: WorkloadKind = { template: ['spec', 'template'], replicas: 'defaults-to-one' };
const perNode: WorkloadKind = { template: ['spec', 'template'] };
const once: WorkloadKind = { template: ['spec', 'template'], completes: true };

/** Where the kinds keep their Pod template, by `group|kind`. */
const kinds: ReadonlyMap<string, WorkloadKind> = new Map<string, WorkloadKind>([
  ['|Pod', { template: [] }],
  ['|ReplicationController', replicated],
  ['apps|Deployment', replicated],
  ['apps|ReplicaSet', replicated],
  ['apps|StatefulSet', replicated],
  ['apps|DaemonSet', perNode],
  ['extensions|Deployment', replicated],
  ['extensions|ReplicaSet', replicated],
  ['extensions|DaemonSet', perNode],
  ['batch|Job', once],
  ['batch|CronJob', { template: ['spec', 'jobTemplate', 'spec', 'template'], completes: true }],
  // Argo Rollouts: replicas default to 1; one with `workloadRef` has no template and runs that Deployment's Pods.
  ['argoproj.io|Rollout', replicated],
  // Knative scales by traffic. A Revision's spec is the Pod spec; it stands between a Configuration and its Deployment.
  ['serving.knative.dev|Service', perNode],
  ['serving.knative.dev|Configuration', perNode],
  ['serving.knative.dev|Revision', { template: [] }],
  // OpenShift's replicas field is a plain integer without a default.
  ['apps.openshift.io|DeploymentConfig', { template: ['spec', 'template'], replicas: 'required' }],
  ['keda.sh|ScaledJob', { template: ['spec', 'jobTargetRef', 'template'], completes: true }],
  ['apps.kruise.io|CloneSet', replicated],
  ['apps.kruise.io|StatefulSet', replicated],
  ['apps.kruise.io|DaemonSet', perNode],
  ['apps.kruise.io|BroadcastJob', once],
  ['apps.kruise.io|AdvancedCronJob', { template: ['spec', 'template', 'jobTemplate', 'spec', 'template'], completes: true }],
]);

/** Whether objects of this kind carry a Pod template that Seaworthy can read. */
export function isWorkloadKind(group: string, kind: string): boolean {
  return kinds.has(`${group}|${kind}`);
}

/** Reads an object as a workload. Undefined when its kind has no Pod template, or this object has none (DeploymentConfig, Rollout). */
export function readWorkload(object: KubeObject): Workload | undefined {
  const kind = kinds.get(`${object.group}|${object.ref.kind}`);
  if (kind === undefined) return undefined;
  const podPath = [...kind.template, 'spec'];
  const podSpec = valueAt(object.value, ...podPath);
  if (!isObject(podSpec)) return undefined;
  const podAnnotations = textEntries(valueAt(object.value, ...kind.template, 'metadata', 'annotations'));
  const containers = readContainers(podSpec, podPath, object.ref, podAnnotations);
  return {
    ref: object.ref,
    object,
    namespace: object.ref.namespace ?? 'default',
    podLabels: textEntries(valueAt(object.value, ...kind.template, 'metadata', 'labels')),
    podAnnotations,
    podSpec,
    podPath,
    templatePath: kind.template,
    containers,
    envFrom: containers.flatMap((container) => readEnvFrom(container).map((entry) => ({ ...entry, container: container.name }))),
    // `serviceAccount` is the deprecated alias; the API server keeps the two equal, and the new name wins.
    serviceAccount: textAt(podSpec, 'serviceAccountName') || textAt(podSpec, 'serviceAccount') || 'default',
    automount: booleanAt(podSpec, 'automountServiceAccountToken'),
    hostNetwork: booleanAt(podSpec, 'hostNetwork') === true,
    replicas: replicasOf(object, kind),
    runsToCompletion: kind.completes === true || isFinite(object, podSpec),
    controller: controllerOf(object)?.name,
    volumes: readVolumes(podSpec, podPath),
    imagePullSecrets: readPullSecrets(podSpec, podPath),
  };
}

function replicasOf(object: KubeObject, kind: WorkloadKind): number | undefined {
  if (object.group === '' && object.ref.kind === 'Pod') return 1;
  if (kind.replicas === undefined) return undefined;
  const written = valueAt(object.value, 'spec', 'replicas');
  if (written === undefined || written === null) return kind.replicas === 'defaults-to-one' ? 1 : undefined;
  return typeof written === 'number' && Number.isInteger(written) && written >= 0 ? written : undefined;
}

/** Only a bare Pod may stop for good: templates of Deployments and their like allow nothing but `restartPolicy: Always`. */
function isFinite(object: KubeObject, podSpec: JsonObject): boolean {
  if (object.group !== '' || object.ref.kind !== 'Pod') return false;
  const policy = textAt(podSpec, 'restartPolicy');
  return policy === 'Never' || policy === 'OnFailure';
}

/** The workload that controls this object, from `metadata.ownerReferences`: `group|kind` and `Kind/name`. */
export function controllerOf(
  object: KubeObject,
): { readonly group: string; readonly kind: string; readonly object: string; readonly name: string } | undefined {
  for (const owner of listAt(object.value, 'metadata', 'ownerReferences')) {
    const kind = textAt(owner, 'kind');
    const name = textAt(owner, 'name');
    const group = groupOf(textAt(owner, 'apiVersion') ?? '');
    // At most one owner reference has `controller: true`; the others only tie lifetimes together.
    if (booleanAt(owner, 'controller') !== true || kind === undefined || name === undefined) continue;
    if (isWorkloadKind(group, kind)) return { group, kind, object: name, name: `${kind}/${name}` };
  }
  return undefined;
}

function readPullSecrets(podSpec: JsonObject, podPath: Path): Workload['imagePullSecrets'] {
  return listAt(podSpec, 'imagePullSecrets').flatMap((item, index) => {
    const name = textAt(item, 'name');
    return name ? [{ name, path: [...podPath, 'imagePullSecrets', index] }] : [];
  });
}

/** True for a Pod that has ended: its address is free again and no policy or Service concerns it. */
export function hasEnded(object: KubeObject): boolean {
  const phase = object.group === '' && object.ref.kind === 'Pod' ? textAt(objectAt(object.value, 'status'), 'phase') : undefined;
  return phase === 'Succeeded' || phase === 'Failed';
}
