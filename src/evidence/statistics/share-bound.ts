import { clopperPearsonUpper, studentQuantile } from './quantiles.ts';

/** What was counted in one stretch of time: x of n. */
export interface CountedBlock {
  readonly x: number;
  readonly n: number;
}

export interface ShareBound {
  /** Sum of x over sum of n. */
  readonly share: number;
  /** One-sided upper bound of the true share. */
  readonly upper: number;
}

/** Below this many hits their count alone is uncertain, and a count of zero has no variance at all. */
const few = 30;

/**
 * Upper bound of a share from blocks of time (ratio estimator; Cochran, Sampling Techniques, 1977, chapter 6): requests near each other
 * rise and fall together, blocks hardly do, so the blocks' own spread is the uncertainty. Taken on the logarithm of the share, since
 * bursts make counts skewed: a run that saw few of them has too small a variance as well. Where hits are few, not below the bound of
 * independent requests. Needs two blocks and a request; 1 where there is less.
 */
export function shareBound(blocks: readonly CountedBlock[], confidence = 0.95): ShareBound {
  return extendedBound(blocks, confidence, 1);
}

/**
 * How many times as long a run like this would have to be for its bound to fall below a limit, if the share stays what it is. Undefined
 * where a hundred times would not do.
 */
export function timesLonger(blocks: readonly CountedBlock[], limit: number, confidence = 0.95): number | undefined {
  for (let times = 1; times <= 100; times *= 1.05) if (extendedBound(blocks, confidence, times).upper < limit) return times;
  return undefined;
}

/** The bound that `times` as many blocks of the same kind would have. */
function extendedBound(blocks: readonly CountedBlock[], confidence: number, times: number): ShareBound {
  const x = blocks.reduce((sum, block) => sum + block.x, 0);
  const n = blocks.reduce((sum, block) => sum + block.n, 0);
  if (blocks.length < 2 || n === 0) return { share: n === 0 ? 0 : x / n, upper: 1 };
  const share = x / n;
  const count = blocks.length;
  const deviations = blocks.reduce((sum, block) => sum + (block.x - share * block.n) ** 2, 0);
  const error = (Math.sqrt((count * deviations) / (count - 1)) / n) * Math.sqrt(1 / times);
  const byBlocks = x === 0 ? 0 : share * Math.exp((studentQuantile(confidence, count * times - 1) * error) / share);
  const byRequests = x < few ? clopperPearsonUpper(x * times, n * times, confidence) : 0;
  return { share, upper: Math.min(1, Math.max(byBlocks, byRequests)) };
}
