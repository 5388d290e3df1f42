import type { NetworkPolicy } from '../../kube/network-policy.ts';
import { every, type Match, maybe, type Profile } from './assumptions.ts';
import { matchLabels } from './labels.ts';
import type { NetworkModel } from './network.ts';
import { onHostNetwork, type PodEndpoint } from './peers.ts';

export type Direction = 'ingress' | 'egress';

/** A policy that selects Pods, for certain or perhaps. */
export interface SelectingPolicy {
  readonly policy: NetworkPolicy;
  readonly match: Match;
}

/** The policies that isolate Pods by direction, certain or not; those that do not select are left out. */
export type Selection = Readonly<Record<Direction, readonly SelectingPolicy[]>>;

/**
 * Which policies of its own namespace select an endpoint's Pods.
 * @param policies those of the endpoint's namespace: a policy acts nowhere else.
 */
export function select(policies: readonly NetworkPolicy[], endpoint: PodEndpoint, profile: Profile): Selection {
  // What nobody enforces selects nobody.
  if (profile['no-enforcement'] === 'yes') return { ingress: [], egress: [] };
  const selecting = policies
    .map((policy) => ({ policy, match: selects(policy, endpoint, profile) }))
    .filter(({ match }) => match.truth !== 'no');
  return {
    ingress: selecting.filter(({ policy }) => policy.types.ingress),
    egress: selecting.filter(({ policy }) => policy.types.egress),
  };
}

function selects(policy: NetworkPolicy, endpoint: PodEndpoint, profile: Profile): Match {
  const match = matchLabels(policy.podSelector, endpoint.labels);
  if (match.truth === 'no') return match;
  const doubts = [];
  if (policy.invalid.length > 0) doubts.push(maybe('invalid-policy'));
  // Most network plugins cannot tell a Pod on the host network from its node, and do not select it.
  if (onHostNetwork(endpoint)) doubts.push(hostNetworkMatch(profile, 'subject'));
  return every([match, ...doubts]);
}

/** Are Pods on the host network matched by their labels, as those that a policy selects or as its peers? */
export function hostNetworkMatch(profile: Profile, role: 'subject' | 'peer'): Match {
  const settled = (role === 'subject' ? profile['host-network-subjects'] : undefined) ?? profile['host-network'];
  return settled === undefined ? maybe('host-network') : { truth: settled, assumptions: ['host-network'] };
}

/** Is it by the profile alone that no policy selects these Pods for a direction? */
export const escapesByProfile = (
  policies: readonly NetworkPolicy[],
  direction: Direction,
  endpoint: PodEndpoint,
  profile: Profile,
): boolean =>
  onHostNetwork(endpoint) &&
  hostNetworkMatch(profile, 'subject').truth === 'no' &&
  policies.some((policy) => policy.types[direction] && matchLabels(policy.podSelector, endpoint.labels).truth !== 'no');

/** Is it open whether policies select these Pods, since they are on the host network? */
export const isPerhapsSelected = (endpoint: PodEndpoint, profile: Profile): boolean =>
  onHostNetwork(endpoint) && hostNetworkMatch(profile, 'subject').truth === 'maybe';

/** The network as it would be if its plugin told Pods on the host network apart from their nodes. */
export function toldApart(network: NetworkModel): NetworkModel {
  const profile: Profile = { ...network.profile, 'host-network': 'yes', 'host-network-subjects': 'yes' };
  return { ...network, profile, selections: new Map() };
}
