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
const deny = policy('deny', '{ podSelector: {}, policyTypes: [Ingress] }');

const egress = (rules: string) => policy('p', `{ podSelector: {}, policyTypes: [Egress], egress: [${rules}] }`);

describe('egress-isolation', () => {
  it.each([
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
