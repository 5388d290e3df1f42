import { Int32Histogram } from 'hdr-histogram-js';
import type { Distribution } from '../../evidence/load-tests/distribution.ts';

/** Longest latency that keeps its place: 120 s. What is longer is counted there. */
const topUs = 120_000_000;

/** Latencies in whole µs, kept to three digits in constant space. The edges of its buckets are the same in every worker and every run. */
export class Latencies {
  readonly #histogram = new Int32Histogram(1, topUs, 3);
  #total = 0;
  #minUs = Number.POSITIVE_INFINITY;
  #maxUs = 0;
  #sumUs = 0;

  /** A value that is no number counts as the longest: it must not look fast. */
  record(us: number): void {
    const whole = us <= topUs ? Math.max(1, Math.round(us)) : topUs;
    this.#histogram.recordValue(whole);
    const exact = us > topUs ? Math.round(us) : whole;
    this.#total += 1;
    this.#sumUs += exact;
    if (exact < this.#minUs) this.#minUs = exact;
    if (exact > this.#maxUs) this.#maxUs = exact;
  }

  read(): Distribution {
    if (this.#total === 0) return { buckets: [], minUs: 0, maxUs: 0, sumUs: 0 };
    const histogram = this.#histogram;
    const buckets: [number, number][] = [];
    for (let index = 0, seen = 0; seen < this.#total && index < histogram.countsArrayLength; index += 1) {
      const count = histogram.getCountAtIndex(index);
      if (count === 0) continue;
      seen += count;
      buckets.push([histogram.highestEquivalentValue(histogram.valueFromIndex(index)), count]);
    }
    return { buckets, minUs: this.#minUs, maxUs: this.#maxUs, sumUs: this.#sumUs };
  }

  /** Reads and begins anew. */
  take(): Distribution {
    const taken = this.read();
    if (this.#total > 0) this.#histogram.reset();
    this.#total = 0;
    this.#minUs = Number.POSITIVE_INFINITY;
    this.#maxUs = 0;
    this.#sumUs = 0;
    return taken;
  }
}
