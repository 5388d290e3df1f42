/**
 * Upper bounds in ms of the buckets in which a k6 script counts latencies: eight to a decade from 0.56 ms to 120 s, and the limits
 * themselves, so that what took a limit or longer is exact. A value lies in the first bucket whose bound is above it.
 */
export function bucketBoundsMs(limitsMs: readonly number[]): readonly number[] {
  return [...new Set([...steps, ...limitsMs, endMs])].sort((a, b) => a - b);
}

const decade = [1, 1.3, 1.8, 2.4, 3.2, 4.2, 5.6, 7.5];
const steps = [-1, 0, 1, 2, 3, 4, 5]
  .flatMap((power) => decade.map((step) => Number((step * 10 ** power).toPrecision(2))))
  .filter((bound) => bound >= 0.56 && bound <= 120_000);

/** Above every time limit of a request. */
const endMs = 86_400_000;

/** The highest value in µs that a bucket holds: k6 measures whole nanoseconds. */
export const highestUs = (boundMs: number): number => Math.round(boundMs * 1_000_000 - 1) / 1000;

/** Upper bounds in ms of the buckets for how late requests started. k6 scripts have a clock of whole milliseconds. */
export const lagBoundsMs: readonly number[] = [2, 3, 5, 7, 10, 15, 20, 30, 50, 75, 100, 150, 200, 500, 1_000, 5_000, endMs];
