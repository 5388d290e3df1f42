import { type GateId, gateIds, type GateStatus, gateTitles } from '../model/gate.ts';
import type { Assessment, Outcome, Reason } from '../model/judgement.ts';
import { compareText, refKey } from '../model/object-ref.ts';
import type { CheckResult, Counts, GateResult, SignOffState } from '../model/result.ts';
import { isFinding } from './judged.ts';
import { emptyTally, type Standing, standingOf, statusOf, type Tally } from './standing.ts';

/** The part of a standard that gates need. */
export interface GateDemands {
  readonly requiredSignOffs: ReadonlyMap<GateId, readonly string[]>;
  readonly exemptGates: ReadonlyMap<GateId, string>;
}

/** Every gate in its fixed order, also those without a check: what nobody looked at is shown. */
export function gatesOf(checks: readonly CheckResult[], demands: GateDemands): readonly GateResult[] {
  return gateIds.map((id) =>
    gateOf(
      id,
      checks.filter((check) => check.gate === id),
      signOffsOf(demands.requiredSignOffs.get(id) ?? []),
      demands.exemptGates.get(id),
    ),
  );
}

/** Until signatures are evidence, every required one is missing: a signature that is not there never counts as not required. */
const signOffsOf = (roles: readonly string[]): readonly SignOffState[] =>
  [...new Set(roles)].sort(compareText).map((role) => ({ role, state: 'missing' }));

/** The id by which a sign-off is named where fingerprints are. */
const signOffKey = (gate: GateId, role: string): string => `sign-off/${gate}/${role}`;

function gateOf(
  id: GateId,
  checks: readonly CheckResult[],
  signOffs: readonly SignOffState[],
  exempt: string | undefined,
): GateResult {
  const status = statusOf(tallyOf(checks, signOffs));
  return {
    id,
    title: gateTitles[id],
    status,
    summary: summaryOf(status, checks, signOffs, exempt),
    counts: countsOf(checks),
    signOffs,
    decidedBy: decidersOf(id, status, checks, signOffs),
  };
}

/** How the assessments of one gate stand. */
function tallyOf(checks: readonly CheckResult[], signOffs: readonly SignOffState[]): Tally {
  const tally = emptyTally(signOffs.filter(({ state }) => state !== 'signed').length);
  for (const { level, assessments } of checks) for (const assessment of assessments) tally[standingOf(level, assessment)] += 1;
  return tally;
}

function countsOf(checks: readonly CheckResult[]): Counts {
  const count = (outcome: CheckResult['outcome']) => checks.filter((check) => check.outcome === outcome).length;
  return {
    pass: count('pass'),
    fail: count('fail'),
    unknown: count('unknown'),
    notApplicable: count('not-applicable'),
    waived: checks
      .flatMap((check) => check.assessments)
      .filter((assessment) => isFinding(assessment) && assessment.waiver !== undefined).length,
  };
}

const decisive: Readonly<Record<GateStatus, readonly Standing[]>> = {
  'not-ready': ['refuted'],
  awaiting: ['unproven'],
  conditional: ['condition'],
  approved: [],
  'not-assessed': [],
};

/** Fingerprints of the assessments with one of the given standings: by check in the given order, then by fingerprint. */
export function fingerprintsOf(checks: readonly CheckResult[], wanted: readonly Standing[]): readonly string[] {
  return checks.flatMap(({ level, assessments }) =>
    [
      ...new Set(
        assessments.filter((assessment) => wanted.includes(standingOf(level, assessment))).map(({ fingerprint }) => fingerprint),
      ),
    ].sort(compareText),
  );
}

/** Keys of the required sign-offs that do not hold. */
export function unsignedOf(gate: GateId, signOffs: readonly SignOffState[]): readonly string[] {
  return signOffs.filter(({ state }) => state !== 'signed').map(({ role }) => signOffKey(gate, role));
}

/** What gives the gate its status. An approved gate names nothing: no item stands in its way. */
function decidersOf(
  id: GateId,
  status: GateStatus,
  checks: readonly CheckResult[],
  signOffs: readonly SignOffState[],
): readonly string[] {
  const items = fingerprintsOf(checks, decisive[status]);
  if (status === 'awaiting') return [...items, ...unsignedOf(id, signOffs)];
  return status === 'not-assessed' ? [`not-assessed/${id}`] : items;
}

function summaryOf(
  status: GateStatus,
  checks: readonly CheckResult[],
  signOffs: readonly SignOffState[],
  exempt: string | undefined,
): string {
  if (status === 'not-assessed') {
    const why =
      checks.length === 0 ? 'no check of this gate is in the standard' : `no blocker or high item applies; ${passesOf(checks)}`;
    return exempt === undefined ? sentence(why) : sentence(`${why}; exempt: ${exempt}`);
  }
  return sentence([...reasonsOf(status, checks, signOffs), passesOf(checks)].join('; '));
}

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.$/, '')}.`;

function passesOf(checks: readonly CheckResult[]): string {
  const { pass, notApplicable } = countsOf(checks);
  const none = notApplicable === 0 ? '' : `, ${notApplicable} not applicable`;
  return `${pass} of ${checks.length} ${checks.length === 1 ? 'check passes' : 'checks pass'}${none}`;
}

function reasonsOf(status: GateStatus, checks: readonly CheckResult[], signOffs: readonly SignOffState[]): readonly string[] {
  const blockers = checks.filter((check) => check.level === 'blocker');
  const weighty = checks.filter((check) => check.level === 'blocker' || check.level === 'high');
  if (status === 'not-ready') return phrase(blockers, ['blocker fails', 'blockers fail'], isOpen('fail'));
  if (status === 'awaiting')
    return [...phrase(blockers, ['blocker is unknown', 'blockers are unknown'], isOpen('unknown')), ...missing(signOffs)];
  if (status !== 'conditional') return [];
  return [
    ...phrase(weighty, ['high item fails', 'high items fail'], isOpen('fail')),
    ...phrase(weighty, ['high item is unknown', 'high items are unknown'], isOpen('unknown')),
    ...phrase(weighty, ['item is waived', 'items are waived'], ({ waiver }) => waiver !== undefined),
    ...phrase(weighty, ['item is assumed', 'items are assumed'], restsOn('assumed')),
    ...phrase(weighty, ['item is only claimed', 'items are only claimed'], restsOn('claimed')),
  ];
}

const isOpen = (wanted: Outcome) => (assessment: Assessment) => assessment.outcome === wanted && assessment.waiver === undefined;
const restsOn = (wanted: Reason) => (assessment: Assessment) => assessment.outcome === 'pass' && assessment.reason === wanted;

/** `2 blockers fail: managed-secrets, memory-limits (2 of 14 targets)`; nothing where no check has such an item. */
function phrase(
  checks: readonly CheckResult[],
  [one, many]: readonly [string, string],
  matches: (assessment: Assessment) => boolean,
): readonly string[] {
  const named = checks.flatMap(({ id, assessments }) => {
    const matching = targetsOf(assessments.filter(matches));
    const all = targetsOf(assessments.filter(({ outcome }) => outcome !== 'not-applicable'));
    if (matching === 0) return [];
    return [all === 1 ? id : `${id} (${matching} of ${all} targets)`];
  });
  return named.length === 0 ? [] : [`${named.length} ${named.length === 1 ? one : many}: ${named.join(', ')}`];
}

const targetsOf = (assessments: readonly Assessment[]) =>
  new Set(assessments.map(({ target }) => `${refKey(target)}|${target.container ?? ''}`)).size;

function missing(signOffs: readonly SignOffState[]): readonly string[] {
  const open = signOffs.filter(({ state }) => state !== 'signed');
  return open.length === 0 ? [] : [`sign-off ${open.map(({ role, state }) => `${state}: ${role}`).join(', ')}`];
}
