import type { Service, ServicePort } from '../../kube/service.ts';
import { type AddressRange, contains, parseCidr, parseRange } from '../../kube/address.ts';
import { listAt, texts, valueAt } from '../../kube/json.ts';
import type { NetworkModel } from './network.ts';
import { type Endpoint, externalEndpoint, type UnseenEndpoint, unseenEndpoint, type WorkloadEndpoint } from './peers.ts';
import { backendsOf } from './services.ts';

/** Where Pods send their DNS questions. `seen`: it is in the sources; `cache`: the cache on every node, asked instead of the rest. */
export interface DnsTarget {
  readonly endpoint: Endpoint;
  readonly port: number;
  readonly how: string;
  readonly seen: boolean;
  readonly cache: boolean;
}

/** Services of the cluster's DNS by distribution: `namespace/name`. */
const dnsServices: ReadonlySet<string> = new Set([
  'kube-system/kube-dns',
  'kube-system/coredns',
  'kube-system/rke2-coredns-rke2-coredns',
  'openshift-dns/dns-default',
]);
/** Labels of DNS Pods by namespace, for sources that hold the Pods but no Service; and the port they listen on. */
const conventions: readonly {
  readonly namespace: string;
  readonly key: string;
  readonly values: readonly string[];
  readonly port: number;
}[] = [
  { namespace: 'kube-system', key: 'k8s-app', values: ['kube-dns', 'coredns'], port: 53 },
  { namespace: 'openshift-dns', key: 'dns.operator.openshift.io/daemonset-dns', values: ['default'], port: 5353 },
];
const cacheAddress = '169.254.20.10';

/** The DNS servers of the cluster: real Pods at their target port, or one target by convention where none is in the sources. */
export const dnsTargets = (network: NetworkModel): readonly DnsTarget[] => network.once(findTargets);

function findTargets(network: NetworkModel): readonly DnsTarget[] {
  const services = network.services.filter((service) => dnsServices.has(`${service.namespace}/${service.ref.name}`));
  const real = [...services.flatMap((service) => behind(network, service)), ...cacheOnNodes(network)];
  const pods = real.some(({ cache }) => !cache) ? [] : byConvention(network);
  const found = unique([...real, ...pods]);
  return found.length > 0 ? found : [assumedTarget(network)];
}

const isDns = (port: ServicePort) => port.port === 53 || port.name === 'dns' || port.name === 'dns-tcp';

function behind(network: NetworkModel, service: Service): readonly DnsTarget[] {
  const how = `the Pods behind Service ${service.namespace}/${service.ref.name}`;
  const backends = backendsOf(network, service, isDns);
  if (backends.length > 0) return backends.map(({ endpoint, port }) => ({ endpoint, port, how, seen: true, cache: false }));
  const labels = new Map(
    service.selector?.requirements.flatMap(({ key, values }) =>
      values.slice(0, 1).map((value): [string, string] => [key, value]),
    ) ?? [],
  );
  const target = service.ports.find(isDns)?.targetPort;
  const endpoint = unseenEndpoint(network.namespace(service.namespace), 'dns', labels);
  return [{ endpoint, port: typeof target === 'number' ? target : 53, how, seen: false, cache: false }];
}

function byConvention(network: NetworkModel): readonly DnsTarget[] {
  return conventions.flatMap(({ namespace, key, values, port }) =>
    (network.byNamespace.get(namespace) ?? [])
      .filter(({ labels }) => values.includes(labels.known.get(key) ?? ''))
      .map((endpoint) => {
        const declared = endpoint.workload.containers.flatMap(({ ports }) => ports).find(({ name }) => name === 'dns');
        return { endpoint, port: declared?.number ?? port, how: `Pods with ${key} in ${namespace}`, seen: true, cache: false };
      }),
  );
}

function cacheOnNodes(network: NetworkModel): readonly DnsTarget[] {
  const cache = (network.byNamespace.get('kube-system') ?? []).find(
    ({ workload, labels }) =>
      workload.ref.kind === 'DaemonSet' &&
      (workload.ref.name === 'node-local-dns' || labels.known.get('k8s-app') === 'node-local-dns'),
  );
  const range = cache && (listensAt(cache) ?? parseRange(cacheAddress));
  if (!range) return [];
  return [{ endpoint: externalEndpoint(range), port: 53, how: `the cache on every node (${cache.id})`, seen: true, cache: true }];
}

/** The link-local address that the cache is told to listen at: `-localip 169.254.20.10,10.96.0.10`. */
function listensAt({ workload }: WorkloadEndpoint): AddressRange | undefined {
  for (const container of listAt(workload.podSpec, 'containers')) {
    const words = [...texts(valueAt(container, 'command')), ...texts(valueAt(container, 'args'))].flatMap((word) =>
      word.split('='),
    );
    const index = words.findIndex((word) => /^--?localip$/.test(word));
    const ranges = (index < 0 ? '' : (words[index + 1] ?? '')).split(',').flatMap((text) => parseRange(text.trim()) ?? []);
    const own = ranges.find(isLinkLocal);
    if (own) return own;
  }
  return undefined;
}

const linkLocal = ['169.254.0.0/16', 'fe80::/10'].flatMap((cidr) => parseCidr(cidr) ?? []);
/** Addresses that lead no further than the own node. */
export const isLinkLocal = (range: AddressRange): boolean => linkLocal.some((outer) => contains(outer, range));

/** What providedElsewhere says of the DNS Pods, or the convention of the distribution. */
function assumedTarget(network: NetworkModel): DnsTarget {
  const openshift = network.inputs.objects.some(({ group }) => group.endsWith('.openshift.io'));
  const namespace = openshift ? 'openshift-dns' : 'kube-system';
  const provided = network.inputs.provided.find(
    (item) => item.namespace === namespace && item.labels !== undefined && /dns/.test(item.name),
  );
  const port = openshift ? 5353 : 53;
  if (provided?.labels) {
    const endpoint = unseenEndpoint(network.namespace(namespace), provided.name, new Map(Object.entries(provided.labels)), {
      declared: true,
    });
    return { endpoint, port, how: 'the Pods that providedElsewhere declares', seen: false, cache: false };
  }
  return {
    endpoint: conventional(network, namespace, openshift),
    port,
    how: `Pods in ${namespace}, by convention`,
    seen: false,
    cache: false,
  };
}

function conventional(network: NetworkModel, namespace: string, openshift: boolean): UnseenEndpoint {
  const labels: [string, string] = openshift ? ['dns.operator.openshift.io/daemonset-dns', 'default'] : ['k8s-app', 'kube-dns'];
  const ports = new Map([
    ['dns', openshift ? 5353 : 53],
    ['dns-tcp', openshift ? 5353 : 53],
  ]);
  return unseenEndpoint(network.namespace(namespace), 'dns', new Map([labels]), { why: 'dns-conventional', ports });
}

function unique(targets: readonly DnsTarget[]): readonly DnsTarget[] {
  return [...new Map(targets.map((target) => [`${target.endpoint.id}:${target.port}`, target])).values()];
}
