import { describe, expect, it } from 'vitest';
import type { LoadLimits } from '../../src/evidence/declared.ts';
import { loadFigures } from '../../src/facts/load-figures.ts';
import { invalidityOf } from '../../src/facts/load-validity.ts';
import type { Marker } from '../../src/load/k6/marker.ts';
import { collectRecords } from '../../src/load/k6/collect.ts';

const limits: LoadLimits = { p95Ms: 200, p99Ms: 500, errorRate: 0.001, minRps: 90 };
const digest = `sha256:${'a'.repeat(64)}`;

/** 36,000 requests of five minutes in 30 blocks, of which so many in each block took 200 ms or longer. */
function marker(change: Partial<Marker> & { readonly slowInBlock?: number } = {}): Marker {
  const { slowInBlock = 0, ...rest } = change;
  return {
    v: 1,
    script: digest,
    scenario: digest,
    test: { rate: 120, warmupS: 30, steadyS: 300, requests: [], variables: [] },
    planned: 36_000,
    blockS: 10,
    limitsMs: [200, 500],
    target: 'http://10.0.0.1',
    run: 'a',
    instance: null,
    segment: null,
    startedAt: 1_772_733_600_000,
    steadyAt: 1_772_733_630_000,
    lastStartMs: 299_990,
    started: 36_000,
    dropped: 0,
    blocks: Array.from({ length: 30 }, () => [1_200, 0, slowInBlock, 0]),
    took: {
      buckets: [[200, 36_000 - 30 * slowInBlock], ...(slowInBlock === 0 ? [] : [[240, 30 * slowInBlock] as [number, number]])],
      minMs: 190,
      maxMs: slowInBlock === 0 ? 199.999999 : 200,
      sumUs: 7_000_000_000,
    },
    lag: { buckets: [[2, 36_000]], minMs: 0, maxMs: 1, sumUs: 0 },
    statuses: { 200: 36_000 },
    errors: {},
    thresholds: [],
    ...rest,
  };
}
function judge(item: Marker) {
  const record = collectRecords([{ name: 'k6.log', text: `SEAWORTHY ${JSON.stringify(item)}` }]);
  const figures = loadFigures(record, limits, { minBlocks: 12, minBlockSeconds: 5 });
  return {
    p95: figures.shares.find(({ id }) => id === 'p95'),
    states: figures.shares.map(({ state }) => state),
    invalid: invalidityOf(record, figures, limits, { minSeconds: 60, minRequests: 3_000 }),
  };
}

describe('what an emitted script measured, as the gate judges it', () => {
  it('passes just below a limit, though the bucket ends at the limit', () => {
    const { states, p95, invalid } = judge(marker());
    expect(invalid).toBeUndefined();
    expect(states).toEqual(['within', 'within', 'within']);
    expect(p95).toMatchObject({ basis: 'counted', over: { atLeast: 0, atMost: 0 } });
    expect(p95?.value).toBeLessThan(200);
  });

  it('fails where 5 % took the limit itself', () => {
    const { states, invalid } = judge(marker({ slowInBlock: 60 + 1 }));
    expect(invalid).toBeUndefined();
    expect(states[0]).toBe('exceeded');
  });

  const late = {
    buckets: [
      [2, 35_000],
      [15, 1_000],
    ] as [number, number][],
    minMs: 0,
    maxMs: 14,
    sumUs: 0,
  };
  it.each<[string, Partial<Marker>, string]>([
    [
      'late starts',
      { lag: late },
      'its generator was saturated, and what it measured may be its own doing: 1 % of requests started 14 ms late or more, and 10 ms are allowed',
    ],
    [
      'missing starts',
      { planned: 40_000 },
      'its generator was saturated, and what it measured may be its own doing: 90 % of the planned requests were started',
    ],
    [
      'dropped starts',
      { planned: 36_010, dropped: 10 },
      '10 planned iterations were never sent, and those would have waited longest',
    ],
    ['one runner of two', { segment: '0:1/2', planned: 72_000 }, 'it is one part of a load: collect the parts of all runners'],
    [
      'an early end',
      { planned: 50_000, lastStartMs: 200_000 },
      'it was aborted after 200 s (k6 started its last request after 200 s of 300 s.)',
    ],
  ])('says nothing after %s', (_, change, expected) => {
    expect(judge(marker(change)).invalid).toBe(expected);
  });
});
