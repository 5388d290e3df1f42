import { describe, expect, test } from 'vitest';
import { group, serviceAccount, user } from './subject.ts';
import {
  account,
  bind,
  can,
  clusterRole,
  deployment,
  grant,
  namespace,
  role,
  star,
  world,
  type WrittenRule,
  yaml,
} from './testing.ts';

const rbac = 'rbac.authorization.k8s.io';
const csr = 'certificates.k8s.io';
const admission = 'admissionregistration.k8s.io';
const closed = namespace('shop', 'restricted');

/** `E10 namespace:shop`, with `?` where it holds only under an assumption. */
const told = (documents: readonly object[], subject = user('a'), options?: Parameters<typeof world>[1]) =>
  world(yaml(...documents), options)
    .escalations.of(subject)
    .map(({ edge, target, certain }) => `${edge} ${target}${certain ? '' : '?'}`);
const scopes = (documents: readonly object[], subject = user('a')) =>
  world(yaml(...documents))
    .escalations.of(subject)
    .map(({ target, scope }) => `${target} ${scope}`);

describe('cluster-wide grants', () => {
  test.each<[string, readonly WrittenRule[], readonly string[]]>([
    ['E01 everything', [star], ['E01 cluster-admin']],
    ['E01 not everything of one resource', [can('*', 'apps:controllerrevisions')], []],
    ['E03 escalate with update reaches the own role', [can('escalate,update', `${rbac}:clusterroles`)], ['E03 cluster-admin']],
    [
      'E03 escalate with create needs a binding of the new role',
      [can('escalate,create', `${rbac}:clusterroles`)],
      ['E03 cluster-admin?'],
    ],
    ['E03 not escalate alone', [can('escalate', `${rbac}:clusterroles`)], []],
    [
      'E03 with the name of a role that is not bound to it',
      [can('escalate,update', `${rbac}:clusterroles`, 'other')],
      ['E03 cluster-admin?'],
    ],
    [
      'E04 bind with create',
      [can('bind', `${rbac}:clusterroles`), can('create', `${rbac}:clusterrolebindings`)],
      ['E04 cluster-admin'],
    ],
    [
      'E04 bind with patch joins the default binding',
      [can('bind', `${rbac}:clusterroles`), can('patch', `${rbac}:clusterrolebindings`)],
      ['E04 cluster-admin'],
    ],
    [
      'E04 bind of cluster-admin by name',
      [can('bind', `${rbac}:clusterroles`, 'cluster-admin'), can('create', `${rbac}:clusterrolebindings`)],
      ['E04 cluster-admin'],
    ],
    [
      'E04 not bind of a harmless role',
      [can('bind', `${rbac}:clusterroles`, 'view'), can('create', `${rbac}:clusterrolebindings`)],
      [],
    ],
    [
      'E04 not without bind: 27, own rights can only be shared (E46)',
      [can('*', `${rbac}:clusterrolebindings,rolebindings`), can('create,patch', `${rbac}:clusterroles,roles`)],
      [],
    ],
    ['E05 impersonate users', [can('impersonate', 'users')], ['E05 cluster-admin']],
    ['E05 not groups without somebody to carry them', [can('impersonate', 'groups')], []],
    ['E05 groups with a named user', [can('impersonate', 'groups'), can('impersonate', 'users', 'bob')], ['E05 cluster-admin']],
    ['E05 a named user of no rights', [can('impersonate', 'users', 'bob')], ['E05 subject:bob']],
    [
      'E05 a named user of the control plane leads on',
      [can('impersonate', 'users', 'system:kube-controller-manager')],
      ['E05 cluster-admin', 'E05 subject:system:kube-controller-manager'],
    ],
    ['E05 serviceaccounts everywhere', [can('impersonate', 'serviceaccounts')], ['E05 cluster-admin']],
    ['E06 tokens everywhere', [can('create', 'serviceaccounts/token')], ['E06 cluster-admin']],
    ['E06 not create serviceaccounts', [can('create', 'serviceaccounts')], []],
    ['E07 list Secrets everywhere', [can('list', 'secrets')], ['E07 secrets:*']],
    ['E07 watch Secrets everywhere', [can('watch', 'secrets')], ['E07 secrets:*']],
    ['E07 not one Secret by name', [can('get,list', 'secrets', 'a')], []],
    ['E10 Pods everywhere', [can('create', 'pods')], ['E10 cluster-admin']],
    ['E10 not read', [can('get,list', 'pods')], []],
    ['E11 DaemonSets everywhere', [can('create', 'apps:daemonsets')], ['E11 cluster-admin']],
    ['E11 not the scale subresource', [can('update', 'apps:deployments/scale')], []],
    ['E12 patch Pods', [can('patch', 'pods')], ['E12 cluster-admin']],
    ['E12 not their status', [can('patch', 'pods/status')], []],
    ['E13 exec', [can('create', 'pods/exec')], ['E13 cluster-admin']],
    ['E13 17: get alone only before 1.35', [can('get', 'pods/exec')], ['E13 cluster-admin?', 'E13 namespace:kube-system?']],
    ['E13 pods/* is no wildcard', [can('*', 'pods/*')], []],
    ['E14 ephemeral containers', [can('patch', 'pods/ephemeralcontainers')], ['E14 cluster-admin']],
    ['E14 not read', [can('get', 'pods/ephemeralcontainers')], []],
    ['E20 nodes/proxy: get alone is enough', [can('get', 'nodes/proxy')], ['E20 node']],
    ['E20 not nodes/metrics', [can('get', 'nodes/metrics,nodes/stats'), can('get', 'nodes')], []],
    [
      'E24 request and approve a certificate',
      [
        can('create', `${csr}:certificatesigningrequests`),
        can('update', `${csr}:certificatesigningrequests/approval`),
        can('approve', `${csr}:signers`, 'kubernetes.io/*'),
      ],
      ['E24 cluster-admin'],
    ],
    [
      'E24 not for serving certificates',
      [
        can('create', `${csr}:certificatesigningrequests`),
        can('update', `${csr}:certificatesigningrequests/approval`),
        can('approve', `${csr}:signers`, 'kubernetes.io/kubelet-serving'),
      ],
      [],
    ],
    ['E25 PersistentVolumes, and nothing to mount them', [can('create', 'persistentvolumes')], ['E25 node?']],
    ['E25 not claims', [can('create', 'persistentvolumeclaims')], []],
    ['E30 mutating webhooks', [can('patch', `${admission}:mutatingwebhookconfigurations`)], ['E30 cluster-admin']],
    [
      'E30 one that is in no source',
      [can('patch', `${admission}:mutatingwebhookconfigurations`, 'mine')],
      ['E30 cluster-admin?'],
    ],
    ['E44 ConfigMaps everywhere', [can('update', 'configmaps')], ['E44 cluster-admin?']],
    ['E44 not other ConfigMaps', [can('update', 'configmaps', 'leader')], []],
    ['E30 validating webhooks only read', [can('create', `${admission}:validatingwebhookconfigurations`)], ['E30 secrets:*']],
    ['E30 not read', [can('get', `${admission}:mutatingwebhookconfigurations`)], []],
    [
      'E31 mutating policies',
      [can('create', `${admission}:mutatingadmissionpolicies,mutatingadmissionpolicybindings`)],
      ['E31 cluster-admin?'],
    ],
    ['E31 not without a binding', [can('create', `${admission}:mutatingadmissionpolicies`)], []],
    ['E32 APIServices', [can('update', 'apiregistration.k8s.io:apiservices')], ['E32 cluster-admin?']],
    ['E32 not read', [can('get', 'apiregistration.k8s.io:apiservices')], []],
  ])('%s', (_name, rules, expected) => {
    expect(told(grant('user a', rules))).toEqual(expected);
  });
  test('E04 a named role of the sources that leads on is followed, again and again', () => {
    const documents = [
      ...grant('user a', [can('bind', `${rbac}:clusterroles`, 'one'), can('create', `${rbac}:clusterrolebindings`)]),
      role('one', can('bind', `${rbac}:clusterroles`, 'two', 'one')),
      role('two', can('impersonate', 'users')),
    ];
    expect(told(documents)).toEqual(['E04 cluster-admin']);
  });
  test('E01 everything of one name is nothing certain but that name, be it a node or a user', () => {
    expect(told(grant('user a', [{ ...star, resourceNames: ['x'] }])).filter((entry) => !entry.endsWith('?'))).toEqual([
      'E20 node',
      'E05 subject:x',
    ]);
  });
  test('cluster-scoped dangers do not come through a RoleBinding', () => {
    const rules = [
      can('get', 'nodes/proxy'),
      can('impersonate', 'users,groups'),
      can('create', 'persistentvolumes'),
      can('escalate,update', `${rbac}:clusterroles`),
      can('create', `${admission}:mutatingwebhookconfigurations`),
    ];
    expect(told([closed, ...grant('user a', rules, 'shop')])).toEqual([]);
  });
});

describe('grants in one namespace that enforces restricted', () => {
  test.each<[string, readonly WrittenRule[], readonly string[]]>([
    [
      'E02 everything: its policy, and it may lift the Pod Security level too',
      [star],
      ['E33 node', 'E02 namespace:shop', 'E02 policy:shop'],
    ],
    ['E03 escalate with patch on its own Role', [can('escalate,patch', `${rbac}:roles`)], ['E03 namespace:shop']],
    ['E03 escalate with create', [can('escalate,create', `${rbac}:roles`)], ['E03 namespace:shop?']],
    [
      'E04 bind any ClusterRole',
      [can('bind', `${rbac}:clusterroles`), can('create', `${rbac}:rolebindings`)],
      ['E04 namespace:shop'],
    ],
    ['E04 bind view', [can('bind', `${rbac}:clusterroles`, 'view'), can('create', `${rbac}:rolebindings`)], []],
    [
      'E04 bind edit',
      [can('bind', `${rbac}:clusterroles`, 'edit'), can('create', `${rbac}:rolebindings`)],
      ['E04 namespace:shop', 'E04 secrets:shop', 'E04 policy:shop'],
    ],
    ['E05 impersonate serviceaccounts', [can('impersonate', 'serviceaccounts')], ['E05 namespace:shop']],
    ['E05 one of them', [can('impersonate', 'serviceaccounts', 'web')], ['E05 subject:shop/web']],
    ['E06 tokens', [can('create', 'serviceaccounts/token')], ['E06 namespace:shop']],
    [
      'E06 28: resourceNames work on the token subresource',
      [can('create', 'serviceaccounts/token', 'web')],
      ['E06 subject:shop/web'],
    ],
    ['E07 read Secrets', [can('get', 'secrets')], ['E07 secrets:shop']],
    ['E08 make and read token Secrets', [can('create,get', 'secrets')], ['E07 secrets:shop', 'E08 namespace:shop']],
    ['E08 not update: the type is fixed', [can('update', 'secrets')], []],
    ['E08 not create without read', [can('create', 'secrets')], []],
    ['E10 28: Pods, and PSA cuts the way to the node', [can('create', 'pods')], ['E10 namespace:shop']],
    ['E11 Jobs', [can('create', 'batch:jobs')], ['E11 namespace:shop']],
    ['E11 not changing Jobs: their template is fixed', [can('update', 'batch:jobs')], []],
    ['E11 changing what is not in the sources', [can('update', 'apps:statefulsets')], ['E11 namespace:shop?']],
    ['E11 changing a Deployment that is there', [can('patch', 'apps:deployments')], ['E11 namespace:shop']],
    ['E11 changing another one', [can('patch', 'apps:deployments', 'other')], ['E11 namespace:shop?']],
    ['E11 a custom kind', [can('create', 'argoproj.io:rollouts')], ['E11 namespace:shop?']],
    ['E13 exec', [can('create', 'pods/exec')], ['E13 namespace:shop']],
    ['E13 one Pod by name', [can('create', 'pods/exec', 'web-0')], ['E13 namespace:shop?']],
    [
      'E33 change the Namespace and create Pods',
      [can('create', 'pods'), can('patch', 'namespaces')],
      ['E33 node', 'E10 namespace:shop', 'E33 policy:shop'],
    ],
    ['E33 the Namespace alone: its level and labels, no node', [can('patch', 'namespaces')], ['E33 policy:shop']],
    ['E33 not reading it', [can('get,list', 'namespaces')], []],
    [
      'E46 27: bindings and roles without bind or escalate',
      [can('*', `${rbac}:nothing`), can('create,update,patch', `${rbac}:roles,rolebindings`)],
      [],
    ],
  ])('%s', (_name, rules, expected) => {
    expect(told([closed, deployment('shop/web'), ...grant('user a', rules, 'shop')])).toEqual(expected);
  });
});

describe('30 guards: the Pod Security level of the namespace', () => {
  const pods = grant('user a', [can('create', 'pods')], 'shop');
  test.each([
    ['restricted', [namespace('shop', 'restricted')], ['E10 namespace:shop']],
    ['baseline', [namespace('shop', 'baseline')], ['E10 namespace:shop']],
    ['privileged', [namespace('shop', 'privileged')], ['E10 node', 'E10 namespace:shop']],
    ['no label', [namespace('shop')], ['E10 node', 'E10 namespace:shop']],
    ['a level that is none', [namespace('shop', 'strict')], ['E10 node?', 'E10 namespace:shop']],
    [
      'another policy may refuse',
      [namespace('shop'), { apiVersion: 'kyverno.io/v1', kind: 'ClusterPolicy', metadata: { name: 'p' } }],
      ['E10 node?', 'E10 namespace:shop'],
    ],
    ['no Namespace in the sources', [], ['E10 node?', 'E10 namespace:shop']],
  ])('%s', (_name, documents, expected) => {
    expect(told([...documents, ...pods]).toSorted()).toEqual([...expected].toSorted());
  });
  test.each([
    ['restricted', [namespace('shop', 'restricted')], ['E14 namespace:shop']],
    ['no label', [namespace('shop')], ['E14 node', 'E14 namespace:shop']],
  ])('E14 an added container may be privileged: %s', (_name, documents, expected) => {
    expect(told([...documents, ...grant('user a', [can('patch', 'pods/ephemeralcontainers')], 'shop')])).toEqual(expected);
  });
  test('a declared Namespace guards by its labels', () => {
    const provided = (labels: Record<string, string>) => ({ provided: [{ kind: 'Namespace', name: 'shop', labels }] });
    expect(told(pods, user('a'), provided({ 'pod-security.kubernetes.io/enforce': 'restricted' }))).toEqual([
      'E10 namespace:shop',
    ]);
    expect(told(pods, user('a'), provided({}))).toContain('E10 node?');
  });
});

describe('29 paths compose', () => {
  const pods = grant('user a', [can('create', 'pods')], 'shop');
  test('Pods in a namespace whose ServiceAccount holds the cluster', () => {
    const { escalations } = world(
      yaml(closed, account('shop/operator'), ...pods, bind('op', 'ClusterRole cluster-admin', 'sa shop/operator')),
    );
    const [first] = escalations.of(user('a'));
    expect(first).toMatchObject({ edge: 'E10', target: 'cluster-admin', scope: 'cluster', certain: true });
    expect(first?.steps.map(({ note }) => note)).toEqual([
      'RoleBinding r-user-a-shop binds User a to Role r-user-a-shop',
      'r-user-a-shop allows create on pods',
      'so User a can create Pods in shop',
      'a Pod in shop may run as ServiceAccount shop/operator',
      'ClusterRoleBinding op binds ServiceAccount shop/operator to ClusterRole cluster-admin',
      'cluster-admin allows * on */*',
      'so ServiceAccount shop/operator can do everything in the cluster',
    ]);
    expect(first?.steps.filter(({ object }) => object === undefined)).toEqual([]);
  });
  test('exec reaches only the accounts of Pods that hold a token', () => {
    const exec = grant('user a', [can('create', 'pods/exec')], 'shop');
    const admin = bind('op', 'ClusterRole cluster-admin', 'sa shop/operator');
    const pod = (more: object) => deployment('shop/op', { serviceAccountName: 'operator', ...more });
    expect(told([closed, account('shop/operator'), ...exec, admin, pod({})])).toContain('E13 cluster-admin');
    expect(told([closed, account('shop/operator'), ...exec, admin, pod({ automountServiceAccountToken: false })])).toEqual([
      'E13 namespace:shop',
    ]);
    expect(told([closed, account('shop/operator', { automountServiceAccountToken: false }), ...exec, admin, pod({})])).toEqual([
      'E13 namespace:shop',
    ]);
    expect(told([closed, account('shop/operator'), ...exec, admin])).toEqual(['E13 namespace:shop']);
  });
  test('E52 exec into a privileged container is root on its node', () => {
    const documents = [closed, ...grant('user a', [can('create', 'pods/exec')], 'shop')];
    const pod = (privileged: boolean) =>
      deployment('shop/op', { containers: [{ name: 'c', image: 'i', securityContext: { privileged } }] });
    expect([told([...documents, pod(true)]), told([...documents, pod(false)])]).toEqual([
      ['E13 node', 'E13 namespace:shop'],
      ['E13 namespace:shop'],
    ]);
  });
  test('through two namespaces: the second one is not its own', () => {
    const documents = [
      closed,
      namespace('vault', 'restricted'),
      account('shop/web'),
      ...pods,
      ...grant('sa shop/web', [can('create', 'pods')], 'vault'),
    ];
    expect(scopes(documents)).toEqual(['namespace:vault cluster', 'namespace:shop namespace']);
    expect(scopes(documents, serviceAccount('shop', 'web'))).toEqual(['namespace:vault namespace']);
  });
  test('kube-system holds the cluster', () => {
    expect(told([namespace('kube-system'), ...grant('user a', [can('create', 'pods')], 'kube-system')])[0]).toBe(
      'E10 cluster-admin',
    );
    expect(told([namespace('kube-system'), ...grant('user a', [can('create', 'pods/exec')], 'kube-system')])[0]).toBe(
      'E13 cluster-admin',
    );
  });
  test('E07 a token in a Secret that it may read', () => {
    const token = {
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'kubernetes.io/service-account-token',
      metadata: { namespace: 'shop', name: 't', annotations: { 'kubernetes.io/service-account.name': 'operator' } },
    };
    const admin = bind('op', 'ClusterRole cluster-admin', 'sa shop/operator');
    expect(told([closed, token, admin, ...grant('user a', [can('get', 'secrets', 't')], 'shop')])[0]).toBe('E07 cluster-admin');
    expect(told([closed, token, admin, ...grant('user a', [can('get', 'secrets', 'other')], 'shop')])).toEqual([]);
  });
  test('beyond the places that are told by name, the cluster is found by a way that does not come back to the subject', () => {
    const fan = Array.from({ length: 10 }, (_, index) => [
      namespace(`f${index}`, 'restricted'),
      ...grant('sa b/y', [can('create', 'pods')], `f${index}`),
    ]).flat();
    const documents = [
      ...['a/x', 'b/y', 'f9/z'].map((path) => account(path)),
      ...fan,
      ...grant('sa a/x', [can('create', 'serviceaccounts/token', 'y')], 'b'),
      ...grant('sa b/y', [can('impersonate', 'serviceaccounts', 'x')], 'a'),
      ...grant('group system:serviceaccounts:a', [star]),
      ...grant('sa f9/z', [star]),
    ];
    const found = world(yaml(...documents)).escalations.of(serviceAccount('a', 'x'));
    expect(found.map(({ edge, target, certain, length }) => [edge, target, certain, length])).toEqual([
      ['E06', 'cluster-admin', true, 4],
      ['E06', 'subject:b/y', true, 1],
    ]);
  });
  test('a member of a group that holds everything is told what its own bindings give', () => {
    const documents = [
      closed,
      account('shop/web'),
      ...grant('group system:serviceaccounts', [star]),
      ...grant('sa shop/web', [star], 'shop'),
    ];
    expect(told(documents, serviceAccount('shop', 'web'))).toContain('E02 namespace:shop');
  });
  test('a cycle of namespaces ends', () => {
    const documents = [
      closed,
      namespace('vault', 'restricted'),
      ...grant('sa shop/x', [can('create', 'pods')], 'vault'),
      ...grant('sa vault/y', [can('create', 'pods')], 'shop'),
      account('shop/x'),
      account('vault/y'),
    ];
    expect(world(yaml(...documents)).escalations.all.length).toBeGreaterThan(0);
  });
  test('a role that cannot be seen makes the path a maybe, for its holder and for who can become it', () => {
    const documents = yaml(closed, account('shop/operator'), ...pods, bind('op', 'ClusterRole vendor', 'sa shop/operator'));
    const { escalations } = world(documents, { complete: ['Namespace', 'Role'] });
    expect(escalations.of(serviceAccount('shop', 'operator'))).toMatchObject([
      { edge: 'unseen-role', target: 'cluster-admin', certain: false },
    ]);
    expect(escalations.of(user('a'))).toContainEqual(
      expect.objectContaining({
        edge: 'E10',
        target: 'cluster-admin',
        certain: false,
        assumption: expect.stringContaining('vendor'),
      }),
    );
  });
  test('3 8 latent: an account that does not exist makes it a maybe, a missing role gives nothing', () => {
    expect(told([closed, ...pods, bind('op', 'ClusterRole cluster-admin', 'sa shop/ghost')])).toEqual(
      ['E10 namespace:shop', 'E10 cluster-admin?'].toSorted((a) => (a.endsWith('?') ? -1 : 1)),
    );
    expect(told([closed, account('shop/x'), ...pods, bind('op', 'ClusterRole gone', 'sa shop/x')])).toEqual([
      'E10 namespace:shop',
    ]);
  });
});

describe('who is told about', () => {
  test('31 nobody by default bindings alone', () => {
    expect(world(yaml(account('shop/web'), account('kube-system/kube-dns'))).escalations.all).toEqual([]);
  });
  test('E49 a group is told, its members are not told again', () => {
    const { escalations } = world(yaml(account('shop/web'), ...grant('group system:serviceaccounts', [star])));
    expect(escalations.all.map(({ subject }) => subject)).toEqual([group('system:serviceaccounts')]);
  });
  test('E49 rights that a group adds are used', () => {
    const documents = [
      account('shop/web'),
      ...grant('group system:serviceaccounts', [can('bind', `${rbac}:clusterroles`)]),
      ...grant('sa shop/web', [can('create', `${rbac}:clusterrolebindings`)]),
    ];
    expect(told(documents, serviceAccount('shop', 'web'))).toEqual(['E04 cluster-admin']);
  });
  test('a binding that borrows the label of the default ones is told', () => {
    const binding = bind('system:mine', 'ClusterRole cluster-admin', 'user system:mine');
    const labelled = {
      ...binding,
      metadata: { ...binding.metadata, labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' } },
    };
    expect(told([labelled], user('system:mine'))).toEqual(['E01 cluster-admin']);
  });
  test('equal star by aggregation', () => {
    const documents = [
      clusterRole('all', [], { aggregates: { part: 'all' } }),
      clusterRole('leaf', [star], { labels: { part: 'all' } }),
      bind('b', 'ClusterRole all', 'user a'),
    ];
    expect(told(documents)).toEqual(['E01 cluster-admin']);
  });
  test('what is taken for granted is said', () => {
    expect(world(yaml(closed), { complete: [] }).escalations.assumptions[0]).toContain('no ClusterRoleBinding beside those');
    expect(world(yaml(closed)).escalations.assumptions).toEqual([]);
  });
});
