import { describe, expect, test } from 'vitest';
import { networkOf, pod, policy } from './fixture.ts';
import { matrix } from './matrix.ts';
import { presentedOf } from './presented.ts';

const live = (name: string, owner: string, labels = 'app: web') => `
---
apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  namespace: a
  labels: { ${labels} }
  ownerReferences: [{ apiVersion: apps/v1, kind: ReplicaSet, name: ${owner}, uid: x, controller: true }]
spec: { containers: [{ name: main, image: x }] }
`;
const onlyFromDb = policy(
  'a/p',
  '{ podSelector: { matchLabels: { app: web } }, ingress: [{ from: [{ podSelector: { matchLabels: { app: db } } }] }] }',
);

describe('live Pods whose controller no source holds', () => {
  test('are one workload by the name of the controller', () => {
    const network = networkOf(live('web-1', 'web-5d') + live('web-2', 'web-5d') + pod('a/db') + onlyFromDb);
    expect(presentedOf(network).endpoints.map(({ id }) => id)).toEqual(['a/Deployment/db', 'a/ReplicaSet/web-5d']);
    expect(presentedOf(network).idOf('a/Pod/web-2')).toBe('a/ReplicaSet/web-5d');
    const pairs = new Set(matrix(network).map(({ source, destination }) => `${source} ${destination}`));
    expect([...pairs]).toEqual([
      'a/Deployment/db a/Deployment/db',
      'a/Deployment/db a/ReplicaSet/web-5d',
      'a/ReplicaSet/web-5d a/Deployment/db',
    ]);
  });

  test('have flows among each other, as replicas have', () => {
    const network = networkOf(live('web-1', 'web-5d') + live('web-2', 'web-5d'));
    expect(matrix(network).map(({ source, destination, ports }) => `${source} ${destination} ${ports}`)).toEqual(
      ['SCTP', 'TCP', 'UDP'].map(() => 'a/ReplicaSet/web-5d a/ReplicaSet/web-5d *'),
    );
  });

  test('stand for themselves where a policy tells them apart', () => {
    const network = networkOf(live('web-1', 'web-5d') + live('web-2', 'web-5d', 'app: relabelled') + onlyFromDb);
    expect(presentedOf(network).endpoints.map(({ id }) => id)).toEqual(['a/Pod/web-1', 'a/Pod/web-2']);
  });

  test('that belong to different controllers are different workloads', () => {
    const network = networkOf(live('web-1', 'web-5d') + live('web-2', 'web-6e'));
    expect(presentedOf(network).endpoints.map(({ id }) => id)).toEqual(['a/ReplicaSet/web-5d', 'a/ReplicaSet/web-6e']);
  });
});
