import { isObject } from '../../kube/json.ts';
import { parseMoment } from '../../model/time.ts';

/** One HTTP request, as a point of `http_req_duration` tells it. */
export interface K6Request {
  /** Milliseconds since 1970: when its last byte came, and how long before it was sent. */
  readonly endMs: number;
  readonly durationMs: number;
  /** 0: no response. Absent where the script switched the tag off. */
  readonly status?: number;
  readonly errorCode?: number;
  /** What k6 counts in http_req_failed, negated; absent where the script judges no responses. */
  readonly expected?: boolean;
  readonly scenario?: string;
  readonly url?: string;
  /** Of `setup()` or `teardown()`: no part of the load. */
  readonly isAround: boolean;
}

/** What a line of `k6 run --out json` says, as far as it matters here. */
export type K6Line =
  | { readonly kind: 'request'; readonly request: K6Request }
  | { readonly kind: 'dropped'; readonly count: number; readonly scenario?: string }
  /** An iteration that came to its end; one that was begun, whether it came to its end or not. */
  | { readonly kind: 'iteration' | 'begun'; readonly scenario?: string }
  | { readonly kind: 'other' }
  | { readonly kind: 'unreadable' };

const other: K6Line = { kind: 'other' };
const unreadable: K6Line = { kind: 'unreadable' };

/** The metrics that are read. The rest, ten lines of thirteen, is passed over without being parsed. */
const wanted: ReadonlySet<string> = new Set(['http_req_duration', 'iterations', 'data_sent', 'dropped_iterations']);
const quoted = [...wanted].map((name) => `"${name}"`);

/** k6 writes the metric first. The order of keys is no promise of it, so that any other line is searched. */
const usualStart = '{"metric":"';

function mayMatter(line: string): boolean {
  if (line.startsWith(usualStart)) return wanted.has(line.slice(usualStart.length, line.indexOf('"', usualStart.length)));
  return quoted.some((name) => line.includes(name));
}

/** A reader of lines; it remembers the last second, because parsing dates would be half of the work. */
export function createPointReader(): (line: string) => K6Line {
  const momentOf = createMomentReader();
  return (line) => {
    if (!mayMatter(line)) return other;
    const value = parseLine(line);
    if (value === undefined) return unreadable;
    const { metric, type, data } = value;
    if (type !== 'Point') return other;
    if (!isObject(data)) return unreadable;
    return readPoint(metric, data, momentOf);
  };
}

/** Whether a line is one of `k6 run --out json`: how a stream is told from other files. */
export function isK6Line(line: string): boolean {
  const value = parseLine(line);
  return value !== undefined && (value['type'] === 'Point' || value['type'] === 'Metric') && typeof value['metric'] === 'string';
}

function parseLine(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

type Data = Readonly<Record<string, unknown>>;

function readPoint(metric: unknown, data: Data, momentOf: (text: string) => number): K6Line {
  const tags = isObject(data['tags']) ? data['tags'] : {};
  const scenario = textOf(tags['scenario']);
  const at = scenario === undefined ? {} : { scenario };
  switch (metric) {
    case 'http_req_duration':
      return readRequest(data, tags, momentOf);
    case 'iterations':
      return { kind: 'iteration', ...at };
    case 'data_sent':
      // k6 writes one for each iteration, also for one that it interrupts.
      return isAround(tags) ? other : { kind: 'begun', ...at };
    case 'dropped_iterations': {
      const count = data['value'];
      return typeof count === 'number' && Number.isSafeInteger(count) && count >= 0
        ? { kind: 'dropped', count, ...at }
        : unreadable;
    }
    default:
      return other;
  }
}

function readRequest(data: Data, tags: Data, momentOf: (text: string) => number): K6Line {
  const { time, value } = data;
  const endMs = typeof time === 'string' ? momentOf(time) : Number.NaN;
  if (typeof value !== 'number' || !(value >= 0) || !Number.isFinite(value) || !Number.isFinite(endMs)) return unreadable;
  const status = numberOf(tags['status']);
  const errorCode = numberOf(tags['error_code']);
  const scenario = textOf(tags['scenario']);
  const url = textOf(tags['url']);
  const expected = tags['expected_response'];
  return {
    kind: 'request',
    request: {
      endMs,
      durationMs: value,
      ...(status === undefined ? {} : { status }),
      ...(errorCode === undefined ? {} : { errorCode }),
      ...(expected === 'true' || expected === 'false' ? { expected: expected === 'true' } : {}),
      ...(scenario === undefined ? {} : { scenario }),
      ...(url === undefined ? {} : { url }),
      isAround: isAround(tags),
    },
  };
}

/** `setup()` and `teardown()` run in groups of that name and in no scenario. */
function isAround({ group, scenario }: Data): boolean {
  return scenario === undefined && typeof group === 'string' && /^::(?:setup|teardown)(?:::|$)/.test(group);
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
const numberOf = (value: unknown): number | undefined =>
  typeof value === 'string' && /^\d{1,5}$/.test(value) ? Number(value) : undefined;

/** Milliseconds since 1970 with the fraction k6 gives (nanoseconds); NaN for what is no moment. */
function createMomentReader(): (text: string) => number {
  let known = '';
  let knownMs = Number.NaN;
  return (text) => {
    const match = /^(.{19})(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.exec(text);
    if (match === null) return Number.NaN;
    const [, second = '', fraction, zone = ''] = match;
    if (second + zone !== known) {
      const parsed = parseMoment(second + zone);
      known = second + zone;
      knownMs = parsed.ok ? parsed.ms : Number.NaN;
    }
    return fraction === undefined ? knownMs : knownMs + Number(fraction) * 1000;
  };
}
