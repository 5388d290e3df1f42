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

describe('ignored-policy-rules', () => {
  it.each([
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
