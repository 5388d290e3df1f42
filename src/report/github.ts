import type { Level } from '../model/judgement.ts';
import { formatRef } from '../model/object-ref.ts';
import type { ReviewResult } from '../model/result.ts';
import { checkState, gateSections, type State } from './check-state.ts';
import { clean } from './clean-text.ts';
import { code, escapeMarkdown, escapeMoment, row, tableHead } from './markdown-text.ts';
import { numberedTasks } from './plan-order.ts';
import { inChunks, type Reporter } from './reporter.ts';
import { type RootCause, rootCauses } from './root-causes.ts';
import {
  countsInWords,
  deciders,
  gateStatusWords,
  listed,
  place,
  plural,
  range,
  standing,
  stateWords,
  totalCounts,
  verdictWords,
} from './wording.ts';

type Command = 'error' | 'warning' | 'notice';

/** GitHub shows ten annotations of a level for a step and drops the rest without a word. */
const perLevel = 10;
const targetsShown = 5;

/** What is proven wrong is an error where it blocks or should block; what is not proven warns, for the place named is where the evidence would be, not a fault. */
function commandOf(level: Level, state: State): Command {
  if (level === 'advisory') return 'notice';
  return state === 'fail' && level !== 'medium' ? 'error' : 'warning';
}

/** Workflow commands: an annotation for each root cause, at its first place. Waived findings make no noise. */
export const github: Reporter = {
  id: 'github',
  title: 'GitHub annotations',
  extension: '.github',
  render: (result) => inChunks(commands(result)),
};

function* commands(result: ReviewResult): Generator<string> {
  const causes = gateSections(result)
    .flatMap(({ checks }) => rootCauses(checks))
    .filter(({ state }) => state === 'fail' || state === 'unknown');
  const left: string[] = [];
  for (const command of ['error', 'warning', 'notice'] as const) {
    const own = causes.filter(({ check, state }) => commandOf(check.level, state) === command);
    // The last notice is kept for what is left out.
    const limit = command === 'notice' ? perLevel - 1 : perLevel;
    for (const cause of own.slice(0, limit)) yield annotation(command, cause);
    if (own.length > limit) left.push(plural(own.length - limit, `further ${command}`));
  }
  const more = left.length === 0 ? '' : ` Not shown: ${left.join(', ')}.`;
  yield `::notice title=${property(`Seaworthy: ${verdictWords[result.verdict]}`)}::${data(`${countsInWords(totalCounts(result), result.checks)}.${more}`)}\n`;
}

function annotation(command: Command, cause: RootCause): string {
  const { check, state, first, assessments } = cause;
  const { location } = first;
  const properties = [
    ...(location === undefined ? [] : [['file', location.file] as const]),
    ...(location?.line === undefined ? [] : [['line', String(location.line)] as const]),
    ...(location?.line === undefined || location.endLine === undefined ? [] : [['endLine', String(location.endLine)] as const]),
    // Columns of an annotation over several lines are refused.
    ...(location?.column === undefined || (location.endLine ?? location.line) !== location.line
      ? []
      : [['col', String(location.column)] as const]),
    ['title', `${check.id} (${standing(check.level, state, first)})`] as const,
  ];
  const lines = assessments
    .slice(0, targetsShown)
    .map(
      ({ target, message, location: at }) =>
        `${clean(formatRef(target))}: ${clean(message)}${at === undefined ? '' : ` (${place(at)})`}`,
    );
  if (assessments.length > targetsShown) lines.push(`and ${assessments.length - targetsShown} more`);
  const text = lines.map(data).join('%0A');
  return `::${command} ${properties.map(([name, value]) => `${name}=${property(value)}`).join(',')}::${text}\n`;
}

const data = (text: string): string => clean(text).replaceAll('%', '%25');
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** A short Markdown summary of the review for `$GITHUB_STEP_SUMMARY`. Its size depends on gates, not on the cluster. */
export function stepSummary(result: ReviewResult): string {
  const names = deciders(result);
  const tasks = numberedTasks(result.plan).flatMap(({ tasks }) => tasks);
  const lines = [
    `## ${verdictWords[result.verdict]}: ${escapeMarkdown(result.review.name)} (${escapeMarkdown(result.review.environment)})`,
    '',
    `As of ${escapeMoment(result.asOf)}${result.validUntil === undefined ? '' : `, true until ${escapeMoment(result.validUntil)}`}.${
      names.length === 0
        ? ''
        : ` Decided by ${listed(
            names.map((name) => escapeMarkdown(name)),
            10,
          )}.`
    }`,
    '',
    ...tableHead('Gate', 'Status', 'Checks'),
    ...gateSections(result).map(({ gate, checks }) =>
      row(escapeMarkdown(gate.title), gateStatusWords[gate.status], countsInWords(gate.counts, checks)),
    ),
  ];
  const open = gateSections(result).flatMap(({ checks }) =>
    checks.filter((check) => check.level === 'blocker' && (checkState(check) === 'fail' || checkState(check) === 'unknown')),
  );
  if (open.length > 0) {
    lines.push('', '**Blockers**', '');
    for (const cause of rootCauses(open)
      .filter(({ state }) => state === 'fail' || state === 'unknown')
      .slice(0, 20)) {
      const where = cause.first.location === undefined ? '' : `, first at ${code(place(cause.first.location))}`;
      lines.push(
        `- ${code(cause.check.id)} ${stateWords[cause.state]} (${plural(cause.assessments.length, 'target')}${where}): ${escapeMarkdown(cause.first.message)}`,
      );
    }
  }
  if (tasks.length > 0) {
    lines.push('', '**What to do next**', '');
    for (const { number, task } of tasks.slice(0, 10))
      lines.push(`${number}. ${escapeMarkdown(task.title)} (${escapeMarkdown(task.owner)}, ${range(task.hours)})`);
    if (tasks.length > 10) lines.push('', `and ${tasks.length - 10} more`);
  }
  return `${lines.join('\n')}\n`;
}
