import type { LoadScenario } from '../evidence/declared.ts';

/** When each request of a run is meant to start. Starts are numbered from 0 through the warm-up and on through the steady window. */
export interface Schedule {
  readonly warmupMs: number;
  readonly steadyMs: number;
  /** Planned starts of the warm-up, and of the steady window. */
  readonly warmup: number;
  readonly steady: number;
  /** Highest rate in requests a second, at any moment. */
  readonly peakRate: number;
  /** The intended moment of a start, in ms from the beginning of the run. Never falls as the number grows. */
  startMs(start: number): number;
  /** How many starts are meant to happen before a moment, in ms from the beginning of the run. */
  dueBefore(ms: number): number;
}

interface Stage {
  readonly beginMs: number;
  readonly durationMs: number;
  readonly from: number;
  readonly to: number;
  /** Integral of the rate before this stage, and over it: starts, not yet whole. */
  readonly before: number;
  readonly area: number;
}

/**
 * The plan of a scenario. A start with number n happens where the integral of the rate reaches n, so a rate that changes linearly is
 * followed without steps. The warm-up runs at the first rate and is planned for itself: the steady window begins with a start of its own.
 */
export function planSchedule({ stages, warmupMs }: Pick<LoadScenario, 'stages' | 'warmupMs'>): Schedule {
  const first = stages[0]?.from ?? 0;
  const before = layOut([{ from: first, to: first, durationMs: warmupMs }], 0);
  const after = layOut(stages, warmupMs);
  const warmup = startsIn(before);
  const steady = startsIn(after);
  const startMs = (start: number) => (start < warmup ? momentOf(before, start) : momentOf(after, start - warmup));
  return {
    warmupMs,
    steadyMs: stages.reduce((sum, { durationMs }) => sum + durationMs, 0),
    warmup,
    steady,
    peakRate: Math.max(0, ...stages.flatMap(({ from, to }) => [from, to])),
    startMs,
    dueBefore: (ms) => countBefore(warmup + steady, startMs, ms),
  };
}

/** The starts of one worker out of several: worker k of N takes the starts whose number leaves the rest k. */
export const workerOf = (start: number, workers: number): number => start % workers;

function layOut(stages: LoadScenario['stages'], beginMs: number): readonly Stage[] {
  const laid: Stage[] = [];
  let begin = beginMs;
  let before = 0;
  for (const { from, to, durationMs } of stages) {
    const area = ((from + to) / 2) * (durationMs / 1000);
    if (area > 0) laid.push({ beginMs: begin, durationMs, from, to, before, area });
    begin += durationMs;
    before = nearestWhole(before + area);
  }
  return laid;
}

function startsIn(stages: readonly Stage[]): number {
  const last = stages.at(-1);
  return last === undefined ? 0 : Math.ceil(nearestWhole(last.before + last.area));
}

/** Solves from·t + (to - from)/(2·d)·t² = n for t, in the form that keeps its digits when the rate hardly changes. */
function momentOf(stages: readonly Stage[], number: number): number {
  const stage = stages.findLast(({ before }) => before <= number);
  if (stage === undefined) return 0;
  const { beginMs, durationMs, from, to } = stage;
  const rest = number - stage.before;
  if (rest === 0) return beginMs;
  const growth = (to - from) / (durationMs / 1000);
  const seconds = (2 * rest) / (from + Math.sqrt(Math.max(0, from * from + 2 * growth * rest)));
  return beginMs + Math.min(durationMs, seconds * 1000);
}

/** 0.1 a second for 30 s is 3.0000000000000004 in floating point, and three starts. */
function nearestWhole(value: number): number {
  const whole = Math.round(value);
  return Math.abs(value - whole) < 1e-9 * Math.max(1, value) ? whole : value;
}

function countBefore(total: number, startMs: (start: number) => number, ms: number): number {
  let low = 0;
  let high = total;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (startMs(middle) < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}
