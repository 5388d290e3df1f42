import {
  addDistributions,
  emptyDistribution,
  quantile,
  totalOf,
  type Distribution,
} from '../../evidence/load-tests/distribution.ts';
import type { LoadProgress } from '../engine.ts';
import type { Second } from './messages.ts';

/** An early stop needs this many seconds, and this many requests that ended in them. */
const errorSeconds = 10;
const errorRequests = 10;

/** What is known of a run while it goes on: the seconds of all workers, added. */
export class Progress {
  readonly #limitsMs: readonly number[];
  readonly #warmupMs: number;
  readonly #totalMs: number;
  readonly #steadyEndMs: number;
  readonly #inFlight: number[];
  readonly #recent: { ended: number; failed: number }[] = [];
  #sum = { sent: 0, ok: 0, failed: 0, dropped: 0, steadyFailed: 0 };
  #over: number[];
  #steady: Distribution = emptyDistribution;
  #pending: Second[] = [];
  #lastToldMs = 0;

  constructor(plan: { limitsMs: readonly number[]; warmupMs: number; steadyMs: number; workers: number }) {
    this.#limitsMs = plan.limitsMs;
    this.#warmupMs = plan.warmupMs;
    this.#steadyEndMs = plan.warmupMs + plan.steadyMs;
    this.#totalMs = this.#steadyEndMs;
    this.#inFlight = Array.from({ length: plan.workers }, () => 0);
    this.#over = plan.limitsMs.map(() => 0);
  }

  add(worker: number, second: Second): void {
    const { sent, ok, failed, dropped, steadyFailed } = this.#sum;
    this.#sum = {
      sent: sent + second.sent,
      ok: ok + second.ok,
      failed: failed + second.failed,
      dropped: dropped + second.dropped,
      steadyFailed: steadyFailed + second.steadyFailed,
    };
    this.#over = this.#over.map((count, index) => count + (second.over[index] ?? 0));
    this.#inFlight[worker] = second.inFlight;
    this.#steady = addDistributions([this.#steady, second.steady]);
    this.#pending.push(second);
    const recent = (this.#recent[second.number] ??= { ended: 0, failed: 0 });
    recent.ended += second.ok + second.failed;
    recent.failed += second.failed;
  }

  /** Whether more than half of the requests of the last ten seconds failed. */
  tooManyErrors(): boolean {
    if (this.#recent.length < errorSeconds) return false;
    let ended = 0;
    let failed = 0;
    for (const second of this.#recent.slice(-errorSeconds)) {
      ended += second?.ended ?? 0;
      failed += second?.failed ?? 0;
    }
    return ended >= errorRequests && failed * 2 > ended;
  }

  /** Whether everything that was added was told. */
  get isTold(): boolean {
    return this.#pending.length === 0;
  }

  /** The state at a moment of the run; its last second is what was added since it was last asked. */
  tell(nowMs: number, isDraining: boolean): LoadProgress {
    const second = addDistributions(this.#pending.flatMap(({ warmup, steady }) => [warmup, steady]));
    const lagP99Ms = ms(quantile(addDistributions(this.#pending.map(({ lag }) => lag)), 0.99));
    const lengthS = Math.max(0.001, (nowMs - this.#lastToldMs) / 1000);
    this.#pending = [];
    this.#lastToldMs = nowMs;
    const { sent, ok, failed, dropped, steadyFailed } = this.#sum;
    return {
      phase: phaseAt(nowMs, this.#warmupMs, this.#steadyEndMs, isDraining),
      elapsedS: nowMs / 1000,
      totalS: this.#totalMs / 1000,
      sent,
      ok,
      failed,
      dropped,
      inFlight: this.#inFlight.reduce((sum, count) => sum + count, 0),
      lastSecond: { rate: totalOf(second) / lengthS, ...percentiles(second, { p50Ms: 0.5, p95Ms: 0.95, maxMs: 1 }) },
      steady: {
        n: totalOf(this.#steady),
        failed: steadyFailed,
        seconds: Math.max(0, Math.min(nowMs, this.#steadyEndMs) - this.#warmupMs) / 1000,
        over: Object.fromEntries(this.#limitsMs.map((limit, index) => [String(limit), this.#over[index] ?? 0])),
        ...percentiles(this.#steady, { p50Ms: 0.5, p95Ms: 0.95, p99Ms: 0.99 }),
      },
      ...(lagP99Ms === undefined ? {} : { lagP99Ms }),
    };
  }
}

function phaseAt(nowMs: number, warmupMs: number, endMs: number, isDraining: boolean): LoadProgress['phase'] {
  if (isDraining || nowMs >= endMs) return 'drain';
  return nowMs < warmupMs ? 'warm-up' : 'steady';
}

const ms = (us: number | undefined): number | undefined => (us === undefined ? undefined : us / 1000);

function percentiles<Name extends string>(
  of: Distribution,
  shares: Readonly<Record<Name, number>>,
): Partial<Record<Name, number>> {
  const known: Partial<Record<Name, number>> = {};
  for (const [name, share] of Object.entries(shares) as [Name, number][]) {
    const value = ms(quantile(of, share));
    if (value !== undefined) known[name] = value;
  }
  return known;
}
