import type { Host } from '../host.ts';
import type { LiveProgress } from './progress.ts';

/**
 * Runs something that Ctrl-C asks to stop and lets finish. The second Ctrl-C finds no handler any more and ends the program as it ends any
 * other.
 */
export async function interruptible<T>(host: Host, progress: LiveProgress, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const release = host.onInterrupt(() => {
    release();
    controller.abort();
    void progress
      .done()
      .then(() => host.write('stderr', 'Stopping; what was measured is kept. Press Ctrl-C again to quit at once.\n'));
  });
  try {
    return await run(controller.signal);
  } finally {
    release();
    await progress.done();
  }
}
