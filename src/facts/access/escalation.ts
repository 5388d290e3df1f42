import type { Workload } from '../../kube/workload.ts';
import { fact } from '../fact.ts';
import { type Inventory, inventory } from '../inventory.ts';
import { workloads } from '../workloads.ts';
import { type AccessModel, access } from './access.ts';
import { type AccessSeverity, severityOf } from './catalogue.ts';
import { type Danger, type EscalationStep, type EscalationTarget, isWhole, targetOf } from './danger.ts';
import { allNeeds, dangersOf, ownDangers } from './dangers-of.ts';
import { assumptionsOf } from './escalation-assumptions.ts';
import { type Cut, cutFinder, type Guard, guardsOf } from './escalation-cuts.ts';
import { buildGraph, type EscalationGraph, type PathTo, wholeTargets } from './escalation-graph.ts';
import { type Hazard, hazardsOf } from './hazards.ts';
import { type Move, moveOf } from './move.ts';
import { platformMakerOf } from './platform-bindings.ts';
import { indexedHolder } from './rights.ts';
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
  readonly severity: AccessSeverity;
  /** How many moves lead there. */
  readonly length: number;
  /** The shortest proof. */
  readonly steps: readonly EscalationStep[];
  /** False: it holds only under `assumption`, which nobody has shown. */
  readonly certain: boolean;
  readonly assumption?: string;
  /** What would end this path: each entry alone. */
  readonly cuts: readonly Cut[];
  /** What is there and may refuse the path, and is assumed not to: nobody evaluates what it says. */
  readonly guards: readonly Guard[];
  /** The installer that wrote all bindings of the first step, by their exact identity: kubeadm, EKS. What it gives is not the system's to change. */
  readonly installer: string | undefined;
  /** Whose Pods hold the subject's token: who takes one of them over starts the path. Empty for users and groups. */
  readonly workloads: readonly Workload[];
}

export interface Escalations {
  /** Of everybody whom a binding that is not a default one names; sorted by subject, then the gravest first. */
  readonly all: readonly Escalation[];
  of(subject: Subject): readonly Escalation[];
  /** Every place that the subject reaches; `of` names of the distant ones the nearest {@link nearest} only, and all that take in the cluster. */
  everyOf(subject: Subject): readonly Escalation[];
  /** What the subject may do that harms and makes it nobody else: intercept traffic, read logs, deny service. Sorted by row. */
  hazardsOf(subject: Subject): readonly Hazard[];
  /** What the whole analysis takes for granted: bindings and roles that no source shows do not exist. */
  readonly assumptions: readonly string[];
}

/** The escalation paths of the launch environment. */
export const escalations = fact('escalations', [inventory, workloads, access], (known, running, model) =>
  findEscalations(known, running.all, model),
);

/** Every subject's escalations, over one graph of all that can be held: least fixpoint over principals, so cycles end. */
export function findEscalations(known: Inventory, running: readonly Workload[], model: AccessModel): Escalations {
  const around = surroundingsOf(known, running, model);
  const hold = indexedHolder(allNeeds);
  const dangers = dangersOf(model, around, hold);
  const graph = buildGraph(model.subjects, dangers, around);
  const context: Context = { around, graph, cutsOf: cutFinder(around, hold) };
  const bySubject = new Map<string, readonly Escalation[]>();
  for (const subject of model.subjects) {
    const own = ownDangers(subject, dangers(subject));
    if (own.length > 0) bySubject.set(subjectKey(subject), describe(subject, own, context, nearest));
  }
  return {
    all: [...bySubject.values()].flat(),
    of: (subject) => bySubject.get(subjectKey(subject)) ?? [],
    everyOf: (subject) => describe(subject, ownDangers(subject, dangers(subject)), context, Number.POSITIVE_INFINITY),
    hazardsOf: (subject) => hazardsOf(subject, around, hold),
    assumptions: assumptionsOf(model),
  };
}

interface Context {
  readonly around: Surroundings;
  readonly graph: EscalationGraph;
  readonly cutsOf: ReturnType<typeof cutFinder>;
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

function scopeOf(target: EscalationTarget, homes: ReadonlySet<string>): Escalation['scope'] {
  if (isWhole(target)) return 'cluster';
  const [place = '', name] = target.slice(target.indexOf(':') + 1).split('/');
  // A user or a group lives in no namespace; what its known grants lead to is told apart from it.
  return homes.has(place) || (target.startsWith('subject:') && name === undefined) ? 'namespace' : 'cluster';
}

/** Places beyond its first steps that are told of one subject, nearest first: the first one proves the point, and a cluster has thousands. */
export const nearest = 8;

function describe(subject: Subject, own: readonly Danger[], context: Context, limit: number): readonly Escalation[] {
  const homes = homesOf(subject, context.around.access);
  const found: Escalation[] = [];
  const told = new Map<string, boolean>();
  const certainTargets = new Set<EscalationTarget>();
  const add = (path: Pick<PathTo, 'target' | 'length'>, moves: readonly Move[]) => {
    const assumption = moves.find((move) => move.assumption !== undefined)?.assumption;
    const edge = moves[0]?.edge ?? 'E01';
    const key = `${edge} ${path.target}`;
    const before = told.get(key);
    if (before === true || (before === false && assumption !== undefined)) return;
    told.set(key, assumption === undefined);
    if (assumption === undefined) certainTargets.add(path.target);
    found.push(escalationOf(subject, edge, path, scopeOf(path.target, homes), moves, assumption, context));
  };
  // Every first step is told, also where another one leads to the same place.
  for (const danger of own) add({ target: targetOf(danger.gain), length: 1 }, [moveOf(danger)]);
  let far = 0;
  for (const path of context.graph.arrivals(subject, own)) {
    if (path.length === 1 || certainTargets.has(path.target)) continue;
    const whole = isWhole(path.target);
    if (!whole && path.target.startsWith('subject:') && (path.overNode || scopeOf(path.target, homes) === 'namespace')) continue;
    if (!whole) far++;
    add(path, path.moves());
    if (far === limit) break;
  }
  // Whatever takes in the whole cluster is told, however far it is.
  if (far === limit)
    for (const path of wholePaths(subject, own, context)) if (!certainTargets.has(path.target)) add(path, path.moves());
  const whole = certainTargets.has('cluster-admin');
  // Who certainly holds the cluster needs no maybe about it, nor a node, nor one namespace more.
  const kept = whole
    ? found.filter((entry) => (entry.certain && entry.target === 'cluster-admin') || entry.scope === 'namespace')
    : found;
  return [...kept].sort((a, b) => weight(a) - weight(b));
}

function* wholePaths(subject: Subject, own: readonly Danger[], { graph }: Context): Generator<PathTo> {
  for (const certain of [true, false])
    yield* wholeTargets
      .flatMap((target) => graph.shortest(subject, own, target, certain) ?? [])
      .filter(({ length }) => length > 1)
      .sort((a, b) => a.length - b.length);
}

/** Proof, cuts and guards are written when somebody reads them: most paths of a large cluster are only counted. */
function escalationOf(
  subject: Subject,
  edge: string,
  { target, length }: Pick<PathTo, 'target' | 'length'>,
  scope: Escalation['scope'],
  moves: readonly Move[],
  assumption: string | undefined,
  context: Context,
): Escalation {
  const { around } = context;
  return {
    subject,
    edge,
    target,
    scope,
    severity: severityOf(edge, target, scope),
    length,
    get steps() {
      return moves.flatMap((move) => move.steps(subject));
    },
    certain: assumption === undefined,
    ...(assumption === undefined ? {} : { assumption }),
    get cuts() {
      return context.cutsOf(subject, moves);
    },
    get guards() {
      return guardsOf(moves, around);
    },
    installer: platformMakerOf((moves[0]?.danger?.grants ?? []).map(({ binding }) => binding)),
    get workloads() {
      return subject.kind === 'ServiceAccount' ? around.access.workloadsOf(subject.namespace, subject.name) : [];
    },
  };
}

const weight = (entry: Escalation): number =>
  (entry.certain ? 0 : 1) +
  (entry.target === 'cluster-admin' ? 0 : entry.target === 'node' ? 2 : entry.scope === 'cluster' ? 4 : 6);

export type { Cut, Guard } from './escalation-cuts.ts';
export type { Hazard } from './hazards.ts';
export type { EscalationStep, EscalationTarget };
