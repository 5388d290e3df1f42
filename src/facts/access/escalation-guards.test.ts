import { describe, expect, it } from 'vitest';
import { group, user } from './subject.ts';
import { account, bind, can, deployment, grant, namespace, role, star, world, yaml } from './testing.ts';

const shop = namespace('shop', 'restricted');
const pods = grant('user a', [can('create', 'pods')], 'shop');
const of = (...documents: readonly object[]) => world(yaml(...documents)).escalations.of(user('a'));

describe('30 guards', () => {
  const limited = { metadata: { annotations: { 'kubernetes.io/enforce-mountable-secrets': 'true' } } };
  const limit = (path: string) => {
    const plain = account(path);
    return { ...plain, metadata: { ...plain.metadata, ...limited.metadata } };
  };
  it.each([
    ['every account, default too', [limit('shop/default'), limit('shop/web')], ['default secrets', 'web secrets']],
    ['not while one is free', [limit('shop/default'), account('shop/web')], []],
    ['not while default may be free', [limit('shop/web')], []],
    ['not accounts of another namespace', [limit('vault/default')], []],
  ])('enforce-mountable-secrets limits Secrets, not accounts: %s', (_, accounts, expected) => {
    const [path] = of(shop, ...accounts, ...pods);
    expect(path).toMatchObject({ target: 'namespace:shop', certain: true });
    expect(path?.guards.map(({ object, effect }) => `${object.ref.name} ${effect}`)).toEqual(expected);
  });
  it.each([
    ['admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicyBinding', undefined],
    ['admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', undefined],
    ['kyverno.io/v1', 'ClusterPolicy', undefined],
    ['kyverno.io/v1', 'Policy', 'shop'],
    ['constraints.gatekeeper.sh/v1beta1', 'K8sPSPPrivileged', undefined],
  ])('%s %s is assumed not to refuse, and named', (apiVersion, kind, place) => {
    const policy = { apiVersion, kind, metadata: { name: 'p', ...(place === undefined ? {} : { namespace: place }) } };
    expect(of(shop, policy, ...pods)[0]?.guards.map(({ note }) => note)).toEqual([`${kind} p`]);
  });
  it('a policy of another namespace is no guard, and nothing guards what writes no Pods', () => {
    const policy = { apiVersion: 'kyverno.io/v1', kind: 'Policy', metadata: { name: 'p', namespace: 'vault' } };
    const binding = {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name: 'p' },
    };
    expect(of(shop, policy, ...pods)[0]?.guards).toEqual([]);
    expect(of(shop, binding, ...grant('user a', [can('create', 'serviceaccounts/token')], 'shop'))[0]?.guards).toEqual([]);
  });
  it('NodeRestriction is taken for granted where bindings name kubelets', () => {
    // A role of the sources: a default one brings the assumption of the cluster's version.
    const reader = role('reader', can('get', 'pods'));
    const assumed = (subject: string) =>
      world(yaml(shop, reader, bind('b', 'ClusterRole reader', subject))).escalations.assumptions;
    expect(assumed('group system:nodes')).toEqual([expect.stringContaining('NodeRestriction')]);
    expect(assumed('user system:node:one')).toEqual([expect.stringContaining('NodeRestriction')]);
    expect(assumed('user alice')).toEqual([]);
  });
});

describe('custom resources of operators that nobody here knows', () => {
  it.each([
    [
      'named once, by group',
      can('create', 'db.example:databases,users'),
      ['operators lend nothing to who writes their custom resources (db.example): what they do for them is not known'],
    ],
    ['not for reading', can('get,list', 'db.example:databases'), []],
    ['not where the operator is followed', can('create', 'argoproj.io:applications'), []],
    ['not for groups of Kubernetes', can('create', 'policy:poddisruptionbudgets'), []],
  ])('%s', (_, rule, expected) => {
    expect(world(yaml(shop, ...grant('user a', [rule], 'shop'))).escalations.assumptions).toEqual(expected);
  });
});

describe('17 a shell by get alone depends on the version', () => {
  const get = grant('user a', [can('get', 'pods/exec')], 'shop');
  const node = (version: string) => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: version },
    status: { nodeInfo: { kubeletVersion: version } },
  });
  const server = (version: string) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `kube-apiserver-${version}`, namespace: 'kube-system', labels: { component: 'kube-apiserver' } },
    spec: { containers: [{ name: 'kube-apiserver', image: `registry.k8s.io/kube-apiserver:v${version}` }] },
  });
  it.each<[string, readonly object[], readonly string[]]>([
    ['unknown: an assumption', [], ['namespace:shop?']],
    ['the API server is 1.34: yes', [server('1.34.2')], ['namespace:shop']],
    ['the API server is 1.35: no', [server('1.35.0')], []],
    ['while it is upgraded the older one answers too', [server('1.35.0'), server('1.34.9')], ['namespace:shop']],
    ['a kubelet of 1.35: the API server is no older', [node('v1.35.1+k3s1')], []],
    ['a kubelet of 1.33 may lag behind', [node('v1.33.4-eks-1a2b')], ['namespace:shop?']],
    ['a version that is none', [node('unknown'), server('latest')], ['namespace:shop?']],
  ])('%s', (_, documents, expected) => {
    expect(of(shop, ...documents, ...get).map(({ target, certain }) => `${target}${certain ? '' : '?'}`)).toEqual(expected);
  });
  it('create opens it in every version', () => {
    expect(
      of(shop, server('1.35.0'), ...grant('user a', [can('create', 'pods/exec')], 'shop')).map(({ certain }) => certain),
    ).toEqual([true]);
  });
});

describe('what would cut a path', () => {
  const notes = (documents: readonly object[], target: string) =>
    of(...documents)
      .find((path) => path.target === target)
      ?.cuts.map(({ kind, note }) => `${kind}: ${note}`);
  it('names every rule that gives the step, and of each only the verbs and resources that do', () => {
    const rules = [can('get,list,create,patch', 'apps:deployments,replicasets'), can('get,create,delete', 'batch:jobs')];
    expect(notes([shop, deployment('shop/web'), ...grant('user a', rules, 'shop')], 'namespace:shop')?.[0]).toBe(
      'rights: take from User a: create,patch on apps/deployments, apps/replicasets (Role r-user-a-shop, by RoleBinding shop/r-user-a-shop); create on batch/jobs (Role r-user-a-shop, by RoleBinding shop/r-user-a-shop)',
    );
  });
  it('a subject of many namespaces is told a few rules by name, and all with their places', () => {
    const many = Array.from({ length: 300 }, (_, index) => [
      namespace(`n${index}`),
      bind(`n${index}/edit`, 'ClusterRole edit', 'group devs'),
    ]).flat();
    const { escalations } = world(yaml(...many));
    const [node] = escalations.of(group('devs'));
    const [cut] = node?.cuts ?? [];
    expect(node?.target).toBe('node');
    expect(cut?.note).toMatch(/^take from Group devs: create,.* on pods.*; and \d+ more rules$/);
    expect(new Set(cut?.changes.map(({ object }) => object?.ref.namespace)).size).toBe(300);
  });
  it('one of two rights is enough where the step needs both', () => {
    expect(
      notes([shop, ...grant('user a', [can('get', 'secrets'), can('create', 'secrets')], 'shop')], 'namespace:shop'),
    ).toEqual(['rights: take from User a: create on secrets (Role r-user-a-shop, by RoleBinding shop/r-user-a-shop)']);
  });
  it('a Pod Security level cuts the way to the node, with the place of the Namespace', () => {
    const [node] = of(namespace('shop'), ...pods);
    expect(
      node?.cuts.map(({ note, changes }) => [note, changes.map(({ object, at }) => `${object?.ref.kind} ${at.join('.')}`)]),
    ).toEqual([
      ['take from User a: create on pods (Role r-user-a-shop, by RoleBinding shop/r-user-a-shop)', ['Role rules.0']],
      ['enforce the Pod Security level baseline or restricted in Namespace shop', ['Namespace metadata.labels']],
    ]);
  });
  it('each move of a longer path can be cut', () => {
    const chain = [shop, account('shop/operator'), ...pods, ...grant('sa shop/operator', [star])];
    expect(notes(chain, 'cluster-admin')).toEqual([
      'rights: take from User a: create on pods (Role r-user-a-shop, by RoleBinding shop/r-user-a-shop)',
      'guard: have an admission policy hold what it deploys in shop to one ServiceAccount, its own Secrets and known images',
      'separate: move ServiceAccount shop/operator and what runs as it into a namespace of its own',
      'rights: take from ServiceAccount shop/operator: * on */* (ClusterRole r-sa-shop-operator, by ClusterRoleBinding r-sa-shop-operator)',
    ]);
  });
  it('a token that a Pod does not need is turned off', () => {
    const exec = [
      shop,
      account('shop/operator'),
      deployment('shop/web', { serviceAccountName: 'operator' }),
      ...grant('user a', [can('create', 'pods/exec')], 'shop'),
      ...grant('sa shop/operator', [star]),
    ];
    expect(notes(exec, 'cluster-admin')?.[1]).toBe(
      'separate: turn off the token of Deployment shop/web (automountServiceAccountToken: false)',
    );
  });
  it('taken out of the objects, the step is gone', () => {
    const role = (verbs: string) => grant('user a', [can(verbs, 'apps:deployments'), can('create', 'pods')], 'shop');
    const before = of(shop, ...role('get,create'));
    expect(before.map(({ target }) => target)).toEqual(['namespace:shop']);
    const [cut] = before[0]?.cuts ?? [];
    expect(cut?.changes.map(({ object, at }) => `${object?.ref.name} ${at.join('.')}`)).toEqual([
      'r-user-a-shop rules.1',
      'r-user-a-shop rules.0',
    ]);
    expect(of(shop, ...grant('user a', [can('get', 'apps:deployments')], 'shop'))).toEqual([]);
  });
});

describe('whose Pods start a path', () => {
  it('the workloads of a ServiceAccount; none of users', () => {
    const { escalations } = world(
      yaml(
        shop,
        deployment('shop/web', { serviceAccountName: 'web' }),
        ...grant('sa shop/web', [can('create', 'pods')], 'shop'),
        ...pods,
      ),
    );
    expect(escalations.all.map(({ subject, workloads }) => [subject.name, workloads.map(({ ref }) => ref.name)])).toEqual([
      ['web', ['web']],
      ['a', []],
    ]);
  });
});

describe('31 what installers write', () => {
  it('is marked by its exact identity, on each path', () => {
    const admins = bind('kubeadm:cluster-admins', 'ClusterRole cluster-admin', 'group kubeadm:cluster-admins');
    const { escalations } = world(yaml(shop, admins, ...pods));
    expect(escalations.all.map(({ subject, installer }) => [subject.name, installer])).toEqual([
      ['kubeadm:cluster-admins', 'kubeadm'],
      ['a', undefined],
    ]);
  });
});
