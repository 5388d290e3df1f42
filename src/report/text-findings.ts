import { type Assessment, levels, type Proof } from '../model/judgement.ts';
import { formatRef } from '../model/object-ref.ts';
import type { ReviewResult } from '../model/result.ts';
import { checkState, countStates, gateSections, type GateSection } from './check-state.ts';
import { clean } from './clean-text.ts';
import { type RootCause, rootCauses, sharedProof } from './root-causes.ts';
import type { Page } from './text-page.ts';
import { cover, gateStatusWords, place, plural, standing, stateWords } from './wording.ts';

const targetsShown = 5;
const proofsShown = 4;
/** Root causes in a summary, shared evenly by the gates that have some: a screen or two, whatever the system. */
const causesInSummary = 20;

/** Findings by gate, one root cause each, what is not proven first. */
export function* textFindings(result: ReviewResult, page: Page): Generator<string> {
  const sections = gateSections(result);
  if (!sections.some(({ checks }) => checks.length > 0)) return;
  yield '';
  yield page.bold('Findings');
  const withCauses = sections.filter(({ checks }) => rootCauses(checks).length > 0).length;
  const room = Math.max(2, Math.floor(causesInSummary / Math.max(1, withCauses)));
  for (const section of sections) yield* gateFindings(section, page, room);
}

function* gateFindings({ gate, checks }: GateSection, page: Page, room: number): Generator<string> {
  const causes = rootCauses(checks);
  const { details } = page.options;
  if (causes.length === 0 && details !== 'all') return;
  if (details !== 'summary') yield '';
  yield* page.lines('  ', `${clean(gate.title)}: ${gateStatusWords[gate.status]}`, { text: page.bold });
  if (details === 'summary') {
    yield* summary(causes, page, room);
    return;
  }
  for (const cause of causes) yield* rootCause(cause, page);
  yield* passes({ gate, checks }, page);
}

function* summary(causes: readonly RootCause[], page: Page, room: number): Generator<string> {
  // Short of room, blockers come before advice.
  const urgent = causes.toSorted((a, b) => levels.indexOf(a.check.level) - levels.indexOf(b.check.level));
  for (const cause of urgent.slice(0, room)) {
    const { glyph, paint } = page.state(cause.state);
    const many = cause.assessments.length === 1 ? '' : `${plural(cause.assessments.length, 'target')}: `;
    yield* page.line(
      `    ${glyph} `,
      `${clean(cause.check.id)} (${cause.check.level}, ${stateWords[cause.state]}): ${many}${clean(cause.first.message)}`,
      { lead: paint },
    );
  }
  if (urgent.length > room) yield `      and ${urgent.length - room} more`;
}

function* rootCause({ check, state, message, first, assessments }: RootCause, page: Page): Generator<string> {
  const { glyph, paint } = page.state(state);
  const many = assessments.length === 1 ? '' : `, ${plural(assessments.length, 'target')}`;
  yield* page.lines(`  ${glyph} `, `${clean(check.id)}: ${standing(check.level, state, first)}${many}`, {
    lead: paint,
    text: paint,
  });
  if (message !== undefined) yield* page.lines('      ', clean(message));
  const limit = page.options.details === 'all' ? Number.POSITIVE_INFINITY : targetsShown;
  const listed = assessments.slice(0, limit);
  const shared = sharedProof(listed);
  for (const assessment of listed) {
    yield* target(assessment, message === undefined, page);
    if (shared === undefined) yield* reasons(assessment.because, '        ', page);
  }
  if (assessments.length > limit) yield `      and ${assessments.length - limit} more`;
  yield* reasons(shared, '      ', page);
  for (const line of cover(first)) yield* page.lines('      ', line, { text: paint });
}

function* target(
  { location, target: ref, message, fingerprint }: Assessment,
  withMessage: boolean,
  page: Page,
): Generator<string> {
  const where = location === undefined ? '' : ` at ${place(location)}`;
  const id = page.options.details === 'all' ? ` [${clean(fingerprint)}]` : '';
  yield* page.lines('      - ', `${clean(formatRef(ref))}${where}${id}`);
  if (withMessage) yield* page.lines('        ', clean(message));
}

function* reasons(proofs: readonly Proof[] | undefined, indent: string, page: Page): Generator<string> {
  const all = proofs ?? [];
  const limit = page.options.details === 'all' ? Number.POSITIVE_INFINITY : proofsShown;
  for (const { note, location, target: ref } of all.slice(0, limit)) {
    const where = location === undefined ? clean(formatRef(ref)) : place(location);
    yield* page.lines(`${indent}because `, `${clean(note)} (${where})`, { lead: page.dim, text: page.dim });
  }
  if (all.length > limit) yield page.dim(`${indent}and ${plural(all.length - limit, 'further reason')}`);
}

function* passes({ checks }: GateSection, page: Page): Generator<string> {
  const { glyph, paint } = page.state('pass');
  if (page.options.details === 'all') {
    for (const check of checks) {
      const counts = countStates(check);
      const state = checkState(check);
      if (state !== 'pass' && state !== 'not-applicable') continue;
      const sign = page.state(state);
      const aside = counts['not-applicable'] === 0 ? '' : `, ${counts['not-applicable']} not applicable`;
      yield* page.lines(
        `  ${sign.glyph} `,
        `${clean(check.id)}: ${clean(check.title)} (${counts.pass} of ${plural(check.assessments.length, 'target')} ${check.assessments.length === 1 ? 'passes' : 'pass'}${aside})`,
        { lead: sign.paint },
      );
    }
    return;
  }
  const passed = checks.filter((check) => checkState(check) === 'pass').length;
  const aside = checks.filter(({ outcome }) => outcome === 'not-applicable').length;
  if (passed + aside === 0) return;
  const rest = aside === 0 ? '' : `, ${aside} not applicable`;
  yield* page.lines(
    `  ${glyph} `,
    `${passed} of ${plural(checks.length, 'check')} ${checks.length === 1 ? 'passes' : 'pass'}${rest}`,
    { lead: paint, text: page.dim },
  );
}
