import { describe, expect, it } from 'vitest';
import { type GateId, gateIds, type GateStatus } from '../model/gate.ts';
import type { Assessment, Level } from '../model/judgement.ts';
import { gatesOf } from './gates.ts';
import { checkResultOf } from './judged.ts';
import { aCheck, anAssessment } from './testing.ts';

type Item = readonly [id: string, level: Level, ...assessments: Partial<Assessment>[]];
const waiver = { owner: 'sre', reason: 'accepted', expires: '2026-04-01T00:00:00Z' };
const noDemands = { requiredSignOffs: new Map<GateId, readonly string[]>(), exemptGates: new Map<GateId, string>() };

function gateOf(items: readonly Item[], demands: Partial<typeof noDemands> = {}) {
  const checks = items.map(([id, level, ...assessments]) =>
    checkResultOf({
      check: aCheck(id, 'secrets', level),
      level,
      assessments: assessments.map((more, index) => anAssessment(id, more.outcome ?? 'pass', { name: `w${index}`, ...more })),
    }),
  );
  const gate = gatesOf(checks, { ...noDemands, ...demands }).find(({ id }) => id === 'secrets');
  if (gate === undefined) throw new Error('no gate');
  return gate;
}

const mustSign = { requiredSignOffs: new Map<GateId, readonly string[]>([['secrets', ['security']]]) };

describe('gate status: the first match wins', () => {
  it.each<[string, GateStatus, readonly Item[], Partial<typeof noDemands>?]>([
    [
      'a failing blocker',
      'not-ready',
      [
        ['a', 'blocker', { outcome: 'fail' }],
        ['b', 'blocker', { outcome: 'unknown' }],
      ],
      mustSign,
    ],
    ['one failing target among passes', 'not-ready', [['a', 'blocker', { outcome: 'pass' }, { outcome: 'fail' }]]],
    [
      'an unknown blocker',
      'awaiting',
      [
        ['a', 'blocker', { outcome: 'unknown' }],
        ['b', 'high', { outcome: 'fail' }],
      ],
    ],
    ['a missing sign-off alone', 'awaiting', [['a', 'blocker', { outcome: 'pass' }]], mustSign],
    ['a missing sign-off of an empty gate', 'awaiting', [], mustSign],
    ['a waived failing blocker', 'conditional', [['a', 'blocker', { outcome: 'fail', waiver }]]],
    ['a waived unknown blocker', 'conditional', [['a', 'blocker', { outcome: 'unknown', waiver }]]],
    ['a waived blocker beside an open one', 'not-ready', [['a', 'blocker', { outcome: 'fail', waiver }, { outcome: 'fail' }]]],
    ['an assumed blocker', 'conditional', [['a', 'blocker', { reason: 'assumed' }]]],
    ['a claimed blocker', 'conditional', [['a', 'blocker', { reason: 'claimed' }]]],
    ['a failing high item', 'conditional', [['a', 'high', { outcome: 'fail' }]]],
    [
      'an unknown high item',
      'conditional',
      [
        ['a', 'blocker', {}],
        ['b', 'high', { outcome: 'unknown' }],
      ],
    ],
    [
      'a waived high item',
      'conditional',
      [
        ['a', 'blocker', {}],
        ['b', 'high', { outcome: 'fail', waiver }],
      ],
    ],
    ['an assumed high item', 'conditional', [['a', 'high', { reason: 'assumed' }]]],
    [
      'a passing blocker',
      'approved',
      [
        ['a', 'blocker', {}],
        ['b', 'medium', { outcome: 'fail' }],
        ['c', 'advisory', { outcome: 'fail' }],
      ],
    ],
    [
      'a passing high item beside what does not apply',
      'approved',
      [
        ['a', 'high', {}],
        ['b', 'blocker', { outcome: 'not-applicable' }],
      ],
    ],
    [
      'only medium and advisory passes',
      'not-assessed',
      [
        ['a', 'medium', {}],
        ['b', 'advisory', {}],
      ],
    ],
    ['nothing applies', 'not-assessed', [['a', 'blocker', { outcome: 'not-applicable' }]]],
    ['no check', 'not-assessed', []],
  ])('%s: %s', (_, status, items, demands) => {
    expect(gateOf(items, demands).status).toBe(status);
    expect(gateOf([...items].reverse(), demands).status).toBe(status);
  });
});

describe('gate summary and deciders', () => {
  it('names the blockers and the denominators', () => {
    const gate = gateOf([
      ['managed-secrets', 'blocker', { outcome: 'fail' }],
      ['memory-limits', 'blocker', { outcome: 'fail' }, { outcome: 'fail' }, {}, { outcome: 'not-applicable' }],
      ['encryption', 'high', {}],
      ['options', 'medium', { outcome: 'not-applicable' }],
    ]);
    expect(gate.summary).toBe(
      '2 blockers fail: managed-secrets, memory-limits (2 of 3 targets); 1 of 4 checks pass, 1 not applicable.',
    );
    expect(gate.decidedBy).toEqual(['managed-secrets:w0', 'memory-limits:w0', 'memory-limits:w1']);
    expect(gate.counts).toEqual({ pass: 1, fail: 2, unknown: 0, notApplicable: 1, waived: 0 });
  });

  it('names unknown blockers and missing sign-offs', () => {
    const gate = gateOf([['load-test', 'blocker', { outcome: 'unknown' }]], mustSign);
    expect(gate.summary).toBe('1 blocker is unknown: load-test; sign-off missing: security; 0 of 1 check passes.');
    expect(gate.decidedBy).toEqual(['load-test:w0', 'sign-off/secrets/security']);
    expect(gate.signOffs).toEqual([{ role: 'security', state: 'missing' }]);
  });

  it('keeps the outcome of a waived check and counts its findings', () => {
    const gate = gateOf([
      ['a', 'blocker', { outcome: 'fail', waiver }, { outcome: 'fail', waiver }],
      ['b', 'high', { reason: 'claimed' }],
      ['c', 'high', { reason: 'assumed' }],
    ]);
    expect(gate.summary).toBe(
      '1 item is waived: a (2 of 2 targets); 1 item is assumed: c; 1 item is only claimed: b; 2 of 3 checks pass.',
    );
    expect(gate.counts).toEqual({ pass: 2, fail: 1, unknown: 0, notApplicable: 0, waived: 2 });
    expect(gate.decidedBy).toEqual(['a:w0', 'a:w1', 'b:w0', 'c:w0']);
  });

  it('says why nothing was assessed', () => {
    expect(gateOf([]).summary).toBe('No check of this gate is in the standard.');
    const exempt = gateOf([['a', 'high', { outcome: 'not-applicable' }]], { exemptGates: new Map([['secrets', 'No data.']]) });
    expect(exempt.summary).toBe('No blocker or high item applies; 0 of 1 check passes, 1 not applicable; exempt: No data.');
    expect(exempt.decidedBy).toEqual(['not-assessed/secrets']);
  });

  it('shows every gate, in its fixed order', () => {
    expect(gatesOf([], noDemands).map(({ id }) => id)).toEqual(gateIds);
  });
});
