import { describe, expect, test } from 'vitest';
import type { Level } from '../model/judgement.ts';
import type { ReviewResult } from '../model/result.ts';
import { github, stepSummary } from './github.ts';
import { aCheck, anAssessment, emptyResult, hostileResult, manyFindings, sampleResult } from './testing.ts';

const lines = (result: ReviewResult) =>
  [...github.render(result, { color: false, width: 80, unicode: true, details: 'all' })].join('').trimEnd().split('\n');
const checks = (count: number, level: Level) =>
  Array.from({ length: count }, (_, index) => aCheck(`${level}-${index}`, 'tls', level, [anAssessment(index)]));

test('at most ten annotations of a level, and the last notice says what is left out', () => {
  const all = lines({ ...sampleResult(), checks: [...checks(14, 'high'), ...checks(12, 'medium'), ...checks(11, 'advisory')] });
  const of = (command: string) => all.filter((line) => line.startsWith(`::${command} `)).length;
  expect([of('error'), of('warning'), of('notice')]).toEqual([10, 10, 10]);
  expect(all.at(-1)).toContain('Not shown: 4 further errors, 2 further warnings, 2 further notices.');
});

test('what would end a property or a message is escaped', () => {
  const [line] = lines({
    ...sampleResult(),
    checks: [
      aCheck('c', 'tls', 'high', [
        anAssessment(1, { message: '50%\nx::y', location: { file: 'a,b:c%.yaml', line: 2, column: 3, path: '' } }),
      ]),
    ],
  });
  expect(line).toBe(
    '::error file=a%2Cb%3Ac%25.yaml,line=2,col=3,title=c (high%2C fails)::Deployment gravl-prod/backend: 50%25 x::y (a,b:c%25.yaml:2:3)',
  );
});

test('waived findings and passes are no annotations', () => {
  const waiver = { owner: 'sre', reason: 'known', expires: '2026-03-20T00:00:00Z' };
  expect(
    lines({
      ...sampleResult(),
      checks: [aCheck('c', 'tls', 'high', [anAssessment(1, { waiver }), anAssessment(2, { outcome: 'pass' })])],
    }),
  ).toHaveLength(1);
});

test('no finding is no annotation but the verdict', () =>
  expect(lines(emptyResult())).toEqual(['::notice title=Seaworthy%3A NO LAUNCH VERDICT::no checks.']));

describe('step summary', () => {
  test('of the sample is the committed one', async () => {
    await expect(stepSummary(sampleResult())).toMatchFileSnapshot('__snapshots__/sample-step-summary.md');
  });

  test('stays short for 10,000 findings', () => expect(stepSummary(manyFindings(10_000)).length).toBeLessThan(8_000));

  test('keeps its tables whole under attack', () => {
    const rows = stepSummary(hostileResult())
      .split('\n')
      .filter((line) => line.startsWith('|'));
    expect(rows.every((line) => line.split('|').length === 5)).toBe(true);
  });
});
