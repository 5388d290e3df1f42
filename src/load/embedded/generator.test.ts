import { describe, expect, it } from 'vitest';
import { quantile, totalOf } from '../../evidence/load-tests/distribution.ts';
import { planSchedule } from '../schedule.ts';
import type { Exchange } from './exchange.ts';
import { Generator } from './generator.ts';
import type { WorkerTask } from './messages.ts';
import type { Prepared } from './requests.ts';
import type { Transport } from './transport.ts';
import { Recorder } from './window.ts';

const scenario = {
  stages: [{ from: 100, to: 100, durationMs: 600 }],
  warmupMs: 0,
  timeoutMs: 1_000,
  connections: 1,
  protocol: 'http/1.1' as const,
  tls: { verify: true },
  setup: [],
  requests: [],
};
const limits = { p95Ms: 200, p99Ms: 500, errorRate: 0, minRps: 0 };
const task = (parts: Partial<WorkerTask> = {}): WorkerTask => ({
  target: 'http://h/',
  scenario,
  limits,
  variables: {},
  rows: [],
  runId: 'r',
  userAgent: 'u',
  index: 0,
  workers: 1,
  connections: 1,
  maxInFlight: 1_000,
  stopAtMs: new Int32Array(new SharedArrayBuffer(4)).fill(2 ** 31 - 1),
  ...parts,
});
const request: Prepared = { path: '/', method: 'GET', headers: [], body: null, repeatable: true, success: [[200, 299]] };

/** A generator whose requests are answered at once by `answer`, on the real clock. */
function generator(answer: (exchange: Exchange) => void, parts: Partial<WorkerTask> = {}): Generator {
  const dispatch = (_: unknown, exchange: Exchange) => answer(exchange);
  const transport = { pool: { dispatch }, sendFresh: dispatch, close: () => Promise.resolve() } as unknown as Transport;
  const now = () => performance.now();
  const whole = { task: task(parts), schedule: planSchedule(scenario), transport, prepare: () => request };
  return new Generator({ ...whole, watchSocket: () => {}, now, onSecond: () => {} }, now());
}

function succeed(exchange: Exchange): void {
  exchange.status = 200;
  exchange.onResponseEnd();
}

describe('a generator that was kept from its plan', () => {
  it('sends every start all the same, late, and says how late it was', async () => {
    let blocked = false;
    const result = await generator((exchange) => {
      if (exchange.start === 10 && !blocked) {
        blocked = true;
        for (const until = performance.now() + 300; performance.now() < until; );
      }
      succeed(exchange);
    }).run();
    expect(result.steady).toMatchObject({ sent: 60, ok: 60, dropped: 0 });
    // About thirty starts were due while nothing could be sent: half of them waited for 150 ms or longer.
    expect(quantile(result.sendLag, 0.95)).toBeGreaterThan(200_000);
    expect(quantile(result.blocks[0]?.response ?? result.service, 0.95)).toBeGreaterThan(200_000);
  });
});

describe('a generator that was kept from its plan while no answer came', () => {
  it('drops no start for open ones whose time is long over', async () => {
    const parts = { scenario: { ...scenario, timeoutMs: 200 }, maxInFlight: 38 };
    const result = await generator(({ start }) => {
      if (start === 10) for (const until = performance.now() + 400; performance.now() < until; );
    }, parts).run();
    expect(result.steady).toMatchObject({ sent: 60, dropped: 0, timeouts: 60 });
  });
});

describe('an exchange', () => {
  it('that undici begins twice is counted once', async () => {
    const result = await generator((exchange) => {
      succeed(exchange);
      succeed(exchange);
      exchange.onResponseError(undefined as never, new Error('late'));
    }).run();
    expect(result.steady).toMatchObject({ sent: 60, ok: 60, failed: 0 });
  });

  it('that never ends runs out of time, and the run ends with it', async () => {
    const result = await generator(() => {}).run();
    expect(result.steady).toMatchObject({ sent: 60, failed: 60, timeouts: 60, byError: { timeout: 60 } });
    expect(totalOf(result.service)).toBe(0);
    expect(result.blocks[0]?.response.minUs).toBeGreaterThanOrEqual(1_000_000);
  });

  it('that ran out of time in the queue is neither sent nor allowed to take a connection with it', async () => {
    const waiting: Exchange[] = [];
    await generator((exchange) => void waiting.push(exchange)).run();
    let aborted = false;
    const controller = { abort: () => void (aborted = true) } as never;
    expect(() => waiting[0]?.onRequestStart(controller)).toThrow('expired');
    expect(aborted).toBe(false);
  });

  it('is not begun after the moment of a stop', async () => {
    const stopAtMs = new Int32Array(new SharedArrayBuffer(4)).fill(200);
    const starts: number[] = [];
    await generator(
      (exchange) => {
        starts.push(exchange.start);
        succeed(exchange);
      },
      { stopAtMs },
    ).run();
    expect(starts).toEqual(Array.from({ length: 20 }, (_, start) => start));
  });

  it('belongs to one worker', async () => {
    const starts: number[] = [];
    await generator(
      (exchange) => {
        starts.push(exchange.start);
        succeed(exchange);
      },
      { index: 2, workers: 3 },
    ).run();
    expect(starts).toEqual(Array.from({ length: 20 }, (_, turn) => 2 + 3 * turn));
  });
});

describe('a record', () => {
  it('counts what takes exactly the limit, and not what takes less', () => {
    const record = new Recorder({ count: 1, lengthMs: 1_000 }, 0, [200, 500]);
    const exchange = { status: 200, request } as Exchange;
    for (const responseMs of [199.999, 200, 499.9994, 499.9996, 500]) record.ended(true, exchange, { intendedMs: 0, responseMs });
    expect(record.read().blocks[0]).toMatchObject({ n: 5, over: [4, 2] });
  });

  it('keeps the warm-up apart and puts each request into the block of its intended start', () => {
    const record = new Recorder({ count: 2, lengthMs: 5_000 }, 1_000, [200]);
    const exchange = { status: 500, request } as Exchange;
    record.ended(false, exchange, { intendedMs: 999, responseMs: 1 });
    for (const intendedMs of [1_000, 5_999, 6_000]) record.ended(true, exchange, { intendedMs, responseMs: 7_000 });
    const { warmup, steady, blocks } = record.read();
    expect([warmup.failed, steady.failed]).toEqual([1, 3]);
    expect(blocks.map(({ n, failed, over }) => [n, failed, over])).toEqual([
      [2, 2, [2]],
      [1, 1, [1]],
    ]);
    expect(record.takeSecond(4)).toMatchObject({ number: 0, failed: 4, inFlight: 4, steadyFailed: 3, over: [3] });
    expect(record.takeSecond(0)).toMatchObject({ number: 1, failed: 0, steadyFailed: 0, over: [0] });
  });
});
