import type { IntendedFlow } from '../../evidence/declared.ts';
import type { JsonObject } from '../../kube/json.ts';
import type { PolicyRule } from '../../kube/network-policy.ts';
import { compareText } from '../../model/object-ref.ts';
import {
  type AddressRange,
  contains,
  everyAddress,
  formatRange,
  joinRanges,
  parseCidr,
  publicIPv4,
  publicIPv6,
} from '../../kube/address.ts';
import { admittedPorts } from './admitted-ports.ts';
import { apiServerFlows } from './api-server-flows.ts';
import { apiServerAddresses } from './control-plane.ts';
import { dnsTargets } from './dns-targets.ts';
import { pairsOf } from './intended.ts';
import { addressParts } from './address-parts.ts';
import type { NetworkModel } from './network.ts';
import { type Endpoint, isPod, namedPorts, type PodEndpoint, type WorkloadEndpoint } from './peers.ts';
import { formatPorts, isEmptyPorts, type PortSet, type Protocol, unitePorts } from './ports.ts';
import { isolation } from './reach.ts';
import { suggestedFlows } from './suggested.ts';
import { resolveTrafficEnd } from './traffic-ends.ts';

/** A flow that a workload needs. `port` absent: any. */
export interface NeededFlow {
  readonly from: WorkloadEndpoint;
  readonly to: Endpoint;
  readonly protocol: Protocol;
  readonly port?: number;
  /** `declared`: somebody wrote it down; `derived`: it follows from a Service name in the environment of the workload. */
  readonly basis: 'declared' | 'derived';
  readonly how: string;
}

/** Flows that would stop if the workload became isolated for egress without a rule for them: declared ones, and those that follow from its settings. */
export function flowsCutByIsolation(network: NetworkModel, endpoint: WorkloadEndpoint): readonly NeededFlow[] {
  const declared = declaredNeeds(network, endpoint);
  const derived = (network.once(suggestedBySource).get(endpoint.id) ?? []).map(
    (flow): NeededFlow => ({
      from: endpoint,
      to: flow.to,
      protocol: flow.protocol,
      port: flow.port,
      basis: 'derived',
      how: flow.how,
    }),
  );
  const all = [...declared, ...derived, ...apiServerNeeds(network, endpoint)];
  const first = new Map(
    all.map((flow) => [`${flow.to.id} ${flow.protocol} ${flow.port ?? '*'}`, flow]).reverse() as [string, NeededFlow][],
  );
  return [...first.values()].sort((a, b) => compareText(a.to.id, b.to.id) || (a.port ?? 0) - (b.port ?? 0));
}

/** What declared traffic says that a workload connects to. */
export const declaredNeeds = (network: NetworkModel, endpoint: WorkloadEndpoint): readonly NeededFlow[] =>
  network.once(declaredBySource).get(endpoint.id) ?? [];

/** The API server, where the sources show its addresses; where they do not, no rule can be written. */
const apiServerNeeds = (network: NetworkModel, from: WorkloadEndpoint): readonly NeededFlow[] =>
  apiServerFlows(network).some((flow) => flow.from.id === from.id)
    ? apiServerAddresses(network).map(
        ({ end: to, port }): NeededFlow => ({ from, to, protocol: 'TCP', port, basis: 'derived', how: 'the API server' }),
      )
    : [];

const declaredBySource = (network: NetworkModel) =>
  Map.groupBy(
    (network.traffic ?? []).flatMap((flow) => needsOf(network, flow)),
    ({ from }) => from.id,
  );

function needsOf(network: NetworkModel, flow: IntendedFlow): readonly NeededFlow[] {
  const from = resolveTrafficEnd(network, flow.from);
  const to = resolveTrafficEnd(network, flow.to);
  if (from.kind === 'nothing' || to.kind === 'nothing') return [];
  return pairsOf(from, to).flatMap((pair): readonly NeededFlow[] => {
    if (pair.from.kind !== 'workload') return [];
    const need = {
      from: pair.from,
      to: pair.to,
      protocol: flow.protocol,
      basis: 'declared',
      how: `declared traffic ${flow.from} to ${flow.to}`,
    } as const;
    // A port name of Pods that are in no source may be any number: then any port is needed.
    const numbers =
      typeof flow.port === 'string'
        ? namedPorts(pair.to, flow.port, flow.protocol)
        : flow.port === undefined
          ? undefined
          : [flow.port];
    return numbers === undefined ? [need] : numbers.map((port) => ({ ...need, port }));
  });
}

const suggestedBySource = (network: NetworkModel) => Map.groupBy(suggestedFlows(network), ({ from }) => from.id);

/** Whether and where a workload may connect to. */
export interface EgressView {
  readonly endpoint: WorkloadEndpoint;
  readonly isolated: boolean;
  /** Public addresses that it may connect to, with the ports; empty: it cannot reach the internet. */
  readonly internet: { readonly ranges: readonly string[]; readonly ports: string };
  /** Open to the internet only under assumptions. */
  readonly perhaps: boolean;
}

/** The egress of every workload under review. */
export const egressViews = (network: NetworkModel): readonly EgressView[] =>
  network.reviewed.map((endpoint) => egressView(network, endpoint));

function egressView(network: NetworkModel, endpoint: WorkloadEndpoint): EgressView {
  const open: AddressRange[] = [];
  let ports: PortSet = { SCTP: [], TCP: [], UDP: [] };
  let perhaps = false;
  for (const atom of [...publicIPv4, ...publicIPv6].flatMap((range) => addressParts(network, range, endpoint, 'egress'))) {
    const admitted = admittedPorts(network, endpoint, atom);
    perhaps ||= !isEmptyPorts(admitted.depends);
    if (isEmptyPorts(admitted.allowed)) continue;
    open.push(atom.range);
    ports = unitePorts(ports, admitted.allowed);
  }
  const ranges = joinRanges(open).map(formatRange);
  return {
    endpoint,
    isolated: isolation(network, endpoint, 'egress').isolated,
    internet: { ranges, ports: formatPorts(ports) },
    perhaps: perhaps && open.length === 0,
  };
}

/**
 * NetworkPolicy objects that isolate workloads for egress and allow DNS and what each of them needs, so that nothing needed is cut.
 * One for each workload, named `<workload>-egress`.
 */
export function policiesForEgress(network: NetworkModel, workloads: readonly WorkloadEndpoint[]): readonly JsonObject[] {
  const taken = new Set(network.policies.map(({ namespace, ref }) => `${namespace}/${ref.name}`));
  return workloads.map((endpoint) => {
    const { name } = endpoint.workload.ref;
    const free = [`${name}-egress`, `${name}-egress-dns`, `${name}-egress-proposed`].find(
      (candidate) => !taken.has(`${endpoint.namespace.name}/${candidate}`),
    );
    return policyFor(network, endpoint, free ?? `${name}-egress-new`);
  });
}

function policyFor(network: NetworkModel, endpoint: WorkloadEndpoint, name: string): JsonObject {
  // A workload that is isolated already has rules for what it needs, or is cut already: it lacks DNS alone.
  const needed = isolation(network, endpoint, 'egress').isolated ? [] : flowsCutByIsolation(network, endpoint);
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace: endpoint.namespace.name },
    spec: {
      podSelector: { matchLabels: Object.fromEntries(stableLabels(endpoint)) },
      policyTypes: ['Egress'],
      egress: [...dnsRules(network), ...needed.map((flow) => ({ to: [peerFor(flow.to)], ports: [portFor(flow)] }))],
    },
  };
}

/** An entry of `ports`; without a port, every port of the protocol. */
export const portFor = ({ protocol, port }: { readonly protocol: Protocol; readonly port?: number | string }): JsonObject =>
  port === undefined ? { protocol } : { protocol, port };

/** Egress rules that admit the DNS over UDP and TCP. */
export function dnsRules(network: NetworkModel): readonly JsonObject[] {
  return dnsTargets(network).map(({ endpoint, port }) => ({
    to: [peerFor(endpoint)],
    ports: [
      { protocol: 'UDP', port },
      { protocol: 'TCP', port },
    ],
  }));
}

/** One element of `to`: both selectors in it, so that only these Pods of that namespace match. */
export function peerFor(endpoint: Endpoint): JsonObject {
  if (endpoint.kind === 'external') return { ipBlock: { cidr: cidrOf(endpoint.range) } };
  if (!isPod(endpoint)) return { podSelector: {} };
  const labels = Object.fromEntries(stableLabels(endpoint));
  const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': endpoint.namespace.name } };
  return Object.keys(labels).length === 0 ? { namespaceSelector } : { namespaceSelector, podSelector: { matchLabels: labels } };
}

function cidrOf(range: AddressRange): string {
  const text = formatRange(range);
  if (text.includes('/')) return text;
  // `internet` is many ranges, and not every range is one block: the whole family is the honest rule for them.
  return range.first === range.last ? `${text}/${range.family === 4 ? 32 : 128}` : range.family === 4 ? '0.0.0.0/0' : '::/0';
}

/** Labels by which to select a workload's Pods: those that its own selector uses, since they cannot change. */
export function stableLabels(endpoint: PodEndpoint): ReadonlyMap<string, string> {
  if (endpoint.kind === 'unseen') return endpoint.labels.known;
  const { workload } = endpoint;
  const spec = workload.object.value['spec'];
  const selector = typeof spec === 'object' && spec !== null && 'selector' in spec ? spec['selector'] : undefined;
  const own =
    typeof selector === 'object' && selector !== null && 'matchLabels' in selector
      ? Object.keys(selector['matchLabels'] ?? {})
      : [];
  const stable = [...workload.podLabels].filter(([key]) => own.includes(key));
  return new Map(stable.length > 0 ? stable : workload.podLabels);
}

/** Does an egress rule allow every address outside on every port, so that isolation by it is one in name only? */
export const isAllOpen = ({ peers, ports }: PolicyRule): boolean =>
  ports === undefined &&
  (peers === undefined ||
    peers.some(({ ipBlock }) => ipBlock !== undefined && ipBlock.except.length === 0 && isWhole(ipBlock.cidr)));

const isWhole = (text: string): boolean => {
  const range = parseCidr(text);
  return range !== undefined && contains(range, everyAddress[range.family]);
};
