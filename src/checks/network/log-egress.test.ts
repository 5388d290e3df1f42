import { describe, expect, it } from 'vitest';
import { examine, verdicts } from '../testing.ts';
import { logEgress } from './log-egress.ts';

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

const variable = (text: string) => deployment('web').replace('image: web:1', `image: web:1, env: [${text}]`);

const clusterWide = (tier: string, spec: string) => `
---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: { name: ${tier.toLowerCase()} }
spec: { tier: ${tier}, priority: 1, subject: { namespaces: {} }, ${spec} }
`;

describe('log-egress', () => {
  it.each([
    [
      '1.7.47 cluster-wide rules for egress: open egress is not what lets logs out',
      variable('{ name: SYSLOG_HOST, value: logs.example.com }') +
        deny +
        clusterWide('Baseline', 'egress: [{ action: Deny, to: [{ networks: [0.0.0.0/0, "::/0"] }] }]'),
      'unknown unknown-destination',
    ],
    ['LOG_LEVEL names no endpoint', variable('{ name: LOG_LEVEL, value: info }') + deny, 'not-applicable no-sender'],
    ['FLUENT_PORT alone names no endpoint', variable('{ name: FLUENT_PORT, value: "24224" }') + deny, 'not-applicable no-sender'],
    ['BLOG_URL is no log', variable('{ name: BLOG_URL, value: "https://blog.example.com" }') + deny, 'not-applicable no-sender'],
    ['open egress is no rule', variable('{ name: SYSLOG_HOST, value: logs.example.com }') + deny, 'fail implicit'],
    [
      'a name outside has addresses that nobody knows',
      variable('{ name: SYSLOG_HOST, value: logs.example.com }') + policy('e', '{ podSelector: {}, policyTypes: [Egress] }'),
      'unknown unknown-destination',
    ],
    [
      'an agent is known by its image',
      deployment('web').replace('image: web:1', 'image: cr.fluentbit.io/fluent/fluent-bit:4') + deny,
      'fail implicit',
    ],
    [
      'a value in a Secret is not seen',
      variable('{ name: LOKI_URL, valueFrom: { secretKeyRef: { name: logs, key: url } } }') +
        policy('e', '{ podSelector: {}, policyTypes: [Egress] }'),
      'unknown unknown-destination',
    ],
  ])('%s', (_, objects, expected) => {
    expect(verdicts(examine(logEgress, { objects })).map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([expected]);
  });

  it('sources without workloads do not say that nobody sends', () => {
    expect(verdicts(examine(logEgress, { objects: deny }))).toEqual(['unknown unseen-workloads Source/production']);
  });
});
