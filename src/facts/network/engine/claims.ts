import type { NetworkPolicy, PolicyRule } from '../../../kube/network-policy.ts';
import type { NetworkModel } from '../network.ts';
import { externalEndpoint, type WorkloadEndpoint } from '../peers.ts';
import type { Direction } from '../selection.ts';
import type { AddressAtoms, AtomRun } from './address-atoms.ts';
import { type AssumptionMask, maskOf } from './assumption-mask.ts';
import { classSet, type ClassSet, everyClass, membersOf } from './class-set.ts';
import type { Classes } from './classes.ts';
import type { PeerSet, PeerSets } from './peer-sets.ts';
import type { PortSetId, PortTable } from './port-table.ts';
import { hasPortNames, type PortPart, rulePorts } from './rule-ports.ts';

/** Ports that one policy admits to some peers. */
export interface Claim {
  /** Number of the policy among those that select the subject. */
  readonly policy: number;
  readonly ports: PortSetId;
  /** False: perhaps. */
  readonly certain: boolean;
  readonly on: AssumptionMask;
}

/** Claims with whom they are for: classes of Pods, or runs of addresses. */
export interface Claims<T = Claim> {
  readonly pods: readonly { readonly set: ClassSet; readonly claim: T }[];
  readonly addresses: readonly { readonly runs: readonly AtomRun[]; readonly claim: T }[];
}

export interface ClaimContext {
  readonly classes: Classes;
  readonly atoms: AddressAtoms;
  readonly peers: PeerSets;
  readonly ports: PortTable;
  readonly network: NetworkModel;
}

/** Everything that the rules of one policy admit to a subject, in one direction. */
export function claimsOf(
  context: ClaimContext,
  direction: Direction,
  policy: NetworkPolicy,
  index: number,
  subject: WorkloadEndpoint,
): Claims {
  const pods: Claims['pods'][number][] = [];
  const addresses: Claims['addresses'][number][] = [];
  for (const rule of policy[direction]) {
    const at = portsAt(context, direction, policy, rule, subject);
    for (const peer of peersOf(context, policy, rule)) {
      for (const group of peer.pods)
        for (const { set, parts } of at.pods(group.set))
          for (const part of parts) pods.push({ set, claim: claim(index, part, group) });
      for (const group of peer.addresses)
        for (const part of at.addresses) addresses.push({ runs: group.runs, claim: claim(index, part, group) });
    }
  }
  // A refused part may hold a peer or port that is not read here: what the policy would admit then is not known.
  if (policy.invalid.some(({ path }) => path[0] === 'spec' && path[1] === direction)) {
    const anything = { policy: index, ports: context.ports.all, certain: false, on: maskOf(['invalid-policy']) };
    pods.push({ set: everyClass, claim: anything });
    addresses.push({ runs: [context.atoms.whole], claim: anything });
  }
  return { pods, addresses };
}

const peersOf = ({ peers }: ClaimContext, policy: NetworkPolicy, rule: PolicyRule): readonly PeerSet[] =>
  rule.peers === undefined ? [peers.everyone] : rule.peers.map((peer) => peers.of(policy, peer));

/** Peer and port must both match: what is certain of both is certain. */
const claim = (policy: number, part: PortPart, group: { readonly certain: boolean; readonly on: AssumptionMask }): Claim => ({
  policy,
  ports: part.ports,
  certain: part.certain && group.certain,
  on: part.on | group.on,
});

interface PortsAt {
  /** Splits classes by what the port names of the rule are there. */
  pods(set: ClassSet): Iterable<{ readonly set: ClassSet; readonly parts: readonly PortPart[] }>;
  readonly addresses: readonly PortPart[];
}

/** The ports of a rule at its destinations: one answer for ingress, and for egress one for each peer with other port names. */
function portsAt(
  context: ClaimContext,
  direction: Direction,
  policy: NetworkPolicy,
  rule: PolicyRule,
  subject: WorkloadEndpoint,
): PortsAt {
  const { classes, ports: table, atoms } = context;
  const { profile } = context.network;
  if (direction === 'ingress' || !hasPortNames(rule)) {
    const parts = rulePorts(table, policy, rule, subject, profile);
    return { pods: (set) => [{ set, parts }], addresses: parts };
  }
  const [anywhere] = atoms.ranges;
  const outside = anywhere === undefined ? subject : externalEndpoint(anywhere);
  return {
    pods: (set) => byPorts(classes, set, (peer) => rulePorts(table, policy, rule, peer, profile)),
    addresses: rulePorts(table, policy, rule, outside, profile),
  };
}

/** Classes of a set, those with equal ports together. */
export function* byPorts<T extends PortPart>(
  classes: Classes,
  set: ClassSet,
  portsOf: (peer: WorkloadEndpoint) => readonly T[],
): Generator<{ readonly set: ClassSet; readonly parts: readonly T[] }> {
  const groups = new Map<string, { readonly parts: readonly T[]; readonly ids: number[] }>();
  for (const id of membersOf(set, classes.pods.length)) {
    const pod = classes.pods[id];
    if (pod === undefined) continue;
    const parts = portsOf(pod.representative);
    const key = parts.map(({ ports, certain, on }) => `${ports} ${certain} ${on}`).join(';');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { parts, ids: [id] });
    else group.ids.push(id);
  }
  for (const { parts, ids } of groups.values()) yield { set: classSet(ids, classes.pods.length), parts };
}
