import type { NetworkPolicy, PolicyPeer, PolicyPort, PolicyRule } from '../../kube/network-policy.ts';
import type { Path } from '../../model/judgement.ts';
import { type AddressRange, contains, everyAddress, overlaps, parseCidr } from '../../kube/address.ts';
import { every, given, type Match, maybe, no, type Profile, some, yes } from './assumptions.ts';
import { matchLabels } from './labels.ts';
import { type Endpoint, isPod, namedPorts, onHostNetwork } from './peers.ts';
import type { Protocol } from './ports.ts';
import { hostNetworkMatch } from './selection.ts';

export interface PortNumber {
  readonly protocol: Protocol;
  readonly port: number;
}

/** Does one rule admit this peer on this port of the destination? Peers and ports must both match; an absent list matches all. */
export function ruleAdmits(
  policy: NetworkPolicy,
  rule: PolicyRule,
  peer: Endpoint,
  destination: Endpoint,
  port: PortNumber,
  profile: Profile,
): Match {
  const peers = rule.peers === undefined ? yes : some(rule.peers.map((entry) => peerMatches(policy, entry, peer, profile)));
  return every([peers, portsMatch(policy, rule, destination, port, profile)]);
}

/** Does one of the port entries of a rule stand for this port of the destination? An absent list stands for all. */
export const portsMatch = (
  policy: NetworkPolicy,
  { ports }: PolicyRule,
  destination: Endpoint,
  port: PortNumber,
  profile: Profile,
): Match => (ports === undefined ? yes : some(ports.map((entry) => portMatches(policy, entry, destination, port, profile))));

/** Does one element of `from` or `to` stand for this endpoint? Both selectors in one element must match. */
export function peerMatches(policy: NetworkPolicy, peer: PolicyPeer, endpoint: Endpoint, profile: Profile): Match {
  if (isInvalid(policy, peer.path)) return maybe('invalid-policy');
  if (peer.ipBlock) return blockMatches(peer.ipBlock, endpoint, profile);
  if (!isPod(endpoint)) return no;
  const namespace = peer.namespaceSelector
    ? matchLabels(peer.namespaceSelector, endpoint.namespace.labels)
    : given(endpoint.namespace.name === policy.namespace);
  const pod = peer.podSelector ? matchLabels(peer.podSelector, endpoint.labels) : yes;
  const match = every([namespace, pod]);
  return match.truth !== 'no' && onHostNetwork(endpoint) ? every([match, hostNetworkMatch(profile, 'peer')]) : match;
}

function blockMatches(
  block: { readonly cidr: string; readonly except: readonly string[] },
  endpoint: Endpoint,
  profile: Profile,
): Match {
  const cidr = parseCidr(block.cidr);
  const except = block.except.map(parseCidr);
  if (cidr === undefined || except.includes(undefined)) return maybe('invalid-policy');
  if (endpoint.kind !== 'external') {
    if (onHostNetwork(endpoint)) return maybe(profile['host-network'] === undefined ? 'host-network' : 'node-addresses');
    return blockMatchesPods(cidr, block.except.length > 0, profile);
  }
  const { range } = endpoint;
  if (!overlaps(cidr, range)) return no;
  const holes = except.flatMap((hole) => (hole !== undefined && overlaps(hole, range) ? [hole] : []));
  if (holes.some((hole) => contains(hole, range))) return no;
  return contains(cidr, range) && holes.length === 0 ? yes : maybe('address-range');
}

/** Pods inside the cluster: where blocks match them, manifests still do not say which addresses they get. */
function blockMatchesPods(cidr: AddressRange, hasHoles: boolean, profile: Profile): Match {
  const settled = profile['ipblock-matches-pods'];
  if (settled === 'no') return given(false, 'ipblock-matches-pods');
  if (settled !== 'yes') return maybe('ipblock-matches-pods');
  const isWhole = !hasHoles && contains(cidr, everyAddress[cidr.family]);
  return isWhole && cidr.family === 4 ? given(true, 'ipblock-matches-pods', 'ipv4-pods') : maybe('pod-addresses');
}

/** Ports are those of the destination Pod: for ingress the selected one, for egress the peer. */
function portMatches(
  policy: NetworkPolicy,
  entry: PolicyPort,
  destination: Endpoint,
  { protocol, port }: PortNumber,
  profile: Profile,
): Match {
  if (isInvalid(policy, entry.path)) return maybe('invalid-policy');
  if (entry.protocol !== protocol) return no;
  if (entry.port === undefined) return yes;
  if (typeof entry.port === 'number') {
    const last = entry.endPort ?? entry.port;
    const support = profile['end-port'];
    const isBeyondFirst = entry.port < port && port <= last;
    if (isBeyondFirst && support !== undefined) return { truth: support, assumptions: ['end-port'] };
    return given(entry.port <= port && port <= last);
  }
  const numbers = namedPorts(destination, entry.port, protocol);
  if (numbers === undefined) return maybe('unseen-peer');
  if (!numbers.includes(port)) return no;
  // A name is a Pod's: at the address of its node there is none.
  return onHostNetwork(destination) ? hostNetworkMatch(profile, 'peer') : yes;
}

/** Is this part of the policy, or something inside it, what the API server refuses? */
export const isInvalid = (policy: NetworkPolicy, path: Path): boolean =>
  policy.invalid.some((problem) => path.every((step, index) => problem.path[index] === step));
