import type { Direction } from '../selection.ts';
import { either, nothing, type Prospect, ruleStage, settle, type Stage } from '../tier-fold.ts';
import { effectOf } from '../tier-match.ts';
import { type SelectingTier, tierStage } from '../tiers.ts';
import { type AssumptionMask, assumptionsOf, maskOf } from './assumption-mask.ts';
import type { PortSetId, PortTable } from './port-table.ts';
import type { TierClaim } from './tier-claims.ts';
import type { Value, ValueTable } from './value-table.ts';

/** What the NetworkPolicies on a subject say of a peer. */
export interface PolicyOutcome {
  readonly value: Value;
  readonly isolated: 'yes' | 'maybe' | 'no';
  /** Ports that some of them perhaps admits. */
  readonly admitted: PortSetId;
  /** What their selecting the subject, and their admitting the peer, depends on. */
  readonly doubts: AssumptionMask;
}

/** The cluster-wide policies on a subject, and the memory of what was judged of them. */
export interface Tiers {
  readonly direction: Direction;
  readonly selecting: readonly SelectingTier[];
}

type Fate = Prospect<undefined>;

/**
 * Puts what NetworkPolicy says in its place between the tiers: see `tier-fold.ts`, which folds here one part of the ports at a time,
 * the parts being those that neither a rule of a tier nor NetworkPolicy tells apart.
 */
export function withTiers({ ports }: ValueTable, tiers: Tiers, claims: readonly TierClaim[], outcome: PolicyOutcome): Value {
  const { value } = outcome;
  let must = ports.none;
  let may = ports.none;
  let given = 0;
  let open = 0;
  for (const part of partition(ports, [...claims.map((claim) => claim.ports), value.must, value.may, outcome.admitted])) {
    const { verdicts, doubts, given: taken } = fateOf(ports, tiers, claims, outcome, part);
    if (!verdicts.includes('allow')) continue;
    may = ports.unite(may, part);
    if (verdicts.length > 1) open |= maskOf(doubts);
    else {
      must = ports.unite(must, part);
      given |= maskOf(taken);
    }
  }
  return { must, may, given, open };
}

function fateOf(ports: PortTable, tiers: Tiers, claims: readonly TierClaim[], outcome: PolicyOutcome, part: PortSetId): Fate {
  const stageOf = (tier: 'admin' | 'baseline'): Stage<undefined> =>
    tierStage(
      tiers.selecting.filter(({ policy }) => policy.tier === tier),
      tiers.direction,
      (_, rule) => {
        const claim = claims.find((each) => each.rule === rule && covers(ports, each.ports, part));
        if (claim === undefined) return nothing;
        return ruleStage(effectOf(rule).action, claim.certain ? 'yes' : 'maybe', assumptionsOf(claim.on), () => undefined);
      },
    );
  const unisolated = settle(outcome.isolated === 'yes' ? nothing : stageOf('baseline'), fate(['allow']));
  return settle(stageOf('admin'), policyFate(ports, outcome, part, unisolated));
}

/** What NetworkPolicy makes of these ports: final where it isolates the subject, and `unisolated` where it does not. */
function policyFate(ports: PortTable, outcome: PolicyOutcome, part: PortSetId, unisolated: Fate): Fate {
  const { value, isolated, admitted } = outcome;
  if (isolated === 'no') return { ...unisolated, given: [...unisolated.given, ...assumptionsOf(value.given)] };
  if (isolated === 'yes') {
    if (covers(ports, value.must, part)) return { ...fate(['allow']), given: assumptionsOf(value.given) };
    return covers(ports, value.may, part) ? fate(['allow', 'deny'], assumptionsOf(value.open)) : fate(['deny']);
  }
  const doubts = assumptionsOf(outcome.doubts);
  const mayAdmit = covers(ports, admitted, part);
  const mayDeny = !covers(ports, value.must, part);
  const inForce = mayAdmit && mayDeny ? fate(['allow', 'deny'], doubts) : fate([mayAdmit ? 'allow' : 'deny']);
  return either(doubts, inForce, unisolated);
}

const fate = (verdicts: Fate['verdicts'], doubts: Fate['doubts'] = []): Fate => ({
  verdicts,
  doubts,
  given: [],
  implicit: false,
  steps: [],
});

const covers = (ports: PortTable, set: PortSetId, part: PortSetId): boolean => ports.subtract(part, set) === ports.none;

/** All ports, in parts that lie wholly inside or outside of each set. */
function partition(ports: PortTable, sets: readonly PortSetId[]): readonly PortSetId[] {
  return [...new Set(sets)].reduce<readonly PortSetId[]>(
    (parts, set) =>
      parts.flatMap((part) => [ports.intersect(part, set), ports.subtract(part, set)]).filter((part) => part !== ports.none),
    [ports.all],
  );
}
