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

const march = '2026-03-01T00:00:00Z';
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
      'what had ended before the review counts as the check judged it',
      [...ready, item('blocker', x('pass', march), x('pass', may, 'v'))],
      {},
      may,
    ],
    [
      'a claim that has expired',
      [...ready, item('blocker', x('unknown'))],
      { attestations: [anAttestation('x', { expires: march, at: '2026-02-01T00:00:00Z' })] },
      undefined,
    ],
    [
      'a claim about what only evidence settles',
      [...ready, [aCheck('x', 'tls', 'blocker', { attestable: false }), [x('unknown')]]],
      { attestations: [anAttestation('x', { at: april })] },
      undefined,
    ],
    [
      'one item gets better at the moment at which another gets worse',
      [...ready, [aCheck('a', 'tls', 'blocker'), [anAssessment('a', 'unknown')]], item('blocker', x('fail'))],
      { attestations: [anAttestation('a', { at: april })], waivers: [aWaiver('x', { expires: april })] },
      undefined,
    ],
    [
      'an item gets worse and better again while another stands in the way',
      [...ready, [aCheck('a', 'tls', 'blocker'), [anAssessment('a', 'unknown')]], item('blocker', x('unknown'))],
      {
        attestations: [anAttestation('a', { at: may }), anAttestation('x', { expires: april }), anAttestation('x', { at: may })],
      },
      may,
    ],
  ])('%s', (_, list, review, expected) => {
    expect(validUntil(list, review)).toBe(expected);
  });

  const waivable = (list: Parameters<typeof anInput>[0]) =>
    resolveStandard(
      list.map(([check]) => check),
      {
        base: 'recommended',
        overlays: [
          { origin: 'organisation', id: 'a', levels: {}, parameters: {}, exemptGates: {}, waivableUnknowns: ['x'], signOffs: {} },
        ],
      },
    );

  it('lets a waiver of unknowns take over from a claim where the standard allows it', () => {
    const list = [...ready, item('blocker', x('unknown'))];
    const attestations = [anAttestation('x', { expires: april })];
    const waivers = [aWaiver('x', { expires: may })];
    const standard = waivable(list);
    expect(conclude(anInput(list, { attestations, waivers }, { standard })).validUntil).toBe(may);
    expect(conclude(anInput(list, { attestations }, { standard })).validUntil).toBe(april);
  });

  it('does not let a waiver by fingerprint cover what the judgement becomes', () => {
    const list = [...ready, item('blocker', x('fail', april))];
    const standard = waivable(list);
    const byFingerprint = aWaiver('x', { fingerprint: 'x:w', expires: june });
    const byTarget = aWaiver('x', { target: 'Deployment/w', expires: june });
    expect(conclude(anInput(list, { waivers: [byFingerprint] }, { standard })).validUntil).toBe(april);
    expect(conclude(anInput(list, { waivers: [byTarget] }, { standard })).validUntil).toBe(june);
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
