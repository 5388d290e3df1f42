import type { TierPolicy } from '../../kube/admin-network-policy.ts';
import type { NetworkPolicy, PolicyRule } from '../../kube/network-policy.ts';
import type { AssumptionId } from './assumptions.ts';
import { closedLabels, matchLabels } from './labels.ts';
import type { NetworkModel } from './network.ts';
import type { Direction } from './selection.ts';
import { barePod, tierDefault, type TierOpening, tierOpenings } from './tier-default.ts';
import { type VendorPolicy, vendorPoliciesOn } from './vendor.ts';

/** A rule that applies to a Pod without labels, and so to Pods that nobody thought of. */
export interface Opening {
  readonly policy: NetworkPolicy;
  readonly rule: PolicyRule;
  /** Whom it lets in or out: widest of its peers. */
  readonly to: 'everyone' | 'addresses' | 'every-namespace' | 'own-namespace' | 'selected-pods';
  /** Nothing but DNS: ports 53 or 5353, UDP or TCP. */
  readonly onlyDns: boolean;
}

/**
 * Is everything denied that nobody allowed? Asked of a hypothetical Pod without labels, which only policies for the whole
 * namespace select.
 * - `denied`: isolated, and no rule admits anything; `opened`: isolated, but rules apply to every Pod; `not-isolated`: no policy
 *   selects it; `pods-only`: so it is, and cluster-wide policies decide over Pods alone, which for ingress is all that they can;
 *   `depends`: policies that are not analysed, or that the API server refuses, decide.
 */
export interface DefaultDeny {
  readonly namespace: string;
  readonly direction: Direction;
  readonly answer: 'denied' | 'opened' | 'not-isolated' | 'pods-only' | 'depends';
  readonly by: readonly NetworkPolicy[];
  readonly openings: readonly Opening[];
  /** Cluster-wide policies that deny where no NetworkPolicy isolates. */
  readonly tiers: readonly TierPolicy[];
  /** Rules of the Admin tier that void what NetworkPolicies deny. */
  readonly tierOpenings: readonly TierOpening[];
  readonly assumptions: readonly AssumptionId[];
  readonly vendor: readonly VendorPolicy[];
}

/** The default of a namespace for one direction. */
export function defaultDeny(network: NetworkModel, namespace: string, direction: Direction): DefaultDeny {
  const policies = byPolicies(network, namespace, direction);
  const bare = barePod(network, namespace);
  if (policies.answer === 'denied' || policies.answer === 'opened') {
    const openings = tierOpenings(network, bare, direction);
    return openings.length === 0 ? policies : { ...policies, answer: 'opened', tierOpenings: openings };
  }
  const tiers = policies.answer === 'not-isolated' ? tierDefault(network, bare, direction) : undefined;
  if (tiers === undefined || tiers.openToPods === 'yes') return policies;
  const found = { ...policies, tiers: tiers.by };
  if (tiers.openToPods === 'maybe' || tiers.openOutside === 'maybe')
    return { ...found, answer: 'depends', assumptions: tiers.doubts };
  return { ...found, answer: tiers.openOutside === 'no' ? 'denied' : 'pods-only' };
}

/** What NetworkPolicies alone make of it. */
function byPolicies(network: NetworkModel, namespace: string, direction: Direction): DefaultDeny {
  const nobody = { namespace, direction, by: [], openings: [], tiers: [], tierOpenings: [], vendor: [] };
  if (network.profile['no-enforcement'] === 'yes') return { ...nobody, answer: 'not-isolated', assumptions: ['no-enforcement'] };
  const bare = closedLabels(new Map());
  const by = (network.policiesByNamespace.get(namespace) ?? []).filter(
    (policy) => policy.types[direction] && matchLabels(policy.podSelector, bare).truth === 'yes',
  );
  const openings = by.flatMap((policy) =>
    policy[direction].map((rule) => ({ policy, rule, to: widest(rule), onlyDns: isOnlyDns(rule) })),
  );
  const vendor = vendorPoliciesOn(network.vendor, namespace);
  const sound = by.filter((policy) => policy.invalid.length === 0);
  const found = { ...nobody, by, openings, vendor };
  // A mesh that only narrows cannot open what is denied here.
  if (vendor.some(({ effect }) => effect === 'both' || sound.length === 0))
    return { ...found, answer: 'depends', assumptions: ['vendor-policies'] };
  if (by.length > 0 && sound.length === 0) return { ...found, answer: 'depends', assumptions: ['invalid-policy'] };
  if (by.length === 0) return { ...found, answer: 'not-isolated', assumptions: [] };
  return { ...found, answer: openings.length === 0 ? 'denied' : 'opened', assumptions: [] };
}

const order = ['everyone', 'addresses', 'every-namespace', 'own-namespace', 'selected-pods'] as const;

function widest(rule: PolicyRule): Opening['to'] {
  const found = new Set(
    (rule.peers ?? []).map((peer): Opening['to'] => {
      if (peer.ipBlock) return 'addresses';
      const everyPod = peer.podSelector === undefined || peer.podSelector.requirements.length === 0;
      if (!everyPod) return 'selected-pods';
      if (peer.namespaceSelector === undefined) return 'own-namespace';
      return peer.namespaceSelector.requirements.length === 0 ? 'every-namespace' : 'selected-pods';
    }),
  );
  return rule.peers === undefined ? 'everyone' : (order.find((width) => found.has(width)) ?? 'selected-pods');
}

const dnsPorts: ReadonlySet<unknown> = new Set([53, 5353, 'dns', 'dns-tcp']);
const isOnlyDns = (rule: PolicyRule): boolean =>
  rule.ports !== undefined &&
  rule.ports.every(
    ({ port, endPort, protocol }) => protocol !== 'SCTP' && dnsPorts.has(port) && (endPort === undefined || endPort === port),
  );
