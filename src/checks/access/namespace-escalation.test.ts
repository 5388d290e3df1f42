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

  it.each<[string, readonly object[], string]>([
    [
      'a deployer uses every account and mounts every Secret, and all its ways are named in the cut',
      [
        deployment('shop/web'),
        ...grant('sa shop/a', [can('patch', 'apps:deployments', 'web'), can('create', 'batch:jobs')], 'shop'),
      ],
      'ServiceAccount shop/a can take over namespace shop (use every ServiceAccount, mount every Secret): it can change Deployment shop/web, and so its Pods. To cut it: take from ServiceAccount shop/a: patch on apps/deployments (web) (Role r-sa-shop-a-shop, by RoleBinding shop/r-sa-shop-a-shop); create on batch/jobs (Role r-sa-shop-a-shop, by RoleBinding shop/r-sa-shop-a-shop), or have an admission policy hold what it deploys in shop to one ServiceAccount, its own Secrets and known images.',
    ],
    [
      'an admission policy that is there is named, and assumed not to refuse',
      [
        {
          apiVersion: 'admissionregistration.k8s.io/v1',
          kind: 'ValidatingAdmissionPolicyBinding',
          metadata: { name: 'deployer' },
        },
        ...grant('sa shop/a', [can('create', 'pods')], 'shop'),
      ],
      'ServiceAccount shop/a can take over namespace shop (use every ServiceAccount, mount every Secret): it can create Pods in shop. ValidatingAdmissionPolicyBinding deployer may refuse that; what it says is not evaluated. To cut it: take from ServiceAccount shop/a: create on pods (Role r-sa-shop-a-shop, by RoleBinding shop/r-sa-shop-a-shop), or have an admission policy hold what it deploys in shop to one ServiceAccount, its own Secrets and known images.',
    ],
    [
      'who may change its own network policies changes what protects it, and becomes nobody',
      grant('sa shop/a', [can('delete', 'networking.k8s.io:networkpolicies')], 'shop'),
      'ServiceAccount shop/a can change the policy of namespace shop: it can change NetworkPolicies of shop. To cut it: take from ServiceAccount shop/a: delete on networking.k8s.io/networkpolicies (Role r-sa-shop-a-shop, by RoleBinding shop/r-sa-shop-a-shop).',
    ],
    [
      'the owner of a namespace is told once, with its policy',
      grant('sa shop/a', [star], 'shop'),
      'ServiceAccount shop/a can take over namespace shop and its policy (use every ServiceAccount, mount every Secret): it can do everything in shop. To cut it: take from ServiceAccount shop/a: * on */* (Role r-sa-shop-a-shop, by RoleBinding shop/r-sa-shop-a-shop).',
    ],
    [
      'what harms and makes it nobody else is told beside a pass',
      grant('sa shop/a', [can('create', 'networking.k8s.io:ingresses'), can('get', 'pods/log'), can('delete', 'events')], 'shop'),
      'ServiceAccount shop/a can become nobody else in its namespaces (rules that bindings give it: 3). Beside that it can read the logs of Pods in shop (E16), publish Services in shop by Ingresses (E43).',
    ],
  ])('%s', (_, objects, message) => {
    const found = examine(namespaceEscalation, { objects: yaml(shop, account('shop/a'), ...objects), complete: everything });
    expect(found.filter(({ target }) => target.name === 'a').map((entry) => entry.message)).toEqual([message]);
  });

  it('says once of the source that more bindings may exist', () => {
    expect(judge([shop, deployment('shop/web')], 'production', ['Namespace'])).toEqual(['unknown hidden missing']);
    expect(judge([shop, deployment('shop/web')], 'production')).toEqual([]);
  });
});
