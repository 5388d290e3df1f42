import type { Workload } from '../../kube/workload.ts';
import type { Grant } from './access.ts';
import { type Danger, node } from './danger.ts';
import { grantsIn, type Permission, permit, reaches } from './permission.ts';
import type { Surroundings } from './surroundings.ts';

const changing = ['update', 'patch'] as const;

interface TemplateKind {
  readonly group: string;
  readonly plural: string;
  readonly kind: string;
  /** The template can be changed after creation. */
  readonly mutable: boolean;
  /** A custom kind does something only where its controller runs. */
  readonly custom?: true;
}

const templateKinds: readonly TemplateKind[] = [
  { group: 'apps', plural: 'deployments', kind: 'Deployment', mutable: true },
  { group: 'apps', plural: 'daemonsets', kind: 'DaemonSet', mutable: true },
  { group: 'apps', plural: 'statefulsets', kind: 'StatefulSet', mutable: true },
  { group: 'apps', plural: 'replicasets', kind: 'ReplicaSet', mutable: true },
  { group: '', plural: 'replicationcontrollers', kind: 'ReplicationController', mutable: true },
  { group: 'batch', plural: 'cronjobs', kind: 'CronJob', mutable: true },
  { group: 'batch', plural: 'jobs', kind: 'Job', mutable: false },
  { group: 'argoproj.io', plural: 'rollouts', kind: 'Rollout', mutable: true, custom: true },
  { group: 'argoproj.io', plural: 'workflows', kind: 'Workflow', mutable: false, custom: true },
  { group: 'argoproj.io', plural: 'cronworkflows', kind: 'CronWorkflow', mutable: true, custom: true },
  { group: 'serving.knative.dev', plural: 'services', kind: 'Service', mutable: true, custom: true },
  { group: 'apps.openshift.io', plural: 'deploymentconfigs', kind: 'DeploymentConfig', mutable: true, custom: true },
  { group: 'keda.sh', plural: 'scaledjobs', kind: 'ScaledJob', mutable: true, custom: true },
  { group: 'apps.kruise.io', plural: 'clonesets', kind: 'CloneSet', mutable: true, custom: true },
  { group: 'tekton.dev', plural: 'taskruns', kind: 'TaskRun', mutable: false, custom: true },
  { group: 'tekton.dev', plural: 'pipelineruns', kind: 'PipelineRun', mutable: false, custom: true },
];

/** E10 to E14: code in Pods. New Pods may use every ServiceAccount and mount every Secret; running ones have what they have. */
export function podDangers(grants: readonly Grant[], place: string, around: Surroundings, owner: boolean): readonly Danger[] {
  const found: Danger[] = [];
  const maker = podMaker(grants, place, around.workloadsIn(place));
  if (maker) {
    if (!owner) found.push({ ...maker, gain: { kind: 'namespace', namespace: place } });
    found.push(...nodeDanger(maker, grants, place, around));
  }
  if (owner) return found;
  const add = (edge: string, note: string, permission: Permission | undefined, assumption?: string) => {
    if (!permission) return;
    const named =
      permission.names === 'all' ? undefined : `a Pod ${permission.names.join(' or ')} runs in ${place} and holds more`;
    const open = assumption ?? named;
    found.push({
      edge,
      gain: { kind: 'pods', namespace: place },
      note,
      grants: permission.grants,
      ...(open === undefined ? {} : { assumption: open }),
    });
  };
  add('E12', `change the image of running Pods in ${place}`, permit(grants, place, changing, '', 'pods'));
  for (const resource of ['pods/exec', 'pods/attach']) {
    const note = `run commands in Pods of ${place} (${resource})`;
    const create = permit(grants, place, ['create'], '', resource);
    if (create) add('E13', note, create);
    else
      add(
        'E13',
        note,
        permit(grants, place, ['get'], '', resource),
        'the cluster is older than Kubernetes 1.35, where get alone opens a websocket',
      );
  }
  add('E14', `add containers to running Pods of ${place}`, permit(grants, place, changing, '', 'pods/ephemeralcontainers'));
  return found;
}

type Maker = Pick<Danger, 'edge' | 'note' | 'grants' | 'assumption'>;

/** The surest way by which the subject gets a Pod of its own making. */
function podMaker(grants: readonly Grant[], place: string, running: readonly Workload[]): Maker | undefined {
  const pods = permit(grants, place, ['create'], '', 'pods');
  if (pods) return { edge: 'E10', note: `create Pods in ${place}`, grants: pods.grants };
  let unsure: Maker | undefined;
  for (const { group, plural, kind, mutable, custom } of templateKinds) {
    const create = permit(grants, place, ['create'], group, plural);
    const change = mutable ? permit(grants, place, changing, group, plural) : undefined;
    const existing = running.find(
      (workload) => workload.object.group === group && workload.ref.kind === kind && reaches(change, workload.ref.name),
    );
    const used = create ?? change;
    if (!used) continue;
    const note = create
      ? `create ${plural} in ${place}, and so Pods`
      : existing
        ? `change ${kind} ${place}/${existing.ref.name}, and so its Pods`
        : `change ${plural} in ${place}, and so their Pods`;
    if (custom)
      unsure ??= { edge: 'E11', note, grants: used.grants, assumption: `the controller of ${kind} runs in the cluster` };
    else if (create || existing) return { edge: 'E11', note, grants: used.grants };
    else unsure ??= { edge: 'E11', note, grants: used.grants, assumption: `there is a ${kind} in ${place} that it may change` };
  }
  return unsure;
}

/** A Pod of one's own making takes the node where nothing refuses hostPath and privileged: Pod Security Admission, or E33 over it. */
function nodeDanger(maker: Maker, grants: readonly Grant[], place: string, around: Surroundings): readonly Danger[] {
  const security = around.podSecurity(place);
  const relabel = permit(grants, place, changing, '', 'namespaces');
  if (security.status === 'open')
    return [
      {
        ...maker,
        gain: node,
        note: `${maker.note}; ${place} admits privileged ones`,
        at: { object: security.object, path: ['metadata'] },
      },
    ];
  if (reaches(relabel, place))
    return [
      {
        ...maker,
        edge: 'E33',
        gain: node,
        note: `${maker.note}, once it has lifted the Pod Security level of ${place} by changing its Namespace`,
        grants: grantsIn({ names: 'all', grants: maker.grants }, relabel),
      },
    ];
  return security.status === 'closed' ? [] : [{ ...maker, gain: node, assumption: maker.assumption ?? security.why }];
}
