import { tokenMount } from './accounts.ts';
import type { Danger, EscalationStep, EscalationTarget, Gain } from './danger.ts';
import { formatRule } from './rules.ts';
import { formatSubject, type Subject, subjectKey } from './subject.ts';
import type { Surroundings } from './surroundings.ts';

/** One move on a path: a danger of whoever is held by then, or what holding a namespace or its Pods means. */
export interface Move {
  readonly edge: string;
  readonly assumption: string | undefined;
  /** The move as proof; `subject` is who makes it on the first step. */
  steps(subject: Subject): readonly EscalationStep[];
}

export interface PathTo {
  readonly target: EscalationTarget;
  /** Whether this path needs no assumption. */
  readonly certain: boolean;
  readonly length: number;
  moves(): readonly Move[];
}

interface Arrival {
  readonly key: string;
  readonly gain: Gain;
  readonly from: Arrival | undefined;
  readonly length: number;
  readonly move: Move;
}

const keyOf = (gain: Gain): string => {
  if (gain.kind === 'subject') return subjectKey(gain.subject);
  return gain.kind === 'namespace' || gain.kind === 'pods' || gain.kind === 'secrets'
    ? `${gain.kind}:${gain.namespace}`
    : gain.kind;
};

export const targetOf = (gain: Gain): EscalationTarget => {
  if (gain.kind === 'subject')
    return `subject:${gain.subject.kind === 'ServiceAccount' ? `${gain.subject.namespace}/${gain.subject.name}` : gain.subject.name}`;
  if (gain.kind === 'cluster-admin' || gain.kind === 'node') return gain.kind;
  return gain.kind === 'secrets' ? `secrets:${gain.namespace}` : `namespace:${gain.namespace}`;
};

/**
 * Everything a subject reaches from its own dangers: first by certain moves alone, then by all, each place by its shortest path.
 * Breadth first over the least fixpoint: a place is entered once, so it ends on every input.
 */
export function paths(
  subject: Subject,
  own: readonly Danger[],
  dangersOf: (subject: Subject) => readonly Danger[],
  around: Surroundings,
): readonly PathTo[] {
  const found: PathTo[] = [];
  const firsts = (certainOnly: boolean) => own.filter((danger) => !certainOnly || danger.assumption === undefined);
  const certain = walk(subject, firsts(true), dangersOf, around, true);
  // Every first step is told, also where another one leads to the same place.
  for (const danger of own)
    found.push({
      target: targetOf(danger.gain),
      certain: danger.assumption === undefined,
      length: 1,
      moves: () => [moveOf(danger)],
    });
  for (const arrival of certain.values()) found.push(describe(arrival, true));
  for (const [key, arrival] of walk(subject, firsts(false), dangersOf, around, false))
    if (!certain.has(key)) found.push(describe(arrival, false));
  return found;
}

function describe(arrival: Arrival, certain: boolean): PathTo {
  const moves = () => {
    const back: Move[] = [];
    for (let at: Arrival | undefined = arrival; at !== undefined; at = at.from) back.push(at.move);
    return back.reverse();
  };
  return { target: targetOf(arrival.gain), certain, length: arrival.length, moves };
}

function walk(
  subject: Subject,
  own: readonly Danger[],
  dangersOf: (subject: Subject) => readonly Danger[],
  around: Surroundings,
  certainOnly: boolean,
): ReadonlyMap<string, Arrival> {
  const reached = new Map<string, Arrival>();
  const queue: Arrival[] = [];
  const enter = (gain: Gain, move: Move, from: Arrival | undefined) => {
    const key = keyOf(gain);
    if (key === subjectKey(subject) || reached.has(key) || (certainOnly && move.assumption !== undefined)) return;
    const arrival: Arrival = { key, gain, from, move, length: (from?.length ?? 0) + 1 };
    reached.set(key, arrival);
    queue.push(arrival);
  };
  for (const danger of own) enter(danger.gain, moveOf(danger), undefined);
  for (let index = 0; index < queue.length; index++) {
    const arrival = queue[index];
    if (arrival === undefined) break;
    if (arrival.gain.kind === 'subject') {
      const holder = arrival.gain.subject;
      for (const danger of dangersOf(holder)) enter(danger.gain, moveOf(danger, holder), arrival);
    } else for (const [gain, move] of consequences(arrival.gain, around)) enter(gain, move, arrival);
  }
  return reached;
}

function moveOf(danger: Danger, holder?: Subject): Move {
  return {
    edge: danger.edge,
    assumption: danger.assumption,
    steps(subject) {
      const who = formatSubject(holder ?? subject);
      const grants = danger.grants.flatMap((grant): EscalationStep[] => [
        {
          note: `${grant.binding.kind} ${grant.binding.name} binds ${formatSubject(grant.subject)} to ${grant.binding.roleRef.kind} ${grant.binding.roleRef.name}`,
          object: grant.binding.object,
          at: ['roleRef'],
        },
        {
          note: `${grant.rule.role} allows ${formatRule(grant.rule.rule)}`,
          object: grant.rule.object ?? grant.binding.object,
          at: grant.rule.object ? grant.rule.rule.path : ['roleRef'],
        },
      ]);
      const last: EscalationStep = {
        note: `so ${who} can ${danger.note}`,
        object: danger.at?.object ?? danger.grants[0]?.rule.object ?? danger.grants[0]?.binding.object,
        at: danger.at?.path ?? danger.grants[0]?.rule.rule.path ?? [],
      };
      return [...grants, last];
    },
  };
}

/** What holding a namespace, or running code in its Pods, brings. */
function consequences(gain: Gain, around: Surroundings): readonly (readonly [Gain, Move])[] {
  if (gain.kind === 'namespace') {
    if (gain.namespace === 'kube-system')
      return [
        [
          { kind: 'cluster-admin' },
          plainMove('kube-system holds the ServiceAccounts of the controllers, which hold the cluster'),
        ],
      ];
    return around.accountsIn(gain.namespace).map((account) => [
      { kind: 'subject', subject: account },
      {
        ...plainMove(
          `a Pod in ${gain.namespace} may run as ${formatSubject(account)}`,
          around.access.accountObject(account.namespace, account.name),
        ),
        assumption: around.accountExists(account)
          ? undefined
          : `${formatSubject(account)} is created (it is bound, and does not exist)`,
      },
    ]);
  }
  if (gain.kind !== 'pods') return [];
  if (gain.namespace === 'kube-system')
    return [[{ kind: 'cluster-admin' }, plainMove('Pods in kube-system belong to the control plane')]];
  return around.workloadsIn(gain.namespace).flatMap((workload) => {
    const next: (readonly [Gain, Move])[] = [];
    const token = tokenMount(around.access, workload);
    if (token.mounted !== false) {
      const move = plainMove(
        `Pods of ${workload.ref.kind} ${workload.ref.name} hold a token of ${formatSubject(token.account)}`,
        workload.object,
      );
      const assumption = token.mounted === true ? undefined : `${formatSubject(token.account)} does not turn its token off`;
      next.push([
        { kind: 'subject', subject: token.account },
        { ...move, assumption },
      ]);
    }
    if (workload.containers.some((container) => container.security.privileged))
      next.push([
        { kind: 'node' },
        plainMove(`${workload.ref.kind} ${workload.ref.name} runs a privileged container`, workload.object),
      ]);
    return next;
  });
}

const plainMove = (note: string, object?: EscalationStep['object']): Move => ({
  edge: '',
  assumption: undefined,
  steps: () => [{ note, object, at: [] }],
});
