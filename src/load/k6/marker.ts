import { z } from 'zod';
import { isObject } from '../../kube/json.ts';

/**
 * What an emitted script prints at its end: one line `SEAWORTHY {json}`. It names the script and the scenario, and holds counts that add up.
 * Times of day are ms since 1970, `segment` is k6's execution segment (`0:1/2`), `blocks` are [requests, failed, over the first limit, ...].
 */
const count = z.int().min(0);
const name = z.string().min(1).max(4096);
const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const counts = z.record(z.string().max(64), count);
const moment = z.number().min(0).max(8e15);

/** Pairs of (upper bound of a bucket in ms, count), ascending. */
const bounded = z
  .object({
    buckets: z.array(z.tuple([z.number().positive(), z.int().min(1)])).max(1_000),
    minMs: z.number().min(0),
    maxMs: z.number().min(0),
    sumUs: z.number().min(0),
  })
  .refine(({ buckets }) => buckets.every(([bound], index) => bound > (buckets[index - 1]?.[0] ?? 0)), 'buckets are not in order');

export type Bounded = z.infer<typeof bounded>;

const fields = z.object({
  v: z.literal(1),
  script: digest,
  scenario: digest,
  test: z.object({
    rate: z.number().min(0),
    warmupS: z.number().min(0),
    steadyS: z.number().positive(),
    requests: z.array(z.object({ name, method: name, path: name, weight: z.number().positive() })).max(1_000),
    variables: z.array(name).max(10_000),
  }),
  planned: count,
  blockS: z.number().positive(),
  limitsMs: z.array(z.number().positive()).max(10),
  target: name.nullable(),
  run: z.string().max(256).nullable(),
  instance: z.string().max(64).nullable(),
  segment: z.string().max(64).nullable(),
  startedAt: moment.nullable(),
  steadyAt: moment.nullable(),
  lastStartMs: z.number().min(0).nullable(),
  started: count,
  dropped: count,
  blocks: z.array(z.array(count).min(2).max(12)).min(1).max(1_000),
  took: bounded,
  lag: bounded.nullable(),
  statuses: counts,
  errors: counts,
  thresholds: z.array(z.tuple([name, name, z.boolean()])).max(1_000),
});

export type Marker = z.infer<typeof fields>;

const markerSchema = fields.refine(isConsistent, 'its figures contradict each other');

function isConsistent({ blocks, limitsMs, took, lag, started, segment }: Marker): boolean {
  const answered = answersOf({ blocks });
  return (
    blocks.every((block) => block.length === 2 + limitsMs.length && block.every((n) => n <= (block[0] ?? 0))) &&
    answered === countOf(took) &&
    (lag === null || countOf(lag) === started) &&
    answered <= started &&
    (segment === null || segmentOf(segment) !== undefined)
  );
}

const countOf = ({ buckets }: Bounded): number => sum(buckets.map(([, n]) => n));

const sum = (numbers: readonly number[]): number => numbers.reduce((all, number) => all + number, 0);

/** How many requests of the steady window ended. */
export function answersOf({ blocks }: Pick<Marker, 'blocks'>): number {
  return sum(blocks.map(([n = 0]) => n));
}

export interface MarkerLines {
  readonly markers: readonly Marker[];
  /** Lines that begin like a marker and cannot be read: cut, or changed. */
  readonly broken: number;
}

const mark = 'SEAWORTHY {';
const mostMarkers = 10_000;
const longestLine = 1 << 20;

/**
 * Finds the markers in a log: of one runner or of several, with whatever a log puts before a line (times, names of Pods), or wrapped
 * into JSON as container runtimes do. The same line twice is one marker.
 */
export function readMarkers(log: string): MarkerLines {
  const seen = new Set<string>();
  const markers: Marker[] = [];
  let broken = 0;
  for (const line of log.split(/[\r\n]+/)) {
    if (!line.includes(mark)) continue;
    const marker = line.length > longestLine || markers.length >= mostMarkers ? undefined : markerOf(line);
    if (marker === undefined) broken++;
    else if (!seen.has(JSON.stringify(marker))) {
      seen.add(JSON.stringify(marker));
      markers.push(marker);
    }
  }
  return { markers, broken };
}

function markerOf(line: string): Marker | undefined {
  const json = line.slice(line.indexOf(mark) + mark.length - 1, line.lastIndexOf('}') + 1);
  const parsed = markerSchema.safeParse(parseJson(json) ?? parseJson(unwrapped(line)));
  return parsed.success ? parsed.data : undefined;
}

/** The marker of a line that is JSON itself: `{"log":"SEAWORTHY {...}\n","stream":"stdout"}`. */
function unwrapped(line: string): string {
  const whole = parseJson(line.slice(line.indexOf('{')));
  const text = isObject(whole)
    ? Object.values(whole).find((value) => typeof value === 'string' && value.includes(mark))
    : undefined;
  return typeof text === 'string' ? text.slice(text.indexOf(mark) + mark.length - 1).trim() : '';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An execution segment as shares of the whole, from and to: `1/3:2/3`. Undefined where it has no meaning. */
export function segmentOf(text: string): { readonly from: number; readonly to: number } | undefined {
  const ends = text.split(':').map(shareOf);
  const [from, to] = ends.length === 1 ? [0, ends[0]] : ends;
  if (ends.length > 2 || from === undefined || to === undefined || !(from >= 0 && from < to && to <= 1)) return undefined;
  return { from, to };
}

function shareOf(text: string): number | undefined {
  const match = /^(\d{1,15}(?:\.\d{1,15})?)(?:\/(\d{1,15})|(%))?$/.exec(text.trim());
  if (match === null) return undefined;
  return Number(match[1]) / (match[3] === undefined ? Number(match[2] ?? 1) : 100);
}
