import { addDistributions, quantile } from '../../evidence/load-tests/distribution.ts';
import type { LoadBlock } from '../../evidence/load-tests/record.ts';
import { version } from '../../model/version.ts';
import type { Measurement } from '../engine.ts';
import type { Schedule } from '../schedule.ts';
import { planBlocks } from './blocks.ts';
import type { BlockResult, WindowCounts, WorkerResult } from './messages.ts';

export interface RunOutcome {
  readonly schedule: Schedule;
  readonly limitsMs: readonly number[];
  /** Of the workers that reached the end. */
  readonly results: readonly WorkerResult[];
  readonly workers: number;
  /** `atMs` of the run: no start at or after it happened. */
  readonly stopped?: { readonly reason: StopReason; readonly atMs: number; readonly message: string };
  readonly tlsVerified: boolean;
}

export type StopReason = 'interrupted' | 'errors' | 'engine-failed';

/** Adds up what the workers measured. Nothing is averaged: counts and buckets are sums, and health is that of the worst worker. */
export function measurementOf({ schedule, limitsMs, results, workers, stopped, tlsVerified }: RunOutcome): Measurement {
  const endMs = Math.min(stopped?.atMs ?? Number.POSITIVE_INFINITY, schedule.warmupMs + schedule.steadyMs);
  const planned = Math.max(0, schedule.dueBefore(endMs) - schedule.warmup);
  const steady = addCounts(results.map((result) => result.steady));
  const windowMs = Math.max(0, endMs - schedule.warmupMs);
  const blocks = windowMs === 0 ? [] : blocksOf(schedule, windowMs, limitsMs, results);
  const sendLag = addDistributions(results.map((result) => result.sendLag));
  // A generator that fell behind sent for longer than planned: its rate was lower, and so is the throughput.
  const sentForMs = Math.max(0, ...results.map(({ lastSentMs }) => lastSentMs - schedule.warmupMs));
  return {
    model: 'open',
    engine: { name: 'embedded', version, ...(results[0] === undefined ? {} : { runtime: results[0].runtime }), runners: 1 },
    ...(stopped === undefined
      ? {}
      : { stopped: { reason: stopped.reason, afterS: stopped.atMs / 1000, message: stopped.message } }),
    counts: { planned, ...steady, unfinished: 0 },
    seconds: Math.max(windowMs, sentForMs) / 1000,
    limitsMs: [...limitsMs],
    response: addDistributions(blocks.flatMap(({ response }) => response ?? [])),
    blocks,
    service: addDistributions(results.map((result) => result.service)),
    sendLag: sendLag,
    generator: {
      lagP99Ms: (quantile(sendLag, 0.99) ?? 0) / 1000,
      loopDelayP99Ms: Math.max(0, ...results.map(({ loopDelayP99Ms }) => loopDelayP99Ms)),
      cpu: Math.max(0, ...results.map(({ cpu }) => cpu)),
      startedShare: planned === 0 ? 0 : steady.sent / planned,
    },
    notes: notesOf({
      steady,
      warmup: addCounts(results.map((result) => result.warmup)),
      tlsVerified,
      workers,
      ended: results.length,
    }),
  };
}

type Counts = Omit<NonNullable<Measurement['counts']>, 'planned' | 'unfinished'>;

function addCounts(parts: readonly WindowCounts[]): Counts {
  const sum = (of: (part: WindowCounts) => number) => parts.reduce((total, part) => total + of(part), 0);
  return {
    sent: sum(({ sent }) => sent),
    ok: sum(({ ok }) => ok),
    failed: sum(({ failed }) => failed),
    timeouts: sum(({ timeouts }) => timeouts),
    dropped: sum(({ dropped }) => dropped),
    retried: sum(({ retried }) => retried),
    byStatus: addByName(parts.map(({ byStatus }) => byStatus)),
    byError: addByName(parts.map(({ byError }) => byError)),
  };
}

function addByName(parts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums = new Map<string, number>();
  for (const [name, count] of parts.flatMap((part) => Object.entries(part))) sums.set(name, (sums.get(name) ?? 0) + count);
  return Object.fromEntries([...sums].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Only blocks that had begun. One that a stop cut to less than half goes into the one before it: too few requests say nothing. */
function blocksOf(
  schedule: Schedule,
  windowMs: number,
  limitsMs: readonly number[],
  results: readonly WorkerResult[],
): LoadBlock[] {
  const { count, lengthMs } = planBlocks(schedule.steadyMs);
  const begun = Math.min(count, Math.max(1, Math.round(windowMs / lengthMs)));
  return Array.from({ length: begun }, (_, index) => {
    const isLast = index === begun - 1;
    const parts = results.flatMap(({ blocks }) => blocks.slice(index, isLast ? undefined : index + 1));
    const startMs = index * lengthMs;
    return {
      startS: startMs / 1000,
      seconds: ((isLast ? windowMs : startMs + lengthMs) - startMs) / 1000,
      ...addBlocks(parts, limitsMs),
    };
  });
}

function addBlocks(parts: readonly BlockResult[], limitsMs: readonly number[]): Omit<LoadBlock, 'startS' | 'seconds'> {
  const sum = (of: (part: BlockResult) => number) => parts.reduce((total, part) => total + of(part), 0);
  return {
    n: sum(({ n }) => n),
    failed: sum(({ failed }) => failed),
    over: Object.fromEntries(limitsMs.map((limit, index) => [String(limit), sum(({ over }) => over[index] ?? 0)])),
    response: addDistributions(parts.map(({ response }) => response)),
  };
}

interface Notable {
  readonly steady: Counts;
  readonly warmup: Counts;
  readonly tlsVerified: boolean;
  readonly workers: number;
  readonly ended: number;
}

/** A share of requests sent again above which the reader must know. */
const notableRetries = 0.001;

function notesOf({ steady, warmup, tlsVerified, workers, ended }: Notable): string[] {
  const notes: string[] = [];
  if (steady.retried > notableRetries * steady.sent)
    notes.push(
      `${steady.retried} of ${steady.sent} requests were sent a second time, because the server had closed their connection.`,
    );
  if (warmup.failed > 0)
    notes.push(
      `${warmup.failed} of ${warmup.ok + warmup.failed} requests of the warm-up failed${warmup.ok === 0 ? '' : '; what came back'}: ${outcomes(warmup)}.`,
    );
  if (warmup.dropped > 0)
    notes.push(`${warmup.dropped} planned requests of the warm-up were not sent: too many were waiting for an answer.`);
  const sentAway = steady.byError['goaway'] ?? 0;
  if (sentAway > 0)
    notes.push(
      `${sentAway} requests failed because the client gave up a connection that the server wanted to end in good order (HTTP/2 GOAWAY).`,
    );
  if (!tlsVerified) notes.push('Certificates were not verified.');
  if (ended < workers)
    notes.push(`${workers - ended} of ${workers} workers ended early; what they had measured is missing here.`);
  return notes;
}

/** Errors by name and statuses by number, of successes too, the most frequent first. */
function outcomes({ byStatus, byError }: Pick<Counts, 'byStatus' | 'byError'>): string {
  const named = [
    ...Object.entries(byError),
    ...Object.entries(byStatus).map(([status, count]) => [`status ${status}`, count] as const),
  ];
  return named
    .sort(([, a], [, b]) => b - a)
    .slice(0, 5)
    .map(([name, count]) => `${name} (${count})`)
    .join(', ');
}
