import type { NetworkPolicy, PolicyRule } from '../../../kube/network-policy.ts';
import type { Profile } from '../assumptions.ts';
import { externalEndpoint, type WorkloadEndpoint } from '../peers.ts';
import type { Direction } from '../selection.ts';
import type { AddressAtoms, AtomRun } from './address-atoms.ts';
import { type AssumptionMask, maskOf } from './assumption-mask.ts';
import { classSet, type ClassSet, everyClass, membersOf } from './class-set.ts';
import type { Classes } from './classes.ts';
import type { PeerSet, PeerSets } from './peer-sets.ts';
import type { PortSetId, PortTable } from './port-table.ts';
import { hasPortNames, type RulePorts, rulePorts } from './rule-ports.ts';

/** What one rule admits to some peers. */
export interface Claim {
  /** Number of the policy among those that select the subject. */
  readonly policy: number;
  readonly certain: PortSetId;
  /** What `certain` takes for granted. */
  readonly given: AssumptionMask;
  readonly perhaps: PortSetId;
  readonly on: AssumptionMask;
}

/** Claims with whom they are for: classes of Pods, or runs of addresses. */
export interface Claims {
  readonly pods: readonly { readonly set: ClassSet; readonly claim: Claim }[];
  readonly addresses: readonly { readonly runs: readonly AtomRun[]; readonly claim: Claim }[];
}

export interface ClaimContext {
  readonly classes: Classes;
  readonly atoms: AddressAtoms;
  readonly peers: PeerSets;
  readonly ports: PortTable;
  readonly network: { readonly profile: Profile };
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
        for (const { set, ports } of at.pods(group.set))
          pods.push({ set, claim: claim(context.ports, index, ports, group.certain, group.on) });
      for (const { runs, certain, on } of peer.addresses)
        addresses.push({ runs, claim: claim(context.ports, index, at.addresses, certain, on) });
    }
  }
  // A refused part may hold a peer or port that is not read here: what the policy would admit then is not known.
  if (policy.invalid.some(({ path }) => path[0] === 'spec' && path[1] === direction)) {
    const anything = {
      policy: index,
      certain: context.ports.none,
      given: 0,
      perhaps: context.ports.all,
      on: maskOf(['invalid-policy']),
    };
    pods.push({ set: everyClass, claim: anything });
    addresses.push({ runs: [context.atoms.whole], claim: anything });
  }
  return { pods, addresses };
}

const peersOf = ({ peers }: ClaimContext, policy: NetworkPolicy, rule: PolicyRule): readonly PeerSet[] =>
  rule.peers === undefined ? [peers.everyone] : rule.peers.map((peer) => peers.of(policy, peer));

/** Peer and port must both match: what is certain of both is certain. */
function claim(table: PortTable, policy: number, ports: RulePorts, certain: boolean, on: AssumptionMask): Claim {
  if (certain) return { policy, certain: ports.certain, given: on, perhaps: ports.perhaps, on: on | ports.on };
  return { policy, certain: table.none, given: 0, perhaps: table.unite(ports.certain, ports.perhaps), on: on | ports.on };
}

interface PortsAt {
  /** Splits classes by what the port names of the rule are there. */
  pods(set: ClassSet): Iterable<{ readonly set: ClassSet; readonly ports: RulePorts }>;
  readonly addresses: RulePorts;
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
    const ports = rulePorts(table, policy, rule, subject, profile);
    return { pods: (set) => [{ set, ports }], addresses: ports };
  }
  const [anywhere] = atoms.ranges;
  const outside = anywhere === undefined ? subject : externalEndpoint(anywhere);
  return {
    pods(set) {
      const parts = new Map<string, { readonly ports: RulePorts; readonly ids: number[] }>();
      for (const id of membersOf(set, classes.pods.length)) {
        const pod = classes.pods[id];
        if (pod === undefined) continue;
        const ports = rulePorts(table, policy, rule, pod.representative, profile);
        const key = `${ports.certain} ${ports.perhaps} ${ports.on}`;
        const part = parts.get(key);
        if (part === undefined) parts.set(key, { ports, ids: [id] });
        else part.ids.push(id);
      }
      return [...parts.values()].map(({ ports, ids }) => ({ set: classSet(ids, classes.pods.length), ports }));
    },
    addresses: rulePorts(table, policy, rule, outside, profile),
  };
}
