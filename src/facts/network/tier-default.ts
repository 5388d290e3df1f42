import { everyAddress } from '../../kube/address.ts';
import type { TierPolicy, TierRule } from '../../kube/admin-network-policy.ts';
import { addressParts } from './address-parts.ts';
import { boundsOf, intervals, tierBounds } from './admitted-ports.ts';
import { type AssumptionId, type Truth, unite } from './assumptions.ts';
import { directionRuling, type Step } from './direction.ts';
import { closedLabels } from './labels.ts';
import type { NetworkModel } from './network.ts';
import { type Endpoint, externalEndpoint, type PodEndpoint, type UnseenEndpoint, unseenEndpoint } from './peers.ts';
import { protocols } from './ports.ts';
import type { Direction } from './selection.ts';
import { type Prospect, settle } from './tier-fold.ts';
import { effectOf } from './tier-match.ts';
import { explainedTier, type SelectingTier, tiersOnDirection } from './tiers.ts';

/**
 * A Pod without labels in a namespace that nobody thought of, which has no label but its name: whom a rule for every namespace
 * lets in. No namespace can have this name, so that a rule for namespaces by name is not for it.
 */
export const stranger: UnseenEndpoint = {
  ...unseenEndpoint({ name: '*', labels: closedLabels(new Map([['kubernetes.io/metadata.name', '*']])) }, 'any'),
  id: 'any Pod of any namespace',
  labels: closedLabels(new Map()),
};

/** A Pod without labels in a namespace: nobody thought of it either. */
export const barePod = (network: NetworkModel, namespace: string): UnseenEndpoint => ({
  ...unseenEndpoint(network.namespace(namespace), 'any Pod'),
  labels: closedLabels(new Map()),
});

/**
 * What cluster-wide policies make of connections that nobody thought of, of a Pod that no NetworkPolicy isolates: with strangers
 * among Pods, and with addresses outside. `yes`: they are open on some port, since no rule decides them.
 */
export interface TierDefault {
  readonly openToPods: Truth;
  readonly openOutside: Truth;
  /** The policies that act on the Pod in this direction. */
  readonly by: readonly TierPolicy[];
  /** What a `maybe` depends on. */
  readonly doubts: readonly AssumptionId[];
  /** What a `no` takes for granted. */
  readonly given: readonly AssumptionId[];
  /** Rules that deny strangers, or let them through. */
  readonly because: readonly Step[];
}

/** Undefined where no cluster-wide policy acts on the Pod in this direction. */
export function tierDefault(network: NetworkModel, subject: PodEndpoint, direction: Direction): TierDefault | undefined {
  const selecting = tiersOnDirection(network, subject, direction);
  if (selecting.length === 0) return undefined;
  // Rules for ingress name Pods alone: every address outside is alike.
  const families = [everyAddress[4], everyAddress[6]];
  const outsiders = families.flatMap((family) =>
    direction === 'ingress' ? externalEndpoint(family) : addressParts(network, family, subject, direction),
  );
  const pods = defaultFor(selecting, direction, subject, [stranger]);
  const outside = defaultFor(selecting, direction, subject, outsiders);
  return {
    openToPods: pods.open,
    openOutside: outside.open,
    by: selecting.map(({ policy }) => policy),
    doubts: unite(pods.doubts, outside.doubts),
    given: unite(pods.given, outside.given),
    because: pods.steps,
  };
}

interface Part {
  readonly open: Truth;
  readonly doubts: readonly AssumptionId[];
  readonly given: readonly AssumptionId[];
  readonly steps: readonly Step[];
}

const byNobody: Prospect<Step> = { verdicts: ['allow'], doubts: [], given: [], implicit: true, steps: [] };

/** Is some of these peers open on some port by no rule at all? */
function defaultFor(
  selecting: readonly SelectingTier[],
  direction: Direction,
  subject: PodEndpoint,
  peers: readonly Endpoint[],
): Part {
  let perhaps: Part | undefined;
  let steps: readonly Step[] = [];
  const given: (readonly AssumptionId[])[] = [];
  for (const peer of peers) {
    const destination = direction === 'ingress' ? subject : peer;
    const bounds = selecting.flatMap(({ policy }) => tierBounds(policy, direction, destination));
    for (const protocol of protocols) {
      for (const { first } of intervals(bounds)) {
        const question = { direction, subject, peer, destination, port: { protocol, port: first } };
        const unisolated = settle(explainedTier(selecting, 'baseline', question), byNobody);
        const prospect = settle(explainedTier(selecting, 'admin', question), unisolated);
        const part = { doubts: prospect.doubts, given: [], steps: prospect.steps };
        if (prospect.implicit && prospect.verdicts.length === 1) return { ...part, open: 'yes' };
        if (prospect.implicit) perhaps ??= { ...part, open: 'maybe' };
        else if (steps.length === 0) steps = prospect.steps;
        given.push(prospect.given);
      }
    }
  }
  return perhaps ?? { open: 'no', doubts: [], given: unite(...given), steps };
}

/** What lets a Pod connect to every address of a family on every port; undefined where some address or port is not certainly open. */
export function openToFamily(network: NetworkModel, subject: PodEndpoint): readonly Step[] | undefined {
  return [everyAddress[4], everyAddress[6]]
    .map((family) => openToAll(network, subject, addressParts(network, family, subject, 'egress')))
    .find((because) => because !== undefined);
}

function openToAll(network: NetworkModel, subject: PodEndpoint, ends: readonly Endpoint[]): readonly Step[] | undefined {
  let because: readonly Step[] | undefined;
  for (const to of ends) {
    for (const { first } of intervals(boundsOf(network, 'egress', subject, to))) {
      for (const protocol of protocols) {
        const ruling = directionRuling(network, 'egress', subject, to, { protocol, port: first });
        if (ruling.answer !== 'allowed') return undefined;
        because ??= ruling.because;
      }
    }
  }
  return because;
}

/** A rule of the Admin tier that lets somebody through whatever NetworkPolicies say. */
export interface TierOpening {
  readonly policy: TierPolicy;
  readonly rule: TierRule;
  /** Does the policy act on the Pod? */
  readonly certain: boolean;
  readonly assumptions: readonly AssumptionId[];
}

/** Such rules on a Pod, up to one that leaves nothing for those after it. */
export function tierOpenings(network: NetworkModel, subject: PodEndpoint, direction: Direction): readonly TierOpening[] {
  const admin = tiersOnDirection(network, subject, direction).filter(({ policy }) => policy.tier === 'admin');
  return [...Map.groupBy(admin, ({ policy }) => policy.api).values()].flatMap((generation) => {
    const openings: TierOpening[] = [];
    let last = Number.POSITIVE_INFINITY;
    for (const { policy, match } of generation) {
      if (policy.priority > last) break;
      for (const rule of policy[direction]) {
        const { action, on } = effectOf(rule);
        if (action === 'allow' && on === 'match')
          openings.push({ policy, rule, certain: match.truth === 'yes', assumptions: match.assumptions });
        if (match.truth !== 'yes' || on !== 'match' || !isForAllPods(rule)) continue;
        // Policies of the same priority may come first all the same.
        last = policy.priority;
        break;
      }
    }
    return openings;
  });
}

/** Every Pod on every port. */
export const isForAllPods = ({ peers, ports }: TierRule): boolean =>
  ports === undefined &&
  peers.some(
    (peer) =>
      peer.kind === 'pods' && peer.namespaceSelector.requirements.length === 0 && peer.podSelector.requirements.length === 0,
  );
