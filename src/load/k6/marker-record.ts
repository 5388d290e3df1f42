import { type LoadTestRecord, sealRecord, type UnsealedRecord } from '../../evidence/load-tests/record.ts';
import { formatMoment } from '../../model/time.ts';
import { highestUs } from './buckets.ts';
import { answersOf, type Bounded, type Marker, segmentOf } from './marker.ts';

/** What a marker does not know of its run. */
export interface RunnerFacts {
  readonly engine: 'k6' | 'k6-operator';
  /** Of k6; absent where nobody told. */
  readonly version?: string;
  readonly exitCode?: number;
  readonly environment?: string;
  readonly images?: NonNullable<UnsealedRecord['images']>;
}

/**
 * The record of one runner: exact counts, blocks and excesses of the limits, and a histogram of coarse buckets. Undefined where the
 * runner never knew its target, which means that its setup failed.
 */
export function recordOfMarker(marker: Marker, facts: RunnerFacts): LoadTestRecord | undefined {
  if (marker.target === null) return undefined;
  const share = marker.segment === null ? { from: 0, to: 1 } : (segmentOf(marker.segment) ?? { from: 0, to: 1 });
  const part = share.to - share.from;
  const stopped = stopOf(marker, facts, part);
  const seconds = stopped === undefined ? marker.test.steadyS : measuredS(marker);
  const startedAt = startOf(marker);
  return sealRecord({
    engine: { name: facts.engine, version: facts.version ?? 'unknown', runners: 1 },
    test: {
      scenario: marker.scenario,
      model: 'open',
      rate: marker.test.rate * part,
      ...(part < 1 ? { share: part } : {}),
      warmupS: marker.test.warmupS,
      steadyS: marker.test.steadyS,
      requests: marker.test.requests,
      variables: marker.test.variables,
    },
    target: shownTarget(marker.target),
    ...(facts.environment === undefined ? {} : { environment: facts.environment }),
    ...(facts.images === undefined ? {} : { images: facts.images }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(stopped === undefined ? {} : { stopped }),
    counts: countsOf(marker, share),
    seconds,
    limitsMs: marker.limitsMs,
    response: distributionOf(marker.took),
    blocks: blocksOf(marker, seconds),
    ...(marker.lag === null ? {} : { sendLag: distributionOf(marker.lag) }),
    k6: {
      ...(facts.exitCode === undefined ? {} : { exitCode: facts.exitCode }),
      thresholds: marker.thresholds.map(([metric, expression, ok]) => ({ metric, expression, ok })),
      droppedIterations: marker.dropped,
    },
    notes: notesOf(marker),
  });
}

const distributionOf = ({ buckets, minMs, maxMs, sumUs }: Bounded): NonNullable<UnsealedRecord['response']> => ({
  buckets: buckets.map(([bound, n]) => [highestUs(bound), n]),
  minUs: microseconds(minMs),
  maxUs: microseconds(maxMs),
  sumUs,
});

const microseconds = (ms: number): number => Math.round(ms * 1_000_000) / 1000;

/**
 * Where the steady window began, less the warm-up: runners that signed in for different lengths are compared by what they sent.
 * With ms, which tell how far apart runners started.
 */
function startOf({ steadyAt, startedAt, test }: Marker): string | undefined {
  const ms = steadyAt === null ? startedAt : steadyAt - test.warmupS * 1000;
  if (ms === null || ms < 0) return undefined;
  const whole = Math.round(ms);
  return formatMoment(whole).replace('Z', `.${String(whole % 1000).padStart(3, '0')}Z`);
}

const measuredS = ({ lastStartMs, test }: Marker): number => Math.min(test.steadyS, (lastStartMs ?? 0) / 1000);

type Stop = NonNullable<UnsealedRecord['stopped']>;

function stopOf(marker: Marker, { exitCode }: RunnerFacts, part: number): Stop | undefined {
  const who = marker.instance === null ? 'k6' : `Runner ${marker.instance}`;
  const afterS = measuredS(marker);
  if (exitCode !== undefined && exitCode !== 0 && exitCode !== 99)
    return { reason: exitReasons.get(exitCode) ?? 'engine-failed', afterS, message: `${who} ended with exit code ${exitCode}.` };
  if (!endedEarly(marker, part)) return undefined;
  return { reason: 'aborted', afterS, message: `${who} started its last request after ${afterS} s of ${marker.test.steadyS} s.` };
}

const exitReasons: ReadonlyMap<number, Stop['reason']> = new Map([
  [103, 'aborted'],
  [105, 'interrupted'],
  [108, 'aborted'],
]);

/** Starts are missing, and the last one was long before the end. A generator that is too slow lacks starts too, but goes on to the end. */
function endedEarly({ started, dropped, planned, test, lastStartMs }: Marker, part: number): boolean {
  const missing = started + dropped < planned * part * 0.99 - 1;
  const quietMs = Math.max(1_000, 3_000 / Math.max(1e-6, test.rate * part));
  return missing && (lastStartMs ?? 0) < test.steadyS * 1000 - quietMs;
}

function countsOf(marker: Marker, share: { readonly from: number; readonly to: number }): UnsealedRecord['counts'] {
  const answered = answersOf(marker);
  const failed = marker.blocks.reduce((all, [, number = 0]) => all + number, 0);
  return {
    // Of neighbouring segments the rounded parts add up to the whole plan.
    planned: Math.round(marker.planned * share.to) - Math.round(marker.planned * share.from),
    sent: marker.started,
    ok: answered - failed,
    failed,
    timeouts: Object.hasOwn(marker.errors, 'timeout') ? (marker.errors['timeout'] ?? 0) : 0,
    dropped: marker.dropped,
    retried: 0,
    unfinished: marker.started - answered,
    byStatus: marker.statuses,
    byError: marker.errors,
  };
}

function blocksOf({ blocks, blockS, limitsMs, test }: Marker, seconds: number): UnsealedRecord['blocks'] {
  const cut = blocks.map(([n = 0, failed = 0, ...over], index) => {
    const startS = index * blockS;
    const planEndS = index === blocks.length - 1 ? test.steadyS : startS + blockS;
    const endS = n > 0 && seconds <= startS ? planEndS : Math.min(planEndS, seconds);
    return {
      startS,
      seconds: endS - startS,
      n,
      failed,
      over: Object.fromEntries(limitsMs.map((limit, position) => [String(limit), over[position] ?? 0])),
    };
  });
  // A run that stopped has no blocks after its end.
  return cut.filter(({ seconds: length }) => length > 0);
}

/** Without user, password, query and fragment, whatever the line says. */
function shownTarget(text: string): string {
  const match = /^(https?:\/\/)(?:[^@/?#]*@)?([^/?#]*)([^?#]*)/i.exec(text);
  if (match === null) return 'unknown';
  const [, scheme = '', host = '', path = ''] = match;
  const origin = URL.canParse(scheme + host) ? new URL(scheme + host).origin : scheme + host;
  return origin + (path === '/' ? '' : path);
}

function notesOf({ limitsMs, test }: Marker): string[] {
  return [
    'k6 measured from sending a request to the last byte of its answer, without connecting and TLS.',
    `What took ${limitsMs.join(' or ')} ms or longer was counted exactly; percentiles are upper bounds of coarse buckets.`,
    ...(test.requests.length === 0 ? ['The list of requests was too long for the line that the script prints.'] : []),
  ];
}
