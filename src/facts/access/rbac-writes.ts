import { type AccessModel, type Decision, isMaster } from './access.ts';
import { type Atom, uncovered } from './covers.ts';
import type { PolicyRule } from './rules.ts';
import type { Subject } from './subject.ts';

const rbac = 'rbac.authorization.k8s.io';

/** A Role or ClusterRole as somebody wants to write it. */
export interface RoleWrite {
  readonly kind: 'Role' | 'ClusterRole';
  /** Undefined for a ClusterRole. */
  readonly namespace: string | undefined;
  readonly name: string;
  readonly verb: 'create' | 'update' | 'patch';
  /** All rules of the new object: the check runs over the whole of it, also when only a label changes. */
  readonly rules: readonly PolicyRule[];
  /** The new object, or the one it replaces, has an aggregationRule. */
  readonly aggregates?: boolean;
}

/** A RoleBinding (with a namespace) or ClusterRoleBinding as somebody wants to write it. */
export interface BindingWrite {
  readonly namespace: string | undefined;
  readonly name: string;
  readonly verb: 'create' | 'update' | 'patch';
  readonly roleRef: { readonly kind: 'Role' | 'ClusterRole'; readonly name: string };
}

export interface WriteVerdict {
  readonly allowed: boolean | 'unknown';
  /** What lets it pass: a master, the verb, or the rules that the subject holds. */
  readonly by?: 'system:masters' | 'escalate' | 'bind' | 'held-rules';
  /** The first of what the subject does not hold, where that is the reason. */
  readonly missing: readonly Atom[];
  /** Why it is refused or unknown. */
  readonly why: readonly string[];
}

/** Everything: what whoever writes an aggregated ClusterRole must hold (clusterrole/policybased/storage.go). */
const fullAuthority: readonly PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'], resourceNames: [], nonResourceURLs: [], path: [] },
  { verbs: ['*'], apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: ['*'], path: [] },
];
/** Atoms that are told. */
const told = 5;

/**
 * May the subject write the role: the verb on roles, and the API server's own check against escalation (kubernetes
 * pkg/registry/rbac/role/policybased and clusterrole/policybased).
 */
export function mayWriteRole(
  model: AccessModel,
  subject: Subject,
  write: RoleWrite,
  groups: readonly string[] = [],
): WriteVerdict {
  const resource = write.kind === 'Role' ? 'roles' : 'clusterroles';
  const request = at(write.kind === 'Role' ? write.namespace : undefined, resource, write.verb, write.name);
  return both(model.can(subject, request, groups), `${write.verb} ${resource}`, () =>
    passesRoleCheck(model, subject, write, groups),
  );
}

/** The check against escalation alone: whoever passes it needs the verb on roles, too. */
export function passesRoleCheck(
  model: AccessModel,
  subject: Subject,
  write: RoleWrite,
  groups: readonly string[] = [],
): WriteVerdict {
  if (isMaster(subject, groups)) return pass('system:masters');
  const place = write.kind === 'Role' ? write.namespace : undefined;
  const resource = write.kind === 'Role' ? 'roles' : 'clusterroles';
  // The name is that of the request, and the path of a create names nothing: `escalate` with resourceNames creates no role.
  const escalate = model.can(subject, at(place, resource, 'escalate', write.verb === 'create' ? undefined : write.name), groups);
  if (escalate.allowed === true) return pass('escalate');
  const wanted = write.aggregates ? [...fullAuthority, ...write.rules] : write.rules;
  return heldRules(model, subject, place, wanted, groups, escalate);
}

/** May the subject write the binding: the verb on bindings, and `bind` on the role or all of its rules. */
export function mayWriteBinding(
  model: AccessModel,
  subject: Subject,
  write: BindingWrite,
  groups: readonly string[] = [],
): WriteVerdict {
  const resource = write.namespace === undefined ? 'clusterrolebindings' : 'rolebindings';
  const request = at(write.namespace, resource, write.verb, write.name);
  return both(model.can(subject, request, groups), `${write.verb} ${resource}`, () =>
    passesBindingCheck(model, subject, write, groups),
  );
}

/** The check against escalation alone: whoever passes it needs the verb on bindings, too. */
export function passesBindingCheck(
  model: AccessModel,
  subject: Subject,
  { namespace, roleRef }: BindingWrite,
  groups: readonly string[] = [],
): WriteVerdict {
  if (namespace === undefined && roleRef.kind === 'Role')
    return { allowed: false, missing: [], why: ['a ClusterRoleBinding cannot name a Role'] };
  if (isMaster(subject, groups)) return pass('system:masters');
  const resource = roleRef.kind === 'Role' ? 'roles' : 'clusterroles';
  // Asked in the namespace of the binding, also about a ClusterRole.
  const bind = model.can(subject, at(namespace, resource, 'bind', roleRef.name), groups);
  if (bind.allowed === true) return pass('bind');
  const found = model.roles.find(roleRef.kind, roleRef.kind === 'Role' ? namespace : undefined, roleRef.name);
  const name = `${roleRef.kind} ${roleRef.name}`;
  if (found.status === 'missing')
    return bind.allowed === 'unknown'
      ? { allowed: 'unknown', missing: [], why: bind.why }
      : { allowed: false, missing: [], why: [`${name} does not exist, and only whoever holds bind may name it`] };
  if (found.status === 'unseen')
    return { allowed: 'unknown', missing: [], why: [`the rules of ${name} are not known: ${found.why}`] };
  const { role } = found;
  const verdict = heldRules(
    model,
    subject,
    namespace,
    role.rules.map(({ rule }) => rule),
    groups,
    bind,
  );
  const open = role.undecided;
  return verdict.allowed === true && open !== undefined ? { allowed: 'unknown', missing: [], why: [open] } : verdict;
}

const at = (namespace: string | undefined, resource: string, verb: string, name: string | undefined) => ({
  verb,
  group: rbac,
  resource,
  ...(namespace === undefined ? {} : { namespace }),
  // A create is authorised without a name.
  ...(name === undefined || verb === 'create' ? {} : { name }),
});

const pass = (by: NonNullable<WriteVerdict['by']>): WriteVerdict => ({ allowed: true, by, missing: [], why: [] });

/** Covers, with the rules that count for the caller at the place: for cluster-scoped writes those of ClusterRoleBindings alone. */
function heldRules(
  model: AccessModel,
  subject: Subject,
  place: string | undefined,
  wanted: readonly PolicyRule[],
  groups: readonly string[],
  verb: Decision,
): WriteVerdict {
  const counts = (namespace: string | undefined) => namespace === undefined || namespace === place;
  const owner = model.grantsOf(subject, groups).filter((grant) => counts(grant.namespace));
  const missing = uncovered(
    owner.map((grant) => grant.rule.rule),
    wanted,
    told,
  );
  if (missing.length === 0) return pass('held-rules');
  const unseen = model.unseenOf(subject, groups).filter(({ binding }) => counts(binding.namespace));
  const why = [...new Set([...verb.why, ...unseen.map((entry) => entry.why)])];
  return { allowed: why.length > 0 || verb.allowed === 'unknown' ? 'unknown' : false, missing, why };
}

/** The verb on the resource first: without it the check does not run. */
function both(verb: Decision, what: string, check: () => WriteVerdict): WriteVerdict {
  if (verb.allowed === false) return { allowed: false, missing: [], why: [`it may not ${what}`] };
  const verdict = check();
  return verb.allowed === 'unknown' && verdict.allowed === true ? { allowed: 'unknown', missing: [], why: verb.why } : verdict;
}
