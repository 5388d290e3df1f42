import { describe, expect, it } from 'vitest';
import { account, bind, can, everything, grant, star, yaml } from '../../facts/access/testing.ts';
import { examine } from '../testing.ts';
import { secretWriteAccess } from './secret-write-access.ts';

const judge = (objects: readonly object[], complete: readonly string[] = everything) =>
  examine(secretWriteAccess, { objects: yaml(account('shop/a'), ...objects), complete }).map(
    ({ outcome, messageId, target }) => `${outcome} ${messageId} ${target.name}`,
  );

describe('secret-write-access', () => {
  it.each<[string, readonly object[], string[]]>([
    ['create on Secrets', grant('sa shop/a', [can('create', 'secrets')], 'shop'), ['fail every a']],
    ['delete', grant('sa shop/a', [can('delete', 'secrets')], 'shop'), ['fail every a']],
    ['one Secret by its name', grant('sa shop/a', [can('update,patch', 'secrets', 'session')], 'shop'), ['pass named a']],
    [
      'create cannot be narrowed by a name: such a rule allows nothing',
      grant('sa shop/a', [can('create', 'secrets', 'session')], 'shop'),
      ['pass none a'],
    ],
    ['get is the other check', grant('sa shop/a', [can('get', 'secrets')], 'shop'), ['pass none a']],
    ['complaint: the API group counts', grant('sa shop/a', [can('create', 'example.com:secrets')], 'shop'), ['pass none a']],
    ['a wildcard takes Secrets in', grant('sa shop/a', [star], 'shop'), ['fail every a']],
    ['the role edit of Kubernetes', [bind('shop/b', 'ClusterRole edit', 'sa shop/a')], ['fail every a']],
    ['the role view has no Secrets', [bind('shop/b', 'ClusterRole view', 'sa shop/a')], ['pass none a']],
    [
      'two places are two findings',
      [...grant('sa shop/a', [can('create', 'secrets')], 'shop'), ...grant('sa shop/a', [can('create', 'secrets')], 'bank')],
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
