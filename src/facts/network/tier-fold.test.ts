import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AssumptionId } from './assumptions.ts';
import { type Action, inAnyOrder, inSequence, type Prospect, ruleStage, settle, type Stage, type Verdict } from './tier-fold.ts';

/** A rule that matches, does not, or does where the doubt of that number holds. */
interface Rule {
  readonly action: Action;
  readonly matches: boolean | number;
}
/** Levels of policies of rules. */
type Tier = readonly (readonly (readonly Rule[])[])[];

/** Stand-ins for independent doubts. */
const doubts = ['unseen-peer', 'domain-names', 'pod-addresses', 'node-addresses'] as const satisfies readonly AssumptionId[];

const stageOf = (tier: Tier): Stage<string> =>
  inSequence(tier, (level) =>
    inAnyOrder(
      level.map((rules) =>
        inSequence(rules, ({ action, matches }) =>
          typeof matches === 'number'
            ? ruleStage(action, 'maybe', [doubts[matches] ?? 'unseen-peer'], () => action)
            : ruleStage(action, matches ? 'yes' : 'no', [], () => action),
        ),
      ),
    ),
  );

const only = (verdict: Verdict): Prospect<string> => ({ verdicts: [verdict], doubts: [], given: [], implicit: false, steps: [] });

/** What one cluster does: which doubts hold, and which policy of each level comes first. */
function happens(tier: Tier, rest: Verdict, holds: readonly boolean[], firsts: readonly number[]): Verdict {
  for (const [index, level] of tier.entries()) {
    const first = (firsts[index] ?? 0) % Math.max(level.length, 1);
    for (const rules of [...level.slice(first), ...level.slice(0, first)]) {
      for (const { action, matches } of rules) {
        if (typeof matches === 'number' ? holds[matches] !== true : !matches) continue;
        return action === 'pass' ? rest : action;
      }
    }
  }
  return rest;
}

const worlds = Array.from({ length: 2 ** doubts.length }, (_, bits) => doubts.map((_, index) => (bits & (1 << index)) !== 0));

function possible(tier: Tier, rest: Verdict): readonly Verdict[] {
  const found = new Set<Verdict>();
  const orders = tier.reduce<readonly (readonly number[])[]>(
    (all, level) => all.flatMap((order) => Array.from({ length: Math.max(level.length, 1) }, (_, first) => [...order, first])),
    [[]],
  );
  for (const holds of worlds) for (const order of orders) found.add(happens(tier, rest, holds, order));
  return [...found].sort();
}

const action = fc.constantFrom<Action>('allow', 'deny', 'pass');
const certainty = fc.oneof(fc.boolean(), fc.nat(doubts.length - 1));
const rules = fc.array(fc.record({ action, matches: certainty }), { maxLength: 3 });
const tiers = fc.array(fc.array(rules, { minLength: 1, maxLength: 3 }), { maxLength: 3 });
const verdict = fc.constantFrom<Verdict>('allow', 'deny');

/** Gives every doubtful rule a doubt of its own, as far as there are any; others become certain. */
function independent(tier: Tier): Tier {
  let next = 0;
  return tier.map((level) =>
    level.map((list) =>
      list.map((rule) =>
        typeof rule.matches !== 'number' ? rule : { ...rule, matches: next < doubts.length ? next++ : rule.matches > 1 },
      ),
    ),
  );
}

describe('a tier against every cluster that it may stand for', () => {
  test('1.7.54 no verdict that can happen is missing', () => {
    fc.assert(
      fc.property(tiers, verdict, (tier, rest) => {
        const { verdicts } = settle(stageOf(tier), only(rest));
        for (const happened of possible(tier, rest)) expect(verdicts).toContain(happened);
      }),
      { numRuns: 2000 },
    );
  });

  test('1.7.54 … and none is too many where doubts are independent', () => {
    fc.assert(
      fc.property(tiers.map(independent), verdict, (tier, rest) => {
        expect([...settle(stageOf(tier), only(rest)).verdicts].sort()).toEqual(possible(tier, rest));
      }),
      { numRuns: 2000 },
    );
  });

  test('two verdicts have a doubt, one has none', () => {
    fc.assert(
      fc.property(tiers, verdict, (tier, rest) => {
        const { verdicts, doubts: named } = settle(stageOf(tier), only(rest));
        expect(named.length > 0).toBe(verdicts.length === 2);
      }),
      { numRuns: 1000 },
    );
  });

  test('settling every doubt that is named settles the verdict', () => {
    fc.assert(
      fc.property(tiers, verdict, fc.nat(worlds.length - 1), (tier, rest, world) => {
        const { doubts: named } = settle(stageOf(tier), only(rest));
        if (named.includes('tier-order')) return;
        const known = tier.map((level) =>
          level.map((list) =>
            list.map((rule) =>
              typeof rule.matches === 'number' && named.includes(doubts[rule.matches] ?? 'unseen-peer')
                ? { ...rule, matches: worlds[world]?.[rule.matches] === true }
                : rule,
            ),
          ),
        );
        expect(possible(known, rest)).toHaveLength(1);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('what an answer takes for granted', () => {
  const given = (list: readonly (readonly [Action, 'yes' | 'no' | 'maybe', readonly AssumptionId[]])[], rest: Verdict) =>
    settle(
      inSequence(list, ([what, truth, on]) => ruleStage(what, truth, on, () => what)),
      only(rest),
    ).given;

  test.each<[string, Parameters<typeof given>, readonly AssumptionId[]]>([
    ['a certain rule that decides', [[['deny', 'yes', ['declared-labels']]], 'allow'], ['declared-labels']],
    ['a rule that would have decided otherwise', [[['allow', 'no', ['declared-labels']]], 'deny'], ['declared-labels']],
    ['not one that would have decided alike', [[['deny', 'no', ['declared-labels']]], 'deny'], []],
    ['nor a Pass to what decides', [[['pass', 'no', ['declared-labels']]], 'deny'], []],
    [
      'a Pass that would have led past the rule that decides',
      [
        [
          ['pass', 'no', ['declared-labels']],
          ['deny', 'yes', []],
        ],
        'allow',
      ],
      ['declared-labels'],
    ],
    [
      'nothing behind a rule that decides',
      [
        [
          ['deny', 'yes', []],
          ['allow', 'no', ['declared-labels']],
        ],
        'allow',
      ],
      [],
    ],
  ])('%s', (_, parts, expected) => {
    expect(given(...parts)).toEqual(expected);
  });
});
