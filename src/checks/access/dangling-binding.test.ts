import { describe, expect, it } from 'vitest';
import { account, bind, can, everything, role, yaml } from '../../facts/access/testing.ts';
import { examine, verdicts } from '../testing.ts';
import { danglingBinding } from './dangling-binding.ts';

const reader = role('shop/reader', can('get', 'pods'));
const judge = (objects: readonly object[], complete: readonly string[] = everything) =>
  verdicts(examine(danglingBinding, { objects: yaml(...objects), complete }));

describe('dangling-binding', () => {
  it.each<[string, readonly object[], string[]]>([
    [
      'a Role of another namespace is not there',
      [role('bank/reader', can('get', 'pods')), bind('shop/b', 'Role reader', 'user alice')],
      ['fail role-missing RoleBinding/b'],
    ],
    [
      'a ClusterRole of that name is no Role',
      [role('reader', can('get', 'pods')), bind('shop/b', 'Role reader', 'user alice')],
      ['fail role-missing RoleBinding/b'],
    ],
    ['roles of Kubernetes are always there', [bind('shop/b', 'ClusterRole view', 'user alice')], ['pass bound RoleBinding/b']],
    [
      'every missing account is told',
      [reader, account('shop/a'), bind('shop/b', 'Role reader', 'sa shop/a', 'sa shop/b', 'sa bank/c')],
      ['fail account-missing RoleBinding/b', 'fail account-missing RoleBinding/b'],
    ],
    [
      'every namespace has the account default',
      [reader, bind('shop/b', 'Role reader', 'sa shop/default')],
      ['pass bound RoleBinding/b'],
    ],
    [
      'an account without a namespace is one of the binding',
      [reader, account('shop/a'), bind('shop/b', 'Role reader', 'sa a')],
      ['pass bound RoleBinding/b'],
    ],
    [
      'a ClusterRoleBinding needs the namespace of each account',
      [role('reader', can('get', 'pods')), account('shop/a'), bind('b', 'ClusterRole reader', 'sa a', 'sa shop/a')],
      ['fail no-namespace ClusterRoleBinding/b'],
    ],
    [
      'a subject of a kind that there is not',
      [
        reader,
        {
          ...bind('shop/b', 'Role reader'),
          subjects: [
            { kind: 'Robot', name: 'r' },
            { kind: 'User', name: 'alice' },
          ],
        },
      ],
      ['fail refused RoleBinding/b'],
    ],
    [
      'every part of a roleRef that is wrong is told',
      [{ ...bind('shop/b', 'Role reader', 'user alice'), roleRef: { apiGroup: 'v1', kind: 'Rolle', name: 'reader' } }],
      ['fail no-role RoleBinding/b', 'fail no-role RoleBinding/b'],
    ],
    [
      'users and groups live elsewhere',
      [reader, bind('shop/b', 'Role reader', 'user alice', 'group devs')],
      ['pass bound RoleBinding/b'],
    ],
    [
      'a ClusterRoleBinding cannot name a Role',
      [reader, bind('b', 'Role reader', 'user alice')],
      ['fail no-role ClusterRoleBinding/b'],
    ],
  ])('%s', (_, objects, expected) => {
    expect(judge(objects)).toEqual(expected);
  });

  it('complaint: a role or account in another folder is unknown, not missing', () => {
    expect(judge([bind('shop/b', 'ClusterRole vendor', 'sa ops/agent')], ['RoleBinding'])).toEqual([
      'unknown account-unseen RoleBinding/b',
      'unknown role-unseen RoleBinding/b',
    ]);
  });

  it('complaint: what the platform provides can be declared, until the declaration ends', () => {
    const review = (expires: string) => ({
      providedElsewhere: [
        { kind: 'ServiceAccount', namespace: 'ops', name: 'agent', owner: 'platform', reason: 'theirs', expires },
      ],
    });
    const parts = { objects: yaml(reader, bind('shop/b', 'Role reader', 'sa ops/agent')) };
    const [held] = examine(danglingBinding, { ...parts, review: review('2026-09-01T00:00:00Z') });
    expect([held?.outcome, held?.reason, held?.until]).toEqual(['pass', 'assumed', '2026-09-01T00:00:00Z']);
    expect(verdicts(examine(danglingBinding, { ...parts, review: review('2026-01-01T00:00:00Z') }))).toEqual([
      'unknown account-unseen RoleBinding/b',
    ]);
  });

  it('bindings of the platform are not under review', () => {
    expect(
      verdicts(
        examine(danglingBinding, {
          objects: yaml(account('shop/a')),
          platform: yaml(bind('shop/b', 'Role gone', 'user alice')),
          complete: everything,
        }),
      ),
    ).toEqual(['not-applicable no-target Source/production']);
  });
});
