import type { Distribution } from '../../evidence/load-tests/distribution.ts';
import { createHdr, hdrRange, recordUs, resetHdr, toDistribution } from '../../evidence/load-tests/hdr.ts';

/** Latencies in whole µs, in constant space and in the buckets that all evidence has. */
export class Latencies {
  readonly #hdr = createHdr();

  /** A value that is no number counts as the longest: it must not look fast. */
  record(us: number): void {
    recordUs(this.#hdr, Number.isFinite(us) ? Math.max(hdrRange.lowestUs, us) : hdrRange.highestUs);
  }

  read(): Distribution {
    return toDistribution(this.#hdr);
  }

  /** Reads and begins anew. */
  take(): Distribution {
    const taken = this.read();
    resetHdr(this.#hdr);
    return taken;
  }
}
