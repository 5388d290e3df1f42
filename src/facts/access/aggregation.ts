import { type LabelSelector, selects } from '../../kube/selector.ts';
import { compareText } from '../../model/object-ref.ts';

/** A ClusterRole as aggregation sees it. */
export interface Aggregating {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  /** Undefined: the role has no aggregationRule. Empty: it has one that selects nothing. */
  readonly selectors: readonly LabelSelector[] | undefined;
}

/** What a ClusterRole with an aggregationRule takes in. */
export interface Aggregation {
  /** Names of the roles without an aggregationRule that it reaches, sorted. Roles of one cycle share the list. */
  readonly members: readonly string[];
  /** It reaches itself through another role: the name of one such role. */
  readonly through: string | undefined;
  /** A role that it takes in and that reaches itself through another one. */
  readonly cycle: string | undefined;
  /** Its own labels fit its own selectors: the controller leaves a role out of itself. */
  readonly selectsItself: boolean;
}

/** The selectors of roles are compared as text: roles with equal ones take in the same others, themselves aside. */
type Key = string;

interface Closure {
  readonly keys: ReadonlySet<Key>;
  readonly members: readonly string[];
  /** Roles with an aggregationRule that are taken in. */
  readonly aggregating: ReadonlySet<string>;
  /** By role: how many roles of the closure select it. */
  readonly selectedBy: ReadonlyMap<string, number>;
}

/**
 * The least fixpoint of what the aggregation controller does (kubernetes pkg/controller/clusterroleaggregation): it overwrites the
 * rules of a role that has an aggregationRule by those of every role that fits one of its selectors, itself left out. Closures are
 * computed once for each set of selectors and shared within a cycle, so thousands of roles that all select each other end soon.
 */
export function aggregations(roles: ReadonlyMap<string, Aggregating>): (name: string) => Aggregation {
  const keys = new Map<string, Key>();
  for (const { name, selectors } of roles.values()) if (selectors !== undefined) keys.set(name, JSON.stringify(selectors));
  const selected = selections(roles, keys);
  const closures = new Map<Key, Closure>();
  const under = (key: Key): ReadonlySet<Key> => new Set(selected(key).aggregating.map((name) => keys.get(name) ?? ''));

  const closureOf = (start: Key): Closure => {
    const known = closures.get(start);
    if (known !== undefined) return known;
    const seen = new Set([start]);
    const queue = [start];
    for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
      for (const next of under(key)) {
        if (seen.has(next)) continue;
        const done = closures.get(next);
        if (done?.keys.has(start)) {
          closures.set(start, done);
          return done;
        }
        if (done === undefined) queue.push(next);
        for (const reached of done?.keys ?? [next]) seen.add(reached);
      }
    }
    const found = summarise(seen);
    closures.set(start, found);
    return found;
  };

  const summarise = (within: ReadonlySet<Key>): Closure => {
    const members = new Set<string>();
    const aggregating = new Set<string>();
    for (const key of within) {
      for (const name of selected(key).plain) members.add(name);
      for (const name of selected(key).aggregating) aggregating.add(name);
    }
    const selectedBy = new Map<string, number>();
    for (const [key, holders] of Map.groupBy(aggregating, (name) => keys.get(name) ?? ''))
      for (const name of selected(key).aggregating) selectedBy.set(name, (selectedBy.get(name) ?? 0) + holders.length);
    return { keys: within, members: [...members].sort(compareText), aggregating, selectedBy };
  };

  const selectsItself = (name: string): boolean => selected(keys.get(name) ?? '').aggregatingSet.has(name);
  // A role that selects only itself is counted once among those that select it.
  const isCyclic = (name: string): boolean =>
    (closureOf(keys.get(name) ?? '').selectedBy.get(name) ?? 0) > (selectsItself(name) ? 1 : 0);
  const cycles = new Map<Closure, string | undefined>();
  const cycleIn = (closure: Closure): string | undefined => {
    if (!cycles.has(closure)) cycles.set(closure, [...closure.aggregating].sort(compareText).find(isCyclic));
    return cycles.get(closure);
  };
  return (name) => {
    const key = keys.get(name);
    if (key === undefined) return { members: [], through: undefined, cycle: undefined, selectsItself: false };
    const closure = closureOf(key);
    const through = isCyclic(name)
      ? [...closure.aggregating]
          .sort(compareText)
          .find((other) => other !== name && selected(keys.get(other) ?? '').aggregatingSet.has(name))
      : undefined;
    return { members: closure.members, through, cycle: cycleIn(closure), selectsItself: selectsItself(name) };
  };
}

interface Selection {
  readonly plain: readonly string[];
  readonly aggregating: readonly string[];
  readonly aggregatingSet: ReadonlySet<string>;
}

/** Which roles each set of selectors selects, looked up once. */
function selections(roles: ReadonlyMap<string, Aggregating>, keys: ReadonlyMap<string, Key>): (key: Key) => Selection {
  const found = new Map<Key, Selection>();
  for (const [owner, key] of keys) {
    if (found.has(key)) continue;
    const selectors = roles.get(owner)?.selectors ?? [];
    const names = [...roles.values()]
      .filter(({ labels }) => selectors.some((selector) => selects(selector, labels)))
      .map(({ name }) => name);
    const aggregating = names.filter((name) => keys.has(name));
    found.set(key, { plain: names.filter((name) => !keys.has(name)), aggregating, aggregatingSet: new Set(aggregating) });
  }
  const nothing: Selection = { plain: [], aggregating: [], aggregatingSet: new Set() };
  return (key) => found.get(key) ?? nothing;
}
