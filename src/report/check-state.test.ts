import { expect, test } from 'vitest';
import type { Assessment } from '../model/judgement.ts';
import { checkState, gateSections } from './check-state.ts';
import { rootCauses } from './root-causes.ts';
import { aCheck, anAssessment, emptyResult } from './testing.ts';

const waiver = { owner: 'sre', reason: 'known', expires: '2026-09-01T00:00:00Z' };
const target = (n: number, parts: Partial<Assessment>) => anAssessment(n, parts);

test.each<[string, readonly Assessment[], string]>([
  ['one fail among passes', [target(1, { outcome: 'pass' }), target(2, {})], 'fail'],
  ['an unknown beside a waived fail', [target(1, { waiver }), target(2, { outcome: 'unknown' })], 'unknown'],
  ['only waived findings', [target(1, { waiver }), target(2, { outcome: 'pass' })], 'waived'],
  [
    'a claimed pass beside a proven one',
    [target(1, { outcome: 'pass' }), target(2, { outcome: 'pass', reason: 'claimed' })],
    'claimed',
  ],
  ['an assumed pass', [target(1, { outcome: 'pass', reason: 'assumed' })], 'assumed'],
  ['a pass beside not applicable', [target(1, { outcome: 'not-applicable' }), target(2, { outcome: 'pass' })], 'pass'],
  ['no targets', [], 'not-applicable'],
])('the state of a check with %s', (_, assessments, expected) =>
  expect(checkState(aCheck('c', 'tls', 'high', assessments))).toBe(expected),
);

test('a check is never shown better than its outcome', () => {
  expect(checkState(aCheck('c', 'tls', 'high', [target(1, { outcome: 'pass' })], { outcome: 'unknown' }))).toBe('unknown');
});

test('a check whose gate is missing is still shown', () => {
  const sections = gateSections({ ...emptyResult(), checks: [aCheck('c', 'tls', 'high', [])] });
  expect(sections.map(({ gate, checks }) => [gate.id, gate.status, checks.length])).toEqual([['tls', 'not-assessed', 1]]);
});

test('one message over several targets is one root cause; another waiver or message makes another', () => {
  const causes = rootCauses([
    aCheck('c', 'tls', 'high', [
      target(1, {}),
      target(2, {}),
      target(3, { waiver }),
      target(4, { messageId: 'other' }),
      target(5, { outcome: 'pass' }),
      target(6, { outcome: 'unknown' }),
    ]),
  ]);
  expect(causes.map(({ state, assessments }) => [state, assessments.length])).toEqual([
    ['unknown', 1],
    ['fail', 2],
    ['fail', 1],
    ['waived', 1],
  ]);
});
