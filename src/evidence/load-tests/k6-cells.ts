import { addDistributions, type Distribution, emptyDistribution } from './distribution.ts';
import { bucketEdgeUs } from './hdr.ts';
import type { K6Request } from './k6-points.ts';
import type { LoadBlock } from './record.ts';

/**
 * The requests of one second of a run, by their start. Blocks need the length of the run, and a stream tells it last: so seconds are
 * collected, and grouped at the end.
 */
export interface Cell {
  n: number;
  failed: number;
  timeouts: number;
  /** By limit: how many took that long or longer. */
  readonly over: number[];
  /** By bucket edge in µs. */
  readonly edges: Map<number, number>;
  minUs: number;
  maxUs: number;
  sumUs: number;
  firstStartMs: number;
  lastStartMs: number;
  lastEndMs: number;
  readonly byStatus: Map<string, number>;
  readonly byError: Map<string, number>;
}

export const createCell = (limits: number): Cell => ({
  n: 0,
  failed: 0,
  timeouts: 0,
  over: Array.from({ length: limits }, () => 0),
  edges: new Map(),
  minUs: Number.POSITIVE_INFINITY,
  maxUs: 0,
  sumUs: 0,
  firstStartMs: Number.POSITIVE_INFINITY,
  lastStartMs: Number.NEGATIVE_INFINITY,
  lastEndMs: Number.NEGATIVE_INFINITY,
  byStatus: new Map(),
  byError: new Map(),
});

/** Error codes of k6 for requests that timed out: as a whole, and while connecting. */
const timeoutCodes: readonly number[] = [1050, 1211];

/** Counts one request. `limitsMs` are those of the cell, in their order. */
export function addRequest(cell: Cell, request: K6Request, failed: boolean, limitsMs: readonly number[]): void {
  const { durationMs, endMs, status, errorCode } = request;
  const us = Math.round(durationMs * 1000);
  const edge = bucketEdgeUs(us);
  cell.n += 1;
  if (failed) cell.failed += 1;
  if (errorCode !== undefined && timeoutCodes.includes(errorCode)) cell.timeouts += 1;
  for (const [index, limit] of limitsMs.entries()) if (durationMs >= limit) cell.over[index] = (cell.over[index] ?? 0) + 1;
  cell.edges.set(edge, (cell.edges.get(edge) ?? 0) + 1);
  cell.minUs = Math.min(cell.minUs, us);
  cell.maxUs = Math.max(cell.maxUs, us);
  cell.sumUs += us;
  cell.firstStartMs = Math.min(cell.firstStartMs, endMs - durationMs);
  cell.lastStartMs = Math.max(cell.lastStartMs, endMs - durationMs);
  cell.lastEndMs = Math.max(cell.lastEndMs, endMs);
  if (status !== undefined && status > 0) increment(cell.byStatus, String(status));
  const error = errorOf(errorCode, status);
  if (error !== undefined) increment(cell.byError, error);
}

/** Kinds are few in any real run; a stream made up of different ones must not fill the memory. */
const maxKinds = 100;

function increment(counts: Map<string, number>, key: string): void {
  const kept = counts.has(key) || counts.size < maxKinds ? key : 'other';
  counts.set(kept, (counts.get(kept) ?? 0) + 1);
}

/** In words what the common codes mean; the code stays, because it is what the documentation of k6 lists. */
const errorNames: Readonly<Record<number, string>> = {
  1020: 'invalid URL',
  1050: 'timeout',
  1101: 'name not resolved',
  1201: 'broken pipe',
  1211: 'timeout while connecting',
  1212: 'connection refused',
  1220: 'connection reset',
  1310: 'unknown certificate authority',
  1311: 'certificate of another host',
};

/** Codes 14xx and 15xx repeat the status. */
function errorOf(code: number | undefined, status: number | undefined): string | undefined {
  if (code === undefined) return status === 0 ? 'no response' : undefined;
  if (code >= 1400 && code < 1600) return undefined;
  const name = errorNames[code];
  return name === undefined ? `k6 ${code}` : `k6 ${code} ${name}`;
}

const distributionOf = ({ edges, minUs, maxUs, sumUs }: Cell): Distribution =>
  edges.size === 0 ? emptyDistribution : { buckets: [...edges].sort(([a], [b]) => a - b), minUs, maxUs, sumUs };

/** Blocks are at least this long; requests that are closer depend on each other. */
const shortestBlockS = 5;
const mostBlocks = 30;

/**
 * Blocks of nearly equal length: of max(5 s, window / 30), the seconds that do not divide spread over them. `cells` are the seconds of
 * the window in order, absent where nothing started; `spanS` reaches from the first start to the last.
 */
export function toBlocks(cells: readonly (Cell | undefined)[], limitsMs: readonly number[], spanS: number): LoadBlock[] {
  const count = Math.max(1, Math.min(mostBlocks, Math.floor(cells.length / shortestBlockS)));
  const edgeOf = (index: number) => Math.round((index * cells.length) / count);
  return Array.from({ length: count }, (_, index) => {
    const startS = edgeOf(index);
    const endS = index === count - 1 ? Math.max(spanS, startS + 0.001) : edgeOf(index + 1);
    const parts = cells.slice(startS, edgeOf(index + 1)).filter((cell) => cell !== undefined);
    const sum = (of: (cell: Cell) => number) => parts.reduce((total, cell) => total + of(cell), 0);
    return {
      startS,
      seconds: endS - startS,
      n: sum(({ n }) => n),
      failed: sum(({ failed }) => failed),
      over: Object.fromEntries(limitsMs.map((limit, at) => [String(limit), sum(({ over }) => over[at] ?? 0)])),
      response: asRecorded(addDistributions(parts.map(distributionOf))),
    };
  });
}

/** The record's type of a distribution is not read-only. */
export const asRecorded = (distribution: Distribution): NonNullable<LoadBlock['response']> => ({
  ...distribution,
  buckets: distribution.buckets.map(([edge, count]) => [edge, count]),
});

/** Sums of counts by name, in the order of the names. */
export function addCounts(maps: readonly ReadonlyMap<string, number>[]): Record<string, number> {
  const sums = new Map<string, number>();
  for (const map of maps) for (const [key, count] of map) sums.set(key, (sums.get(key) ?? 0) + count);
  return Object.fromEntries([...sums].sort(([a], [b]) => (a < b ? -1 : 1)));
}
