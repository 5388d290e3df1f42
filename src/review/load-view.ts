import { loadTest } from '../checks/performance/load-test.ts';
import { addDistributions, type Distribution, quantile, totalOf } from '../evidence/load-tests/distribution.ts';
import { isLoopbackTarget } from '../evidence/load-tests/loopback.ts';
import type { LoadBlock, LoadTestRecord } from '../evidence/load-tests/record.ts';
import type { FactStore } from '../facts/fact.ts';
import { declaredReview } from '../facts/inventory.ts';
import { confidence, loadFigures, strictestLimits } from '../facts/load-figures.ts';
import { type LoadRun, loadTests } from '../facts/load-tests.ts';
import { invalidityOf } from '../facts/load-validity.ts';

/** Most of each that a result carries: a view is drawn, not archived. The record has the rest. */
const caps = { runs: 20, blocks: 240, curve: 60, names: 20, notes: 20 } as const;

type Rules = typeof loadTest.parameters;

/** Every run with its figures against the limits, and the series that charts are drawn from. Plain JSON. */
export function loadView(facts: FactStore, demanded: Partial<Rules> = {}): Readonly<Record<string, unknown>> {
  const { runs, unread } = facts(loadTests);
  const rules = { ...loadTest.parameters, ...demanded };
  const limits = strictestLimits(rules, facts(declaredReview).loadTest?.thresholds);
  return {
    limits,
    confidence,
    runs: runs.slice(0, caps.runs).map((run) => runOf(run, limits, rules)),
    ...(runs.length > caps.runs ? { omitted: runs.length - caps.runs } : {}),
    unread: unread.slice(0, caps.names),
  };
}

function runOf(
  { path, record, startedAt }: LoadRun,
  limits: ReturnType<typeof strictestLimits>,
  rules: Rules,
): Readonly<Record<string, unknown>> {
  const figures = loadFigures(record, limits, rules);
  const invalid = invalidityOf(record, figures, limits, rules);
  const { engine, target, environment, test, images, counts, seconds, stopped, generator, notes, digest } = record;
  return {
    path,
    digest,
    engine,
    target,
    ...(environment === undefined ? {} : { environment }),
    ...(startedAt === undefined ? {} : { startedAt }),
    test: { ...test, requests: test.requests.slice(0, caps.names), variables: test.variables.slice(0, caps.names) },
    labels: labelsOf(record),
    ...(images === undefined ? {} : { images: { ...images, digests: images.digests.slice(0, caps.names) } }),
    ...(stopped === undefined ? {} : { stopped }),
    ...(invalid === undefined ? {} : { invalid }),
    seconds,
    counts: { ...counts, byStatus: largest(counts.byStatus), byError: largest(counts.byError) },
    figures: figures.shares,
    throughput: figures.throughput,
    curve: curveOf(record.response),
    ...(record.service === undefined ? {} : { service: quantilesOf(record.service) }),
    blocks: blocksOf(record.blocks),
    ...(generator === undefined ? {} : { generator }),
    notes: notes.slice(0, caps.notes),
  };
}

/** What somebody who reads the figures must know first. */
function labelsOf({ test, target, images, k6, merged }: LoadTestRecord): readonly string[] {
  return [
    ...(test.model === 'open' ? [] : [`${test.model} model`]),
    ...(test.substituteFor === undefined ? [] : [`substitute for ${test.substituteFor}`]),
    ...(isLoopbackTarget(target) ? ['generator and server on one machine'] : []),
    ...(images?.basis === 'stated' ? ['images as stated'] : []),
    ...(merged === undefined ? [] : [`merged from ${merged.parts.length} parts`]),
    ...(k6 === undefined || k6.thresholds.every(({ ok }) => ok) ? [] : ['k6 says that thresholds of its script were not kept']),
  ];
}

const largest = (counts: Readonly<Record<string, number>>): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(counts)
      .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
      .slice(0, caps.names),
  );

const ms = (us: number | undefined): number | undefined => (us === undefined ? undefined : us / 1000);
const quantilesOf = (distribution: Distribution | undefined) => {
  if (distribution === undefined || distribution.buckets.length === 0) return {};
  const [p50Ms, p95Ms, p99Ms] = [0.5, 0.95, 0.99].map((share) => ms(quantile(distribution, share)));
  return { p50Ms, p95Ms, p99Ms, maxMs: distribution.maxUs / 1000 };
};

/** Latency by percentile, evenly on an axis of log 1 / (1 - p), as far as there are values for it. */
function curveOf(response: Distribution | undefined): readonly { readonly share: number; readonly ms: number }[] {
  if (response === undefined || response.buckets.length === 0) return [];
  const decades = Math.log10(totalOf(response));
  const points = Array.from({ length: caps.curve }, (_, index) => 1 - 10 ** ((-decades * index) / (caps.curve - 1)));
  return points.map((share) => ({ share: Number(share.toPrecision(9)), ms: (quantile(response, share) ?? 0) / 1000 }));
}

/** The blocks of the steady window; neighbours joined where there are too many to draw. */
function blocksOf(blocks: readonly LoadBlock[]): readonly Readonly<Record<string, unknown>>[] {
  const joined = Math.max(1, Math.ceil(blocks.length / caps.blocks));
  return Array.from({ length: Math.ceil(blocks.length / joined) }, (_, index) => {
    const parts = blocks.slice(index * joined, (index + 1) * joined);
    const seconds = parts.reduce((sum, part) => sum + part.seconds, 0);
    const n = parts.reduce((sum, part) => sum + part.n, 0);
    const response = addDistributions(parts.flatMap((part) => part.response ?? []));
    return {
      startS: parts[0]?.startS ?? 0,
      seconds,
      n,
      rate: n / seconds,
      failed: parts.reduce((sum, part) => sum + part.failed, 0),
      over: Object.fromEntries(
        Object.keys(parts[0]?.over ?? {}).map((limit) => [limit, parts.reduce((sum, part) => sum + (part.over[limit] ?? 0), 0)]),
      ),
      ...quantilesOf(response),
    };
  });
}
