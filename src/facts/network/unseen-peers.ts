import { selectionOf } from './direction.ts';
import type { NetworkPolicy, PolicyPeer, PolicyRule } from '../../kube/network-policy.ts';
import { formatSelector } from '../../kube/selector.ts';
import { engineOf } from './engine/engine.ts';
import { entryFlows } from './entry-flows.ts';
import type { NetworkModel } from './network.ts';
import { isPod, type WorkloadEndpoint } from './peers.ts';
import { peerMatches } from './rule.ts';
import type { Direction } from './selection.ts';

/** A peer of a rule that stands for Pods of which no source holds any: they are in no row, and the rule is open to them. */
export interface UnseenPeer {
  readonly policy: NetworkPolicy;
  readonly rule: PolicyRule;
  readonly direction: Direction;
  /** The workloads that the policy selects for certain. */
  readonly of: readonly WorkloadEndpoint[];
  /** `Pods with app=web in namespaces with team=x`. */
  readonly peer: string;
}

/** Peers that match no known workload, nor a controller of an entry object; in the order of policies. Policies that select nobody are left out. */
export function unseenPeers(network: NetworkModel): readonly UnseenPeer[] {
  const controllers = entryFlows(network).flatMap(({ from }) => (from.seen ? [] : from.ends));
  const unseen = controllers.filter(isPod);
  const { peers } = engineOf(network);
  return network.policies.flatMap((policy) => {
    const among = network.byNamespace.get(policy.namespace) ?? [];
    return (['ingress', 'egress'] as const).flatMap((direction): readonly UnseenPeer[] => {
      const of = policy.types[direction]
        ? among.filter((endpoint) =>
            selectionOf(network, endpoint)[direction].some((item) => item.policy === policy && item.match.truth === 'yes'),
          )
        : [];
      if (of.length === 0) return [];
      return policy[direction].flatMap((rule) =>
        (rule.peers ?? [])
          .filter(
            (peer) =>
              peer.ipBlock === undefined &&
              peers.of(policy, peer).pods.length === 0 &&
              unseen.every((endpoint) => peerMatches(policy, peer, endpoint, network.profile).truth === 'no'),
          )
          .map((peer): UnseenPeer => ({ policy, rule, direction, of, peer: describe(policy, peer) })),
      );
    });
  });
}

function describe(policy: NetworkPolicy, { namespaceSelector, podSelector }: PolicyPeer): string {
  const pods =
    podSelector === undefined || podSelector.requirements.length === 0 ? 'Pods' : `Pods with ${formatSelector(podSelector)}`;
  if (namespaceSelector === undefined) return `${pods} in ${policy.namespace}`;
  const [only, ...rest] = namespaceSelector.requirements;
  if (only === undefined) return `${pods} in every namespace`;
  const byName = only.key === 'kubernetes.io/metadata.name' && only.operator === 'In' && rest.length === 0;
  return byName ? `${pods} in ${only.values.join(' or ')}` : `${pods} in namespaces with ${formatSelector(namespaceSelector)}`;
}
