import { type Assessment, levels, type Proof } from '../model/judgement.ts';
import { formatRef } from '../model/object-ref.ts';
import type { ReviewResult } from '../model/result.ts';
import { checkState, countStates, gateSections, type GateSection } from './check-state.ts';
import { clean } from './clean-text.ts';
import { type RootCause, rootCauses, sharedProof } from './root-causes.ts';
import type { Page } from './text-page.ts';
import { cover, gateStatusWords, place, plural, standing } from './wording.ts';

const targetsShown = 5;
const proofsShown = 4;
/** Findings by gate, one root cause each, what is not proven first. */
export function* textFindings(result: ReviewResult, page: Page): Generator<string> {
  const sections = gateSections(result).filter(({ checks }) => checks.length > 0);
  if (sections.length === 0) return;
  if (page.options.details === 'summary') {
    yield* alsoOpen(result, sections, page);
    return;
  }
  yield '';
  yield page.bold('Findings');
  for (const section of sections) yield* gateFindings(section, page);
}

function* gateFindings({ gate, checks }: GateSection, page: Page): Generator<string> {
  const causes = rootCauses(checks);
  if (causes.length === 0 && page.options.details !== 'all') return;
  yield '';
  yield* page.lines('  ', `${clean(gate.title)}: ${gateStatusWords[gate.status]}`, { text: page.bold });
  for (const cause of causes) yield* rootCause(cause, page);
  yield* passes({ gate, checks }, page);
}

/** What forbids the launch, each in full with its place and proof: whoever reads only this knows why. */
export function* decisive(result: ReviewResult, page: Page): Generator<string> {
  const causes = decisiveCauses(result);
  if (causes.length === 0 || page.options.details !== 'summary') return;
  yield '';
  yield page.bold('Why');
  for (const { check, state, first, assessments } of causes) {
    const { glyph, paint } = page.state(state);
    const more = assessments.length === 1 ? '' : ` (and ${plural(assessments.length - 1, 'other target')})`;
    yield* page.lines(`  ${glyph} ${clean(check.id)}: `, `${clean(first.message)}${more}`, { lead: paint });
    if (first.location !== undefined) yield* page.lines('      at ', place(first.location), { text: page.dim });
    yield* reasons(first.because, '      ', page);
  }
}

function decisiveCauses(result: ReviewResult): readonly RootCause[] {
  if (result.verdict !== 'do-not-launch') return [];
  const deciding = new Set(result.decidedBy);
  return gateSections(result).flatMap(({ checks }) =>
    rootCauses(checks).filter(({ assessments }) => assessments.some(({ fingerprint }) => deciding.has(fingerprint))),
  );
}

/** The rest by gate, names only: details are a flag away. */
function* alsoOpen(result: ReviewResult, sections: readonly GateSection[], page: Page): Generator<string> {
  const shown = new Set(decisiveCauses(result).map(({ check }) => check.id));
  const rows = sections.flatMap(({ gate, checks }) => {
    const causes = rootCauses(checks).toSorted((a, b) => levels.indexOf(a.check.level) - levels.indexOf(b.check.level));
    const names = new Map(causes.filter(({ check }) => !shown.has(check.id)).map(({ check, state }) => [check.id, state]));
    return names.size === 0 ? [] : [{ gate, names }];
  });
  if (rows.length === 0) return;
  yield '';
  yield page.bold(shown.size === 0 ? 'Open' : 'Also open');
  for (const { gate, names } of rows) {
    const words = [...names].map(([id, state]) => `${page.state(state).glyph} ${clean(id)}`);
    yield* page.lines(`  ${clean(gate.title)}: `, words.join(', '));
  }
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
