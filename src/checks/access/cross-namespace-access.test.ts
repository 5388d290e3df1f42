import { describe, expect, it } from 'vitest';
import { account, bind, can, deployment, everything, grant, yaml } from '../../facts/access/testing.ts';
import { examine } from '../testing.ts';
import { crossNamespaceAccess } from './cross-namespace-access.ts';

const judge = (objects: readonly object[], complete: readonly string[] = everything) =>
  examine(crossNamespaceAccess, { objects: yaml(account('shop/a'), ...objects), complete }).map(
    ({ outcome, messageId, target, reason }) => `${outcome} ${messageId} ${target.name}${reason ? ` ${reason}` : ''}`,
  );

describe('cross-namespace-access', () => {
  it.each<[string, readonly object[], string[]]>([
    [
      'monitoring finds its targets',
      grant('sa shop/a', [can('get,list,watch', 'pods,services,endpoints')], 'bank'),
      ['pass discovery a'],
    ],
    [
      'everywhere too, with the metrics of nodes',
      grant('sa shop/a', [can('get,list,watch', 'pods,nodes,nodes/metrics'), { verbs: ['get'], nonResourceURLs: ['/metrics'] }]),
      ['pass discovery a'],
    ],
    ['one Secret of another namespace', grant('sa shop/a', [can('get', 'secrets', 'session')], 'bank'), ['fail secrets a']],
    ['everything to read', grant('sa shop/a', [can('get,list', '*')]), ['fail secrets a']],
    ['a write', grant('sa shop/a', [can('patch', 'apps:deployments')], 'bank'), ['fail writing a']],
    ['get on exec runs commands', grant('sa shop/a', [can('get', 'pods/exec')], 'bank'), ['fail writing a']],
    ['logs are more than discovery', grant('sa shop/a', [can('get', 'pods/log')], 'bank'), ['unknown reading a needs-a-person']],
    ['its own namespace is no other one', grant('sa shop/a', [can('create,get', 'secrets,pods')], 'shop'), ['pass none a']],
    ['cluster-scoped objects are in no namespace', grant('sa shop/a', [can('get,list', 'nodes,namespaces')]), ['pass none a']],
    [
      'a grant to all accounts of a namespace',
      grant('group system:serviceaccounts:shop', [can('get', 'secrets')], 'bank'),
      ['fail secrets Group:system:serviceaccounts:shop', 'pass none a'],
    ],
    ['people live in no namespace', grant('user alice', [can('get', 'secrets')], 'bank'), ['pass none a']],
  ])('%s', (_, objects, expected) => {
    expect(judge(objects)).toEqual(expected);
  });

  it('an unseen role of another namespace is unknown', () => {
    expect(
      judge([deployment('shop/web'), bind('bank/b', 'ClusterRole vendor', 'sa shop/a')], ['RoleBinding', 'ClusterRoleBinding']),
    ).toEqual(['unknown role-unseen a missing', 'pass none default']);
  });
});
