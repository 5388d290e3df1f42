import { expect, it } from 'vitest';
import { aBundle } from '../evidence/testing.ts';
import { access } from './access/access.ts';
import { readersOfSecret } from './access/effective.ts';
import { createFacts } from './fact.ts';
import { secretReaders } from './secret-readers.ts';

const role = (kind: string, name: string, rule: string, namespace = '') =>
  `---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ${kind}\nmetadata: { name: ${name}${namespace} }\nrules: [{ apiGroups: [""], ${rule} }]\n`;
const bind = (kind: string, name: string, roleKind: string, roleName: string, subject: string, namespace = '') =>
  `---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ${kind}\nmetadata: { name: ${name}${namespace} }\nroleRef: { kind: ${roleKind}, name: ${roleName} }\nsubjects: [{ kind: User, name: ${subject} }]\n`;
const inShop = ', namespace: shop';

it('the index says what the model says of each Secret', () => {
  const objects = [
    role('ClusterRole', 'all', 'resources: [secrets], verbs: [list]'),
    role('Role', 'one', 'resources: [secrets], resourceNames: [tls], verbs: [get]', inShop),
    bind('ClusterRoleBinding', 'a', 'ClusterRole', 'all', 'everywhere'),
    bind('RoleBinding', 'b', 'ClusterRole', 'all', 'shop-only', inShop),
    bind('RoleBinding', 'c', 'Role', 'one', 'tls-only', inShop),
    bind('RoleBinding', 'd', 'ClusterRole', 'elsewhere', 'perhaps', inShop),
    bind('RoleBinding', 'e', 'ClusterRole', 'elsewhere', 'shop-only', inShop),
  ].join('');
  const facts = createFacts(aBundle({ objects }));
  const model = facts(access);
  const names = ({ readers, unknown }: ReturnType<typeof readersOfSecret>) => [
    readers.map(({ subject }) => subject.name),
    unknown.map(({ name }) => name),
  ];
  const places = [
    ['shop', 'tls'],
    ['shop', 'other'],
    ['web', 'tls'],
  ] as const;
  expect(places.map(([namespace, name]) => names(facts(secretReaders).of(namespace, name)))).toEqual(
    places.map(([namespace, name]) => names(readersOfSecret(model, namespace, name))),
  );
  expect(names(facts(secretReaders).of('shop', 'tls'))).toEqual([['everywhere', 'shop-only', 'tls-only'], ['perhaps']]);
});
