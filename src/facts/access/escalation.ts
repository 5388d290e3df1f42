import type { Workload } from '../../kube/workload.ts';
import { fact } from '../fact.ts';
import { type Inventory, inventory } from '../inventory.ts';
import { workloads } from '../workloads.ts';
import { type AccessModel, access } from './access.ts';
import { clusterDangers } from './cluster-dangers.ts';
import { clusterAdmin, type Danger, type EscalationStep, type EscalationTarget } from './danger.ts';
import { type Move, paths } from './escalation-graph.ts';
import { namespaceDangers } from './namespace-dangers.ts';
import { type Subject, subjectKey } from './subject.ts';
import { type Surroundings, surroundingsOf } from './surroundings.ts';

/** A way in which a subject gains more than its bindings say. */
export interface Escalation {
  readonly subject: Subject;
  /** The first step's row in the catalogue of escalation edges, or `unseen-role`. */
  readonly edge: string;
  readonly target: EscalationTarget;
  /**
   * cluster: the whole cluster, a node, or a namespace that is not the subject's own. A namespace is its own when it lives there
   * (ServiceAccount) or a RoleBinding there names it.
   */
  readonly scope: 'cluster' | 'namespace';
  /** The shortest proof. */
  readonly steps: readonly EscalationStep[];
  /** False: it holds only under `assumption`, which nobody has shown. */
  readonly certain: boolean;
  readonly assumption?: string;
}

export interface Escalations {
  /** Of everybody whom a binding that is not a default one names; sorted by subject, then the gravest first. */
  readonly all: readonly Escalation[];
  of(subject: Subject): readonly Escalation[];
  /** What the whole analysis takes for granted: bindings and roles that no source shows do not exist. */
  readonly assumptions: readonly string[];
}

/** The escalation paths of the launch environment. */
export const escalations = fact('escalations', [inventory, workloads, access], (known, running, model) =>
  findEscalations(known, running.all, model),
);

/** Every subject's escalations: least fixpoint over principals, so cycles end. */
export function findEscalations(known: Inventory, running: readonly Workload[], model: AccessModel): Escalations {
  const around = surroundingsOf(known, running, model);
  const dangers = new Map<string, readonly Danger[]>();
  const dangersOf = (subject: Subject): readonly Danger[] => {
    const key = subjectKey(subject);
    const found = dangers.get(key) ?? allDangers(subject, model, around);
    dangers.set(key, found);
    return found;
  };
  const bySubject = new Map<string, readonly Escalation[]>();
  for (const subject of model.subjects) {
    const own = dangersOf(subject).filter(
      (danger) =>
        // An account that may ask for a token of its own, as Vault's and External Secrets' do, becomes nobody else.
        !(danger.gain.kind === 'subject' && subjectKey(danger.gain.subject) === subjectKey(subject)) &&
        (danger.grants.some((grant) => !grant.binding.builtin && subjectKey(grant.subject) === subjectKey(subject)) ||
          isUnseenOf(subject, danger)),
    );
    if (own.length > 0) bySubject.set(subjectKey(subject), describe(subject, own, dangersOf, around));
  }
  return {
    all: [...bySubject.values()].flat(),
    of: (subject) => bySubject.get(subjectKey(subject)) ?? [],
    assumptions: assumptionsOf(model),
  };
}

interface UnseenDanger extends Danger {
  /** Key of the subject that the binding names. */
  readonly named?: ReadonlySet<string>;
}

const isUnseenOf = (subject: Subject, danger: UnseenDanger): boolean => danger.named?.has(subjectKey(subject)) === true;

function allDangers(subject: Subject, model: AccessModel, around: Surroundings): readonly Danger[] {
  const grants = model.grantsOf(subject);
  const whole = grants.some((grant) => grant.namespace === undefined) ? clusterDangers(grants, around) : [];
  const found: Danger[] = [...whole, ...unseenDangers(subject, model)];
  if (whole.some((danger) => danger.edge === 'E01')) return found;
  const clusterWide = grants.filter((grant) => grant.namespace === undefined);
  // What is allowed everywhere is allowed in kube-system, whose accounts hold the cluster; names are followed by clusterDangers.
  const everywhere = namespaceDangers(clusterWide, 'kube-system', around).filter(
    ({ gain }) => gain.kind === 'namespace' || gain.kind === 'pods' || gain.kind === 'cluster-admin',
  );
  found.push(...everywhere);
  const places = [...new Set(grants.flatMap((grant) => grant.namespace ?? []))].sort();
  for (const place of places) {
    found.push(
      ...namespaceDangers(grants, place, around).filter((danger) => danger.grants.some((grant) => grant.namespace === place)),
    );
  }
  return found;
}

/** A binding whose role nobody can see may give anything within its reach. */
function unseenDangers(subject: Subject, model: AccessModel): readonly UnseenDanger[] {
  return model.unseenOf(subject).map(({ binding, why }) => ({
    edge: 'unseen-role',
    gain: binding.namespace === undefined ? clusterAdmin : { kind: 'namespace', namespace: binding.namespace },
    note: `use ${binding.roleRef.kind} ${binding.roleRef.name}, whose rules are not known`,
    grants: [],
    assumption: why,
    named: binding.builtin ? new Set<string>() : new Set(binding.subjects.map((entry) => subjectKey(entry.subject))),
    ...(binding.object === undefined ? {} : { at: { object: binding.object, path: ['roleRef', 'name'] } }),
  }));
}

/** Namespaces where the subject is at home: what it gains there is a matter of that namespace alone. */
function homesOf(subject: Subject, model: AccessModel): ReadonlySet<string> {
  const bound = [
    ...model.grantsOf(subject).map((grant) => grant.namespace),
    ...model.unseenOf(subject).map(({ binding }) => binding.namespace),
  ];
  return new Set([
    ...(subject.kind === 'ServiceAccount' ? [subject.namespace] : []),
    ...bound.filter((namespace) => namespace !== undefined),
  ]);
}

/** Places beyond its first steps that are told of one subject, nearest first: the first one proves the point, and a cluster has thousands. */
const nearest = 8;

function describe(
  subject: Subject,
  own: readonly Danger[],
  dangersOf: (subject: Subject) => readonly Danger[],
  around: Surroundings,
): readonly Escalation[] {
  const homes = homesOf(subject, around.access);
  const scopeOf = (target: EscalationTarget): Escalation['scope'] => {
    if (target === 'cluster-admin' || target === 'node' || target === 'secrets:*') return 'cluster';
    const [place = '', name] = target.slice(target.indexOf(':') + 1).split('/');
    // A user or a group lives in no namespace; what its known grants lead to is told apart from it.
    return homes.has(place) || (target.startsWith('subject:') && name === undefined) ? 'namespace' : 'cluster';
  };
  const found: Escalation[] = [];
  const add = (target: EscalationTarget, moves: readonly Move[]) => {
    const assumption = moves.find((move) => move.assumption !== undefined)?.assumption;
    const edge = moves[0]?.edge ?? 'E01';
    if (found.some((other) => other.edge === edge && other.target === target && (other.certain || assumption !== undefined)))
      return;
    found.push({
      subject,
      edge,
      target,
      scope: scopeOf(target),
      steps: moves.flatMap((move) => move.steps(subject)),
      certain: assumption === undefined,
      ...(assumption === undefined ? {} : { assumption }),
    });
  };
  const reached = paths(subject, own, dangersOf, around);
  for (const path of reached) if (path.length === 1) add(path.target, path.moves());
  let far = 0;
  for (const path of reached) {
    if (path.length === 1) continue;
    const whole = path.target === 'cluster-admin' || path.target === 'node' || path.target === 'secrets:*';
    const foreign = scopeOf(path.target) === 'cluster';
    if (found.some((other) => other.target === path.target && other.certain) || (!foreign && path.target.startsWith('subject:')))
      continue;
    if (!whole && far === nearest) continue;
    if (!whole) far++;
    add(path.target, path.moves());
  }
  const whole = found.some((entry) => entry.target === 'cluster-admin' && entry.certain);
  // Who certainly holds the cluster needs no maybe about it, nor a node, nor one namespace more.
  const kept = whole
    ? found.filter((entry) => (entry.certain && entry.target === 'cluster-admin') || entry.scope === 'namespace')
    : found;
  return [...kept].sort((a, b) => weight(a) - weight(b));
}

const weight = (entry: Escalation): number =>
  (entry.certain ? 0 : 1) +
  (entry.target === 'cluster-admin' ? 0 : entry.target === 'node' ? 2 : entry.scope === 'cluster' ? 4 : 6);

function assumptionsOf(model: AccessModel): readonly string[] {
  const found: string[] = [];
  for (const kind of ['ClusterRoleBinding', 'RoleBinding'] as const) {
    const complete = model.completeness[kind];
    if (!complete.complete) found.push(`there is no ${kind} beside those in the sources (${complete.why})`);
  }
  for (const role of model.roles.all) {
    const used =
      role.mayBeWider !== undefined &&
      model.bindings.some((binding) => binding.role.status === 'found' && binding.role.role === role && !binding.builtin);
    if (used) found.push(`no ClusterRole outside the sources widens ${role.name}`);
  }
  return found;
}

export type { EscalationStep, EscalationTarget };
