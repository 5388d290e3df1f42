import { type Need, need } from './need.ts';

/** A kind of which each object carries a Pod template. */
export interface TemplateKind {
  readonly group: string;
  readonly plural: string;
  readonly kind: string;
  /** The template can be changed after creation. */
  readonly mutable: boolean;
  /** A custom kind does something only where its controller runs. */
  readonly custom?: true;
}

const rows: readonly (readonly [group: string, plural: string, kind: string, traits?: string])[] = [
  ['apps', 'deployments', 'Deployment'],
  ['apps', 'daemonsets', 'DaemonSet'],
  ['apps', 'statefulsets', 'StatefulSet'],
  ['apps', 'replicasets', 'ReplicaSet'],
  ['', 'replicationcontrollers', 'ReplicationController'],
  ['batch', 'cronjobs', 'CronJob'],
  ['batch', 'jobs', 'Job', 'fixed'],
  ['argoproj.io', 'rollouts', 'Rollout', 'custom'],
  ['argoproj.io', 'workflows', 'Workflow', 'custom fixed'],
  ['argoproj.io', 'cronworkflows', 'CronWorkflow', 'custom'],
  ['serving.knative.dev', 'services', 'Service', 'custom'],
  ['apps.openshift.io', 'deploymentconfigs', 'DeploymentConfig', 'custom'],
  ['keda.sh', 'scaledjobs', 'ScaledJob', 'custom'],
  ['apps.kruise.io', 'clonesets', 'CloneSet', 'custom'],
  ['tekton.dev', 'taskruns', 'TaskRun', 'custom fixed'],
  ['tekton.dev', 'pipelineruns', 'PipelineRun', 'custom fixed'],
  ['monitoring.coreos.com', 'prometheuses', 'Prometheus', 'custom'],
  ['monitoring.coreos.com', 'alertmanagers', 'Alertmanager', 'custom'],
  ['monitoring.coreos.com', 'thanosrulers', 'ThanosRuler', 'custom'],
  ['opentelemetry.io', 'opentelemetrycollectors', 'OpenTelemetryCollector', 'custom'],
];

/** Kinds whose Pod template names a ServiceAccount and volumes. The custom ones: the definitions of these projects (Prometheus has `spec.containers`). */
export const templateKinds: readonly TemplateKind[] = rows.map(([group, plural, kind, traits = '']) => ({
  group,
  plural,
  kind,
  mutable: !traits.includes('fixed'),
  ...(traits.includes('custom') ? { custom: true as const } : {}),
}));

const built: ReadonlyMap<TemplateKind, { readonly create: Need; readonly change: Need }> = new Map(
  templateKinds.map((kind) => [
    kind,
    { create: need('create', kind.group, kind.plural), change: need('update,patch', kind.group, kind.plural) },
  ]),
);

/** The needs of one kind. */
export function templateNeeds(kind: TemplateKind): { readonly create: Need; readonly change: Need } {
  const found = built.get(kind);
  if (found === undefined) throw new Error(`${kind.kind} is not one of the kinds with a template`);
  return found;
}

export const allTemplateNeeds: readonly Need[] = [...built.values()].flatMap(({ create, change }) => [create, change]);
