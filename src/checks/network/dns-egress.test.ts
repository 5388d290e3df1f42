import { describe, expect, it } from 'vitest';
import { examine, verdicts } from '../testing.ts';
import { dnsEgress } from './dns-egress.ts';

const deployment = (name: string, spec = '') => `
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { ${spec}containers: [{ name: main, image: ${name}:1, ports: [{ name: http, containerPort: 8080 }] }] }
`;
const policy = (name: string, spec: string, namespace = 'shop') => `
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ${name}, namespace: ${namespace} }
spec: ${spec}
`;
const deny = policy('deny', '{ podSelector: {}, policyTypes: [Ingress] }');

const dns =
  '{ to: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } }, podSelector: { matchLabels: { k8s-app: kube-dns } } }], ports: [{ port: 53, protocol: UDP }, { port: 53, protocol: TCP }] }';
const allowDns = policy('dns', `{ podSelector: {}, policyTypes: [Egress], egress: [${dns}] }`);
const cilium = '\n---\napiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: { name: c, namespace: shop }\n';

const clusterWide = (tier: string, spec: string) => `
---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: { name: ${tier.toLowerCase()} }
spec: { tier: ${tier}, priority: 1, subject: { namespaces: {} }, ${spec} }
`;
const acceptDns =
  'egress: [{ action: Accept, to: [{ namespaces: { matchLabels: { kubernetes.io/metadata.name: kube-system } } }], protocols: [{ udp: { destinationPort: { number: 53 } } }, { tcp: { destinationPort: { number: 53 } } }] }]';

describe('dns-egress', () => {
  it.each([
    [
      '1.7.47 a rule of the Admin tier is final',
      deployment('web') + clusterWide('Admin', acceptDns),
      ['pass assumed Deployment/web'],
    ],
    [
      '1.7.47 a rule of the Baseline tier gives way to NetworkPolicies that no source shows',
      deployment('web') + clusterWide('Baseline', acceptDns),
      ['unknown unseen Deployment/web'],
    ],
    [
      '1.7.47 a rule of the Baseline tier where all NetworkPolicies are shown',
      deployment('web') + deny + clusterWide('Baseline', acceptDns),
      ['pass assumed Deployment/web'],
    ],
    [
      'port 53 to an address on the internet is not the DNS',
      deployment('web') +
        policy(
          'p',
          '{ podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: 8.8.8.8/32 } }], ports: [{ port: 53, protocol: UDP }, { port: 53 }] }] }',
        ),
      ['unknown depends Deployment/web'],
    ],
    [
      'the label name of a namespace is not set by itself',
      deployment('web') +
        policy(
          'p',
          `{ podSelector: {}, policyTypes: [Egress], egress: [${dns.replace('kubernetes.io/metadata.name', 'name')}] }`,
        ),
      ['unknown depends Deployment/web'],
    ],
    [
      'port 53 written somewhere, for another workload',
      deployment('web') +
        policy('p', `{ podSelector: { matchLabels: { app: other } }, policyTypes: [Egress], egress: [${dns}] }`),
      ['fail implicit Deployment/web'],
    ],
    [
      'egress rules without the direction open nothing',
      deployment('web') + policy('p', `{ podSelector: {}, policyTypes: [Ingress], egress: [${dns}] }`),
      ['fail implicit Deployment/web'],
    ],
    [
      'isolated without a rule',
      deployment('web') + policy('p', '{ podSelector: {}, policyTypes: [Egress] }'),
      ['fail denied Deployment/web'],
    ],
    [
      'dnsPolicy Default asks the node',
      deployment('web', 'dnsPolicy: Default, ') + deny,
      ['not-applicable own-resolver Deployment/web'],
    ],
    [
      'policies of Cilium are not analysed (complaint 1: never silently)',
      deployment('web') + allowDns + cilium,
      ['unknown depends Deployment/web'],
    ],
  ])('%s', (_, objects, expected) => {
    expect(verdicts(examine(dnsEgress, { objects }))).toEqual(expected);
  });

  it('by convention is an assumption', () => {
    expect(examine(dnsEgress, { objects: deployment('web') + allowDns })).toMatchObject([{ outcome: 'pass', reason: 'assumed' }]);
  });
});
