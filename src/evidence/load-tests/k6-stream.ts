import { addDistributions } from './distribution.ts';
import { addCounts, addRequest, asRecorded, type Cell, createCell, toBlocks } from './k6-cells.ts';
import { createPointReader, type K6Request } from './k6-points.ts';
import { durationNote } from './k6-summary.ts';
import type { UnsealedRecord } from './record.ts';

export interface K6StreamOptions {
  /** Limits in ms for which the counts above are exact. */
  readonly limitsMs: readonly number[];
  /** Seconds from the first request that are not measured, rounded up to whole ones. */
  readonly warmupS?: number;
  /** Count this scenario of the script and no other. */
  readonly scenario?: string;
}

/** What a stream held. */
export interface K6Measured extends Pick<UnsealedRecord, 'counts' | 'seconds' | 'limitsMs' | 'blocks' | 'notes'> {
  readonly response: NonNullable<UnsealedRecord['response']>;
  /** Milliseconds since 1970 of the first measured request's sending. */
  readonly startedMs: number | undefined;
  /** Scheme, host and port of what was asked; none where the script names its URLs otherwise. */
  readonly origins: readonly string[];
  /** Every request in the stream, with those of setup, teardown and warm-up: what k6 counts in http_reqs. */
  readonly allRequests: number;
  /** Lines that should have held a point and could not be read. */
  readonly unreadable: number;
  /** Requests of which the stream does not say whether they failed. */
  readonly unjudged: number;
}

export interface K6Stream {
  /** One line of `k6 run --out json`. Returns the request that it told of, if it is one of the load. */
  readonly line: (text: string) => { readonly request: K6Request; readonly failed: boolean } | undefined;
  readonly dropped: () => number;
  readonly finish: () => K6Measured;
}

/** Longer than any load test; two runs in one stream, or a clock that was wrong. */
const maxSpanS = 200_000;
const maxOrigins = 20;
const shownOrigins = 5;

/**
 * Collects the stream of `k6 run --out json` line by line. The time of a point is the end of its request; blocks go by the start, because
 * that is what a stall does not move. Memory grows with the seconds of the run, not with its requests.
 */
export function createK6Stream(options: K6StreamOptions): K6Stream {
  const limitsMs = [...new Set(options.limitsMs)].sort((a, b) => a - b);
  const read = createPointReader();
  const cells = new Map<number, Cell>();
  const origins = new Set<string>();
  const seen = { all: 0, around: 0, outside: 0, unreadable: 0, unjudged: 0, dropped: 0, begun: 0, completed: 0 };
  let baseMs: number | undefined;

  const isMeasured = (scenario: string | undefined) => options.scenario === undefined || options.scenario === scenario;

  const addToCell = (request: K6Request): { readonly request: K6Request; readonly failed: boolean } | undefined => {
    const startMs = request.endMs - request.durationMs;
    baseMs ??= startMs;
    const second = Math.floor((startMs - baseMs) / 1000);
    if (Math.abs(second) > maxSpanS) {
      seen.unreadable += 1;
      return undefined;
    }
    const known = request.expected !== undefined || request.status !== undefined;
    if (!known) seen.unjudged += 1;
    const failed = isFailed(request);
    let cell = cells.get(second);
    if (cell === undefined) cells.set(second, (cell = createCell(limitsMs.length)));
    addRequest(cell, request, failed, limitsMs);
    noteOrigin(origins, request.url);
    return { request, failed };
  };

  return {
    line(text) {
      const line = read(text);
      if (line.kind === 'other') return undefined;
      if (line.kind === 'unreadable') {
        seen.unreadable += 1;
        return undefined;
      }
      if (line.kind !== 'request') {
        if (isMeasured(line.scenario)) countLine(seen, line);
        return undefined;
      }
      seen.all += 1;
      if (line.request.isAround) seen.around += 1;
      else if (isMeasured(line.request.scenario)) return addToCell(line.request);
      else seen.outside += 1;
      return undefined;
    },
    dropped: () => seen.dropped,
    finish: () => measured(cells, seen, [...origins], limitsMs, options),
  };
}

type Seen = Record<'all' | 'around' | 'outside' | 'unreadable' | 'unjudged' | 'dropped' | 'begun' | 'completed', number>;

function countLine(
  seen: Seen,
  line: { readonly kind: 'dropped'; readonly count: number } | { readonly kind: 'iteration' | 'begun' },
): void {
  if (line.kind === 'dropped') seen.dropped += line.count;
  else if (line.kind === 'begun') seen.begun += 1;
  else seen.completed += 1;
}

/** As k6 judges where the script lets it; else by its default, statuses from 200 to 399. */
function isFailed({ expected, status }: K6Request): boolean {
  if (expected !== undefined) return !expected;
  return status === undefined || status < 200 || status > 399;
}

function noteOrigin(origins: Set<string>, url: string | undefined): void {
  if (url === undefined || origins.size >= maxOrigins) return;
  // Most requests go to an origin that is known; only its whole name counts (`http://a` begins `http://a.example` too).
  for (const origin of origins) if (url === origin || url.startsWith(`${origin}/`)) return;
  if (!URL.canParse(url)) return;
  const { protocol, origin } = new URL(url);
  if (protocol === 'http:' || protocol === 'https:') origins.add(origin);
}

function measured(
  cells: ReadonlyMap<number, Cell>,
  seen: Seen,
  origins: readonly string[],
  limitsMs: number[],
  { warmupS = 0, scenario }: K6StreamOptions,
): K6Measured {
  const seconds = [...cells.keys()].sort((a, b) => a - b);
  const cut = (seconds[0] ?? 0) + Math.ceil(warmupS);
  const from = seconds.find((second) => second >= cut) ?? cut;
  const to = (seconds.at(-1) ?? cut - 1) + 1;
  const window = Array.from({ length: Math.max(0, to - from) }, (_, index) => cells.get(from + index));
  const steady = window.filter((cell) => cell !== undefined);
  const sum = (of: (cell: Cell) => number) => steady.reduce((total, cell) => total + of(cell), 0);
  const n = sum((cell) => cell.n);
  const failed = sum((cell) => cell.failed);
  const startedMs = steady[0]?.firstStartMs;
  const endedMs = steady.reduce((latest, cell) => Math.max(latest, cell.lastEndMs), Number.NEGATIVE_INFINITY);
  const spanS = startedMs === undefined ? 0 : inSeconds((steady.at(-1)?.lastStartMs ?? startedMs) - startedMs);
  const blocks = n === 0 ? [] : toBlocks(window, limitsMs, spanS);
  // An iteration that was begun and did not end was interrupted, with a request that nobody waited for any more.
  const unfinished = Math.max(0, seen.begun - seen.completed);
  const warmed = [...cells.values()].reduce((total, cell) => total + cell.n, 0) - n;
  return {
    counts: {
      planned: n + unfinished + seen.dropped,
      sent: n + unfinished,
      ok: n - failed,
      failed,
      timeouts: sum((cell) => cell.timeouts),
      dropped: seen.dropped,
      retried: 0,
      unfinished,
      byStatus: addCounts(steady.map((cell) => cell.byStatus)),
      byError: addCounts(steady.map((cell) => cell.byError)),
    },
    seconds: startedMs === undefined ? 0 : Math.max(0.001, inSeconds(endedMs - startedMs)),
    limitsMs,
    response: asRecorded(addDistributions(blocks.flatMap(({ response }) => response ?? []))),
    blocks,
    startedMs,
    origins,
    allRequests: seen.all,
    unreadable: seen.unreadable,
    unjudged: seen.unjudged,
    notes: notesOf(seen, { unfinished, warmed, origins, scenario }),
  };
}

/** To the microsecond: moments since 1970 hold no more in a number. */
const inSeconds = (ms: number): number => Math.round(ms * 1000) / 1e6;

const times = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

function notesOf(
  { around, outside, dropped }: Seen,
  given: {
    readonly unfinished: number;
    readonly warmed: number;
    readonly origins: readonly string[];
    readonly scenario: string | undefined;
  },
): string[] {
  const { unfinished, warmed, origins, scenario } = given;
  return [
    durationNote,
    ...(around > 0 ? [`${times(around, 'request')} of setup and teardown left out.`] : []),
    ...(outside > 0 ? [`${times(outside, 'request')} outside the scenario ${scenario ?? ''} left out.`] : []),
    ...(warmed > 0 ? [`${times(warmed, 'request')} of the warm-up left out.`] : []),
    ...(dropped > 0 ? [`k6 left out ${times(dropped, 'iteration')}: no virtual user was free.`] : []),
    ...(unfinished > 0
      ? [`k6 interrupted ${times(unfinished, 'iteration')}; each may have had a request without an answer.`]
      : []),
    ...(origins.length > 0
      ? [`Requests went to ${origins.slice(0, shownOrigins).join(', ')}${origins.length > shownOrigins ? ' and others' : ''}.`]
      : []),
  ];
}
