import { access, type Grant } from '../facts/access/access.ts';
import { directGrants } from '../facts/access/effective.ts';
import { type Escalation, type Escalations, escalations } from '../facts/access/escalation.ts';
import { reviewedSubjects } from '../facts/access/reviewed-subjects.ts';
import { formatRule } from '../facts/access/rules.ts';
import { formatSubject, isControlPlane, type Subject, subjectKey } from '../facts/access/subject.ts';
import type { FactStore } from '../facts/fact.ts';
import { network } from '../facts/network/network.ts';
import { type OutsideWay, outsideWays } from '../facts/network/outside.ts';
import { workloadId } from '../facts/network/peers.ts';
import { formatPath, type Location } from '../model/judgement.ts';
import type { ObjectRef } from '../model/object-ref.ts';
import type { PlaceFinder } from './places.ts';

/** Who may do what, and what that leads to: what a report draws of access. Pure JSON. */
export interface AccessView {
  /** Subjects of the system first, then those of the platform that bindings name; at most {@link subjectLimit}. */
  readonly subjects: readonly SubjectView[];
  /** Subjects left out. */
  readonly more: number;
  /** What the paths take for granted. */
  readonly assumptions: readonly string[];
}

export interface SubjectView {
  readonly subject: string;
  readonly kind: Subject['kind'];
  readonly namespace?: string;
  readonly name: string;
  readonly underReview: boolean;
  readonly permissions: readonly PermissionView[];
  readonly morePermissions: number;
  readonly escalations: readonly EscalationView[];
  readonly moreEscalations: number;
}

export interface PermissionView {
  /** Absent: the whole cluster. */
  readonly namespace?: string;
  readonly rule: string;
  readonly role: string;
  readonly binding: string;
  /** False: it allows no request through this binding. */
  readonly effective: boolean;
}

export interface EscalationView {
  readonly target: string;
  readonly scope: Escalation['scope'];
  readonly edge: string;
  readonly certain: boolean;
  readonly assumption?: string;
  readonly severity: Escalation['severity'];
  readonly steps: readonly {
    readonly note: string;
    readonly object?: ObjectRef;
    readonly path?: string;
    readonly location?: Location;
  }[];
  /** What would end the path: each alone. */
  readonly cuts: readonly string[];
  /** Workloads whose Pods hold the subject's token, `namespace/Kind/name`. */
  readonly workloads: readonly string[];
  /** Those of them that somebody outside the cluster reaches, for certain or perhaps. */
  readonly reachableFromOutside: readonly string[];
}

const subjectLimit = 500;
const permissionLimit = 50;
const escalationLimit = 20;

/** The access view of the launch environment; the same facts give the same view, byte for byte. */
export function accessView(facts: FactStore, asOf: string, find: PlaceFinder): AccessView {
  const model = facts(access);
  const paths = facts(escalations);
  const ways = outsideWays(facts(network).at(asOf));
  const pathView = (path: Escalation) => describePath(path, ways, find);
  const reviewed = facts(reviewedSubjects).all.map(({ subject }) => subject);
  const own = new Set(reviewed.map(subjectKey));
  const others = model.subjects.filter(
    (subject) => !own.has(subjectKey(subject)) && !isControlPlane(subject) && directGrants(model, subject).length > 0,
  );
  const all = [...reviewed, ...others];
  return {
    subjects: all
      .slice(0, subjectLimit)
      .map((subject) => describe(subject, own.has(subjectKey(subject)), directGrants(model, subject), paths, pathView)),
    more: Math.max(0, all.length - subjectLimit),
    assumptions: paths.assumptions,
  };
}

function describe(
  subject: Subject,
  underReview: boolean,
  grants: readonly Grant[],
  paths: Escalations,
  pathView: (path: Escalation) => EscalationView,
): SubjectView {
  const found = paths.of(subject);
  return {
    subject: formatSubject(subject),
    kind: subject.kind,
    ...(subject.kind === 'ServiceAccount' ? { namespace: subject.namespace } : {}),
    name: subject.name,
    underReview,
    permissions: grants.slice(0, permissionLimit).map(describeGrant),
    morePermissions: Math.max(0, grants.length - permissionLimit),
    escalations: found.slice(0, escalationLimit).map(pathView),
    moreEscalations: Math.max(0, found.length - escalationLimit),
  };
}

const describeGrant = ({ namespace, rule, role, binding, effective }: Grant): PermissionView => ({
  ...(namespace === undefined ? {} : { namespace }),
  rule: formatRule(rule.rule),
  role: `${role.kind} ${role.name}`,
  binding: `${binding.kind} ${binding.name}`,
  effective,
});

function describePath(path: Escalation, ways: ReadonlyMap<string, OutsideWay>, find: PlaceFinder): EscalationView {
  const { target, scope, edge, certain, assumption, severity, steps, cuts } = path;
  const workloads = path.workloads.map(workloadId);
  return {
    target,
    scope,
    edge,
    certain,
    ...(assumption === undefined ? {} : { assumption }),
    severity,
    steps: steps.map(({ note, object, at }) => ({
      note,
      ...(object === undefined ? {} : { object: object.ref, path: formatPath(at), location: find({ object, path: at }) }),
    })),
    cuts: cuts.map(({ note }) => note),
    workloads,
    reachableFromOutside: workloads.filter((id) => ways.has(id)),
  };
}
