import { hrtime } from 'node:process';

const monotonicMs = () => Number(hrtime.bigint()) / 1e6;

/**
 * Milliseconds on the monotonic clock of the machine, with the same zero in every thread: workers that are told one moment mean one moment.
 * `performance.now()` alone counts from each thread's own beginning, and wall-clock time jumps. It is the cheaper of the two to read and runs
 * at the same pace, so the distance between both is taken once. A thread that is put aside between the two reads measures it too small,
 * hence the largest of several.
 */
export function sharedClock(): () => number {
  const distance = Math.max(...Array.from({ length: 20 }, () => monotonicMs() - performance.now()));
  return () => performance.now() + distance;
}
