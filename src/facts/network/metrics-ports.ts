import { isObject, type JsonValue, listAt, numberAt, objectAt, textAt, texts, valueAt } from '../../kube/json.ts';
import { annotationsOf, type KubeObject, labelsOf } from '../../kube/object.ts';
import { readSelector, selects } from '../../kube/selector.ts';
import type { Service } from '../../kube/service.ts';
import { parseText } from '../../kube/yaml/parse.ts';
import { matchLabels } from './labels.ts';
import type { NetworkModel } from './network.ts';
import { namedPorts, type WorkloadEndpoint } from './peers.ts';
import type { Protocol } from './ports.ts';
import { backendsOf, selectedBy, serviceNamed, servicesIn } from './services.ts';

/** A port on which a workload serves metrics, and what says so. */
export interface MetricsPort {
  readonly port: number;
  readonly protocol: Protocol;
  readonly how: string;
}

/** Ports of a workload that monitoring is meant to scrape; each once, sorted. */
export function metricsPorts(network: NetworkModel, endpoint: WorkloadEndpoint): readonly MetricsPort[] {
  const found = [
    ...annotated(endpoint),
    ...named(endpoint),
    ...servicesIn(network, endpoint.namespace.name).flatMap((service) => annotatedService(network, service, endpoint)),
    ...network.once(monitors).flatMap((object) => monitored(network, object, endpoint)),
    ...network
      .once(staticTargets)
      .filter((target) => target.id === endpoint.id)
      .map(({ port, how }) => tcp(port, how)),
  ];
  return [...new Map(found.reverse().map((item) => [item.port, item])).values()].sort((a, b) => a.port - b.port);
}

const monitors = ({ inputs }: NetworkModel): readonly KubeObject[] =>
  inputs.objects.filter(({ group }) => group === 'monitoring.coreos.com');

const tcp = (port: number, how: string): MetricsPort => ({ port, protocol: 'TCP', how });

function annotated({ workload }: WorkloadEndpoint): readonly MetricsPort[] {
  if (workload.podAnnotations.get('prometheus.io/scrape') === 'false') return [];
  const port = Number(workload.podAnnotations.get('prometheus.io/port'));
  return isPort(port) ? [tcp(port, 'annotation prometheus.io/port of its Pods')] : [];
}

const isPort = (port: number) => Number.isInteger(port) && port >= 1 && port <= 65535;

function named({ workload }: WorkloadEndpoint): readonly MetricsPort[] {
  const ports = workload.containers.flatMap((container) => container.ports);
  return ports
    .filter(({ name, protocol }) => protocol === 'TCP' && name !== undefined && /^(.*-)?(metrics|prometheus)$/.test(name))
    .map(({ name, number }) => tcp(number, `container port ${name}`));
}

function annotatedService(network: NetworkModel, service: Service, endpoint: WorkloadEndpoint): readonly MetricsPort[] {
  const annotations = annotationsOf(service.object);
  if (annotations.get('prometheus.io/scrape') !== 'true' || service.namespace !== endpoint.namespace.name) return [];
  const port = Number(annotations.get('prometheus.io/port'));
  const how = `annotations of Service ${service.ref.name}`;
  if (isPort(port)) return selectedBy(network, service).some(({ id }) => id === endpoint.id) ? [tcp(port, how)] : [];
  return backendsOf(network, service)
    .filter((backend) => backend.endpoint.id === endpoint.id && backend.protocol === 'TCP')
    .map((backend) => tcp(backend.port, how));
}

/** ServiceMonitor and PodMonitor of the Prometheus operator. */
function monitored(network: NetworkModel, object: KubeObject, endpoint: WorkloadEndpoint): readonly MetricsPort[] {
  if (!watches(object, endpoint.namespace.name)) return [];
  const selector = readSelector(valueAt(object.value, 'spec', 'selector'));
  if (selector === undefined) return [];
  const how = `${object.ref.kind} ${object.ref.namespace}/${object.ref.name}`;
  if (object.ref.kind === 'PodMonitor') {
    if (matchLabels(selector, endpoint.labels).truth === 'no') return [];
    return listAt(object.value, 'spec', 'podMetricsEndpoints')
      .flatMap((entry) => podPorts(entry, endpoint))
      .map((port) => tcp(port, how));
  }
  if (object.ref.kind !== 'ServiceMonitor') return [];
  const services = servicesIn(network, endpoint.namespace.name).filter((service) => selects(selector, labelsOf(service.object)));
  return services
    .flatMap((service) =>
      listAt(object.value, 'spec', 'endpoints').flatMap((entry) => servicePorts(network, service, entry, endpoint)),
    )
    .map((port) => tcp(port, how));
}

function watches(object: KubeObject, namespace: string): boolean {
  const selector = objectAt(object.value, 'spec', 'namespaceSelector');
  if (valueAt(selector, 'any') === true) return true;
  const names = texts(valueAt(selector, 'matchNames'));
  return names.length > 0 ? names.includes(namespace) : object.ref.namespace === namespace;
}

function servicePorts(network: NetworkModel, service: Service, entry: JsonValue, endpoint: WorkloadEndpoint): readonly number[] {
  const name = textAt(entry, 'port');
  const isSelected = selectedBy(network, service).some(({ id }) => id === endpoint.id);
  if (!isSelected) return [];
  if (name !== undefined)
    return backendsOf(network, service, (port) => port.name === name)
      .filter((backend) => backend.endpoint.id === endpoint.id)
      .map(({ port }) => port);
  return targetPorts(entry, endpoint);
}

function podPorts(entry: JsonValue, endpoint: WorkloadEndpoint): readonly number[] {
  const name = textAt(entry, 'port');
  if (name !== undefined) return namedPorts(endpoint, name, 'TCP') ?? [];
  const number = numberAt(entry, 'portNumber');
  return number === undefined ? targetPorts(entry, endpoint) : [number];
}

function targetPorts(entry: JsonValue, endpoint: WorkloadEndpoint): readonly number[] {
  const number = numberAt(entry, 'targetPort');
  if (number !== undefined) return [number];
  const name = textAt(entry, 'targetPort');
  return name === undefined ? [] : (namedPorts(endpoint, name, 'TCP') ?? []);
}

/** `static_configs` of a prometheus.yml in a ConfigMap: targets `service.namespace.svc:port`. */
function staticTargets(network: NetworkModel): readonly { readonly id: string; readonly port: number; readonly how: string }[] {
  return network.inputs.objects
    .filter(({ group, ref }) => group === '' && ref.kind === 'ConfigMap')
    .flatMap((object) => {
      const text = Object.entries(objectAt(object.value, 'data')).find(
        ([key, value]) => /^prometheus\.ya?ml$/.test(key) && typeof value === 'string',
      )?.[1];
      if (typeof text !== 'string' || text.length > 1_000_000) return [];
      const jobs = parseText(text).documents.flatMap((document) => listAt(document.value, 'scrape_configs'));
      const targets = jobs
        .flatMap((job) => listAt(job, 'static_configs'))
        .flatMap((entry) => (isObject(entry) ? texts(valueAt(entry, 'targets')) : []));
      return targets.flatMap((target) => resolveTarget(network, object, target));
    });
}

function resolveTarget(
  network: NetworkModel,
  object: KubeObject,
  target: string,
): readonly { readonly id: string; readonly port: number; readonly how: string }[] {
  const [host = '', port] = target.split(':');
  const [name = '', namespace = object.ref.namespace ?? 'default'] = host.split('.');
  const service = serviceNamed(network, namespace, name);
  if (service === undefined || !isPort(Number(port ?? 80))) return [];
  const backends = backendsOf(network, service, (entry) => entry.port === Number(port ?? 80));
  return backends.map((backend) => ({
    id: backend.endpoint.id,
    port: backend.port,
    how: `a static target in ConfigMap ${object.ref.namespace}/${object.ref.name}`,
  }));
}
