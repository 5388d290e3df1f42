import type { Remedy } from './remedy.ts';

export const networkRemedies: readonly Remedy[] = [
  {
    id: 'deny-ingress-by-default',
    title: 'Deny ingress by default in every namespace',
    owner: 'platform',
    effort: { min: 0.25, likely: 0.75, max: 2 },
    effortBasis: 'The policy is six lines; the flows it would cut must be allowed first.',
    after: ['allow-intended-flows'],
    steps: [
      'Add a NetworkPolicy with an empty podSelector, policyTypes [Ingress] and no rules.',
      'Remove allow-all policies beside it: policies add up, and one of them voids the denial.',
    ],
  },
  {
    id: 'allow-intended-flows',
    title: 'Allow the intended flows explicitly',
    owner: 'developer',
    effort: { min: 0.25, likely: 1, max: 3 },
    effortBasis: 'A rule a flow; the port is the target port of the Pod, and selectors must match real labels.',
    perTarget: { min: 0.1, likely: 0.2, max: 0.5 },
    after: [],
    steps: [
      'Declare the flows under spec.traffic.',
      'For each missing flow, allow the port in ingress of the destination, and in egress of the source where that is isolated.',
    ],
  },
  {
    id: 'allow-dns-egress',
    title: 'Add a DNS egress NetworkPolicy, together with the egress flows it would otherwise cut',
    owner: 'platform',
    effort: { min: 0.25, likely: 0.75, max: 2 },
    effortBasis:
      "Two policies and a look at each workload's outgoing flows: a policy with egress rules isolates the Pods it selects.",
    after: [],
    steps: [
      'Allow UDP and TCP 53 to the DNS Pods (namespace kube-system, label k8s-app: kube-dns).',
      'In the same change allow the egress flows that the workloads need: the first egress rule of a Pod denies all others. Look for what no manifest names: the API server (for what discovers or watches), object storage, addresses outside of the cluster.',
      'Resolve a name and run the smoke test from each workload.',
    ],
  },
  {
    id: 'close-unintended-flows',
    title: 'Close the flows that nobody intended',
    owner: 'developer',
    effort: { min: 0.25, likely: 1, max: 3 },
    effortBasis: 'Narrowing a selector or a port a flow.',
    after: ['deny-ingress-by-default'],
    steps: ['Declare the flow under spec.traffic if it is intended after all.', 'Otherwise narrow the rule that allows it.'],
  },
  {
    id: 'narrow-monitoring-access',
    title: 'Let monitoring reach the metrics ports only',
    owner: 'platform',
    effort: { min: 0.25, likely: 0.5, max: 1 },
    effortBasis: 'One ports list.',
    after: [],
    steps: ['Name the metrics port in the rule that admits the monitoring namespace.'],
  },
  {
    id: 'mend-network-policies',
    title: 'Mend policies whose selectors or rules have no effect',
    owner: 'developer',
    effort: { min: 0.1, likely: 0.5, max: 1 },
    effortBasis: 'A label or a policyTypes entry; finding the intent takes longer than the change.',
    after: [],
    steps: [
      'Correct the labels (namespaces carry kubernetes.io/metadata.name on their own; `name` they do not).',
      'Add the direction to policyTypes, or delete the rules.',
    ],
  },
  {
    id: 'isolate-egress',
    title: 'Isolate egress',
    owner: 'platform',
    effort: { min: 0.5, likely: 2, max: 5 },
    effortBasis: 'External destinations must be found; a week of flow logs helps.',
    after: ['allow-dns-egress'],
    steps: [
      'List what each workload calls, external services too.',
      'Allow those, then deny the rest with policyTypes [Egress].',
    ],
  },
  {
    id: 'allow-log-egress',
    title: 'Allow the way of the logs explicitly',
    owner: 'platform',
    effort: { min: 0.1, likely: 0.25, max: 1 },
    effortBasis: 'One rule from the log agent to the log store.',
    after: [],
    steps: ['Allow egress from the log agent to the log store, and ingress there.'],
  },
];
