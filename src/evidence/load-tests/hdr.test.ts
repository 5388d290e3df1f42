import { build } from 'hdr-histogram-js';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDistributions, quantile, totalOf } from './distribution.ts';
import { bucketEdgeUs, createHdr, hdrRange, recordUs, resetHdr, toDistribution, totalCount } from './hdr.ts';

const filled = (values: readonly number[]) => {
  const hdr = createHdr();
  for (const value of values) recordUs(hdr, value);
  return hdr;
};

describe('latencies in HDR buckets', () => {
  const latency = fc.integer({ min: 1, max: hdrRange.highestUs });

  it('has the buckets and quantiles of the library', () => {
    fc.assert(
      fc.property(fc.array(latency, { minLength: 1, maxLength: 300 }), (values) => {
        const library = build({
          lowestDiscernibleValue: 1,
          highestTrackableValue: 120_000_000,
          numberOfSignificantValueDigits: 3,
        });
        for (const value of values) library.recordValue(value);
        const distribution = toDistribution(filled(values));
        expect(totalOf(distribution)).toBe(values.length);
        for (const share of [0.5, 0.95, 0.99, 1])
          expect(quantile(distribution, share)).toBe(Math.min(library.getValueAtPercentile(share * 100), Math.max(...values)));
      }),
      { numRuns: 40 },
    );
  });

  it('adds up: the parts of a run are the whole', () => {
    fc.assert(
      fc.property(fc.array(fc.array(latency)), (parts) => {
        const whole = toDistribution(filled(parts.flat()));
        expect(addDistributions(parts.map((part) => toDistribution(filled(part))))).toEqual(whole);
      }),
      { numRuns: 40 },
    );
  });

  it('a sparse count by edge is the same distribution', () => {
    fc.assert(
      fc.property(fc.array(latency), (values) => {
        const counts = new Map<number, number>();
        for (const value of values) counts.set(bucketEdgeUs(value), (counts.get(bucketEdgeUs(value)) ?? 0) + 1);
        expect([...counts].sort(([a], [b]) => a - b)).toEqual(toDistribution(filled(values)).buckets);
      }),
      { numRuns: 40 },
    );
  });

  it('a bucket is at most 0.1 % wide', () => {
    fc.assert(fc.property(latency, (value) => bucketEdgeUs(value) >= value && bucketEdgeUs(value) - value <= value / 1000));
  });

  it('counts what is out of range in the outermost bucket and keeps extremes and sum exact', () => {
    const distribution = toDistribution(filled([0, 200_000_000, 1.4]));
    expect(distribution).toEqual({
      buckets: [
        [1, 2],
        [bucketEdgeUs(120_000_000), 1],
      ],
      minUs: 0,
      maxUs: 200_000_000,
      sumUs: 200_000_001,
    });
  });

  it.each([Number.NaN, -1, Number.POSITIVE_INFINITY])('refuses %s, which is in no bucket', (value) => {
    expect(() => recordUs(createHdr(), value)).toThrow(RangeError);
    expect(() => bucketEdgeUs(value)).toThrow(RangeError);
  });

  it('is empty before the first value and after a reset', () => {
    const hdr = filled([5]);
    resetHdr(hdr);
    expect(totalCount(hdr)).toBe(0);
    expect(toDistribution(hdr)).toEqual({ buckets: [], minUs: 0, maxUs: 0, sumUs: 0 });
    recordUs(hdr, 7);
    expect(toDistribution(hdr)).toEqual({ buckets: [[7, 1]], minUs: 7, maxUs: 7, sumUs: 7 });
  });
});
