import { describe, expect, it } from 'vitest';
import { account, bind, can, deployment, everything, grant, yaml } from '../../facts/access/testing.ts';
import { examine, verdicts } from '../testing.ts';
import { defaultServiceAccount } from './default-service-account.ts';

const off = { automountServiceAccountToken: false };
const judge = (objects: readonly object[], platform?: string) =>
  verdicts(
    examine(defaultServiceAccount, {
      objects: yaml(...objects),
      complete: everything,
      ...(platform === undefined ? {} : { platform }),
    }),
  );

describe('default-service-account', () => {
  it.each<[string, readonly object[], string[]]>([
    ['the token of default is mounted unless somebody says no', [deployment('shop/web')], ['fail holds-token Deployment/web']],
    [
      'complaint: automount false on the account is seen',
      [deployment('shop/web'), account('shop/default', off)],
      ['pass no-token Deployment/web'],
    ],
    ['automount false on the Pod', [deployment('shop/web', off)], ['pass no-token Deployment/web']],
    [
      'the Pod overrides the account',
      [deployment('shop/web', { automountServiceAccountToken: true }), account('shop/default', off)],
      ['fail holds-token Deployment/web'],
    ],
    ['the old name of the field', [deployment('shop/web', { serviceAccount: 'web' })], ['pass own Deployment/web']],
    [
      'default of another namespace turns nothing off',
      [deployment('shop/web'), account('bank/default', off)],
      ['fail holds-token Deployment/web'],
    ],
    [
      'a binding to default fails also where nobody mounts its token',
      [deployment('shop/web', off), ...grant('sa shop/default', [can('get', 'pods')], 'shop')],
      ['pass no-token Deployment/web', 'fail bound ServiceAccount/default'],
    ],
  ])('%s', (_, objects, expected) => {
    expect(judge(objects)).toEqual(expected);
  });

  it('a binding of the platform to default of our namespace fails, of theirs does not', () => {
    const platform = yaml(bind('a', 'ClusterRole view', 'sa shop/default'), bind('b', 'ClusterRole view', 'sa ops/default'));
    expect(judge([deployment('shop/web', off)], platform)).toEqual([
      'pass no-token Deployment/web',
      'fail bound ServiceAccount/default',
    ]);
  });
});
