import { describe, expect, it } from 'vitest';
import { account, bind, can, deployment, everything, grant, namespace, star, yaml } from '../../facts/access/testing.ts';
import { examine } from '../testing.ts';
import { clusterEscalation } from './cluster-escalation.ts';

const shop = namespace('shop', 'restricted');
const deployer = grant('sa shop/deployer', [can('create', 'apps:deployments')], 'shop');
const of = (found: ReturnType<typeof examine>, name: string) =>
  found
    .filter(({ target }) => target.name === name)
    .map(({ outcome, messageId, reason }) => [outcome, messageId, ...(reason ? [reason] : [])].join(' '));
const judge = (objects: readonly object[], name: string, more: { platform?: string } = {}) =>
  of(examine(clusterEscalation, { objects: yaml(...objects), complete: everything, ...more }), name);

describe('cluster-escalation', () => {
  it.each<[string, readonly object[], string, string[]]>([
    [
      'a deployer where no level is enforced is root on a node',
      [namespace('shop'), account('shop/deployer'), ...deployer],
      'deployer',
      ['fail node'],
    ],
    [
      'a deployer where restricted is enforced stays in its namespace',
      [shop, account('shop/deployer'), ...deployer],
      'deployer',
      ['pass confined'],
    ],
    [
      'through the account of an operator in the same namespace',
      [shop, account('shop/deployer'), account('shop/operator'), ...deployer, ...grant('sa shop/operator', [star])],
      'deployer',
      ['fail cluster-admin'],
    ],
    [
      'list on Secrets of the whole cluster',
      [shop, account('shop/a'), ...grant('sa shop/a', [can('watch', 'secrets')])],
      'a',
      ['fail secrets'],
    ],
    [
      'a token of an account of another namespace',
      [
        shop,
        account('shop/a'),
        account('bank/teller'),
        ...grant('sa shop/a', [can('create', 'serviceaccounts/token', 'teller')]),
      ],
      'a',
      ['fail namespace'],
    ],
    [
      'users and groups of its bindings are judged too',
      [shop, ...grant('user alice', [can('impersonate', 'users')])],
      'User:alice',
      ['fail cluster-admin'],
    ],
    [
      'a role that does not exist gives nothing',
      [shop, account('shop/a'), bind('b', 'ClusterRole vendor', 'sa shop/a')],
      'a',
      ['pass confined'],
    ],
    [
      'deploying and relabelling its own Namespace',
      [
        shop,
        account('shop/deployer'),
        ...grant('sa shop/deployer', [can('create', 'apps:deployments'), can('patch', 'namespaces')], 'shop'),
      ],
      'deployer',
      ['fail node'],
    ],
    [
      'deploying, and relabelling any Namespace: the policy of all too',
      [shop, account('shop/deployer'), ...deployer, ...grant('sa shop/deployer', [can('patch', 'namespaces')])],
      'deployer',
      ['fail node', 'fail policy'],
    ],
    [
      "another namespace's network policies",
      [shop, account('shop/a'), ...grant('sa shop/a', [can('patch', 'networking.k8s.io:networkpolicies')])],
      'a',
      ['fail policy'],
    ],
    ['the account default without any right', [shop, deployment('shop/web')], 'default', ['pass confined']],
  ])('%s', (_, objects, name, expected) => {
    expect(judge(objects, name)).toEqual(expected);
  });

  it('an unseen role, an unseen namespace: undecidable, never a pass', () => {
    const found = examine(clusterEscalation, {
      objects: yaml(
        deployment('shop/web'),
        account('shop/a'),
        account('shop/deployer'),
        bind('b', 'ClusterRole vendor', 'sa shop/a'),
        ...deployer,
      ),
    });
    expect([of(found, 'a'), of(found, 'deployer'), of(found, 'production')]).toEqual([
      ['unknown depends undecidable'],
      // The level of its namespace, and what the other account may do, whose place it can take.
      ['unknown depends undecidable', 'unknown depends undecidable'],
      ['unknown hidden missing'],
    ]);
  });

  it('powerful controllers of the platform are no targets, and whom the system lets in is told only that', () => {
    const platform = yaml(account('ops/controller'), ...grant('sa ops/controller', [star]), ...grant('sa ops/else', [star]));
    const found = examine(clusterEscalation, {
      objects: yaml(shop, deployment('shop/web'), ...grant('sa ops/controller', [can('get', 'pods')], 'shop')),
      platform,
      complete: everything,
    });
    expect(found.map(({ target, outcome }) => `${outcome} ${target.name}`)).toEqual(['pass controller', 'pass default']);
  });

  it.each<[string, object, string, string[]]>([
    [
      'exactly what kubeadm writes is no matter of the system',
      bind('kubeadm:cluster-admins', 'ClusterRole cluster-admin', 'group kubeadm:cluster-admins'),
      'Group:kubeadm:cluster-admins',
      ['not-applicable platform'],
    ],
    [
      'one subject more behind the known name is',
      bind('kubeadm:cluster-admins', 'ClusterRole cluster-admin', 'group kubeadm:cluster-admins', 'user eve'),
      'User:eve',
      ['fail cluster-admin'],
    ],
    [
      'another role behind the known name is',
      bind('kubeadm:get-nodes', 'ClusterRole cluster-admin', 'group system:bootstrappers:kubeadm:default-node-token'),
      'Group:system:bootstrappers:kubeadm:default-node-token',
      ['fail cluster-admin'],
    ],
  ])('31 %s', (_, binding, name, expected) => {
    expect(judge([shop, binding], name)).toEqual(expected);
  });

  it("a binding of the platform that gives all accounts the cluster is the system's problem", () => {
    const platform = yaml(...grant('group system:serviceaccounts', [star]));
    expect(judge([shop, deployment('shop/web')], 'Group:system:serviceaccounts', { platform })).toEqual(['fail cluster-admin']);
  });

  it('the witness names binding and rule, and the finding points at the rule', () => {
    const [found] = examine(clusterEscalation, {
      objects: yaml(namespace('shop'), account('shop/deployer'), ...deployer),
      complete: everything,
    }).filter(({ outcome }) => outcome === 'fail');
    expect(found?.because?.map(({ target, location }) => `${target.kind} ${location?.path}`)).toEqual([
      'RoleBinding roleRef',
      'Role rules[0]',
      'Namespace metadata',
    ]);
    expect([found?.location?.path, found?.message]).toEqual([
      'rules[0]',
      'ServiceAccount shop/deployer leads to root on a node: it can create deployments in shop, and so Pods; shop admits privileged ones. To cut it: take from ServiceAccount shop/deployer: create on apps/deployments (Role r-sa-shop-deployer-shop, by RoleBinding shop/r-sa-shop-deployer-shop), or enforce the Pod Security level baseline or restricted in Namespace shop.',
    ]);
  });

  const provided = (expires: string) => ({
    objects: yaml(account('shop/deployer'), ...deployer),
    complete: everything.filter((kind) => kind !== 'Namespace'),
    review: {
      providedElsewhere: [
        {
          kind: 'Namespace',
          name: 'shop',
          labels: { 'pod-security.kubernetes.io/enforce': 'restricted' },
          owner: 'platform',
          reason: 'theirs',
          expires,
        },
      ],
    },
  });
  it.each([
    ['is assumed while the declaration holds', '2026-09-01T00:00:00Z', 'pass confined-by-claim assumed', '2026-09-01T00:00:00Z'],
    ['is unknown once it has expired', '2026-03-01T00:00:00Z', 'unknown claim-expired missing', undefined],
  ])('a level that is declared elsewhere %s', (_, expires, expected, until) => {
    const found = examine(clusterEscalation, provided(expires));
    expect(of(found, 'deployer')).toEqual([expected]);
    expect(found.find(({ target }) => target.name === 'deployer')?.until).toBe(until);
  });
});
