import type { TierRule } from '../../../kube/admin-network-policy.ts';
import { some } from '../assumptions.ts';
import { type Endpoint, externalEndpoint, type WorkloadEndpoint } from '../peers.ts';
import type { Direction } from '../selection.ts';
import { effectOf, tierPortBounds, tierPortMatches } from '../tier-match.ts';
import type { SelectingTier } from '../tiers.ts';
import { type AssumptionMask, maskOf } from './assumption-mask.ts';
import { byPorts, type ClaimContext, type Claims } from './claims.ts';
import type { ClassSet } from './class-set.ts';
import type { PeerSet } from './peer-sets.ts';
import type { PortSetId, PortTable } from './port-table.ts';
import { everyPort, type PortPart, portParts } from './rule-ports.ts';
import type { TierSets } from './tier-sets.ts';

/** Ports on which a rule of a cluster-wide policy matches some peers. */
export interface TierClaim {
  readonly rule: TierRule;
  readonly ports: PortSetId;
  /** False: it perhaps matches. */
  readonly certain: boolean;
  readonly on: AssumptionMask;
}

/** Everything that the rules of the cluster-wide policies on a subject match, in one direction. */
export function tierClaimsOf(
  context: ClaimContext & { readonly tiers: TierSets },
  direction: Direction,
  selecting: readonly SelectingTier[],
  subject: WorkloadEndpoint,
): Claims<TierClaim> {
  const pods: Claims<TierClaim>['pods'][number][] = [];
  const addresses: Claims<TierClaim>['addresses'][number][] = [];
  for (const { policy, match } of selecting)
    for (const rule of policy[direction]) {
      const { on } = effectOf(rule);
      if (on === 'nothing') continue;
      const peers: PeerSet = on === 'everything' ? context.peers.everyone : context.tiers.of(rule);
      const claim = (part: PortPart, group: { readonly certain: boolean; readonly on: AssumptionMask }): TierClaim => ({
        rule,
        ports: part.ports,
        certain: part.certain && group.certain && match.truth === 'yes',
        on: part.on | group.on | maskOf(match.assumptions),
      });
      for (const group of peers.pods)
        for (const { set, parts } of podParts(context, direction, rule, group.set, subject))
          for (const part of parts) pods.push({ set, claim: claim(part, group) });
      for (const group of peers.addresses)
        for (const part of partsAt(context.ports, rule, direction === 'ingress' ? subject : outside(context)))
          addresses.push({ runs: group.runs, claim: claim(part, group) });
    }
  return { pods, addresses };
}

/** Classes of a set by what the port names of the rule are at the destination. */
function podParts(
  { classes, ports }: ClaimContext,
  direction: Direction,
  rule: TierRule,
  set: ClassSet,
  subject: WorkloadEndpoint,
): Iterable<{ readonly set: ClassSet; readonly parts: readonly PortPart[] }> {
  const isNamed = rule.ports?.some(({ kind }) => kind === 'named') ?? false;
  if (direction === 'ingress' || !isNamed) return [{ set, parts: partsAt(ports, rule, subject) }];
  return byPorts(classes, set, (peer) => partsAt(ports, rule, peer));
}

function outside({ atoms }: ClaimContext): Endpoint {
  const [anywhere] = atoms.ranges;
  if (anywhere === undefined) throw new Error('there are addresses');
  return externalEndpoint(anywhere);
}

function partsAt(table: PortTable, rule: TierRule, destination: Endpoint): readonly PortPart[] {
  const { ports } = rule;
  if (ports === undefined || effectOf(rule).on === 'everything') return everyPort(table);
  return portParts(
    table,
    ports.flatMap((entry) => tierPortBounds(entry, destination)),
    (port) => some(ports.map((entry) => tierPortMatches(entry, destination, port))),
  );
}
