import { compareText } from '../../model/object-ref.ts';
import type { AccessModel, Grant } from './access.ts';
import { covers } from './covers.ts';
import { directGrants } from './effective.ts';
import type { Escalation, Escalations } from './escalation.ts';
import type { PolicyRule } from './rules.ts';
import { type Subject, subjectKey } from './subject.ts';
import { subjectId } from './subject-name.ts';

/** A right, a path or a role out of sight that one state has and the other has not. */
export interface AccessChange {
  readonly change: 'added' | 'removed' | 'changed';
  readonly what: 'permission' | 'escalation' | 'unseen-role';
  readonly subject: string;
  /** A namespace; `*` is everywhere. */
  readonly namespace: string;
  /** `create,get on deployments.apps (web)`, a target, or a role. */
  readonly detail: string;
  /** Of an escalation. */
  readonly severity: string;
}

/** One side of a comparison. */
export interface AccessState {
  readonly model: AccessModel;
  readonly paths: Escalations;
}

/**
 * What changed between two states. Rights are compared by what they allow and not by how rules are written: a rule in two pieces,
 * or under another binding, is no difference. Default bindings are left out on both sides.
 */
export function accessDiff(before: AccessState, after: AccessState): readonly AccessChange[] {
  const subjects = new Map([...before.model.subjects, ...after.model.subjects].map((subject) => [subjectKey(subject), subject]));
  const all = [...subjects.values()].flatMap((subject) => [
    ...permissionChanges(subject, directGrants(before.model, subject), directGrants(after.model, subject)),
    ...unseenChanges(subject, before.model, after.model),
    ...pathChanges(subject, before.paths.of(subject), after.paths.of(subject)),
  ]);
  return all.sort(
    (a, b) =>
      compareText(a.change, b.change) ||
      compareText(a.what, b.what) ||
      compareText(a.subject, b.subject) ||
      compareText(a.namespace, b.namespace) ||
      compareText(a.detail, b.detail),
  );
}

function permissionChanges(subject: Subject, before: readonly Grant[], after: readonly Grant[]): readonly AccessChange[] {
  const head = { what: 'permission', subject: subjectId(subject), severity: '' } as const;
  return [
    ...gained(after, before).map((entry): AccessChange => ({ change: 'removed', ...head, ...entry })),
    ...gained(before, after).map((entry): AccessChange => ({ change: 'added', ...head, ...entry })),
  ];
}

/** What `now` allows and `old` does not, by place and resource. */
function gained(
  old: readonly Grant[],
  now: readonly Grant[],
): readonly { readonly namespace: string; readonly detail: string }[] {
  const rulesAt = (grants: readonly Grant[], place: string | undefined): readonly PolicyRule[] =>
    grants.filter((grant) => grant.effective && (grant.namespace === undefined || grant.namespace === place)).map(ruleOf);
  const found = new Map<string, { readonly namespace: string; readonly object: string; readonly verbs: Set<string> }>();
  const byPlace = Map.groupBy(
    now.filter(({ effective }) => effective),
    ({ namespace }) => namespace,
  );
  for (const [place, grants] of byPlace) {
    const had = rulesAt(old, place);
    for (const atom of grants.flatMap((grant) => atomsOf(ruleOf(grant)))) {
      if (covers(had, [atom])) continue;
      const namespace = place ?? '*';
      const object = objectOf(atom);
      const key = JSON.stringify([namespace, object]);
      const entry = found.get(key) ?? { namespace, object, verbs: new Set<string>() };
      for (const verb of atom.verbs) entry.verbs.add(verb);
      found.set(key, entry);
    }
  }
  return [...found.values()].map(({ namespace, object, verbs }) => ({
    namespace,
    detail: `${[...verbs].sort().join(',')} on ${object}`,
  }));
}

/** The rule without the parts that never allow anything through this binding. */
function ruleOf({ rule: { rule }, ineffective }: Grant): PolicyRule {
  const dead = new Set(ineffective.map(({ part }) => part));
  const alive = (list: readonly string[]) => list.filter((entry) => !dead.has(entry));
  return { ...rule, verbs: alive(rule.verbs), resources: alive(rule.resources), nonResourceURLs: alive(rule.nonResourceURLs) };
}

/** A rule as single requests: one verb on one resource of one group, with one name; or one verb on one path. */
function atomsOf(rule: PolicyRule): readonly PolicyRule[] {
  const names = rule.resourceNames.length === 0 ? [[]] : rule.resourceNames.map((name) => [name]);
  const one = { apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: [], path: rule.path };
  return rule.verbs.flatMap((verb) => [
    ...rule.nonResourceURLs.map((url) => ({ ...one, verbs: [verb], nonResourceURLs: [url] })),
    ...rule.apiGroups.flatMap((group) =>
      rule.resources.flatMap((resource) =>
        names.map((resourceNames) => ({ ...one, verbs: [verb], apiGroups: [group], resources: [resource], resourceNames })),
      ),
    ),
  ]);
}

function objectOf({ apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule): string {
  const [url] = nonResourceURLs;
  if (url !== undefined) return url;
  const [group = ''] = apiGroups;
  const [resource = ''] = resources;
  const [plural = '', ...sub] = resource.split('/');
  const [name] = resourceNames;
  return `${[`${plural}${group === '' ? '' : `.${group}`}`, ...sub].join('/')}${name === undefined ? '' : ` (${name})`}`;
}

function unseenChanges(subject: Subject, before: AccessModel, after: AccessModel): readonly AccessChange[] {
  const rolesOf = (model: AccessModel) =>
    new Map(
      model
        .unseenOf(subject)
        .filter(
          ({ binding }) =>
            !binding.builtin && binding.subjects.some((entry) => subjectKey(entry.subject) === subjectKey(subject)),
        )
        .map(({ binding }) => {
          const entry = { namespace: binding.namespace ?? '*', detail: `${binding.roleRef.kind} ${binding.roleRef.name}` };
          return [JSON.stringify(entry), entry];
        }),
    );
  const [old, now] = [rolesOf(before), rolesOf(after)];
  const head = { what: 'unseen-role', subject: subjectId(subject), severity: '' } as const;
  return [
    ...[...now].flatMap(([key, entry]): AccessChange[] => (old.has(key) ? [] : [{ change: 'added', ...head, ...entry }])),
    ...[...old].flatMap(([key, entry]): AccessChange[] => (now.has(key) ? [] : [{ change: 'removed', ...head, ...entry }])),
  ];
}

/** By target: whether it is reached, and whether for certain. Another way to the same target is no difference. */
function pathChanges(subject: Subject, before: readonly Escalation[], after: readonly Escalation[]): readonly AccessChange[] {
  const best = (paths: readonly Escalation[]) => {
    const byTarget = new Map<string, Escalation>();
    for (const path of paths) {
      const known = byTarget.get(path.target);
      if (known === undefined || (path.certain && !known.certain)) byTarget.set(path.target, path);
    }
    return byTarget;
  };
  const [old, now] = [best(before), best(after)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((target): readonly AccessChange[] => {
    const [was, is] = [old.get(target), now.get(target)];
    const shown = is ?? was;
    if (shown === undefined || (was !== undefined && is !== undefined && was.certain === is.certain)) return [];
    const place = target.includes(':') && !target.startsWith('subject:') ? target.slice(target.indexOf(':') + 1) : '*';
    return [
      {
        change: was === undefined ? 'added' : is === undefined ? 'removed' : 'changed',
        what: 'escalation',
        subject: subjectId(subject),
        namespace: place,
        detail: `${target}${shown.certain ? '' : ` if ${shown.assumption ?? 'an assumption holds'}`}`,
        severity: shown.severity,
      },
    ];
  });
}
