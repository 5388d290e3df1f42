import { compareText } from '../../model/object-ref.ts';
import { type AddressRange, contains, everyAddress, formatRange, joinRanges } from './address.ts';
import { admittedPorts } from './admitted-ports.ts';
import { ingressFlows } from './ingress-controller.ts';
import { pairsOf } from './intended.ts';
import { externalAtoms } from './matrix.ts';
import { metricsPorts } from './metrics-ports.ts';
import { monitoringNamespaces, onlyListening } from './monitoring.ts';
import type { NetworkModel } from './network.ts';
import { type Endpoint, isPod, namedPorts, type WorkloadEndpoint } from './peers.ts';
import { formatPorts, isEmptyPorts, noPorts, type PortSet, portSet, subtractPorts, unitePorts } from './ports.ts';
import { isolation } from './reach.ts';
import { resolveTrafficEnd } from './traffic-ends.ts';
import { dnsTargets } from './dns-targets.ts';

/** A flow that is open and that nobody declared. */
export interface UnexpectedFlow {
  /** Id of a workload, of Pods outside the sources, or ranges of addresses. */
  readonly from: string;
  readonly source: Endpoint;
  readonly to: WorkloadEndpoint;
  readonly ports: PortSet;
  /** Those of the ports that a container of the destination declares. */
  readonly listening: PortSet;
  readonly crossNamespace: boolean;
  /** False: open only under assumptions. */
  readonly certain: boolean;
}

export interface Unexpected {
  /** Into workloads that are isolated for ingress, sorted by destination and source. */
  readonly flows: readonly UnexpectedFlow[];
  /** Namespaces under review with workloads that nothing isolates: anybody may reach them, so pairs would say nothing more. */
  readonly open: readonly { readonly namespace: string; readonly workloads: readonly WorkloadEndpoint[] }[];
}

/**
 * What is open to workloads under review beyond what was declared, and beyond what every system needs: DNS, scrapes of metrics
 * ports, Ingress backends. Undefined where nobody declared which flows are intended. Replicas of one workload may talk.
 */
export function unexpectedFlows(network: NetworkModel): Unexpected | undefined {
  if (network.traffic === undefined) return undefined;
  const isolated = network.reviewed.filter((endpoint) => isolation(network, endpoint, 'ingress').isolated);
  const bare = network.reviewed.filter((endpoint) => !isolated.includes(endpoint));
  const expected = expectations(network);
  const sources = new Map<string, Endpoint>(network.endpoints.map((endpoint) => [endpoint.id, endpoint]));
  for (const { from } of expected) if (from.kind === 'unseen') sources.set(from.id, from);
  const flows = isolated.flatMap((to) => [
    ...[...sources.values()].flatMap((from) => (from.id === to.id ? [] : between(network, expected, from, to))),
    ...fromOutside(network, expected, to),
  ]);
  flows.sort((a, b) => compareText(a.to.id, b.to.id) || compareText(a.from, b.from) || Number(b.certain) - Number(a.certain));
  const open = [...Map.groupBy(bare, ({ namespace }) => namespace.name)].map(([namespace, workloads]) => ({
    namespace,
    workloads,
  }));
  return { flows, open: open.sort((a, b) => compareText(a.namespace, b.namespace)) };
}

interface Expectation {
  readonly from: Endpoint;
  readonly to: WorkloadEndpoint;
  readonly ports: PortSet;
}

/** What was declared, and what follows from Ingress objects, metrics ports and the DNS. */
function expectations(network: NetworkModel): readonly Expectation[] {
  const declared = (network.traffic ?? []).flatMap((flow) => {
    const from = resolveTrafficEnd(network, flow.from);
    const to = resolveTrafficEnd(network, flow.to);
    if (from.kind === 'nothing' || to.kind === 'nothing') return [];
    return pairsOf(from, to).flatMap((pair) => {
      if (pair.to.kind !== 'workload') return [];
      const numbers = typeof flow.port === 'string' ? (namedPorts(pair.to, flow.port, flow.protocol) ?? []) : [flow.port];
      return [
        { from: pair.from, to: pair.to, ports: numbers.map((port) => portSet(flow.protocol, port)).reduce(unitePorts, noPorts) },
      ];
    });
  });
  const backends = ingressFlows(network).flatMap(({ from, to, port }) =>
    from.map(({ endpoint }) => ({ from: endpoint, to, ports: portSet('TCP', port) })),
  );
  return [...declared, ...backends, ...scrapes(network), ...dns(network)];
}

function scrapes(network: NetworkModel): readonly Expectation[] {
  const namespaces = new Set(monitoringNamespaces(network));
  const from = network.endpoints.filter(({ namespace }) => namespaces.has(namespace.name));
  if (from.length === 0) return [];
  return network.reviewed.flatMap((to) => {
    const ports = metricsPorts(network, to)
      .map(({ port, protocol }) => portSet(protocol, port))
      .reduce(unitePorts, noPorts);
    return from.map((source) => ({ from: source, to, ports }));
  });
}

function dns(network: NetworkModel): readonly Expectation[] {
  return dnsTargets(network).flatMap(({ endpoint, port }) => {
    if (endpoint.kind !== 'workload') return [];
    const ports = unitePorts(portSet('UDP', port), portSet('TCP', port));
    return network.endpoints.map((from) => ({ from, to: endpoint, ports }));
  });
}

function between(
  network: NetworkModel,
  expected: readonly Expectation[],
  from: Endpoint,
  to: WorkloadEndpoint,
): readonly UnexpectedFlow[] {
  const wanted = expected
    .filter((item) => item.to.id === to.id && item.from.id === from.id)
    .reduce((ports, item) => unitePorts(ports, item.ports), noPorts);
  const { allowed, depends } = admittedPorts(network, from, to);
  const crossNamespace = isPod(from) && from.namespace.name !== to.namespace.name;
  return [
    { ports: subtractPorts(allowed, wanted), certain: true },
    { ports: subtractPorts(depends, wanted), certain: false },
  ]
    .filter(({ ports }) => !isEmptyPorts(ports))
    .map(({ ports, certain }) => ({
      from: from.id,
      source: from,
      to,
      ports,
      listening: onlyListening(to, ports),
      crossNamespace,
      certain,
    }));
}

/** Addresses outside, those with the same open ports together. */
function fromOutside(network: NetworkModel, expected: readonly Expectation[], to: WorkloadEndpoint): readonly UnexpectedFlow[] {
  const groups = new Map<string, { readonly flow: UnexpectedFlow; readonly ranges: AddressRange[] }>();
  for (const atom of [everyAddress[4], everyAddress[6]].flatMap((range) => externalAtoms(network, range))) {
    const here = expected
      .filter((item) => item.from.kind === 'external' && contains(item.from.range, atom.range))
      .map((item) => ({ ...item, from: atom }));
    for (const flow of between(network, here, atom, to)) {
      const key = `${formatPorts(flow.ports)} ${flow.certain}`;
      const group = groups.get(key) ?? { flow, ranges: [] };
      group.ranges.push(atom.range);
      groups.set(key, group);
    }
  }
  return [...groups.values()].map(({ flow, ranges }) => ({ ...flow, from: joinRanges(ranges).map(formatRange).join(', ') }));
}
