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
      'a home that is reached by way of another account is not said to be taken whole',
      [
        namespace('vault', 'restricted'),
        deployment('vault/web'),
        account('shop/b'),
        ...grant('sa shop/a', [can('get', 'configmaps')], 'vault'),
        ...grant('sa shop/a', [can('create', 'serviceaccounts/token', 'b')], 'shop'),
        ...grant('sa shop/b', [can('create', 'pods/exec')], 'vault'),
      ],
      'ServiceAccount shop/a can take over ServiceAccount shop/b: it can get a token of ServiceAccount shop/b. To cut it: take from ServiceAccount shop/a: create on serviceaccounts/token (b) (Role r-sa-shop-a-shop, by RoleBinding shop/r-sa-shop-a-shop).|ServiceAccount shop/a can take over namespace vault: it can get a token of ServiceAccount shop/b; so ServiceAccount shop/b can run commands in Pods of vault (pods/exec). To cut it: take from ServiceAccount shop/a: create on serviceaccounts/token (b) (Role r-sa-shop-a-shop, by RoleBinding shop/r-sa-shop-a-shop), or take from ServiceAccount shop/b: create on pods/exec (Role r-sa-shop-b-vault, by RoleBinding vault/r-sa-shop-b-vault).',
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
    expect(
      found
        .filter(({ target }) => target.name === 'a')
        .map((entry) => entry.message)
        .join('|'),
    ).toBe(message);
  });

  it('says once of the source that more bindings may exist', () => {
    expect(judge([shop, deployment('shop/web')], 'production', ['Namespace'])).toEqual(['unknown hidden missing']);
    expect(judge([shop, deployment('shop/web')], 'production')).toEqual([]);
  });
});

describe('a path that starts at Pods which somebody outside the cluster reaches', () => {
  const exec = (name: string) => grant(`sa shop/${name}`, [can('create', 'pods/exec')], 'shop');
  const web = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'web', namespace: 'shop' },
    spec: {
      rules: [
        { http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'z', port: { number: 80 } } } }] } },
      ],
    },
  };
  const service = (name: string, type: string) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'shop' },
    spec: { type, selector: { app: name }, ports: [{ port: 80, targetPort: 8080 }] },
  });
  const pods = (name: string, spec: object = {}) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'shop' },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { serviceAccountName: name, containers: [{ name: 'main', image: 'x' }], ...spec },
      },
    },
  });
  const closed = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'deny', namespace: 'shop' },
    spec: { podSelector: {}, policyTypes: ['Ingress'] },
  };
  const both = [shop, account('shop/a'), account('shop/z'), ...exec('a'), ...exec('z'), pods('a'), pods('z')];
  const found = (...more: readonly object[]) =>
    examine(namespaceEscalation, { objects: yaml(...both, ...more), complete: everything }).filter(
      ({ outcome }) => outcome === 'fail',
    );
  const names = (...more: readonly object[]) => found(...more).map(({ target }) => target.name);

  it('ranks above one that nobody outside reaches', () => {
    expect(names()).toEqual(['a', 'z']);
    expect(names(service('z', 'ClusterIP'), web)).toEqual(['z', 'a']);
    expect(names(service('z', 'LoadBalancer'))).toEqual(['z', 'a']);
    expect(names(service('z', 'NodePort'))).toEqual(['z', 'a']);
    expect(names(service('z', 'ClusterIP'))).toEqual(['a', 'z']);
  });

  it('says so, and by what', () => {
    const [first] = found(service('z', 'LoadBalancer'));
    expect(first?.message).toContain(
      'Deployment shop/z holds its token and is reachable from outside the cluster: Service shop/z leads to TCP 8080.',
    );
    expect(first?.because?.at(-1)).toMatchObject({ target: { kind: 'Service', name: 'z' } });
  });

  it('does not where the policies let nobody in from outside', () => {
    expect(names(service('z', 'LoadBalancer'), closed)).toEqual(['a', 'z']);
    expect(found(service('z', 'LoadBalancer'), closed)[1]?.message).not.toContain('outside');
  });

  it('is a maybe on a port of the node', () => {
    const host = pods('z', { containers: [{ name: 'main', image: 'x', ports: [{ containerPort: 80, hostPort: 80 }] }] });
    const all = examine(namespaceEscalation, {
      objects: yaml(shop, account('shop/a'), account('shop/z'), ...exec('a'), ...exec('z'), pods('a'), host),
      complete: everything,
    });
    const [a, z] = ['a', 'z'].map((name) => all.find(({ target }) => target.name === name));
    expect(a?.message).not.toContain('outside');
    expect(z?.message).toContain(
      'Deployment shop/z holds its token and may be reachable from outside the cluster: a port of its node',
    );
  });
});
