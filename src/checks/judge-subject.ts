import type { Escalation } from '../facts/access/escalation.ts';
import type { BindingKind, ReviewedSubject, ReviewedSubjects } from '../facts/access/reviewed-subjects.ts';
import type { OutsideWay } from '../facts/network/outside.ts';
import { workloadId } from '../facts/network/peers.ts';
import { formatRef } from '../model/object-ref.ts';
import type { Because, Judgement, Say } from './define-check.ts';

/** Said of a subject that only an installer's own bindings name: see `platformMakerOf`. */
export const platformMessage = '{subject} has no rights but those that {maker} gives it in every cluster.';

/** What keeps a check from saying what a subject may not do; a check adds its own. */
export const subjectMessages = {
  'role-unseen': '{subject} is bound to {role} by {binding}, and what it allows is not known: {why}. Give the role.',
  hidden: '{kinds} may exist outside these sources ({why}): give a dump of them, or declare a source complete for them.',
} as const;

/** The reviewed subjects, and the source itself where bindings may exist outside it: one unknown a check, not one a subject. */
export function* subjectTargets(
  reviewed: ReviewedSubjects,
  kinds: readonly BindingKind[],
): Generator<ReviewedSubject | ReviewedSubjects['source']> {
  yield* reviewed.all;
  if (reviewed.hidden(kinds)) yield reviewed.source;
}

/** What is said of the source. */
export const hiddenBindings = (
  reviewed: ReviewedSubjects,
  kinds: readonly BindingKind[],
  say: Say<typeof subjectMessages>,
): Judgement => say.unknown('hidden', reviewed.hidden(kinds) ?? { kinds: 'Bindings', why: 'nobody looked' });

/** A binding whose role nobody shows. */
export function unseenRole(
  { label, unseen }: Pick<ReviewedSubject, 'label' | 'unseen'>,
  say: Say<typeof subjectMessages>,
): readonly Judgement[] {
  return unseen.map(({ binding, why }) => ({
    ...say.unknown('role-unseen', {
      subject: label,
      role: `${binding.roleRef.kind} ${binding.roleRef.name}`,
      binding: `${binding.kind} ${binding.name}`,
      why,
    }),
    key: `${binding.kind}/${binding.namespace ?? ''}/${binding.name}`,
    ...(binding.object === undefined ? {} : { in: binding.object, at: ['roleRef'] }),
  }));
}

const longestProof = 8;

/** A judgement with its witnesses, standing where the first rule is: that is what has to change. */
export function witnessed(judgement: Judgement, because: readonly Because[]): Judgement {
  const place = because.find(({ at }) => at?.[0] === 'rules') ?? because[0];
  return {
    ...judgement,
    because: because.slice(0, longestProof),
    ...(place === undefined ? {} : { in: place.object, at: place.at ?? [] }),
  };
}

/** ` (and 2 more ways)`, or nothing. */
export const moreWays = (more: number): string => (more <= 0 ? '' : ` (and ${more} more ${more === 1 ? 'way' : 'ways'})`);

export const isNonEmpty = <T>(list: readonly T[]): list is readonly [T, ...T[]] => list.length > 0;

/** What makes a path worse: whose Pods start it, and how somebody outside the cluster reaches them. */
export interface Exposed {
  /** ` Deployment shop/backend holds its token and is reachable from outside the cluster: ...`, or nothing. */
  readonly text: string;
  /** Adds to a judgement what proves it, and ranks it above those whose Pods nobody outside reaches. */
  rank(judgement: Judgement): Judgement;
}

/** @param ways how workloads are reached from outside: `outsideWays`. */
export function exposedBy({ workloads }: Pick<Escalation, 'workloads'>, ways: ReadonlyMap<string, OutsideWay>): Exposed {
  const open = workloads.flatMap((workload) => ways.get(workloadId(workload)) ?? []);
  const way = open.find(({ certain }) => certain) ?? open[0];
  if (way === undefined) return { text: '', rank: (judgement) => judgement };
  const pods = formatRef(way.workload.workload.ref);
  const own = way.object === way.workload.workload.object;
  const through = own ? 'a port of its node' : formatRef(way.object.ref);
  const note = `${pods} holds its token and ${way.certain ? 'is' : 'may be'} reachable from outside the cluster: ${through} leads to ${way.protocol} ${way.port}`;
  return {
    text: ` ${note}.`,
    rank: (judgement) => ({
      ...judgement,
      urgent: way.certain,
      because: [...(judgement.because ?? []), { note, object: way.object, at: way.at }],
    }),
  };
}

const shownCuts = 2;

/** ` To cut it: take from ..., or enforce ...`: what would end a path. Nothing where only default bindings give it. */
export function cutOf({ cuts }: Pick<Escalation, 'cuts'>): string {
  if (cuts.length === 0) return '';
  const more = cuts.length - shownCuts;
  const rest = more <= 0 ? '' : `, or one of ${more} other ${more === 1 ? 'way' : 'ways'}`;
  const notes = cuts.slice(0, shownCuts).map(({ note }) => note);
  return ` To cut it: ${notes.join(', or ')}${rest}.`;
}
