import { quantile } from '../../evidence/load-tests/distribution.ts';
import type { LoadTestRecord } from '../../evidence/load-tests/record.ts';
import type { FigureState, ShareFigure } from '../../facts/load-figures.ts';
import { clean } from '../../report/clean-text.ts';
import type { Page } from '../../report/text-page.ts';
import { blockStrip, percentileChart } from './chart.ts';
import type { RunJudgement } from './judgement.ts';
import { conclusion } from './conclusion.ts';
import { grouped, milliseconds, percent, perSecond } from './words.ts';

/** What the end of a run shows: limits, counts, the generator, the shape of the latencies, and one sentence of conclusion. */
export function* runPage(record: LoadTestRecord, judgement: RunJudgement, page: Page): Generator<string> {
  yield* headLines(record, page);
  yield '';
  yield* limitTable(judgement, page);
  yield '';
  yield* countLines(record, page);
  yield* latencyLines(record, page);
  yield* generatorLines(record, page);
  for (const note of labelsOf(record)) yield* page.lines('  note: ', clean(note));
  yield* pictures(record, judgement, page);
  yield '';
  yield* conclusion(record, judgement, page);
}

function* headLines(record: LoadTestRecord, page: Page): Generator<string> {
  const { engine, test, target, environment, startedAt } = record;
  const what =
    test.script?.path ??
    (test.requests.length === 1 ? test.requests[0]?.name : `${test.requests.length} requests`) ??
    'a scenario';
  yield* page.lines('', clean(`Load test of ${target}${environment === undefined ? '' : ` (${environment})`}: ${what}`), {
    text: page.bold,
  });
  const plan = [
    test.rate === undefined ? undefined : `${perSecond(test.rate)} planned`,
    `${Number(record.seconds.toFixed(1))} of ${Number(test.steadyS.toFixed(1))} s measured`,
    test.warmupS > 0 ? `after ${Number(test.warmupS.toFixed(1))} s of warm-up` : undefined,
    startedAt === undefined ? undefined : `begun ${startedAt}`,
    `${engine.name} ${engine.version}${engine.runners > 1 ? `, ${engine.runners} runners` : ''}`,
  ];
  yield* page.lines('  ', clean(plan.filter((part) => part !== undefined).join('; ')));
}

const stateWords: Readonly<Record<FigureState, string>> = { within: 'kept', exceeded: 'exceeded', inconclusive: 'inconclusive' };

interface Row {
  readonly cells: readonly string[];
  readonly state?: FigureState;
}

const columnNames = ['limit', 'measured', 'over it', 'bound 95 %', 'allowed'];

function* limitTable({ figures, state }: RunJudgement, page: Page): Generator<string> {
  const { throughput } = figures;
  const rows: readonly Row[] = [
    { cells: columnNames },
    ...figures.shares.map((figure) => ({ cells: cellsOf(figure), state: figure.state })),
    { cells: [`throughput > ${perSecond(throughput.limit)}`, perSecond(throughput.value), '', '', ''], state: throughput.state },
  ];
  const widths = columnNames.map((_, index) => Math.max(...rows.map(({ cells }) => cells[index]?.length ?? 0)) + 2);
  const shown = shownColumns(widths, page.options.width - stateWidth);
  for (const { cells, state: own } of rows) {
    const text = `  ${shown.map((index) => (cells[index] ?? '').padEnd(widths[index] ?? 0)).join('')}`;
    if (own === undefined) yield page.dim(`${text}state`);
    // The figures of an invalid run decide nothing.
    else if (state === 'invalid') yield `${text}-`;
    else {
      const { glyph, paint } = page.state(own === 'within' ? 'pass' : own === 'exceeded' ? 'fail' : 'unknown');
      yield `${text}${paint(`${glyph} ${stateWords[own]}`)}`;
    }
  }
}

const stateWidth = '  ? inconclusive'.length;

/** What is allowed follows from the limit, and the share over it stands below its bound: these go first where the page is narrow. */
function shownColumns(widths: readonly number[], room: number): readonly number[] {
  const all = [0, 1, 2, 3, 4];
  const variants = [all, [0, 1, 2, 3], [0, 1, 3]];
  const sum = (columns: readonly number[]) => columns.reduce((total, index) => total + (widths[index] ?? 0), 0);
  return variants.find((columns) => sum(columns) <= room) ?? [0, 1, 3];
}

function cellsOf({ id, limit, value, over, n, upper, allowed }: ShareFigure): readonly string[] {
  const isErrors = id === 'errors';
  return [
    isErrors ? `errors < ${percent(limit)}` : `${id} < ${milliseconds(limit)}`,
    value === undefined || n === 0 ? 'not known' : isErrors ? percent(value) : milliseconds(value),
    over === undefined || n === 0 ? 'not known' : percent(over.atMost / n),
    upper === undefined ? 'none' : percent(upper),
    `< ${percent(allowed)}`,
  ];
}

function* countLines({ counts }: LoadTestRecord, page: Page): Generator<string> {
  const parts = [
    `${grouped(counts.sent)} sent of ${grouped(counts.planned)} planned`,
    `${grouped(counts.ok)} ok`,
    `${grouped(counts.failed)} failed${counts.timeouts > 0 ? ` (${grouped(counts.timeouts)} timed out)` : ''}`,
    ...(['dropped', 'unfinished'] as const).flatMap((key) => (counts[key] > 0 ? [`${grouped(counts[key])} ${key}`] : [])),
    ...(counts.retried > 0 ? [`${grouped(counts.retried)} sent again after the server closed an idle connection`] : []),
  ];
  yield* page.lines('  requests: ', parts.join(', '));
  const kinds = [...Object.entries(counts.byStatus), ...Object.entries(counts.byError)].sort(([, a], [, b]) => b - a);
  const shown = kinds.slice(0, 8).map(([name, count]) => `${clean(name)} ${grouped(count)}`);
  if (kinds.length > 0)
    yield* page.lines('  answers:  ', `${shown.join(', ')}${kinds.length > 8 ? `, and ${kinds.length - 8} others` : ''}`);
}

function* latencyLines({ response, service, quantiles }: LoadTestRecord, page: Page): Generator<string> {
  const of = (name: string, distribution: LoadTestRecord['response']) => {
    if (distribution === undefined || distribution.buckets.length === 0) return [];
    const at = (share: number) => milliseconds((quantile(distribution, share) ?? 0) / 1000);
    return page.lines(
      `  ${name} `,
      `p50 ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}, most ${milliseconds(distribution.maxUs / 1000)}`,
    );
  };
  yield* of('response:', response);
  yield* of('service: ', service);
  if (response !== undefined || quantiles === undefined) return;
  const known = [
    ['p50', quantiles.p50Ms],
    ['p95', quantiles.p95Ms],
    ['p99', quantiles.p99Ms],
    ['most', quantiles.maxMs],
  ].flatMap(([name, value]) => (typeof value === 'number' ? [`${name} ${milliseconds(value)}`] : []));
  yield* page.lines('  response: ', `${known.join(', ')} (a summary, without a histogram)`);
}

function* generatorLines({ generator, counts }: LoadTestRecord, page: Page): Generator<string> {
  if (generator === undefined || counts.sent === 0) return;
  const { lagP99Ms, cpu, startedShare } = generator;
  yield* page.lines(
    '  generator: ',
    `99 % of requests left within ${milliseconds(lagP99Ms)} of their planned start; busiest worker ${percent(cpu)} of a core; ${percent(startedShare)} of the plan started`,
  );
}

/** What a reader has to know of the figures. */
function labelsOf({ test, images, stopped, notes }: LoadTestRecord): readonly string[] {
  return [
    ...(stopped === undefined ? [] : [stopped.message]),
    ...(test.substituteFor === undefined ? [] : [`this is a substitute: the declared test, ${test.substituteFor}, did not run.`]),
    ...(test.model === 'closed' ? ['closed model: requests waited for answers, so that percentiles may be far too low.'] : []),
    ...(test.model === 'unknown' ? ['whether requests started by a plan (open model) is not known.'] : []),
    ...(images === undefined ? ['the images under test are not known.'] : []),
    ...notes,
  ];
}

function* pictures(record: LoadTestRecord, { figures }: RunJudgement, page: Page): Generator<string> {
  const lines = figures.shares.flatMap(({ id, limit }) =>
    id === 'errors' ? [] : [{ label: `${id} < ${milliseconds(limit)}`, share: id === 'p95' ? 0.95 : 0.99, ms: limit }],
  );
  const chart = record.response === undefined ? [] : percentileChart(record.response, lines, page);
  if (chart.length > 0) yield '';
  yield* chart;
  const strip = blockStrip(record.blocks, lines.find(({ share }) => share === 0.95)?.ms ?? 0, page);
  if (strip.length > 0) yield '';
  yield* strip;
}
