import type { DeclaredReview, Place } from '../evidence/declared.ts';
import { formatPlace, SeaworthyError } from '../model/errors.ts';
import { compareText } from '../model/object-ref.ts';
import type { Hours, Tier } from '../model/result.ts';
import { nearest } from '../model/suggest.ts';
import type { Remedy } from '../remedies/remedy.ts';

/** Everything that can become a task: a remedy with its overrides, or a task that the review file adds. */
export interface Candidate {
  readonly id: string;
  readonly title: string;
  readonly owner: string;
  readonly effort: Hours;
  readonly effortBasis: string;
  readonly perTarget?: Hours;
  readonly proves?: true;
  readonly after: readonly string[];
  readonly steps: readonly string[];
  /** Set for a task of the review file: it is always part of the plan. */
  readonly tier?: Tier;
  readonly place?: Place;
}

const declaredBasis = 'Given in the review file.';

/**
 * All candidates by id, remedies first.
 * @throws SeaworthyError SW_REVIEW_FILE where the review file names a remedy that does not exist, gives hours that are no range,
 * uses an id twice, or closes a cycle.
 */
export function candidatesOf(remedies: readonly Remedy[], plan: DeclaredReview['plan']): ReadonlyMap<string, Candidate> {
  const candidates = new Map<string, Candidate>(
    [...remedies].sort((a, b) => compareText(a.id, b.id)).map((remedy) => [remedy.id, remedy]),
  );
  for (const override of plan.overrides) {
    const { remedy: id, effort, owner, after, place } = override;
    const base = candidates.get(id);
    if (base === undefined) throw unknownId(id, candidates.keys(), 'remedy', place);
    if (effort !== undefined) checkRange(id, effort, place);
    const { perTarget, ...rest } = base;
    candidates.set(id, {
      ...rest,
      ...(effort === undefined ? (perTarget === undefined ? {} : { perTarget }) : { effort, effortBasis: declaredBasis }),
      ...(owner === undefined ? {} : { owner }),
      ...(after === undefined ? {} : { after }),
      ...(place === undefined ? {} : { place }),
    });
  }
  for (const task of plan.tasks) {
    if (candidates.has(task.id))
      throw invalid(`Two tasks or remedies have the id "${task.id}".`, task.place, 'Choose another id.');
    checkRange(task.id, task.effort, task.place);
    candidates.set(task.id, { ...task, steps: [], effortBasis: declaredBasis, proves: true });
  }
  for (const { after, place } of [...plan.overrides, ...plan.tasks])
    for (const id of after ?? []) if (!candidates.has(id)) throw unknownId(id, candidates.keys(), 'remedy or task', place);
  const cycle = findCycle(candidates);
  if (cycle !== undefined) {
    const place = cycle.map((id) => candidates.get(id)?.place).find((candidate) => candidate !== undefined);
    throw invalid(`The prerequisites form a cycle: ${cycle.join(' -> ')}.`, place, 'Remove one of these prerequisites.');
  }
  return candidates;
}

function checkRange(id: string, { min, likely, max }: Hours, place: Place | undefined): void {
  if (!(min >= 0 && min <= likely && likely <= max && Number.isFinite(max)))
    throw invalid(
      `The effort of ${id} is no range: min ${min}, likely ${likely}, max ${max}.`,
      place,
      'Write 0 <= min <= likely <= max, in hours.',
    );
}

function unknownId(id: string, known: Iterable<string>, what: string, place: Place | undefined): SeaworthyError {
  const near = nearest(id, known);
  return invalid(`There is no ${what} "${id}".`, place, near === undefined ? undefined : `Did you mean ${near}?`);
}

const invalid = (message: string, place: Place | undefined, hint: string | undefined) =>
  new SeaworthyError('SW_REVIEW_FILE', message, {
    ...(place === undefined ? {} : { where: formatPlace(place) }),
    ...(hint === undefined ? {} : { hint }),
  });

/**
 * A cycle among prerequisites, from its smallest id around to it again: `a -> b -> a` says that a waits for b and b for a.
 * Iterative, since a review file may declare a chain longer than the stack is deep.
 */
function findCycle(candidates: ReadonlyMap<string, Pick<Candidate, 'after'>>): readonly string[] | undefined {
  const done = new Set<string>();
  for (const root of [...candidates.keys()].sort(compareText)) {
    const trail: string[] = [];
    const onTrail = new Set<string>();
    const pending: { readonly id: string; readonly leave: boolean }[] = [{ id: root, leave: false }];
    for (let step = pending.pop(); step !== undefined; step = pending.pop()) {
      const { id, leave } = step;
      if (leave) {
        trail.pop();
        onTrail.delete(id);
        done.add(id);
        continue;
      }
      if (onTrail.has(id)) return rotated(trail.slice(trail.indexOf(id)));
      if (done.has(id)) continue;
      trail.push(id);
      onTrail.add(id);
      pending.push({ id, leave: true });
      for (const next of candidates.get(id)?.after ?? []) pending.push({ id: next, leave: false });
    }
  }
  return undefined;
}

function rotated(cycle: readonly string[]): readonly string[] {
  const first = cycle.indexOf([...cycle].sort(compareText)[0] as string);
  const turned = [...cycle.slice(first), ...cycle.slice(0, first)];
  return [...turned, turned[0] as string];
}

/**
 * The prerequisites of each chosen candidate among the chosen. One that is not chosen is done already; what it waited for still
 * comes before what waits for it.
 */
export function prerequisitesAmong(
  chosen: ReadonlySet<string>,
  candidates: ReadonlyMap<string, Candidate>,
): ReadonlyMap<string, readonly string[]> {
  return new Map([...chosen].map((id) => [id, nearestChosen(id, chosen, candidates)]));
}

function nearestChosen(id: string, chosen: ReadonlySet<string>, candidates: ReadonlyMap<string, Candidate>): readonly string[] {
  const found = new Set<string>();
  const seen = new Set<string>();
  const pending = [...(candidates.get(id)?.after ?? [])];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    if (chosen.has(next)) found.add(next);
    else pending.push(...(candidates.get(next)?.after ?? []));
  }
  return [...found].sort(compareText);
}
