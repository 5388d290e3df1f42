import { type AssumptionId, type Profile, unite } from './assumptions.ts';
import { type Endpoint, onHostNetwork } from './peers.ts';
import type { Protocol } from './ports.ts';
import type { VendorPolicy } from './vendor.ts';

interface Half {
  readonly answer: 'allowed' | 'denied' | 'depends';
  readonly assumptions: readonly AssumptionId[];
}

/**
 * Traffic of a Pod on the host network is traffic of its node, and a Pod's own node is exempt from its policies
 * (kubernetes.io, Network Policies: "Traffic to and from the node where a Pod is running is always allowed"). Where the plugin tells
 * such Pods apart a denial stands; where it does not, it stands for the Pods of other nodes alone, and which node each Pod is on
 * nobody can say of manifests (those of a DaemonSet are on every node); unknown, it is open.
 */
export function withHostNetwork<T extends Half>(profile: Profile, peer: Endpoint, ruling: T): T {
  if (ruling.answer !== 'denied' || !onHostNetwork(peer)) return ruling;
  const settled = profile['host-network'];
  if (settled === 'yes') return given(ruling, 'host-network');
  return { ...(settled === 'no' ? given(ruling, 'host-network', 'own-node') : given(ruling, 'host-network')), answer: 'depends' };
}

/** Where a plugin supports SCTP in some versions alone, rules that admit it may not work. */
export function withSctp<T extends Half>(profile: Profile, protocol: Protocol, ruling: T): T {
  if (protocol !== 'SCTP' || profile.sctp !== 'maybe' || ruling.answer !== 'allowed') return ruling;
  return { ...given(ruling, 'sctp'), answer: 'depends' };
}

const given = <T extends Half>(ruling: T, ...on: readonly AssumptionId[]): T => ({
  ...ruling,
  assumptions: unite(ruling.assumptions, on),
});

/** A mesh filters in its own proxies, whatever the network plugin does; other policies need a plugin that enforces them. */
export const enforced = (policies: readonly VendorPolicy[], profile: Profile): readonly VendorPolicy[] =>
  profile['no-enforcement'] === 'yes' ? policies.filter(({ object }) => meshes.has(object.group)) : policies;

const meshes: ReadonlySet<string> = new Set(['security.istio.io', 'policy.linkerd.io']);
