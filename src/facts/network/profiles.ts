import type { NetworkProfile } from '../../evidence/declared.ts';
import type { Profile, Truth } from './assumptions.ts';

/** How one network plugin answers one open question, and who says so. */
export interface ProfileAnswer {
  readonly answer: Truth;
  /** URL of the documentation, or of the thread in which maintainers say so. */
  readonly sources: readonly string[];
  readonly note: string;
}

type Answers = Readonly<Partial<Record<keyof Profile, ProfileAnswer>>>;

const ciliumPolicy = 'https://docs.cilium.io/en/stable/network/kubernetes/policy/';
const ciliumHost = 'https://docs.cilium.io/en/stable/security/policy/host/';
const ciliumBlocks = 'https://github.com/cilium/cilium/issues/19601';
const gkeIsCilium = 'https://cloud.google.com/kubernetes-engine/docs/concepts/dataplane-v2';

const ciliumAnswers = (also: readonly string[]): Answers => ({
  'ipblock-matches-pods': {
    answer: 'no',
    sources: [...also, ciliumPolicy, ciliumBlocks],
    note: 'Among the features that its NetworkPolicy lacks: an ipBlock with the address of a Pod.',
  },
  'host-network': {
    answer: 'no',
    sources: [...also, ciliumHost],
    note: 'Pods on the host network have the identity of their host: only host policies, which select nodes, act on them.',
  },
  'end-port': {
    answer: 'maybe',
    sources: [...also, ciliumPolicy, 'https://github.com/cilium/cilium/issues/16622'],
    note: 'Older versions list endPort among the missing features, newer ones do not.',
  },
  'tier-support': {
    answer: 'maybe',
    sources: [...also, 'https://github.com/cilium/cilium/issues/23380'],
    note: 'Asked for since 2023 and missing in released versions for years; the thread is closed since.',
  },
  sctp: {
    answer: 'maybe',
    sources: [...also, ciliumPolicy, 'https://github.com/cilium/cilium/issues/5719'],
    note: 'Listed among the missing features; newer versions have it as an option.',
  },
});

/**
 * Network plugins as data: the questions that Kubernetes leaves open and that their documentation or their maintainers settle. A
 * question for which there is no such source is left out, and stays open.
 */
export const profiles: Readonly<Record<NetworkProfile, Answers>> = {
  calico: {
    'ipblock-matches-pods': {
      answer: 'yes',
      sources: ['https://github.com/projectcalico/calico/issues/6634'],
      note: 'An ipBlock matches addresses inside the cluster too.',
    },
    'host-network': {
      answer: 'no',
      sources: ['https://github.com/projectcalico/felix/issues/1361', 'https://github.com/projectcalico/calico/issues/4493'],
      note: 'Policies neither select Pods on the host network nor match them as peers; host endpoints are for them.',
    },
    'tier-support': {
      answer: 'maybe',
      sources: ['https://github.com/projectcalico/calico/issues/5891', 'https://github.com/projectcalico/calico/pull/9206'],
      note: 'AdminNetworkPolicy came in a release after 2024; older ones ignore it.',
    },
  },
  cilium: {
    ...ciliumAnswers([]),
    // On GKE the control plane stands outside the cluster, where blocks match; on other clusters it is a node.
    'ipblock-matches-nodes': {
      answer: 'maybe',
      sources: [ciliumPolicy, 'https://github.com/cilium/cilium/issues/12277', 'https://github.com/cilium/cilium/issues/20550'],
      note: 'Nodes are left out of blocks, unless an option of newer versions says otherwise.',
    },
  },
  'ovn-kubernetes': {
    'ipblock-matches-pods': {
      answer: 'yes',
      sources: ['https://github.com/ovn-kubernetes/ovn-kubernetes/pull/1674'],
      note: 'A block becomes an ACL that compares the address of the packet, whoever has it.',
    },
    // As peers they are named by some selectors and not by others (the documentation's own warning), so that half stays open.
    'host-network-subjects': {
      answer: 'no',
      sources: [
        'https://docs.redhat.com/en/documentation/openshift_container_platform/latest/html/network_security/network-policy',
      ],
      note: 'Policies do not act on Pods on the host network.',
    },
  },
  'gke-dataplane-v2': ciliumAnswers([gkeIsCilium]),
  'aws-vpc-cni': {
    'ipblock-matches-pods': {
      answer: 'yes',
      sources: ['https://github.com/aws/amazon-network-policy-controller-k8s/issues/202'],
      note: 'Peers of every kind become blocks of addresses: a rule for everybody is the block 0.0.0.0/0.',
    },
    // As peers they were known by the address of their node until the controller left them out: that half depends on the version.
    'host-network-subjects': {
      answer: 'no',
      sources: ['https://github.com/aws/amazon-network-policy-controller-k8s/pull/206'],
      note: 'Pods on the host network have no interface of their own to which the agent could attach its programs.',
    },
    'service-addresses': {
      answer: 'no',
      sources: ['https://github.com/aws/amazon-network-policy-controller-k8s/issues/222'],
      note: 'Its programs see the address of a Service before it is replaced, so that the controller adds those of Services to each rule.',
    },
  },
  none: {
    'no-enforcement': {
      answer: 'yes',
      sources: ['https://kubernetes.io/docs/concepts/services-networking/network-policies/#prerequisites'],
      note: 'A NetworkPolicy without a plugin that implements it has no effect.',
    },
  },
};

/** What a profile settles; nothing for the absent one, or for a name that a newer version of this program wrote. */
export function settledBy(name: string | undefined): Profile {
  if (name === undefined || !Object.hasOwn(profiles, name)) return {};
  const answers = Object.entries(profiles[name as NetworkProfile]).map(([question, { answer }]) => [question, answer]);
  return Object.fromEntries(answers) as Profile;
}
