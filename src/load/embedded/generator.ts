import { latencyLimits } from '../plan.ts';
import { workerOf, type Schedule } from '../schedule.ts';
import { planBlocks } from './blocks.ts';
import { Exchange, type ExchangeOwner } from './exchange.ts';
import { Health } from './health.ts';
import type { Second, WorkerResult, WorkerTask } from './messages.ts';
import type { Prepared } from './requests.ts';
import type { Transport } from './transport.ts';
import { Recorder } from './window.ts';

export interface GeneratorParts {
  readonly task: WorkerTask;
  readonly schedule: Schedule;
  readonly transport: Transport;
  /** What a start sends. */
  readonly prepare: (start: number) => Prepared;
  readonly watchSocket: (exchange: Exchange) => void;
  readonly now: () => number;
  readonly onSecond: (second: Second) => void;
}

/** Above this rate a worker looks once a millisecond: waking for each start would keep a whole core busy. */
const fastRate = 500;
/** Starts in one turn at most, so that answers are read in between. */
const turnStarts = 1_000;

/** Sends each start of one worker at its moment, and ends every exchange, with an answer or without. */
export class Generator implements ExchangeOwner {
  readonly #parts: GeneratorParts;
  readonly #t0: number;
  readonly #record: Recorder;
  readonly #health = new Health();
  readonly #total: number;
  readonly #fast: boolean;
  readonly #finished = Promise.withResolvers<undefined>();
  /** Open exchanges in the order of their intended starts; before `#head` all have ended. */
  #open: Exchange[] = [];
  #head = 0;
  #inFlight = 0;
  #next: number;
  #allSent = false;
  #steadyBegun = false;
  #expiry: NodeJS.Timeout | undefined;
  #wake: NodeJS.Timeout | undefined;

  constructor(parts: GeneratorParts, t0: number) {
    const { task, schedule } = parts;
    this.#parts = parts;
    this.#t0 = t0;
    this.#record = new Recorder(planBlocks(schedule.steadyMs), schedule.warmupMs, latencyLimits(task.limits));
    this.#total = schedule.warmup + schedule.steady;
    this.#fast = schedule.peakRate / task.workers > fastRate;
    this.#next = task.index;
    while (workerOf(this.#next, task.workers) !== task.index) this.#next += 1;
  }

  /** Resolves when every start was sent, or dropped, and has ended. */
  async run(): Promise<Omit<WorkerResult, 'runtime'>> {
    const { onSecond, now } = this.#parts;
    const tell = () => onSecond(this.#record.takeSecond(this.#inFlight));
    let repeated: NodeJS.Timeout | undefined;
    const first = () => {
      tell();
      repeated = setInterval(tell, 1000);
    };
    const seconds = setTimeout(first, Math.max(0, this.#t0 + 1000 - now()));
    this.#turn();
    await this.#finished.promise;
    clearTimeout(seconds);
    clearInterval(repeated);
    clearTimeout(this.#expiry);
    tell();
    return { ...this.#record.read(), ...this.#health.figures() };
  }

  /** Looks at once whether the run was stopped. */
  stop(): void {
    clearTimeout(this.#wake);
    if (!this.#allSent) this.#turn();
  }

  now(): number {
    return this.#parts.now();
  }

  watchSocket(exchange: Exchange): void {
    this.#parts.watchSocket(exchange);
  }

  sendAgain(exchange: Exchange): void {
    this.#windowOf(exchange.start).retried += 1;
    // Once undici has finished with the connection that broke.
    queueMicrotask(() => this.#parts.transport.sendFresh(optionsOf(exchange.request), exchange));
  }

  ended(exchange: Exchange, { at, error }: { readonly at: number; readonly error?: string }): void {
    const { start, intendedAt, writtenAt } = exchange;
    this.#inFlight -= 1;
    this.#record.ended(this.#isSteady(start), exchange, {
      ...(error === undefined ? {} : { error }),
      intendedMs: intendedAt - this.#t0,
      responseMs: at - intendedAt,
      ...(writtenAt === undefined ? {} : { serviceMs: at - writtenAt }),
    });
    this.#finishIfDone();
  }

  readonly #turn = (): void => {
    const until = Math.min(this.#parts.now() - this.#t0, Atomics.load(this.#parts.task.stopAtMs, 0));
    let intendedMs = this.#nextMs();
    for (let count = 0; intendedMs <= until && count < turnStarts && intendedMs < this.#stopMs(); count += 1) {
      this.#begin(this.#next, intendedMs);
      this.#next += this.#parts.task.workers;
      intendedMs = this.#nextMs();
    }
    if (intendedMs === Number.POSITIVE_INFINITY || intendedMs >= this.#stopMs()) this.#sentAll();
    else this.#sleep(this.#t0 + intendedMs - this.#parts.now());
  };

  #nextMs(): number {
    return this.#next < this.#total ? this.#parts.schedule.startMs(this.#next) : Number.POSITIVE_INFINITY;
  }

  #stopMs(): number {
    return Atomics.load(this.#parts.task.stopAtMs, 0);
  }

  #sleep(waitMs: number): void {
    if (this.#fast) this.#wake = setTimeout(this.#turn, Math.max(1, Math.floor(waitMs)));
    else if (waitMs >= 1) this.#wake = setTimeout(this.#turn, Math.floor(waitMs));
    else setImmediate(this.#turn);
  }

  #begin(start: number, intendedMs: number): void {
    const { task, transport, prepare, now } = this.#parts;
    const isSteady = this.#isSteady(start);
    if (isSteady && !this.#steadyBegun) {
      this.#steadyBegun = true;
      this.#health.begin();
    }
    // A thread that was put aside is late with ending the old ones, too: that must not cost new ones.
    if (this.#inFlight >= task.maxInFlight) this.#expire();
    if (this.#inFlight >= task.maxInFlight) {
      this.#windowOf(start).dropped += 1;
      return;
    }
    const exchange = new Exchange(this, prepare(start), start, this.#t0 + intendedMs);
    this.#inFlight += 1;
    this.#keep(exchange);
    this.#record.sent(isSteady, intendedMs, now() - this.#t0);
    transport.pool.dispatch(optionsOf(exchange.request), exchange);
  }

  #keep(exchange: Exchange): void {
    this.#open.push(exchange);
    while (this.#open[this.#head]?.over === true) this.#head += 1;
    if (this.#head > 1024 && this.#head * 2 > this.#open.length) {
      this.#open = this.#open.slice(this.#head);
      this.#head = 0;
    }
    if (this.#expiry === undefined) this.#armExpiry();
  }

  /** All have the same time limit, so the oldest open one is the next to run out of it. */
  readonly #expire = (): void => {
    const at = this.#parts.now();
    const { timeoutMs } = this.#parts.task.scenario;
    clearTimeout(this.#expiry);
    this.#expiry = undefined;
    for (; this.#head < this.#open.length; this.#head += 1) {
      const exchange = this.#open[this.#head];
      if (exchange === undefined || exchange.over) continue;
      if (exchange.intendedAt + timeoutMs > at) break;
      exchange.expire(at);
    }
    this.#armExpiry();
  };

  #armExpiry(): void {
    const oldest = this.#open[this.#head];
    if (oldest === undefined) return;
    const leftMs = oldest.intendedAt + this.#parts.task.scenario.timeoutMs - this.#parts.now();
    this.#expiry = setTimeout(this.#expire, Math.max(1, Math.ceil(leftMs)));
  }

  #sentAll(): void {
    if (this.#allSent) return;
    this.#allSent = true;
    this.#health.end();
    this.#finishIfDone();
  }

  #finishIfDone(): void {
    if (this.#allSent && this.#inFlight === 0) this.#finished.resolve(undefined);
  }

  #isSteady(start: number): boolean {
    return start >= this.#parts.schedule.warmup;
  }

  #windowOf(start: number): Recorder['steady'] {
    return this.#isSteady(start) ? this.#record.steady : this.#record.warmup;
  }
}

/** `idempotent` makes undici send POST, too, beside other streams of an HTTP/2 connection; on HTTP/1.1 it changes nothing here. */
const optionsOf = ({ path, method, headers, body }: Prepared) => ({
  path,
  method,
  headers: headers as string[],
  body,
  idempotent: true,
});
