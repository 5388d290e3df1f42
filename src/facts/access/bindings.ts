import { labelsOf, type KubeObject } from '../../kube/object.ts';
import { compareText } from '../../model/object-ref.ts';
import type { Inventory } from '../inventory.ts';
import { builtinClusterBindings, builtinControllers } from './builtin-roles.ts';
import { readRoleRef, type RoleIndex, type RoleLookup } from './roles.ts';
import { group, isControlPlane, readSubjects, type Subject, serviceAccount, subjectKey, user } from './subject.ts';

const rbac = 'rbac.authorization.k8s.io';

/** A RoleBinding or ClusterRoleBinding with its role looked up. */
export interface Binding {
  readonly kind: 'RoleBinding' | 'ClusterRoleBinding';
  readonly name: string;
  /** Where its rules count: undefined is everywhere. */
  readonly namespace: string | undefined;
  readonly roleRef: { readonly kind: 'Role' | 'ClusterRole'; readonly name: string };
  readonly role: RoleLookup;
  readonly subjects: readonly { readonly subject: Subject; readonly index: number }[];
  /** Absent for a default binding that no source holds. */
  readonly object: KubeObject | undefined;
  /** One of the bindings that Kubernetes itself makes. */
  readonly builtin: boolean;
  /** The binding is part of what is under review. */
  readonly underReview: boolean;
}

/** The bindings of the sources and the default ones, sorted. */
export function readBindings(known: Inventory, roles: RoleIndex): readonly Binding[] {
  const reviewed = new Set(known.system);
  const read = (object: KubeObject, kind: Binding['kind']): readonly Binding[] => {
    const roleRef = readRoleRef(object);
    if (roleRef === undefined || (kind === 'ClusterRoleBinding' && roleRef.kind === 'Role')) return [];
    const namespace = kind === 'RoleBinding' ? object.ref.namespace : undefined;
    const subjects = readSubjects(object);
    const role = roles.find(roleRef.kind, roleRef.kind === 'Role' ? namespace : undefined, roleRef.name);
    const builtin = isDefault(
      object,
      roleRef.name,
      subjects.map(({ subject }) => subject),
    );
    return [
      { kind, name: object.ref.name, namespace, roleRef, role, subjects, object, builtin, underReview: reviewed.has(object) },
    ];
  };
  const cluster = known.ofKind(rbac, 'ClusterRoleBinding').flatMap((object) => read(object, 'ClusterRoleBinding'));
  const namespaced = known.ofKind(rbac, 'RoleBinding').flatMap((object) => read(object, 'RoleBinding'));
  const written = new Set(known.ofKind(rbac, 'ClusterRoleBinding').map(({ ref }) => ref.name));
  const builtin = Object.entries(builtinClusterBindings)
    .filter(([name]) => !written.has(name))
    .map(
      ([name, subjects]): Binding => ({
        kind: 'ClusterRoleBinding',
        name,
        namespace: undefined,
        roleRef: { kind: 'ClusterRole', name: name },
        role: roles.find('ClusterRole', undefined, name),
        subjects: subjects.map((text, index) => ({ subject: readBuiltinSubject(text), index })),
        object: undefined,
        builtin: true,
        underReview: false,
      }),
    );
  const key = (binding: Binding) => `${binding.kind}|${binding.namespace ?? ''}|${binding.name}`;
  return [...cluster, ...namespaced, ...builtin].sort((a, b) => compareText(key(a), key(b)));
}

function readBuiltinSubject(text: string): Subject {
  const [kind, name = ''] = text.split(' ');
  if (kind === 'Group') return group(name);
  if (kind === 'User') return user(name);
  const [namespace = '', account = ''] = name.split('/');
  return serviceAccount(namespace, account);
}

/**
 * A dump of a cluster holds the default bindings as objects. Only what Kubernetes itself would write counts: its label, its name
 * and its subjects, so that nobody hides a binding behind the label.
 */
function isDefault(object: KubeObject, role: string, subjects: readonly Subject[]): boolean {
  const { name } = object.ref;
  if (labelsOf(object).get('kubernetes.io/bootstrapping') !== 'rbac-defaults' || (name !== role && !name.startsWith('system:')))
    return false;
  if (Object.hasOwn(builtinClusterBindings, name) && object.ref.kind === 'ClusterRoleBinding') {
    const known = new Set((builtinClusterBindings[name] ?? []).map((text) => subjectKey(readBuiltinSubject(text))));
    return name === role && subjects.every((subject) => known.has(subjectKey(subject)));
  }
  if (object.ref.kind === 'RoleBinding' && name === `system::${role}` && role === 'extension-apiserver-authentication-reader')
    return subjects.every(isControlPlane) && !subjects.some((subject) => subject.name === 'system:masters');
  const account =
    object.ref.kind === 'RoleBinding' ? /^system:(?:controller:|:leader-locking-)([a-z-]+)$/.exec(name)?.[1] : controllerOf(name);
  if (account === undefined || name !== role) return false;
  return subjects.every((subject) =>
    subject.kind === 'ServiceAccount'
      ? subject.namespace === 'kube-system' && (subject.name === account || name.startsWith('system::'))
      : isControlPlane(subject) && subject.name === `system:${account}`,
  );
}

const controllerPrefix = 'system:controller:';
const controllerOf = (name: string): string | undefined => {
  const controller = name.startsWith(controllerPrefix) ? name.slice(controllerPrefix.length) : '';
  return builtinControllers.includes(controller) ? controller : undefined;
};
