import { beforeAll, describe, expect, it } from 'vitest';
import { checks } from '../../src/checks/index.ts';
import type { ReviewResult } from '../../src/model/result.ts';
import { review } from '../../src/review.ts';
import { asOf } from '../gravl.ts';
import { gravl } from '../gravl-edits.ts';
import { mutations } from './mutations.ts';
import type { Mutation } from './row.ts';

/** Checks that do not pass on production as it stands, and why. Their rows spoil a target that passes, or add the first one. */
const notPassing: Readonly<Record<string, string>> = {
  'committed-secret': 'not applicable: no manifest holds a Secret',
  'namespace-escalation': 'fails for gravl-deployer, waived; every other account passes',
  'backup-schedule': 'fails for loki, waived; postgres passes',
};

let before: ReviewResult;
const check = (result: ReviewResult, id: string) => result.checks.find((found) => found.id === id);
const said = (result: ReviewResult, { check: id, target }: Mutation) =>
  (check(result, id)?.assessments ?? []).filter((assessment) => target === undefined || assessment.target.name === target);

beforeAll(async () => {
  before = review(await gravl.bundle('production'), { asOf });
});

describe('Gravl production, spoilt in one place', () => {
  it('every check that counts has a row, and every row a check', () => {
    const rows = new Set(mutations.map((row) => row.check));
    expect(checks.filter(({ id, level }) => level !== 'advisory' && !rows.has(id)).map(({ id }) => id)).toEqual([]);
    expect([...rows].filter((id) => !checks.some((known) => known.id === id))).toEqual([]);
  });

  it('every check that counts passes before, but for those that are named', () => {
    const others = before.checks.filter(({ outcome, level }) => outcome !== 'pass' && level !== 'advisory').map(({ id }) => id);
    expect(others.sort()).toEqual(Object.keys(notPassing).sort());
  });

  it.each([...new Set(checks.map(({ gate }) => gate))])('something of gate %s passes before', (gate) => {
    const passing = before.checks.filter((found) => found.gate === gate && found.outcome === 'pass');
    expect(passing.length).toBeGreaterThan(0);
    expect(['approved', 'conditional']).toContain(before.gates.find(({ id }) => id === gate)?.status);
  });

  it.each(mutations.filter(({ target }) => target !== undefined).map((row) => [row.check, row] as const))(
    '%s passes for the target of its row before',
    (_, row) => {
      expect([...new Set(said(before, row).map(({ outcome }) => outcome))]).toEqual(['pass']);
    },
  );

  it.each(mutations.map((row) => [row.check, row.without, row] as const))('%s does not pass without %s', async (_, __, row) => {
    const after = review(await gravl.with(row.edits).bundle('production'), { asOf });
    expect(check(after, row.check)?.outcome).toBe(row.outcome);
    expect(
      said(after, row)
        .filter(({ outcome }) => outcome === row.outcome)
        .map(({ messageId }) => messageId),
    ).toContain(row.message);
    expect(said(before, row).map(({ messageId, outcome }) => `${outcome} ${messageId}`)).not.toContain(
      `${row.outcome} ${row.message}`,
    );
  });
});
