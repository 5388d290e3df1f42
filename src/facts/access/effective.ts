import type { Inventory } from '../inventory.ts';
import type { AccessModel, Grant } from './access.ts';
import type { Binding } from './bindings.ts';
import { isClusterScoped } from './ineffective.ts';
import { permit } from './permission.ts';
import type { Role } from './roles.ts';
import { isStar, type Names, splitResource } from './rules.ts';
import { isControlPlane, type Subject, subjectKey } from './subject.ts';

/** The grants that bindings give to the subject by name, default bindings left out. What a group has is the group's. */
export const directGrants = (model: AccessModel, subject: Subject): readonly Grant[] =>
  model.grantsOf(subject).filter((grant) => !grant.binding.builtin && subjectKey(grant.subject) === subjectKey(subject));

export interface AdminBinding {
  readonly binding: Binding;
  /** `cluster`: of everything. `namespace`: the owner of one namespace. */
  readonly scope: 'cluster' | 'namespace';
  /** `unseen`: the role's rules are not known. */
  readonly status: 'admin' | 'unseen';
  /** The rule that allows everything. */
  readonly role: Role | undefined;
}

/** Bindings to a role that allows everything, by what the role says and not by its name, and those whose role cannot be seen. */
export function adminBindings(model: AccessModel): readonly AdminBinding[] {
  return model.bindings.flatMap((binding): AdminBinding[] => {
    if (binding.builtin || binding.subjects.length === 0) return [];
    const scope = binding.namespace === undefined ? 'cluster' : 'namespace';
    if (binding.role.status === 'missing') return [];
    if (binding.role.status === 'unseen') return [{ binding, scope, status: 'unseen', role: undefined }];
    const { role } = binding.role;
    if (role.rules.some(({ rule }) => isStar(rule))) return [{ binding, scope, status: 'admin', role }];
    return role.undecided === undefined ? [] : [{ binding, scope, status: 'unseen', role }];
  });
}

export interface Wildcard {
  readonly role: Role;
  readonly grants: readonly Grant[];
  readonly in: readonly ('verbs' | 'apiGroups' | 'resources' | 'nonResourceURLs')[];
  /** Who holds it. */
  readonly subjects: readonly Subject[];
  /** Some binding gives it everywhere. */
  readonly clusterWide: boolean;
}

/** Effective rules with `*`, one entry a rule, with everybody who holds it. Built-in subjects are left out. */
export function wildcards(model: AccessModel): readonly Wildcard[] {
  const byRule = new Map<object, Grant[]>();
  for (const subject of model.subjects) {
    if (isControlPlane(subject)) continue;
    for (const grant of directGrants(model, subject)) {
      if (!grant.effective || starsIn(grant).length === 0) continue;
      const list = byRule.get(grant.rule.rule);
      if (list) list.push(grant);
      else byRule.set(grant.rule.rule, [grant]);
    }
  }
  return [...byRule.values()].flatMap((grants): Wildcard[] => {
    const first = grants[0];
    if (first === undefined) return [];
    return [
      {
        role: first.role,
        grants,
        in: starsIn(first),
        subjects: unique(grants.map((grant) => grant.subject)),
        clusterWide: grants.some((grant) => grant.namespace === undefined),
      },
    ];
  });
}

/** The lists of a grant's rule that hold `*`. */
export function starsIn({ rule: { rule } }: Grant): Wildcard['in'] {
  const starred: Wildcard['in'][number][] = [];
  if (rule.verbs.includes('*')) starred.push('verbs');
  if (rule.apiGroups.includes('*')) starred.push('apiGroups');
  // `*` with a subresource is a wildcard over resources too.
  if (rule.resources.some((resource) => splitResource(resource)[0] === '*')) starred.push('resources');
  if (rule.nonResourceURLs.includes('*')) starred.push('nonResourceURLs');
  return starred;
}

const unique = (subjects: readonly Subject[]): readonly Subject[] => [
  ...new Map(subjects.map((subject) => [subjectKey(subject), subject])).values(),
];

export interface ObjectAccess {
  readonly subject: Subject;
  /** Where: undefined is every namespace. */
  readonly namespace: string | undefined;
  readonly verbs: readonly string[];
  readonly names: Names;
  readonly grants: readonly Grant[];
}

/** Who may use one of the verbs on a resource, by place, from bindings that name the subject. */
export function holders(model: AccessModel, verbs: readonly string[], group: string, resource: string): readonly ObjectAccess[] {
  return model.subjects.flatMap((subject) => heldBy(subject, directGrants(model, subject), verbs, group, resource));
}

/** What grants of one subject allow of the verbs on a resource, one entry a place. */
export function heldBy(
  subject: Subject,
  grants: readonly Grant[],
  verbs: readonly string[],
  group: string,
  resource: string,
): readonly ObjectAccess[] {
  const places = [undefined, ...[...new Set(grants.flatMap((grant) => grant.namespace ?? []))].sort()];
  return places.flatMap((namespace): ObjectAccess[] => {
    const here = grants.filter((grant) => grant.namespace === namespace);
    const held = verbs.flatMap((verb) => {
      const permission = permit(here, namespace, [verb], group, resource);
      return permission === undefined ? [] : [{ verb, permission }];
    });
    if (held.length === 0) return [];
    const names = held.some(({ permission }) => permission.names === 'all')
      ? 'all'
      : [...new Set(held.flatMap(({ permission }) => permission.names))].sort();
    return [
      {
        subject,
        namespace,
        verbs: held.map(({ verb }) => verb),
        names,
        grants: [...new Set(held.flatMap(({ permission }) => permission.grants))],
      },
    ];
  });
}

/** Who reads Secrets. `list` and `watch` return whole Secrets, as `get` does. */
export const secretReaders = (model: AccessModel): readonly ObjectAccess[] => holders(model, secretReads, '', 'secrets');
export const secretReads = ['get', 'list', 'watch'] as const;

/** Who makes, changes or removes Secrets. */
export const secretWriters = (model: AccessModel): readonly ObjectAccess[] => holders(model, secretWrites, '', 'secrets');
export const secretWrites = ['create', 'update', 'patch', 'delete', 'deletecollection'] as const;

/** Who reads one Secret by the API. Whoever may create Pods in its namespace can mount it too: see the escalations `namespace:...`. */
export function readersOfSecret(
  model: AccessModel,
  namespace: string,
  name: string,
): { readonly readers: readonly ObjectAccess[]; readonly unknown: readonly Subject[] } {
  const readers = secretReaders(model).filter(
    (entry) =>
      (entry.namespace === undefined || entry.namespace === namespace) && (entry.names === 'all' || entry.names.includes(name)),
  );
  const sure = new Set(readers.map(({ subject }) => subjectKey(subject)));
  const request = { verb: 'get', group: '', resource: 'secrets', name, namespace };
  const unknown = model
    .whoCan(request)
    .flatMap(({ subject, decision }) => (decision.allowed === 'unknown' && !sure.has(subjectKey(subject)) ? [subject] : []));
  return { readers, unknown };
}

const writes = new Set(['*', 'create', 'update', 'patch', 'delete', 'deletecollection']);
/** Created only to ask a question: nothing is stored. */
export const questions: ReadonlySet<string> = new Set([
  'tokenreviews',
  'selfsubjectreviews',
  'subjectaccessreviews',
  'selfsubjectaccessreviews',
  'selfsubjectrulesreviews',
  'localsubjectaccessreviews',
]);

/** Effective grants of the whole cluster that write something: cluster-scoped objects, or namespaced ones in every namespace. */
export function clusterWrites(model: AccessModel): readonly Grant[] {
  return model.subjects.flatMap((subject) => directGrants(model, subject).filter(isClusterWrite));
}

/** Whether an effective grant of the whole cluster stores or removes something. */
export const isClusterWrite = ({ namespace, effective, rule: { rule } }: Grant): boolean =>
  namespace === undefined &&
  effective &&
  rule.resources.some((resource) => !questions.has(resource)) &&
  rule.apiGroups.length > 0 &&
  rule.verbs.some((verb) => writes.has(verb));

export interface ForeignAccess {
  readonly subject: Extract<Subject, { kind: 'ServiceAccount' }>;
  /** A namespace that is not the account's; undefined: every namespace. */
  readonly namespace: string | undefined;
  readonly grants: readonly Grant[];
}

/** ServiceAccounts with effective grants on namespaced objects outside their own namespace. */
export function crossNamespace(model: AccessModel): readonly ForeignAccess[] {
  return model.subjects.flatMap((subject): ForeignAccess[] => {
    if (subject.kind !== 'ServiceAccount') return [];
    const foreign = directGrants(model, subject).filter(
      (grant) =>
        grant.effective &&
        grant.rule.rule.resources.length > 0 &&
        grant.namespace !== subject.namespace &&
        (grant.namespace !== undefined || reachesNamespaces(grant)),
    );
    const places = [...new Set(foreign.map((grant) => grant.namespace))].sort((a, b) => ((a ?? '') < (b ?? '') ? -1 : 1));
    return places.map((namespace) => ({ subject, namespace, grants: foreign.filter((grant) => grant.namespace === namespace) }));
  });
}

/** A cluster-wide rule that names only cluster-scoped resources (nodes, clusterissuers) reaches into no namespace. */
export const reachesNamespaces = ({ rule: { rule } }: Grant): boolean =>
  rule.resources.some(
    (resource) =>
      !questions.has(resource) && !rule.apiGroups.every((group) => isClusterScoped(group, splitResource(resource)[0]) === true),
  );

export interface IneffectiveGrant {
  readonly grant: Grant;
  readonly parts: Grant['ineffective'];
}

/** Grants of which a part, or nothing at all, ever allows a request; one entry a rule and binding. */
export function ineffectiveGrants(model: AccessModel): readonly IneffectiveGrant[] {
  const seen = new Map<Binding, Set<object>>();
  return model.subjects.flatMap((subject) =>
    directGrants(model, subject).flatMap((grant): IneffectiveGrant[] => {
      const rules = seen.get(grant.binding) ?? new Set();
      seen.set(grant.binding, rules);
      if (grant.ineffective.length === 0 || rules.has(grant.rule.rule)) return [];
      rules.add(grant.rule.rule);
      return [{ grant, parts: grant.ineffective }];
    }),
  );
}

export type DanglingBinding =
  | { readonly binding: Binding; readonly kind: 'role-missing' | 'role-unseen' }
  | {
      readonly binding: Binding;
      readonly kind: 'account-missing' | 'account-unseen';
      readonly subject: Subject;
      readonly index: number;
    };

/**
 * Bindings whose role or ServiceAccount is not there. They grant nothing now: whoever may create what is missing gets the grant.
 * `unseen`: no source is complete for it.
 */
export function danglingBindings(known: Inventory, model: AccessModel): readonly DanglingBinding[] {
  return model.bindings.flatMap((binding): DanglingBinding[] => {
    if (binding.builtin) return [];
    const found: DanglingBinding[] = [];
    if (binding.role.status === 'missing') found.push({ binding, kind: 'role-missing' });
    if (binding.role.status === 'unseen') found.push({ binding, kind: 'role-unseen' });
    for (const { subject, index } of binding.subjects) {
      if (subject.kind !== 'ServiceAccount' || subject.name === 'default') continue;
      const account = known.lookup('', 'ServiceAccount', subject.namespace, subject.name);
      if (account.status === 'absent') found.push({ binding, kind: 'account-missing', subject, index });
      if (account.status === 'unseen') found.push({ binding, kind: 'account-unseen', subject, index });
    }
    return found;
  });
}
