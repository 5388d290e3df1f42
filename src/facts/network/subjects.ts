import type { TierPolicy } from '../../kube/admin-network-policy.ts';
import type { NetworkPolicy } from '../../kube/network-policy.ts';
import type { LabelSelector } from '../../kube/selector.ts';
import { matchLabels } from './labels.ts';
import type { NetworkModel } from './network.ts';
import type { WorkloadEndpoint } from './peers.ts';

/** Workloads that a policy selects, for certain or perhaps, whatever its directions. */
export const selectedFor = (network: NetworkModel, policy: NetworkPolicy): readonly WorkloadEndpoint[] =>
  (network.byNamespace.get(policy.namespace) ?? []).filter(
    ({ labels }) => matchLabels(policy.podSelector, labels).truth !== 'no',
  );

/** The namespaces that a selector asks for by name, so that no other can match it; undefined where it asks for other labels. */
export const namedNamespaces = (selector: LabelSelector): readonly string[] | undefined =>
  selector.requirements.find(({ key, operator }) => key === 'kubernetes.io/metadata.name' && operator === 'In')?.values;

/** The policies of the system, sorted by namespace and name. */
export const policiesUnderReview = (network: NetworkModel): readonly NetworkPolicy[] =>
  network.policies.filter(({ object, namespace }) => object.source.role === 'system' && isReviewed(network, namespace));

/** Cluster-wide policies of the system, in the order in which they are applied. */
export const tiersUnderReview = (network: NetworkModel): readonly TierPolicy[] =>
  network.tierPolicies.filter(({ object }) => object.source.role === 'system');

const isReviewed = (network: NetworkModel, namespace: string) =>
  network.inputs.reviewed.length === 0 || network.inputs.reviewed.includes(namespace);
