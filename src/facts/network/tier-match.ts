import { type AddressRange, contains, everyAddress, overlaps, uniteRanges } from '../../kube/address.ts';
import type { TierPeer, TierPolicy, TierPort, TierRule } from '../../kube/admin-network-policy.ts';
import { every, given, type Match, maybe, no, some, yes } from './assumptions.ts';
import { matchLabels } from './labels.ts';
import { type Endpoint, isPod, namedPorts, onHostNetwork, type PodEndpoint } from './peers.ts';
import { protocols } from './ports.ts';
import type { PortNumber } from './rule.ts';

/**
 * Does a cluster-wide policy act on a Pod? Never on the host network, which the API says of subjects and peers alike. One that the
 * API server refuses is perhaps not in force.
 */
export function tierSelects({ subject, invalid }: TierPolicy, endpoint: PodEndpoint): Match {
  if (onHostNetwork(endpoint)) return no;
  const doubts = invalid.length > 0 ? [maybe('invalid-policy')] : [];
  return every([...podSetMatches(subject, endpoint), ...doubts]);
}

/**
 * What a rule does where it matches. A peer or port that cannot be read makes the whole rule fail closed: Allow matches nothing, Deny
 * and Pass deny everything (apis/v1alpha2, comment of ClusterNetworkPolicyEgressPeer).
 */
export function effectOf(rule: TierRule): {
  readonly action: TierRule['action'];
  readonly on: 'match' | 'everything' | 'nothing';
} {
  if (isReadable(rule)) return { action: rule.action, on: 'match' };
  return rule.action === 'allow' ? { action: 'allow', on: 'nothing' } : { action: 'deny', on: 'everything' };
}

const isReadable = ({ peers, ports }: TierRule): boolean =>
  peers.every(({ kind }) => kind !== 'unreadable') && (ports ?? []).every(({ kind }) => kind !== 'unreadable');

/** Does a rule match a connection with this peer on this port of the destination, where its policy selects the Pod? */
export function tierRuleMatches(rule: TierRule, peer: Endpoint, destination: Endpoint, port: PortNumber): Match {
  const { on } = effectOf(rule);
  if (on !== 'match') return on === 'everything' ? yes : no;
  const ports = rule.ports === undefined ? yes : some(rule.ports.map((entry) => tierPortMatches(entry, destination, port)));
  return every([tierPeersMatch(rule.peers, peer), ports]);
}

/** Some peer of a rule. Its networks count together: 0.0.0.0/1 and 128.0.0.0/1 are every address. */
export function tierPeersMatch(peers: readonly TierPeer[], endpoint: Endpoint): Match {
  const networks = peers.flatMap((peer) => (peer.kind === 'networks' ? peer.ranges : []));
  return some([
    ...peers.map((peer) => tierPeerMatches(peer, endpoint)),
    ...(networks.length > 0 ? [networksMatch(networks, endpoint)] : []),
  ]);
}

function tierPeerMatches(peer: TierPeer, endpoint: Endpoint): Match {
  switch (peer.kind) {
    case 'pods':
      return isPod(endpoint) && !onHostNetwork(endpoint) ? every(podSetMatches(peer, endpoint)) : no;
    case 'nodes':
      // A Pod on the host network has an address of its node, and addresses outside the cluster are perhaps a node's.
      if (endpoint.kind === 'external') return maybe('node-addresses');
      if (!onHostNetwork(endpoint)) return no;
      return peer.selector.requirements.length === 0 ? yes : maybe('node-addresses');
    case 'domains':
      // NPEP-133: a name may stand for Pods too, by the records of a headless Service.
      return maybe('domain-names');
    // Networks are matched together; what cannot be read is settled by `effectOf`.
    case 'networks':
    case 'unreadable':
      return no;
  }
}

const podSetMatches = (set: TierPolicy['subject'], endpoint: PodEndpoint): readonly Match[] => [
  matchLabels(set.namespaceSelector, endpoint.namespace.labels),
  matchLabels(set.podSelector, endpoint.labels),
];

/** Unlike the ipBlock of a NetworkPolicy, networks match addresses of Pods and nodes too; which these have, manifests do not say. */
function networksMatch(networks: readonly AddressRange[], endpoint: Endpoint): Match {
  if (endpoint.kind === 'external') {
    const { range } = endpoint;
    const touching = networks.filter((network) => overlaps(network, range));
    if (uniteRanges(touching).some((network) => contains(network, range))) return yes;
    return touching.length > 0 ? maybe('address-range') : no;
  }
  // A Pod of two families can be reached by either, so that only networks over both certainly hold its addresses.
  const isEverything = uniteRanges(networks).filter((network) => contains(network, everyAddress[network.family])).length === 2;
  if (isEverything) return yes;
  return maybe(onHostNetwork(endpoint) ? 'node-addresses' : 'pod-addresses');
}

/** A named port is a port of the destination Pod whatever its protocol. */
export function tierPortMatches(entry: TierPort, destination: Endpoint, { protocol, port }: PortNumber): Match {
  switch (entry.kind) {
    case 'range':
      return given(entry.protocol === protocol && entry.first <= port && port <= entry.last);
    case 'protocol':
      return given(entry.protocol === protocol);
    case 'named': {
      const numbers = namedPorts(destination, entry.name, protocol);
      return numbers === undefined ? maybe('unseen-peer') : given(numbers.includes(port));
    }
    case 'unreadable':
      return no;
  }
}

/** First ports of intervals: where an entry begins, and after it ends. */
export function tierPortBounds(entry: TierPort, destination: Endpoint): readonly number[] {
  if (entry.kind === 'range') return [entry.first, entry.last + 1];
  if (entry.kind !== 'named') return [];
  return protocols.flatMap((protocol) =>
    (namedPorts(destination, entry.name, protocol) ?? []).flatMap((number) => [number, number + 1]),
  );
}
