import type { KubeObject } from '../../kube/object.ts';
import type { Path } from '../../model/judgement.ts';
import { type AssumptionId, unite } from './assumptions.ts';
import type { NetworkModel } from './network.ts';
import type { Endpoint } from './peers.ts';
import type { Protocol } from './ports.ts';
import type { Ruling, Step } from './reach.ts';

/** Flows that a system needs without anybody declaring them, by what needs them. */
export type DerivedKind =
  | 'dns'
  | 'api-server'
  | 'scrape'
  | 'entry'
  | 'admission-webhook'
  | 'conversion-webhook'
  | 'aggregated-api';

/** One end: a workload, Pods outside the sources, or addresses. `ends` is empty where nothing of it is known. */
export interface DerivedEnd {
  readonly id: string;
  readonly ends: readonly Endpoint[];
  /** Do the sources show it? */
  readonly seen: boolean;
}

/** A flow that follows from objects, and whether the policies let it happen. */
export interface DerivedFlow {
  readonly kind: DerivedKind;
  /** Why it is needed, as a sentence without a full stop. */
  readonly reason: string;
  /** The object that needs it, and where it says so. */
  readonly object: KubeObject;
  readonly path: Path;
  readonly from: DerivedEnd;
  readonly to: DerivedEnd;
  readonly protocol: Protocol;
  /** On the Pods, behind any Service. Undefined: not known. */
  readonly port: number | undefined;
  /** `possible`: objects allow for it without showing that it is used. */
  readonly need: 'certain' | 'possible';
  readonly ruling: Ruling;
}

export const endOf = (endpoint: Endpoint): DerivedEnd => ({
  id: endpoint.id,
  ends: [endpoint],
  seen: endpoint.kind === 'workload',
});

/** Every one must be allowed: a certain denial decides, then a doubt. */
export function eachOf(rulings: readonly [Ruling, ...Ruling[]]): Ruling {
  const denied = rulings.find(({ answer }) => answer === 'denied');
  if (denied) return denied;
  const open = rulings.find(({ answer }) => answer === 'depends') ?? rulings[0];
  return { ...open, assumptions: unite(...rulings.map(({ assumptions }) => assumptions)) };
}

/** The ruling as one that is open on more. An address range that policies split is no doubt of its own here. */
export const dependsOn = (ruling: Ruling, on: AssumptionId): Ruling => ({
  ...ruling,
  answer: 'depends',
  assumptions: unite(
    ruling.assumptions.filter((id) => id !== 'address-range'),
    [on],
  ),
});

export const granting = (ruling: Ruling, on: AssumptionId): Ruling => ({
  ...ruling,
  assumptions: unite(ruling.assumptions, [on]),
});

/**
 * A connection with the control plane, which may run on nodes of the cluster: what lets it through by address is in doubt where the
 * plugin may leave nodes out of blocks. What nothing isolates, and what a rule for everybody admits, is not.
 */
export function withNodes(network: NetworkModel, half: 'egress' | 'ingress', ruling: Ruling): Ruling {
  if (ruling.answer !== 'allowed' || network.profile['ipblock-matches-nodes'] !== 'maybe') return ruling;
  const { implicit, because } = ruling[half];
  if (implicit || because.some((step) => admitsEverybody(network, half, step))) return ruling;
  return dependsOn(ruling, 'node-addresses');
}

const admitsEverybody = ({ policies }: NetworkModel, half: 'egress' | 'ingress', { object, at }: Step): boolean =>
  policies
    .filter((policy) => policy.object === object)
    .some((policy) => policy[half].some((rule) => rule.peers === undefined && rule.path.join('.') === at.join('.')));
