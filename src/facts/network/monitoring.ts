import { valueAt } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import { compareText } from '../../model/object-ref.ts';
import { admittedPorts } from './admitted-ports.ts';
import { declaredPorts } from './declared-ports.ts';
import { type MetricsPort, metricsPorts } from './metrics-ports.ts';
import type { NetworkModel } from './network.ts';
import { type Endpoint, isPod, type PodEndpoint, unseenEndpoint, type WorkloadEndpoint } from './peers.ts';
import { isEmptyPorts, noPorts, type PortSet, portSet, subtractPorts, unitePorts } from './ports.ts';
import { namesOf, repositories } from './well-known.ts';

/** Something that scrapes. */
export interface Scraper {
  readonly endpoint: PodEndpoint;
  readonly how: string;
  readonly seen: boolean;
}

const scraperImages =
  /(^|\/)(prometheus|prometheus-server|vmagent|victoria-metrics|grafana-agent|grafana\/agent|alloy|opentelemetry-collector(-contrib|-k8s)?|mimir|thanos)$/;
const scraperNames: ReadonlySet<string> = new Set([
  'prometheus',
  'prometheus-server',
  'prometheus-k8s',
  'vmagent',
  'grafana-agent',
  'alloy',
]);

/**
 * Workloads that scrape metrics, by image or name; Prometheus objects whose Pods the operator makes; and namespaces that declared
 * traffic and providedElsewhere call monitoring, where nothing of them is in the sources.
 */
export const scrapers = (network: NetworkModel): readonly Scraper[] => network.once(findScrapers);

function findScrapers(network: NetworkModel): readonly Scraper[] {
  const running = network.endpoints
    .filter(isScraper)
    .map((endpoint) => ({ endpoint, how: `workload ${endpoint.id}`, seen: true }));
  const operated = network.inputs.objects.flatMap((object) => operatedBy(network, object));
  const declared = (network.traffic ?? [])
    .map(({ from }) => from.slice(0, Math.max(0, from.indexOf('/'))))
    .filter(
      (namespace) =>
        /(^|-)(monitoring|prometheus|metrics|observability)($|-)/.test(namespace) && !network.byNamespace.has(namespace),
    )
    .map((name) => ({
      endpoint: unseenEndpoint(network.namespace(name), '*'),
      how: `namespace ${name}, which the declared traffic names`,
      seen: false,
    }));
  const found: readonly Scraper[] = [...running, ...operated, ...declared];
  return [...new Map(found.map((item) => [item.endpoint.id, item])).values()].sort((a, b) =>
    compareText(a.endpoint.id, b.endpoint.id),
  );
}

const isScraper = (endpoint: WorkloadEndpoint): boolean =>
  repositories(endpoint).some((repository) => scraperImages.test(repository) && !/\bnode-|exporter/.test(repository)) ||
  namesOf(endpoint).some((name) => scraperNames.has(name));

/** The operator runs a StatefulSet `prometheus-<name>` with these labels for each Prometheus object. */
function operatedBy(network: NetworkModel, object: KubeObject): readonly Scraper[] {
  if (object.group !== 'monitoring.coreos.com' || (object.ref.kind !== 'Prometheus' && object.ref.kind !== 'PrometheusAgent'))
    return [];
  const { name, namespace = 'default' } = object.ref;
  const how = `the Pods of Prometheus ${namespace}/${name}`;
  const running = network.byNamespace.get(namespace)?.find(({ workload }) => workload.ref.name === `prometheus-${name}`);
  if (running) return [{ endpoint: running, how, seen: true }];
  const labels = new Map([
    ['app.kubernetes.io/name', 'prometheus'],
    ['app.kubernetes.io/instance', name],
    ['prometheus', name],
    ['operator.prometheus.io/name', name],
  ]);
  for (const [key, value] of Object.entries(valueAt(object.value, 'spec', 'podMetadata', 'labels') ?? {}))
    if (typeof value === 'string') labels.set(key, value);
  const endpoint = unseenEndpoint(network.namespace(namespace), `prometheus-${name}`, labels);
  return [{ endpoint, how, seen: false }];
}

/** Namespaces that hold scrapers, sorted. What else runs there is monitoring too: dashboards, alert managers, log collectors. */
export const monitoringNamespaces = (network: NetworkModel): readonly string[] =>
  [...new Set(scrapers(network).map(({ endpoint }) => endpoint.namespace.name))].sort(compareText);

/** What one monitoring Pod may reach on a workload under review. */
export interface MonitoringReach {
  readonly from: PodEndpoint;
  readonly to: WorkloadEndpoint;
  /** Ports that serve metrics, and those on which declared traffic lets this Pod in. */
  readonly metrics: PortSet;
  /** Open for certain, beyond the metrics ports. */
  readonly beyond: PortSet;
  /** Perhaps open, beyond the metrics ports. */
  readonly perhapsBeyond: PortSet;
  /** Metrics ports that monitoring cannot reach. */
  readonly cut: PortSet;
  /** Ports beyond that a container declares: where something listens. */
  readonly listening: PortSet;
}

/** For every monitoring workload and every workload under review outside its namespace: what is open beyond the metrics ports, and what is cut. */
export function monitoringReach(network: NetworkModel): readonly MonitoringReach[] {
  const namespaces = new Set(monitoringNamespaces(network));
  const sources = new Map<string, PodEndpoint>(scrapers(network).map(({ endpoint }) => [endpoint.id, endpoint]));
  for (const endpoint of network.endpoints) if (namespaces.has(endpoint.namespace.name)) sources.set(endpoint.id, endpoint);
  const targets = network.reviewed.filter(({ namespace }) => !namespaces.has(namespace.name));
  const scraping = new Set(scrapers(network).map(({ endpoint }) => endpoint.id));
  const scraped = targets.map((to) => ({ to, metrics: portsOf(metricsPorts(network, to)) }));
  const reach = [...sources.values()].flatMap((from) =>
    scraped.map(({ to, metrics }) =>
      between(network, from, to, unitePorts(metrics, declaredPorts(network, from, to)), scraping.has(from.id)),
    ),
  );
  return reach.sort((a, b) => compareText(a.from.id, b.from.id) || compareText(a.to.id, b.to.id));
}

const portsOf = (ports: readonly MetricsPort[]): PortSet =>
  ports.reduce((set, { port, protocol }) => unitePorts(set, portSet(protocol, port)), noPorts);

function between(
  network: NetworkModel,
  from: PodEndpoint,
  to: WorkloadEndpoint,
  metrics: PortSet,
  scrapes: boolean,
): MonitoringReach {
  const { allowed, depends } = admittedPorts(network, from, to);
  const beyond = subtractPorts(allowed, metrics);
  const cut = scrapes ? subtractPorts(metrics, unitePorts(allowed, depends)) : noPorts;
  return { from, to, metrics, beyond, perhapsBeyond: subtractPorts(depends, metrics), cut, listening: onlyListening(to, beyond) };
}

/** The part of a set of ports that containers of the workload declare. */
export function onlyListening(to: Endpoint, ports: PortSet): PortSet {
  if (!isPod(to) || to.kind !== 'workload' || isEmptyPorts(ports)) return noPorts;
  const declared = to.workload.containers.flatMap((container) => container.ports);
  return declared
    .filter(({ number, protocol }) => ports[protocol].some(({ first, last }) => first <= number && number <= last))
    .reduce((set, { number, protocol }) => unitePorts(set, portSet(protocol, number)), noPorts);
}
