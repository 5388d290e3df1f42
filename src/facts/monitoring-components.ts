import { listAt, numberAt, textAt } from '../kube/json.ts';
import type { KubeObject } from '../kube/object.ts';
import type { Workload } from '../kube/workload.ts';
import { repositoryOf } from './network/well-known.ts';

export const components = ['prometheus', 'alertmanager', 'grafana'] as const;
export type Component = (typeof components)[number];

/** Last segments of image repositories that do the work of each component. */
const images: Readonly<Record<Component, ReadonlySet<string>>> = {
  prometheus: new Set([
    'prometheus',
    'prometheus-server',
    'vmsingle',
    'victoria-metrics',
    'vmagent',
    'vmselect',
    'mimir',
    'alloy',
    'grafana-agent',
    'agent',
  ]),
  alertmanager: new Set(['alertmanager', 'vmalertmanager']),
  grafana: new Set(['grafana', 'grafana-enterprise', 'grafana-oss']),
};

/** Kinds of operators that stand for a component, as `Kind.group`. */
export const componentKinds: Readonly<Record<Component, readonly string[]>> = {
  prometheus: [
    'Prometheus.monitoring.coreos.com',
    'PrometheusAgent.monitoring.coreos.com',
    'VMSingle.operator.victoriametrics.com',
    'VMCluster.operator.victoriametrics.com',
  ],
  alertmanager: ['Alertmanager.monitoring.coreos.com', 'VMAlertmanager.operator.victoriametrics.com'],
  grafana: ['Grafana.grafana.integreatly.org'],
};

/** Whether a workload runs a component, by the image of one of its regular containers. */
export function isFamily(workload: Workload, component: Component): boolean {
  return workload.containers.some(({ role, image }) => {
    if (role === 'init' || role === 'ephemeral' || image === undefined) return false;
    const repository = repositoryOf(image);
    const last = repository.slice(repository.lastIndexOf('/') + 1);
    return images[component].has(last) && (last !== 'agent' || repository.includes('grafana'));
  });
}

export const isComponentObject = (object: KubeObject, component: Component): boolean =>
  componentKinds[component].includes(`${object.ref.kind}.${object.group}`);

/** How the status of a live object reads. unseen: it has no status that says. */
export type Health =
  | { readonly state: 'available'; readonly ready: number; readonly wanted: number }
  | { readonly state: 'unavailable'; readonly ready: number; readonly wanted: number }
  | { readonly state: 'unseen' };

/** The health of a workload or operator object from its live status. Fewer ready than wanted is not available. */
export function healthOf(live: KubeObject | undefined): Health {
  if (live === undefined) return { state: 'unseen' };
  const { value } = live;
  const isPerNode = live.ref.kind === 'DaemonSet';
  if (live.ref.kind === 'Pod') return podHealth(value);
  const wanted = isPerNode
    ? numberAt(value, 'status', 'desiredNumberScheduled')
    : (numberAt(value, 'spec', 'replicas') ?? numberAt(value, 'status', 'replicas'));
  const status = textAt(
    listAt(value, 'status', 'conditions').find((condition) => textAt(condition, 'type') === 'Available'),
    'status',
  );
  const counted = isPerNode
    ? numberAt(value, 'status', 'numberAvailable')
    : (numberAt(value, 'status', 'availableReplicas') ?? numberAt(value, 'status', 'readyReplicas'));
  const hasStatus =
    status !== undefined || counted !== undefined || numberAt(value, 'status', 'observedGeneration') !== undefined;
  if (!hasStatus || wanted === undefined) return { state: 'unseen' };
  // The API leaves a count of zero out.
  const ready = counted ?? 0;
  const isWhole = ready >= wanted && wanted > 0 && status !== 'False';
  return { state: isWhole ? 'available' : 'unavailable', ready, wanted };
}

function podHealth(value: KubeObject['value']): Health {
  const ready = listAt(value, 'status', 'conditions').find((condition) => textAt(condition, 'type') === 'Ready');
  if (ready === undefined) return { state: 'unseen' };
  const isReady = textAt(ready, 'status') === 'True';
  return { state: isReady ? 'available' : 'unavailable', ready: isReady ? 1 : 0, wanted: 1 };
}
