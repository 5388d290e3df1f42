import { describe, expect, it } from 'vitest';
import { gateIds } from '../model/gate.ts';
import type { Assessment } from '../model/judgement.ts';
import type { ReviewResult } from '../model/result.ts';
import { resolveStandard } from '../standard/standard.ts';
import { acceptable, compareResults, type FailOn } from './comparison.ts';
import { conclude } from './conclude.ts';
import { aCheck, anAssessment, anInput, asOf, aWaiver } from './testing.ts';

const ready = gateIds.map((gate) => [aCheck(`${gate}-held`, gate, 'blocker'), [anAssessment(`${gate}-held`, 'pass')]] as const);

function resultOf(
  items: readonly Assessment[],
  level: 'blocker' | 'high' | 'medium' | 'advisory' = 'high',
  base: 'recommended' | 'manifests' = 'recommended',
  waived = false,
): ReviewResult {
  const list = items.length === 0 ? ready : [...ready, [aCheck('x', 'tls', level), items] as const];
  const checks = list.map(([check]) => check);
  const { notes, ...conclusion } = conclude(
    anInput(list, waived ? { waivers: [aWaiver('x')] } : {}, { standard: resolveStandard(checks, { base, overlays: [] }) }),
  );
  return {
    schemaVersion: '1.0',
    tool: { version: '0' },
    review: { name: 'gravl', environment: 'production', environmentAssumed: false },
    standard: { id: base, digest: '' },
    asOf,
    ...conclusion,
    views: {},
    evidence: [],
    notes,
    inventory: { objects: 0, workloads: 0, byKind: {} },
  };
}

const x = (name: string, outcome: Assessment['outcome'] = 'fail') => anAssessment('x', outcome, { name });
const namesOf = (findings: readonly { readonly assessment: Assessment }[]) =>
  findings.map(({ assessment }) => assessment.target.name);

describe('compareResults', () => {
  it('tells new, fixed and unchanged findings apart by fingerprint', () => {
    const { added, fixed, unchanged } = compareResults(
      resultOf([x('a'), x('b'), x('p', 'pass')]),
      resultOf([x('b'), x('c', 'unknown'), x('p')]),
    );
    expect([namesOf(added), namesOf(fixed), namesOf(unchanged)]).toEqual([['c', 'p'], ['a'], ['b']]);
  });

  it('counts a fingerprint that occurs once more as new', () => {
    const { added, unchanged } = compareResults(resultOf([x('a')]), resultOf([x('a'), x('a')]));
    expect([added.length, unchanged.length]).toEqual([1, 1]);
  });
});

describe('acceptable', () => {
  const launch = resultOf([]);
  const conditions = resultOf([x('a')]);
  const refused = resultOf([x('a')], 'blocker');
  const first = resultOf([], 'high', 'manifests');
  it.each<[string, ReviewResult, Record<Exclude<FailOn, 'new'>, boolean>]>([
    ['launch', launch, { 'do-not-launch': true, conditions: true, never: true }],
    ['launch with conditions', conditions, { 'do-not-launch': true, conditions: false, never: true }],
    ['do not launch', refused, { 'do-not-launch': false, conditions: false, never: true }],
    ['no verdict, nothing open', first, { 'do-not-launch': true, conditions: true, never: true }],
    [
      'no verdict, a blocker fails',
      resultOf([x('a')], 'blocker', 'manifests'),
      { 'do-not-launch': false, conditions: false, never: true },
    ],
    [
      'no verdict, a blocker is unknown',
      resultOf([x('a', 'unknown')], 'blocker', 'manifests'),
      { 'do-not-launch': true, conditions: false, never: true },
    ],
    [
      'no verdict, a high item fails',
      resultOf([x('a')], 'high', 'manifests'),
      { 'do-not-launch': true, conditions: false, never: true },
    ],
    [
      'no verdict, a medium item fails',
      resultOf([x('a')], 'medium', 'manifests'),
      { 'do-not-launch': true, conditions: false, never: true },
    ],
  ])('%s', (_, result, expected) => {
    for (const failOn of ['do-not-launch', 'conditions', 'never'] as const)
      expect(acceptable(result, failOn)).toBe(expected[failOn]);
  });

  it.each<[string, ReviewResult, ReviewResult, boolean]>([
    ['the same findings', refused, refused, true],
    ['a fixed finding', refused, launch, true],
    ['a new finding', launch, conditions, false],
    ['a new finding in the place of a fixed one', conditions, resultOf([x('b')]), false],
    ['a new advisory', launch, resultOf([x('a')], 'advisory'), true],
    ['a new finding that is waived', launch, resultOf([x('a')], 'high', 'recommended', true), true],
    ['a pass that became unknown', resultOf([x('a', 'pass')]), resultOf([x('a', 'unknown')]), false],
  ])('new: %s', (_, baseline, result, expected) => {
    expect(acceptable(result, 'new', compareResults(baseline, result))).toBe(expected);
  });

  it('new: accepts nothing without a comparison', () => {
    expect(acceptable(launch, 'new')).toBe(false);
  });
});
