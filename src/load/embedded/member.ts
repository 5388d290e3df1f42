import { Worker } from 'node:worker_threads';
import { SeaworthyError } from '../../model/errors.ts';
import type { Captured, FromWorker, Second, ToWorker, WorkerResult, WorkerTask } from './messages.ts';

/** A worker thread as the main thread sees it. No promise of it waits for ever: each settles when the thread is gone. */
export interface Member {
  /** False: the thread ended before. */
  readonly ready: Promise<boolean>;
  /** Undefined: the thread ended before. Rejects with what the worker refused. */
  readonly captured: Promise<Captured | undefined>;
  readonly result: Promise<WorkerResult | undefined>;
  /** What ended the thread, by name alone: its message could hold a value of the scenario. */
  problem(): string;
  post(message: ToWorker): void;
  end(): Promise<void>;
}

/** From source the worker is a TypeScript file that Node reads as it is; bundled, it is an entry of its own beside this one. */
const workerUrl = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './load-worker.js', import.meta.url);

export function startMember(task: WorkerTask, onSecond: (second: Second) => void): Member {
  const ready = Promise.withResolvers<boolean>();
  const captured = Promise.withResolvers<Captured | undefined>();
  const result = Promise.withResolvers<WorkerResult | undefined>();
  let problem = 'it ended by itself';
  const gone = () => {
    ready.resolve(false);
    captured.resolve(undefined);
    result.resolve(undefined);
  };
  // Nothing of the parent's flags and environment: a worker needs none, and holds no secret that the plan does not give it.
  const worker = new Worker(workerUrl, { workerData: task, execArgv: [], env: {}, name: `seaworthy load ${task.index}` });
  worker.on('message', (message: FromWorker) => {
    if (message.type === 'second') onSecond(message.second);
    else if (message.type === 'ready') ready.resolve(true);
    else if (message.type === 'set-up') captured.resolve(message.captured);
    else if (message.type === 'done') result.resolve(message.result);
    else {
      const refusal = new SeaworthyError(message.code, message.message, { hint: message.hint });
      captured.reject(refusal);
      result.reject(refusal);
    }
  });
  worker.on('error', (error: unknown) => {
    problem = nameOf(error);
    gone();
  });
  worker.on('exit', gone);
  // A refusal is told to whoever waits for it; the other promise is not waited for then.
  for (const promise of [captured.promise, result.promise]) promise.catch(() => {});
  return {
    ready: ready.promise,
    captured: captured.promise,
    result: result.promise,
    problem: () => problem,
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
    post: (message) => worker.postMessage(message),
    end: async () => void (await worker.terminate()),
  };
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'Error';
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : error.name;
}
