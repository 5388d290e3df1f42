import { fingerprintOf } from '../evidence/digest.ts';
import type { FactStore } from '../facts/fact.ts';
import { type Inventory, inventory } from '../facts/inventory.ts';
import { type FileProblem, objects } from '../facts/objects.ts';
import type { KubeObject } from '../kube/object.ts';
import { compareText, formatRef, type ObjectRef, ownApiVersion, refKey } from '../model/object-ref.ts';
import type { Assessment, Path } from '../model/judgement.ts';
import { compareRefs } from '../model/object-ref.ts';
import { type AnyCheck, type Judgement, say, type Target } from './define-check.ts';
import { createResolver, type Place } from './locate.ts';

/** What the engine itself can say of any check; checks may not use these ids. */
const engineMessages = {
  'no-target': 'Nothing to judge among {objects} objects (looked for {kinds}).',
  'unseen-targets': 'Nothing to judge in the sources (looked for {kinds}), and {why}.',
  unread: '{file} was not read whole, so what stands there was not looked at.',
  unexpanded: '{object} deploys objects that are not in the sources: render them and add them as a source.',
  crashed: 'The check failed on this target ({error}). This is a bug in the check.',
} as const;

/** The part of a standard that the engine needs of one check. */
export interface Demand {
  readonly check: AnyCheck;
  readonly parameters: object;
}

export interface Draft {
  readonly assessment: Omit<Assessment, 'because'>;
  readonly place?: Place;
  readonly because: readonly { readonly note: string; readonly target: ObjectRef; readonly place: Place }[];
  readonly urgent: boolean;
}

/**
 * Asks every check about every target. Total: a check that throws gives an unknown for that target alone.
 * Returned by check id, each list sorted by urgency, target, message and key, so that input order never shows.
 */
export function assessAll(
  demands: readonly Demand[],
  facts: FactStore,
  asOf: string,
): ReadonlyMap<string, readonly Assessment[]> {
  const known = facts(inventory);
  const drafts = demands.map((demand) => [demand.check.id, assessCheck(demand, facts, known, asOf)] as const);
  const resolve = createResolver(facts);
  for (const [, list] of drafts) for (const draft of list) resolve.want(draft);
  resolve.run();
  return new Map(
    drafts.map(([id, list]) => {
      const [urgent, others] = [true, false].map((is) => list.filter((draft) => draft.urgent === is));
      return [id, [urgent, others].flatMap((part) => sortAssessments((part ?? []).map((draft) => resolve.finish(draft))))];
    }),
  );
}

function sortAssessments(list: readonly Assessment[]): readonly Assessment[] {
  return [...list].sort(
    (a, b) =>
      compareRefs(a.target, b.target) ||
      compareText(a.messageId, b.messageId) ||
      compareText(a.message, b.message) ||
      compareText(a.fingerprint, b.fingerprint),
  );
}

function assessCheck(demand: Demand, facts: FactStore, known: Inventory, asOf: string): Draft[] {
  const { check, parameters } = demand;
  const review: Target = { ref: { apiVersion: ownApiVersion, kind: 'Source', name: known.environment } };
  const attempt = (target: Target, judge: () => Judgement | readonly Judgement[]): Draft[] => {
    try {
      const answer = judge();
      const list = Array.isArray(answer) ? (answer as readonly Judgement[]) : [answer as Judgement];
      if (list.length === 0) throw new Error('no judgement');
      return list.map((judgement) => draft(check, target, judgement));
    } catch (error) {
      return [
        draft(check, target, { outcome: 'unknown', reason: 'error', message: 'crashed', data: { error: describeCrash(error) } }),
      ];
    }
  };
  let given: Record<string, unknown>;
  let targets: readonly Target[];
  try {
    given = { asOf, parameters };
    for (const [name, source] of Object.entries(check.needs)) given[name] = facts(source);
    targets = [...check.targets(given as never)];
  } catch (error) {
    return attempt(review, () => {
      throw error;
    });
  }
  const drafts = targets.flatMap((target) => attempt(target, () => check.assess(target as never, given as never, say as never)));
  if (drafts.length === 0) {
    drafts.push(
      ...attempt(review, () => (check.none ? check.none(given as never, say as never) : absenceOfTargets(check, known))),
    );
  }
  if (check.looksFor.length > 0) {
    drafts.push(...known.unexpanded.map((object) => unexpandedSource(check, object)));
    drafts.push(...unreadSources(facts).map((problem) => unreadSource(check, problem)));
  }
  return drafts;
}

/** Files of the system of which a part could not be read. */
function unreadSources(facts: FactStore): readonly FileProblem[] {
  const { unread, slots } = facts(objects);
  const system = new Set(slots.filter(({ role }) => role === 'system').map(({ id }) => id));
  return unread.filter(({ slot }) => system.has(slot));
}

function unreadSource(check: AnyCheck, { file, problem, rendered }: FileProblem): Draft {
  const position = 'position' in problem && !rendered ? { line: problem.position.line, column: problem.position.column } : {};
  const target: Target = { ref: { apiVersion: ownApiVersion, kind: 'Source', name: file } };
  const location = { file, ...position, path: '' };
  return draft(check, target, { outcome: 'unknown', reason: 'missing', message: 'unread', data: { file }, location });
}

const describeCrash = (error: unknown) =>
  error instanceof Error ? error.message.replace(/\s+/g, ' ').slice(0, 120) : 'not an error';

/** No target: not applicable only where a source is complete for every kind that would have been one. */
function absenceOfTargets(check: AnyCheck, known: Inventory): Judgement {
  const kinds = check.looksFor.flatMap((entry) => (entry === '*' ? workloadKinds : [splitKind(entry)]));
  const names = check.looksFor.map((entry) => (entry === '*' ? 'workloads' : splitKind(entry).kind)).join(', ');
  for (const { group, kind } of kinds) {
    const completeness = known.completeness(group, kind);
    if (!completeness.complete)
      return { outcome: 'unknown', reason: 'missing', message: 'unseen-targets', data: { kinds: names, why: completeness.why } };
  }
  return { outcome: 'not-applicable', message: 'no-target', data: { kinds: names, objects: known.objects.length } };
}

const workloadKinds = ['Deployment.apps', 'StatefulSet.apps', 'DaemonSet.apps'].map(splitKind);

function splitKind(entry: string): { readonly kind: string; readonly group: string } {
  const dot = entry.indexOf('.');
  return dot < 0 ? { kind: entry, group: '' } : { kind: entry.slice(0, dot), group: entry.slice(dot + 1) };
}

function unexpandedSource(check: AnyCheck, object: KubeObject): Draft {
  return draft(
    check,
    { ref: object.ref, object },
    { outcome: 'unknown', reason: 'missing', message: 'unexpanded', data: { object: formatRef(object.ref) } },
  );
}

function draft(check: AnyCheck, target: Target, judgement: Judgement): Draft {
  const template = check.messages[judgement.message] ?? (engineMessages as Readonly<Record<string, string>>)[judgement.message];
  if (template === undefined) throw new Error(`${check.id} has no message ${judgement.message}`);
  const { outcome, reason, until } = judgement;
  const object = judgement.in ?? target.object;
  const path: Path = judgement.in === undefined ? [...(target.path ?? []), ...(judgement.at ?? [])] : (judgement.at ?? []);
  return {
    assessment: {
      outcome,
      ...(reason === undefined ? {} : { reason }),
      messageId: judgement.message,
      message: fill(template, judgement.data),
      fingerprint: fingerprintOf([
        check.id,
        refKey(target.ref),
        target.ref.container ?? '',
        judgement.message,
        judgement.key ?? '',
      ]),
      target: target.ref,
      ...(outcome === 'fail' || outcome === 'unknown' ? { remedy: check.remedy } : {}),
      ...(until === undefined ? {} : { until }),
      ...(judgement.location === undefined ? {} : { location: judgement.location }),
    },
    ...(object === undefined || judgement.location !== undefined ? {} : { place: { object, path } }),
    because: (judgement.because ?? []).map((step) => ({
      note: step.note,
      target: step.object.ref,
      place: { object: step.object, path: step.at ?? [] },
    })),
    urgent: judgement.urgent === true,
  };
}

/** Puts data into a message's placeholders. */
export function fill(template: string, data: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => (Object.hasOwn(data, name) ? String(data[name]) : whole));
}
