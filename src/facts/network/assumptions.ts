/**
 * What a network answer can rest on that the manifests do not decide, each with the sentence that a reader sees.
 * With `depends` they are open questions; with `allowed` or `denied` they are statements that the answer takes for granted.
 */
export const assumptions = {
  'ipblock-matches-pods':
    'An ipBlock matches the addresses of Pods: Kubernetes leaves it open, and network plugins differ (Cilium does not match Pods by address).',
  'host-network':
    'Pods on the host network are told apart from their node: Kubernetes leaves it open, and most network plugins see only traffic of the node.',
  'unseen-peer': 'The Pods at one end are not in the sources, so their labels, ports and own policies are not known.',
  'namespace-labels-assumed':
    'The Namespace object is not in the sources: it is certain only that it carries kubernetes.io/metadata.name with its own name.',
  'vendor-policies':
    'Policies of a network plugin or mesh are in the sources and are not analysed; they can open or close this flow.',
  hairpin: 'A Pod always reaches itself at its own address; through a Service that leads back to it, network plugins differ.',
  'instance-labels': 'A selector asks for a label whose value a controller sets on each Pod anew, such as pod-template-hash.',
  'declared-labels': 'Labels of a namespace or Pod outside the sources are those that providedElsewhere declares.',
  'invalid-policy': 'A policy has a part that the API server refuses, so that it is not known whether the policy is in force.',
  'address-range': 'The policies do not treat all addresses of the range alike.',
  'dns-conventional':
    'The DNS Pods are not in the sources: by convention they run in kube-system, carry k8s-app=kube-dns and listen on port 53.',
  'no-enforcement': 'No network plugin of the cluster enforces policies: every connection is open, whatever they say.',
  'own-node':
    'Traffic from and to a Pod’s own node is exempt from its policies, so that a Pod on the host network of the same node gets through.',
  'node-addresses': 'Manifests do not say which addresses and labels nodes have, nor whether an ipBlock matches them.',
  'pod-addresses': 'Manifests do not say which addresses Pods get.',
  'tier-order':
    'Cluster-wide policies of the same tier and priority decide differently: the API leaves open which of them is applied.',
  'tier-support':
    'The network plugin implements AdminNetworkPolicy and ClusterNetworkPolicy: they are an add-on, and others ignore them.',
  'domain-names': 'Which addresses a domain name stands for is known only to the DNS, at the time of the connection.',
  'ipv4-pods': 'Pods have an IPv4 address, as in nearly every cluster.',
  'end-port': 'The network plugin supports endPort: one that does not takes the first port of the range alone.',
  sctp: 'The network plugin supports SCTP in policies.',
  'service-addresses':
    'Policies see the address of the Pod behind a Service, and not the Service’s own: so it is with most network plugins.',
  'service-source-nat':
    'Traffic through a Service of type LoadBalancer or NodePort keeps the client’s address: with externalTrafficPolicy Cluster it may arrive from the address of a node.',
  'control-plane-address':
    'The sources do not show at which addresses the API server listens, nor from which it connects: EndpointSlice default/kubernetes does.',
  'control-plane-source':
    'The API server connects from the addresses at which it listens: a managed control plane may connect through Pods of kube-system.',
} as const satisfies Readonly<Record<string, string>>;

export type AssumptionId = keyof typeof assumptions;

/**
 * Answers that a known cluster gives to open questions, by assumption. `yes`: the sentence holds; `no`: it does not; `maybe`: it
 * differs between versions or settings of the plugin. What is absent is as open as Kubernetes leaves it.
 */
export type Profile = Readonly<
  Partial<
    Record<
      | 'ipblock-matches-pods'
      /** Does an ipBlock match the addresses of nodes? Part of `node-addresses`. */
      | 'ipblock-matches-nodes'
      | 'host-network'
      /** Do policies select Pods on the host network, as opposed to name them as peers? Part of `host-network`. */
      | 'host-network-subjects'
      | 'namespace-labels-assumed'
      | 'no-enforcement'
      | 'end-port'
      | 'sctp'
      | 'service-addresses'
      /** Absent: they are taken to be in force, as NetworkPolicy is. */
      | 'tier-support',
      Truth
    >
  >
>;

/** Three values: what holds whatever the open questions turn out to be, and what depends on them. */
export type Truth = 'yes' | 'no' | 'maybe';

/** A truth with what it rests on. */
export interface Match {
  readonly truth: Truth;
  readonly assumptions: readonly AssumptionId[];
}

export const yes: Match = { truth: 'yes', assumptions: [] };
export const no: Match = { truth: 'no', assumptions: [] };
export const maybe = (...on: readonly AssumptionId[]): Match => ({ truth: 'maybe', assumptions: on });

/** `yes` or `no`, taken for granted on these assumptions. */
export const given = (holds: boolean, ...on: readonly AssumptionId[]): Match => ({
  truth: holds ? 'yes' : 'no',
  assumptions: on,
});

/** Sorted, each once. */
export const unite = (...lists: readonly (readonly AssumptionId[])[]): readonly AssumptionId[] =>
  [...new Set(lists.flat())].sort();

/** All hold. One certain `no` decides, and only its own assumptions count. */
export function every(matches: readonly Match[]): Match {
  const against = fewest(matches.filter(({ truth }) => truth === 'no'));
  if (against) return against;
  const truth = matches.some((match) => match.truth === 'maybe') ? 'maybe' : 'yes';
  return { truth, assumptions: unite(...matches.map((match) => match.assumptions)) };
}

/** At least one holds. One certain `yes` decides, and only its own assumptions count. */
export function some(matches: readonly Match[]): Match {
  const decisive = fewest(matches.filter(({ truth }) => truth === 'yes'));
  if (decisive) return decisive;
  const open = matches.filter(({ truth }) => truth === 'maybe');
  if (open.length > 0) return { truth: 'maybe', assumptions: unite(...open.map((match) => match.assumptions)) };
  return { truth: 'no', assumptions: unite(...matches.map((match) => match.assumptions)) };
}

/** The one that takes least for granted; the first of equals. */
export function fewest<T extends { readonly assumptions: readonly AssumptionId[] }>(items: readonly T[]): T | undefined {
  return items.reduce<T | undefined>(
    (best, item) => (best === undefined || item.assumptions.length < best.assumptions.length ? item : best),
    undefined,
  );
}
