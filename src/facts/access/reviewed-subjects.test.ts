import { describe, expect, it } from 'vitest';
import { aBundle, type BundleParts } from '../../evidence/testing.ts';
import { createFacts } from '../fact.ts';
import { reviewedSubjects } from './reviewed-subjects.ts';
import { account, bind, can, deployment, grant, namespace, role, star, yaml } from './testing.ts';

const read = (parts: BundleParts) => createFacts(aBundle(parts))(reviewedSubjects);
const labels = (parts: BundleParts) => read(parts).all.map(({ label }) => label);
const app = deployment('shop/web');

describe('the subjects of the system under review', () => {
  it.each<[string, BundleParts, string[]]>([
    ['the account default of a namespace in which its workloads run', { objects: yaml(app) }, ['ServiceAccount shop/default']],
    [
      'accounts of its namespaces, wherever their object stands',
      { objects: yaml(app), platform: yaml(account('shop/agent')) },
      ['ServiceAccount shop/agent', 'ServiceAccount shop/default'],
    ],
    [
      'accounts that its workloads use and no source holds',
      { objects: yaml(deployment('shop/web', { serviceAccountName: 'web' })) },
      ['ServiceAccount shop/default', 'ServiceAccount shop/web'],
    ],
    [
      'whom its own bindings name',
      { objects: yaml(app, bind('shop/b', 'Role r', 'user alice', 'group devs')) },
      ['Group devs', 'ServiceAccount shop/default', 'User alice'],
    ],
    [
      '2.1.6 not system:masters, whose rights come from no binding',
      { objects: yaml(app, bind('shop/b', 'Role r', 'user alice', 'group system:masters')) },
      ['ServiceAccount shop/default', 'User alice'],
    ],
    [
      'not whom only the platform binds',
      { objects: yaml(app), platform: yaml(...grant('sa cert-manager/cert-manager', [star]), ...grant('user root', [star])) },
      ['ServiceAccount shop/default'],
    ],
    [
      'audiences that take in its accounts, whoever binds them',
      {
        objects: yaml(app),
        platform: yaml(
          ...grant('group system:serviceaccounts', [star]),
          ...grant('group system:serviceaccounts:shop', [star]),
          ...grant('group system:serviceaccounts:else', [star]),
        ),
      },
      ['Group system:serviceaccounts', 'Group system:serviceaccounts:shop', 'ServiceAccount shop/default'],
    ],
    [
      'not the accounts of a namespace that holds only a Role of the system',
      {
        objects: yaml(app, namespace('shop'), role('monitoring/r', can('get', 'pods'))),
        platform: yaml(account('monitoring/agent')),
      },
      ['ServiceAccount shop/default'],
    ],
  ])('hold %s', (_, parts, expected) => {
    expect(labels(parts)).toEqual(expected);
  });

  it("tell of somebody else's account only what the system gives it", () => {
    const { all } = read({
      objects: yaml(app, ...grant('sa monitoring/prometheus', [can('list', 'pods')], 'shop')),
      platform: yaml(...grant('sa monitoring/prometheus', [star])),
    });
    const found = all.find(({ label }) => label === 'ServiceAccount monitoring/prometheus');
    expect([found?.foreign, found?.grants.map((entry) => entry.namespace)]).toEqual([true, ['shop']]);
  });

  it('name users by a ref of our own, accounts by their object', () => {
    const { all } = read({ objects: yaml(account('shop/web'), bind('shop/b', 'Role r', 'user alice', 'sa shop/web')) });
    expect(all.map(({ ref }) => `${ref.apiVersion} ${ref.kind} ${ref.namespace ?? '-'} ${ref.name}`)).toEqual([
      'v1 ServiceAccount shop web',
      'seaworthy.dev/v1alpha1 Subject - User:alice',
    ]);
  });
});

describe('bindings that may exist outside the sources', () => {
  const binding = bind('shop/b', 'ClusterRole view', 'user alice');
  it.each<[string, BundleParts, string | undefined]>([
    [
      'ClusterRoleBindings are cluster-scoped, so nobody is complete for them by default',
      { objects: yaml(bind('shop/b', 'Role r', 'user alice')) },
      'ClusterRoleBindings',
    ],
    ['no RoleBinding in the sources says nothing', { objects: yaml(app) }, 'RoleBindings and ClusterRoleBindings'],
    ['a declared source is complete', { objects: yaml(app), complete: ['RoleBinding', 'ClusterRoleBinding'] }, undefined],
    [
      'a bound role that aggregates may be wider',
      { objects: yaml(binding), complete: ['RoleBinding', 'ClusterRoleBinding'] },
      'ClusterRoles',
    ],
  ])('%s', (_, parts, expected) => {
    expect(read(parts).hidden(['RoleBinding', 'ClusterRoleBinding'])?.kinds).toBe(expected);
  });
});
