import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnyCheck } from '../checks/define-check.ts';
import type { Attestation, Waiver } from '../evidence/declared.ts';
import { type GateStatus, gateIds, gateStatuses } from '../model/gate.ts';
import { type Assessment, levels, outcomes, type Reason } from '../model/judgement.ts';
import type { Verdict } from '../model/result.ts';
import { resolveStandard } from '../standard/standard.ts';
import { conclude } from './conclude.ts';
import { aCheck, anAssessment, anInput, asOf } from './testing.ts';

/** Two gates are enough for the algebra; the others hold. */
const gates = ['secrets', 'tls'] as const;
const held = gateIds
  .filter((gate) => gate !== 'secrets' && gate !== 'tls')
  .map((gate) => [aCheck(`${gate}-held`, gate, 'blocker'), [anAssessment(`${gate}-held`, 'pass')]] as const);
const later = fc.constantFrom('2026-03-07T00:00:00Z', '2026-04-01T00:00:00Z', '2026-05-01T00:00:00Z', '2026-06-01T00:00:00Z');
const moment = fc.oneof(later, fc.constantFrom('2026-03-01T00:00:00Z', asOf));
const names = ['a', 'b', 'c'] as const;

type Entry = readonly [AnyCheck, readonly Assessment[]];

const assessmentOf = (check: string) =>
  fc
    .record({
      outcome: fc.constantFrom(...outcomes),
      name: fc.constantFrom(...names),
      until: fc.option(later),
      assumed: fc.boolean(),
    })
    .map(({ outcome, name, until, assumed }): Assessment => {
      const reason: Reason | undefined = outcome === 'pass' && assumed ? 'assumed' : undefined;
      return anAssessment(check, outcome, {
        name,
        ...(until === null ? {} : { until }),
        ...(reason === undefined ? {} : { reason }),
        fingerprint: `${check}:${name}:${outcome}`,
      });
    });

const entries: fc.Arbitrary<readonly Entry[]> = fc
  .array(fc.record({ gate: fc.constantFrom(...gates), level: fc.constantFrom(...levels), attestable: fc.boolean() }), {
    minLength: 1,
    maxLength: 5,
  })
  .chain((shapes) =>
    fc.tuple(
      ...shapes.map(({ gate, level, attestable }, index) =>
        fc
          .uniqueArray(assessmentOf(`check-${index}`), { minLength: 1, maxLength: 3, selector: ({ target }) => target.name })
          .map((list): Entry => [aCheck(`check-${index}`, gate, level, { attestable }), list]),
      ),
    ),
  );

const selected = {
  check: fc.integer({ min: 0, max: 5 }).map((index) => `check-${index}`),
  target: fc.option(fc.constantFrom(...names)),
};
const waiver: fc.Arbitrary<Waiver> = fc
  .record({ ...selected, expires: moment, owner: fc.constantFrom('sre', 'dba') })
  .map(({ target, ...rest }) => ({
    ...rest,
    reason: 'accepted',
    ...(target === null ? {} : { target: `Deployment/${target}` }),
  }));
const attestation: fc.Arbitrary<Attestation> = fc
  .record({ ...selected, at: moment, expires: moment })
  .map(({ target, ...rest }) => ({
    ...rest,
    by: 'dba',
    statement: 'Done',
    ...(target === null ? {} : { target: `Deployment/${target}` }),
  }));

const scene = fc.record({
  list: entries,
  waivers: fc.array(waiver, { maxLength: 4 }),
  attestations: fc.array(attestation, { maxLength: 4 }),
  waivable: fc.subarray(['check-0', 'check-1', 'check-2']),
  signed: fc.boolean(),
});
type Scene = typeof scene extends fc.Arbitrary<infer T> ? T : never;

function inputOf({ list, waivers, attestations, waivable, signed }: Scene) {
  const all = [...list, ...held];
  const checks = all.map(([check]) => check);
  const waivableUnknowns = waivable.filter((id) => checks.some((check) => check.id === id));
  const overlay = {
    origin: 'organisation',
    id: 'a',
    levels: {},
    parameters: {},
    exemptGates: { tls: 'No TLS.' },
    signOffs: {},
  } as const;
  return anInput(
    all,
    { waivers, attestations, signOffs: { roles: {}, gates: signed ? {} : { secrets: ['security'] } } },
    { standard: resolveStandard(checks, { base: 'recommended', overlays: [{ ...overlay, waivableUnknowns }] }) },
  );
}
const concludeScene = (value: Scene) => conclude(inputOf(value));

const verdictRank: Readonly<Record<Verdict, number>> = {
  launch: 0,
  'launch-with-conditions': 1,
  'do-not-launch': 2,
  'no-verdict': 3,
};
/** `not-assessed` stands beside the order: it is neither better nor worse than a finding. */
const statusRank: Readonly<Record<GateStatus, number>> = {
  approved: 0,
  conditional: 1,
  awaiting: 2,
  'not-ready': 3,
  'not-assessed': 4,
};

describe('conclude', () => {
  it('is total: every gate has a status, every verdict a reason', () => {
    fc.assert(
      fc.property(scene, (value) => {
        const result = concludeScene(value);
        expect(result.gates.map(({ id }) => id)).toEqual(gateIds);
        for (const gate of result.gates) expect(gateStatuses).toContain(gate.status);
        expect(result.decidedBy.length > 0).toBe(result.verdict !== 'launch');
        expect(result.basis.length > 0).toBe(result.verdict === 'do-not-launch');
        if (result.verdict !== 'do-not-launch')
          expect(result.conditions.length > 0).toBe(result.verdict === 'launch-with-conditions');
      }),
    );
  });

  it('follows the gate table, written a second time as predicates over assessments', () => {
    fc.assert(
      fc.property(scene, (value) => {
        const result = concludeScene(value);
        for (const gate of result.gates) {
          const items = result.checks
            .filter((check) => check.gate === gate.id)
            .flatMap(({ level, assessments }) => assessments.map((assessment) => ({ level, ...assessment })));
          const weighty = items.filter(({ level }) => level === 'blocker' || level === 'high');
          const open = (outcome: string) => items.some((it) => it.level === 'blocker' && it.outcome === outcome && !it.waiver);
          const rules: readonly (readonly [boolean, GateStatus])[] = [
            [open('fail'), 'not-ready'],
            [open('unknown') || gate.signOffs.some(({ state }) => state !== 'signed'), 'awaiting'],
            [
              weighty.some((it) => it.waiver || it.reason === 'assumed' || it.reason === 'claimed') ||
                weighty.some((it) => it.level === 'high' && (it.outcome === 'fail' || it.outcome === 'unknown')),
              'conditional',
            ],
            [weighty.some((it) => it.outcome === 'pass'), 'approved'],
            [true, 'not-assessed'],
          ];
          expect(gate.status).toBe(rules.find(([matches]) => matches)?.[1]);
        }
      }),
    );
  });

  it('never gets better when a pass becomes unknown', () => {
    fc.assert(
      fc.property(scene, fc.nat(), fc.nat(), (value, which, whose) => {
        const passes = value.list.map(([, list]) => list.filter(({ outcome }) => outcome === 'pass'));
        const index = which % value.list.length;
        const lost = passes[index]?.[whose % Math.max(1, passes[index]?.length ?? 0)];
        fc.pre(lost !== undefined);
        const list = value.list.map(
          ([check, assessments]): Entry => [
            check,
            assessments.map((it) => (it === lost ? { ...it, outcome: 'unknown', reason: 'missing' as const } : it)),
          ],
        );
        // Whoever claims or waives the unknown gives a reason for it; here nobody does.
        const check = value.list[index]?.[0].id;
        const bare = {
          ...value,
          waivers: value.waivers.filter((it) => it.check !== check),
          attestations: value.attestations.filter((it) => it.check !== check),
        };
        const before = concludeScene(bare);
        const after = concludeScene({ ...bare, list });
        expect(verdictRank[after.verdict]).toBeGreaterThanOrEqual(verdictRank[before.verdict]);
        for (const [position, gate] of after.gates.entries()) {
          const earlier = before.gates[position]?.status ?? 'approved';
          if (earlier !== 'not-assessed') expect(statusRank[gate.status]).toBeGreaterThanOrEqual(statusRank[earlier]);
        }
      }),
    );
  });

  it('never approves a gate with a waived or claimed blocker or high item, nor launches with one', () => {
    fc.assert(
      fc.property(scene, (value) => {
        const result = concludeScene(value);
        for (const check of result.checks) {
          for (const assessment of check.assessments) {
            if (check.level === 'advisory' || (assessment.waiver === undefined && assessment.reason !== 'claimed')) continue;
            if (check.level === 'medium') {
              if (assessment.waiver !== undefined) expect(result.verdict).not.toBe('launch');
              continue;
            }
            expect(result.gates.find(({ id }) => id === check.gate)?.status).not.toBe('approved');
            expect(result.verdict).not.toBe('launch');
          }
        }
      }),
    );
  });

  it('leaves every fail a fail, and settles unknowns by claims alone', () => {
    fc.assert(
      fc.property(scene, (value) => {
        const given = new Map(value.list.map(([check, list]) => [check.id, list]));
        for (const check of concludeScene(value).checks) {
          for (const [index, before] of (given.get(check.id) ?? []).entries()) {
            const after = check.assessments[index];
            if (before.outcome !== 'unknown') expect(after?.outcome).toBe(before.outcome);
            else if (after?.outcome === 'pass') expect(after.reason).toBe('claimed');
            else expect(after?.outcome).toBe('unknown');
          }
        }
      }),
    );
  });

  it('moves from do-not-launch once everything that decides is settled', () => {
    fc.assert(
      fc.property(scene, (value) => {
        const before = concludeScene({ ...value, signed: true });
        fc.pre(before.verdict === 'do-not-launch' && !before.decidedBy.some((key) => key.startsWith('not-assessed/')));
        const list = value.list.map(
          ([check, assessments]): Entry => [
            check,
            assessments.map((it) =>
              before.decidedBy.includes(it.fingerprint) ? anAssessment(check.id, 'pass', { name: it.target.name }) : it,
            ),
          ],
        );
        expect(concludeScene({ ...value, signed: true, list }).verdict).not.toBe('do-not-launch');
      }),
    );
  });

  it('knows its horizon: nothing moves the verdict before it, and it moves at it', () => {
    fc.assert(
      fc.property(scene, (value) => {
        const now = conclude(inputOf(value));
        const at = (then: string) => {
          // The judgement that time replaces has another message and fingerprint: no selector here names a fingerprint.
          const list = value.list.map(
            ([check, assessments]): Entry => [
              check,
              assessments.map((it) =>
                it.until !== undefined && it.until <= then ? { ...it, outcome: 'unknown', reason: 'stale' as const } : it,
              ),
            ],
          );
          return conclude({ ...inputOf({ ...value, list }), asOf: then }).verdict;
        };
        const moments = [
          ...value.list.flatMap(([, list]) => list.flatMap(({ until }) => until ?? [])),
          ...value.waivers.map(({ expires }) => expires),
          ...value.attestations.flatMap(({ at: made, expires }) => [made, expires]),
        ];
        const expected = [...new Set(moments)]
          .filter((then) => then > asOf)
          .sort()
          .find((then) => at(then) !== now.verdict);
        expect(now.validUntil).toBe(expected);
      }),
      { numRuns: 200 },
    );
  });

  it('does not depend on the order of anything that is given', () => {
    fc.assert(
      fc.property(scene, fc.infiniteStream(fc.nat()), (value, numbers) => {
        const shuffled = <T>(list: readonly T[]): T[] =>
          list
            .map((entry) => ({ entry, key: numbers.next().value as number }))
            .sort((a, b) => a.key - b.key)
            .map(({ entry }) => entry);
        const { notes, ...one } = concludeScene(value);
        const { notes: otherNotes, ...other } = concludeScene({
          ...value,
          list: shuffled(value.list),
          waivers: shuffled(value.waivers),
          attestations: shuffled(value.attestations),
        });
        expect(other).toEqual(one);
        expect(otherNotes.map(({ message }) => message).sort()).toEqual(notes.map(({ message }) => message).sort());
      }),
    );
  });
});
