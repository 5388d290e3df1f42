import type { Workload } from '../../kube/workload.ts';
import { tokenMount } from './accounts.ts';
import { clusterAdmin, type Danger, type EscalationStep, type Gain, node } from './danger.ts';
import { nodeEscape } from './node-escapes.ts';
import type { Change, Cut } from './escalation-cuts.ts';
import { formatRule } from './rules.ts';
import { formatSubject, type Subject } from './subject.ts';
import type { Surroundings } from './surroundings.ts';

/** One move on a path: a danger of whoever is held by then, or what holding a namespace, its Pods or a node means. */
export interface Move {
  readonly edge: string;
  readonly assumption: string | undefined;
  /** The danger behind it; absent for what follows from holding something. */
  readonly danger?: Danger;
  /** Who makes it; absent for the first move of a path and for what follows from holding something. */
  readonly holder?: Subject;
  /** What would end it, where it follows from holding something. */
  readonly cut?: Cut;
  /** The move as proof; `subject` is who makes it on the first step. */
  steps(subject: Subject): readonly EscalationStep[];
}

/** A danger as a move of `holder`, or of the subject that starts the path. */
export function moveOf(danger: Danger, holder?: Subject): Move {
  return {
    edge: danger.edge,
    assumption: danger.assumption,
    danger,
    ...(holder === undefined ? {} : { holder }),
    steps: (subject) => dangerSteps(danger, holder ?? subject),
  };
}

/** The bindings and rules behind a danger, and what they allow together. */
export function dangerSteps(danger: Pick<Danger, 'grants' | 'note' | 'at'>, who: Subject): readonly EscalationStep[] {
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
    note: `so ${formatSubject(who)} can ${danger.note}`,
    object: danger.at?.object ?? danger.grants[0]?.rule.object ?? danger.grants[0]?.binding.object,
    at: danger.at?.path ?? danger.grants[0]?.rule.rule.path ?? [],
  };
  return [...grants, last];
}

/** What holding a namespace, running code in its Pods, or holding a node brings. */
export function consequences(gain: Gain, around: Surroundings): readonly (readonly [Gain, Move])[] {
  if (gain.kind === 'namespace') return ofNamespace(gain.namespace, around);
  if (gain.kind === 'pods') return ofPods(gain.namespace, around);
  return gain.kind === 'node' ? ofNode(around) : [];
}

function ofNamespace(place: string, around: Surroundings): readonly (readonly [Gain, Move])[] {
  if (place === 'kube-system')
    return [[clusterAdmin, plainMove('kube-system holds the ServiceAccounts of the controllers, which hold the cluster')]];
  return around.accountsIn(place).map((account) => [
    { kind: 'subject', subject: account },
    plainMove(
      `a Pod in ${place} may run as ${formatSubject(account)}`,
      around.access.accountObject(account.namespace, account.name),
      around.accountExists(account) ? undefined : `${formatSubject(account)} is created (it is bound, and does not exist)`,
      {
        note: `move ${formatSubject(account)} and what runs as it into a namespace of its own`,
        object: around.access.accountObject(account.namespace, account.name),
        at: ['metadata', 'namespace'],
      },
    ),
  ]);
}

function ofPods(place: string, around: Surroundings): readonly (readonly [Gain, Move])[] {
  if (place === 'kube-system') return [[clusterAdmin, plainMove('Pods in kube-system belong to the control plane')]];
  return around.workloadsIn(place).flatMap((workload) => {
    const next: (readonly [Gain, Move])[] = [];
    const name = `${workload.ref.kind} ${workload.ref.name}`;
    const token = tokenMount(around.access, workload);
    if (token.mounted !== false)
      next.push([
        { kind: 'subject', subject: token.account },
        plainMove(
          `Pods of ${name} hold a token of ${formatSubject(token.account)}`,
          workload.object,
          token.mounted === true ? undefined : `${formatSubject(token.account)} does not turn its token off`,
          tokenChange(workload),
        ),
      ]);
    const escape = nodeEscape(workload);
    if (escape !== undefined)
      next.push([
        node,
        plainMove(`${name} ${escape}`, workload.object, undefined, {
          note: `let ${workload.ref.kind} ${place}/${workload.ref.name} reach its node no more (it ${escape})`,
          object: workload.object,
          at: workload.podPath,
        }),
      ]);
    return next;
  });
}

/** E52: a Pod of a DaemonSet is on every node, and root on the node reads its token. Which other Pods share the node nobody knows. */
function ofNode(around: Surroundings): readonly (readonly [Gain, Move])[] {
  return around.daemonSets.flatMap((workload): readonly (readonly [Gain, Move])[] => {
    const token = tokenMount(around.access, workload);
    if (token.mounted !== true) return [];
    const note = `each node has a Pod of DaemonSet ${workload.namespace}/${workload.ref.name}, which holds a token of ${formatSubject(token.account)}`;
    return [[{ kind: 'subject', subject: token.account }, plainMove(note, workload.object, undefined, tokenChange(workload))]];
  });
}

const tokenChange = ({ ref, namespace, object, podPath }: Workload): Change => ({
  note: `turn off the token of ${ref.kind} ${namespace}/${ref.name} (automountServiceAccountToken: false)`,
  object,
  at: [...podPath, 'automountServiceAccountToken'],
});

const plainMove = (note: string, object?: EscalationStep['object'], assumption?: string, change?: Change): Move => ({
  edge: '',
  assumption,
  ...(change === undefined ? {} : { cut: { kind: 'separate', note: change.note, changes: [change] } }),
  steps: () => [{ note, object, at: [] }],
});
