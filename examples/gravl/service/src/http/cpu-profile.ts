import { Session } from 'node:inspector/promises';

const LONGEST_SECONDS = 30;
let isRunning = false;

export type Profiling = { readonly profile: string } | { readonly refused: 'busy' | 'seconds' };

/** A CPU profile of this process, as Chrome's developer tools open it. One at a time: profiling costs CPU itself. */
export async function cpuProfile(seconds: number): Promise<Profiling> {
  if (!(seconds >= 1 && seconds <= LONGEST_SECONDS)) return { refused: 'seconds' };
  if (isRunning) return { refused: 'busy' };
  isRunning = true;
  const session = new Session();
  try {
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.start');
    await new Promise((resolve) => setTimeout(resolve, seconds * 1_000).unref());
    const { profile } = await session.post('Profiler.stop');
    return { profile: JSON.stringify(profile) };
  } finally {
    session.disconnect();
    isRunning = false;
  }
}
