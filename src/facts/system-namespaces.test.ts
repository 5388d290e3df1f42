import { expect, it } from 'vitest';
import { aBundle } from '../evidence/testing.ts';
import { createFacts } from './fact.ts';
import { systemNamespaces } from './system-namespaces.ts';

it('are those of workloads and Namespace objects under review, sorted; not those of other objects or of the platform', () => {
  const objects = `
apiVersion: v1
kind: Pod
metadata: { name: a, namespace: shop }
spec: { containers: [{ name: a, image: a }] }
---
apiVersion: v1
kind: Namespace
metadata: { name: empty }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: a, namespace: elsewhere }
`;
  const platform =
    '{ apiVersion: v1, kind: Namespace, metadata: { name: shop } }\n---\n{ apiVersion: v1, kind: Namespace, metadata: { name: kube-system } }';
  const found = createFacts(aBundle({ objects, platform }))(systemNamespaces);
  expect(found.map(({ ref, object }) => [ref.name, object?.source.role])).toEqual([
    ['empty', 'system'],
    ['shop', 'platform'],
  ]);
});
