import { type AssumptionId, type Truth, unite } from './assumptions.ts';

export type Verdict = 'allow' | 'deny';

/**
 * How uncertainty is folded.
 *
 * A connection passes through the rules in order and is in one of the states undecided, passed, allow or deny. What is not known of
 * the cluster can make a rule match or not, so that the state is a set: a rule that certainly matches (`yes`) takes everything that
 * is undecided to its action; one that perhaps matches (`maybe`) takes it there and leaves it undecided too; `no` changes nothing.
 * Written down as a `Stage`: the actions that the undecided connection may be taken to, in order, and whether it may fall through all
 * of them. Stages compose in two ways:
 * - one after the other (`inSequence`): what falls through the first goes to the second;
 * - in an order that is not defined (`inAnyOrder`): each may come first, so that every action of every one may be taken; the
 *   connection falls through only if it may fall through all. Where the actions differ, each depends on `tier-order`.
 *
 * A tier is: both generations of the API in any order; in each, priorities in sequence; in each, policies of the same priority in any
 * order; in each, rules in sequence. Then (`settle`), from the last to the first: the Admin tier's `pass` and what falls through it go
 * on to NetworkPolicy. What its policies decide is final; what they do not isolate goes on to the Baseline tier, whose `pass`, and
 * what falls through it, is allowed.
 *
 * At the end there is a set of verdicts. One: that is the answer, given the assumptions behind the rules that certainly decided and
 * behind the `no` of rules that would have decided otherwise. Two: `depends`, on the assumptions of every `maybe` whose two branches
 * differ. The set may be too large where two doubts exclude each other, and is never too small.
 */
export interface Stage<S> {
  readonly hits: readonly Hit<S>[];
  /** May a connection stay undecided? */
  readonly falls: boolean;
  /** Rules that do not match, where that rests on assumptions. */
  readonly misses: readonly { readonly action: Action; readonly given: readonly AssumptionId[] }[];
}

export type Action = 'allow' | 'deny' | 'pass';

/** A rule that perhaps decides. `certain`: it does, if it is reached. */
export interface Hit<S> {
  readonly action: Action;
  readonly certain: boolean;
  readonly assumptions: readonly AssumptionId[];
  /** What the proof says of it. */
  readonly step: S;
}

export const nothing: Stage<never> = { hits: [], falls: true, misses: [] };

/** One rule, as a stage of its own. */
export function ruleStage<S>(action: Action, truth: Truth, assumptions: readonly AssumptionId[], step: () => S): Stage<S> {
  if (truth === 'no') return assumptions.length === 0 ? nothing : { ...nothing, misses: [{ action, given: assumptions }] };
  const certain = truth === 'yes';
  return { hits: [{ action, certain, assumptions, step: step() }], falls: !certain, misses: [] };
}

/** The second gets what falls through the first. It is not asked for where nothing does. */
export function inSequence<S, T>(items: Iterable<T>, stageOf: (item: T) => Stage<S>): Stage<S> {
  const hits: Hit<S>[] = [];
  const misses: Stage<S>['misses'][number][] = [];
  for (const item of items) {
    const stage = stageOf(item);
    hits.push(...stage.hits);
    misses.push(...stage.misses);
    if (!stage.falls) return { hits, misses, falls: false };
  }
  return { hits, misses, falls: true };
}

export function inAnyOrder<S>(stages: readonly Stage<S>[]): Stage<S> {
  const acting = stages.filter(({ hits }) => hits.length > 0);
  const hits = acting.flatMap((stage) => stage.hits);
  const contested = acting.length > 1 && new Set(hits.map(({ action }) => action)).size > 1;
  return {
    hits: contested
      ? hits.map((hit) => ({
          ...hit,
          certain: false,
          // What a certain match takes for granted is no open question: only the order is.
          assumptions: unite(hit.certain ? [] : hit.assumptions, ['tier-order']),
        }))
      : hits,
    falls: stages.every(({ falls }) => falls),
    misses: stages.flatMap(({ misses }) => misses),
  };
}

/** What may come of a connection from some point on. */
export interface Prospect<S> {
  /** One, or both. */
  readonly verdicts: readonly Verdict[];
  /** With both: what it depends on. */
  readonly doubts: readonly AssumptionId[];
  /** With one: what it takes for granted. */
  readonly given: readonly AssumptionId[];
  /** It may be allowed by no rule at all. */
  readonly implicit: boolean;
  /** It may be for the Baseline tier to decide, or for nobody: a NetworkPolicy that isolates the Pod would do so instead. */
  readonly yields?: boolean;
  readonly steps: readonly S[];
}

/** Either of two, depending on `on`; where both come to the same single verdict, on nothing. */
export function either<S>(on: readonly AssumptionId[], a: Prospect<S>, b: Prospect<S>): Prospect<S> {
  if (a === b) return a;
  const verdicts = [...new Set([...a.verdicts, ...b.verdicts])].sort();
  return {
    verdicts,
    doubts: verdicts.length === 1 ? [] : unite(on, a.doubts, b.doubts),
    given: unite(a.given, b.given),
    implicit: a.implicit || b.implicit,
    yields: a.yields === true || b.yields === true,
    steps: [...a.steps, ...b.steps],
  };
}

/**
 * What comes of a connection that enters a tier.
 * @param rest what comes of one that the tier passes on, or leaves undecided.
 */
export function settle<S>(tier: Stage<S>, rest: Prospect<S>): Prospect<S> {
  let prospect = tier.falls ? rest : undefined;
  for (const hit of [...tier.hits].reverse()) {
    const taken = hit.action === 'pass' ? rest : decided(hit.action, hit);
    prospect = prospect === undefined ? taken : either(hit.certain ? [] : hit.assumptions, taken, prospect);
  }
  const settled = prospect ?? rest;
  const passes = tier.hits.filter(({ action }) => action === 'pass').map(({ step }) => step);
  const [verdict] = settled.verdicts;
  const given = tier.misses.flatMap((miss) =>
    miss.action === verdict || (miss.action === 'pass' && settled === rest) ? [] : miss.given,
  );
  return {
    ...settled,
    given: settled.verdicts.length === 1 ? unite(settled.given, given) : [],
    steps: [...passes, ...settled.steps],
  };
}

const decided = <S>(verdict: Verdict, { certain, assumptions, step }: Hit<S>): Prospect<S> => ({
  verdicts: [verdict],
  doubts: [],
  given: certain ? assumptions : [],
  implicit: false,
  steps: [step],
});
