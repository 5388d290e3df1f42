import { beforeAll, describe, expect, it } from 'vitest';
import { checks } from '../../src/checks/index.ts';
import type { Bundle } from '../../src/evidence/bundle.ts';
import type { Outcome } from '../../src/model/judgement.ts';
import type { PlanTask, ReviewResult } from '../../src/model/result.ts';
import { remedies } from '../../src/remedies/index.ts';
import { review } from '../../src/review.ts';
import { asOf } from '../gravl.ts';
import { gravl } from '../gravl-edits.ts';
import { applications, applied, satisfiedFlows, withPrerequisites } from './applications.ts';

interface Reviewed {
  readonly bundle: Bundle;
  readonly result: ReviewResult;
}
const remember = new Map<string, Promise<Reviewed>>();
/** Staging after these tasks; the same list is gathered and reviewed once. */
const after = (tasks: readonly PlanTask[]): Promise<Reviewed> => {
  const key = tasks.map(({ remedy }) => remedy).join(' ');
  const known = remember.get(key) ?? reviewOf(tasks);
  remember.set(key, known);
  return known;
};
async function reviewOf(tasks: readonly PlanTask[]): Promise<Reviewed> {
  const bundle = await applied(tasks).bundle('staging');
  return { bundle, result: review(bundle, { asOf }) };
}

const isOpen = ({ outcome }: { readonly outcome: Outcome }) => outcome === 'fail' || outcome === 'unknown';
const findingsOfRemedy = ({ checks: results }: ReviewResult, remedy: string) => {
  const own = new Set(checks.filter((check) => check.remedy === remedy).map(({ id }) => id));
  return results
    .filter(({ id }) => own.has(id))
    .flatMap(({ id, assessments }) => assessments.filter(isOpen).map(({ message }) => `${id}: ${message}`));
};
const rank: Readonly<Record<Outcome, number>> = { pass: 0, 'not-applicable': 0, unknown: 1, fail: 2 };
const worse = (before: ReviewResult, now: ReviewResult) =>
  now.checks
    .filter(({ id, outcome }) => rank[outcome] > rank[before.checks.find((check) => check.id === id)?.outcome ?? 'pass'])
    .map(({ id, outcome }) => `${id} ${outcome}`);

// The table's names are needed before anything runs.
const start: Reviewed = await (async () => {
  const bundle = await gravl.bundle('staging');
  return { bundle, result: review(bundle, { asOf }) };
})();
const { tasks } = start.result.plan;

describe('the plan of Gravl staging', () => {
  it('has a row for every remedy, and every row is about a remedy that exists', () => {
    const rows = new Set(applications.map(({ remedy }) => remedy));
    expect(tasks.filter(({ remedy }) => !rows.has(remedy)).map(({ remedy }) => remedy)).toEqual([]);
    expect(applications.length).toBe(rows.size);
    expect([...rows].filter((id) => !remedies.some((remedy) => remedy.id === id))).toEqual([]);
  });

  it('is in an order in which it can be done', () => {
    const done = new Set<string>();
    for (const { remedy, after: needed } of tasks) {
      expect(needed.filter((id) => !done.has(id))).toEqual([]);
      done.add(remedy);
    }
  });

  describe.each(tasks.map((task) => [task.remedy, task] as const))('%s, after its prerequisites', (remedy) => {
    let before: Reviewed;
    let now: Reviewed;
    beforeAll(async () => {
      const chain = withPrerequisites(tasks, remedy);
      before = chain.length === 1 ? start : await after(chain.slice(0, -1));
      now = await after(chain);
    });

    it('clears its findings, which were there', () => {
      expect(findingsOfRemedy(start.result, remedy)).not.toEqual([]);
      expect(findingsOfRemedy(now.result, remedy)).toEqual([]);
    });

    it('cuts no intended flow', () => {
      expect(satisfiedFlows(start.bundle).filter((flow) => !satisfiedFlows(now.bundle).includes(flow))).toEqual([]);
    });

    it('makes no other check worse', () => {
      expect(worse(before.result, now.result)).toEqual([]);
    });
  });

  describe('done from the first task to the last', () => {
    let all: Reviewed;
    beforeAll(async () => {
      all = await after(tasks);
    });

    it('leaves nothing that refutes, and nothing unproven that blocks', () => {
      expect(start.result.basis).toContain('refuted');
      expect([all.result.verdict, all.result.basis]).toEqual(['launch-with-conditions', []]);
    });

    it('leaves no task', () => {
      expect(all.result.plan.tasks.map(({ remedy }) => remedy)).toEqual([]);
    });

    it('keeps every intended flow, the new ones too', () => {
      const declared = all.bundle.declared.review.traffic?.length;
      expect(satisfiedFlows(start.bundle).length).toBeGreaterThan(5);
      expect(satisfiedFlows(all.bundle)).toHaveLength(declared ?? 0);
    });
  });
});
