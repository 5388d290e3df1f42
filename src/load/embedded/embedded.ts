import { SeaworthyError } from '../../model/errors.ts';
import { version } from '../../model/version.ts';
import type { Measurement, RunHooks } from '../engine.ts';
import { latencyLimits, type LoadPlan } from '../plan.ts';
import { planSchedule, type Schedule } from '../schedule.ts';
import { sharedClock } from './clock.ts';
import { measurementOf, type RunOutcome, type StopReason } from './measurement.ts';
import { startMember, type Member } from './member.ts';
import type { Captured, Second, WorkerResult, WorkerTask } from './messages.ts';
import { Progress } from './progress.ts';

/** Open requests over all workers, whatever rate and timeout multiply to: each holds memory. */
const mostInFlight = 25_000;
/** A stop is agreed on a little ahead, so that no worker is past it when it hears of it. */
const stopAheadMs = 25;
/** From the order to run until the first start: until every worker has heard it. */
const startAheadMs = 50;
/** How long a worker may be overdue, after the last time limit of a request, before it counts as dead. */
const overdueMs = 15_000;
const never = 2 ** 31 - 1;

/**
 * Runs a plan in worker threads and reports what was measured, whatever happens on the way: a server that fails, a stop, a dead worker.
 * Throws SW_LOAD_ENGINE where nothing could be measured, because a setup request failed or the engine did not start, and SW_LOAD_PLAN for a
 * request that cannot be sent. `options.maxInFlight`: open requests at one time, over all workers.
 */
export async function runEmbedded(
  plan: LoadPlan,
  hooks: RunHooks,
  options: { readonly maxInFlight?: number } = {},
): Promise<Measurement> {
  const run = new Run(plan, hooks, options.maxInFlight);
  try {
    return await run.measure();
  } finally {
    await run.end();
  }
}

class Run {
  readonly #plan: LoadPlan;
  readonly #hooks: RunHooks;
  readonly #schedule: Schedule;
  readonly #stopAtMs = new Int32Array(new SharedArrayBuffer(4)).fill(never);
  readonly #members: readonly Member[];
  readonly #progress: Progress;
  readonly #now = sharedClock();
  /** Second that each worker told last; a dead one holds nobody up. */
  readonly #toldSeconds: number[];
  readonly #interrupted = Promise.withResolvers<undefined>();
  #lastTold = -1;
  #t0: number | undefined;
  #stopped: RunOutcome['stopped'];

  constructor(plan: LoadPlan, hooks: RunHooks, maxInFlight: number | undefined) {
    const { scenario } = plan;
    const workers = Math.max(1, Math.min(plan.workers, scenario.connections));
    this.#plan = plan;
    this.#hooks = hooks;
    this.#schedule = planSchedule(scenario);
    this.#toldSeconds = Array.from({ length: workers }, () => -1);
    const { warmupMs, steadyMs } = this.#schedule;
    this.#progress = new Progress({ limitsMs: latencyLimits(plan.limits), warmupMs, steadyMs, workers });
    const open = Math.min(maxInFlight ?? mostInFlight, openAtMost(this.#schedule, scenario.timeoutMs));
    const tasks = Array.from({ length: workers }, (_, index) => taskOf(plan, this.#stopAtMs, { index, workers, open }));
    this.#members = tasks.map((task) => startMember(task, (second) => this.#hear(task.index, second)));
    if (hooks.signal.aborted) this.#interrupt();
    else hooks.signal.addEventListener('abort', this.#interrupt, { once: true });
  }

  async measure(): Promise<Measurement> {
    const captured = await Promise.race([this.#prepare(), this.#interrupted.promise]);
    if (captured === undefined) return this.#measured([]);
    this.#t0 = this.#now() + startAheadMs;
    for (const member of this.#members) member.post({ type: 'run', t0: this.#t0, captured });
    const results = await this.#results();
    // Workers do not end in the same second: the last words of one may still be untold.
    if (!this.#progress.isTold) this.#tell();
    return this.#measured(results.filter((result) => result !== undefined));
  }

  async end(): Promise<void> {
    this.#hooks.signal.removeEventListener('abort', this.#interrupt);
    await Promise.all(this.#members.map((member) => member.end()));
  }

  async #prepare(): Promise<Captured> {
    const ready = await Promise.all(this.#members.map((member) => member.ready));
    const [first] = this.#members;
    if (first === undefined || ready.includes(false)) throw notStarted(this.#members[ready.indexOf(false)]);
    if (this.#plan.scenario.setup.length === 0) return {};
    this.#hooks.onProgress({ ...this.#progress.tell(0, false), phase: 'setup' });
    first.post({ type: 'set-up' });
    const captured = await first.captured;
    if (captured === undefined) throw notStarted(first);
    return captured;
  }

  /** Waits for every worker, dead or alive, and no longer than any of them can take. */
  async #results(): Promise<(WorkerResult | undefined)[]> {
    const { warmupMs, steadyMs } = this.#schedule;
    const ended = this.#members.map(async (member, index) => {
      const result = await member.result;
      this.#toldSeconds[index] = Number.POSITIVE_INFINITY;
      if (result === undefined)
        this.#stop('engine-failed', `A worker of the load-test engine ended early (${member.problem()}).`);
      return result;
    });
    const limitMs = startAheadMs + warmupMs + steadyMs + this.#plan.scenario.timeoutMs + overdueMs;
    const overdue = setTimeout(() => void this.#members.map((member) => member.end()), limitMs);
    try {
      return await Promise.all(ended);
    } finally {
      clearTimeout(overdue);
    }
  }

  #measured(results: readonly WorkerResult[]): Measurement {
    return measurementOf({
      schedule: this.#schedule,
      limitsMs: latencyLimits(this.#plan.limits),
      results,
      workers: this.#t0 === undefined ? 0 : this.#members.length,
      tlsVerified: this.#plan.scenario.tls.verify,
      ...(this.#stopped === undefined ? {} : { stopped: this.#stopped }),
    });
  }

  #hear(worker: number, second: Second): void {
    this.#progress.add(worker, second);
    if ((this.#toldSeconds[worker] ?? 0) < second.number) this.#toldSeconds[worker] = second.number;
    const complete = Math.min(...this.#toldSeconds);
    if (complete <= this.#lastTold || complete === Number.POSITIVE_INFINITY) return;
    this.#lastTold = complete;
    this.#tell();
    if (this.#progress.tooManyErrors()) this.#stop('errors', 'More than half of the requests of the last 10 seconds failed.');
  }

  #tell(): void {
    this.#hooks.onProgress(this.#progress.tell(this.#elapsedMs(), this.#stopped !== undefined));
  }

  readonly #interrupt = (): void => {
    this.#stop('interrupted', 'The run was interrupted.');
    if (this.#t0 === undefined) this.#interrupted.resolve(undefined);
  };

  /** No new starts from a moment on. What is under way ends by itself. A plan that was carried out to its end was not stopped. */
  #stop(reason: StopReason, message: string): void {
    const { warmupMs, steadyMs } = this.#schedule;
    const atMs = this.#t0 === undefined ? 0 : Math.ceil(Math.max(0, this.#elapsedMs()) + stopAheadMs);
    const isOver = atMs >= warmupMs + steadyMs;
    if (this.#stopped !== undefined || (isOver && reason !== 'engine-failed')) return;
    this.#stopped = { reason, atMs: Math.min(atMs, warmupMs + steadyMs), message };
    Atomics.store(this.#stopAtMs, 0, Math.min(atMs, never));
    for (const member of this.#members) member.post({ type: 'stop' });
  }

  #elapsedMs(): number {
    return this.#t0 === undefined ? 0 : this.#now() - this.#t0;
  }
}

/** As many as can be open when no answer comes at all, and a little more: times out of step must not drop any. */
const openAtMost = ({ peakRate }: Schedule, timeoutMs: number): number => Math.ceil(((peakRate * timeoutMs) / 1000) * 1.1) + 16;

interface Share {
  readonly index: number;
  readonly workers: number;
  readonly open: number;
}

function taskOf(plan: LoadPlan, stopAtMs: Int32Array, { index, workers, open }: Share): WorkerTask {
  const { scenario, limits, variables, rows, ca, runId, target } = plan;
  const part = (whole: number) => Math.floor(whole / workers) + (index < whole % workers ? 1 : 0);
  return {
    target: target.href,
    scenario,
    limits,
    variables,
    rows,
    runId,
    index,
    workers,
    stopAtMs,
    ...(ca === undefined ? {} : { ca }),
    userAgent: `seaworthy/${version}`,
    connections: part(scenario.connections),
    maxInFlight: Math.ceil(open / workers),
  };
}

const notStarted = (member: Member | undefined) =>
  new SeaworthyError('SW_LOAD_ENGINE', `The load-test engine did not start (${member?.problem() ?? 'no worker'}).`, {
    hint: 'Nothing was measured. This is a bug, or this Node.js cannot run worker threads: please report it.',
  });
