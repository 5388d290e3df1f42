import { blockAt, type BlockPlan } from './blocks.ts';
import type { Exchange } from './exchange.ts';
import { Latencies } from './latencies.ts';
import type { BlockResult, Second, WindowCounts, WorkerResult } from './messages.ts';

/** Counts of one window of a run, warm-up or steady. */
export class WindowCounter {
  sent = 0;
  ok = 0;
  failed = 0;
  timeouts = 0;
  dropped = 0;
  retried = 0;
  readonly #byStatus = new Map<number, number>();
  readonly #byError = new Map<string, number>();

  /** Counts an end, and says whether it was a success. */
  end({ status, request: { success } }: Pick<Exchange, 'status' | 'request'>, error: string | undefined): boolean {
    const ok = error === undefined && success.some(([low, high]) => status >= low && status <= high);
    if (ok) this.ok += 1;
    else this.failed += 1;
    if (error === 'timeout') this.timeouts += 1;
    if (error === undefined) add(this.#byStatus, status);
    else add(this.#byError, error);
    return ok;
  }

  read(): WindowCounts {
    const { sent, ok, failed, timeouts, dropped, retried } = this;
    return {
      sent,
      ok,
      failed,
      timeouts,
      dropped,
      retried,
      byStatus: Object.fromEntries(this.#byStatus),
      byError: Object.fromEntries(this.#byError),
    };
  }
}

const add = <Key>(counts: Map<Key, number>, key: Key) => counts.set(key, (counts.get(key) ?? 0) + 1);

class Block {
  n = 0;
  failed = 0;
  readonly over: number[];
  readonly response = new Latencies();

  constructor(limits: number) {
    this.over = Array.from({ length: limits }, () => 0);
  }

  read(): BlockResult {
    return { n: this.n, failed: this.failed, over: this.over, response: this.response.read() };
  }
}

/** What one worker counts and measures over its run. Moments are ms of the run. */
export class Recorder {
  readonly warmup = new WindowCounter();
  readonly steady = new WindowCounter();
  lastSentMs = 0;
  readonly #plan: BlockPlan;
  readonly #warmupMs: number;
  readonly #limitsUs: readonly number[];
  readonly #blocks: Block[];
  readonly #service = new Latencies();
  readonly #sendLag = new Latencies();
  readonly #second = {
    warmup: new Latencies(),
    steady: new Latencies(),
    lag: new Latencies(),
    steadyFailed: 0,
    over: [] as number[],
  };
  #told = { number: 0, sent: 0, ok: 0, failed: 0, dropped: 0 };

  constructor(plan: BlockPlan, warmupMs: number, limitsMs: readonly number[]) {
    this.#plan = plan;
    this.#warmupMs = warmupMs;
    this.#limitsUs = limitsMs.map((limit) => limit * 1000);
    this.#blocks = Array.from({ length: plan.count }, () => new Block(limitsMs.length));
    this.#second.over = limitsMs.map(() => 0);
  }

  sent(isSteady: boolean, intendedMs: number, nowMs: number): void {
    const window = isSteady ? this.steady : this.warmup;
    window.sent += 1;
    const lagUs = (nowMs - intendedMs) * 1000;
    this.#second.lag.record(lagUs);
    if (!isSteady) return;
    this.#sendLag.record(lagUs);
    this.lastSentMs = nowMs;
  }

  /** `intendedMs` and `serviceMs`: the latter absent where nothing was written. */
  ended(
    isSteady: boolean,
    exchange: Exchange,
    end: { error?: string; intendedMs: number; responseMs: number; serviceMs?: number },
  ): void {
    const responseUs = Math.round(end.responseMs * 1000);
    if (!isSteady) {
      this.warmup.end(exchange, end.error);
      this.#second.warmup.record(responseUs);
      return;
    }
    const ok = this.steady.end(exchange, end.error);
    const block = this.#blocks[blockAt(this.#plan, end.intendedMs - this.#warmupMs)];
    if (block === undefined) return;
    block.n += 1;
    block.response.record(responseUs);
    if (!ok) {
      block.failed += 1;
      this.#second.steadyFailed += 1;
    }
    for (const [index, limit] of this.#limitsUs.entries()) {
      if (responseUs < limit) continue;
      block.over[index] = (block.over[index] ?? 0) + 1;
      this.#second.over[index] = (this.#second.over[index] ?? 0) + 1;
    }
    this.#second.steady.record(responseUs);
    if (end.serviceMs !== undefined) this.#service.record(end.serviceMs * 1000);
  }

  /** What came since the last time. */
  takeSecond(inFlight: number): Second {
    const { warmup, steady } = this;
    const total = {
      sent: warmup.sent + steady.sent,
      ok: warmup.ok + steady.ok,
      failed: warmup.failed + steady.failed,
      dropped: warmup.dropped + steady.dropped,
    };
    const told = this.#told;
    const second = this.#second;
    const taken: Second = {
      number: told.number,
      sent: total.sent - told.sent,
      ok: total.ok - told.ok,
      failed: total.failed - told.failed,
      dropped: total.dropped - told.dropped,
      inFlight,
      warmup: second.warmup.take(),
      steady: second.steady.take(),
      steadyFailed: second.steadyFailed,
      over: second.over,
      lag: second.lag.take(),
    };
    second.steadyFailed = 0;
    second.over = second.over.map(() => 0);
    this.#told = { ...total, number: told.number + 1 };
    return taken;
  }

  read(): Omit<WorkerResult, 'loopDelayP99Ms' | 'cpu' | 'runtime'> {
    return {
      warmup: this.warmup.read(),
      steady: this.steady.read(),
      blocks: this.#blocks.map((block) => block.read()),
      service: this.#service.read(),
      sendLag: this.#sendLag.read(),
      lastSentMs: this.lastSentMs,
    };
  }
}
