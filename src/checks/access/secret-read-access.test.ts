import { describe, expect, it } from 'vitest';
import { account, bind, can, everything, grant, star, yaml } from '../../facts/access/testing.ts';
import { examine } from '../testing.ts';
import { secretReadAccess } from './secret-read-access.ts';

const judge = (objects: readonly object[], complete: readonly string[] = everything) =>
  examine(secretReadAccess, { objects: yaml(account('shop/a'), ...objects), complete }).map(
    ({ outcome, messageId, target }) => `${outcome} ${messageId} ${target.name}`,
  );

describe('secret-read-access', () => {
  it.each<[string, readonly object[], string[]]>([
    ['list on Secrets', grant('sa shop/a', [can('list', 'secrets')], 'shop'), ['fail every a']],
    ['watch returns values too', grant('sa shop/a', [can('watch', 'secrets')], 'shop'), ['fail every a']],
    ['get by name', grant('sa shop/a', [can('get', 'secrets', 'session')], 'shop'), ['pass named a']],
    ['a list that is narrowed to names', grant('sa shop/a', [can('list', 'secrets', 'session')], 'shop'), ['pass named a']],
    ['update is the other check', grant('sa shop/a', [can('update', 'secrets')], 'shop'), ['pass none a']],
    ['complaint: the API group counts', grant('sa shop/a', [can('list', 'example.com:secrets')], 'shop'), ['pass none a']],
    ['a wildcard takes Secrets in', grant('sa shop/a', [star], 'shop'), ['fail every a']],
    ['the role edit of Kubernetes', [bind('shop/b', 'ClusterRole edit', 'sa shop/a')], ['fail every a']],
    ['the role view has no Secrets', [bind('shop/b', 'ClusterRole view', 'sa shop/a')], ['pass none a']],
    [
      'two places are two findings',
      [...grant('sa shop/a', [can('list', 'secrets')], 'shop'), ...grant('sa shop/a', [can('list', 'secrets')], 'bank')],
      ['fail every a', 'fail every a'],
    ],
  ])('%s', (_, objects, expected) => {
    expect(judge(objects)).toEqual(expected);
  });

  it('an unseen role and unseen ClusterRoleBindings are unknown', () => {
    expect(judge([bind('shop/b', 'ClusterRole vendor', 'sa shop/a')], ['RoleBinding'])).toEqual([
      'unknown hidden production',
      'unknown role-unseen a',
    ]);
  });
});
