import { describe, expect, it } from 'vitest';
import { examine, verdicts } from '../testing.ts';
import { unintendedFlows } from './unintended-flows.ts';

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
const namespaceOf = (name: string) => `
---
apiVersion: v1
kind: Namespace
metadata: { name: ${name} }
`;
const deny = policy('deny', '{ podSelector: {}, policyTypes: [Ingress] }');

const pods = deployment('web') + deployment('db') + deployment('job');
const traffic = [{ from: 'web', to: 'db', port: 8080, protocol: 'TCP' as const }];
const allow = (peer: string) =>
  policy('db', `{ podSelector: { matchLabels: { app: db } }, ingress: [{ from: [${peer}], ports: [{ port: 8080 }] }] }`);

describe('unintended-flows', () => {
  it.each([
    [
      'one rule is one finding, whomever it lets in',
      pods + deny + allow('{ podSelector: {} }'),
      ['pass intended Deployment/web', 'fail unintended Deployment/db', 'pass intended Deployment/job'],
    ],
    [
      'a selector for all namespaces',
      pods + deny + allow('{ namespaceSelector: {} }'),
      ['pass intended Deployment/web', 'fail unintended Deployment/db', 'pass intended Deployment/job'],
    ],
    [
      'the internet',
      pods + deny + allow('{ ipBlock: { cidr: 0.0.0.0/0 } }'),
      ['pass intended Deployment/web', 'fail unintended Deployment/db', 'pass intended Deployment/job'],
    ],
    [
      'a policy for one workload leaves the others open',
      pods + allow('{ podSelector: { matchLabels: { app: web } } }'),
      ['fail open Namespace/shop', 'pass intended Deployment/db'],
    ],
  ])('%s', (_, objects, expected) => {
    const found = new Set(
      verdicts(examine(unintendedFlows, { objects, review: { traffic } })).filter((text) => !text.startsWith('unknown depends')),
    );
    expect(found).toEqual(new Set(expected));
  });

  it.each([
    [
      'a rule for every namespace lets in Pods that no source shows',
      '{ namespaceSelector: {} }',
      'fail unintended Deployment/db',
    ],
    [
      'a namespace without the label is not excluded by NotIn',
      '{ namespaceSelector: { matchExpressions: [{ key: env, operator: NotIn, values: [dev] }] }, podSelector: {} }',
      'fail unintended Deployment/db',
    ],
    [
      'labels of the Pod shut strangers out',
      '{ namespaceSelector: {}, podSelector: { matchLabels: { app: web } } }',
      'pass intended Deployment/db',
    ],
  ])('%s', (_, peer, expected) => {
    // web and db are all that the sources hold, and web may connect: only a Pod from elsewhere can be one too many.
    const objects = namespaceOf('shop') + deployment('web') + deployment('db') + deny + allow(peer);
    expect(verdicts(examine(unintendedFlows, { objects, complete: ['NetworkPolicy'], review: { traffic } }))).toContain(expected);
  });

  it('what is meant for the internet is open to strangers in the cluster by intention', () => {
    const open = policy('db', '{ podSelector: { matchLabels: { app: db } }, ingress: [{ ports: [{ port: 8080 }] }] }');
    const toInternet = ['internet', '0.0.0.0/0', '::/0'].map((from) => ({
      from,
      to: 'db',
      port: 8080,
      protocol: 'TCP' as const,
    }));
    const found = examine(unintendedFlows, {
      objects: namespaceOf('shop') + deployment('db') + deny + open,
      complete: ['NetworkPolicy'],
      review: { traffic: toInternet },
    });
    expect(verdicts(found)).toEqual(['pass intended Deployment/db']);
  });

  it('a range of addresses asks nothing of Pods that no source shows', () => {
    const objects = namespaceOf('shop') + deployment('db') + deny + allow('{ ipBlock: { cidr: 10.0.0.0/8 } }');
    const declared = [{ from: '10.0.0.0/8', to: 'db', port: 8080, protocol: 'TCP' as const }];
    const found = examine(unintendedFlows, { objects, complete: ['NetworkPolicy'], review: { traffic: declared } });
    expect(verdicts(found)).toEqual(['pass intended Deployment/db']);
  });

  it('the finding stands at the rule that opens the flow', () => {
    const found = examine(unintendedFlows, { objects: pods + deny + allow('{ podSelector: {} }'), review: { traffic } });
    expect(found.filter(({ outcome }) => outcome === 'fail')).toMatchObject([
      {
        message: 'shop/Deployment/job may connect to Deployment db on TCP 8080, and no declared flow says so.',
        location: { path: 'spec.ingress[0]' },
        because: [{ target: { name: 'db' } }, { target: { name: 'job' } }],
      },
    ]);
  });
});
