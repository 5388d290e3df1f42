import type { Engine } from './engine.ts';
import type { ValueId } from './value-table.ts';

/** Ordered pairs of workloads of the sources, and how many have some port open: for certain, or under assumptions alone. */
export interface PairCounts {
  readonly pairs: number;
  readonly allowed: number;
  readonly depends: number;
}

/** Counts the flows between workloads without walking the pairs. A workload counts once, and with itself unless it is a bare Pod. */
export function countPairs(engine: Engine): PairCounts {
  const { classes, values } = engine;
  const weights = classes.pods.map(({ members }) => members.length);
  const ofBackground = new Map<ValueId, number>();
  for (const [id, weight] of weights.entries()) add(ofBackground, engine.backgroundOf(id), weight);
  const single = classes.pods.map(({ members }) => members.filter(({ workload }) => workload.ref.kind === 'Pod').length);
  const byValue = new Map<ValueId, number>();
  for (const [source, weight] of weights.entries()) {
    const seen = new Map<ValueId, number>();
    engine.walk(
      source,
      (destination, value) => {
        const there = weights[destination] ?? 0;
        add(seen, engine.backgroundOf(destination), there);
        add(byValue, value, weight * there);
      },
      (background, value) => add(byValue, value, weight * ((ofBackground.get(background) ?? 0) - (seen.get(background) ?? 0))),
    );
    // A bare Pod is not compared with itself.
    add(byValue, engine.cell(source, source), -(single[source] ?? 0));
  }
  const counts = { pairs: 0, allowed: 0, depends: 0 };
  for (const [id, pairs] of byValue) {
    const { must, may } = values.valueOf(id);
    counts.pairs += pairs;
    if (must !== values.ports.none) counts.allowed += pairs;
    else if (may !== values.ports.none) counts.depends += pairs;
  }
  return counts;
}

const add = <K>(sums: Map<K, number>, key: K, amount: number): void => {
  sums.set(key, (sums.get(key) ?? 0) + amount);
};
