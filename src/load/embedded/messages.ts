import type { Distribution } from '../../evidence/load-tests/distribution.ts';
import type { ErrorCode } from '../../model/errors.ts';
import type { LoadPlan } from '../plan.ts';

/** What a worker is given when it is made. */
export interface WorkerTask extends Omit<LoadPlan, 'target'> {
  /** As text: a URL cannot be sent to a thread. */
  readonly target: string;
  readonly userAgent: string;
  /** This worker's number out of `workers`. */
  readonly index: number;
  /** Of this worker alone. */
  readonly connections: number;
  readonly maxInFlight: number;
  /** One number, shared: no start at or after this many ms of the run may happen any more. */
  readonly stopAtMs: Int32Array;
}

export type Captured = Readonly<Record<string, string>>;

export type ToWorker =
  | { readonly type: 'set-up' }
  /** `t0`: the beginning of the run on the shared clock. */
  | { readonly type: 'run'; readonly t0: number; readonly captured: Captured }
  /** `stopAtMs` was changed: look again. */
  | { readonly type: 'stop' };

export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'refused'; readonly code: ErrorCode; readonly message: string; readonly hint: string }
  | { readonly type: 'set-up'; readonly captured: Captured }
  | { readonly type: 'second'; readonly second: Second }
  | { readonly type: 'done'; readonly result: WorkerResult };

/** What happened since the last of these. `number` counts them from 0. */
export interface Second {
  readonly number: number;
  readonly sent: number;
  readonly ok: number;
  readonly failed: number;
  readonly dropped: number;
  /** Now. */
  readonly inFlight: number;
  readonly warmup: Distribution;
  readonly steady: Distribution;
  readonly steadyFailed: number;
  /** By the limits' order. */
  readonly over: readonly number[];
  readonly lag: Distribution;
}

export interface WindowCounts {
  readonly sent: number;
  readonly ok: number;
  readonly failed: number;
  readonly timeouts: number;
  readonly dropped: number;
  readonly retried: number;
  readonly byStatus: Readonly<Record<string, number>>;
  readonly byError: Readonly<Record<string, number>>;
}

export interface BlockResult {
  readonly n: number;
  readonly failed: number;
  /** By the limits' order. */
  readonly over: readonly number[];
  readonly response: Distribution;
}

export interface WorkerResult {
  readonly warmup: WindowCounts;
  readonly steady: WindowCounts;
  readonly blocks: readonly BlockResult[];
  readonly service: Distribution;
  readonly sendLag: Distribution;
  /** When the last start of the steady window was sent, in ms of the run; 0 where none was. */
  readonly lastSentMs: number;
  readonly loopDelayP99Ms: number;
  readonly cpu: number;
  readonly runtime: string;
}
