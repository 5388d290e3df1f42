import { describe, expect, it } from 'vitest';
import { examine, verdicts } from '../testing.ts';
import { egressIsolation } from './egress-isolation.ts';

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
/** So that the sources are known to hold NetworkPolicies. */
const elsewhere = policy('p', '{ podSelector: {} }', 'other');
const deny = policy('deny', '{ podSelector: {}, policyTypes: [Ingress] }');

const egress = (rules: string) => policy('p', `{ podSelector: {}, policyTypes: [Egress], egress: [${rules}] }`);

const cluster = (tier: string, rules: string) => `
---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: { name: ${tier.toLowerCase()} }
spec: { tier: ${tier}, priority: 1, subject: { namespaces: {} }, egress: [${rules}] }
`;
const everywhere = '{ networks: [0.0.0.0/0, "::/0"] }';
const toDns =
  '{ action: Accept, to: [{ namespaces: { matchLabels: { kubernetes.io/metadata.name: kube-system } } }], protocols: [{ udp: { destinationPort: { number: 53 } } }] }';
const rule = (action: string, peer: string) => `{ action: ${action}, to: [${peer}] }`;

describe('egress-isolation', () => {
  it.each([
    [
      '1.7.50 a Baseline that denies every network denies Pods and addresses',
      deployment('web') + elsewhere + cluster('Baseline', `${toDns}, ${rule('Deny', everywhere)}`),
      ['pass isolated Deployment/web'],
    ],
    [
      '1.7.50 one family is not every address',
      deployment('web') + elsewhere + cluster('Baseline', rule('Deny', '{ networks: [0.0.0.0/0] }')),
      ['fail denied-by-name Deployment/web'],
    ],
    [
      '1.7.49 a Baseline that denies Pods leaves the internet open',
      deployment('web') + elsewhere + cluster('Baseline', rule('Deny', '{ namespaces: {} }')),
      ['fail denied-by-name Deployment/web'],
    ],
    [
      '1.7.47 Pass of Pods before the denial lets them go where no NetworkPolicy isolates',
      deployment('web') + elsewhere + cluster('Admin', `${rule('Pass', '{ namespaces: {} }')}, ${rule('Deny', everywhere)}`),
      ['fail denied-by-name Deployment/web'],
    ],
    [
      '1.7.47 Accept of everything voids what NetworkPolicy isolates',
      deployment('web') + egress('') + cluster('Admin', rule('Accept', everywhere)),
      ['fail open-to-all Deployment/web'],
    ],
    [
      '1.7.47 … and a Baseline that accepts everything is none',
      deployment('web') + cluster('Baseline', rule('Accept', everywhere)),
      ['fail open-to-all Deployment/web'],
    ],
    [
      '1.7.47 a NetworkPolicy is final over a Baseline that accepts everything',
      deployment('web') + egress('') + cluster('Baseline', rule('Accept', everywhere)),
      ['pass isolated Deployment/web'],
    ],
    [
      '1.7.47 the Admin tier closes what a NetworkPolicy opens to all',
      deployment('web') + egress('{}') + cluster('Admin', rule('Deny', everywhere)),
      ['pass isolated Deployment/web'],
    ],
    [
      '1.7.51 a denial that cannot be read is no known one',
      deployment('web') + cluster('Baseline', rule('Deny', '{ services: {} }')),
      ['unknown depends Deployment/web'],
    ],
    [
      '1.7.49 Pods on the host network are not subject',
      deployment('web', 'hostNetwork: true, ') + cluster('Baseline', rule('Deny', everywhere)),
      ['not-applicable host-network Deployment/web'],
    ],
    ['an empty rule allows everything', deployment('web') + egress('{}'), ['fail opened Deployment/web']],
    [
      'every address, but one port',
      deployment('web') + egress('{ to: [{ ipBlock: { cidr: 0.0.0.0/0 } }], ports: [{ port: 443 }] }'),
      ['pass isolated Deployment/web'],
    ],
    [
      'every address but some',
      deployment('web') + egress('{ to: [{ ipBlock: { cidr: 0.0.0.0/0, except: [169.254.169.254/32] } }] }'),
      ['pass isolated Deployment/web'],
    ],
    ['ingress alone', deployment('web') + deny, ['fail open Deployment/web']],
    [
      'egress: [] without policyTypes isolates ingress only',
      deployment('web') + policy('p', '{ podSelector: {}, egress: [] }'),
      ['fail open Deployment/web'],
    ],
    ['a policy that the API server refuses', deployment('web') + egress('{ to: [{}] }'), ['unknown depends Deployment/web']],
    ['the host network', deployment('web', 'hostNetwork: true, ') + egress(''), ['not-applicable host-network Deployment/web']],
  ])('%s', (_, objects, expected) => {
    expect(verdicts(examine(egressIsolation, { objects }))).toEqual(expected);
  });
});
