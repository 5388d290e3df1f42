import type { AccessModel } from '../../src/facts/access/access.ts';
import { type Danger, type EscalationTarget, type Gain, isWhole, targetOf } from '../../src/facts/access/danger.ts';
import { dangersOf, ownDangers } from '../../src/facts/access/dangers-of.ts';
import type { Need } from '../../src/facts/access/need.ts';
import { consequences } from '../../src/facts/access/move.ts';
import { type Permission, permit } from '../../src/facts/access/permission.ts';
import type { Held, Holder } from '../../src/facts/access/rights.ts';
import { isStar } from '../../src/facts/access/rules.ts';
import { type Subject, subjectKey } from '../../src/facts/access/subject.ts';
import { type Surroundings, surroundingsOf } from '../../src/facts/access/surroundings.ts';
import type { Inventory } from '../../src/facts/inventory.ts';
import type { Workload } from '../../src/kube/workload.ts';

/** What the simple analysis says of one way of a subject. */
export interface SimplePath {
  readonly subject: Subject;
  readonly edge: string;
  readonly target: EscalationTarget;
  readonly certain: boolean;
  readonly length: number;
}

interface Arrival {
  readonly gain: Gain;
  readonly length: number;
  readonly edge: string;
  readonly certain: boolean;
  readonly overNode: boolean;
}

const keyOf = (gain: Gain): string => (gain.kind === 'subject' ? subjectKey(gain.subject) : `${gain.kind} ${targetOf(gain)}`);

/**
 * The escalations as one would write them down first: rules are matched anew for each question, and each subject is walked from on
 * its own, breadth first, once by certain moves and once by all. The oracle of the fast analysis, which shares none of this.
 */
export function simpleEscalations(known: Inventory, running: readonly Workload[], model: AccessModel): readonly SimplePath[] {
  const around = surroundingsOf(known, running, model);
  const dangers = dangersOf(model, around, simpleHolder);
  return model.subjects.flatMap((subject) => {
    const own = ownDangers(subject, dangers(subject));
    return own.length === 0 ? [] : pathsOf(subject, own, dangers, around);
  });
}

export const simpleHolder: Holder = (grants): Held => ({
  grants,
  places: [...new Set(grants.flatMap(({ namespace }) => namespace ?? []))].sort(),
  everywhere: grants.some(({ namespace }) => namespace === undefined),
  at(place) {
    const here = grants.filter(({ namespace }) => namespace === undefined || namespace === place);
    return {
      grants: here,
      permit: (need) => simplePermit(here, place, need),
      star: () => here.find(({ rule }) => isStar(rule.rule)),
    };
  },
  plus: (more) => simpleHolder([...grants, ...more]),
});

function simplePermit(
  grants: Held['grants'],
  place: string | undefined,
  { verbs, group, resource }: Need,
): Permission | undefined {
  if (resource !== '*') return permit(grants, place, verbs, group, resource);
  const resources = [...new Set(grants.flatMap(({ rule }) => rule.rule.resources))];
  const found = resources.flatMap((name) => permit(grants, place, verbs, group, name) ?? []);
  const whole = found.find(({ names }) => names === 'all');
  if (whole !== undefined) return whole;
  return found.length === 0
    ? undefined
    : { names: [...new Set(found.flatMap(({ names }) => names))].sort(), grants: found.flatMap((entry) => entry.grants) };
}

function walk(
  subject: Subject,
  own: readonly Danger[],
  dangers: (subject: Subject) => readonly Danger[],
  around: Surroundings,
  certainOnly: boolean,
): ReadonlyMap<string, Arrival> {
  const reached = new Map<string, Arrival>();
  const enter = (gain: Gain, assumption: string | undefined, edge: string, from: Arrival | undefined) => {
    const key = keyOf(gain);
    if (key === subjectKey(subject) || reached.has(key) || (certainOnly && assumption !== undefined)) return;
    reached.set(key, {
      gain,
      length: (from?.length ?? 0) + 1,
      edge: from?.edge ?? edge,
      certain: (from?.certain ?? true) && assumption === undefined,
      overNode: from !== undefined && (from.overNode || from.gain.kind === 'node'),
    });
  };
  for (const danger of own) enter(danger.gain, danger.assumption, danger.edge, undefined);
  // A map is read in the order of its growth: breadth first.
  for (const arrival of reached.values()) {
    if (arrival.gain.kind === 'subject')
      for (const danger of dangers(arrival.gain.subject)) enter(danger.gain, danger.assumption, danger.edge, arrival);
    else for (const [gain, move] of consequences(arrival.gain, around)) enter(gain, move.assumption, move.edge, arrival);
  }
  return reached;
}

function pathsOf(
  subject: Subject,
  own: readonly Danger[],
  dangers: (subject: Subject) => readonly Danger[],
  around: Surroundings,
): readonly SimplePath[] {
  const homes = new Set([
    ...(subject.kind === 'ServiceAccount' ? [subject.namespace] : []),
    ...around.access.grantsOf(subject).flatMap(({ namespace }) => namespace ?? []),
    ...around.access.unseenOf(subject).flatMap(({ binding }) => binding.namespace ?? []),
  ]);
  const isFar = (target: EscalationTarget): boolean => {
    const [place = '', name] = target.slice(target.indexOf(':') + 1).split('/');
    return isWhole(target) || !(homes.has(place) || (target.startsWith('subject:') && name === undefined));
  };
  const found: SimplePath[] = [];
  const add = (target: EscalationTarget, edge: string, certain: boolean, length: number) => {
    const same = found.filter((other) => other.edge === edge && other.target === target);
    if (!same.some((other) => other.certain) && (certain || same.length === 0))
      found.push({ subject, edge, target, certain, length });
  };
  for (const danger of own) add(targetOf(danger.gain), danger.edge, danger.assumption === undefined, 1);
  const certain = walk(subject, own, dangers, around, true);
  const all = walk(subject, own, dangers, around, false);
  let far = 0;
  for (const [key, arrival] of [...certain, ...[...all].filter(([key]) => !certain.has(key))]) {
    const target = targetOf(arrival.gain);
    const whole = isWhole(target);
    if (arrival.length === 1 || found.some((other) => other.target === target && other.certain)) continue;
    if (!whole && target.startsWith('subject:') && (arrival.overNode || !isFar(target))) continue;
    if (!whole && far === 8) continue;
    if (!whole) far++;
    add(target, arrival.edge, certain.has(key) || arrival.certain, arrival.length);
  }
  return found.some(({ target, certain }) => target === 'cluster-admin' && certain)
    ? found.filter((entry) => (entry.certain && entry.target === 'cluster-admin') || !isFar(entry.target))
    : found;
}
