import { describe, expect, it } from 'vitest';
import { emptyDistribution } from '../../evidence/load-tests/distribution.ts';
import { planSchedule } from '../schedule.ts';
import { blockAt, planBlocks } from './blocks.ts';
import { failureName } from './failures.ts';
import { measurementOf } from './measurement.ts';
import type { Second, WindowCounts, WorkerResult } from './messages.ts';
import { Progress } from './progress.ts';
import { atPointer } from './setup.ts';

describe('blocks', () => {
  it.each([
    [300_000, 30, 10_000],
    [60_000, 12, 5_000],
    [3_600_000, 30, 120_000],
    [7_000, 1, 7_000],
    [12_000, 2, 6_000],
    [1_000, 1, 1_000],
  ])('%i ms are cut into %i of %i ms', (steadyMs, count, lengthMs) => {
    expect(planBlocks(steadyMs)).toEqual({ count, lengthMs });
  });

  it('every moment has one', () => {
    const plan = planBlocks(60_000);
    expect([-1e-9, 0, 4_999, 5_000, 59_999, 60_000].map((ms) => blockAt(plan, ms))).toEqual([0, 0, 0, 1, 11, 11]);
  });
});

describe('failureName', () => {
  const withCode = (code: unknown) => Object.assign(new Error('secret'), { code });
  it.each([
    [withCode('ECONNREFUSED'), 'ECONNREFUSED'],
    [withCode('DEPTH_ZERO_SELF_SIGNED_CERT'), 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    [withCode('UND_ERR_SOCKET'), 'closed'],
    [withCode('UND_ERR_OF_A_LATER_VERSION'), 'other'],
    [withCode('HPE_INVALID_CONSTANT'), 'protocol'],
    [withCode('ERR_HTTP2_STREAM_ERROR'), 'protocol'],
    [withCode('constructor'), 'other'],
    [withCode('a secret'), 'other'],
    [withCode(42), 'other'],
    [new Error('ECONNREFUSED'), 'other'],
    ['ECONNREFUSED', 'other'],
  ])('%s is %s', (error, name) => {
    expect(failureName(error)).toBe(name);
  });
});

describe('a JSON pointer', () => {
  const value = { a: { 'b/c': [1, { d: 'x' }], '~': 0 }, '': 'empty' };
  it.each([
    ['', value],
    ['/a/b~1c/0', 1],
    ['/a/b~1c/1/d', 'x'],
    ['/a/~0', 0],
    ['/', 'empty'],
    ['/a/b~1c/length', undefined],
    ['/a/b~1c/01', undefined],
    ['/a/b~1c/-', undefined],
    ['/constructor', undefined],
    ['/__proto__', undefined],
    ['a', undefined],
  ])('%j', (pointer, found) => {
    expect(atPointer(value, pointer)).toEqual(found);
  });
});

const second = (number: number, ended: { ok?: number; failed?: number }): Second => ({
  number,
  sent: 0,
  ok: 0,
  failed: 0,
  dropped: 0,
  inFlight: 0,
  steadyFailed: 0,
  over: [0, 0],
  warmup: emptyDistribution,
  steady: emptyDistribution,
  lag: emptyDistribution,
  ...ended,
});

describe('more errors than successes', () => {
  const verdict = (seconds: readonly { ok?: number; failed?: number }[], workers = 1) => {
    const progress = new Progress({ limitsMs: [200, 500], warmupMs: 0, steadyMs: 60_000, workers });
    for (const [number, ended] of seconds.entries())
      for (let worker = 0; worker < workers; worker += 1) progress.add(worker, second(number, ended));
    return progress.tooManyErrors();
  };
  const times = <Value>(count: number, value: Value) => Array.from({ length: count }, () => value);

  it.each([
    ['ten seconds of errors', times(10, { failed: 1 }), true],
    ['nine seconds are too few', times(9, { failed: 100 }), false],
    ['nine requests are too few', [...times(9, { failed: 1 }), {}], false],
    ['half is not more than half', times(10, { ok: 1, failed: 1 }), false],
    ['a little more than half', [...times(9, { ok: 1, failed: 1 }), { failed: 1 }], true],
    ['only the last ten seconds count', [...times(20, { ok: 100 }), ...times(10, { failed: 1 })], true],
    ['errors that are over', [...times(10, { failed: 100 }), ...times(10, { ok: 1 })], false],
  ])('%s', (_, seconds, expected) => {
    expect(verdict(seconds)).toBe(expected);
    expect(verdict(seconds, 2)).toBe(_ === 'nine requests are too few' ? true : expected);
  });
});

describe('a measurement', () => {
  const counts = (parts: Partial<WindowCounts> = {}): WindowCounts => ({
    sent: 0,
    ok: 0,
    failed: 0,
    timeouts: 0,
    dropped: 0,
    retried: 0,
    byStatus: {},
    byError: {},
    ...parts,
  });
  const schedule = planSchedule({ stages: [{ from: 100, to: 100, durationMs: 20_000 }], warmupMs: 5_000 });
  const block = (n: number, us: number) => ({
    n,
    failed: 0,
    over: [0, 0],
    response: n === 0 ? emptyDistribution : { buckets: [[us, n]] as const, minUs: us, maxUs: us, sumUs: us * n },
  });
  const result = (parts: Partial<WorkerResult> = {}): WorkerResult => ({
    warmup: counts(),
    steady: counts(),
    blocks: [block(5, 10), block(5, 20), block(5, 10), block(5, 20)],
    service: emptyDistribution,
    sendLag: emptyDistribution,
    lastSentMs: 0,
    loopDelayP99Ms: 1,
    cpu: 0.1,
    runtime: 'node',
    ...parts,
  });
  const outcome = (results: readonly WorkerResult[]) => ({
    schedule,
    limitsMs: [200, 500],
    results,
    workers: results.length,
    tlsVerified: true,
  });

  it('adds counts, blocks and buckets, and takes the health of the worst worker', () => {
    const parts = [
      result({
        steady: counts({ sent: 20, ok: 18, failed: 2, byStatus: { 200: 18, 500: 1 }, byError: { closed: 1 } }),
        cpu: 0.7,
      }),
      result({ steady: counts({ sent: 10, ok: 10, byStatus: { 200: 10 } }), loopDelayP99Ms: 9 }),
    ];
    const measurement = measurementOf(outcome(parts));
    expect(measurement.counts).toMatchObject({
      planned: 2_000,
      sent: 30,
      ok: 28,
      failed: 2,
      byStatus: { 200: 28, 500: 1 },
      byError: { closed: 1 },
    });
    expect(measurement.blocks.map(({ startS, seconds, n }) => [startS, seconds, n])).toEqual([
      [0, 5, 10],
      [5, 5, 10],
      [10, 5, 10],
      [15, 5, 10],
    ]);
    expect(measurement.response?.buckets).toEqual([
      [10, 20],
      [20, 20],
    ]);
    expect(measurement.generator).toMatchObject({ cpu: 0.7, loopDelayP99Ms: 9, startedShare: 30 / 2_000 });
  });

  it.each([
    [
      'in the middle of a block: it is shorter',
      13_000,
      800,
      [
        [0, 5],
        [5, 3],
      ],
    ],
    ['just after a block began: it goes into the one before', 10_500, 550, [[0, 5.5]]],
    ['before the first block is half over: it stays', 6_000, 100, [[0, 1]]],
    ['in the warm-up', 3_000, 0, []],
  ])('a stop %s', (_, atMs, planned, spans) => {
    const stopped = { reason: 'interrupted', atMs, message: 'm' } as const;
    const measurement = measurementOf({ ...outcome([result()]), stopped });
    expect(measurement.counts?.planned).toBe(planned);
    expect(measurement.seconds).toBe(Math.max(0, atMs - 5_000) / 1000);
    expect(measurement.blocks.map(({ startS, seconds }) => [startS, seconds])).toEqual(spans);
    expect(measurement.stopped).toEqual({ reason: 'interrupted', afterS: atMs / 1000, message: 'm' });
    expect(measurement.blocks.reduce((sum, { n }) => sum + n, 0)).toBe(spans.length === 0 ? 0 : 20);
  });

  it('a generator that fell behind has a longer window', () => {
    expect(measurementOf(outcome([result({ lastSentMs: 30_000 })])).seconds).toBe(25);
  });

  it('notes what the reader must know, and nothing else', () => {
    const notes = (parts: Partial<WorkerResult>) => measurementOf(outcome([result(parts)])).notes;
    expect(notes({ steady: counts({ sent: 1_000, retried: 1 }) })).toEqual([]);
    expect(notes({ steady: counts({ sent: 1_000, retried: 2 }) })).toHaveLength(1);
    expect(notes({ warmup: counts({ ok: 3, failed: 2, byStatus: { 200: 3, 500: 1 }, byError: { timeout: 1 } }) })[0]).toContain(
      '2 of 5',
    );
  });

  it('does not call the status of a success a failure', () => {
    const notes = (parts: Parameters<typeof counts>[0]) => measurementOf(outcome([result({ warmup: counts(parts) })])).notes;
    expect(notes({ ok: 3, failed: 1, byStatus: { 200: 3, 503: 1 } })).toEqual([
      '1 of 4 requests of the warm-up failed; what came back: status 200 (3), status 503 (1).',
    ]);
    expect(notes({ ok: 0, failed: 2, byStatus: { 503: 2 } })).toEqual(['2 of 2 requests of the warm-up failed: status 503 (2).']);
  });
});
