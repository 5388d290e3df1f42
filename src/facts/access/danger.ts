import type { KubeObject } from '../../kube/object.ts';
import type { Path } from '../../model/judgement.ts';
import type { Grant } from './access.ts';
import type { Subject } from './subject.ts';

/** What a danger gives. `namespace`: every ServiceAccount and Secret of it; `pods`: code in its running Pods. */
export type Gain =
  | { readonly kind: 'cluster-admin' }
  | { readonly kind: 'node' }
  | { readonly kind: 'namespace'; readonly namespace: string }
  | { readonly kind: 'pods'; readonly namespace: string }
  /** `*` is the Secrets of every namespace. */
  | { readonly kind: 'secrets'; readonly namespace: string }
  /** What limits the namespace: its network policies, its Pod Security level. `*` is every namespace. */
  | { readonly kind: 'policy'; readonly namespace: string }
  | { readonly kind: 'subject'; readonly subject: Subject };

/** One step from what a subject may do to what it gains by it. */
export interface Danger {
  /** Row of the catalogue of escalation edges: `E10` is creating Pods; `unseen-role` is a binding whose role cannot be seen. */
  readonly edge: string;
  readonly gain: Gain;
  /** What the subject can do, as a verb phrase: `create Pods in shop`. */
  readonly note: string;
  /** The grants that allow it. */
  readonly grants: readonly Grant[];
  /** Another object that the step rests on. */
  readonly at?: { readonly object: KubeObject; readonly path: Path };
  /** What must hold, where that is not known. Absent: the danger is certain. */
  readonly assumption?: string;
}

export const clusterAdmin: Gain = { kind: 'cluster-admin' };
export const node: Gain = { kind: 'node' };

/** What a path ends at. `namespace:a`: every ServiceAccount and Secret of it, or its Pods; `secrets:*`: the Secrets of every namespace. */
export type EscalationTarget =
  | 'cluster-admin'
  | 'node'
  | `namespace:${string}`
  | `secrets:${string}`
  | `policy:${string}`
  | `subject:${string}`;

export interface EscalationStep {
  readonly note: string;
  /** Absent where the step rests on a default role or binding that no source holds. */
  readonly object: KubeObject | undefined;
  readonly at: Path;
}

/** Targets that take in the whole cluster: each is told, however far it is. */
export const isWhole = (target: EscalationTarget): boolean =>
  target === 'cluster-admin' || target === 'node' || target === 'secrets:*' || target === 'policy:*';

export const targetOf = (gain: Gain): EscalationTarget => {
  if (gain.kind === 'subject')
    return `subject:${gain.subject.kind === 'ServiceAccount' ? `${gain.subject.namespace}/${gain.subject.name}` : gain.subject.name}`;
  if (gain.kind === 'cluster-admin' || gain.kind === 'node') return gain.kind;
  return gain.kind === 'secrets' || gain.kind === 'policy' ? `${gain.kind}:${gain.namespace}` : `namespace:${gain.namespace}`;
};
