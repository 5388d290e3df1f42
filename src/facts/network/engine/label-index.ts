import type { LabelSelector, Requirement } from '../../../kube/selector.ts';
import type { Match } from '../assumptions.ts';
import { type Labels, matchLabels } from '../labels.ts';

/** Things with labels, found by what a selector asks for without looking at each. */
export class LabelIndex {
  readonly #items: readonly Labels[];
  readonly #byValue = new Map<string, Map<string, number[]>>();
  /** Whose labels may hold this key with a value that nobody knows. */
  readonly #instances = new Map<string, number[]>();
  readonly #open: number[] = [];
  readonly #all: readonly number[];

  constructor(items: readonly Labels[]) {
    this.#items = items;
    this.#all = items.map((_, index) => index);
    for (const [index, { known, instance, open }] of items.entries()) {
      for (const [key, value] of known) push(this.#valuesOf(key), value, index);
      for (const key of instance.keys()) push(this.#instances, key, index);
      if (open !== undefined) this.#open.push(index);
    }
  }

  /** Everything that the selector selects, for certain or perhaps, in order. */
  *select(selector: LabelSelector): Generator<{ readonly index: number; readonly match: Match }> {
    for (const index of this.#candidates(selector)) {
      const labels = this.#items[index];
      const match = labels && matchLabels(selector, labels);
      if (match && match.truth !== 'no') yield { index, match };
    }
  }

  /** The fewest among which everything selected must be: those of the most selective requirement that asks for values. */
  #candidates({ requirements }: LabelSelector): Iterable<number> {
    let best: readonly Iterable<number>[] | undefined;
    let least = this.#all.length;
    for (const requirement of requirements) {
      if (requirement.operator !== 'In') continue;
      const lists = this.#having(requirement);
      const size = lists.reduce((sum, list) => sum + list.length, 0);
      if (best !== undefined && size >= least) continue;
      best = lists;
      least = size;
    }
    if (best === undefined) return this.#all;
    return [...new Set(best.flatMap((list) => [...list]))].sort((a, b) => a - b);
  }

  #having({ key, values }: Requirement): readonly (readonly number[])[] {
    const known = this.#byValue.get(key);
    return [...values.map((value) => known?.get(value) ?? []), this.#instances.get(key) ?? [], this.#open];
  }

  #valuesOf(key: string): Map<string, number[]> {
    let values = this.#byValue.get(key);
    if (values === undefined) {
      values = new Map();
      this.#byValue.set(key, values);
    }
    return values;
  }
}

function push<K>(lists: Map<K, number[]>, key: K, index: number): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [index]);
  else list.push(index);
}
