import { describe, expect, it } from 'vitest';
import { account, bind, can, deployment, everything, grant, namespace, star, yaml } from '../../facts/access/testing.ts';
import { examine } from '../testing.ts';
import { namespaceEscalation } from './namespace-escalation.ts';

const shop = namespace('shop', 'restricted');
const judge = (objects: readonly object[], name: string, complete: readonly string[] = everything) =>
  examine(namespaceEscalation, { objects: yaml(...objects), complete })
    .filter(({ target }) => target.name === name)
    .map(({ outcome, messageId, reason }) => [outcome, messageId, ...(reason ? [reason] : [])].join(' '));

describe('namespace-escalation', () => {
  it.each<[string, readonly object[], string, string[]]>([
    [
      'any deployer may become every account of its namespace',
      [shop, account('shop/a'), ...grant('sa shop/a', [can('patch', 'apps:deployments'), can('create', 'batch:jobs')], 'shop')],
      'a',
      ['fail takes'],
    ],
    ['the owner of a namespace', [shop, bind('shop/b', 'ClusterRole admin', 'user alice')], 'User:alice', ['fail takes']],
    [
      'running commands in Pods',
      [shop, account('shop/a'), ...grant('sa shop/a', [can('create', 'pods/exec')], 'shop')],
      'a',
      ['fail takes'],
    ],
    [
      'tokens of many accounts are one finding',
      [
        shop,
        account('shop/a'),
        account('shop/b'),
        account('shop/c'),
        ...grant('sa shop/a', [can('create', 'serviceaccounts/token', 'b', 'c')], 'shop'),
      ],
      'a',
      ['fail takes'],
    ],
    [
      'a token of its own makes nobody another',
      [shop, account('shop/a'), ...grant('sa shop/a', [can('create', 'serviceaccounts/token', 'a')], 'shop')],
      'a',
      ['pass confined'],
    ],
    [
      'reading Secrets is told by secret-read-access',
      [shop, account('shop/a'), ...grant('sa shop/a', [can('list', 'secrets')], 'shop')],
      'a',
      ['pass confined'],
    ],
    [
      'writing ConfigMaps and Services makes nobody else',
      [shop, account('shop/a'), ...grant('sa shop/a', [can('create,update', 'configmaps,services')], 'shop')],
      'a',
      ['pass confined'],
    ],
    [
      'who has the cluster is no pass here',
      [shop, account('shop/a'), ...grant('sa shop/a', [star])],
      'a',
      ['not-applicable beyond'],
    ],
    [
      'a custom kind whose controller nobody shows',
      [shop, account('shop/a'), ...grant('sa shop/a', [can('create', 'argoproj.io:rollouts')], 'shop')],
      'a',
      ['unknown depends undecidable'],
    ],
  ])('%s', (_, objects, name, expected) => {
    expect(judge(objects, name)).toEqual(expected);
  });

  it('says once of the source that more bindings may exist', () => {
    expect(judge([shop, deployment('shop/web')], 'production', ['Namespace'])).toEqual(['unknown hidden missing']);
    expect(judge([shop, deployment('shop/web')], 'production')).toEqual([]);
  });
});
