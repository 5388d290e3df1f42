import { array, assert, double, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDistributions, quantile, totalOf } from '../../evidence/load-tests/distribution.ts';
import { Latencies } from './latencies.ts';

const measured = (values: readonly number[]) => {
  const latencies = new Latencies();
  for (const value of values) latencies.record(value);
  return latencies;
};
const values = array(double({ min: 0.2, max: 2e8, noNaN: true }), { maxLength: 200 });

describe('Latencies', () => {
  it('rounds to whole µs and keeps extremes and sum exactly', () => {
    expect(measured([1.4, 2.6, 1_000_000]).read()).toEqual({
      buckets: [
        [1, 1],
        [3, 1],
        [1_000_447, 1],
      ],
      minUs: 1,
      maxUs: 1_000_000,
      sumUs: 1_000_004,
    });
  });

  it('what is longer than 120 s, or no number, counts as the longest and never as fast', () => {
    const { buckets, maxUs } = measured([Number.NaN, 150_000_000, Number.POSITIVE_INFINITY]).read();
    expect(buckets).toHaveLength(1);
    expect(buckets[0]?.[0]).toBeGreaterThanOrEqual(120_000_000);
    expect(buckets[0]?.[1]).toBe(3);
    expect(maxUs).toBeGreaterThanOrEqual(150_000_000);
  });

  it('nothing is faster than 1 µs', () => {
    expect(measured([0, -5]).read()).toMatchObject({ buckets: [[1, 2]], minUs: 1 });
  });

  it('is exact to a thousandth', () => {
    assert(
      property(double({ min: 1, max: 1.2e8, noNaN: true }), (value) => {
        const edge = measured([value]).read().buckets[0]?.[0] ?? 0;
        expect(edge).toBeGreaterThanOrEqual(Math.round(value));
        expect(edge - Math.round(value)).toBeLessThanOrEqual(value / 1_000);
      }),
    );
  });

  it('two parts are the whole, bucket by bucket', () => {
    assert(
      property(values, values, (first, second) => {
        const whole = measured([...first, ...second]).read();
        const sum = addDistributions([measured(first).read(), measured(second).read()]);
        expect(sum).toEqual(whole);
        expect(totalOf(sum)).toBe(first.length + second.length);
      }),
    );
  });

  it('begins anew once it was taken', () => {
    const latencies = measured([5, 10]);
    expect(totalOf(latencies.take())).toBe(2);
    expect(latencies.read()).toEqual({ buckets: [], minUs: 0, maxUs: 0, sumUs: 0 });
    latencies.record(7);
    expect(latencies.take()).toEqual({ buckets: [[7, 1]], minUs: 7, maxUs: 7, sumUs: 7 });
    expect(quantile(latencies.read(), 0.5)).toBeUndefined();
  });
});
