import { describe, expect, it } from 'vitest';
import { account, bind, can, deployment, everything, grant, yaml } from '../../facts/access/testing.ts';
import { examine, verdicts } from '../testing.ts';
import { tokenAutomount } from './token-automount.ts';

const off = { automountServiceAccountToken: false };
const on = { automountServiceAccountToken: true };
const web = (pod: object = {}) => deployment('shop/web', { serviceAccountName: 'web', ...pod });
const projected = {
  volumes: [{ name: 't', projected: { sources: [{ serviceAccountToken: { path: 't', audience: 'vault' } }] } }],
};
const judge = (objects: readonly object[], complete: readonly string[] = everything) =>
  verdicts(examine(tokenAutomount, { objects: yaml(...objects), complete }));

describe('token-automount', () => {
  it.each<[string, readonly object[], string]>([
    ['on by default', [account('shop/web'), web()], 'fail not-switched-off Deployment/web'],
    ['complaint: off at the account is seen', [account('shop/web', off), web()], 'pass turned-off Deployment/web'],
    ['the Pod overrides the account', [account('shop/web', off), web(on)], 'fail switched-on Deployment/web'],
    ['off at the Pod', [account('shop/web', on), web(off)], 'pass turned-off Deployment/web'],
    [
      'an account with permissions uses its token',
      [account('shop/web'), web(), ...grant('sa shop/web', [can('get', 'pods')], 'shop')],
      'pass used Deployment/web',
    ],
    [
      'permissions by a group of accounts count',
      [account('shop/web'), web(), ...grant('group system:serviceaccounts:shop', [can('get', 'pods')], 'shop')],
      'pass used Deployment/web',
    ],
    [
      'a grant that allows nothing is no use',
      [account('shop/web'), web(), ...grant('sa shop/web', [can('get', 'nodes')], 'shop')],
      'fail not-switched-off Deployment/web',
    ],
    [
      'a projected token for another system is asked for, not automatic',
      [account('shop/web'), web({ ...off, ...projected })],
      'pass turned-off Deployment/web',
    ],
    ['and does not hide the automatic one', [account('shop/web'), web(projected)], 'fail not-switched-off Deployment/web'],
  ])('%s', (_, objects, expected) => {
    expect(judge(objects)).toEqual([expected]);
  });

  it.each<[string, readonly object[], readonly string[], string]>([
    ['an account in no source may turn it off', [web()], [], 'unknown account-unseen Deployment/web'],
    [
      'a role in no source may allow something',
      [account('shop/web'), web(), bind('shop/b', 'ClusterRole vendor', 'sa shop/web')],
      [],
      'unknown role-unseen Deployment/web',
    ],
    ['who asks for a token may be bound elsewhere', [account('shop/web'), web(on)], [], 'unknown bindings-unseen Deployment/web'],
    [
      'who asks for none has one that nobody decided for',
      [account('shop/web'), web()],
      [],
      'fail not-switched-off Deployment/web',
    ],
  ])('incomplete sources: %s', (_, objects, complete, expected) => {
    expect(judge(objects, complete)).toEqual([expected]);
  });
});
