import { type AddressRange, parseRange, publicIPv4 } from '../../kube/address.ts';
import { nearest } from './nearest.ts';
import type { NetworkModel } from './network.ts';
import { type Endpoint, externalEndpoint, unseenEndpoint, type WorkloadEndpoint } from './peers.ts';
import { podMakerIn } from './pod-makers.ts';
import { selectedBy } from './services.ts';

/** What one end of a declared flow stands for. */
export type TrafficEnd =
  | {
      readonly kind: 'endpoints';
      readonly endpoints: readonly Endpoint[];
      /** `namespace/*`: any of them may be meant, not each. */
      readonly any: boolean;
      /** A bare workload name: in a source with several environments, the one beside its peer is meant. */
      readonly unqualified: boolean;
    }
  | { readonly kind: 'nothing'; readonly why: string; readonly suggestions: readonly string[] };

/**
 * Resolves `workload`, `namespace/workload`, `namespace/*`, an address or CIDR, or `internet` (public IPv4).
 * A workload may also be called by the Service in front of it. A namespace of which no workload is in the sources resolves to
 * Pods of unknown labels in it; a namespace under review that holds no such workload resolves to nothing.
 */
export function resolveTrafficEnd(network: NetworkModel, text: string): TrafficEnd {
  if (text === 'internet') return outside(publicIPv4);
  const range = parseRange(text);
  if (range) return outside([range]);
  const slash = text.indexOf('/');
  return slash < 0 ? workloadNamed(network, text) : inNamespace(network, text.slice(0, slash), text.slice(slash + 1));
}

const outside = (ranges: readonly AddressRange[]): TrafficEnd => ({
  kind: 'endpoints',
  endpoints: ranges.map(externalEndpoint),
  any: false,
  unqualified: false,
});

const found = (endpoints: readonly Endpoint[], any: boolean, unqualified: boolean): TrafficEnd => ({
  kind: 'endpoints',
  endpoints,
  any,
  unqualified,
});

function workloadNamed(network: NetworkModel, name: string): TrafficEnd {
  const reviewed = called(network, network.reviewed, name);
  const known = reviewed.length > 0 ? reviewed : called(network, network.endpoints, name);
  if (known.length > 0) return found(known, false, true);
  const provided = network.inputs.provided.find(
    (item) => item.name === name && item.namespace !== undefined && isWorkloadLike(item.kind),
  );
  if (provided?.namespace !== undefined) return found([declared(network, provided.namespace, name)], false, true);
  return {
    kind: 'nothing',
    why: `no workload or Service is called ${name}`,
    suggestions: suggestNames(network, name),
  };
}

/** Names that exist and look like it: of workloads under review, then of any workload or Service; and Pods that carry it as a label. */
function suggestNames(network: NetworkModel, name: string): readonly string[] {
  const near = [
    ...nearest(
      name,
      network.reviewed.map(({ workload }) => workload.ref.name),
    ),
    ...nearest(name, [
      ...network.endpoints.map(({ workload }) => workload.ref.name),
      ...network.services.filter((service) => selectedBy(network, service).length > 0).map(({ ref }) => ref.name),
    ]),
  ];
  const labelled = network.endpoints
    .filter(({ labels }) => nameLabels.some((key) => labels.known.get(key) === name))
    .map(({ namespace, workload }) => `${namespace.name}/${workload.ref.name}`);
  return [...new Set([...labelled, ...near])].slice(0, 3);
}

/** Labels by which people call an application, so that they may write their value where the name of the workload is asked for. */
const nameLabels = ['app.kubernetes.io/name', 'app.kubernetes.io/component', 'app', 'k8s-app', 'component'] as const;

function inNamespace(network: NetworkModel, namespace: string, name: string): TrafficEnd {
  const all = network.byNamespace.get(namespace) ?? [];
  if (name === '*' && all.length > 0) return found(all, true, false);
  const known = called(network, all, name);
  if (known.length > 0) return found(known, false, false);
  const isReviewed = network.inputs.reviewed.includes(namespace) && network.inputs.unexpanded.length === 0;
  const isDeclared = network.inputs.provided.some(
    (item) => item.namespace === namespace && (name === '*' || item.name === name) && isWorkloadLike(item.kind),
  );
  // An operator may make what is called so, under a name and with labels of its own.
  if (!isDeclared && podMakerIn(network, [namespace]) === undefined && (all.length > 0 || isReviewed)) {
    const why =
      name === '*'
        ? `namespace ${namespace} holds no workload`
        : `namespace ${namespace} holds no workload or Service called ${name}`;
    return {
      kind: 'nothing',
      why,
      suggestions: suggestIn(network, namespace, name, all),
    };
  }
  const near = isDeclared ? [] : nearest(namespace, network.byNamespace.keys()).filter((like) => distanceIsSlip(namespace, like));
  if (near.length > 0 && !isKnownNamespace(network, namespace)) {
    return { kind: 'nothing', why: `no namespace is called ${namespace}`, suggestions: near.map((like) => `${like}/${name}`) };
  }
  return found([declared(network, namespace, name)], name === '*', false);
}

/** Near names in the namespace; else the same name in another, and namespaces that look like it. */
function suggestIn(network: NetworkModel, namespace: string, name: string, all: readonly WorkloadEndpoint[]): readonly string[] {
  const labelled = all.filter(({ labels }) => nameLabels.some((key) => labels.known.get(key) === name));
  const near = nearest(name, [
    ...all.map(({ workload }) => workload.ref.name),
    ...network.services
      .filter((service) => service.namespace === namespace && selectedBy(network, service).length > 0)
      .map(({ ref }) => ref.name),
  ]);
  const here = [...labelled.map(({ workload }) => workload.ref.name), ...near].map((like) => `${namespace}/${like}`);
  const elsewhere = called(network, network.endpoints, name).map((endpoint) => `${endpoint.namespace.name}/${name}`);
  const spaces = nearest(namespace, network.byNamespace.keys()).map((like) => `${like}/${name}`);
  return [...new Set([...here, ...elsewhere, ...(here.length + elsewhere.length === 0 ? spaces : [])])].slice(0, 3);
}

/** A slip of one character, as opposed to another namespace with a similar name (`gravl-staging` beside `gravl-prod`). */
const distanceIsSlip = (a: string, b: string): boolean =>
  Math.abs(a.length - b.length) <= 1 && a.slice(0, -2) === b.slice(0, a.length - 2);

const isKnownNamespace = (network: NetworkModel, name: string): boolean =>
  network.namespace(name).object !== undefined ||
  network.inputs.provided.some((item) => (item.kind === 'Namespace' ? item.name : item.namespace) === name);

function called(network: NetworkModel, among: readonly WorkloadEndpoint[], name: string): readonly WorkloadEndpoint[] {
  const own = among.filter(({ workload }) => workload.ref.name === name);
  if (own.length > 0) return own;
  const behind = new Set(
    network.services
      .filter((service) => service.ref.name === name)
      .flatMap((service) => selectedBy(network, service).map(({ id }) => id)),
  );
  return among.filter(({ id }) => behind.has(id));
}

const isWorkloadLike = (kind: string): boolean =>
  kind !== 'Namespace' && kind !== 'StorageClass' && kind !== 'ClusterIssuer' && kind !== 'Secret';

/** Pods that are in no source, with the labels that somebody declared for them. */
function declared(network: NetworkModel, namespace: string, name: string): Endpoint {
  const provided = network.inputs.provided.find(
    (item) => item.namespace === namespace && (name === '*' || item.name === name) && item.labels !== undefined,
  );
  return unseenEndpoint(network.namespace(namespace), name, new Map(Object.entries(provided?.labels ?? {})), { declared: true });
}
