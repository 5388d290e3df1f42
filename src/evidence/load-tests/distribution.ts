/**
 * A histogram as data: what was counted, without the buckets that stayed empty. Every engine's latencies come in this form, so that the
 * parts of a run add up exactly, whoever measured them.
 */
export interface Distribution {
  /** Pairs of (highest value of the bucket in µs, count), ascending; no empty bucket. */
  readonly buckets: readonly (readonly [number, number])[];
  /** Exact extremes and sum in µs, which buckets round. All 0 where nothing was counted. */
  readonly minUs: number;
  readonly maxUs: number;
  readonly sumUs: number;
}

export const emptyDistribution: Distribution = { buckets: [], minUs: 0, maxUs: 0, sumUs: 0 };

export function totalOf({ buckets }: Distribution): number {
  let total = 0;
  for (const [, count] of buckets) total += count;
  return total;
}

/**
 * The value in µs below or at which a share of the values lies: nearest rank, the upper edge of its bucket, never above the largest value
 * seen. Undefined where nothing was counted.
 */
export function quantile(distribution: Distribution, share: number): number | undefined {
  const total = totalOf(distribution);
  if (total === 0) return undefined;
  const rank = Math.min(total, Math.max(1, Math.ceil(share * total - rounding)));
  let seen = 0;
  for (const [edge, count] of distribution.buckets) {
    seen += count;
    if (seen >= rank) return Math.min(edge, distribution.maxUs);
  }
  return distribution.maxUs;
}

/** 0.95 * 100 is 95.00000000000001 in floating point, and its rank is 95. */
const rounding = 1e-9;

/**
 * How many values are not below a limit. A bucket that the limit cuts counts as a whole: its values may be above, and nothing passes by
 * the width of a bucket.
 */
export function countFrom({ buckets }: Distribution, limitUs: number): number {
  let count = 0;
  for (const [edge, number] of buckets) if (edge >= limitUs) count += number;
  return count;
}

/** The sum of parts that were counted with the same bucket edges: exact, bucket by bucket. */
export function addDistributions(parts: readonly Distribution[]): Distribution {
  const counts = new Map<number, number>();
  let minUs = Number.POSITIVE_INFINITY;
  let maxUs = 0;
  let sumUs = 0;
  for (const part of parts) {
    if (part.buckets.length === 0) continue;
    for (const [edge, count] of part.buckets) counts.set(edge, (counts.get(edge) ?? 0) + count);
    minUs = Math.min(minUs, part.minUs);
    maxUs = Math.max(maxUs, part.maxUs);
    sumUs += part.sumUs;
  }
  if (counts.size === 0) return emptyDistribution;
  return { buckets: [...counts].sort(([a], [b]) => a - b), minUs, maxUs, sumUs };
}
