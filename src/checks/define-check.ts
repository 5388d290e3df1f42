import type { Source } from '../facts/fact.ts';
import type { KubeObject } from '../kube/object.ts';
import type { GateId } from '../model/gate.ts';
import type { Level, Location, Outcome, Path, Reason } from '../model/judgement.ts';
import type { ObjectRef } from '../model/object-ref.ts';

/** What a check looks at. `object` and `path` say where it stands, so that locations need no work in the check. */
export interface Target {
  readonly ref: ObjectRef;
  readonly object?: KubeObject;
  /** Path of the target inside `object`: a container's place in its workload. Judgements' `at` continues it. */
  readonly path?: Path;
}

/** A step of a proof: an object, a place in it, and what it says. */
export interface Because {
  readonly note: string;
  readonly object: KubeObject;
  readonly at?: Path;
}

/** One answer about one target. */
export interface Judgement {
  readonly outcome: Outcome;
  /** Id into the check's messages: passes too say what they rest on. */
  readonly message: string;
  readonly data: Readonly<Record<string, string | number>>;
  /** Required for unknown (default `missing`); for a pass, `assumed` caps the gate at conditional. */
  readonly reason?: Reason;
  /** Path inside the target: file:line:column derives from it. */
  readonly at?: Path;
  /** Where to point instead of the target's own object. */
  readonly in?: KubeObject;
  /** Where to point when it is no object at all: a file that does not parse, a document, the review file. */
  readonly location?: Location;
  /** Tells apart several judgements with one message on one target (the name of a variable). */
  readonly key?: string;
  /** RFC 3339: when time alone changes this judgement. */
  readonly until?: string;
  readonly because?: readonly Because[];
  /** Something beside the check's own question makes this worse than its like: it comes before them. */
  readonly urgent?: boolean;
}

type Placeholders<M extends string> = M extends `${string}{${infer P}}${infer Rest}` ? P | Placeholders<Rest> : never;
type DataOf<M extends string> = [Placeholders<M>] extends [never] ? [] : [data: Record<Placeholders<M>, string | number>];

/** Makes judgements. A message that is not declared, or data that the message needs and does not get, does not compile. */
export interface Say<M extends Record<string, string>> {
  pass<K extends keyof M & string>(message: K, ...data: DataOf<M[K]>): Judgement;
  fail<K extends keyof M & string>(message: K, ...data: DataOf<M[K]>): Judgement;
  unknown<K extends keyof M & string>(message: K, ...data: DataOf<M[K]>): Judgement;
  notApplicable<K extends keyof M & string>(message: K, ...data: DataOf<M[K]>): Judgement;
}

type Needs = Readonly<Record<string, Source<unknown>>>;
type Given<N extends Needs> = { readonly [K in keyof N]: N[K] extends Source<infer T> ? T : never };

export interface Moment<P> {
  /** The review's moment, RFC 3339 UTC. */
  readonly asOf: string;
  readonly parameters: P;
}

/**
 * What can decide a check: `manifests` alone (then it is part of the `manifests` standard), objects of the `platform` too,
 * other `evidence` (scans, load tests, documents), or only a `person`.
 */
export type DecidedBy = 'manifests' | 'platform' | 'evidence' | 'person';

export interface Check<Id extends string, N extends Needs, T extends Target, M extends Record<string, string>, P extends object> {
  /** Kebab-case noun; also the file name. Never reused. */
  readonly id: Id;
  readonly gate: GateId;
  readonly level: Level;
  /** The good condition, as a sentence without a full stop. */
  readonly title: string;
  /** What happens to whom without it. */
  readonly rationale: string;
  /** Id of the remedy; effort and prerequisites live there. */
  readonly remedy: string;
  /** URLs of the rule's sources. */
  readonly references: readonly string[];
  readonly decidedBy: DecidedBy;
  /** May a person's dated statement settle an unknown of this check? It never settles a fail. */
  readonly attestable: boolean;
  /** When a waiver is reasonable, one sentence; shown in the docs. */
  readonly whenToWaive: string;
  readonly needs: N;
  /** Defaults; a standard overrides them by name. */
  readonly parameters: P;
  /**
   * Which way a numeric parameter gets stricter. A review file may move a parameter only that way; one without a direction belongs
   * to the organisation's standard alone.
   */
  readonly stricter?: Readonly<Partial<Record<keyof NoInfer<P> & string, 'lower' | 'higher'>>>;
  /** Every text the check can say, with `{placeholders}`. Failing messages state the observed fact. */
  readonly messages: M;
  /**
   * Kinds that would be targets. When there is no target, the engine says not applicable if some source is complete for all of
   * them ("no Ingress in 41 objects"), and unknown otherwise. `*` stands for any workload kind.
   */
  readonly looksFor: readonly string[];
  targets(given: Given<N> & Moment<P>): Iterable<T>;
  assess(target: T, given: Given<N> & Moment<P>, say: Say<M>): Judgement | readonly [Judgement, ...Judgement[]];
  /**
   * For kinds whose absence is itself the finding: what to say when there is no target. Absent: the rule of `looksFor`.
   */
  none?(given: Given<N> & Moment<P>, say: Say<M>): Judgement;
}

/** The registry's element type: sixty inferred types stay inside their files. */
export interface AnyCheck {
  readonly id: string;
  readonly gate: GateId;
  readonly level: Level;
  readonly title: string;
  readonly rationale: string;
  readonly remedy: string;
  readonly references: readonly string[];
  readonly decidedBy: DecidedBy;
  readonly attestable: boolean;
  readonly whenToWaive: string;
  readonly needs: Needs;
  readonly parameters: object;
  readonly stricter?: Readonly<Partial<Record<string, 'lower' | 'higher'>>>;
  readonly messages: Readonly<Record<string, string>>;
  readonly looksFor: readonly string[];
  targets(given: never): Iterable<Target>;
  assess(target: never, given: never, say: never): Judgement | readonly Judgement[];
  none?(given: never, say: never): Judgement;
}

/** Declares a check; only here to infer its types. */
export const defineCheck = <
  const Id extends string,
  N extends Needs,
  T extends Target,
  const M extends Record<string, string>,
  P extends object,
>(
  check: Check<Id, N, T, M, P>,
): Check<Id, N, T, M, P> => check;

const judgement =
  (outcome: Outcome) =>
  (message: string, data: Readonly<Record<string, string | number>> = {}): Judgement =>
    outcome === 'unknown' ? { outcome, message, data, reason: 'missing' } : { outcome, message, data };

/** The one implementation of `Say`. */
export const say: Say<Record<string, string>> = {
  pass: judgement('pass'),
  fail: judgement('fail'),
  unknown: judgement('unknown'),
  notApplicable: judgement('not-applicable'),
};
