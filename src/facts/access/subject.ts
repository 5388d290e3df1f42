import type { KubeObject } from '../../kube/object.ts';
import { isObject, listAt, textAt } from '../../kube/json.ts';
import { compareText } from '../../model/object-ref.ts';

/** Somebody to whom RBAC grants. Users and groups are exact strings; a ServiceAccount lives in a namespace. */
export type Subject =
  | { readonly kind: 'User' | 'Group'; readonly name: string }
  | { readonly kind: 'ServiceAccount'; readonly namespace: string; readonly name: string };

export const user = (name: string): Subject => normalise('User', name);
export const group = (name: string): Subject => ({ kind: 'Group', name });
export const serviceAccount = (namespace: string, name: string): Subject => ({ kind: 'ServiceAccount', namespace, name });

const accountPrefix = 'system:serviceaccount:';

/** The user `system:serviceaccount:a:b` is the ServiceAccount a/b (kubernetes apiserver serviceaccount/util.go). */
function normalise(kind: 'User' | 'Group', name: string): Subject {
  if (kind === 'User' && name.startsWith(accountPrefix)) {
    const [namespace, account, ...rest] = name.slice(accountPrefix.length).split(':');
    if (namespace && account && rest.length === 0) return serviceAccount(namespace, account);
  }
  return { kind, name };
}

/** Identity as text, for maps. */
export const subjectKey = (subject: Subject): string =>
  subject.kind === 'ServiceAccount' ? `ServiceAccount|${subject.namespace}|${subject.name}` : `${subject.kind}||${subject.name}`;

export const compareSubjects = (a: Subject, b: Subject): number => compareText(subjectKey(a), subjectKey(b));

/** For people: `ServiceAccount shop/deployer`, `Group system:authenticated`. */
export const formatSubject = (subject: Subject): string =>
  subject.kind === 'ServiceAccount' ? `ServiceAccount ${subject.namespace}/${subject.name}` : `${subject.kind} ${subject.name}`;

/**
 * The groups that a subject is in without anybody saying so. A Group stands for its members, who are authenticated users;
 * which other groups a user is in only the authenticator knows.
 */
export function impliedGroups(subject: Subject): readonly string[] {
  if (subject.kind === 'ServiceAccount')
    return ['system:serviceaccounts', `system:serviceaccounts:${subject.namespace}`, 'system:authenticated'];
  if (subject.kind === 'User') return [subject.name === 'system:anonymous' ? 'system:unauthenticated' : 'system:authenticated'];
  if (subject.name === 'system:unauthenticated' || subject.name === 'system:authenticated') return [];
  if (subject.name.startsWith('system:serviceaccounts:')) return ['system:serviceaccounts', 'system:authenticated'];
  return ['system:authenticated'];
}

const audiences = new Set(['system:authenticated', 'system:unauthenticated', 'system:anonymous', 'system:serviceaccounts']);

/** True for everybody, everybody who is logged in, and every ServiceAccount (of a namespace): not a person and not a component. */
export const isAudience = (subject: Subject): boolean =>
  subject.kind !== 'ServiceAccount' && (audiences.has(subject.name) || subject.name.startsWith('system:serviceaccounts:'));

/** Users and groups of the control plane: `system:kube-scheduler`, `system:nodes`, `system:masters`. */
export const isControlPlane = (subject: Subject): boolean =>
  subject.kind !== 'ServiceAccount' && subject.name.startsWith('system:') && !isAudience(subject);

/** Reads `subjects` of a binding. A ServiceAccount without a namespace is one of the binding's; in a ClusterRoleBinding it is nobody. */
export function readSubjects(binding: KubeObject): readonly { readonly subject: Subject; readonly index: number }[] {
  return listAt(binding.value, 'subjects').flatMap((entry, index) => {
    const name = isObject(entry) ? textAt(entry, 'name') : undefined;
    const kind = textAt(entry, 'kind');
    if (!name) return [];
    if (kind === 'User' || kind === 'Group') return [{ subject: normalise(kind, name), index }];
    if (kind !== 'ServiceAccount') return [];
    const namespace = textAt(entry, 'namespace') || binding.ref.namespace;
    return namespace ? [{ subject: serviceAccount(namespace, name), index }] : [];
  });
}
