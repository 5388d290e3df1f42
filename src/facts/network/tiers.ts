import type { TierPolicy, TierRule } from '../../kube/admin-network-policy.ts';
import { every, type Match, maybe, unite } from './assumptions.ts';
import type { DirectionRuling, Step } from './direction.ts';
import type { NetworkModel } from './network.ts';
import type { Endpoint, PodEndpoint } from './peers.ts';
import type { PortNumber } from './rule.ts';
import type { Direction } from './selection.ts';
import { either, inAnyOrder, inSequence, nothing, type Prospect, ruleStage, settle, type Stage } from './tier-fold.ts';
import { effectOf, tierRuleMatches, tierSelects } from './tier-match.ts';

/** A cluster-wide policy that acts on an endpoint, for certain or perhaps. */
export interface SelectingTier {
  readonly policy: TierPolicy;
  readonly match: Match;
}

/** Cluster-wide policies that act on an endpoint, in the order of tier, priority and name. */
export function tiersOn(network: NetworkModel, endpoint: PodEndpoint): readonly SelectingTier[] {
  const { 'no-enforcement': unenforced, 'tier-support': support } = network.profile;
  if (network.tierPolicies.length === 0 || unenforced === 'yes' || support === 'no') return [];
  const isKnown = network.byId.get(endpoint.id) === endpoint;
  const known = network.once(byEndpoint);
  const found = isKnown ? known.get(endpoint.id) : undefined;
  if (found) return found;
  const selecting = network.tierPolicies
    .map((policy) => {
      const match = tierSelects(policy, endpoint);
      return { policy, match: support === 'maybe' && match.truth !== 'no' ? every([match, maybe('tier-support')]) : match };
    })
    .filter(({ match }) => match.truth !== 'no');
  if (isKnown) known.set(endpoint.id, selecting);
  return selecting;
}

const byEndpoint = (): Map<string, readonly SelectingTier[]> => new Map();

/** Those that have rules for a direction: without one, a cluster-wide policy says nothing of it and isolates nobody. */
export const tiersOnDirection = (network: NetworkModel, endpoint: PodEndpoint, direction: Direction): readonly SelectingTier[] =>
  tiersOn(network, endpoint).filter(({ policy }) => policy[direction].length > 0);

/** One connection, seen from the end that the policies select. */
export interface TierQuestion {
  readonly direction: Direction;
  readonly subject: PodEndpoint;
  readonly peer: Endpoint;
  readonly destination: Endpoint;
  readonly port: PortNumber;
}

/** What a tier may do with a connection. How parts of it are put together: see `tier-fold.ts`. */
export function tierStage<S>(
  selecting: readonly SelectingTier[],
  direction: Direction,
  stageOf: (selecting: SelectingTier, rule: TierRule) => Stage<S>,
): Stage<S> {
  const generations = [...Map.groupBy(selecting, ({ policy }) => policy.api).values()];
  return inAnyOrder(
    generations.map((policies) => {
      const levels = [...Map.groupBy(policies, ({ policy }) => policy.priority)].sort(([a], [b]) => a - b);
      return inSequence(levels, ([, level]) =>
        inAnyOrder(level.map((item) => inSequence(item.policy[direction], (rule) => stageOf(item, rule)))),
      );
    }),
  );
}

/** A tier with the steps of its proof. */
export const explainedTier = (
  selecting: readonly SelectingTier[],
  tier: TierPolicy['tier'],
  question: TierQuestion,
): Stage<Step> =>
  tierStage(
    selecting.filter(({ policy }) => policy.tier === tier),
    question.direction,
    (item, rule) => explainedStage(item, rule, question),
  );

function explainedStage(
  { policy, match }: SelectingTier,
  rule: TierRule,
  { direction, peer, destination, port }: TierQuestion,
): Stage<Step> {
  const { truth, assumptions } = every([match, tierRuleMatches(rule, peer, destination, port)]);
  const { action } = effectOf(rule);
  return ruleStage(action, truth, assumptions, () => ({
    note: `${ruleName(policy, rule, direction)} ${does(rule, truth === 'yes')}`,
    object: policy.object,
    at: rule.path,
  }));
}

const verbs = {
  allow: ['allows it', 'may allow it'],
  deny: ['denies it', 'may deny it'],
  pass: ['passes it on to NetworkPolicy', 'may pass it on to NetworkPolicy'],
} as const;

function does(rule: TierRule, certain: boolean): string {
  const { action, on } = effectOf(rule);
  const verb = verbs[action][certain ? 0 : 1];
  return on === 'everything' ? `${verb}, as all else: a part of it cannot be read, and it fails closed` : verb;
}

const ruleName = (policy: TierPolicy, rule: TierRule, direction: Direction): string =>
  `${direction} rule ${rule.index + 1} of ${tierName(policy)}`;

/** `AdminNetworkPolicy x (priority 5)`. */
export function tierName({ ref, priority, tier, api }: TierPolicy): string {
  if (api === 'v1alpha2') return `${ref.kind} ${ref.name} (${tier === 'admin' ? 'Admin' : 'Baseline'}, priority ${priority})`;
  return tier === 'admin' ? `${ref.kind} ${ref.name} (priority ${priority})` : `${ref.kind} ${ref.name}`;
}

/** What the NetworkPolicies on the subject say, one by one. */
export interface Admitting {
  /** Does the policy select the subject? */
  readonly match: Match;
  readonly admits: Match;
}

/** Puts the ruling of the NetworkPolicies in its place between the tiers. Itself where no cluster-wide policy acts on the subject. */
export function withTiers(
  network: NetworkModel,
  question: TierQuestion,
  ruling: DirectionRuling,
  admitting: readonly Admitting[],
): DirectionRuling {
  const selecting = tiersOnDirection(network, question.subject, question.direction);
  if (selecting.length === 0) return ruling;
  const baseline = ruling.isolated === 'yes' ? nothing : explainedTier(selecting, 'baseline', question);
  const unisolated = settle(baseline, byDefault(question, ruling, selecting));
  const policies = policyProspect(ruling, admitting, unisolated);
  const {
    verdicts,
    doubts,
    given,
    implicit,
    yields = false,
    steps,
  } = settle(explainedTier(selecting, 'admin', question), policies);
  const [verdict, other] = verdicts;
  if (other !== undefined) return { ...ruling, answer: 'depends', implicit: false, assumptions: doubts, because: steps };
  const answer = verdict === 'allow' ? 'allowed' : 'denied';
  return { ...ruling, answer, implicit: answer === 'allowed' && implicit, yields, assumptions: given, because: steps };
}

/** Nothing decides: the connection is allowed. */
function byDefault(
  { direction }: TierQuestion,
  { isolated, because }: DirectionRuling,
  [first, ...rest]: readonly SelectingTier[],
): Prospect<Step> {
  const count = rest.length === 0 ? '' : ` and of ${rest.length} more`;
  const silent = first && {
    note: `no ${direction} rule of ${tierName(first.policy)}${count} decides it`,
    object: first.policy.object,
    at: ['spec', direction],
  };
  return {
    verdicts: ['allow'],
    doubts: [],
    given: [],
    implicit: isolated === 'no',
    steps: [...(isolated === 'no' ? because : []), ...(silent ? [silent] : [])],
  };
}

/** What NetworkPolicy makes of a connection: final where it isolates the subject, and `unisolated` where it does not. */
function policyProspect(
  { isolated, answer, assumptions, because }: DirectionRuling,
  admitting: readonly Admitting[],
  unisolated: Prospect<Step>,
): Prospect<Step> {
  // Pods that are in no source may have NetworkPolicies that are in none either: the ruling names that.
  if (isolated === 'no') return { ...unisolated, given: unite(unisolated.given, assumptions), yields: true };
  const prospect = { implicit: false, steps: because };
  if (isolated === 'yes') {
    if (answer === 'depends') return { ...prospect, verdicts: ['allow', 'deny'], doubts: assumptions, given: [] };
    return { ...prospect, verdicts: [answer === 'allowed' ? 'allow' : 'deny'], doubts: [], given: assumptions };
  }
  // Every policy is in doubt: any of them may isolate, and then what they admit is what those admit that do.
  const doubts = unite(
    ...admitting.flatMap(({ match, admits }) => [match.assumptions, admits.truth === 'maybe' ? admits.assumptions : []]),
  );
  const mayAdmit = admitting.some(({ admits }) => admits.truth !== 'no');
  const mayDeny = admitting.some(({ admits }) => admits.truth !== 'yes');
  const inForce: Prospect<Step> = {
    ...prospect,
    verdicts: [...(mayAdmit ? (['allow'] as const) : []), ...(mayDeny ? (['deny'] as const) : [])],
    doubts: mayAdmit && mayDeny ? doubts : [],
    given: [],
  };
  return either(doubts, inForce, { ...unisolated, yields: true });
}
