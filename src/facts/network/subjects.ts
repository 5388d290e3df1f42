import type { NetworkPolicy } from '../../kube/network-policy.ts';
import { matchLabels } from './labels.ts';
import type { NetworkModel } from './network.ts';
import type { WorkloadEndpoint } from './peers.ts';

/** Workloads that a policy selects, for certain or perhaps, whatever its directions. */
export const selectedFor = (network: NetworkModel, policy: NetworkPolicy): readonly WorkloadEndpoint[] =>
  (network.byNamespace.get(policy.namespace) ?? []).filter(
    ({ labels }) => matchLabels(policy.podSelector, labels).truth !== 'no',
  );
