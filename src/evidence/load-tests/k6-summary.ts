import { formatMoment, parseMoment } from '../../model/time.ts';
import { normaliseSummary, type Summary, type SummaryMetric } from './k6-summary-shapes.ts';
import type { UnsealedRecord } from './record.ts';

/** What was read of a result of k6. The record says nothing that k6 did not. */
export type K6Reading = { readonly ok: true; readonly record: UnsealedRecord } | { readonly ok: false; readonly problem: string };

/** How k6 is asked for every statistic that the limits need. */
export const trendStats = 'avg,min,med,max,p(90),p(95),p(99),p(99.9),count';

/** The first message of the reading that is true of a result. */
type Problem = string | undefined;

/**
 * Reads an end-of-test summary of k6 from parsed JSON: `--summary-export`, the data of `handleSummary`, or the machine-readable summary.
 * It holds no histogram, so the record has quantiles and no blocks. Undefined for what is no summary of k6.
 */
export function readK6Summary(value: unknown): K6Reading | undefined {
  const summary = normaliseSummary(value);
  if (summary === undefined) return undefined;
  const figures = figuresOf(summary);
  const problem = contradiction(summary, figures);
  return problem === undefined ? { ok: true, record: recordOf(summary, figures) } : { ok: false, problem };
}

/** What k6 says of its own thresholds, in whatever shape; empty for what is no summary and for the shape that has none. */
export function thresholdsOf(value: unknown): NonNullable<UnsealedRecord['k6']>['thresholds'] {
  return normaliseSummary(value)?.thresholds.slice() ?? [];
}

/** How many HTTP requests k6 counted, those of setup and teardown too; undefined for what is no summary. */
export function requestsOf(value: unknown): number | undefined {
  const summary = normaliseSummary(value);
  return summary === undefined ? undefined : (summary.metrics.get('http_reqs')?.['count'] ?? 0);
}

interface Figures {
  readonly sent: number;
  readonly failed: number;
  readonly ok: number;
  readonly dropped: number;
  readonly seconds: number | undefined;
  readonly p50Ms: number | undefined;
  readonly p95Ms: number | undefined;
  readonly p99Ms: number | undefined;
  readonly maxMs: number | undefined;
}

function figuresOf({ metrics, durationS }: Summary): Figures {
  const requests = metrics.get('http_reqs');
  const judged = metrics.get('http_req_failed');
  const durations = metrics.get('http_req_duration');
  const sent = requests?.['count'] ?? 0;
  const rate = requests?.['rate'];
  return {
    sent,
    // The rate counts what it was told to: for http_req_failed the non-zero samples, which k6 calls passes, are the failures.
    failed: judged?.['passes'] ?? 0,
    ok: judged?.['fails'] ?? 0,
    dropped: metrics.get('dropped_iterations')?.['count'] ?? 0,
    seconds: durationS ?? (rate === undefined || rate <= 0 ? undefined : sent / rate),
    p50Ms: durations?.['med'] ?? durations?.['p(50)'],
    p95Ms: durations?.['p(95)'],
    p99Ms: durations?.['p(99)'],
    maxMs: durations?.['max'],
  };
}

/** Figures that cannot all be true, or that leave open what happened. k6 passes thresholds on metrics without samples; we do not. */
function contradiction(summary: Summary, figures: Figures): Problem {
  const { sent, ok, failed, seconds } = figures;
  const { metrics } = summary;
  if (![sent, ok, failed, figures.dropped].every(isCount)) return 'a count in it is no whole number';
  if (sent === 0) return 'k6 sent no HTTP request in that run, so that it shows nothing';
  if (seconds === undefined || !(seconds > 0)) return 'it does not say how long the run took';
  const judged = metrics.get('http_req_failed');
  if (judged === undefined) return 'it does not say how many requests failed: http_req_failed is missing';
  return (
    judgedProblem(judged, figures) ?? durationProblem(metrics.get('http_req_duration'), figures) ?? rateProblem(summary, figures)
  );
}

function judgedProblem(judged: SummaryMetric, { sent, ok, failed }: Figures): Problem {
  if (ok + failed > sent) return `${sent} requests and ${ok + failed} judged ones contradict each other`;
  if (ok + failed < sent)
    return `k6 judged ${ok + failed} of ${sent} requests (the script calls setResponseCallback): how many failed is not known`;
  const share = judged['rate'];
  if (share === undefined) return undefined;
  if (share < 0 || share > 1) return `an error rate of ${share} is none`;
  return Math.abs(share - failed / sent) > 1e-6
    ? `${failed} failures of ${sent} requests and an error rate of ${share} contradict each other`
    : undefined;
}

function durationProblem(durations: SummaryMetric | undefined, { sent, ok, p50Ms, p95Ms, p99Ms, maxMs }: Figures): Problem {
  if (durations === undefined) return 'it holds no latencies: http_req_duration is missing';
  const count = durations['count'];
  if (count !== undefined && count !== sent) return `${count} latencies and ${sent} requests contradict each other`;
  const rising = [durations['min'], p50Ms, durations['p(90)'], p95Ms, p99Ms, durations['p(99.9)'], maxMs].filter(
    (ms) => ms !== undefined,
  );
  if (rising.length === 0) return 'it holds no latencies: http_req_duration has no value';
  if (rising.some((ms, index) => ms < 0 || ms < (rising[index - 1] ?? 0) - interpolation))
    return 'its latencies are not in order: a higher percentile is below a lower one';
  // A metric without samples reads as zero.
  return ok > 0 && rising.at(-1) === 0 ? `answers to ${ok} requests in 0 ms contradict each other` : undefined;
}

function rateProblem({ metrics, durationS }: Summary, { sent }: Figures): Problem {
  const rate = metrics.get('http_reqs')?.['rate'];
  if (rate === undefined || durationS === undefined) return undefined;
  const expected = sent / durationS;
  return Math.abs(rate - expected) > 0.02 * expected
    ? `${sent} requests in ${durationS} s and ${rate} requests a second contradict each other`
    : undefined;
}

/** Percentiles are interpolated, and between equal values may differ in their last digit. */
const interpolation = 1e-6;

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

function recordOf(summary: Summary, figures: Figures): UnsealedRecord {
  const { sent, ok, failed, dropped, seconds = 0, p50Ms, p95Ms, p99Ms, maxMs } = figures;
  const startedAt = startOf(summary.endedAt, seconds);
  return {
    engine: { name: 'k6', version: summary.version ?? 'unknown', runners: 1 },
    test: { model: 'unknown', warmupS: 0, steadyS: seconds, requests: [], variables: [] },
    target: 'unknown',
    ...(startedAt === undefined ? {} : { startedAt }),
    counts: {
      planned: sent + dropped,
      sent,
      ok,
      failed,
      timeouts: 0,
      dropped,
      retried: 0,
      unfinished: 0,
      byStatus: {},
      byError: {},
    },
    seconds,
    limitsMs: [],
    quantiles: {
      ...(p50Ms === undefined ? {} : { p50Ms }),
      ...(p95Ms === undefined ? {} : { p95Ms }),
      ...(p99Ms === undefined ? {} : { p99Ms }),
      ...(maxMs === undefined ? {} : { maxMs }),
    },
    blocks: [],
    k6: { thresholds: summary.thresholds.slice(), droppedIterations: dropped },
    notes: notesOf(summary, figures),
  };
}

function startOf(endedAt: string | undefined, seconds: number): string | undefined {
  if (endedAt === undefined) return undefined;
  const ended = parseMoment(endedAt);
  return ended.ok ? formatMoment(ended.ms - seconds * 1000) : undefined;
}

function notesOf({ shape }: Summary, { p95Ms, p99Ms }: Figures): string[] {
  const missing = [...(p95Ms === undefined ? ['p(95)'] : []), ...(p99Ms === undefined ? ['p(99)'] : [])];
  return [
    'A summary of k6 covers the whole run, with its setup, its warm-up and the wait for the last answers: the throughput was at least this.',
    durationNote,
    'Requests that were still without an answer when k6 ended are in no summary.',
    ...(missing.length === 0
      ? []
      : [`The summary has no ${missing.join(' and no ')}. k6 writes it with --summary-trend-stats="${trendStats}".`]),
    ...(shape === 'machine-readable' ? ['This form of summary holds no thresholds.'] : []),
  ];
}

/** What the latencies of k6 are, whatever the form they come in. */
export const durationNote =
  'Latencies are http_req_duration of k6: from sending to the last byte, without the wait for a connection, DNS, connect and TLS.';
