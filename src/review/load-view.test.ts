import { describe, expect, it } from 'vitest';
import { aRecord, type RecordParts, type RunShape } from '../evidence/load-tests/testing.ts';
import { aBundle } from '../evidence/testing.ts';
import { createFacts } from '../facts/fact.ts';
import { loadView } from './load-view.ts';

interface Point {
  readonly share: number;
  readonly ms: number;
}
interface Block {
  readonly startS: number;
  readonly seconds: number;
  readonly n: number;
  readonly rate: number;
  readonly failed: number;
  readonly over: Readonly<Record<string, number>>;
  readonly p50Ms?: number;
  readonly p95Ms?: number;
}
interface Run {
  readonly path: string;
  readonly labels: readonly string[];
  readonly invalid?: string;
  readonly figures: readonly { readonly id: string; readonly state: string; readonly upper?: number }[];
  readonly curve: readonly Point[];
  readonly blocks: readonly Block[];
}
const view = (records: readonly (readonly [RunShape, RecordParts?])[], demanded: object = {}) =>
  loadView(
    createFacts(
      aBundle({
        loadTests: records.map(([shape, parts], index) => ({ path: `run-${index}.json`, record: aRecord(shape, parts) })),
      }),
    ),
    demanded,
  ) as unknown as { readonly limits: Readonly<Record<string, number>>; readonly runs: readonly Run[]; readonly omitted?: number };
const only = (shape: RunShape, parts: RecordParts = {}): Run => {
  const [run] = view([[shape, parts]]).runs;
  if (run === undefined) throw new Error('no run');
  return run;
};

describe('load view', () => {
  it('is plain JSON, whatever a record lacks', () => {
    for (const parts of [
      {},
      { response: undefined, blocks: [], generator: undefined, quantiles: { p95Ms: 3 } },
      { images: undefined, target: 'no url' },
    ]) {
      const drawn = view([[{}, parts]]);
      expect(JSON.parse(JSON.stringify(drawn))).toEqual(drawn);
    }
    expect(view([]).runs).toEqual([]);
  });

  it('has the limits that count: the stricter of standard and review file', () => {
    expect(view([[{}]], { p95Ms: 100 }).limits).toEqual({ p95Ms: 100, p99Ms: 500, errorRate: 0.001, minRps: 100 });
    expect(view([[{}]], { p95Ms: 100 }).runs[0]?.figures[0]?.state).toBe('exceeded');
  });

  it('draws the percentile curve evenly on log 1 / (1 - p), up to the largest of n values', () => {
    const { curve } = only({ p50Ms: 24, p95Ms: 142.3, maxMs: 480 });
    const tails = curve.map(({ share }) => -Math.log10(1 - share));
    expect(curve).toHaveLength(60);
    expect(tails.every((tail, index) => Math.abs(tail - (index * Math.log10(36_000)) / 59) < 1e-3)).toBe(true);
    expect(curve.every(({ ms }, index) => ms >= (curve[index - 1]?.ms ?? 0))).toBe(true);
    expect(Math.abs((curve.at(-1)?.ms ?? 0) - 480)).toBeLessThan(6);
  });

  it('has one entry for each block, that add up to the run', () => {
    const { blocks } = only({ failed: 7 });
    expect(blocks).toHaveLength(30);
    expect(blocks.reduce((sum, { n }) => sum + n, 0)).toBe(36_000);
    expect(blocks.reduce((sum, { failed }) => sum + failed, 0)).toBe(7);
    expect(blocks.every(({ rate, p50Ms = 0, p95Ms = 0 }) => rate === 120 && p50Ms > 0 && p95Ms > p50Ms)).toBe(true);
  });

  it('joins neighbours where there are too many to draw', () => {
    const { blocks } = only({ seconds: 300, blockS: 1 });
    expect(blocks).toHaveLength(150);
    expect([blocks[1]?.startS, blocks[1]?.seconds, blocks[1]?.n]).toEqual([2, 2, 240]);
    expect(blocks.reduce((sum, { over }) => sum + (over['200'] ?? 0), 0)).toBe(
      only({}).blocks.reduce((sum, { over }) => sum + (over['200'] ?? 0), 0),
    );
  });

  it('is capped', () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`E${index}`, 1]));
    const { runs, omitted } = view(
      Array.from(
        { length: 25 },
        () =>
          [
            { seconds: 60, rate: 60 },
            { counts: { byError: many }, notes: Array.from({ length: 90 }, () => 'n') },
          ] as const,
      ),
    );
    expect([runs.length, omitted]).toEqual([20, 5]);
    expect(JSON.stringify(runs[0]).length).toBeLessThan(20_000);
  });

  it('says what a reader must know first, and why a run says nothing', () => {
    const run = only(
      { target: 'http://127.0.0.1:3000', seconds: 20 },
      { test: { model: 'closed', substituteFor: 'load-test.js' }, images: { digests: [], basis: 'stated' } },
    );
    expect(run.labels).toEqual([
      'closed model',
      'substitute for load-test.js',
      'generator and server on one machine',
      'images as stated',
    ]);
    expect(run.invalid).toBe('it measured 20 s; 60 s are needed');
    expect(only({}).labels).toEqual([]);
  });
});
