import { matchLabels } from './labels.ts';
import { selectionOf } from './direction.ts';
import type { NetworkModel } from './network.ts';
import { type Endpoint, isPod, type NamespaceInfo, onHostNetwork, type WorkloadEndpoint } from './peers.ts';
import type { SelectingPolicy } from './selection.ts';
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
    vendorPoliciesOn(network.vendor, to.namespace.name).every(({ effect }) => effect === 'narrows')
  );
}

const admitsNothing = ({ policy }: SelectingPolicy, from: NamespaceInfo | undefined): boolean =>
  policy.invalid.length === 0 &&
  policy.ingress.every(
    ({ peers }) =>
      peers !== undefined &&
      peers.every(({ ipBlock, namespaceSelector }) => {
        // Whether a block matches Pods is open, so it closes to nobody here.
        if (ipBlock) return false;
        if (from === undefined) return true;
        return namespaceSelector ? matchLabels(namespaceSelector, from.labels).truth === 'no' : policy.namespace !== from.name;
      }),
  );
