import type { LoadScenario } from '../declared.ts';
import type { Distribution } from './distribution.ts';
import { type LoadBlock, type LoadTestRecord, sealRecord, type UnsealedRecord } from './record.ts';

/** A run in a few words. Whatever is left out is that of an unremarkable run of five minutes at 120 requests a second in staging. */
export interface RunShape {
  /** Exact quantiles of the response time by nearest rank, in ms. */
  readonly p50Ms?: number;
  readonly p95Ms?: number;
  readonly p99Ms?: number;
  readonly maxMs?: number;
  /** Requests a second. */
  readonly rate?: number;
  readonly seconds?: number;
  readonly blockS?: number;
  /** Failed requests, dealt at random over the blocks. */
  readonly failed?: number;
  readonly limitsMs?: readonly number[];
  /** Share of the slow half that comes in bursts, one after the other in the same blocks: 0 none, 1 all. */
  readonly burst?: number;
  readonly seed?: number;
  readonly environment?: string | null;
  readonly startedAt?: string | null;
  readonly images?: readonly string[];
  readonly target?: string;
}

/** Parts of a record to put in the place of what the shape gives; undefined takes one away. Counts and test are laid over theirs. */
export type RecordParts = {
  readonly [K in Exclude<keyof UnsealedRecord, 'counts' | 'test'>]?: UnsealedRecord[K] | undefined;
} & {
  readonly counts?: Partial<UnsealedRecord['counts']>;
  readonly test?: { readonly [K in keyof UnsealedRecord['test']]?: UnsealedRecord['test'][K] | undefined };
};

const shapeDefaults = {
  p50Ms: 24,
  p95Ms: 142.3,
  p99Ms: 311.8,
  maxMs: 480,
  rate: 120,
  seconds: 300,
  blockS: 10,
  failed: 3,
  burst: 0,
  seed: 1,
  limitsMs: [200, 500] as readonly number[],
};

/** A record whose counts, blocks, histograms and digest agree, with exactly the quantiles that are asked for (to 0.1 %). */
export function aRecord(shape: RunShape = {}, parts: RecordParts = {}): LoadTestRecord {
  const { counts, test, ...others } = parts;
  const key = JSON.stringify(shape);
  const base = made.get(key) ?? measured(shape);
  made.set(key, base);
  const whole = { ...base, ...others };
  const record = { ...whole, counts: { ...whole.counts, ...counts }, test: given({ ...whole.test, ...test }) };
  return sealRecord(given(record) as UnsealedRecord);
}

/** Measurements by shape: tests lay other parts over the same one again and again. */
const made = new Map<string, UnsealedRecord>();

/** Without the keys that are undefined. */
const given = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as T;

function measured(shape: RunShape): UnsealedRecord {
  const chosen = { ...shapeDefaults, ...shape };
  const { rate, seconds, limitsMs } = chosen;
  const n = Math.round(rate * seconds);
  const failed = Math.min(chosen.failed, n);
  const draw = random(chosen.seed);
  const perBlock = deal(latencies(n, chosen), chosen, draw);
  const failures = perBlock.map(() => 0);
  for (let index = 0; index < failed; index++) {
    const at = Math.floor(draw() * failures.length);
    failures[at] = (failures[at] ?? 0) + 1;
  }
  const blocks = perBlock.map((values, index): LoadBlock => blockOf(values, failures[index] ?? 0, index, chosen));
  const ok = n - failed;
  const response = histogram(perBlock.flat());
  const fast = { buckets: [[900, n]] as [number, number][], minUs: 100, maxUs: 900, sumUs: n * 400 };
  return {
    engine: { name: 'embedded', version: '0.1.0', runtime: 'node 24.21.0, undici 7.30.2', runners: 1 },
    test: {
      model: 'open',
      rate,
      warmupS: 30,
      steadyS: seconds,
      requests: [{ name: 'list', method: 'GET', path: '/api/workouts', weight: 1 }],
      variables: [],
    },
    target: shape.target ?? 'https://staging.acme.io',
    ...(shape.environment === null ? {} : { environment: shape.environment ?? 'staging' }),
    ...(shape.startedAt === null ? {} : { startedAt: shape.startedAt ?? '2026-03-05T18:00:00Z' }),
    ...(shape.images === undefined ? {} : { images: { digests: [...shape.images], basis: 'objects' } }),
    counts: {
      planned: n,
      sent: n,
      ok,
      failed,
      timeouts: 0,
      dropped: 0,
      retried: 0,
      unfinished: 0,
      byStatus: { ...(ok > 0 && { 200: ok }), ...(failed > 0 && { 503: failed }) },
      byError: {},
    },
    seconds,
    limitsMs: [...limitsMs],
    response,
    blocks,
    service: response,
    ...(n > 0 && { sendLag: fast }),
    generator: { lagP99Ms: 0.9, loopDelayP99Ms: 2.1, cpu: 0.12, startedShare: 1 },
    notes: [],
  };
}

/** n values in ms, ascending, whose nearest ranks are the quantiles asked for; between them latencies grow geometrically, in steps. */
function latencies(n: number, { p50Ms, p95Ms, p99Ms, maxMs }: typeof shapeDefaults): readonly number[] {
  const anchors: (readonly [number, number])[] = [[0, Math.min(2, p50Ms)]];
  for (const [share, value] of [
    [0.5, p50Ms],
    [0.95, p95Ms],
    [0.99, p99Ms],
    [1, Math.max(maxMs, p99Ms)],
  ] as const)
    anchors.push([Math.max(1, Math.ceil(share * n - 1e-9)), Math.max(value, anchors.at(-1)?.[1] ?? 0)]);
  const values: number[] = [];
  for (let index = 1; index < anchors.length; index++) {
    const [from, low] = anchors[index - 1] ?? [0, 0];
    const [to, high] = anchors[index] ?? [0, 0];
    for (let rank = from + 1; rank <= to; rank++)
      values.push(rank === to ? high : low * (high / low) ** (Math.floor((steps * (rank - from)) / (to - from)) / steps));
  }
  return values.slice(0, n);
}

/** Few distinct values keep the record of a test small. */
const steps = 40;

/** Deals the values to blocks of equal size in random order; those of bursts stay together. */
function deal(
  values: readonly number[],
  { seconds, blockS, burst, p50Ms }: typeof shapeDefaults,
  draw: () => number,
): readonly (readonly number[])[] {
  const count = Math.max(1, Math.floor(seconds / blockS));
  const keyed = values.map((value) => ({ value, key: value > p50Ms && draw() < burst ? 0.4 + draw() * 1e-3 : draw() }));
  const order = keyed.sort((a, b) => a.key - b.key).map(({ value }) => value);
  return Array.from({ length: count }, (_, index) =>
    order.slice(Math.round((index * order.length) / count), Math.round(((index + 1) * order.length) / count)),
  );
}

function blockOf(
  values: readonly number[],
  failed: number,
  index: number,
  { seconds, blockS, limitsMs }: typeof shapeDefaults,
): LoadBlock {
  const count = Math.max(1, Math.floor(seconds / blockS));
  return {
    startS: (index * seconds) / count,
    seconds: seconds / count,
    n: values.length,
    failed: Math.min(failed, values.length),
    over: Object.fromEntries(limitsMs.map((limit) => [String(limit), values.filter((value) => value >= limit).length])),
    response: histogram(values),
  };
}

/** Buckets of 0.1 %, as the engine's histogram of three digits has them. */
function histogram(valuesMs: readonly number[]): Distribution & { buckets: [number, number][] } {
  const counts = new Map<number, number>();
  let [minUs, maxUs, sumUs] = [Number.POSITIVE_INFINITY, 0, 0];
  for (const ms of valuesMs) {
    const us = Math.max(1, Math.round(ms * 1000));
    const width = 2 ** Math.max(0, Math.floor(Math.log2(us)) - 10);
    const edge = (Math.floor(us / width) + 1) * width - 1;
    counts.set(edge, (counts.get(edge) ?? 0) + 1);
    minUs = Math.min(minUs, us);
    maxUs = Math.max(maxUs, us);
    sumUs += us;
  }
  return { buckets: [...counts].sort(([a], [b]) => a - b), minUs: counts.size === 0 ? 0 : minUs, maxUs, sumUs };
}

/** Numbers in [0, 1), the same for the same seed (a linear congruential generator modulo 2^31). */
function random(seed: number): () => number {
  let state = (seed * 2_654_435_761) % 2 ** 31;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

/** The scenario that most review files have: 120 requests a second for five minutes, and one request. */
export const aScenario = (parts: Partial<LoadScenario> = {}): LoadScenario => ({
  stages: [{ from: 120, to: 120, durationMs: 300_000 }],
  warmupMs: 30_000,
  timeoutMs: 10_000,
  connections: 256,
  protocol: 'http/1.1',
  tls: { verify: true },
  setup: [],
  requests: [{ name: 'GET /', method: 'GET', path: '/', weight: 1, headers: {}, success: [[200, 399]] }],
  ...parts,
});
