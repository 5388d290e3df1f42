import { conditionGroups } from './conditions.ts';
import type { GateStatus } from '../model/gate.ts';
import type { Assessment, Proof } from '../model/judgement.ts';
import { formatRef } from '../model/object-ref.ts';
import type { CheckResult, GateResult, ReviewResult } from '../model/result.ts';
import { checkState, countStates, gateSections, type State, stateOf } from './check-state.ts';
import { code, escapeMarkdown, escapeMoment } from './markdown-text.ts';
import { type RootCause, rootCauses, sharedProof } from './root-causes.ts';
import { countsInWords, cover, gateStatusWords, place, plural, reasonWords, signOffInWords, stateWords } from './wording.ts';

/** One sign for each state, used in every section, so that no two sections say different things of one item. */
export const stateSigns: Readonly<Record<State, string>> = {
  fail: '\u274c',
  unknown: '\u23f3',
  waived: '\u23f3',
  claimed: '\u23f3',
  assumed: '\u23f3',
  pass: '\u2705',
  'not-applicable': '\u2796',
};

export const gateSigns: Readonly<Record<GateStatus, string>> = {
  'not-ready': '\u274c',
  awaiting: '\u23f3',
  conditional: '\u23f3',
  approved: '\u2705',
  'not-assessed': '\u2796',
};

const targetsShown = 5;
const proofsShown = 4;

/** A target with the place of the evidence: `Deployment a/b` at `file:1:2`. */
export function cited({ target, location }: Assessment): string {
  return `${code(formatRef(target))}${location === undefined ? '' : ` at ${code(place(location))}`}`;
}

/** Section 1: each gate with its status, its open items by root cause, and its passes with what they rest on. */
export function* reviewByGate(result: ReviewResult): Generator<string> {
  yield '## 1. Security and Readiness Review';
  const sections = gateSections(result);
  if (sections.length === 0) yield* ['', 'Nothing was looked at.'];
  for (const [index, { gate, checks }] of sections.entries()) {
    yield* [
      '',
      `### 1.${index + 1} ${escapeMarkdown(gate.title)}`,
      '',
      `**Status:** ${gateLine(gate)}`,
      '',
      `${countsInWords(gate.counts, checks)}.`,
    ];
    if (gate.signOffs.length > 0)
      yield* ['', `Sign-offs: ${gate.signOffs.map((signOff) => escapeMarkdown(signOffInWords(signOff))).join('; ')}.`];
    if (checks.length > 0) yield '';
    for (const cause of rootCauses(checks)) yield* causeLines(cause);
    for (const check of checks) {
      const state = checkState(check);
      if (state === 'pass' || state === 'not-applicable') yield settledLine(check, state);
    }
  }
}

const gateLine = ({ status, summary }: GateResult): string =>
  `${gateSigns[status]} ${gateStatusWords[status].toUpperCase()} \u2014 ${escapeMarkdown(summary)}`;

function* causeLines({ check, state, message, first, assessments }: RootCause): Generator<string> {
  const reason = first.reason === undefined || state === 'waived' ? '' : `, ${reasonWords[first.reason]}`;
  const said = message === undefined ? '' : `: ${escapeMarkdown(message)}`;
  yield `- ${stateSigns[state]} **${escapeMarkdown(check.title)}** (${code(check.id)}, ${check.level}, ${stateWords[state]}${state === 'unknown' ? reason : ''})${said}`;
  const listed = assessments.slice(0, targetsShown);
  const shared = sharedProof(listed);
  for (const assessment of listed) {
    yield `  - ${cited(assessment)}${message === undefined ? `: ${escapeMarkdown(assessment.message)}` : ''}`;
    if (shared === undefined) yield* reasons(assessment.because, '    ');
  }
  if (assessments.length > targetsShown) yield `  - and ${assessments.length - targetsShown} more`;
  yield* reasons(shared, '  ');
  for (const line of cover(first)) yield `  - ${escapeMarkdown(line)}`;
}

function* reasons(proofs: readonly Proof[] | undefined, indent: string): Generator<string> {
  for (const { note, location } of (proofs ?? []).slice(0, proofsShown))
    yield `${indent}- because ${escapeMarkdown(note)}${location === undefined ? '' : ` (${code(place(location))})`}`;
}

/** A pass or not applicable: how many targets, and the first of them as a sample of the proof. */
export function settledLine(check: CheckResult, state: 'pass' | 'not-applicable'): string {
  const counts = countStates(check);
  const aside = state === 'pass' && counts['not-applicable'] > 0 ? `, ${counts['not-applicable']} not applicable` : '';
  const number = state === 'pass' ? `${counts.pass} of ${plural(check.assessments.length, 'target')}${aside}` : 'not applicable';
  const sample = check.assessments.find((assessment) => stateOf(assessment) === state);
  const proof = sample === undefined ? '' : `: ${escapeMarkdown(sample.message)} \u2014 ${cited(sample)}`;
  return `- ${stateSigns[state]} **${escapeMarkdown(check.title)}** (${code(check.id)}, ${check.level}, ${number})${proof}`;
}

const headings: readonly { readonly title: string; readonly status: GateStatus; readonly always: boolean }[] = [
  { title: 'Approved \u2705', status: 'approved', always: true },
  { title: 'Conditional \u23f3', status: 'conditional', always: true },
  { title: 'Awaiting \u23f3 (evidence or a sign-off is missing: blocks the launch)', status: 'awaiting', always: false },
  { title: 'Not Ready \u274c', status: 'not-ready', always: true },
  { title: 'Not Assessed \u2796', status: 'not-assessed', always: false },
];

/** Section 4: every gate once, under its status. */
export function* signOffSummary(result: ReviewResult): Generator<string> {
  yield '## 4. Security Sign-Off Summary';
  const gates = gateSections(result).map(({ gate }) => gate);
  for (const { title, status, always } of headings) {
    const own = gates.filter((gate) => gate.status === status);
    if (own.length === 0 && !always) continue;
    yield* ['', `### ${title}`, ''];
    for (const gate of own) yield `- ${escapeMarkdown(gate.title)}: ${escapeMarkdown(gate.summary)}`;
    if (own.length === 0) yield '- none';
  }
  // Where launching is out of the question, what is open is the critical path's matter.
  if (result.verdict === 'do-not-launch' || result.conditions.length === 0) return;
  yield* ['', '**Conditions**', ''];
  for (const { first, others } of conditionGroups(result)) {
    const { owner, due, message, check } = first;
    const more = others === 0 ? '' : `, and ${plural(others, 'further target')}`;
    yield `- ${escapeMarkdown(owner)}, ${due === undefined ? 'due 24 h after launch' : `due ${escapeMoment(due)}`}: ${escapeMarkdown(message)} (${code(check)}${more})`;
  }
}
