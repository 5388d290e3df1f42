import type { ProvidedObject } from '../evidence/declared.ts';
import { type JsonValue, listAt, numberAt, textAt, texts, valueAt } from '../kube/json.ts';
import { annotationsOf, type KubeObject, labelsOf } from '../kube/object.ts';
import { readSelector, selects } from '../kube/selector.ts';
import { namedPorts, targetPortOn } from '../kube/service.ts';
import { selectsPodsOf } from '../kube/pod-selection.ts';
import type { Workload } from '../kube/workload.ts';
import { refKey } from '../model/object-ref.ts';
import { fact } from './fact.ts';
import { type Inventory, inventory } from './inventory.ts';
import { network, type NetworkModel } from './network/network.ts';
import { type PodEndpoint, workloadId } from './network/peers.ts';
import { reaches, type Step } from './network/reach.ts';
import { scrapers } from './network/monitoring.ts';
import { fileScrapes, type PrometheusFile, prometheusFiles } from './prometheus-files.ts';
import { selectionOf } from './prometheus-selection.ts';
import { references, type References } from './references.ts';
import { workloads } from './workloads.ts';

/** One way in which a workload is, or is meant to be, scraped. */
export interface Scrape {
  /** ServiceMonitor, PodMonitor, or the ConfigMap with prometheus.yml. */
  readonly object: KubeObject;
  readonly how: string;
  /** Undefined: the port does not exist. */
  readonly port: number | undefined;
  readonly state:
    | { readonly status: 'scraped' }
    | { readonly status: 'provided'; readonly provided: ProvidedObject }
    | { readonly status: 'no-port'; readonly named: string }
    | { readonly status: 'unselected'; readonly why: string }
    | { readonly status: 'cut'; readonly port: number; readonly because: readonly Step[] }
    | { readonly status: 'unknown'; readonly why: string };
}

export interface Scrapes {
  of(workload: Workload): readonly Scrape[];
  /** Whether a Prometheus configuration file was read. */
  readonly files: readonly PrometheusFile[];
  /** Why other scrape configurations may exist; undefined where none can. */
  readonly open: string | undefined;
}

/** What scrapes the workloads of the launch environment. */
export const scrapes = fact('scrapes', [inventory, workloads, references, network], (known, running, refs, net): Scrapes => {
  const files = prometheusFiles(known, running);
  const monitors = [
    ...known.ofKind('monitoring.coreos.com', 'ServiceMonitor'),
    ...known.ofKind('monitoring.coreos.com', 'PodMonitor'),
  ];
  const found = new Map(
    running.all.map((workload) => [refKey(workload.ref), scrapesOf(workload, monitors, known, refs, net, files)]),
  );
  return { of: (workload) => found.get(refKey(workload.ref)) ?? [], files, open: openEnds(known) };
});

function scrapesOf(
  workload: Workload,
  monitors: readonly KubeObject[],
  known: Inventory,
  refs: References,
  net: NetworkModel,
  files: readonly PrometheusFile[],
): readonly Scrape[] {
  const selected = monitors.flatMap((object) =>
    monitored(object, workload, refs).map((target) => judgeMonitor(object, workload, target, known, net)),
  );
  const configured = files.flatMap((file) =>
    fileScrapes(file, workload, refs).map((target): Scrape => {
      const head = { object: file.object, how: target.how, port: target.port };
      if (target.status === 'unknown') return { ...head, state: { status: 'unknown', why: target.why } };
      if (target.port === undefined) return { ...head, state: { status: 'no-port', named: target.how } };
      const from = file.workload === undefined ? undefined : net.byId.get(workloadId(file.workload));
      return {
        ...head,
        state: file.workload?.object === workload.object ? { status: 'scraped' } : reach(net, from, workload, target.port),
      };
    }),
  );
  return [...selected, ...configured];
}

interface Monitored {
  readonly port: number | undefined;
  readonly named: string;
}

/** Endpoints of a ServiceMonitor or PodMonitor that select Pods of a workload. */
function monitored(object: KubeObject, workload: Workload, refs: References): readonly Monitored[] {
  if (!watches(object, workload.namespace)) return [];
  const selector = readSelector(valueAt(object.value, 'spec', 'selector'));
  if (selector === undefined) return [];
  if (object.ref.kind === 'PodMonitor') {
    if (!selectsPodsOf(selector, workload)) return [];
    return listAt(object.value, 'spec', 'podMetricsEndpoints').map((entry) => portOfPods(entry, workload));
  }
  return refs
    .servicesOf(workload)
    .filter((service) => selects(selector, labelsOf(service.object)))
    .flatMap((service) =>
      listAt(object.value, 'spec', 'endpoints').map((entry): Monitored => {
        const name = textAt(entry, 'port');
        if (name === undefined) return portOfPods(entry, workload);
        const port = service.ports.find((candidate) => candidate.name === name);
        return { named: name, port: port === undefined ? undefined : targetPortOn(workload, port) };
      }),
    );
}

function watches(object: KubeObject, namespace: string): boolean {
  if (valueAt(object.value, 'spec', 'namespaceSelector', 'any') === true) return true;
  const names = texts(valueAt(object.value, 'spec', 'namespaceSelector', 'matchNames'));
  return names.length > 0 ? names.includes(namespace) : object.ref.namespace === namespace;
}

/** `port` is a name, `portNumber` and a numeric `targetPort` a number of a container's port. */
function portOfPods(entry: JsonValue, workload: Workload): Monitored {
  const number = numberAt(entry, 'portNumber') ?? numberAt(entry, 'targetPort');
  if (number !== undefined) return { named: String(number), port: declares(workload, number) ? number : undefined };
  const name = textAt(entry, 'port') ?? textAt(entry, 'targetPort') ?? '';
  return { named: name, port: namedPorts(workload, name, 'TCP')[0] };
}

const declares = (workload: Workload, number: number): boolean =>
  workload.containers.some(({ ports }) => ports.some((port) => port.number === number));

function judgeMonitor(
  object: KubeObject,
  workload: Workload,
  { named, port }: Monitored,
  known: Inventory,
  net: NetworkModel,
): Scrape {
  const head = { object, how: `${object.ref.kind} ${object.ref.namespace ?? 'default'}/${object.ref.name}`, port };
  if (port === undefined) return { ...head, state: { status: 'no-port', named } };
  const selected = selectionOf(object, known);
  if (selected.status === 'provided') return { ...head, state: { status: 'provided', provided: selected.provided } };
  if (selected.status !== 'yes')
    return { ...head, state: { status: selected.status === 'no' ? 'unselected' : 'unknown', why: selected.why } };
  return { ...head, state: reach(net, scraperOf(net, selected.by), workload, port) };
}

/** The Pods of a Prometheus object: the operator's StatefulSet where a dump has it, else what is known of them by convention. */
function scraperOf(net: NetworkModel, prometheus: KubeObject): PodEndpoint | undefined {
  const { namespace = 'default', name } = prometheus.ref;
  const pods = `prometheus-${name}`;
  return (
    (net.byNamespace.get(namespace) ?? []).find(
      ({ workload }) => workload.ref.name === pods || workload.ref.name.startsWith(`${pods}-shard-`),
    ) ?? scrapers(net).find(({ endpoint }) => endpoint.id === `${namespace}/${pods}`)?.endpoint
  );
}

function reach(net: NetworkModel, from: PodEndpoint | undefined, workload: Workload, port: number): Scrape['state'] {
  const to = net.byId.get(workloadId(workload));
  if (to === undefined || from === undefined)
    return { status: 'unknown', why: 'no workload in the sources runs the Prometheus of this configuration' };
  const ruling = reaches(net, from, to, { protocol: 'TCP', port });
  if (ruling.answer === 'denied') return { status: 'cut', port, because: ruling.because };
  return ruling.answer === 'allowed'
    ? { status: 'scraped' }
    : { status: 'unknown', why: `whether ${from.id} may reach port ${port} depends on ${ruling.assumptions.join(', ')}` };
}

/** Objects by which other programs, or Prometheus in another way, are told what to scrape. */
const otherConfigurations: ReadonlySet<string> = new Set([
  'ScrapeConfig',
  'Probe',
  'VMServiceScrape',
  'VMPodScrape',
  'VMStaticScrape',
  'OpenTelemetryCollector',
  'Instrumentation',
  'PodMonitoring',
  'DatadogAgent',
]);

function openEnds(known: Inventory): string | undefined {
  const other = known.objects.find(({ group, ref }) => group !== '' && otherConfigurations.has(ref.kind));
  if (other) return `${other.ref.kind} ${other.ref.name} may scrape it`;
  const additional = known
    .ofKind('monitoring.coreos.com', 'Prometheus')
    .find(({ value }) => valueAt(value, 'spec', 'additionalScrapeConfigs') !== undefined);
  return additional === undefined
    ? undefined
    : `the additionalScrapeConfigs of Prometheus ${additional.ref.name} are in a Secret`;
}

/** Whether a workload's Pods, or a Service in front of them, ask to be scraped by annotation. */
export function asksForScraping(workload: Workload, refs: References): boolean {
  return (
    workload.podAnnotations.get('prometheus.io/scrape') === 'true' ||
    refs.servicesOf(workload).some(({ object }) => annotationsOf(object).get('prometheus.io/scrape') === 'true')
  );
}
