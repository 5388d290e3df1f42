import { describe, expect, it } from 'vitest';
import { examine, verdicts } from '../testing.ts';
import { monitoringAccess } from './monitoring-access.ts';

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

const prometheus = `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: prometheus, namespace: monitoring }
spec:
  selector: { matchLabels: { app: prometheus } }
  template:
    metadata: { labels: { app: prometheus } }
    spec: { containers: [{ name: prometheus, image: quay.io/prometheus/prometheus:v3 }] }
`;
const web = deployment('web').replace(
  '[{ name: http, containerPort: 8080 }]',
  '[{ name: http, containerPort: 8080 }, { name: metrics, containerPort: 9100 }]',
);
const allow = (ports: string) =>
  policy(
    'web',
    `{ podSelector: {}, ingress: [{ from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: monitoring } } }], ports: [${ports}] }] }`,
  );

describe('monitoring-access', () => {
  it.each([
    ['the metrics port alone', deny + allow('{ port: 9100 }'), 'pass subset Deployment/web'],
    ['nothing at all', deny, 'pass nothing Deployment/web'],
    ['a range that holds the metrics port and more', deny + allow('{ port: 9000, endPort: 9200 }'), 'fail beyond Deployment/web'],
    ['UDP of the metrics port is beyond it', deny + allow('{ port: 9100, protocol: UDP }'), 'fail beyond Deployment/web'],
    ['no isolation', policy('e', '{ podSelector: {}, policyTypes: [Egress] }'), 'fail open Deployment/web'],
  ])('%s', (_, policies, expected) => {
    expect(verdicts(examine(monitoringAccess, { objects: web + policies, platform: prometheus }))).toEqual([expected]);
  });

  it('a port that declared traffic gives to monitoring is a monitored port', () => {
    const traffic = [{ from: 'monitoring/prometheus', to: 'web', port: 8080, protocol: 'TCP' as const }];
    expect(
      verdicts(
        examine(monitoringAccess, { objects: web + deny + allow('{ port: 8080 }'), platform: prometheus, review: { traffic } }),
      ),
    ).toEqual(['pass subset Deployment/web']);
  });

  it('monitoring that only declared traffic names makes an assumed pass', () => {
    const traffic = [{ from: 'monitoring/*', to: 'web', port: 9100, protocol: 'TCP' as const }];
    expect(examine(monitoringAccess, { objects: web + deny + allow('{ port: 9100 }'), review: { traffic } })).toMatchObject([
      { outcome: 'pass', reason: 'assumed' },
    ]);
  });
});
