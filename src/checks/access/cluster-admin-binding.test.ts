import { describe, expect, it } from 'vitest';
import { account, bind, can, clusterRole, deployment, everything, role, star, yaml } from '../../facts/access/testing.ts';
import { examine, verdicts } from '../testing.ts';
import { clusterAdminBinding } from './cluster-admin-binding.ts';

const app = deployment('shop/web');
const complete = 'pass none-beside Source/production';

describe('cluster-admin-binding', () => {
  it.each<[string, readonly object[], string[]]>([
    [
      'a role is judged by its rules, not by its name',
      [app, clusterRole('viewer', [star]), bind('b', 'ClusterRole viewer', 'user alice')],
      ['fail admin ClusterRoleBinding/b', complete],
    ],
    [
      'complaint: a benign binding is no finding',
      [app, role('nodes', can('get', 'nodes')), bind('b', 'ClusterRole nodes', 'user alice')],
      ['pass narrow ClusterRoleBinding/b', complete],
    ],
    [
      'a RoleBinding to cluster-admin gives one namespace, not the cluster',
      [app, bind('shop/b', 'ClusterRole cluster-admin', 'user alice')],
      [complete],
    ],
    [
      'a role that aggregates to everything',
      [
        app,
        clusterRole('part', [star], { labels: { to: 'all' } }),
        clusterRole('all', [], { aggregates: { to: 'all' } }),
        bind('b', 'ClusterRole all', 'user alice'),
      ],
      ['fail admin ClusterRoleBinding/b', complete],
    ],
    [
      'a role that does not exist grants nothing',
      [app, bind('b', 'ClusterRole gone', 'user alice')],
      ['pass missing ClusterRoleBinding/b', complete],
    ],
    [
      'somebody added to the default binding cluster-admin',
      [
        app,
        {
          ...bind('cluster-admin', 'ClusterRole cluster-admin', 'group system:masters', 'user alice'),
          metadata: { name: 'cluster-admin', labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' } },
        },
      ],
      ['fail admin ClusterRoleBinding/cluster-admin', complete],
    ],
    [
      '2.1.6 masters have every right, whatever a binding gives them',
      [
        app,
        bind('b', 'ClusterRole view', 'user alice', 'group system:masters'),
        bind('shop/c', 'ClusterRole view', 'group system:masters'),
      ],
      ['fail masters ClusterRoleBinding/b', complete, 'fail masters RoleBinding/c'],
    ],
  ])('%s', (_, objects, expected) => {
    expect(verdicts(examine(clusterAdminBinding, { objects: yaml(...objects), complete: everything }))).toEqual(expected);
  });

  it('a binding of the platform counts where it reaches the system, also by a group', () => {
    const platform = yaml(
      bind('a', 'ClusterRole cluster-admin', 'sa cert-manager/cert-manager'),
      bind('b', 'ClusterRole cluster-admin', 'group system:serviceaccounts:shop'),
      bind('c', 'ClusterRole cluster-admin', 'sa shop/web'),
    );
    const found = examine(clusterAdminBinding, {
      objects: yaml(app, account('shop/web')),
      platform,
      platformComplete: everything,
    });
    expect(verdicts(found)).toEqual(
      [complete, 'fail admin ClusterRoleBinding/b', 'fail admin ClusterRoleBinding/c'].sort((a, b) =>
        a.includes('Source') ? 1 : b.includes('Source') ? -1 : a < b ? -1 : 1,
      ),
    );
  });

  it('without complete sources nothing passes', () => {
    expect(verdicts(examine(clusterAdminBinding, { objects: yaml(app) }))).toEqual(['unknown hidden Source/production']);
  });
});
