import type { KubeObject } from '../../kube/object.ts';
import { type ObjectRef, ownApiVersion } from '../../model/object-ref.ts';
import { fact } from '../fact.ts';
import { type Inventory, inventory } from '../inventory.ts';
import { type SystemNamespace, systemNamespaces } from '../system-namespaces.ts';
import { type AccessModel, access, type Grant, isMaster } from './access.ts';
import type { Binding } from './bindings.ts';
import { directGrants } from './effective.ts';
import { compareSubjects, formatSubject, isAudience, serviceAccount, type Subject, subjectKey } from './subject.ts';

/** A subject that belongs to the system under review, with what bindings give it by name. */
export interface ReviewedSubject {
  readonly subject: Subject;
  /** For people: `ServiceAccount shop/web`. */
  readonly label: string;
  /** A ServiceAccount is its object; users and groups are no objects and have a ref of our own: `User:alice`. */
  readonly ref: ObjectRef;
  /** The ServiceAccount's object; absent where no source holds it. */
  readonly object?: KubeObject;
  /** A ServiceAccount of somebody else, whom a binding of the system names: only what the system gives it is told. */
  readonly foreign: boolean;
  /** Grants that have an effect; what a group has is the group's. */
  readonly grants: readonly Grant[];
  /** Bindings that name the subject while their role cannot be seen. */
  readonly unseen: readonly { readonly binding: Binding; readonly why: string }[];
}

export interface ReviewedSubjects {
  /** Sorted. */
  readonly all: readonly ReviewedSubject[];
  /** Target of what is said of the sources as a whole. */
  readonly source: { readonly ref: ObjectRef; readonly subject: undefined };
  /**
   * Kinds of bindings of which more may exist than the sources show; undefined where they are complete. A binding that nobody
   * shows may give any subject anything, so what a subject may not do holds only for complete sources. Checks say it once, of the
   * source: one dump or one declaration settles it for every subject.
   */
  hidden(kinds: readonly BindingKind[]): { readonly kinds: string; readonly why: string } | undefined;
}

export type BindingKind = 'RoleBinding' | 'ClusterRoleBinding';

/**
 * Whose rights the system's owner answers for: whom its own bindings name, the ServiceAccounts of its namespaces (`default`
 * exists in each), and the audiences that take these in (everybody, all ServiceAccounts), whoever binds them. Subjects that only
 * the platform binds are context: its controllers are powerful by nature.
 */
export const reviewedSubjects = fact('reviewed-subjects', [inventory, systemNamespaces, access], findReviewed);

/** {@link reviewedSubjects} of one environment. */
function findReviewed(known: Inventory, places: readonly SystemNamespace[], model: AccessModel): ReviewedSubjects {
  const own = new Set(places.map(({ ref }) => ref.name));
  const found = new Map<string, Subject>();
  const add = (subject: Subject) => found.set(subjectKey(subject), subject);
  for (const binding of model.bindings) {
    if (binding.builtin) continue;
    // What masters may do follows from no binding: that one names them is the finding of cluster-admin-binding.
    for (const { subject } of binding.subjects)
      if (!isMaster(subject) && (binding.underReview || takesIn(subject, own))) add(subject);
  }
  for (const subject of model.subjects) if (subject.kind === 'ServiceAccount' && own.has(subject.namespace)) add(subject);
  for (const { ref } of known.systemOfKind('', 'ServiceAccount'))
    if (ref.namespace !== undefined) add(serviceAccount(ref.namespace, ref.name));
  for (const namespace of own) add(serviceAccount(namespace, 'default'));
  const written = new Set(known.systemOfKind('', 'ServiceAccount').map(({ ref }) => `${ref.namespace}/${ref.name}`));
  const isForeign = (subject: Subject) =>
    subject.kind === 'ServiceAccount' && !own.has(subject.namespace) && !written.has(`${subject.namespace}/${subject.name}`);
  return {
    all: [...found.values()].sort(compareSubjects).map((subject) => describe(subject, model, isForeign(subject))),
    source: { ref: { apiVersion: ownApiVersion, kind: 'Source', name: known.environment }, subject: undefined },
    hidden: (kinds) => hiddenKinds(kinds, model),
  };
}

function takesIn(subject: Subject, own: ReadonlySet<string>): boolean {
  if (!isAudience(subject)) return false;
  const prefix = 'system:serviceaccounts:';
  return subject.name.startsWith(prefix) ? own.has(subject.name.slice(prefix.length)) : true;
}

function describe(subject: Subject, model: AccessModel, foreign: boolean): ReviewedSubject {
  const key = subjectKey(subject);
  const names = (binding: Binding) => binding.subjects.some((entry) => subjectKey(entry.subject) === key);
  const object = subject.kind === 'ServiceAccount' ? model.accountObject(subject.namespace, subject.name) : undefined;
  return {
    subject,
    label: formatSubject(subject),
    ref: object?.ref ?? refOf(subject),
    ...(object === undefined ? {} : { object }),
    foreign,
    grants: directGrants(model, subject).filter((grant) => grant.effective && (!foreign || grant.binding.underReview)),
    unseen: model
      .unseenOf(subject)
      .filter(({ binding }) => !binding.builtin && names(binding) && (!foreign || binding.underReview)),
  };
}

/** The ref under which waivers and attestations name a subject: `ServiceAccount/shop/web`, `Subject/User:alice`. */
export const refOf = (subject: Subject): ObjectRef =>
  subject.kind === 'ServiceAccount'
    ? { apiVersion: 'v1', kind: 'ServiceAccount', namespace: subject.namespace, name: subject.name }
    : { apiVersion: ownApiVersion, kind: 'Subject', name: `${subject.kind}:${subject.name}` };

function hiddenKinds(
  kinds: readonly BindingKind[],
  model: AccessModel,
): { readonly kinds: string; readonly why: string } | undefined {
  const open: string[] = [];
  const whys = new Set<string>();
  const look = (kind: BindingKind | 'ClusterRole') => {
    const completeness = model.completeness[kind];
    if (completeness.complete) return;
    open.push(`${kind}s`);
    whys.add(completeness.why);
  };
  for (const kind of kinds) look(kind);
  // Aggregation: a ClusterRole outside the sources may add rules to one that is bound here.
  const widened = model.bindings.some(
    (binding) =>
      binding.underReview &&
      kinds.includes(binding.kind) &&
      binding.role.status === 'found' &&
      binding.role.role.mayBeWider !== undefined,
  );
  if (widened) look('ClusterRole');
  return open.length === 0 ? undefined : { kinds: open.join(' and '), why: [...whys].join(', ') };
}
