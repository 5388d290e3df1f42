import { describe, expect, it } from 'vitest';
import type { AnyCheck } from '../checks/define-check.ts';
import { gateIds } from '../model/gate.ts';
import type { Assessment } from '../model/judgement.ts';
import type { Verdict } from '../model/result.ts';
import { resolveStandard } from '../standard/standard.ts';
import { conclude } from './conclude.ts';
import { aCheck, anAssessment, anAttestation, anInput, aRemedy, aWaiver } from './testing.ts';

type Entry = readonly [AnyCheck, readonly Assessment[]];

/** One passing blocker in every gate: launch. */
const ready: readonly Entry[] = gateIds.map((gate) => {
  const check = aCheck(`${gate}-held`, gate, 'blocker');
  return [check, [anAssessment(check.id, 'pass')]] as const;
});
const launchAt = '2026-03-10T09:00:00Z';
const withItem = (...items: Entry[]) => [...ready, ...items];
const item = (id: string, level: 'blocker' | 'high' | 'medium' | 'advisory', ...more: Parameters<typeof anAssessment>[1][]) =>
  [aCheck(id, 'tls', level), more.map((outcome, index) => anAssessment(id, outcome, { name: `w${index}` }))] as const;

describe('verdict', () => {
  it.each<[string, ReturnType<typeof withItem>, Verdict, string[]]>([
    ['all gates approved', withItem(), 'launch', []],
    ['an advisory fails', withItem(item('x', 'advisory', 'fail')), 'launch', []],
    ['a medium item fails', withItem(item('x', 'medium', 'fail')), 'launch-with-conditions', ['x:w0']],
    ['a medium item is unknown', withItem(item('x', 'medium', 'unknown')), 'launch-with-conditions', ['x:w0']],
    ['a high item fails', withItem(item('x', 'high', 'fail', 'pass')), 'launch-with-conditions', ['x:w0']],
    ['a blocker fails', withItem(item('x', 'blocker', 'fail')), 'do-not-launch', ['x:w0']],
    ['a blocker is unknown', withItem(item('x', 'blocker', 'unknown')), 'do-not-launch', ['x:w0']],
    ['a gate was not assessed', ready.slice(1), 'do-not-launch', ['not-assessed/secrets']],
  ])('%s: %s', (_, list, verdict, decidedBy) => {
    const result = conclude(anInput(list));
    expect(result.verdict).toBe(verdict);
    expect(result.decidedBy).toEqual(decidedBy);
  });

  it('rests on refuted, unproven and unsigned, shown apart and in this order', () => {
    const result = conclude(
      anInput(withItem(item('x', 'blocker', 'unknown'), item('y', 'blocker', 'fail')), {
        signOffs: { roles: {}, gates: { images: ['security'] } },
      }),
    );
    expect(result.basis).toEqual(['refuted', 'unproven', 'unsigned']);
    expect(result.decidedBy).toEqual(['y:w0', 'x:w0', 'sign-off/images/security']);
  });

  it('rests on nothing when it allows to launch', () => {
    expect(conclude(anInput(withItem(item('x', 'high', 'fail')))).basis).toEqual([]);
  });

  it('accepts a gate that was not assessed where the standard exempts it, and only then', () => {
    const list = ready.slice(1);
    const overlay = {
      origin: 'organisation',
      id: 'acme',
      levels: {},
      parameters: {},
      waivableUnknowns: [],
      signOffs: {},
    } as const;
    const standard = resolveStandard(
      list.map(([check]) => check),
      { base: 'recommended', overlays: [{ ...overlay, exemptGates: { secrets: 'No secrets.' } }] },
    );
    expect(conclude(anInput(list, {}, { standard })).verdict).toBe('launch');
    const failing = item('x', 'blocker', 'fail');
    const secrets = [[{ ...failing[0], gate: 'secrets' as const }, failing[1]] as const, ...list];
    const checks = secrets.map(([check]) => check);
    const strict = resolveStandard(checks, {
      base: 'recommended',
      overlays: [{ ...overlay, exemptGates: { secrets: 'No secrets.' } }],
    });
    expect(conclude(anInput(secrets, {}, { standard: strict })).verdict).toBe('do-not-launch');
  });

  it('is no verdict where the standard has none, and names the failing blockers', () => {
    const list = withItem(item('x', 'blocker', 'fail'), item('y', 'blocker', 'unknown'));
    const standard = resolveStandard(
      list.map(([check]) => check),
      { base: 'manifests', overlays: [] },
    );
    expect(conclude(anInput(list, {}, { standard }))).toMatchObject({
      verdict: 'no-verdict',
      basis: ['refuted'],
      decidedBy: ['x:w0'],
      conditions: [],
    });
  });

  it('refuses a check of the standard that nobody assessed', () => {
    expect(() => conclude(anInput([...ready, [aCheck('x', 'tls', 'blocker'), []]]))).toThrow('The check x was not assessed.');
  });
});

describe('conditions', () => {
  const list = withItem(
    item('open-high', 'high', 'fail'),
    item('open-medium', 'medium', 'unknown'),
    item('waived-blocker', 'blocker', 'fail'),
    item('waived-medium', 'medium', 'fail'),
    item('claimed-blocker', 'blocker', 'unknown'),
    item('advice', 'advisory', 'fail'),
    [aCheck('assumed', 'tls', 'high'), [anAssessment('assumed', 'pass', { reason: 'assumed', until: '2026-09-01T00:00:00Z' })]],
  );
  const review = {
    owner: 'architect',
    launchAt,
    waivers: [aWaiver('waived-blocker'), aWaiver('waived-medium', { owner: 'dba' })],
    attestations: [anAttestation('claimed-blocker')],
  };

  it('each have an owner and a due time', () => {
    const result = conclude(anInput(list, review, { remedies: [aRemedy('fix-open-high', 2, [], { owner: 'security' })] }));
    expect(result.verdict).toBe('launch-with-conditions');
    expect(result.conditions.map(({ check, owner, due }) => [check, owner, due])).toEqual([
      ['claimed-blocker', 'dba@example.com', '2026-09-01T00:00:00Z'],
      ['waived-blocker', 'sre', '2026-04-01T00:00:00Z'],
      ['assumed', 'architect', '2026-09-01T00:00:00Z'],
      ['open-high', 'security', launchAt],
      ['open-medium', 'architect', '2026-03-11T09:00:00Z'],
      ['waived-medium', 'dba', '2026-04-01T00:00:00Z'],
    ]);
    expect(result.decidedBy).toEqual(result.conditions.map(({ fingerprint }) => fingerprint));
  });

  it('have no due time without a launch to count from', () => {
    const result = conclude(anInput(withItem(item('x', 'medium', 'fail'))));
    expect(result.conditions).toEqual([{ fingerprint: 'x:w0', check: 'x', message: 'x of w0: fail.', owner: 'unassigned' }]);
  });
});
