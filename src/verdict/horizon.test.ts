import { describe, expect, it } from 'vitest';
import type { DeclaredReview } from '../evidence/declared.ts';
import type { Assessment, Level } from '../model/judgement.ts';
import { resolveStandard } from '../standard/standard.ts';
import { conclude } from './conclude.ts';
import { aCheck, anAssessment, anAttestation, anInput, aWaiver } from './testing.ts';
import { gateIds } from '../model/gate.ts';

const ready = gateIds.map((gate) => {
  const check = aCheck(`${gate}-held`, gate, 'blocker');
  return [check, [anAssessment(check.id, 'pass')]] as const;
});
const item = (level: Level, ...assessments: readonly Assessment[]) => [aCheck('x', 'tls', level), assessments] as const;
const x = (outcome: Assessment['outcome'], until?: string, name = 'w') =>
  anAssessment('x', outcome, { name, ...(until === undefined ? {} : { until }) });
const validUntil = (list: Parameters<typeof anInput>[0], review: Partial<DeclaredReview> = {}) =>
  conclude(anInput(list, review)).validUntil;

const april = '2026-04-01T00:00:00Z';
const may = '2026-05-01T00:00:00Z';
const june = '2026-06-01T00:00:00Z';

describe('horizon: the earliest moment at which time alone moves the verdict', () => {
  it.each<[string, Parameters<typeof anInput>[0], Partial<DeclaredReview>, string | undefined]>([
    ['nothing ends', ready, {}, undefined],
    ['a blocker goes stale', [...ready, item('blocker', x('pass', may))], {}, may],
    ['a medium item goes stale', [...ready, item('medium', x('pass', may))], {}, may],
    ['an advisory goes stale', [...ready, item('advisory', x('pass', may))], {}, undefined],
    ['the earliest of two', [...ready, item('blocker', x('pass', may), x('pass', april, 'v'))], {}, april],
    ['what does not apply goes stale', [...ready, item('blocker', x('not-applicable', may))], {}, may],
    ['a moment that has passed is no horizon', [...ready, item('blocker', x('pass', '2026-03-01T00:00:00Z'))], {}, undefined],
    ['a fail goes stale and stays open', [...ready, item('high', x('fail', may))], {}, undefined],
    ['a high item goes stale beside a failing one', [...ready, item('high', x('fail'), x('pass', may, 'v'))], {}, undefined],
    ['nothing moves a verdict that is already no launch', [...ready.slice(1), item('blocker', x('pass', may))], {}, undefined],
    ['the waiver of a blocker expires', [...ready, item('blocker', x('fail'))], { waivers: [aWaiver('x')] }, april],
    [
      'the waiver of a high item expires: still a condition',
      [...ready, item('high', x('fail'))],
      { waivers: [aWaiver('x')] },
      undefined,
    ],
    [
      'a second waiver takes over, however it selects',
      [...ready, item('blocker', x('fail'))],
      { waivers: [aWaiver('x'), aWaiver('x', { target: 'Deployment/w', expires: june })] },
      june,
    ],
    [
      'the claim on a blocker expires',
      [...ready, item('blocker', x('unknown'))],
      { attestations: [anAttestation('x', { expires: may })] },
      may,
    ],
    [
      'a claim made for later begins to count',
      [...ready, item('blocker', x('unknown'))],
      { attestations: [anAttestation('x', { at: april, expires: may })] },
      april,
    ],
    [
      'a claim takes over from stale evidence: from launch to conditions',
      [...ready, item('blocker', x('pass', april))],
      { attestations: [anAttestation('x', { expires: june })] },
      april,
    ],
    [
      'a waiver by fingerprint does not cover what the judgement becomes',
      [
        ...ready,
        item('medium', x('fail')),
        [aCheck('y', 'tls', 'blocker'), [anAssessment('y', 'fail', { until: april })]] as const,
      ],
      { waivers: [aWaiver('y', { fingerprint: 'y:backend', expires: june })] },
      april,
    ],
  ])('%s', (_, list, review, expected) => {
    expect(validUntil(list, review)).toBe(expected);
  });

  it('sums what happened before: two changes that move nothing alone', () => {
    // The gate has two passing items and is exempt from nothing; a waived high item hides the first change.
    const list = [...ready, item('blocker', x('unknown'))];
    const attestations = [anAttestation('x', { expires: april })];
    const waivers = [aWaiver('x', { expires: may })];
    const standard = resolveStandard(
      list.map(([check]) => check),
      {
        base: 'recommended',
        overlays: [
          { origin: 'organisation', id: 'a', levels: {}, parameters: {}, exemptGates: {}, waivableUnknowns: ['x'], signOffs: {} },
        ],
      },
    );
    expect(conclude(anInput(list, { attestations, waivers }, { standard })).validUntil).toBe(may);
    expect(conclude(anInput(list, { attestations }, { standard })).validUntil).toBe(april);
  });

  it('is none for a standard without a launch verdict', () => {
    const list = [...ready, item('blocker', x('pass', may))];
    const standard = resolveStandard(
      list.map(([check]) => check),
      { base: 'manifests', overlays: [] },
    );
    expect(conclude(anInput(list, {}, { standard })).validUntil).toBeUndefined();
  });
});
