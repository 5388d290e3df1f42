import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aRecord, type RecordParts, type RunShape } from '../evidence/load-tests/testing.ts';
import { countRange, loadFigures, strictestLimits } from './load-figures.ts';

const limits = { p95Ms: 200, p99Ms: 500, errorRate: 0.001, minRps: 100 };
const rules = { minBlocks: 12, minBlockSeconds: 5 };
const figuresOf = (shape: RunShape = {}, parts: RecordParts = {}) => {
  const { shares, throughput } = loadFigures(aRecord(shape, parts), limits, rules);
  const [p95, p99, errors] = shares;
  if (p95 === undefined || p99 === undefined || errors === undefined) throw new Error('a figure is missing');
  return { p95, p99, errors, throughput };
};

describe('rank rule: p95 is below L where at least ceil(0.95 n) requests are', () => {
  // 100 requests: 95 have to be below the limit, so 5 may be above and 6 may not.
  const block = (over: number) => ({ startS: 0, seconds: 1, n: 100, failed: 0, over: { 200: over, 500: 0 } });
  it.each([
    [5, true],
    [6, false],
  ])('%d of 100 at the limit or above', (over, kept) => {
    const { p95 } = figuresOf({ rate: 100, seconds: 1, failed: 0 }, { blocks: [block(over)], response: undefined });
    expect([p95.keptInRun, p95.over?.atMost]).toEqual([kept, over]);
  });

  it('a share of failures is strict: 1 in 1000 is not below 0.001', () => {
    expect(figuresOf({ rate: 1000, seconds: 1, failed: 1 }).errors.keptInRun).toBe(false);
    expect(figuresOf({ rate: 1001, seconds: 1, failed: 1 }).errors.keptInRun).toBe(true);
  });

  it('a limit of no failures at all is kept by none', () => {
    const [, , errors] = loadFigures(aRecord({ failed: 0 }), { ...limits, errorRate: 0 }, rules).shares;
    expect([errors?.keptInRun, errors?.state]).toEqual([true, 'inconclusive']);
  });
});

describe('counts', () => {
  it('are exact where the limit was declared, and of the histogram elsewhere', () => {
    const declared = figuresOf({ p95Ms: 190 });
    const later = figuresOf({ p95Ms: 190, limitsMs: [] });
    expect([declared.p95.basis, later.p95.basis]).toEqual(['counted', 'histogram']);
    expect(later.p95.over?.atLeast).toBeLessThanOrEqual(declared.p95.over?.atMost ?? 0);
    expect(later.p95.over?.atMost).toBeGreaterThanOrEqual(declared.p95.over?.atMost ?? Number.POSITIVE_INFINITY);
  });

  it('of a histogram enclose the true count, wherever the limit lies', () => {
    const value = fc.integer({ min: 1, max: 5000 });
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 100 }),
        fc.integer({ min: 1, max: 50 }),
        value,
        (values, width, limit) => {
          const counts = new Map<number, number>();
          for (const item of values) {
            const edge = (Math.floor(item / width) + 1) * width - 1;
            counts.set(edge, (counts.get(edge) ?? 0) + 1);
          }
          const buckets = [...counts].sort(([a], [b]) => a - b);
          const range = countRange({ buckets, minUs: Math.min(...values), maxUs: Math.max(...values), sumUs: 0 }, limit);
          const truth = values.filter((item) => item >= limit).length;
          expect(range.atLeast).toBeLessThanOrEqual(truth);
          expect(range.atMost).toBeGreaterThanOrEqual(truth);
        },
      ),
    );
  });

  it('count what was sent and never heard of as slow and failed', () => {
    const { p95, errors } = figuresOf({ failed: 0 }, { counts: { sent: 36_100, planned: 36_100, unfinished: 100 } });
    expect([p95.n, errors.n, errors.over?.atMost]).toEqual([36_100, 36_100, 100]);
    expect(p95.over?.atMost).toBe((figuresOf({ failed: 0 }).p95.over?.atMost ?? 0) + 100);
    expect(errors.state).toBe('exceeded');
  });
});

describe('bounds', () => {
  it('join neighbouring blocks until they are long enough, and never drop one', () => {
    const short = figuresOf({ blockS: 1 });
    expect([short.p95.blocks, short.p95.state]).toEqual([60, 'within']);
    expect(figuresOf({ seconds: 64, blockS: 1 }).p95.blocks).toBe(12);
    expect(figuresOf({ seconds: 59, blockS: 1 }).p95.upper).toBeUndefined();
  });

  it.each([
    ['a last one that ends with its last request is whole', 4.992, 12],
    ['one that is a tenth short is not, and goes to the one before', 4.5, 11],
  ])('%s', (_, seconds, expected) => {
    const block = (startS: number) => ({ startS, seconds: 5, n: 600, failed: 0, over: { 200: 0, 500: 0 } });
    const blocks = [...Array.from({ length: 11 }, (_value, index) => block(index * 5)), { ...block(55), seconds }];
    const { p95 } = figuresOf({}, { blocks, response: undefined, counts: { sent: 7200, ok: 7200, failed: 0 } });
    expect([p95.blocks, p95.upper !== undefined]).toEqual([expected, expected === 12]);
  });

  it('count what is left over at the end', () => {
    const block = (startS: number, failed: number) => ({ startS, seconds: 5, n: 600, failed, over: { 200: 0, 500: 0 } });
    const blocks = [...Array.from({ length: 12 }, (_, index) => block(index * 5, 0)), { ...block(60, 40), seconds: 2 }];
    const { errors } = figuresOf({}, { blocks, response: undefined, counts: { sent: 7800, ok: 7760, failed: 40 } });
    expect([errors.blocks, errors.over?.atMost]).toEqual([12, 40]);
    expect(errors.upper).toBeGreaterThan(40 / 7800);
  });

  it('are above the share, and a limit is kept only where they are below it', () => {
    const shape = fc.record({
      p95Ms: fc.integer({ min: 30, max: 260 }),
      p99Ms: fc.integer({ min: 260, max: 700 }),
      failed: fc.integer({ min: 0, max: 60 }),
      burst: fc.constantFrom(0, 0.5, 1),
      seed: fc.integer({ min: 1, max: 1000 }),
    });
    fc.assert(
      fc.property(shape, (chosen) => {
        for (const figure of loadFigures(aRecord({ ...chosen, rate: 60, seconds: 120 }), limits, rules).shares) {
          const share = (figure.over?.atMost ?? 0) / figure.n;
          expect(figure.upper).toBeGreaterThan(share);
          if (figure.state === 'within') expect(figure.upper).toBeLessThan(figure.allowed);
          if (figure.state === 'exceeded') expect(share).toBeGreaterThanOrEqual(figure.allowed - 1 / figure.n);
          if (figure.furtherS !== undefined) expect([figure.state, figure.furtherS % 10]).toEqual(['inconclusive', 0]);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('fall with the length of the run', () => {
    const upper = (seconds: number) => figuresOf({ seconds, failed: Math.round(seconds / 60) }).errors.upper ?? 1;
    expect(upper(600)).toBeLessThan(upper(300));
    expect(upper(300)).toBeLessThan(upper(120));
  });
});

describe('throughput', () => {
  it.each([
    ['more than the limit', 120, 1, 'within'],
    ['exactly the limit', 100, 1, 'inconclusive'],
    ['less was sent than the limit', 80, 1, 'inconclusive'],
    ['less was sent, and half of that came back', 80, 0.5, 'exceeded'],
    ['enough was sent, and too little came back', 120, 0.5, 'exceeded'],
  ])('%s', (_, rate, share, state) => {
    const n = rate * 300;
    expect(figuresOf({ rate, failed: 0 }, { counts: { ok: n * share, failed: n * (1 - share) } }).throughput.state).toBe(state);
  });

  it('without a plan the number speaks for itself', () => {
    expect(figuresOf({ rate: 80 }, { test: { rate: undefined } }).throughput.state).toBe('exceeded');
  });
});

it('the stricter of two limits counts', () => {
  expect(strictestLimits(limits, { p95Ms: 100, p99Ms: 900, errorRate: 0.01, minRps: 200 })).toEqual({
    p95Ms: 100,
    p99Ms: 500,
    errorRate: 0.001,
    minRps: 200,
  });
  expect(strictestLimits(limits, undefined)).toEqual(limits);
});
