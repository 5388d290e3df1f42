import { createHdr, type Hdr, recordUs, resetHdr, totalCount } from '../../evidence/load-tests/hdr.ts';
import type { K6Request } from '../../evidence/load-tests/k6-points.ts';
import type { LoadProgress } from '../engine.ts';

/** The figures of a run while it goes on, from the stream of k6. */
export interface LiveFigures {
  readonly add: (request: K6Request, failed: boolean) => void;
  /** `elapsedS` since k6 was started; `dropped` so far. Begins the next second. */
  readonly progress: (elapsedS: number, dropped: number) => LoadProgress;
}

export interface LiveOptions {
  readonly limitsMs: readonly number[];
  readonly warmupS: number;
  /** From the first planned start to the last. */
  readonly plannedS?: number;
}

/** k6 does not tell how many requests are without an answer, so `inFlight` stays 0. */
export function createLiveFigures({ limitsMs, warmupS, plannedS }: LiveOptions): LiveFigures {
  const steady = createHdr();
  const second = createHdr();
  const over = new Map(limitsMs.map((limit) => [limit, 0]));
  const counts = { sent: 0, failed: 0, steadyFailed: 0 };
  let firstMs: number | undefined;
  let lastMs = 0;
  let lastElapsedS = 0;
  let firstElapsedS: number | undefined;
  return {
    add({ endMs, durationMs }, failed) {
      const startMs = endMs - durationMs;
      firstMs = Math.min(firstMs ?? startMs, startMs);
      lastMs = Math.max(lastMs, endMs);
      counts.sent += 1;
      if (failed) counts.failed += 1;
      recordUs(second, durationMs * 1000);
      if (startMs < firstMs + warmupS * 1000) return;
      recordUs(steady, durationMs * 1000);
      if (failed) counts.steadyFailed += 1;
      for (const limit of limitsMs) if (durationMs >= limit) over.set(limit, (over.get(limit) ?? 0) + 1);
    },
    progress(elapsedS, dropped) {
      if (firstMs !== undefined) firstElapsedS ??= elapsedS;
      const runS = firstElapsedS === undefined ? undefined : elapsedS - firstElapsedS;
      const rate = totalCount(second) / Math.max(0.001, elapsedS - lastElapsedS);
      lastElapsedS = elapsedS;
      const lastSecond = { rate, ...percentiles(second, { p50Ms: 50, p95Ms: 95, maxMs: 100 }) };
      resetHdr(second);
      return {
        phase: phaseOf(runS, warmupS, plannedS),
        elapsedS,
        ...(plannedS === undefined ? {} : { totalS: plannedS }),
        sent: counts.sent,
        ok: counts.sent - counts.failed,
        failed: counts.failed,
        dropped,
        inFlight: 0,
        lastSecond,
        steady: {
          n: totalCount(steady),
          failed: counts.steadyFailed,
          seconds: firstMs === undefined ? 0 : Math.max(0, (lastMs - firstMs) / 1000 - warmupS),
          over: Object.fromEntries([...over].map(([limit, count]) => [String(limit), count])),
          ...percentiles(steady, { p50Ms: 50, p95Ms: 95, p99Ms: 99 }),
        },
      };
    },
  };
}

function phaseOf(runS: number | undefined, warmupS: number, plannedS: number | undefined): LoadProgress['phase'] {
  if (runS === undefined) return 'setup';
  if (runS < warmupS) return 'warm-up';
  return plannedS !== undefined && runS > plannedS ? 'drain' : 'steady';
}

/** Nothing where nothing was counted. */
function percentiles<K extends string>(hdr: Hdr, wanted: Readonly<Record<K, number>>): Partial<Record<K, number>> {
  if (totalCount(hdr) === 0) return {};
  const result: Partial<Record<K, number>> = {};
  for (const [name, percent] of Object.entries(wanted) as [K, number][])
    result[name] = Math.min(hdr.counts.getValueAtPercentile(percent), hdr.maxUs) / 1000;
  return result;
}
