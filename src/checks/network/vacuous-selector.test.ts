import { describe, expect, it } from 'vitest';
import { examine } from '../testing.ts';
import { vacuousSelector } from './vacuous-selector.ts';

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

const namespaces = '\n---\napiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { team: shop } }\n';
const peer = (text: string) =>
  deployment('web') + namespaces + policy('p', `{ podSelector: { matchLabels: { app: web } }, ingress: [{ from: [${text}] }] }`);
const provided = {
  kind: 'Namespace',
  name: 'ingress',
  owner: 'platform',
  reason: 'add-on',
  expires: '2026-09-01T00:00:00Z',
  labels: { role: 'edge' },
};

describe('vacuous-selector', () => {
  it.each([
    [
      'NotIn matches where the key is absent',
      peer('{ podSelector: { matchExpressions: [{ key: tier, operator: NotIn, values: [db] }] } }'),
      'pass matching',
    ],
    [
      'labels of the workload are not labels of its Pods',
      peer('{ podSelector: {} }')
        .replace('name: web, namespace: shop }', 'name: web, namespace: shop, labels: { part: x } }')
        .replace('podSelector: {} ', 'podSelector: { matchLabels: { part: x } } '),
      'fail nothing',
    ],
    [
      'a selector matches within the namespace of the policy only',
      deployment('web') +
        policy('p', '{ podSelector: { matchLabels: { app: web } } }').replace('namespace: shop', 'namespace: other') +
        deployment('api').replace('namespace: shop', 'namespace: other'),
      'fail nothing',
    ],
    [
      'both selectors of one peer must match',
      peer('{ namespaceSelector: { matchLabels: { team: shop } }, podSelector: { matchLabels: { app: wep } } }'),
      'unknown unseen',
    ],
    [
      'by name, a namespace under review is known',
      peer(
        '{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: shop } }, podSelector: { matchLabels: { app: wep } } }',
      ),
      'fail nothing',
    ],
    [
      'the DNS of the cluster is there by convention',
      peer('{ namespaceSelector: {}, podSelector: { matchLabels: { k8s-app: kube-dns } } }'),
      'pass matching',
    ],
  ])('%s', (_, objects, expected) => {
    expect(new Set(examine(vacuousSelector, { objects }).map(({ outcome, messageId }) => `${outcome} ${messageId}`))).toEqual(
      new Set([expected]),
    );
  });

  it.each([
    ['an operator’s object in the namespace', 'shop', ['unknown unseen', 'unknown unseen']],
    ['an operator’s object in another namespace', 'elsewhere', ['fail nothing', 'fail nothing']],
  ])('Pods that an operator makes carry labels of its own: %s', (_, namespace, expected) => {
    const prometheus = `\n---\napiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata: { name: k8s, namespace: ${namespace} }\nspec: {}\n`;
    const rules =
      '{ podSelector: { matchLabels: { app.kubernetes.io/name: prometheus } }, ingress: [{ from: [{ podSelector: { matchLabels: { app: prometheus } } }] }] }';
    const found = examine(vacuousSelector, { objects: deployment('web') + namespaces + prometheus + policy('p', rules) });
    expect(found.map(({ outcome, messageId }) => `${outcome} ${messageId}`)).toEqual(expected);
  });

  it('the nearest label is suggested', () => {
    const [first] = examine(vacuousSelector, { objects: peer('{ podSelector: { matchLabels: { app: wep } } }') });
    expect(first?.message).toContain('did you mean app=web');
  });

  it('what only a declaration matches is assumed until it ends', () => {
    const parts = {
      objects: peer('{ namespaceSelector: { matchLabels: { role: edge } } }'),
      review: { providedElsewhere: [provided] },
    };
    expect(examine(vacuousSelector, parts)).toMatchObject([{ outcome: 'pass', reason: 'assumed', until: provided.expires }]);
    expect(examine(vacuousSelector, { ...parts, asOf: provided.expires })).toMatchObject([
      { outcome: 'unknown', messageId: 'unseen' },
    ]);
  });

  it('a namespace that exists by declaration alone is assumed, though its name label is certain', () => {
    const objects = peer('{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ingress } } }');
    expect(examine(vacuousSelector, { objects, review: { providedElsewhere: [provided] } })).toMatchObject([
      { outcome: 'pass', reason: 'assumed' },
    ]);
    expect(examine(vacuousSelector, { objects })).toMatchObject([{ outcome: 'unknown', messageId: 'unseen' }]);
  });
});
