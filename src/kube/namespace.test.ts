import { expect, test } from 'vitest';
import { namespaceLabels, podSecurityLabels } from './namespace.ts';
import { kubeObject } from './testing.ts';

test('Pod Security labels: known levels are read, unknown ones left out', () => {
  const labels = new Map([
    ['pod-security.kubernetes.io/enforce', 'baseline'],
    ['pod-security.kubernetes.io/enforce-version', 'v1.30'],
    ['pod-security.kubernetes.io/warn', 'restricted'],
    ['pod-security.kubernetes.io/audit', 'strict'],
  ]);
  expect(podSecurityLabels(labels)).toEqual({ enforce: 'baseline', enforceVersion: 'v1.30', warn: 'restricted' });
});

test('the name label is on every namespace, without a manifest too', () => {
  expect([...namespaceLabels('a', undefined)]).toEqual([['kubernetes.io/metadata.name', 'a']]);
});

test('the name label cannot be written otherwise', () => {
  const object = kubeObject(
    'apiVersion: v1\nkind: Namespace\nmetadata: { name: a, labels: { kubernetes.io/metadata.name: b, team: x } }',
  );
  expect(Object.fromEntries(namespaceLabels('a', object))).toEqual({ 'kubernetes.io/metadata.name': 'a', team: 'x' });
});

test('a `name` label is not automatic', () => {
  expect(namespaceLabels('a', undefined).has('name')).toBe(false);
});
