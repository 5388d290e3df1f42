import { allPorts, formatPorts, noPorts, type PortSet, intersectPorts, subtractPorts, unitePorts } from '../ports.ts';

/** A port set by its number: equal sets have equal numbers. */
export type PortSetId = number;

/**
 * Port sets, each kept once. A cluster has some hundreds of different ones and millions of pairs, so operations on two of them are
 * remembered by their numbers.
 */
export class PortTable {
  readonly none: PortSetId;
  readonly all: PortSetId;
  readonly #sets: PortSet[] = [];
  readonly #ids = new Map<string, PortSetId>();
  readonly #united = new Map<number, PortSetId>();
  readonly #intersected = new Map<number, PortSetId>();
  readonly #subtracted = new Map<number, PortSetId>();

  constructor() {
    this.none = this.idOf(noPorts);
    this.all = this.idOf(allPorts);
  }

  idOf(set: PortSet): PortSetId {
    const key = formatPorts(set);
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.#sets.length;
    this.#sets.push(set);
    this.#ids.set(key, id);
    return id;
  }

  setOf(id: PortSetId): PortSet {
    return this.#sets[id] ?? noPorts;
  }

  unite(a: PortSetId, b: PortSetId): PortSetId {
    if (a === b || b === this.none) return a;
    if (a === this.none) return b;
    return this.#remember(this.#united, Math.min(a, b), Math.max(a, b), unitePorts);
  }

  intersect(a: PortSetId, b: PortSetId): PortSetId {
    if (a === b || b === this.all) return a;
    if (a === this.all) return b;
    return this.#remember(this.#intersected, Math.min(a, b), Math.max(a, b), intersectPorts);
  }

  /** The ports of `a` that are not in `b`. */
  subtract(a: PortSetId, b: PortSetId): PortSetId {
    if (b === this.none || a === this.none) return a;
    if (a === b || b === this.all) return this.none;
    return this.#remember(this.#subtracted, a, b, subtractPorts);
  }

  #remember(memo: Map<number, PortSetId>, a: PortSetId, b: PortSetId, of: (a: PortSet, b: PortSet) => PortSet): PortSetId {
    const key = a * 0x4000000 + b;
    let id = memo.get(key);
    if (id === undefined) {
      id = this.idOf(of(this.setOf(a), this.setOf(b)));
      memo.set(key, id);
    }
    return id;
  }
}
