import type { UnsealedRecord } from '../evidence/load-tests/record.ts';

/** What an engine knows after a run. The head (target, environment, images, start, scenario digest) is its caller's. */
export type Measurement = Pick<
  UnsealedRecord,
  | 'engine'
  | 'stopped'
  | 'counts'
  | 'seconds'
  | 'limitsMs'
  | 'response'
  | 'quantiles'
  | 'blocks'
  | 'service'
  | 'sendLag'
  | 'generator'
  | 'k6'
  | 'notes'
> & {
  readonly model: UnsealedRecord['test']['model'];
  /** Origins that requests really went to, where a script decides that. */
  readonly sentTo?: readonly string[];
};

/** Once a second while a run goes on. Latencies in ms; those of the last second are absent where nothing ended in it. */
export interface LoadProgress {
  readonly phase: 'setup' | 'warm-up' | 'steady' | 'drain';
  readonly elapsedS: number;
  /** Planned length of the whole run; absent where the engine does not know it. */
  readonly totalS?: number;
  readonly sent: number;
  readonly ok: number;
  readonly failed: number;
  readonly dropped: number;
  readonly inFlight: number;
  readonly lastSecond: { readonly rate: number; readonly p50Ms?: number; readonly p95Ms?: number; readonly maxMs?: number };
  /** Of the steady window so far. `over`: by limit in ms, how many took that long or longer. */
  readonly steady: {
    readonly n: number;
    readonly failed: number;
    readonly seconds: number;
    readonly over: Readonly<Record<string, number>>;
    readonly p50Ms?: number;
    readonly p95Ms?: number;
    readonly p99Ms?: number;
  };
  readonly lagP99Ms?: number;
}

export interface RunHooks {
  /** Aborted once: stop gracefully, keep what was measured, marked as stopped. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: LoadProgress) => void;
}
