import type { TierPolicy } from '../../kube/admin-network-policy.ts';
import type { LabelSelector } from '../../kube/selector.ts';
import { matchLabels } from './labels.ts';
import { selectionOf } from './direction.ts';
import type { NetworkModel } from './network.ts';
import { type Endpoint, isPod, type NamespaceInfo, onHostNetwork, type WorkloadEndpoint } from './peers.ts';
import type { SelectingPolicy } from './selection.ts';
import { tiersOnDirection } from './tiers.ts';
import { vendorPoliciesOn } from './vendor.ts';

/**
 * Is it certain, whatever the port, that `to` admits nothing from there? A short cut: it looks at namespaces alone, so that most
 * pairs of a large cluster need no look at labels and ports. `false` says nothing.
 */
export function isClosedTo(network: NetworkModel, to: Endpoint, from: Endpoint): boolean {
  // Traffic of a Pod on the host network is its node's, and the own node is exempt; a Pod always reaches itself.
  if (to.kind !== 'workload' || from.kind === 'node' || onHostNetwork(from) || from.id === to.id) return false;
  const place = isPod(from) ? from.namespace : undefined;
  const known = network.once(answers);
  const key = `${to.id} ${place?.name ?? ''}`;
  let closed = known.get(key);
  if (closed === undefined) {
    closed = isClosed(network, to, place);
    known.set(key, closed);
  }
  return closed;
}

/** By `<workload> <namespace>`; the empty namespace stands for addresses outside. */
const answers = (): Map<string, boolean> => new Map();

function isClosed(network: NetworkModel, to: WorkloadEndpoint, from: NamespaceInfo | undefined): boolean {
  const selecting = selectionOf(network, to).ingress;
  return (
    selecting.some(({ match }) => match.truth === 'yes') &&
    selecting.every((item) => admitsNothing(item, from)) &&
    // The Admin tier comes first and can open what NetworkPolicy closes; the Baseline tier is not asked about what is isolated.
    tiersOnDirection(network, to, 'ingress').every(({ policy }) => policy.tier === 'baseline' || opensNothing(policy, from)) &&
    vendorPoliciesOn(network.vendor, to.namespace.name).every(({ effect }) => effect === 'narrows')
  );
}

/** Rules for ingress name Pods alone, and one with an unreadable peer opens nothing. */
const opensNothing = ({ ingress }: TierPolicy, from: NamespaceInfo | undefined): boolean =>
  from === undefined ||
  ingress.every(
    ({ action, peers }) =>
      action !== 'allow' ||
      peers.every((peer) => peer.kind === 'unreadable' || (peer.kind === 'pods' && misses(peer.namespaceSelector, from))),
  );

const misses = (selector: LabelSelector, { labels }: NamespaceInfo): boolean => matchLabels(selector, labels).truth === 'no';

const admitsNothing = ({ policy }: SelectingPolicy, from: NamespaceInfo | undefined): boolean =>
  policy.invalid.length === 0 &&
  policy.ingress.every(
    ({ peers }) =>
      peers !== undefined &&
      peers.every(({ ipBlock, namespaceSelector }) => {
        // Whether a block matches Pods is open, so it closes to nobody here.
        if (ipBlock) return false;
        if (from === undefined) return true;
        return namespaceSelector ? misses(namespaceSelector, from) : policy.namespace !== from.name;
      }),
  );
