import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Level } from '../model/judgement.ts';
import { type Plan, tiers } from '../model/result.ts';
import type { OwnerRole } from '../remedies/remedy.ts';
import { checkResultOf } from './judged.ts';
import { planOf } from './plan.ts';
import { aCheck, anAssessment, aRemedy } from './testing.ts';

const levels = ['blocker', 'high', 'medium'] as const;
const ownTier = { blocker: 'immediate', high: 'high', medium: 'medium' } as const;

interface Node {
  readonly id: string;
  readonly level: Level | 'done';
  readonly quarters: number;
  readonly spread: number;
  readonly owner: OwnerRole;
  readonly after: readonly string[];
}

/** Remedies in a random DAG: each may wait for some with a smaller number; ids are scrambled so that order does not help. */
const graph: fc.Arbitrary<readonly Node[]> = fc
  .array(
    fc.record({
      level: fc.constantFrom(...levels, 'done' as const),
      quarters: fc.integer({ min: 0, max: 12 }),
      spread: fc.integer({ min: 0, max: 8 }),
      owner: fc.constantFrom<OwnerRole>('platform', 'developer', 'data'),
      before: fc.array(fc.nat({ max: 20 }), { maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 9 },
  )
  .map((nodes) =>
    nodes.map(({ before, ...rest }, index) => ({
      ...rest,
      id: idOf(index),
      after: [...new Set(before.filter((other) => other < index).map(idOf))],
    })),
  );
const idOf = (index: number) => `r${(index * 7) % 11}`;

function planFor(nodes: readonly Node[]): Plan {
  const checks = nodes.flatMap(({ id, level }) => {
    if (level === 'done') return [];
    const check = aCheck(`check-${id}`, 'tls', level);
    return [checkResultOf({ check, level, assessments: [anAssessment(check.id, 'fail', { remedy: id })] })];
  });
  const remedies = nodes.map(({ id, quarters, spread, owner, after }) => {
    const likely = quarters / 4;
    return aRemedy(id, likely, after, {
      owner,
      effort: { min: Math.max(0, likely - spread / 4), likely, max: likely + spread / 4 },
    });
  });
  return planOf({ checks, remedies, declared: { overrides: [], tasks: [] } });
}

/** Every prerequisite of a remedy, directly or through others. */
function ancestors(id: string, nodes: readonly Node[]): ReadonlySet<string> {
  const after = nodes.find((node) => node.id === id)?.after ?? [];
  return new Set(after.flatMap((other) => [other, ...ancestors(other, nodes)]));
}

const property = (holds: (plan: Plan, nodes: readonly Node[]) => void) => () =>
  fc.assert(fc.property(graph, (nodes) => holds(planFor(nodes), nodes)));

describe('plan', () => {
  it(
    'has one task for each remedy with an open finding',
    property(({ tasks }, nodes) => {
      const open = nodes.filter(({ level }) => level !== 'done').map(({ id }) => id);
      expect(tasks.map(({ remedy }) => remedy).sort()).toEqual(open.sort());
    }),
  );

  it(
    'puts every prerequisite before what waits for it, through those that are done too',
    property(({ tasks }, nodes) => {
      const position = new Map(tasks.map(({ remedy }, index) => [remedy, index]));
      const byId = new Map(tasks.map((task) => [task.remedy, task]));
      for (const [index, task] of tasks.entries()) {
        for (const other of ancestors(task.remedy, nodes)) {
          const before = byId.get(other);
          if (before === undefined) continue;
          expect(position.get(other)).toBeLessThan(index);
          expect(task.start).toBeGreaterThanOrEqual(before.start + before.hours.likely);
        }
      }
    }),
  );

  it(
    'gives each task the most urgent tier of itself and of what waits for it, and groups by tier',
    property(({ tasks }, nodes) => {
      for (const task of tasks) {
        const waiting = nodes.filter(({ id }) => id === task.remedy || ancestors(id, nodes).has(task.remedy));
        const expected = tiers.find((tier) =>
          waiting.some(({ level }) => level !== 'done' && level !== 'advisory' && ownTier[level] === tier),
        );
        expect(task.tier).toBe(expected);
      }
      const order = tasks.map(({ tier }) => tiers.indexOf(tier));
      expect(order).toEqual([...order].sort((a, b) => a - b));
    }),
  );

  it(
    'has a chain of critical tasks as long as the whole, slack that is never negative, and no task that ends later',
    property(({ tasks, chain }) => {
      const byId = new Map(tasks.map((task) => [task.remedy, task]));
      const end = Math.max(0, ...tasks.map((task) => task.start + task.hours.likely));
      let at = 0;
      for (const id of chain) {
        const task = byId.get(id);
        expect(task).toMatchObject({ critical: true, start: at });
        at += task?.hours.likely ?? 0;
      }
      expect(at).toBe(end);
      for (const task of tasks) {
        expect(task.slack).toBeGreaterThanOrEqual(0);
        expect(task.critical).toBe(task.slack === 0);
        expect(task.start + task.hours.likely + task.slack).toBeLessThanOrEqual(end);
      }
    }),
  );

  it(
    'has ranges that are ranges, between the longest chain and the whole effort, and no more for more people',
    property((plan) => {
      const end = Math.max(0, ...plan.tasks.map((task) => task.start + task.hours.likely));
      const ranges = [plan.effort, plan.hours, plan.hoursToLaunch, ...plan.byPeople.map(({ hours }) => hours)];
      for (const { min, likely, max } of ranges) {
        expect(min).toBeLessThanOrEqual(likely);
        expect(likely).toBeLessThanOrEqual(max);
        expect(max).toBeLessThanOrEqual(plan.effort.max);
      }
      expect(plan.byPeople[0]?.hours).toEqual(plan.effort);
      for (const [index, { people, hours }] of plan.byPeople.entries()) {
        expect(people).toBe(index + 1);
        expect(hours.likely).toBeGreaterThanOrEqual(end);
        expect(hours.likely).toBeGreaterThanOrEqual(plan.effort.likely / people);
        expect(hours.likely).toBeLessThanOrEqual(plan.byPeople[index - 1]?.hours.likely ?? plan.effort.likely);
      }
      expect(plan.hours.likely).toBeGreaterThanOrEqual(end);
      expect(plan.hoursToLaunch.likely).toBeLessThanOrEqual(plan.effort.likely);
    }),
  );

  it('does not depend on the order of checks and remedies', () => {
    fc.assert(
      fc.property(graph, (nodes) => {
        expect(planFor([...nodes].reverse())).toEqual(planFor(nodes));
      }),
    );
  });
});
