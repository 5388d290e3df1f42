import { everyAddress, splitRange } from '../../kube/address.ts';
import type { TierPolicy, TierRule } from '../../kube/admin-network-policy.ts';
import { intervals } from './admitted-ports.ts';
import { every } from './assumptions.ts';
import { networksOf } from './blocks.ts';
import type { NetworkModel } from './network.ts';
import { type Endpoint, externalEndpoint, type WorkloadEndpoint } from './peers.ts';
import { protocols } from './ports.ts';
import type { PortNumber } from './rule.ts';
import type { Direction } from './selection.ts';
import { stranger } from './tier-default.ts';
import { inAnyOrder, inSequence, ruleStage, type Stage } from './tier-fold.ts';
import { effectOf, tierPeersMatch, tierPortBounds, tierRuleMatches } from './tier-match.ts';
import { type SelectingTier, tiersOnDirection } from './tiers.ts';

/** Two cluster-wide policies without an order that decide a connection differently, with such a connection. */
export interface TierConflict {
  readonly policies: readonly [TierPolicy, TierPolicy];
  readonly direction: Direction;
  readonly subject: WorkloadEndpoint;
  readonly peer: Endpoint;
  readonly port: PortNumber;
  /** False: as far as is known of labels and addresses, they may. */
  readonly certain: boolean;
}

/** One connection for each pair of policies, in the order of the policies. */
export const tierConflicts = (network: NetworkModel): readonly TierConflict[] => network.once(findConflicts);

function findConflicts(network: NetworkModel): readonly TierConflict[] {
  const { tierPolicies } = network;
  const peers = peerFinder(network);
  return tierPolicies.flatMap((a, index) =>
    tierPolicies.slice(index + 1).flatMap((b): readonly TierConflict[] => {
      if (!isUnordered(a, b)) return [];
      const found = (['ingress', 'egress'] as const).flatMap((direction) => conflict(network, a, b, direction, peers) ?? []);
      const chosen = found.find(({ certain }) => certain) ?? found[0];
      return chosen ? [chosen] : [];
    }),
  );
}

/** The API orders policies by priority, and its two generations not at all. */
export const isUnordered = (a: TierPolicy, b: TierPolicy): boolean =>
  a.tier === b.tier && (a.api !== b.api || a.priority === b.priority);

type PeerFinder = (rule: TierRule) => ReadonlySet<Endpoint>;

/** Who is a peer of a rule, perhaps; each rule is asked once. */
function peerFinder(network: NetworkModel): PeerFinder {
  const networks = network.tierPolicies.flatMap(({ egress }) => networksOf(egress));
  const outside = [everyAddress[4], everyAddress[6]].flatMap((range) => splitRange(range, networks)).map(externalEndpoint);
  const ends = [...network.endpoints, stranger, ...outside];
  const known = new Map<TierRule, ReadonlySet<Endpoint>>();
  return (rule) => {
    const found = known.get(rule) ?? new Set(ends.filter((end) => tierPeersMatch(rule.peers, end).truth !== 'no'));
    known.set(rule, found);
    return found;
  };
}

function conflict(
  network: NetworkModel,
  a: TierPolicy,
  b: TierPolicy,
  direction: Direction,
  peers: PeerFinder,
): TierConflict | undefined {
  const pairs = a[direction].flatMap((left) =>
    b[direction].filter((right) => left.action !== right.action).map((right) => [left, right] as const),
  );
  const subject = pairs.length > 0 ? commonSubject(network, a, b, direction) : undefined;
  if (subject === undefined) return undefined;
  let perhaps: TierConflict | undefined;
  for (const [left, right] of pairs) {
    const others = peers(right);
    for (const peer of peers(left)) {
      if (!others.has(peer)) continue;
      const found = onSomePort({ policies: [a, b], direction, ...subject, peer }, [left, right]);
      if (found?.certain === true) return found;
      perhaps ??= found;
    }
  }
  return perhaps;
}

interface Subject {
  readonly subject: WorkloadEndpoint;
  readonly selecting: readonly [SelectingTier, SelectingTier];
}

/** A workload that both act on, for certain if there is one. */
function commonSubject(network: NetworkModel, a: TierPolicy, b: TierPolicy, direction: Direction): Subject | undefined {
  let perhaps: Subject | undefined;
  for (const subject of network.endpoints) {
    const selecting = tiersOnDirection(network, subject, direction);
    const [left, right] = [a, b].map((policy) => selecting.find((item) => item.policy === policy));
    if (left === undefined || right === undefined) continue;
    const found = { subject, selecting: [left, right] as const };
    if (left.match.truth === 'yes' && right.match.truth === 'yes') return found;
    perhaps ??= found;
  }
  return perhaps;
}

function onSomePort(
  { selecting, ...found }: Omit<TierConflict, 'port' | 'certain'> & Subject,
  rules: readonly [TierRule, TierRule],
): TierConflict | undefined {
  const { direction, subject, peer } = found;
  const destination = direction === 'ingress' ? subject : peer;
  const bounds = rules.flatMap(({ ports }) => (ports ?? []).flatMap((entry) => tierPortBounds(entry, destination)));
  for (const protocol of ['TCP', ...protocols] as const) {
    for (const { first } of intervals(bounds)) {
      const port = { protocol, port: first };
      if (rules.some((rule) => tierRuleMatches(rule, peer, destination, port).truth === 'no')) continue;
      const stages = selecting.map(
        ({ policy, match }): Stage<undefined> =>
          inSequence(policy[direction], (rule) => {
            const { truth, assumptions } = every([match, tierRuleMatches(rule, peer, destination, port)]);
            return ruleStage(effectOf(rule).action, truth, assumptions, () => undefined);
          }),
      );
      // An earlier rule of the same policy may have settled it: what counts is what the policies do, not what one rule would.
      if (!inAnyOrder(stages).hits.some(({ assumptions }) => assumptions.includes('tier-order'))) continue;
      return { ...found, port, certain: stages.every(({ hits }) => hits.length === 1 && hits[0]?.certain === true) };
    }
  }
  return undefined;
}
