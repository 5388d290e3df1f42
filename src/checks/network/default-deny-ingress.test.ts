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
/** So that the sources are known to hold NetworkPolicies. */
const elsewhere = policy('p', '{ podSelector: {} }', 'other');
const deny = policy('deny', '{ podSelector: {}, policyTypes: [Ingress] }');

const clusterWide = (kind: string, name: string, spec: string) => `
---
apiVersion: policy.networking.k8s.io/v1alpha1
kind: ${kind}
metadata: { name: ${name} }
spec: ${spec}
`;
const baseline = (action: string) =>
  clusterWide(
    'BaselineAdminNetworkPolicy',
    'default',
    `{ subject: { namespaces: {} }, ingress: [{ action: ${action}, from: [{ namespaces: {} }] }] }`,
  );
const admin = (action: string, subject = '{ namespaces: {} }', more = '') =>
  clusterWide(
    'AdminNetworkPolicy',
    'a',
    `{ priority: 1, subject: ${subject}, ingress: [{ action: ${action}, from: [{ namespaces: { matchLabels: { team: ops } } }] }${more}] }`,
  );

describe('default-deny-ingress', () => {
  it.each([
    [
      '1.7.49 a Baseline denial is for Pods alone: addresses outside are admitted',
      deployment('web') + elsewhere + baseline('Deny'),
      ['fail pods-only Namespace/shop'],
    ],
    [
      '1.7.47 a Baseline that allows is no denial',
      deployment('web') + elsewhere + baseline('Allow'),
      ['fail pods-only Namespace/shop'],
    ],
    [
      '1.7.47 a cluster-wide policy does not isolate what it does not name',
      deployment('web') + elsewhere + admin('Deny'),
      ['fail not-isolated Namespace/shop'],
    ],
    [
      '1.7.47 a NetworkPolicy that denies is final over the Baseline',
      deployment('web') + deny + baseline('Allow'),
      ['pass denied Namespace/shop'],
    ],
    [
      '1.7.47 an Allow of the Admin tier voids the denial',
      deployment('web') + deny + admin('Allow'),
      ['fail opened Namespace/shop'],
    ],
    [
      '1.7.47 Deny and Pass of the Admin tier open nothing',
      deployment('web') + deny + admin('Deny', undefined, ', { action: Pass, from: [{ namespaces: {} }] }'),
      ['pass denied Namespace/shop'],
    ],
    [
      '1.7.47 an Allow behind a Pass of everything is not reached',
      deployment('web') +
        deny +
        admin('Pass', undefined, ', { action: Pass, from: [{ namespaces: {} }] }, { action: Allow, from: [{ namespaces: {} }] }'),
      ['pass denied Namespace/shop'],
    ],
    [
      '1.7.49 an Allow on Pods with labels is not on every Pod',
      deployment('web') +
        deny +
        admin('Allow', '{ pods: { namespaceSelector: {}, podSelector: { matchLabels: { app: web } } } }'),
      ['pass denied Namespace/shop'],
    ],
    [
      '1.7.51 an Allow that the API server refuses may be in force',
      deployment('web') + deny + admin('Allow', undefined, ', { action: Log, from: [{ namespaces: {} }] }'),
      ['unknown perhaps-voided Namespace/shop'],
    ],
    [
      '1.7.51 a Baseline that the API server refuses is no known denial',
      deployment('web') + baseline('Pass').replace('Pass', 'Deny').replace('name: default', 'name: other'),
      ['unknown depends Namespace/shop'],
    ],
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
