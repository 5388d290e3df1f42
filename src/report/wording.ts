import { formatPlace } from '../model/errors.ts';
import type { GateStatus } from '../model/gate.ts';
import type { Assessment, AttestationUse, Level, Location, Reason, WaiverUse } from '../model/judgement.ts';
import type { Basis, CheckResult, Counts, Hours, PlanTask, ReviewResult, SignOffState, Verdict } from '../model/result.ts';
import { clean } from './clean-text.ts';
import { checkState, type State } from './check-state.ts';

export const verdictWords: Readonly<Record<Verdict, string>> = {
  launch: 'LAUNCH',
  'launch-with-conditions': 'LAUNCH WITH CONDITIONS',
  'do-not-launch': 'DO NOT LAUNCH',
  'no-verdict': 'NO LAUNCH VERDICT',
};

export const basisWords: Readonly<Record<Basis, string>> = {
  refuted: 'refuted: something is proven wrong',
  unproven: 'unproven: evidence is missing',
  unsigned: 'unsigned: a sign-off is missing',
};

export const gateStatusWords: Readonly<Record<GateStatus, string>> = {
  'not-ready': 'not ready',
  awaiting: 'awaiting',
  conditional: 'conditional',
  approved: 'approved',
  'not-assessed': 'not assessed',
};

export const stateWords: Readonly<Record<State, string>> = {
  fail: 'fails',
  unknown: 'not proven',
  waived: 'waived',
  claimed: 'claimed',
  assumed: 'assumed',
  pass: 'passes',
  'not-applicable': 'not applicable',
};

export const reasonWords: Readonly<Record<Reason, string>> = {
  missing: 'evidence is missing',
  stale: 'the evidence is too old',
  undecidable: 'cannot be decided from the evidence',
  error: 'the check ended in an error',
  'needs-a-person': 'needs a person',
  assumed: 'assumed, not confirmed',
  claimed: 'claimed, not signed',
};

/** `1 target`, `2 targets`. */
export const plural = (count: number, one: string, many: string = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

/** `5 of 8 checks pass, 2 fail, 1 not proven`; zeros are left out, the denominator never. `waived`, `claimed` and `assumed` overlay the other numbers. */
export function countsInWords(
  { pass, fail, unknown, notApplicable, waived }: Counts,
  checks: readonly CheckResult[] = [],
): string {
  const total = pass + fail + unknown + notApplicable;
  if (total === 0) return 'no checks';
  const others = [
    [fail, fail === 1 ? 'fails' : 'fail'],
    [unknown, 'not proven'],
    [notApplicable, 'not applicable'],
    [waived, 'waived'],
    [checks.filter((check) => checkState(check) === 'claimed').length, 'only claimed'],
    [checks.filter((check) => checkState(check) === 'assumed').length, 'only assumed'],
  ] as const;
  const rest = others.filter(([count]) => count > 0).map(([count, word]) => `, ${count} ${word}`);
  return `${pass} of ${plural(total, 'check')} ${total === 1 ? 'passes' : 'pass'}${rest.join('')}`;
}

/** Check outcomes of a whole review. */
export function totalCounts(result: ReviewResult): Counts {
  const of = (outcome: string) => result.checks.filter((check) => check.outcome === outcome).length;
  return {
    pass: of('pass'),
    fail: of('fail'),
    unknown: of('unknown'),
    notApplicable: of('not-applicable'),
    waived: result.checks.filter(({ waived }) => waived).length,
  };
}

/** Hours without noise: `0.25`, `6`, `7.5`. */
export const hour = (value: number): string => String(value < 1 ? Math.round(value * 100) / 100 : Math.round(value * 10) / 10);

/** `6-8 h`, or `1 h` where both ends are equal. */
export const range = ({ min, max }: Hours): string => (min === max ? `${hour(min)} h` : `${hour(min)}-${hour(max)} h`);

/** `2026-03-06T08:50:00Z` -> `2026-03-06 08:50 UTC`; a date stays a date, other text stays as it is. */
export function moment(text: string): string {
  const match = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}):\d{2}(?:\.\d+)?Z$/.exec(text);
  return match ? `${match[1]} ${match[2]} UTC` : clean(text);
}

/** `k8s/ingress.yaml:12:5`. */
export const place = (location: Location): string => clean(formatPlace(location));

/** Level and why: `blocker, not proven (evidence is missing)`. */
export function standing(level: Level, state: State, { reason, outcome }: Assessment): string {
  const why = reason === undefined || state === 'claimed' || state === 'assumed' ? '' : ` (${reasonWords[reason]})`;
  const under = state === 'waived' ? ` (${stateWords[outcome === 'unknown' ? 'unknown' : 'fail']} without the waiver)` : why;
  return `${level}, ${stateWords[state]}${under}`;
}

/** Who accepted or stated what, until when; none for other assessments. */
export const cover = ({ waiver, attestation }: Assessment): readonly string[] => [
  ...(waiver === undefined ? [] : [waiverInWords(waiver)]),
  ...(attestation === undefined ? [] : [attestationInWords(attestation)]),
];

export function waiverInWords({ owner, expires, reason, compensatingControl }: WaiverUse): string {
  const control = compensatingControl === undefined ? '' : `; instead: ${clean(compensatingControl)}`;
  return `waived by ${clean(owner)} until ${moment(expires)}: ${clean(reason)}${control}`;
}

function attestationInWords({ by, at, expires, statement, evidence }: AttestationUse): string {
  const proof = evidence === undefined ? '' : ` (${clean(evidence)})`;
  return `stated by ${clean(by)} on ${moment(at)}, until ${moment(expires)}: ${clean(statement)}${proof}`;
}

export function signOffInWords({ role, state, by, at }: SignOffState): string {
  const who = by === undefined ? '' : ` by ${clean(by)}`;
  return `${clean(role)} ${state}${who}${at === undefined ? '' : ` on ${moment(at)}`}`;
}

/** Items of `decidedBy` for people: check ids with their number of targets, and sign-offs by name; in the order of first mention. */
export function deciders(result: ReviewResult, decidedBy: readonly string[] = result.decidedBy): readonly string[] {
  const checks = checksByFingerprint(result);
  const counts = new Map<string, number>();
  for (const item of decidedBy) {
    const name = checks.get(item) ?? clean(item);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => (count === 1 ? name : `${name} (${count} targets)`));
}

/** Fingerprint -> id of its check. */
export function checksByFingerprint(result: ReviewResult): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  for (const check of result.checks) for (const { fingerprint } of check.assessments) ids.set(fingerprint, clean(check.id));
  return ids;
}

/** What finishing a task clears: `tls-a (3 targets), tls-b`. */
export function clears(task: PlanTask, checks: ReadonlyMap<string, string>): readonly string[] {
  const counts = new Map<string, number>();
  for (const fingerprint of task.findings) {
    const id = checks.get(fingerprint);
    if (id !== undefined) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return [...counts].map(([id, count]) => (count === 1 ? id : `${id} (${count} targets)`));
}

/** `1-4, 7` of 1, 2, 3, 4, 7. */
export function numberRanges(numbers: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last && number === last[1] + 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)).join(', ');
}

/** At most `limit` names, then how many are left out. */
export function listed(names: readonly string[], limit: number): string {
  const more = names.length - limit;
  return more > 0 ? `${names.slice(0, limit).join(', ')} and ${more} more` : names.join(', ');
}

/** What a review by manifests alone may say: nothing about a launch. */
export function noVerdict(result: ReviewResult): string {
  const settled = result.checks.filter(({ outcome }) => outcome === 'pass' || outcome === 'fail').length;
  const blockers = result.checks.filter(
    ({ level, outcome, waived }) => level === 'blocker' && outcome === 'fail' && !waived,
  ).length;
  const found = blockers === 0 ? 'No blocker' : plural(blockers, 'blocker');
  return `${found} in what was looked at (${settled} of ${plural(result.checks.length, 'check')} settled). This standard decides no launch.`;
}
