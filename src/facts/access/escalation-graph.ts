import { type Danger, type EscalationTarget, type Gain, targetOf } from './danger.ts';
import type { DangersOf } from './dangers-of.ts';
import { consequences, type Move, moveOf } from './move.ts';
import { type Subject, subjectKey } from './subject.ts';
import type { Surroundings } from './surroundings.ts';

export interface PathTo {
  readonly target: EscalationTarget;
  /** Whether this path needs no assumption. */
  readonly certain: boolean;
  readonly length: number;
  /** A node is held on the way: what its Pods are is told of the node. */
  readonly overNode: boolean;
  moves(): readonly Move[];
}

/** Everything that can be held, and what leads from one to the other: one graph for all subjects. */
export interface EscalationGraph {
  /**
   * What a subject reaches from its own dangers, each place by its shortest path, nearest first: first by certain moves alone, then
   * what needs an assumption. Lazy: who wants the nearest ones pays for no more.
   */
  arrivals(subject: Subject, own: readonly Danger[]): Iterable<PathTo>;
  /** The shortest path to a target that takes in the whole cluster. Undefined where there is none. */
  shortest(subject: Subject, own: readonly Danger[], target: EscalationTarget, certain: boolean): PathTo | undefined;
}

interface Edge {
  readonly to: number;
  readonly move: Move;
}

interface Arrival {
  readonly at: number;
  readonly from: Arrival | undefined;
  readonly length: number;
  readonly move: Move;
}

export const wholeTargets = ['cluster-admin', 'node', 'secrets:*', 'policy:*'] as const satisfies readonly EscalationTarget[];

const keyOf = (gain: Gain): string => {
  if (gain.kind === 'subject') return subjectKey(gain.subject);
  return gain.kind === 'cluster-admin' || gain.kind === 'node' ? gain.kind : `${gain.kind}:${gain.namespace}`;
};

/** Builds the graph of everything that the subjects hold and reach. Every place is entered once, so it ends on every input. */
export function buildGraph(subjects: readonly Subject[], dangersOf: DangersOf, around: Surroundings): EscalationGraph {
  const ids = new Map<string, number>();
  const gains: Gain[] = [];
  const idOf = (gain: Gain): number => {
    const key = keyOf(gain);
    let id = ids.get(key);
    if (id === undefined) {
      id = gains.length;
      ids.set(key, id);
      gains.push(gain);
    }
    return id;
  };
  for (const subject of subjects) idOf({ kind: 'subject', subject });
  const edges: (readonly Edge[])[] = [];
  for (let id = 0; id < gains.length; id++) {
    const gain = gains[id];
    if (gain === undefined) break;
    const moves =
      gain.kind === 'subject'
        ? dangersOf(gain.subject).map((danger) => [danger.gain, moveOf(danger, gain.subject)] as const)
        : consequences(gain, around);
    edges.push(moves.map(([next, move]) => ({ to: idOf(next), move })));
  }
  const distances = new Map<string, Int32Array>();
  const distanceTo = (target: EscalationTarget, certain: boolean): Int32Array => {
    const key = `${target} ${certain}`;
    const found = distances.get(key) ?? reverseDistances(edges, ids.get(target), certain);
    distances.set(key, found);
    return found;
  };
  const context: Context = { edges, gains, idOf, idOfSubject: (subject) => ids.get(subjectKey(subject)) ?? -1 };
  return {
    arrivals: (subject, own) => arrivals(context, subject, own),
    shortest(subject, own, target, certain) {
      const goal = ids.get(target);
      if (goal === undefined) return undefined;
      const path = descend(context, own, distanceTo(target, certain), certain);
      const self = context.idOfSubject(subject);
      const crosses = path?.some(({ at }) => at === self) === true;
      const last = crosses ? search(context, subject, own, goal, certain) : path?.at(-1);
      return last === undefined ? undefined : describe(context, last, certain);
    },
  };
}

interface Context {
  readonly edges: readonly (readonly Edge[])[];
  readonly gains: readonly Gain[];
  readonly idOf: (gain: Gain) => number;
  readonly idOfSubject: (subject: Subject) => number;
}

const unreachable = -1;

/** How many moves each place is away from the goal: breadth first against the edges, once for all subjects. */
function reverseDistances(edges: readonly (readonly Edge[])[], goal: number | undefined, certain: boolean): Int32Array {
  const distance = new Int32Array(edges.length).fill(unreachable);
  if (goal === undefined) return distance;
  const back: number[][] = edges.map(() => []);
  for (const [from, list] of edges.entries())
    for (const { to, move } of list) if (!certain || move.assumption === undefined) back[to]?.push(from);
  distance[goal] = 0;
  const queue = [goal];
  for (let next = 0; next < queue.length; next++) {
    const at = queue[next] ?? goal;
    for (const from of back[at] ?? []) {
      if (distance[from] !== unreachable) continue;
      distance[from] = (distance[at] ?? 0) + 1;
      queue.push(from);
    }
  }
  return distance;
}

/** The path down the distances, at each place by the first move that comes nearer: what a search forward would find first. */
function descend(
  { edges, idOf }: Context,
  own: readonly Danger[],
  distance: Int32Array,
  certain: boolean,
): readonly Arrival[] | undefined {
  let best: { readonly at: number; readonly danger: Danger; readonly left: number } | undefined;
  for (const danger of own) {
    if (certain && danger.assumption !== undefined) continue;
    const at = idOf(danger.gain);
    const left = distance[at] ?? unreachable;
    if (left !== unreachable && (best === undefined || left < best.left)) best = { at, danger, left };
  }
  if (best === undefined) return undefined;
  let arrival: Arrival = { at: best.at, from: undefined, length: 1, move: moveOf(best.danger) };
  const path = [arrival];
  for (let left = best.left; left > 0; left--) {
    const edge = edges[arrival.at]?.find(
      ({ to, move }) => distance[to] === left - 1 && (!certain || move.assumption === undefined),
    );
    if (edge === undefined) return undefined;
    arrival = { at: edge.to, from: arrival, length: arrival.length + 1, move: edge.move };
    path.push(arrival);
  }
  return path;
}

/** Breadth first from the subject, which is not entered again: by its group's rights it would take a way that is told of the group. */
function* walk(context: Context, subject: Subject, own: readonly Danger[], certain: boolean): Generator<Arrival> {
  const seen = new Set([context.idOfSubject(subject)]);
  const queue: Arrival[] = [];
  const enter = (at: number, move: Move, from: Arrival | undefined): Arrival | undefined => {
    if (seen.has(at) || (certain && move.assumption !== undefined)) return undefined;
    seen.add(at);
    const arrival: Arrival = { at, from, move, length: (from?.length ?? 0) + 1 };
    queue.push(arrival);
    return arrival;
  };
  for (const danger of own) {
    const arrival = enter(context.idOf(danger.gain), moveOf(danger), undefined);
    if (arrival) yield arrival;
  }
  for (let next = 0; next < queue.length; next++) {
    const from = queue[next];
    for (const { to, move } of context.edges[from?.at ?? -1] ?? []) {
      const arrival = enter(to, move, from);
      if (arrival) yield arrival;
    }
  }
}

function search(context: Context, subject: Subject, own: readonly Danger[], goal: number, certain: boolean): Arrival | undefined {
  for (const arrival of walk(context, subject, own, certain)) if (arrival.at === goal) return arrival;
  return undefined;
}

function* arrivals(context: Context, subject: Subject, own: readonly Danger[]): Generator<PathTo> {
  const certain = new Set<number>();
  for (const arrival of walk(context, subject, own, true)) {
    certain.add(arrival.at);
    yield describe(context, arrival, true);
  }
  for (const arrival of walk(context, subject, own, false)) if (!certain.has(arrival.at)) yield describe(context, arrival, false);
}

function describe({ gains }: Context, arrival: Arrival, certain: boolean): PathTo {
  const gain = gains[arrival.at] ?? { kind: 'cluster-admin' };
  return {
    target: targetOf(gain),
    certain,
    length: arrival.length,
    get overNode() {
      for (let at = arrival.from; at !== undefined; at = at.from) if (gains[at.at]?.kind === 'node') return true;
      return false;
    },
    moves() {
      const back: Move[] = [];
      for (let at: Arrival | undefined = arrival; at !== undefined; at = at.from) back.push(at.move);
      return back.reverse();
    },
  };
}
