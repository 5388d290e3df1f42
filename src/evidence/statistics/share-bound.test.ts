import { describe, expect, it } from 'vitest';
import { clopperPearsonUpper } from './quantiles.ts';
import { type CountedBlock, shareBound, timesLonger } from './share-bound.ts';

const repeated = (blocks: readonly CountedBlock[], times: number) => Array.from({ length: times }, () => blocks).flat();

describe('share bound', () => {
  it('is the ratio estimator with the blocks’ own variance', () => {
    // Twelve blocks of 100 with 4 or 6 hits: share 0.05, each deviates by 1, se = sqrt(12 * 12 / 11) / 1200,
    // t(0.95, 11) = 1.7959, and on the logarithm the error is se / share.
    const { share, upper } = shareBound(
      repeated(
        [
          { x: 4, n: 100 },
          { x: 6, n: 100 },
        ],
        6,
      ),
    );
    expect(share).toBe(0.05);
    expect(upper).toBeCloseTo(0.05 * Math.exp((1.7958848187 * Math.sqrt((12 * 12) / 11)) / 1200 / 0.05), 9);
  });

  it('weighs blocks by their requests', () => {
    const { share, upper } = shareBound(
      repeated(
        [
          { x: 10, n: 100 },
          { x: 100, n: 1000 },
        ],
        6,
      ),
    );
    expect(share).toBeCloseTo(0.1, 12);
    expect(upper).toBeCloseTo(0.1, 12);
  });

  it('nothing seen is not nothing possible', () => {
    expect(shareBound(repeated([{ x: 0, n: 250 }], 12)).upper).toBeCloseTo(clopperPearsonUpper(0, 3000, 0.95), 12);
  });

  it('a stall is one event, however many requests it hits', () => {
    const oneStall = [{ x: 60, n: 1200 }, ...repeated([{ x: 0, n: 1200 }], 29)];
    const spread = repeated([{ x: 2, n: 1200 }], 30);
    expect(shareBound(spread).upper).toBeLessThan(0.002);
    expect(shareBound(oneStall).share).toBe(shareBound(spread).share);
    // Of one event seen, 4.74 are possible (Poisson); the bound is somewhat wider.
    expect(shareBound(oneStall).upper / (60 / 36_000)).toBeCloseTo(5.47, 2);
  });

  it.each<[string, readonly CountedBlock[]]>([
    ['no blocks', []],
    ['one block', [{ x: 0, n: 36_000 }]],
    ['blocks without requests', repeated([{ x: 0, n: 0 }], 20)],
  ])('%s bound nothing', (_, blocks) => expect(shareBound(blocks).upper).toBe(1));

  it('says how many times as long would probably do', () => {
    const near = repeated(
      [
        { x: 50, n: 1200 },
        { x: 65, n: 1200 },
      ],
      6,
    );
    const times = timesLonger(near, 0.05) ?? 0;
    expect(shareBound(near).upper).toBeGreaterThan(0.05);
    expect(times).toBeGreaterThan(1);
    expect(shareBound(repeated(near, Math.ceil(times))).upper).toBeLessThan(0.05);
    expect(timesLonger(repeated([{ x: 60, n: 1200 }], 12), 0.05)).toBeUndefined();
  });
});

/** Latencies of a server that stalls for a second about every ten: a lognormal base (median 20 ms), plus what is left of the stall. */
const [median, spread, every, stallMs, rate] = [20, 0.5, 10, 1000, 200];

function countRun(draw: () => number, seconds: number, blockS: number, limitMs: number): readonly CountedBlock[] {
  const blocks = Array.from({ length: seconds / blockS }, () => ({ x: 0, n: 0 }));
  let next = -Math.log(1 - draw()) * every - stallMs / 1000;
  let end = -1;
  for (let index = 0; index < rate * seconds; index++) {
    const t = index / rate;
    for (; next <= t; next -= Math.log(1 - draw()) * every) end = next + stallMs / 1000;
    const normal = Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
    const latency = median * Math.exp(spread * normal) + Math.max(0, end - t) * 1000;
    const block = blocks[Math.floor(t / blockS)] ?? { x: 0, n: 0 };
    block.n += 1;
    if (latency >= limitMs) block.x += 1;
  }
  return blocks;
}

/** The true share, by integration over the base: at least u ms of stall are left with probability 1 - exp(-(1 s - u) / every). */
function trueShare(limitMs: number): number {
  const cells = 20_000;
  let share = 0;
  for (let cell = 0; cell < cells; cell++) {
    const z = -8 + (16 * (cell + 0.5)) / cells;
    const density = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * (16 / cells);
    const left = limitMs - median * Math.exp(spread * z);
    share += density * (left <= 0 ? 1 : left >= stallMs ? 0 : 1 - Math.exp(-(stallMs - left) / 1000 / every));
  }
  return share;
}

/** Mulberry32: small, and good enough for two million draws. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('coverage: the truth lies below the bound as often as it says', () => {
  // 475 ms is about the true p95 of this server, 895 ms about its p99: there it matters.
  it.each([
    ['p95, a minute', 475, 60, 5, 300],
    ['p99, a minute', 895, 60, 5, 300],
    ['p95, five minutes', 475, 300, 10, 120],
    ['p99, five minutes', 895, 300, 10, 120],
  ])('%s', (_, limitMs, seconds, blockS, runs) => {
    const draw = seeded(limitMs + seconds);
    const truth = trueShare(limitMs);
    let covered = 0;
    let naive = 0;
    for (let run = 0; run < runs; run++) {
      const blocks = countRun(draw, seconds, blockS, limitMs);
      const x = blocks.reduce((sum, block) => sum + block.x, 0);
      if (shareBound(blocks).upper >= truth) covered += 1;
      if (clopperPearsonUpper(x, rate * seconds, 0.95) >= truth) naive += 1;
    }
    // Of 2,000 runs and more: 0.953 and 0.960 for five minutes, 0.99 for one (few blocks, wide bounds).
    expect(covered / runs).toBeGreaterThanOrEqual(0.95 - 2 * Math.sqrt((0.95 * 0.05) / runs));
    // The bound that takes requests for independent misses the truth in one run of three and more.
    expect(naive / runs).toBeLessThan(0.7);
  });
});
