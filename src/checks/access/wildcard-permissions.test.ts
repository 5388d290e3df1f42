import { describe, expect, it } from 'vitest';
import { account, bind, can, clusterRole, everything, grant, role, star, yaml } from '../../facts/access/testing.ts';
import { examine } from '../testing.ts';
import { wildcardPermissions } from './wildcard-permissions.ts';

const judge = (objects: readonly object[], complete: readonly string[] = everything) =>
  examine(wildcardPermissions, { objects: yaml(account('shop/a'), ...objects), complete }).map(
    ({ outcome, messageId, target }) => `${outcome} ${messageId} ${target.name}`,
  );

describe('wildcard-permissions', () => {
  it.each<[string, readonly object[], string[]]>([
    ['verbs', grant('sa shop/a', [can('*', 'configmaps')], 'shop'), ['fail wildcard a']],
    ['resources', grant('sa shop/a', [can('get', '*')], 'shop'), ['fail wildcard a']],
    ['groups', grant('sa shop/a', [can('get', '*:deployments')], 'shop'), ['fail wildcard a']],
    ['a subresource of every resource', grant('sa shop/a', [can('update', '*/scale')], 'shop'), ['fail wildcard a']],
    ['paths', grant('sa shop/a', [{ verbs: ['get'], nonResourceURLs: ['*'] }]), ['fail wildcard a']],
    [
      'a path below one prefix is narrow',
      grant('sa shop/a', [{ verbs: ['get'], nonResourceURLs: ['/metrics'] }]),
      ['pass none a'],
    ],
    [
      'complaint: a role without a wildcard is no finding',
      grant('sa shop/a', [can('get,list,watch', 'pods')], 'shop'),
      ['pass none a'],
    ],
    ['`pods/*` is no wildcard: it allows nothing', grant('sa shop/a', [can('get', 'pods/*')], 'shop'), ['pass none a']],
    ['a star in a RoleBinding to cluster-admin', [bind('shop/b', 'ClusterRole cluster-admin', 'sa shop/a')], ['fail wildcard a']],
    [
      'two rules of one role are one finding, two roles are two',
      [
        role('shop/x', can('*', 'pods'), can('*', 'configmaps')),
        role('shop/y', star),
        bind('shop/x', 'Role x', 'sa shop/a'),
        bind('shop/y', 'Role y', 'sa shop/a'),
      ],
      ['fail wildcard a', 'fail wildcard a'],
    ],
    [
      'a wildcard that comes by aggregation',
      [
        clusterRole('part', [can('*', 'pods')], { labels: { to: 'x' } }),
        clusterRole('x', [], { aggregates: { to: 'x' } }),
        bind('shop/b', 'ClusterRole x', 'sa shop/a'),
      ],
      ['fail wildcard a'],
    ],
    ['a role that is bound to nobody gives nothing', [role('shop/x', star)], ['pass none a']],
  ])('%s', (_, objects, expected) => {
    expect(judge(objects)).toEqual(expected);
  });

  it('an unseen role is unknown', () => {
    expect(judge([bind('shop/b', 'ClusterRole vendor', 'sa shop/a')], ['RoleBinding', 'ClusterRoleBinding'])).toEqual([
      'unknown role-unseen a',
    ]);
  });
});
