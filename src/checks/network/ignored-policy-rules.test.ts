import { describe, expect, it } from 'vitest';
import { examine, verdicts } from '../testing.ts';
import { ignoredPolicyRules } from './ignored-policy-rules.ts';

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

const admin = (name: string, spec: string) => `
---
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: { name: ${name} }
spec: { subject: { namespaces: {} }, ${spec} }
`;
const from = (action: string, peer: string) => `{ action: ${action}, from: [${peer}] }`;

describe('ignored-policy-rules', () => {
  it.each([
    [
      '1.7.46 cluster-wide policies in their order',
      admin('a', `priority: 1, ingress: [${from('Allow', '{ namespaces: {} }')}]`) +
        admin('b', `priority: 2, ingress: [${from('Deny', '{ namespaces: {} }')}]`),
      ['pass tier-effective', 'pass tier-effective'],
    ],
    [
      '1.7.46 the same priority, and another decision',
      admin('a', `priority: 1, ingress: [${from('Allow', '{ namespaces: {} }')}]`) +
        admin('b', `priority: 1, ingress: [${from('Deny', '{ namespaces: {} }')}]`),
      ['pass tier-effective', 'fail tier-order'],
    ],
    [
      '1.7.46 the same priority, and perhaps another decision',
      admin('a', `priority: 1, ingress: [${from('Allow', '{ namespaces: { matchLabels: { env: dev } } }')}]`) +
        admin('b', `priority: 1, ingress: [${from('Deny', '{ namespaces: {} }')}]`),
      ['pass tier-effective', 'unknown perhaps-tier-order'],
    ],
    [
      '1.7.46 no priority, 1.7.51 an unknown peer',
      admin('a', `ingress: [${from('Deny', '{ services: {} }')}]`),
      ['fail tier-refused', 'fail tier-refused'],
    ],
    ['a denial without rules is no ignored rule', deny, ['pass effective']],
    [
      'egress rules without policyTypes add the direction',
      policy('p', '{ podSelector: {}, egress: [{ ports: [{ port: 443 }] }] }'),
      ['pass effective'],
    ],
    [
      'a misspelt field would open to everybody',
      policy('p', '{ podSelector: {}, ingress: [{ form: [{ podSelector: {} }] }] }'),
      ['fail refused'],
    ],
    [
      'a number as text is a port name',
      policy('p', '{ podSelector: {}, ingress: [{ ports: [{ port: "8080" }] }] }'),
      ['fail refused'],
    ],
    [
      'a port that no container declares may be open all the same',
      policy('p', '{ podSelector: {}, ingress: [{ ports: [{ port: 9999 }] }] }'),
      ['pass effective'],
    ],
    [
      'addresses have no port names',
      policy(
        'p',
        '{ podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: 192.0.2.0/24 } }], ports: [{ port: https }] }] }',
      ),
      ['fail no-port'],
    ],
  ])('%s', (_, text, expected) => {
    expect(
      verdicts(examine(ignoredPolicyRules, { objects: deployment('web') + text }))
        .map((line) => line.split(' ').slice(0, 2).join(' '))
        .sort(),
    ).toEqual([...expected].sort());
  });
});
