import { isObject, type JsonValue, listAt, textAt, texts, valueAt } from '../kube/json.ts';
import { annotationsOf, type KubeObject, labelsOf } from '../kube/object.ts';
import { readService, targetPortOn } from '../kube/service.ts';
import type { Workload } from '../kube/workload.ts';
import { embeddedDocuments } from './embedded.ts';
import { serviceOfHost } from './hosts.ts';
import type { Inventory } from './inventory.ts';
import type { References, ServiceTargets } from './references.ts';
import { relabel } from './relabel.ts';
import type { Workloads } from './workloads.ts';

/** A configuration of Prometheus in a ConfigMap. */
export interface PrometheusFile {
  readonly object: KubeObject;
  /** The workload that mounts it. */
  readonly workload: Workload | undefined;
  /** Empty where the text does not parse: then `isRead` is false. */
  readonly jobs: readonly JsonValue[];
  readonly isRead: boolean;
}

export type FileScrape =
  | { readonly status: 'target'; readonly how: string; readonly port: number | undefined }
  | { readonly status: 'unknown'; readonly how: string; readonly why: string; readonly port: undefined };

/** Entries of ConfigMaps with `scrape_configs`, with the workload that mounts each. */
export function prometheusFiles(known: Inventory, running: Workloads): readonly PrometheusFile[] {
  return known.ofKind('', 'ConfigMap').flatMap((object) => {
    const documents = embeddedDocuments(
      object,
      (key, text) => /\.ya?ml$/.test(key) && /^\s{0,20}scrape_configs\s{0,5}:/m.test(text),
    );
    const workload = running
      .byNamespace(object.ref.namespace ?? 'default')
      .find(({ volumes }) => volumes.some(({ configMap }) => configMap === object.ref.name));
    return documents.map(({ value }) => ({
      object,
      workload,
      isRead: value !== undefined,
      jobs: [...listAt(value, 'scrape_configs'), ...listAt(value, 'config', 'scrape_configs')].slice(0, 500),
    }));
  });
}

/** The targets on a workload that a configuration file finds. */
export function fileScrapes(file: PrometheusFile, workload: Workload, refs: References): readonly FileScrape[] {
  return file.jobs.flatMap((job) => {
    if (!isObject(job)) return [];
    const how = `job ${textAt(job, 'job_name') ?? '?'} of ConfigMap ${file.object.ref.name}`;
    return [
      ...staticTargets(job, how, file, workload, refs),
      ...discovered(job, how, file, workload, refs),
      ...unreadable(job, how),
    ];
  });
}

/** Discovery from outside the cluster's objects, and target lists in files that are not here. */
function unreadable(job: JsonValue, how: string): readonly FileScrape[] {
  return ['file_sd_configs', 'http_sd_configs', 'dns_sd_configs', 'consul_sd_configs']
    .filter((field) => listAt(job, field).length > 0)
    .map((field) => ({ status: 'unknown', how, why: `${how} finds its targets by ${field}`, port: undefined }));
}

function staticTargets(
  job: JsonValue,
  how: string,
  file: PrometheusFile,
  workload: Workload,
  refs: References,
): readonly FileScrape[] {
  const targets = listAt(job, 'static_configs').flatMap((entry) => texts(valueAt(entry, 'targets')));
  return targets.flatMap((target): readonly FileScrape[] => {
    const [, host = '', port] = /^(?:https?:\/\/)?([^:/]{1,253})(?::(\d{1,5}))?/.exec(target) ?? [];
    const number = Number(port ?? (textAt(job, 'scheme') === 'https' ? 443 : 80));
    if (host === 'localhost' || host === '127.0.0.1')
      return file.workload?.object === workload.object ? [onPods(workload, number, how)] : [];
    const place = serviceOfHost(host, file.object.ref.namespace ?? 'default');
    if (place === undefined || place.namespace !== workload.namespace) return [];
    const service = refs.servicesOf(workload).find(({ ref }) => ref.name === place.name);
    if (service === undefined) return [];
    // A headless Service resolves to Pods: the port is theirs, and needs no entry in the Service.
    const entry = service.ports.find((candidate) => candidate.port === number);
    if (entry === undefined && service.headless) return [onPods(workload, number, how)];
    return [{ status: 'target', how, port: entry === undefined ? undefined : targetPortOn(workload, entry) }];
  });
}

/** A target on a port of the Pods. Containers may listen on ports that they do not declare: then nobody can tell from here. */
function onPods(workload: Workload, number: number, how: string): FileScrape {
  if (workload.containers.some(({ ports }) => ports.some((port) => port.number === number)))
    return { status: 'target', how, port: number };
  return { status: 'unknown', how, why: `${how} scrapes port ${number}, which no container declares`, port: undefined };
}

function discovered(
  job: JsonValue,
  how: string,
  file: PrometheusFile,
  workload: Workload,
  refs: References,
): readonly FileScrape[] {
  const rules = listAt(job, 'relabel_configs');
  return listAt(job, 'kubernetes_sd_configs').flatMap((config): readonly FileScrape[] => {
    const names = texts(valueAt(config, 'namespaces', 'names'));
    const own = valueAt(config, 'namespaces', 'own_namespace') === true ? [file.object.ref.namespace ?? 'default'] : [];
    const allowed = [...names, ...own];
    if (allowed.length > 0 && !allowed.includes(workload.namespace)) return [];
    if (textAt(config, 'api_server') !== undefined) return [];
    if (listAt(config, 'selectors').length > 0)
      return [{ status: 'unknown', how, why: `${how} narrows its discovery by selectors`, port: undefined }];
    const candidates = candidatesOf(textAt(config, 'role') ?? '', workload, refs);
    return candidates.flatMap((labels): readonly FileScrape[] => {
      const result = relabel(rules, labels);
      if (result.kept === 'no') return [];
      if (result.kept === 'unknown')
        return [{ status: 'unknown', how, why: `${how} has ${result.why} that cannot be decided`, port: undefined }];
      const port = Number(/:(\d{1,5})$/.exec(result.address ?? '')?.[1]);
      if (result.address === undefined)
        return [{ status: 'unknown', how, why: `${how} computes the address of its targets`, port: undefined }];
      return Number.isNaN(port)
        ? [{ status: 'unknown', how, why: `${how} names no port`, port: undefined }]
        : [onPods(workload, port, how)];
    });
  });
}

type Candidate = ReadonlyMap<string, string | undefined>;

/** The labels that discovery gives the targets of one workload, by role. Names and addresses of Pods are not known before they run. */
function candidatesOf(role: string, workload: Workload, refs: References): readonly Candidate[] {
  if (role === 'pod') return podCandidates(workload);
  const services = refs.services.filter(({ workloads }) => workloads.some(({ object }) => object === workload.object));
  if (role === 'endpoints' || role === 'endpointslice')
    return services.flatMap((targets) => endpointCandidates(role, targets, workload));
  if (role === 'service')
    return services.flatMap(({ service }) =>
      service.ports.map(
        (port) =>
          new Map<string, string | undefined>([
            ...serviceLabels(service.object),
            ['__address__', `service:${targetPortOn(workload, port) ?? port.port}`],
            ['__meta_kubernetes_service_port_name', port.name ?? ''],
          ]),
      ),
    );
  return [];
}

const podAddress = 'pod';

function podCandidates(workload: Workload): readonly Candidate[] {
  const base = podLabels(workload);
  const running = workload.containers.filter(({ role }) => role === 'container' || role === 'sidecar');
  return running.flatMap((container) => {
    const name: readonly [string, string] = ['__meta_kubernetes_pod_container_name', container.name];
    const init: readonly [string, string] = ['__meta_kubernetes_pod_container_init', String(container.role === 'sidecar')];
    const image: readonly [string, string] = ['__meta_kubernetes_pod_container_image', container.image ?? ''];
    if (container.ports.length === 0)
      return [new Map<string, string | undefined>([...base, name, init, image, ['__address__', podAddress]])];
    return container.ports.map(
      (port) =>
        new Map<string, string | undefined>([
          ...base,
          name,
          init,
          image,
          ['__address__', `${podAddress}:${port.number}`],
          ['__meta_kubernetes_pod_container_port_name', port.name ?? ''],
          ['__meta_kubernetes_pod_container_port_number', String(port.number)],
          ['__meta_kubernetes_pod_container_port_protocol', port.protocol],
        ]),
    );
  });
}

function endpointCandidates(role: string, { service }: ServiceTargets, workload: Workload): readonly Candidate[] {
  return service.ports.flatMap((port) => {
    const number = targetPortOn(workload, port);
    if (number === undefined) return [];
    const prefix = role === 'endpoints' ? '__meta_kubernetes_endpoint' : '__meta_kubernetes_endpointslice';
    const container = workload.containers.find(({ ports }) => ports.some((entry) => entry.number === number));
    const entry = container?.ports.find((candidate) => candidate.number === number);
    return [
      new Map<string, string | undefined>([
        ...podLabels(workload),
        ...serviceLabels(service.object),
        ['__address__', `${podAddress}:${number}`],
        [`${prefix}_port_name`, port.name ?? ''],
        [`${prefix}_port_protocol`, port.protocol],
        [`${prefix}_ready`, 'true'],
        [`${prefix}_address_target_kind`, 'Pod'],
        ['__meta_kubernetes_pod_container_name', container?.name ?? ''],
        ['__meta_kubernetes_pod_container_port_name', entry?.name ?? ''],
        ['__meta_kubernetes_pod_container_port_number', String(number)],
      ]),
    ];
  });
}

function podLabels(workload: Workload): readonly (readonly [string, string | undefined])[] {
  return [
    ['__meta_kubernetes_namespace', workload.namespace],
    ['__meta_kubernetes_pod_ready', 'true'],
    ['__meta_kubernetes_pod_phase', 'Running'],
    ['__meta_kubernetes_pod_name', undefined],
    ['__meta_kubernetes_pod_ip', undefined],
    ['__meta_kubernetes_pod_node_name', undefined],
    ['__meta_kubernetes_pod_host_ip', undefined],
    ['__meta_kubernetes_pod_controller_kind', workload.ref.kind === 'Deployment' ? 'ReplicaSet' : workload.ref.kind],
    ['__meta_kubernetes_pod_controller_name', workload.ref.kind === 'Deployment' ? undefined : workload.ref.name],
    ...metaLabels('pod', 'label', workload.podLabels),
    ...metaLabels('pod', 'annotation', workload.podAnnotations),
  ];
}

const serviceLabels = (service: KubeObject): readonly (readonly [string, string | undefined])[] => [
  ['__meta_kubernetes_namespace', service.ref.namespace ?? 'default'],
  ['__meta_kubernetes_service_name', service.ref.name],
  ['__meta_kubernetes_service_type', readService(service)?.type],
  ...metaLabels('service', 'label', labelsOf(service)),
  ...metaLabels('service', 'annotation', annotationsOf(service)),
];

/** Characters that a label name may not hold become `_`. */
function metaLabels(
  of: 'pod' | 'service',
  what: 'label' | 'annotation',
  values: ReadonlyMap<string, string>,
): readonly (readonly [string, string])[] {
  return [...values].flatMap(([key, value]): readonly (readonly [string, string])[] => {
    const name = key.replace(/[^A-Za-z0-9_]/g, '_');
    return [
      [`__meta_kubernetes_${of}_${what}_${name}`, value],
      [`__meta_kubernetes_${of}_${what}present_${name}`, 'true'],
    ];
  });
}
