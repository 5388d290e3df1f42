import { describe, expect, it } from 'vitest';
import { examine, verdicts } from '../testing.ts';
import { defaultDenyIngress } from './default-deny-ingress.ts';

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

describe('default-deny-ingress', () => {
  it.each([
    [
      'a denial that an unlabelled Pod satisfies and labelled ones escape is no default',
      deployment('web') + policy('p', '{ podSelector: { matchExpressions: [{ key: app, operator: DoesNotExist }] } }'),
      ['fail selective Namespace/shop'],
    ],
    [
      'a default-deny without rules passes (Polaris fails it: complaint 1)',
      deployment('web') + deny,
      ['pass denied Namespace/shop'],
    ],
    [
      'a policy of another namespace does not count (Checkov ignores namespaces: complaint 1)',
      deployment('web') + policy('p', '{ podSelector: {} }', 'other'),
      ['fail not-isolated Namespace/shop'],
    ],
    [
      'isolation of egress alone is no denial of ingress',
      deployment('web') + policy('p', '{ podSelector: {}, policyTypes: [Egress] }'),
      ['fail not-isolated Namespace/shop'],
    ],
    [
      'an allow-all in a second policy voids the denial, even for one port',
      deployment('web') + deny + policy('all', '{ podSelector: {}, ingress: [{ ports: [{ port: 8080 }] }] }'),
      ['fail opened Namespace/shop'],
    ],
    [
      'each opening is named',
      deployment('web') +
        deny +
        policy('all', '{ podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }, { from: [{ namespaceSelector: {} }] }] }'),
      ['fail opened Namespace/shop', 'fail opened Namespace/shop'],
    ],
    [
      'an opening in a policy that the API server refuses may be in force',
      deployment('web') + deny + policy('all', '{ podSelector: {}, ingress: [{ from: [{}] }] }'),
      ['unknown perhaps-opened Namespace/shop'],
    ],
    [
      'a policy that the API server refuses isolates nobody for certain',
      deployment('web') + policy('all', '{ podSelector: {}, ingress: [{ from: [{}] }] }'),
      ['unknown depends Namespace/shop'],
    ],
    [
      'a namespace without workloads is no target',
      deployment('web') + deny + policy('p', '{ podSelector: {}, ingress: [{}] }', 'empty'),
      ['pass denied Namespace/shop'],
    ],
  ])('%s', (_, objects, expected) => {
    expect(verdicts(examine(defaultDenyIngress, { objects }))).toEqual(expected);
  });

  it('policies that are known not to be all leave the denial open', () => {
    expect(verdicts(examine(defaultDenyIngress, { objects: deployment('web') + deny, complete: ['Deployment'] }))).toEqual([
      'unknown unseen Namespace/shop',
    ]);
  });
});
