import { compareText } from '../../model/object-ref.ts';
import { type AddressRange, contains, everyAddress, formatRange, joinRanges, publicIPv4 } from '../../kube/address.ts';
import { admittedPorts } from './admitted-ports.ts';
import { isClosedTo } from './closed.ts';
import { declaredPairs } from './declared-ports.ts';
import { entryFlows } from './entry-flows.ts';
import { addressParts } from './address-parts.ts';
import { metricsPorts } from './metrics-ports.ts';
import { monitoringNamespaces, onlyListening } from './monitoring.ts';
import type { NetworkModel } from './network.ts';
import { type Endpoint, externalEndpoint, isPod, type WorkloadEndpoint } from './peers.ts';
import { formatPorts, isEmptyPorts, noPorts, type PortSet, portSet, subtractPorts, unitePorts } from './ports.ts';
import { isolation } from './reach.ts';
import { dnsTargets } from './dns-targets.ts';
import { stranger, tierDefault } from './tier-default.ts';
import { webhookFlows } from './webhook-flows.ts';

/** Sources for which one workload is certainly open, after which no more are looked for. */
const mostFlows = 50;

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
  /** Ids of workloads that more is open to than `flows` lists: an open door needs no list of all who could walk through it. */
  readonly cut: ReadonlySet<string>;
  /** Namespaces under review with workloads that nothing isolates: anybody may reach them, so pairs would say nothing more. */
  readonly open: readonly { readonly namespace: string; readonly workloads: readonly WorkloadEndpoint[] }[];
}

/**
 * What is open to workloads under review beyond what was declared, and beyond what every system needs: DNS, scrapes of metrics
 * ports, backends of entries, webhooks. Undefined where nobody declared which flows are intended. Replicas of one workload may talk.
 */
export const unexpectedFlows = (network: NetworkModel): Unexpected | undefined => network.once(findUnexpected);

function findUnexpected(network: NetworkModel): Unexpected | undefined {
  if (network.traffic === undefined) return undefined;
  const [isolated, bare] = partition(network.reviewed, (endpoint) => isLimited(network, endpoint));
  const expected = Map.groupBy(expectations(network), ({ to }) => to.id);
  const sources = new Map<string, Endpoint>(network.endpoints.map((endpoint) => [endpoint.id, endpoint]));
  sources.set(stranger.id, stranger);
  for (const list of expected.values()) for (const { from } of list) if (from.kind === 'unseen') sources.set(from.id, from);
  const cut = new Set<string>();
  const flows = isolated.flatMap((to) => {
    const bySource = Map.groupBy(expected.get(to.id) ?? [], ({ from }) => from.id);
    const found = [...fromOutside(network, expected.get(to.id) ?? [], to)];
    let certain = 0;
    for (const from of sources.values()) {
      if (from.id === to.id) continue;
      if (certain >= mostFlows) {
        cut.add(to.id);
        break;
      }
      const more =
        from === stranger
          ? byStranger(network, expected.get(to.id) ?? [], to)
          : between(network, bySource.get(from.id) ?? [], from, to);
      certain += more.filter((flow) => flow.certain).length;
      found.push(...more);
    }
    return found;
  });
  flows.sort((a, b) => compareText(a.to.id, b.to.id) || compareText(a.from, b.from) || Number(b.certain) - Number(a.certain));
  const open = [...Map.groupBy(bare, ({ namespace }) => namespace.name)].map(([namespace, workloads]) => ({
    namespace,
    workloads,
  }));
  return { flows, cut, open: open.sort((a, b) => compareText(a.namespace, b.namespace)) };
}

/** Is it for rules to say who may connect? Of what is open to any Pod nothing more is said. */
const isLimited = (network: NetworkModel, endpoint: WorkloadEndpoint): boolean =>
  isolation(network, endpoint, 'ingress').isolated || (tierDefault(network, endpoint, 'ingress')?.openToPods ?? 'yes') !== 'yes';

function partition<T>(items: readonly T[], holds: (item: T) => boolean): readonly [readonly T[], readonly T[]] {
  const groups = Map.groupBy(items, holds);
  return [groups.get(true) ?? [], groups.get(false) ?? []];
}

interface Expectation {
  readonly from: Endpoint;
  readonly to: WorkloadEndpoint;
  readonly ports: PortSet;
}

/** What was declared, and what every system needs: entries to their backends, webhooks, metrics ports and the DNS. */
function expectations(network: NetworkModel): readonly Expectation[] {
  const backends = entryFlows(network).flatMap(({ from, to, protocol, port }) =>
    from.ends.map((end) => ({ from: end, to, ports: portSet(protocol, port) })),
  );
  return [...declaredPairs(network), ...backends, ...webhooks(network), ...scrapes(network), ...dns(network)];
}

/** The API server may connect from any address. A rule for everybody is the one that fits every cluster, and it lets Pods in as well. */
function webhooks(network: NetworkModel): readonly Expectation[] {
  const addresses = [everyAddress[4], everyAddress[6]].map(externalEndpoint);
  return webhookFlows(network).flatMap(({ to, protocol, port, ruling }) => {
    const isForAll = ruling.answer === 'allowed' && !ruling.assumptions.includes('control-plane-source');
    const from = isForAll ? [...addresses, ...network.endpoints, stranger] : addresses;
    return to.ends.flatMap((end) =>
      end.kind === 'workload' && port !== undefined
        ? from.map((source) => ({ from: source, to: end, ports: portSet(protocol, port) }))
        : [],
    );
  });
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
    return [...network.endpoints, stranger].map((from) => ({ from, to: endpoint, ports }));
  });
}

/**
 * What strangers reach for certain: they are no Pods of which anybody could settle a doubt. What is meant for the whole internet is
 * open to them by intention.
 */
const byStranger = (network: NetworkModel, expected: readonly Expectation[], to: WorkloadEndpoint): readonly UnexpectedFlow[] => {
  const forAll = expected.filter(
    ({ from }) => from === stranger || (from.kind === 'external' && publicIPv4.some((range) => contains(from.range, range))),
  );
  return between(network, forAll, stranger, to).filter(({ certain }) => certain);
};

/** @param expected what is expected of this pair. */
function between(
  network: NetworkModel,
  expected: readonly Expectation[],
  from: Endpoint,
  to: WorkloadEndpoint,
): readonly UnexpectedFlow[] {
  if (isClosedTo(network, to, from)) return [];
  const wanted = expected.reduce((ports, item) => unitePorts(ports, item.ports), noPorts);
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
  for (const atom of [everyAddress[4], everyAddress[6]].flatMap((range) => addressParts(network, range, to, 'ingress'))) {
    const here = expected.filter((item) => item.from.kind === 'external' && contains(item.from.range, atom.range));
    for (const flow of between(network, here, atom, to)) {
      const key = `${formatPorts(flow.ports)} ${flow.certain}`;
      const group = groups.get(key) ?? { flow, ranges: [] };
      group.ranges.push(atom.range);
      groups.set(key, group);
    }
  }
  return [...groups.values()].map(({ flow, ranges }) => ({ ...flow, from: joinRanges(ranges).map(formatRange).join(', ') }));
}
