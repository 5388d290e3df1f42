import { describe, expect, it } from 'vitest';
import { examine, verdicts } from '../testing.ts';
import { intendedFlows } from './intended-flows.ts';

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

const flow = (to = 'db', port: number | string = 8080) => [{ from: 'web', to, port, protocol: 'TCP' as const }];
const allow = (port = '8080') =>
  policy(
    'db',
    `{ podSelector: { matchLabels: { app: db } }, ingress: [{ from: [{ podSelector: { matchLabels: { app: web } } }], ports: [{ port: ${port} }] }] }`,
  );
const pods = deployment('web') + deployment('db');
const ingress = {
  kind: 'Namespace',
  name: 'ingress',
  owner: 'platform',
  reason: 'add-on',
  expires: '2026-09-01T00:00:00Z',
  labels: { role: 'edge' },
};
const fromIngress = policy(
  'web',
  '{ podSelector: { matchLabels: { app: web } }, ingress: [{ from: [{ namespaceSelector: { matchLabels: { role: edge } } }] }] }',
);

const clusterWide = (tier: string, spec: string) => `
---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: { name: ${tier.toLowerCase()} }
spec: { tier: ${tier}, priority: 1, subject: { namespaces: {} }, ${spec} }
`;
const acceptAll =
  'ingress: [{ action: Accept, from: [{ namespaces: {} }] }], egress: [{ action: Accept, to: [{ namespaces: {} }] }]';
const elsewhere = policy('p', '{ podSelector: {} }', 'other');

describe('intended-flows', () => {
  it.each([
    [
      '1.7.47 the Admin tier is final, whatever NetworkPolicies there are',
      pods + clusterWide('Admin', acceptAll),
      flow(),
      'pass allowed',
    ],
    [
      '1.7.47 the Baseline tier gives way to NetworkPolicies that no source shows',
      pods + clusterWide('Baseline', acceptAll),
      flow(),
      'unknown unseen',
    ],
    [
      '1.7.47 the Baseline tier where all NetworkPolicies are shown',
      pods + elsewhere + clusterWide('Baseline', acceptAll),
      flow(),
      'pass allowed',
    ],
    [
      '1.7.47 a Deny of the Admin tier over a rule',
      pods + deny + allow() + clusterWide('Admin', acceptAll.replace('Accept', 'Deny')),
      flow(),
      'fail denied',
    ],
    ['a rule by port name', pods + deny + allow('http'), flow(), 'pass allowed'],
    ['UDP is not TCP', pods + deny + allow().replace('port: 8080', 'port: 8080, protocol: UDP'), flow(), 'fail denied'],
    [
      'egress counts as well as ingress',
      pods + deny + allow() + policy('web', '{ podSelector: {}, policyTypes: [Egress] }'),
      flow(),
      'fail denied',
    ],
    [
      'a policy elsewhere allows nothing here',
      pods + deny + allow().replaceAll('namespace: shop', 'namespace: other'),
      flow(),
      'fail denied',
    ],
    ['an end that is misspelt passes nothing', pods + deny + allow(), flow('dbs'), 'fail vacuous'],
    [
      'an end in a namespace whose manifests render elsewhere',
      pods + deny + '\n---\napiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: app, namespace: shop }\n',
      flow('dbs'),
      'unknown vacuous-unseen',
    ],
  ])('%s', (_, objects, traffic, expected) => {
    const [first] = examine(intendedFlows, { objects, review: { traffic } });
    expect(`${first?.outcome} ${first?.messageId}`).toBe(expected);
  });

  it('a flow that rests on declared labels is assumed until the declaration ends, and unknown after it', () => {
    const parts = {
      objects: pods + deny + fromIngress,
      review: { traffic: [{ from: 'ingress/*', to: 'web', port: 8080, protocol: 'TCP' as const }], providedElsewhere: [ingress] },
    };
    expect(examine(intendedFlows, parts)).toMatchObject([{ outcome: 'pass', reason: 'assumed', until: ingress.expires }]);
    expect(examine(intendedFlows, { ...parts, asOf: ingress.expires })).toMatchObject([
      { outcome: 'unknown', reason: 'undecidable' },
    ]);
  });

  it('the location is the line of the review file, and the proof is the rule', () => {
    const traffic = flow().map((item) => ({ ...item, place: { file: 'seaworthy.yaml', line: 7, column: 5 } }));
    expect(examine(intendedFlows, { objects: pods + deny + allow(), review: { traffic } })).toMatchObject([
      {
        target: { kind: 'Flow', name: 'web -> db:8080/TCP' },
        location: { file: 'seaworthy.yaml', line: 7, path: 'spec.traffic' },
        because: [{}, { target: { kind: 'NetworkPolicy', name: 'db' }, location: { path: 'spec.ingress[0]' } }],
      },
    ]);
  });

  it('undeclared traffic is one unknown', () => {
    expect(verdicts(examine(intendedFlows, { objects: pods + deny }))).toEqual(['unknown undeclared Source/production']);
  });

  describe('what needs no declaration', () => {
    const operator =
      deployment('op', 'serviceAccountName: op, ') +
      '\n---\napiVersion: v1\nkind: ServiceAccount\nmetadata: { name: op, namespace: shop }\n';
    const rights =
      '\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: { name: op, namespace: shop }\nroleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view }\nsubjects: [{ kind: ServiceAccount, name: op, namespace: shop }]\n';
    const egress = (rules = '') => policy('out', `{ podSelector: {}, policyTypes: [Egress], egress: [${rules}] }`);
    const hook =
      deployment('hook') +
      '\n---\napiVersion: v1\nkind: Service\nmetadata: { name: hook, namespace: shop }\nspec: { selector: { app: hook }, ports: [{ port: 443, targetPort: http }] }\n---\napiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata: { name: v }\nwebhooks: [{ name: v.example.com, clientConfig: { service: { name: hook, namespace: shop } } }]\n';
    const undeclared = 'unknown undeclared Source/production';

    it.each([
      [
        'the API server may be reached',
        operator + rights + egress('{ to: [{ ipBlock: { cidr: 0.0.0.0/0 } }] }'),
        undefined,
        ['pass needed Deployment/op'],
      ],
      ['no rule lets it reach the API server', operator + rights + egress(), undefined, ['fail needed-denied Deployment/op']],
      ['its rights are in no source', operator + egress(), undefined, ['unknown perhaps-needed Deployment/op']],
      ['what is only possible and open says nothing', operator + egress('{}'), undefined, [undeclared]],
      ['a token that everybody has says nothing', deployment('web') + egress(), undefined, [undeclared]],
      ['a webhook that nobody may reach', hook + deny, undefined, ['fail needed-denied Deployment/hook']],
      [
        'a webhook that everybody may reach',
        hook + deny + policy('in', '{ podSelector: {}, ingress: [{}] }'),
        undefined,
        ['pass needed Deployment/hook'],
      ],
      ['policies may be elsewhere', operator + rights, undefined, ['unknown needed-unseen Deployment/op']],
      [
        'a declared flow has its own target',
        operator +
          rights +
          egress('{ to: [{ ipBlock: { cidr: 10.0.0.0/24 } }] }') +
          '\n---\napiVersion: v1\nkind: Endpoints\nmetadata: { name: kubernetes, namespace: default }\nsubsets: [{ addresses: [{ ip: 10.0.0.1 }], ports: [{ port: 6443 }] }]\n',
        [{ from: 'op', to: '10.0.0.1', port: 6443, protocol: 'TCP' as const }],
        ['pass allowed Flow/op -> 10.0.0.1:6443/TCP'],
      ],
    ] as const)('%s', (_, objects, traffic, expected) => {
      const found = verdicts(examine(intendedFlows, { objects, ...(traffic ? { review: { traffic } } : {}) }));
      // What is derived does not hide that nobody declared the rest.
      expect(found).toEqual(traffic === undefined ? [...new Set([undeclared, ...expected])] : expected);
    });

    it('the finding says what needs it, and the proof names the policy', () => {
      const [, first] = examine(intendedFlows, { objects: operator + rights + egress() });
      expect(first?.message).toContain('which RoleBinding op gives rights');
      expect(first).toMatchObject({ because: [{ target: { kind: 'NetworkPolicy', name: 'out' } }] });
    });
  });

  it('a pass names the pairs that it covers', () => {
    const [first] = examine(intendedFlows, { objects: pods + deny + allow(), review: { traffic: flow() } });
    expect(first?.message).toContain('allowed for shop/Deployment/web -> shop/Deployment/db');
  });
});
