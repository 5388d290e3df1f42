import { createRequire } from 'node:module';
import type histogramModule from 'hdr-histogram-js/dist/Int32Histogram.js';
import type { Distribution } from './distribution.ts';

// The package's index also loads its WebAssembly build and zlib: 40 ms that nothing here needs. `require`, because Node and test runners
// disagree on what the default import of a CommonJS file is.
const { default: Int32Histogram } = createRequire(import.meta.url)(
  'hdr-histogram-js/dist/Int32Histogram.js',
) as typeof histogramModule;

/**
 * The one set of buckets for latencies: HDR with 3 significant digits from 1 µs to 120 s, so that whatever measured, parts add up bucket by
 * bucket. Loaded only where latencies are counted; a review reads distributions and needs none of it.
 */
export const hdrRange = { lowestUs: 1, highestUs: 120_000_000, digits: 3 } as const;

type Histogram = InstanceType<typeof Int32Histogram>;

const create = (): Histogram => new Int32Histogram(hdrRange.lowestUs, hdrRange.highestUs, hdrRange.digits);

/** Values in µs. What is out of range is counted in the outermost bucket; extremes and sum stay exact. */
export interface Hdr {
  readonly counts: Histogram;
  minUs: number;
  maxUs: number;
  sumUs: number;
}

/** An empty histogram: 74 kB, about 130 ns a value. */
export const createHdr = (): Hdr => ({ counts: create(), minUs: Number.POSITIVE_INFINITY, maxUs: 0, sumUs: 0 });

/** Counts one latency in µs (fractions are rounded). Throws RangeError for what is no number: counted silently, it would be in no bucket. */
export function recordUs(hdr: Hdr, us: number): void {
  const value = wholeUs(us);
  hdr.counts.recordValue(inRange(value));
  hdr.minUs = Math.min(hdr.minUs, value);
  hdr.maxUs = Math.max(hdr.maxUs, value);
  hdr.sumUs += value;
}

/** How many values were counted. */
export const totalCount = (hdr: Hdr): number => hdr.counts.totalCount;

/** Makes a histogram empty again, so that one serves many blocks. */
export function resetHdr(hdr: Hdr): void {
  hdr.counts.reset();
  hdr.minUs = Number.POSITIVE_INFINITY;
  hdr.maxUs = 0;
  hdr.sumUs = 0;
}

/** The histogram as data. */
export function toDistribution(hdr: Hdr): Distribution {
  const { counts } = hdr;
  const buckets: [number, number][] = [];
  if (counts.totalCount === 0) return { buckets, minUs: 0, maxUs: 0, sumUs: 0 };
  // The last bucket that holds anything is that of the largest value.
  const last = counts.countsArrayIndex(inRange(hdr.maxUs));
  for (let index = counts.countsArrayIndex(inRange(hdr.minUs)); index <= last; index++) {
    const count = counts.getCountAtIndex(index);
    if (count > 0) buckets.push([counts.highestEquivalentValue(counts.valueFromIndex(index)), count]);
  }
  return { buckets, minUs: hdr.minUs, maxUs: hdr.maxUs, sumUs: hdr.sumUs };
}

const edges = create();

/** Highest value of the bucket that holds a latency in µs: for whoever keeps sparse counts of many short stretches. */
export const bucketEdgeUs = (us: number): number => edges.highestEquivalentValue(inRange(wholeUs(us)));

function wholeUs(us: number): number {
  if (!Number.isFinite(us) || us < 0) throw new RangeError(`a latency of ${us} µs`);
  return Math.round(us);
}

const inRange = (us: number): number => Math.min(Math.max(us, hdrRange.lowestUs), hdrRange.highestUs);
