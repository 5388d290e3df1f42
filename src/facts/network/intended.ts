import type { IntendedFlow } from '../../evidence/declared.ts';
import { type AdmittedPorts, admittedPorts } from './admitted-ports.ts';
import type { NetworkModel } from './network.ts';
import type { Endpoint } from './peers.ts';
import { intersectPorts, isEmptyPorts, type PortSet, portSet, unitePorts } from './ports.ts';
import { type Answer, type PortQuery, reaches, type Ruling } from './reach.ts';
import { withSourceNat } from './source-nat.ts';
import { addressParts } from './address-parts.ts';
import { resolveTrafficEnd, type TrafficEnd } from './traffic-ends.ts';

/** One pair of a declared flow, with what the policies say of it. */
export interface IntendedPair {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly answer: Answer;
  /** The ruling at the declared port; at the first open (or first) port where none is declared. */
  readonly ruling: Ruling;
}

/**
 * A declared flow and whether it is possible.
 * - satisfied: every pair is allowed (of `namespace/*`: at least one); missing: a pair is denied; depends: neither is certain;
 * - vacuous: one end stands for nothing, so that the declaration says nothing.
 */
export interface IntendedResult {
  readonly flow: IntendedFlow;
  readonly status: 'satisfied' | 'missing' | 'depends' | 'vacuous';
  readonly pairs: readonly IntendedPair[];
  /** For a vacuous flow: which end stands for nothing, and the nearest names. */
  readonly vacuous?: {
    readonly end: 'from' | 'to';
    readonly text: string;
    readonly why: string;
    readonly suggestions: readonly string[];
  };
}

/** Every declared flow with its status; undefined where nobody declared any. */
export const intendedFlows = (network: NetworkModel): readonly IntendedResult[] | undefined =>
  network.traffic?.map((flow) => intendedFlow(network, flow));

export function intendedFlow(network: NetworkModel, flow: IntendedFlow): IntendedResult {
  const from = resolveTrafficEnd(network, flow.from);
  const to = resolveTrafficEnd(network, flow.to);
  if (from.kind === 'nothing')
    return { flow, status: 'vacuous', pairs: [], vacuous: { end: 'from', text: flow.from, ...reasonOf(from) } };
  if (to.kind === 'nothing')
    return { flow, status: 'vacuous', pairs: [], vacuous: { end: 'to', text: flow.to, ...reasonOf(to) } };
  const pairs = pairsOf(from, to).map(({ from: source, to: destination }) => pairOf(network, flow, source, destination));
  return { flow, status: statusOf(pairs, from.any || to.any), pairs };
}

const reasonOf = ({ why, suggestions }: Extract<TrafficEnd, { kind: 'nothing' }>) => ({ why, suggestions });

type Ends = Extract<TrafficEnd, { kind: 'endpoints' }>;
const namespaceOf = (endpoint: Endpoint) =>
  endpoint.kind === 'workload' || endpoint.kind === 'unseen' ? endpoint.namespace.name : undefined;

/** All pairs; where both ends are bare names that several namespaces have, those within one namespace. */
export function pairsOf(from: Ends, to: Ends): readonly { readonly from: Endpoint; readonly to: Endpoint }[] {
  const all = from.endpoints.flatMap((source) => to.endpoints.map((destination) => ({ from: source, to: destination })));
  if (!from.unqualified || !to.unqualified) return all;
  const together = all.filter((pair) => namespaceOf(pair.from) === namespaceOf(pair.to));
  return together.length > 0 ? together : all;
}

function pairOf(network: NetworkModel, flow: IntendedFlow, from: Endpoint, to: Endpoint): IntendedPair {
  const { protocol } = flow;
  if (flow.port !== undefined) {
    const ruling = asked(network, from, to, { protocol, port: flow.port });
    return { from, to, answer: ruling.answer, ruling };
  }
  const [atom = from] = from.kind === 'external' ? addressParts(network, from.range, to, 'ingress') : [from];
  const ports = admittedPorts(network, atom, to);
  const port = witness(ports, wanted(to, protocol), protocol);
  const ruling = asked(network, from, to, { protocol, port });
  return { from, to, answer: ruling.answer, ruling };
}

const asked = (network: NetworkModel, from: Endpoint, to: Endpoint, query: PortQuery): Ruling =>
  withSourceNat(network, from, to, query, reaches(network, from, to, query));

/** Without a declared port, any of the ports that the destination declares will do; any port at all where it declares none. */
function wanted(to: Endpoint, protocol: IntendedFlow['protocol']): PortSet {
  const ports = to.kind === 'workload' ? to.workload.containers.flatMap((container) => container.ports) : [];
  const declared = ports
    .filter((port) => port.protocol === protocol)
    .reduce<PortSet>((set, { number }) => unitePorts(set, portSet(protocol, number)), { SCTP: [], TCP: [], UDP: [] });
  return isEmptyPorts(declared) ? portSet(protocol) : declared;
}

function witness(ports: AdmittedPorts, among: PortSet, protocol: IntendedFlow['protocol']): number {
  const choices = [intersectPorts(ports.allowed, among), intersectPorts(ports.depends, among), among];
  return choices.find((set) => set[protocol].length > 0)?.[protocol][0]?.first ?? 1;
}

function statusOf(pairs: readonly IntendedPair[], any: boolean): IntendedResult['status'] {
  const has = (answer: Answer) => pairs.some((pair) => pair.answer === answer);
  if (any ? has('allowed') : !has('denied') && !has('depends')) return 'satisfied';
  if (any ? !has('depends') : has('denied')) return 'missing';
  return 'depends';
}
