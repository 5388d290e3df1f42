import { describe, expect, it } from 'vitest';
import { bind, can, clusterRole, everything, role, star, yaml } from '../../facts/access/testing.ts';
import { examine } from '../testing.ts';
import { ineffectivePermissions } from './ineffective-permissions.ts';

const told = (...objects: readonly object[]) =>
  examine(ineffectivePermissions, { objects: yaml(...objects), complete: everything }).map(
    ({ outcome, messageId, location }) => `${outcome} ${messageId} ${location === undefined ? '' : location.path}`,
  );

describe('ineffective-permissions', () => {
  it.each<[string, readonly object[], readonly string[]]>([
    ['2.2.10 a verb in capitals', [role('shop/r', can('Get,list', 'pods'))], ['fail dead rules[0].verbs[0]']],
    ['2.2.12 a wildcard of subresources', [role('shop/r', can('get', 'pods,pods/*'))], ['fail dead rules[0].resources[1]']],
    ['2.2.12 a resource in the wrong group', [role('shop/r', can('get', 'deployments'))], ['fail dead rules[0].resources[0]']],
    ['2.2.12 the singular', [role('shop/r', can('get', 'apps:deployment'))], ['fail dead rules[0].resources[0]']],
    [
      '2.2.12 a resource of one of two groups',
      [role('shop/r', { ...can('get', 'deployments'), apiGroups: ['', 'apps'] })],
      ['pass alive rules'],
    ],
    ['2.2.12 a resource of an add-on', [role('shop/r', can('get', 'example.com:things'))], ['pass alive rules']],
    ['2.2.13 create with names', [role('shop/r', can('create,get', 'secrets', 'a'))], ['fail dead rules[0].verbs[0]']],
    ['2.2.13 create of a subresource with names', [role('shop/r', can('create', 'pods/exec', 'a'))], ['pass alive rules']],
    ['2.2.13 a star among names', [role('shop/r', can('get', 'secrets', '*'))], ['fail dead rules[0].resourceNames[0]']],
    [
      '2.2.15 nodes through RoleBindings alone',
      [role('r', can('get', 'pods,nodes')), bind('shop/b', 'ClusterRole r', 'user a')],
      ['fail dead-through rules[0].resources[1]'],
    ],
    [
      '2.2.15 a ClusterRoleBinding gives them, too',
      [role('r', can('get', 'pods,nodes')), bind('shop/b', 'ClusterRole r', 'user a'), bind('c', 'ClusterRole r', 'user b')],
      ['pass alive rules'],
    ],
    ['2.2.15 nobody is bound to the ClusterRole', [role('r', can('get', 'nodes'))], ['pass alive rules']],
    [
      '2.2.15 use of SecurityContextConstraints is asked in the namespace of the Pod',
      [
        role('r', can('use', 'security.openshift.io:securitycontextconstraints', 'anyuid')),
        bind('shop/b', 'ClusterRole r', 'sa shop/web'),
      ],
      ['pass alive rules'],
    ],
    [
      '2.2.14 paths through a RoleBinding',
      [role('r', { verbs: ['get'], nonResourceURLs: ['/metrics'] }), bind('shop/b', 'ClusterRole r', 'user a')],
      ['fail dead-through rules[0].nonResourceURLs[0]'],
    ],
    [
      '2.2.19 a part of an aggregated role is dead through the binding of the whole',
      [
        clusterRole('part', [can('get', 'nodes')], { labels: { to: 'whole' } }),
        clusterRole('whole', [], { aggregates: { to: 'whole' } }),
        bind('shop/b', 'ClusterRole whole', 'user a'),
      ],
      ['fail dead-through rules[0].resources[0]', 'pass empty '],
    ],
    [
      '2.2.19 rules of an aggregated role that no part has are overwritten',
      [
        clusterRole('part', [can('get', 'pods')], { labels: { to: 'whole' } }),
        clusterRole('whole', [can('get', 'pods'), can('get', 'secrets')], { aggregates: { to: 'whole' } }),
      ],
      ['pass alive rules', 'fail overwritten rules[1]'],
    ],
    [
      '2.2.19 roles that aggregate each other',
      [
        clusterRole('a', [can('get', 'pods')], { labels: { x: 'b' }, aggregates: { x: 'a' } }),
        clusterRole('b', [], { labels: { x: 'a' }, aggregates: { x: 'b' } }),
      ],
      ['fail aggregates-itself aggregationRule', 'fail aggregates-itself aggregationRule'],
    ],
    [
      '2.2.19 a role that selects itself',
      [clusterRole('a', [can('get', 'pods')], { labels: { x: 'a' }, aggregates: { x: 'a' } })],
      ['fail overwritten rules[0]', 'fail selects-itself aggregationRule'],
    ],
    [
      '2.2.23 verbs of constrained impersonation',
      [
        role(
          'r',
          can('impersonate:user-info', 'authentication.k8s.io:users', 'jane'),
          can('impersonate-on:user-info:list', 'pods'),
        ),
        bind('b', 'ClusterRole r', 'sa shop/web'),
      ],
      ['pass alive rules'],
    ],
    [
      '2.2.23 fine-grained kubelet resources',
      [role('r', can('get', 'nodes/healthz,nodes/pods,nodes/configz'))],
      ['pass alive rules'],
    ],
    [
      'the default roles in a dump are as Kubernetes wrote them',
      [clusterRole('x', [star], { labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' } })],
      ['not-applicable no-target '],
    ],
  ])('%s', (_, objects, expected) => {
    expect(told(...objects).sort()).toEqual([...expected].sort());
  });

  it('2.2.19 what a cluster shows of an aggregated role is compared with what it takes in', () => {
    const part = clusterRole('part', [can('get', 'pods'), can('get', 'secrets')], { labels: { to: 'whole' } });
    const whole = (...rules: readonly ReturnType<typeof can>[]) => clusterRole('whole', rules, { aggregates: { to: 'whole' } });
    const live = (...objects: readonly object[]) =>
      examine(ineffectivePermissions, { objects: yaml(...objects), complete: everything, live: true })
        .filter(({ target }) => target.name === 'whole')
        .map(({ outcome, messageId }) => `${outcome} ${messageId}`);
    expect(live(part, whole(can('get', 'pods'), can('get', 'secrets')))).toEqual(['pass alive']);
    expect(live(part, whole(can('get', 'pods')))).toEqual(['fail unwritten']);
    expect(live(part, whole(can('get', 'pods'), can('get', 'secrets'), can('get', 'nodes')))).toEqual(['fail overwritten']);
  });

  it('says where a resource is that stands in the wrong group', () => {
    const objects = yaml(role('shop/r', can('get', 'deployments,pod')));
    expect(examine(ineffectivePermissions, { objects }).map(({ message }) => message)).toEqual([
      'Role r: deployments in resources allows nothing: the API group "" has no resource deployments (deployments are in the API group apps).',
      'Role r: pod in resources allows nothing: the API group "" has no resource pod (did you mean pods).',
    ]);
  });

  it('a flaw keeps its fingerprint when rules change places, and twice the same are two', () => {
    const prints = (...rules: Parameters<typeof can>[]) =>
      examine(ineffectivePermissions, { objects: yaml(role('shop/r', ...rules.map((rule) => can(...rule)))) }).map(
        ({ fingerprint }) => fingerprint,
      );
    const [one] = prints(['get', 'pods/*']);
    expect(prints(['list', 'pods'], ['get', 'pods/*'])).toEqual([one]);
    expect(new Set(prints(['get', 'pods/*'], ['list', 'pods/*'])).size).toBe(2);
  });
});
