import { type AddressRange, everyAddress, splitRange } from '../../../kube/address.ts';

/** Atoms from `first` to `last`, both included. */
export interface AtomRun {
  readonly first: number;
  readonly last: number;
}

/**
 * All addresses of both families, cut at the ends of every block that a policy names: within one atom no policy tells two addresses
 * apart. IPv4 comes first; the families share no atom, so that no block of one covers an address of the other.
 */
export class AddressAtoms {
  readonly ranges: readonly AddressRange[];
  readonly whole: AtomRun;

  constructor(blocks: readonly AddressRange[]) {
    this.ranges = [everyAddress[4], everyAddress[6]].flatMap((range) => splitRange(range, blocks));
    this.whole = { first: 0, last: this.ranges.length - 1 };
  }

  /** The atoms of a block that the atoms were cut by. */
  runOf(block: AddressRange): AtomRun {
    return { first: this.#at(block.family, block.first), last: this.#at(block.family, block.last) };
  }

  /** The atoms of a block without those of its exceptions. */
  runsOf(block: AddressRange, except: readonly AddressRange[]): readonly AtomRun[] {
    const runs: AtomRun[] = [];
    const { first, last } = this.runOf(block);
    let next = first;
    for (const hole of except.map((range) => this.runOf(range)).sort((a, b) => a.first - b.first)) {
      if (hole.first > next) runs.push({ first: next, last: hole.first - 1 });
      next = Math.max(next, hole.last + 1);
    }
    if (next <= last) runs.push({ first: next, last });
    return runs;
  }

  #at(family: 4 | 6, address: bigint): number {
    let low = 0;
    let high = this.ranges.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      const range = this.ranges[middle];
      const isBefore = range !== undefined && (range.family < family || (range.family === family && range.first <= address));
      if (isBefore) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
