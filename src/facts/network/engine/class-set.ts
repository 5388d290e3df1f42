/** Some classes of Pods: those listed, or with `negated` all but those. Lists are sorted; the shorter of the two forms is kept. */
export interface ClassSet {
  readonly negated: boolean;
  readonly ids: Int32Array;
}

const nobody = new Int32Array(0);
export const everyClass: ClassSet = { negated: true, ids: nobody };

/** @param ids sorted, each once. @param total how many classes there are. */
export function classSet(ids: readonly number[], total: number): ClassSet {
  if (ids.length <= total / 2) return { negated: false, ids: Int32Array.from(ids) };
  const others = new Int32Array(total - ids.length);
  let at = 0;
  let next = 0;
  for (let id = 0; id < total; id++) {
    if (ids[next] === id) next++;
    else others[at++] = id;
  }
  return { negated: true, ids: others };
}

/** The classes one by one, in order. */
export function* membersOf(set: ClassSet, total: number): Generator<number> {
  if (!set.negated) {
    yield* set.ids;
    return;
  }
  let next = 0;
  for (let id = 0; id < total; id++) {
    if (set.ids[next] === id) next++;
    else yield id;
  }
}
