import { describe, expect, it } from 'vitest';
import { emptyDistribution } from '../../evidence/load-tests/distribution.ts';
import { aRecord, type RunShape } from '../../evidence/load-tests/testing.ts';
import { columns } from '../../report/clean-text.ts';
import { textPage } from '../../report/text-page.ts';
import { blockStrip, percentileChart } from './chart.ts';

const limits = [
  { label: 'p95 < 200 ms', share: 0.95, ms: 200 },
  { label: 'p99 < 500 ms', share: 0.99, ms: 500 },
];
const page = (width: number, unicode = true) => textPage({ color: false, details: 'summary', width, unicode });
const drawn = (shape: RunShape, width: number, unicode = true) => {
  const { response, blocks } = aRecord(shape);
  return [
    ...percentileChart(response ?? emptyDistribution, limits, page(width, unicode)),
    ...blockStrip(blocks, 200, page(width, unicode)),
  ];
};

describe('the picture of a run', () => {
  it.each([
    ['an unremarkable run', {}, 100, true],
    ['a stall', { p50Ms: 0.5, p95Ms: 515, p99Ms: 905, maxMs: 1000, burst: 0.9 }, 80, true],
    ['far below the limits', { p50Ms: 3, p95Ms: 9, p99Ms: 15, maxMs: 22 }, 80, true],
    ['in ASCII', { burst: 1 }, 60, false],
    ['few requests', { rate: 1, seconds: 60, failed: 0 }, 80, true],
  ] as const)('%s', (_, shape, width, unicode) => {
    expect(`\n${drawn(shape, width, unicode).join('\n')}\n`).toMatchSnapshot();
  });

  it.each([60, 72, 80, 100, 120, 160])('fits %i columns', (width) => {
    for (const shape of [{}, { seconds: 3000 }, { p50Ms: 0.02, p95Ms: 90_000, p99Ms: 110_000, maxMs: 120_000 }])
      for (const unicode of [true, false])
        for (const line of drawn(shape, width, unicode)) expect(columns(line)).toBeLessThanOrEqual(width);
  });

  it('in ASCII is ASCII', () => {
    expect(drawn({ burst: 1 }, 80, false).join('')).toMatch(/^[\x20-\x7e]*$/);
  });

  it('the curve never falls and ends where a percentile would rest on less than one request', () => {
    const lines = percentileChart(
      aRecord({ rate: 10, seconds: 60, failed: 0 }).response ?? emptyDistribution,
      [],
      page(100, false),
    );
    const plot = lines.slice(0, 11).map((line) => line.slice(10));
    const heights = Array.from({ length: 89 }, (_, column) => plot.findIndex((line) => (line[column] ?? ' ') !== ' ')).filter(
      (row) => row >= 0,
    );
    expect(heights).toEqual([...heights].sort((a, b) => b - a));
    // 600 requests: 1 - 1/600 lies at 70 % of the way from 50 % to 99.99 %.
    expect(heights.length / 89).toBeGreaterThan(0.62);
    expect(heights.length / 89).toBeLessThan(0.72);
  });

  it('a run without latencies has no picture', () => {
    expect(percentileChart(emptyDistribution, limits, page(100))).toEqual([]);
    expect(blockStrip([], 200, page(100))).toEqual([]);
  });
});
