import type { KubeObject } from '../../kube/object.ts';
import type { Workload } from '../../kube/workload.ts';
import { fact } from '../fact.ts';
import { type Completeness, type Inventory, inventory } from '../inventory.ts';
import { workloads } from '../workloads.ts';
import { type Binding, readBindings } from './bindings.ts';
import { builtinRolesOf } from './builtin-versions.ts';
import { ineffectiveParts } from './ineffective.ts';
import { requestNamespace } from './request-namespace.ts';
import { type ScopeOf, scopesIn } from './resource-scope.ts';
import { indexRoles, type Role, type RoleIndex, type RoleRule } from './roles.ts';
import { type AccessRequest, allows, isUrlRequest } from './rules.ts';
import { compareSubjects, group, impliedGroups, serviceAccount, type Subject, subjectKey } from './subject.ts';
import { clusterMinor, demandedMinor } from './target-version.ts';

/** One rule that a binding gives to a subject. */
export interface Grant {
  /** The subject that the binding names: the asked one, or a group that it is in. */
  readonly subject: Subject;
  /** Where the rule counts: undefined is the whole cluster. */
  readonly namespace: string | undefined;
  readonly rule: RoleRule;
  readonly role: Role;
  readonly binding: Binding;
  /** False: nothing of the rule ever allows a request through this binding. */
  readonly effective: boolean;
  /** The parts without effect, and why; also where the rest of the rule has one. */
  readonly ineffective: readonly { readonly part: string; readonly why: string }[];
}

/** `unknown`: no known rule allows it, and a role that may allow it cannot be seen. */
export interface Decision {
  readonly allowed: boolean | 'unknown';
  readonly because: readonly Grant[];
  /** Why it is unknown. */
  readonly why: readonly string[];
}

/** What RBAC grants in the launch environment. Other authorizers (webhooks, the Node authorizer) are not in it. */
export interface AccessModel {
  /** The minor version of Kubernetes whose default roles are taken, and what that rests on. */
  readonly kubernetes: { readonly minor: number; readonly assumptions: readonly string[] };
  readonly roles: RoleIndex;
  /** Whether objects of a resource have no namespace, by the table of kinds and the sources' own definitions. */
  readonly isClusterScoped: ScopeOf;
  readonly bindings: readonly Binding[];
  /** Everybody whom a binding names, every ServiceAccount object, and every account that a workload uses; sorted. */
  readonly subjects: readonly Subject[];
  /** Where absence of objects is no proof: more bindings or wider roles may exist. */
  readonly completeness: Readonly<
    Record<'Role' | 'ClusterRole' | 'RoleBinding' | 'ClusterRoleBinding' | 'ServiceAccount', Completeness>
  >;
  /** Rules that reach the subject, directly or by the groups it is in; `groups` adds groups that somebody declared. */
  grantsOf(subject: Subject, groups?: readonly string[]): readonly Grant[];
  /** Bindings that reach the subject while their role cannot be seen. */
  unseenOf(subject: Subject, groups?: readonly string[]): readonly { readonly binding: Binding; readonly why: string }[];
  can(subject: Subject, request: AccessRequest, groups?: readonly string[]): Decision;
  /** The subjects that bindings name for the request (a group stands for its members), with those that may be and cannot be decided. */
  whoCan(request: AccessRequest): readonly { readonly subject: Subject; readonly decision: Decision }[];
  /** Workloads whose Pods run with the ServiceAccount. */
  workloadsOf(namespace: string, account: string): readonly Workload[];
  /** The ServiceAccount's object; undefined where no source holds it. */
  accountObject(namespace: string, account: string): KubeObject | undefined;
}

const rbac = 'rbac.authorization.k8s.io';

/** Who may do what in the launch environment, by RBAC. */
export const access = fact('access', [inventory, workloads, demandedMinor], (known, running, demanded) =>
  buildAccess(known, running.all, demanded),
);

/**
 * The access model of one environment. Order of objects does not matter. `demanded`: the minor version of Kubernetes whose default
 * roles count where the sources show none.
 */
export function buildAccess(known: Inventory, running: readonly Workload[], demanded?: number): AccessModel {
  const cluster = clusterMinor(known, demanded);
  const builtin = builtinRolesOf(cluster.minor);
  const roles = indexRoles(known, builtin.rows);
  const bindings = readBindings(known, roles);
  const direct = indexDirect(bindings);
  const byAccount = groupWorkloads(running);
  const subjects = collectSubjects(known, bindings, running);
  const scopeOf = scopesIn(known);
  const effects = effectsOnce(scopeOf);
  const grants = new Map<string, readonly Grant[]>();
  const directGrants = (subject: Subject): readonly Grant[] => {
    const key = subjectKey(subject);
    let list = grants.get(key);
    if (list === undefined) {
      list = (direct.get(key) ?? []).flatMap((binding) => grantsThrough(binding, subject, effects));
      grants.set(key, list);
    }
    return list;
  };
  const identities = (subject: Subject, groups: readonly string[]): readonly Subject[] => {
    const names = new Set([...impliedGroups(subject), ...groups]);
    return [subject, ...[...names].filter((name) => subject.kind !== 'Group' || name !== subject.name).map(group)];
  };
  const grantsOf = (subject: Subject, groups: readonly string[] = []) => identities(subject, groups).flatMap(directGrants);
  const unseenOf = (subject: Subject, groups: readonly string[] = []) =>
    identities(subject, groups).flatMap((identity) => unseenRoles(direct.get(subjectKey(identity)) ?? []));
  const can = (subject: Subject, request: AccessRequest, groups: readonly string[] = []): Decision => {
    const decision = decide(grantsOf(subject, groups), unseenOf(subject, groups), request, scopeOf);
    // The API server lets its masters pass before it asks any authorizer (kubernetes pkg/kubeapiserver/authorizer).
    return decision.allowed !== true && isMaster(subject, groups) ? { allowed: true, because: [], why: [] } : decision;
  };
  return {
    kubernetes: {
      minor: cluster.minor,
      assumptions: [cluster.assumption, builtin.assumption].filter((text) => text !== undefined),
    },
    roles,
    isClusterScoped: scopeOf,
    bindings,
    subjects,
    completeness: {
      Role: known.completeness(rbac, 'Role'),
      ClusterRole: known.completeness(rbac, 'ClusterRole'),
      RoleBinding: known.completeness(rbac, 'RoleBinding'),
      ClusterRoleBinding: known.completeness(rbac, 'ClusterRoleBinding'),
      ServiceAccount: known.completeness('', 'ServiceAccount'),
    },
    grantsOf,
    unseenOf,
    can,
    whoCan: (request) =>
      subjects.flatMap((subject) => {
        const decision = decide(directGrants(subject), unseenRoles(direct.get(subjectKey(subject)) ?? []), request, scopeOf);
        return decision.allowed === false ? [] : [{ subject, decision }];
      }),
    workloadsOf: (namespace, account) => byAccount.get(subjectKey(serviceAccount(namespace, account))) ?? [],
    accountObject(namespace, account) {
      const found = known.lookup('', 'ServiceAccount', namespace, account);
      return found.status === 'found' ? found.object : undefined;
    },
  };
}

/** In the group that no authorizer restricts. */
export const isMaster = (subject: Subject, groups: readonly string[] = []): boolean =>
  (subject.kind === 'Group' && subject.name === masters) || groups.includes(masters);
const masters = 'system:masters';

function indexDirect(bindings: readonly Binding[]): ReadonlyMap<string, readonly Binding[]> {
  const index = new Map<string, Set<Binding>>();
  for (const binding of bindings) {
    for (const { subject } of binding.subjects) {
      const key = subjectKey(subject);
      const list = index.get(key);
      if (list) list.add(binding);
      else index.set(key, new Set([binding]));
    }
  }
  return new Map([...index].map(([key, list]) => [key, [...list]]));
}

function groupWorkloads(running: readonly Workload[]): ReadonlyMap<string, readonly Workload[]> {
  const index = new Map<string, Workload[]>();
  for (const workload of running) {
    const key = subjectKey(serviceAccount(workload.namespace, workload.serviceAccount));
    const list = index.get(key);
    if (list) list.push(workload);
    else index.set(key, [workload]);
  }
  return index;
}

function collectSubjects(known: Inventory, bindings: readonly Binding[], running: readonly Workload[]): readonly Subject[] {
  const subjects = new Map<string, Subject>();
  const add = (subject: Subject) => subjects.set(subjectKey(subject), subject);
  for (const binding of bindings) for (const { subject } of binding.subjects) add(subject);
  for (const { ref } of known.ofKind('', 'ServiceAccount'))
    if (ref.namespace !== undefined) add(serviceAccount(ref.namespace, ref.name));
  for (const workload of running) add(serviceAccount(workload.namespace, workload.serviceAccount));
  return [...subjects.values()].sort(compareSubjects);
}

/** The grants of one binding for one of its subjects; none where the role is missing or cannot be seen. */
function grantsThrough(
  binding: Binding,
  subject: Subject,
  effects: (role: Role, kind: Binding['kind']) => Effects,
): readonly Grant[] {
  if (binding.role.status !== 'found') return [];
  const { role } = binding.role;
  return effects(role, binding.kind).map(({ rule, parts, effective }) => ({
    subject,
    namespace: binding.namespace,
    rule,
    role,
    binding,
    effective,
    ineffective: parts,
  }));
}

type Effects = readonly (ReturnType<typeof ineffectiveParts> & { readonly rule: RoleRule })[];

/** What the rules of a role do through a kind of binding, worked out once: many bindings give the same role. */
function effectsOnce(scopeOf: ScopeOf): (role: Role, kind: Binding['kind']) => Effects {
  const known = { RoleBinding: new Map<Role, Effects>(), ClusterRoleBinding: new Map<Role, Effects>() };
  return (role, kind) => {
    let found = known[kind].get(role);
    if (found === undefined) {
      found = role.rules.map((rule) => ({ rule, ...ineffectiveParts(rule.rule, role.kind, kind, scopeOf) }));
      known[kind].set(role, found);
    }
    return found;
  };
}

function unseenRoles(bindings: readonly Binding[]): readonly { readonly binding: Binding; readonly why: string }[] {
  return bindings.flatMap((binding) => {
    if (binding.role.status === 'unseen')
      return [{ binding, why: `${binding.roleRef.kind} ${binding.roleRef.name} is not in the sources: ${binding.role.why}` }];
    return binding.role.status === 'found' && binding.role.role.undecided !== undefined
      ? [{ binding, why: binding.role.role.undecided }]
      : [];
  });
}

function decide(
  grants: readonly Grant[],
  unseen: readonly { readonly binding: Binding; readonly why: string }[],
  request: AccessRequest,
  scopeOf: ScopeOf,
): Decision {
  const namespace = isUrlRequest(request) ? undefined : requestNamespace(request, scopeOf);
  const reaches = (place: string | undefined) => place === undefined || (namespace !== undefined && place === namespace);
  const placed = isUrlRequest(request) ? request : { ...request, ...(namespace === undefined ? {} : { namespace }) };
  const because = grants.filter((grant) => reaches(grant.namespace) && allows(grant.rule.rule, placed));
  if (because.length > 0) return { allowed: true, because, why: [] };
  const why = unseen.filter(({ binding }) => reaches(binding.namespace)).map((entry) => entry.why);
  return { allowed: why.length > 0 ? 'unknown' : false, because: [], why: [...new Set(why)] };
}
