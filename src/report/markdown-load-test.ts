import type { ReviewResult } from '../model/result.ts';
import { checkState, stateOf } from './check-state.ts';
import { arrayAt, isRecord, numberAt, textAt } from './json-values.ts';
import { cited, stateSigns } from './markdown-gates.ts';
import { code, escapeMarkdown, escapeMoment, row, tableHead } from './markdown-text.ts';
import { reasonWords, stateWords } from './wording.ts';

const rowsShown = 60;
const runsShown = 5;

/** What the load test showed: the check's answer, then the figures of each run beside what was expected. */
export function* loadTest(result: ReviewResult): Generator<string> {
  yield* ['## Load Test Results', ''];
  const check = result.checks.find(({ id }) => id === 'load-test');
  if (check === undefined) yield 'The standard has no load test.';
  else {
    const state = checkState(check);
    yield `**Status:** ${stateSigns[state]} ${stateWords[state].toUpperCase()} (${code(check.id)}, ${check.level})`;
    if (check.assessments.length > 0) yield '';
    for (const assessment of check.assessments.slice(0, rowsShown)) {
      const reason = assessment.reason === undefined ? '' : ` (${reasonWords[assessment.reason]})`;
      yield `- ${stateSigns[stateOf(assessment)]} ${escapeMarkdown(assessment.message)}${reason} \u2014 ${cited(assessment)}`;
    }
    if (check.assessments.length > rowsShown) yield `- and ${check.assessments.length - rowsShown} more`;
  }
  const runs = arrayAt(result.views['load'], 'runs').filter(isRecord);
  for (const run of runs.slice(0, runsShown)) yield* runSection(run);
  if (runs.length > runsShown) yield* ['', `and ${runs.length - runsShown} more runs in the JSON report`];
}

function* runSection(run: Readonly<Record<string, unknown>>): Generator<string> {
  yield* ['', `### ${code(textAt(run, 'path') ?? 'a run')}`, ''];
  const engine = run['engine'];
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Target', textAt(run, 'target')],
    ['Environment', textAt(run, 'environment') ?? 'not said'],
    [
      'Engine',
      `${textAt(engine, 'name') ?? 'unknown'} ${textAt(engine, 'version') ?? ''}, ${textAt(run['test'], 'model') ?? 'unknown'} model`,
    ],
  ];
  const startedAt = textAt(run, 'startedAt');
  yield `**Started:** ${startedAt === undefined ? 'not said' : escapeMoment(startedAt)}  `;
  for (const [name, value] of facts) if (value !== undefined) yield `**${name}:** ${escapeMarkdown(value)}  `;
  yield `**Sent:** ${sentText(run)}`;
  const labels = arrayAt(run, 'labels').filter((label) => typeof label === 'string');
  if (labels.length > 0) yield* ['', `Note: ${labels.map(escapeMarkdown).join('; ')}.`];
  const invalid = textAt(run, 'invalid');
  if (invalid !== undefined) yield* ['', `The run says nothing: ${escapeMarkdown(invalid)}.`];
  yield* ['', ...tableHead('Figure', 'Expected', 'Measured', 'At most, with 95 % confidence', 'State')];
  const throughput = run['throughput'];
  yield row(
    'Throughput',
    `&gt; ${number(numberAt(throughput, 'limit'))} req/s`,
    `${number(numberAt(throughput, 'value'))} req/s`,
    '',
    stateText(textAt(throughput, 'state'), invalid),
  );
  for (const figure of arrayAt(run, 'figures').slice(0, rowsShown)) yield figureRow(figure, invalid);
}

function sentText(run: Readonly<Record<string, unknown>>): string {
  const counts = run['counts'];
  const rate = numberAt(run['test'], 'rate');
  const planned = rate === undefined ? '' : `, planned ${number(rate)} a second`;
  return `${number(numberAt(counts, 'sent'))} requests in ${number(numberAt(run, 'seconds'))} s${planned}; ${number(numberAt(counts, 'failed'))} failed`;
}

const titles = new Map([
  ['p95', 'p95 latency'],
  ['p99', 'p99 latency'],
  ['errors', 'Error rate'],
]);

function figureRow(figure: unknown, invalid: string | undefined): string {
  const id = textAt(figure, 'id') ?? '';
  const inUnit = (value: number | undefined) =>
    value === undefined ? 'not in the result' : id === 'errors' ? percent(value) : `${number(value)} ms`;
  const upper = numberAt(figure, 'upper');
  const miss =
    id === 'errors'
      ? ''
      : ` take ${number(numberAt(figure, 'limit'))} ms or longer (to stay below ${percent(numberAt(figure, 'allowed') ?? 0)})`;
  return row(
    titles.get(id) ?? escapeMarkdown(id),
    `&lt; ${inUnit(numberAt(figure, 'limit'))}`,
    inUnit(numberAt(figure, 'value')),
    upper === undefined ? 'no bound' : `${percent(upper)}${miss}`,
    stateText(textAt(figure, 'state'), invalid),
  );
}

const stateText = (state: string | undefined, invalid: string | undefined): string =>
  invalid !== undefined ? 'says nothing' : state === 'within' ? 'kept' : state === 'exceeded' ? 'not kept' : 'inconclusive';
const number = (value: number | undefined): string => (value === undefined ? '?' : String(Number(value.toFixed(1))));
const percent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`;
