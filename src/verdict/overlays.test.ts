import { describe, expect, it } from 'vitest';
import type { Attestation, Waiver } from '../evidence/declared.ts';
import type { Assessment } from '../model/judgement.ts';
import { layAttestations } from './attestations.ts';
import { checkResultOf } from './judged.ts';
import { aCheck, anAssessment, anAttestation, asOf, aWaiver } from './testing.ts';
import { layWaivers } from './waivers.ts';

const check = aCheck('backup-schedule', 'data', 'high');
const known = new Set(['backup-schedule', 'restore-drill', 'load-test']);
const fail = (name = 'backend', more: Partial<Assessment> = {}) => anAssessment(check.id, 'fail', { name, ...more });
const unknown = (name = 'backend') => anAssessment(check.id, 'unknown', { name });

function waive(assessments: readonly Assessment[], waivers: readonly Waiver[], waivable: readonly string[] = []) {
  const { judged, notes } = layWaivers([{ check, level: 'high', assessments }], waivers, {
    asOf,
    waivableUnknowns: new Set(waivable),
    knownChecks: known,
  });
  return { list: judged[0]?.assessments ?? [], notes };
}

const place = { file: 'seaworthy.yaml', line: 40, column: 5 };

describe('waivers', () => {
  it.each<[string, Partial<Waiver>, boolean]>([
    ['no selector covers every finding of the check', {}, true],
    ['Kind/name', { target: 'Deployment/backend' }, true],
    ['Kind/namespace/name', { target: 'Deployment/gravl-prod/backend' }, true],
    ['namespace/Kind/name', { target: 'gravl-prod/Deployment/backend' }, true],
    ['fingerprint', { fingerprint: 'backup-schedule:backend' }, true],
    ['both selectors that agree', { fingerprint: 'backup-schedule:backend', target: 'Deployment/backend' }, true],
    ['both selectors, one of another target', { fingerprint: 'backup-schedule:backend', target: 'Deployment/frontend' }, false],
    ['both selectors, another fingerprint', { fingerprint: 'x', target: 'Deployment/backend' }, false],
    ['another namespace', { target: 'Deployment/gravl-staging/backend' }, false],
    ['another kind', { target: 'StatefulSet/backend' }, false],
    ['a part of the name', { target: 'Deployment/back' }, false],
    ['another fingerprint', { fingerprint: 'backup-schedule:frontend' }, false],
    ['another check', { check: 'load-test' }, false],
    ['expired a second ago', { expires: '2026-03-06T08:49:59Z' }, false],
    ['expires at this moment', { expires: asOf }, false],
    ['expires a second from now', { expires: '2026-03-06T08:50:01Z' }, true],
  ])('%s: covers %s', (_, more, covers) => {
    const { list, notes } = waive([fail()], [aWaiver(check.id, more)]);
    expect(list[0]?.outcome).toBe('fail');
    expect(list[0]?.waiver !== undefined).toBe(covers);
    expect(notes.length).toBe(covers ? 0 : 1);
  });

  it('covers an unknown only where the standard says so', () => {
    const refused = waive([unknown()], [aWaiver(check.id, { place })]);
    expect(refused.list[0]?.waiver).toBeUndefined();
    expect(refused.notes).toMatchObject([
      { id: 'waiver-of-unknown', location: { file: 'seaworthy.yaml', line: 40, path: 'spec.waivers[0]' } },
    ]);
    const allowed = waive([unknown()], [aWaiver(check.id)], [check.id]);
    expect(allowed.list[0]).toMatchObject({ outcome: 'unknown', waiver: { owner: 'sre' } });
    expect(allowed.notes).toEqual([]);
  });

  it('never lies over a pass or what does not apply', () => {
    const { list, notes } = waive(
      [anAssessment(check.id, 'pass'), anAssessment(check.id, 'not-applicable', { name: 'x' })],
      [aWaiver(check.id)],
    );
    expect(list.every(({ waiver }) => waiver === undefined)).toBe(true);
    expect(notes.map(({ id }) => id)).toEqual(['waiver-unused']);
  });

  it('of two that cover the same, takes the one that holds longer', () => {
    const two = [
      aWaiver(check.id, { owner: 'a' }),
      aWaiver(check.id, { owner: 'b', target: 'Deployment/backend', expires: '2026-05-01T00:00:00Z' }),
    ];
    for (const waivers of [two, [...two].reverse()]) {
      const { list, notes } = waive([fail()], waivers);
      expect(list[0]?.waiver).toEqual({ owner: 'b', reason: 'accepted', expires: '2026-05-01T00:00:00Z' });
      expect(notes).toEqual([]);
    }
  });

  it('of two that hold equally long, takes the same one in any order', () => {
    const two = [aWaiver(check.id, { owner: 'b' }), aWaiver(check.id, { owner: 'a', target: 'Deployment/backend' })];
    const owners = [two, [...two].reverse()].map((waivers) => waive([fail()], waivers).list[0]?.waiver?.owner);
    expect(owners[0]).toBe(owners[1]);
    const same = [aWaiver(check.id, { owner: 'b' }), aWaiver(check.id, { owner: 'a' })];
    expect([same, [...same].reverse()].map((waivers) => waive([fail()], waivers).list[0]?.waiver?.owner)).toEqual(['a', 'a']);
  });

  it('reports an unknown check with the nearest name', () => {
    const { notes } = waive([fail()], [aWaiver('backup-shedule')]);
    expect(notes[0]?.id).toBe('waiver-unknown-check');
    expect(notes[0]?.message).toContain('Did you mean backup-schedule?');
  });

  it('reports a target that means findings in several namespaces', () => {
    const other = fail('backend', { target: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'other', name: 'backend' } });
    const { list, notes } = waive([fail(), other], [aWaiver(check.id, { target: 'Deployment/backend' })]);
    expect(list.every(({ waiver }) => waiver !== undefined)).toBe(true);
    expect(notes.map(({ id }) => id)).toEqual(['waiver-ambiguous']);
  });
});

function attest(assessments: readonly Assessment[], attestations: readonly Attestation[], attestable = true) {
  const { judged, notes } = layAttestations([{ check: { ...check, attestable }, level: 'high', assessments }], attestations, {
    asOf,
    knownChecks: known,
  });
  return { list: judged[0]?.assessments ?? [], ids: notes.map(({ id }) => id) };
}

describe('the result of a check', () => {
  const waiver = { owner: 'sre', reason: 'accepted', expires: '2026-04-01T00:00:00Z' };
  it.each<[string, readonly Assessment[], string, boolean]>([
    ['every finding waived', [fail('a', { waiver }), anAssessment(check.id, 'pass')], 'fail', true],
    ['one finding open', [fail('a', { waiver }), fail('b')], 'fail', false],
    ['no finding', [anAssessment(check.id, 'pass')], 'pass', false],
    ['an unknown beside a pass', [anAssessment(check.id, 'pass'), unknown()], 'unknown', false],
    [
      'a pass beside what does not apply',
      [anAssessment(check.id, 'not-applicable'), anAssessment(check.id, 'pass')],
      'pass',
      false,
    ],
    ['nothing that applies', [anAssessment(check.id, 'not-applicable')], 'not-applicable', false],
  ])('%s', (_, assessments, outcome, waived) => {
    expect(checkResultOf({ check, level: 'high', assessments })).toMatchObject({ outcome, waived });
  });
});

describe('attestations', () => {
  it('settle an unknown as claimed, until they expire', () => {
    const { list, ids } = attest([unknown()], [anAttestation(check.id, { evidence: 'docs/drill.md' })]);
    expect(list[0]).toMatchObject({
      outcome: 'pass',
      reason: 'claimed',
      until: '2026-09-01T00:00:00Z',
      fingerprint: 'backup-schedule:backend',
      attestation: { by: 'dba@example.com', evidence: 'docs/drill.md' },
    });
    expect(list[0]?.remedy).toBeUndefined();
    expect(list[0]?.message).toBe(
      'dba@example.com claims: Restored in 14 min (Without the claim: backup-schedule of backend: unknown.)',
    );
    expect(ids).toEqual([]);
  });

  it.each<[string, Assessment, Partial<Attestation>, string]>([
    ['a fail', fail(), {}, 'attestation-contradicted'],
    ['a pass', anAssessment(check.id, 'pass'), {}, 'attestation-unused'],
    ['what does not apply', anAssessment(check.id, 'not-applicable'), {}, 'attestation-unused'],
    ['another target', unknown(), { target: 'Deployment/frontend' }, 'attestation-unused'],
    ['anything from the future', unknown(), { at: '2026-03-06T08:50:01Z' }, 'attestation-future'],
    ['anything once expired', unknown(), { expires: asOf }, 'attestation-expired'],
    ['another check', unknown(), { check: 'restore-drill' }, 'attestation-unused'],
    ['a check that does not exist', unknown(), { check: 'restore-dril' }, 'attestation-unknown-check'],
  ])('never settle %s', (_, assessment, more, id) => {
    const { list, ids } = attest([assessment], [anAttestation(check.id, more)]);
    expect(list[0]).toEqual(assessment);
    expect(ids).toEqual([id]);
  });

  it('never settle a check that only evidence can settle', () => {
    const { list, ids } = attest([unknown()], [anAttestation(check.id)], false);
    expect(list[0]?.outcome).toBe('unknown');
    expect(ids).toEqual(['attestation-not-attestable']);
  });
});
