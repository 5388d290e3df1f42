import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDistributions, countFrom, type Distribution, emptyDistribution, quantile, totalOf } from './distribution.ts';

/** Values that are their own buckets: what a histogram of unlimited width would hold. */
const exact = (values: readonly number[]): Distribution => {
  if (values.length === 0) return emptyDistribution;
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return {
    buckets: [...counts].sort(([a], [b]) => a - b),
    minUs: Math.min(...values),
    maxUs: Math.max(...values),
    sumUs: values.reduce((sum, value) => sum + value, 0),
  };
};
const values = fc.array(fc.integer({ min: 1, max: 5_000 }), { maxLength: 200 });

describe('distribution', () => {
  it('takes the nearest rank', () => {
    const hundred = exact(Array.from({ length: 100 }, (_, index) => index + 1));
    expect([0.5, 0.95, 0.99, 1, 0].map((share) => quantile(hundred, share))).toEqual([50, 95, 99, 100, 1]);
    expect(quantile(emptyDistribution, 0.5)).toBeUndefined();
  });

  it('gives a quantile that no more than the rest of the values exceed', () => {
    fc.assert(
      fc.property(
        values.filter(({ length }) => length > 0),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (list, share) => {
          const sorted = [...list].sort((a, b) => a - b);
          const at = quantile(exact(list), share) ?? 0;
          expect(sorted.filter((value) => value <= at).length).toBeGreaterThanOrEqual(share * list.length - 1e-6);
          expect(sorted).toContain(at);
        },
      ),
    );
  });

  it('never says more than the largest value, whatever the width of its bucket', () => {
    expect(quantile({ buckets: [[200_063, 3]], minUs: 199_940, maxUs: 200_001, sumUs: 600_000 }, 0.99)).toBe(200_001);
  });

  it('counts a value at the limit, and all of a bucket that the limit cuts', () => {
    expect(countFrom(exact([199_999, 200_000, 200_001]), 200_000)).toBe(2);
    expect(countFrom({ buckets: [[200_063, 5]], minUs: 199_940, maxUs: 200_060, sumUs: 1_000_000 }, 200_000)).toBe(5);
  });

  it('adds parts to the whole, bucket by bucket, in any order', () => {
    fc.assert(
      fc.property(fc.array(values, { maxLength: 6 }), (parts) => {
        const whole = exact(parts.flat());
        expect(addDistributions(parts.map(exact))).toEqual(whole);
        expect(addDistributions(parts.map(exact).reverse())).toEqual(whole);
        expect(totalOf(whole)).toBe(parts.flat().length);
      }),
    );
  });
});
