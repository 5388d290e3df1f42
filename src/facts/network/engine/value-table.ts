import type { AssumptionMask } from './assumption-mask.ts';
import { type PortSetId, PortTable } from './port-table.ts';

/** A value by its number: equal values have equal numbers. */
export type ValueId = number;

/** What one end's policies say of one peer, or both ends' of each other. Ports beyond `may` are denied. */
export interface Value {
  /** Open whatever the assumptions turn out to be. */
  readonly must: PortSetId;
  /** Open under some assumptions; holds `must`. */
  readonly may: PortSetId;
  /** What `must` takes for granted. */
  readonly given: AssumptionMask;
  /** What the ports between `must` and `may` depend on. */
  readonly open: AssumptionMask;
}

/** Values, each kept once, with the memory of every pair that was joined. */
export class ValueTable {
  readonly ports: PortTable;
  readonly denied: ValueId;
  readonly allowed: ValueId;
  readonly #values: Value[] = [];
  readonly #ids = new Map<string, ValueId>();
  readonly #joined = new Map<number, ValueId>();

  constructor(ports: PortTable = new PortTable()) {
    this.ports = ports;
    this.denied = this.idOf({ must: ports.none, may: ports.none, given: 0, open: 0 });
    this.allowed = this.idOf({ must: ports.all, may: ports.all, given: 0, open: 0 });
  }

  idOf(value: Value): ValueId {
    const key = `${value.must} ${value.may} ${value.given} ${value.open}`;
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.#values.length;
    this.#values.push(value);
    this.#ids.set(key, id);
    return id;
  }

  valueOf(id: ValueId): Value {
    const value = this.#values[id];
    if (value === undefined) throw new Error(`no value ${id}`);
    return value;
  }

  /** A connection needs both: the egress of its source and the ingress of its destination. */
  join(a: ValueId, b: ValueId): ValueId {
    if (a === this.denied || b === this.denied) return this.denied;
    if (a === this.allowed) return b;
    if (b === this.allowed) return a;
    const key = Math.min(a, b) * 0x4000000 + Math.max(a, b);
    let id = this.#joined.get(key);
    if (id === undefined) {
      id = this.#joinValues(this.valueOf(a), this.valueOf(b));
      this.#joined.set(key, id);
    }
    return id;
  }

  #joinValues(a: Value, b: Value): ValueId {
    const { ports } = this;
    const must = ports.intersect(a.must, b.must);
    const may = ports.intersect(a.may, b.may);
    const given = must === ports.none ? 0 : a.given | b.given;
    // An end that is certain of all these ports adds nothing to what they depend on, but for what it takes for granted.
    const open = may === must ? 0 : this.#openOn(a, may) | this.#openOn(b, may);
    return this.idOf({ must, may, given, open });
  }

  #openOn(value: Value, may: PortSetId): AssumptionMask {
    const { ports } = this;
    const certain = ports.intersect(value.must, may);
    return (certain === may ? 0 : value.open) | (certain === ports.none ? 0 : value.given);
  }
}
