import type { LoadLimits } from '../evidence/declared.ts';
import { countFrom, type Distribution, quantile, totalOf } from '../evidence/load-tests/distribution.ts';
import type { LoadBlock, LoadTestRecord } from '../evidence/load-tests/record.ts';
import { clopperPearsonLower } from '../evidence/statistics/quantiles.ts';
import { type CountedBlock, shareBound, timesLonger } from '../evidence/statistics/share-bound.ts';

/** What a run must have for a bound. */
export interface BlockRules {
  readonly minBlocks: number;
  readonly minBlockSeconds: number;
}

export const confidence = 0.95;

/** `inconclusive`: the run itself kept the limit, and another like it might not have. */
export type FigureState = 'within' | 'exceeded' | 'inconclusive';

/** A share of requests that may not pass a limit: those that took as long as a latency or longer, or those that failed. */
export interface ShareFigure {
  readonly id: 'p95' | 'p99' | 'errors';
  /** ms for a latency, the share for errors. Absent where the record has counts and no latencies. */
  readonly value?: number;
  /** In the unit of the value; to be stayed below. */
  readonly limit: number;
  /** The share has to stay below this. */
  readonly allowed: number;
  /** How many of how many. Absent where the record is a summary. Two numbers where a bucket of the histogram holds the limit. */
  readonly over?: CountRange;
  readonly n: number;
  /** How `over` was got: `counted` is exact, `histogram` to the width of a bucket. */
  readonly basis: 'counted' | 'histogram' | 'summary';
  /** Blocks that are long enough, neighbours joined. */
  readonly blocks: number;
  /** With 95 % confidence the true share is at most this. Absent where the blocks do not bear it. */
  readonly upper?: number;
  readonly state: FigureState;
  /** Whether the run itself kept the limit, without regard to chance. */
  readonly keptInRun: boolean;
  /** For an inconclusive bound: how many further seconds at this rate would probably settle it; absent where none would. */
  readonly furtherS?: number;
  /** Exceeded even for the lower bound of independent requests, by enough of them: a short run shows this too. */
  readonly clearly: boolean;
}

export interface ThroughputFigure {
  readonly id: 'throughput';
  /** Successful requests a second. */
  readonly value: number;
  /** To be exceeded. */
  readonly limit: number;
  /** `inconclusive`: no more was sent than the limit, so no more can come back. */
  readonly state: FigureState;
}

export interface CountRange {
  readonly atLeast: number;
  readonly atMost: number;
}

export interface LoadFigures {
  readonly shares: readonly ShareFigure[];
  readonly throughput: ThroughputFigure;
}

/** The figures of one run against limits. `p95 < L` says that at least ceil(0.95 n) of n requests took less than L. */
export function loadFigures(record: LoadTestRecord, limits: LoadLimits, rules: BlockRules): LoadFigures {
  const blocks = longBlocks(record.blocks, rules);
  const bearing: Bearing = { blocks, enough: blocks.length >= rules.minBlocks };
  return {
    shares: [
      latencyFigure(record, 'p95', 0.95, limits.p95Ms, bearing),
      latencyFigure(record, 'p99', 0.99, limits.p99Ms, bearing),
      errorFigure(record, limits.errorRate, bearing),
    ],
    throughput: throughputOf(record, limits.minRps),
  };
}

/** Requests that were sent and are neither among the answers nor among the failures. They pass no limit. */
export const unaccounted = ({ counts: { sent, ok, failed } }: LoadTestRecord): number => Math.max(0, sent - ok - failed);

type Blocks = readonly LoadBlock[];
interface Bearing {
  readonly blocks: readonly Blocks[];
  /** Whether they are as many as a bound takes. */
  readonly enough: boolean;
}

function latencyFigure(record: LoadTestRecord, id: 'p95' | 'p99', rank: number, limit: number, bearing: Bearing): ShareFigure {
  const value = latencyOf(record, id, rank);
  const n = record.counts.ok + record.counts.failed + unaccounted(record);
  const allowed = Number((1 - rank).toFixed(6));
  const head = { id, ...(value === undefined ? {} : { value }), limit, allowed, n, blocks: bearing.blocks.length };
  const counted = overOf(record, limit);
  if (counted === undefined) {
    const keptInRun = value === undefined || value < limit;
    return { ...head, basis: 'summary', state: keptInRun ? 'inconclusive' : 'exceeded', keptInRun, clearly: false };
  }
  const over = { atLeast: counted.atLeast + unaccounted(record), atMost: counted.atMost + unaccounted(record) };
  const most = n - Math.ceil(rank * n - rounding);
  const cells = cellsOf(bearing, (block) => overInBlock(block, limit));
  return { ...head, over, basis: counted.basis, ...judged({ over, n, most, allowed, record, cells }) };
}

function errorFigure(record: LoadTestRecord, limit: number, bearing: Bearing): ShareFigure {
  const n = record.counts.ok + record.counts.failed + unaccounted(record);
  const failed = record.counts.failed + unaccounted(record);
  // Strictly below; a limit of 0 asks for none.
  const most = limit === 0 ? 0 : Math.ceil(limit * n - rounding) - 1;
  const over = { atLeast: failed, atMost: failed };
  const cells = cellsOf(bearing, (block) => block.failed);
  const head = {
    id: 'errors' as const,
    value: n === 0 ? 0 : failed / n,
    limit,
    allowed: limit,
    n,
    over,
    basis: 'counted' as const,
    blocks: bearing.blocks.length,
  };
  return { ...head, ...judged({ over, n, most, allowed: limit, record, cells }) };
}

/** 0.95 * 100 is 95.00000000000001 in floating point, and its rank is 95. */
const rounding = 1e-9;
/** Nobody runs a load test for longer than this to settle a limit. */
const longestAdvice = 4 * 3600;
/** Fewer requests than these show no p99, not even if they were independent. */
const enough = 300;

interface Counted {
  readonly over: CountRange;
  readonly n: number;
  /** How many may be over without the point value passing the limit. */
  readonly most: number;
  readonly allowed: number;
  readonly record: LoadTestRecord;
  readonly cells: readonly (CountedBlock | undefined)[] | undefined;
}

type Judged = Pick<ShareFigure, 'state' | 'keptInRun' | 'upper' | 'furtherS' | 'clearly'>;

function judged({ over, n, most, allowed, record, cells }: Counted): Judged {
  const clearly = n >= enough && over.atLeast > most && clopperPearsonLower(over.atLeast, n, confidence) > allowed;
  const usable = withUnaccounted(cells, unaccounted(record));
  const upper = usable === undefined ? undefined : shareBound(usable, confidence).upper;
  const known = { keptInRun: over.atMost <= most, clearly, ...(upper === undefined ? {} : { upper }) };
  if (over.atLeast > most) return { ...known, state: 'exceeded' };
  if (!known.keptInRun || usable === undefined || upper === undefined) return { ...known, state: 'inconclusive' };
  if (upper < allowed) return { ...known, state: 'within' };
  const times = timesLonger(usable, allowed, confidence);
  const furtherS = Math.ceil((((times ?? Number.POSITIVE_INFINITY) - 1) * record.seconds) / 10) * 10;
  const further = furtherS <= longestAdvice ? { furtherS } : {};
  return { ...known, state: 'inconclusive', ...further };
}

/** Undefined where one of the blocks does not have the count. What has no block is put into the last one. */
function withUnaccounted(cells: Counted['cells'], missing: number): readonly CountedBlock[] | undefined {
  const known = cells?.filter((cell) => cell !== undefined);
  const last = known?.at(-1);
  if (cells === undefined || known === undefined || last === undefined || known.length < cells.length) return undefined;
  return [...known.slice(0, -1), { x: last.x + missing, n: last.n + missing }];
}

const cellsOf = ({ blocks, enough: many }: Bearing, count: (block: LoadBlock) => number | undefined): Counted['cells'] =>
  many ? blocks.map((parts) => cellOf(parts, count)) : undefined;

function cellOf(parts: Blocks, count: (block: LoadBlock) => number | undefined): CountedBlock | undefined {
  let x = 0;
  let n = 0;
  for (const block of parts) {
    const hits = count(block);
    if (hits === undefined) return undefined;
    x += hits;
    n += block.n;
  }
  return { x, n };
}

const overInBlock = ({ n, over, response }: LoadBlock, limit: number): number | undefined =>
  n === 0 ? 0 : (over[String(limit)] ?? (response === undefined ? undefined : countFrom(response, limit * 1000)));

/** A window that is measured from its first request to its last is short of its length by one period. */
const nearlyWhole = 0.99;

/** Neighbours joined until each is long enough; what is left over at the end goes to the last. */
function longBlocks(blocks: readonly LoadBlock[], { minBlockSeconds }: BlockRules): Blocks[] {
  const joined: LoadBlock[][] = [];
  let open: LoadBlock[] = [];
  let seconds = 0;
  for (const block of blocks) {
    open.push(block);
    seconds += block.seconds;
    if (seconds < minBlockSeconds * nearlyWhole) continue;
    joined.push(open);
    open = [];
    seconds = 0;
  }
  joined.at(-1)?.push(...open);
  return joined;
}

/** How many requests took a limit or longer. Undefined where the record has neither counts nor latencies. */
function overOf(record: LoadTestRecord, limit: number): (CountRange & { readonly basis: 'counted' | 'histogram' }) | undefined {
  const counts = record.blocks.map((block) => (block.n === 0 ? 0 : block.over[String(limit)]));
  if (record.blocks.length > 0 && counts.every((count) => count !== undefined)) {
    const over = counts.reduce((sum, count) => sum + count, 0);
    return { atLeast: over, atMost: over, basis: 'counted' };
  }
  return record.response === undefined ? undefined : { ...countRange(record.response, limit * 1000), basis: 'histogram' };
}

/** The values of the bucket that holds the limit may be on either side of it. */
export function countRange(distribution: Distribution, limitUs: number): CountRange {
  const atMost = countFrom(distribution, limitUs);
  if (distribution.minUs >= limitUs) return { atLeast: totalOf(distribution), atMost };
  const cut = distribution.buckets.find(([edge]) => edge >= limitUs);
  const largest = distribution.maxUs >= limitUs ? 1 : 0;
  return {
    atLeast: Math.max(atMost - (cut?.[1] ?? 0), Math.min(largest, atMost)),
    atMost: distribution.maxUs < limitUs ? 0 : atMost,
  };
}

function latencyOf({ response, quantiles }: LoadTestRecord, id: 'p95' | 'p99', rank: number): number | undefined {
  const us = response === undefined ? undefined : quantile(response, rank);
  return us === undefined ? quantiles?.[`${id}Ms`] : us / 1000;
}

function throughputOf({ counts, seconds, test }: LoadTestRecord, limit: number): ThroughputFigure {
  const value = seconds > 0 ? counts.ok / seconds : 0;
  // A server that keeps up with a plan below the limit shows nothing about the limit; one that does not keep up shows enough.
  const asked = test.rate !== undefined && test.rate <= limit && value >= 0.99 * test.rate;
  return { id: 'throughput', value, limit, state: value > limit ? 'within' : asked ? 'inconclusive' : 'exceeded' };
}

/** The stricter of what the standard and the review file ask. */
export const strictestLimits = (standard: LoadLimits, declared: Partial<LoadLimits> | undefined): LoadLimits => ({
  p95Ms: Math.min(standard.p95Ms, declared?.p95Ms ?? standard.p95Ms),
  p99Ms: Math.min(standard.p99Ms, declared?.p99Ms ?? standard.p99Ms),
  errorRate: Math.min(standard.errorRate, declared?.errorRate ?? standard.errorRate),
  minRps: Math.max(standard.minRps, declared?.minRps ?? standard.minRps),
});
