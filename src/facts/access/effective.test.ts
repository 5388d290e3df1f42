import { describe, expect, test } from 'vitest';
import { audienceGrants, defaultAccountBindings, operatorAccounts, tokenMount } from './accounts.ts';
import {
  adminBindings,
  clusterWrites,
  crossNamespace,
  danglingBindings,
  ineffectiveGrants,
  readersOfSecret,
  secretReaders,
  secretWriters,
  wildcards,
} from './effective.ts';
import { formatSubject } from './subject.ts';
import { account, bind, can, clusterRole, deployment, grant, role, star, world, type WrittenRule, yaml } from './testing.ts';

const modelOf = (...documents: readonly object[]) => world(yaml(...documents)).model;

describe('bindings to cluster-admin', () => {
  const told = (documents: readonly object[], complete?: readonly string[]) =>
    adminBindings(world(yaml(...documents), complete ? { complete } : {}).model).map(
      ({ binding, scope, status }) => `${binding.name} ${scope} ${status}`,
    );
  test.each<[string, readonly object[], readonly string[]]>([
    ['by name', [bind('b', 'ClusterRole cluster-admin', 'user a')], ['b cluster admin']],
    ['by content', [role('mine', can('get', 'pods'), star), bind('b', 'ClusterRole mine', 'user a')], ['b cluster admin']],
    ['a RoleBinding owns a namespace', [bind('shop/b', 'ClusterRole cluster-admin', 'user a')], ['b namespace admin']],
    ['a Role that allows everything too', [role('shop/r', star), bind('shop/b', 'Role r', 'user a')], ['b namespace admin']],
    ['not one group', [role('mine', { ...star, apiGroups: [''] }), bind('b', 'ClusterRole mine', 'user a')], []],
    ['not without subjects', [bind('b', 'ClusterRole cluster-admin')], []],
    ['not the default one', [], []],
    ['system:masters by a second binding', [bind('b', 'ClusterRole cluster-admin', 'group system:masters')], ['b cluster admin']],
  ])('%s', (_name, documents, expected) => {
    expect(told(documents)).toEqual(expected);
  });
  test('a role that cannot be seen may be one', () => {
    expect(told([bind('b', 'ClusterRole vendor', 'user a')], [])).toEqual(['b cluster unseen']);
  });
  test('a role of the name cluster-admin that opts out and allows little is none', () => {
    const mine = clusterRole('cluster-admin', [can('get', 'pods')], {
      annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'false' },
    });
    expect(told([mine, bind('b', 'ClusterRole cluster-admin', 'user a')])).toEqual([]);
  });
});

describe('wildcards', () => {
  const told = (...documents: readonly object[]) =>
    wildcards(modelOf(...documents)).map(
      (found) => `${found.in.join(',')} ${found.subjects.map(formatSubject).join(',')} ${found.clusterWide}`,
    );
  test.each<[string, WrittenRule, readonly string[]]>([
    ['verbs', can('*', 'pods'), ['verbs User a true']],
    ['resources', can('get', '*'), ['resources User a true']],
    ['a subresource of all', can('update', '*/scale'), ['resources User a true']],
    ['groups', { ...can('get', 'pods'), apiGroups: ['*'] }, ['apiGroups User a true']],
    ['none', can('get', 'pods'), []],
    ['pods/* has no effect', can('get', 'pods/*'), []],
    ['a rule that grants nothing', { ...star, apiGroups: [] }, []],
  ])('%s', (_name, rule, expected) => {
    expect(told(...grant('user a', [rule]))).toEqual(expected);
  });
  test('one entry a rule, with everybody who holds it', () => {
    expect(told(role('r', can('*', 'pods')), bind('shop/b', 'ClusterRole r', 'user a', 'sa shop/web'))).toEqual([
      'verbs ServiceAccount shop/web,User a false',
    ]);
  });
  test('users of the control plane are left out, audiences are not', () => {
    expect(told(...grant('user system:kube-scheduler', [star]))).toEqual([]);
    expect(told(...grant('group system:authenticated', [star]))).toHaveLength(1);
  });
});

describe('Secrets', () => {
  const told = (list: ReturnType<typeof secretReaders>) =>
    list
      .filter(({ grants }) => grants.length > 0)
      .map(({ subject, namespace, verbs, names }) =>
        [formatSubject(subject), namespace ?? '*', verbs.join(','), names === 'all' ? 'all' : names.join(',')].join(' '),
      );
  test.each<[string, readonly WrittenRule[], string | undefined, readonly string[], readonly string[]]>([
    ['get', [can('get', 'secrets')], 'shop', ['User a shop get all'], []],
    ['watch everywhere', [can('watch', 'secrets')], undefined, ['User a * watch all'], []],
    ['one name', [can('get', 'secrets', 'x')], 'shop', ['User a shop get x'], []],
    ['create with a name grants nothing', [can('create', 'secrets', 'x')], 'shop', [], []],
    ['patch', [can('patch', 'secrets')], 'shop', [], ['User a shop patch all']],
    [
      'everything',
      [star],
      'shop',
      ['User a shop get,list,watch all'],
      ['User a shop create,update,patch,delete,deletecollection all'],
    ],
    ['another group', [can('get', 'example.com:secrets')], 'shop', [], []],
    ['Secrets in the wrong case', [can('get', 'Secrets')], 'shop', [], []],
  ])('%s', (_name, rules, where, readers, writers) => {
    const model = modelOf(...grant('user a', rules, where));
    expect([told(secretReaders(model)), told(secretWriters(model))]).toEqual([readers, writers]);
  });
  test('who reads one Secret', () => {
    const documents = [
      ...grant('user a', [can('get', 'secrets', 'tls')], 'shop'),
      ...grant('user b', [can('get', 'secrets', 'other')], 'shop'),
      ...grant('user c', [can('list', 'secrets')]),
      ...grant('user d', [can('get', 'secrets')], 'other'),
    ];
    expect(readersOfSecret(modelOf(...documents), 'shop', 'tls').readers.map(({ subject }) => subject.name)).toEqual(['a', 'c']);
  });
  test('a role that cannot be seen may read it', () => {
    const { model } = world(yaml(bind('shop/b', 'ClusterRole vendor', 'user a')), { complete: [] });
    expect(readersOfSecret(model, 'shop', 'tls').unknown).toEqual([{ kind: 'User', name: 'a' }]);
    expect(readersOfSecret(model, 'other', 'tls').unknown).toEqual([]);
  });
});

test.each<[string, readonly WrittenRule[], string | undefined, number]>([
  ['creating namespaces', [can('create', 'namespaces')], undefined, 1],
  ['reading', [can('get,list', 'nodes')], undefined, 0],
  ['in one namespace', [can('create', 'pods')], 'shop', 0],
  ['asking a question', [can('create', 'authentication.k8s.io:tokenreviews')], undefined, 0],
  ['*', [can('*', 'configmaps')], undefined, 1],
])('cluster-scope write: %s', (_name, rules, where, count) => {
  expect(clusterWrites(modelOf(...grant('user a', rules, where)))).toHaveLength(count);
});

test.each<[string, string, readonly WrittenRule[], string | undefined, readonly (string | undefined)[]]>([
  ['another namespace', 'sa shop/web', [can('get', 'pods')], 'other', ['other']],
  ['its own namespace', 'sa shop/web', [can('get', 'pods')], 'shop', []],
  ['every namespace', 'sa shop/web', [can('get', 'pods')], undefined, [undefined]],
  ['cluster-scoped objects only', 'sa shop/web', [can('get', 'nodes')], undefined, []],
  ['a custom kind that may be namespaced', 'sa shop/web', [can('get', 'example.com:things')], undefined, [undefined]],
  ['an account only', 'user a', [can('get', 'pods')], 'other', []],
  ['a grant without effect', 'sa shop/web', [can('get', 'nodes')], 'other', []],
])('cross-namespace access: %s', (_name, subject, rules, where, expected) => {
  expect(crossNamespace(modelOf(...grant(subject, rules, where))).map((entry) => entry.namespace)).toEqual(expected);
});

test('bindings of the account default', () => {
  expect(
    defaultAccountBindings(
      modelOf(bind('shop/b', 'ClusterRole view', 'user a', 'sa default'), bind('c', 'ClusterRole view', 'sa shop/web')),
    ).map(({ index }) => index),
  ).toEqual([1]);
});

describe('2.1.9 tokens', () => {
  const off = { automountServiceAccountToken: false };
  const on = { automountServiceAccountToken: true };
  test.each<[string, object, object | undefined, boolean | 'unknown', string]>([
    ['nothing said', {}, {}, true, 'default'],
    ['the account says no', {}, off, false, 'service-account'],
    ['the Pod says yes over it', on, off, true, 'pod'],
    ['the Pod says no', off, on, false, 'pod'],
    [
      'a projected volume brings one all the same',
      { ...off, volumes: [{ name: 't', projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } }] },
      off,
      true,
      'projected-volume',
    ],
    ['the account is not in the sources', {}, undefined, 'unknown', 'default'],
  ])('%s', (_name, pod, written, mounted, by) => {
    const { model, running } = world(
      yaml(deployment('shop/web', { serviceAccountName: 'web', ...pod }), ...(written ? [account('shop/web', written)] : [])),
    );
    expect(running.map((workload) => tokenMount(model, workload))).toMatchObject([{ mounted, by }]);
  });
  test.each<[string, readonly object[], boolean | 'unknown']>([
    ['nothing', [], false],
    ['a binding', grant('sa shop/default', [can('get', 'pods')], 'shop'), true],
    ['a binding of its group', grant('group system:serviceaccounts:shop', [can('get', 'pods')], 'shop'), true],
    ['a binding without effect', grant('sa shop/default', [can('get', 'nodes')], 'shop'), false],
    ['a role that cannot be seen', [bind('shop/b', 'ClusterRole vendor', 'sa shop/default')], 'unknown'],
  ])('what the account may do: %s', (_name, documents, expected) => {
    const { model, running } = world(yaml(deployment('shop/web'), ...documents), { complete: [] });
    expect(running.map((workload) => tokenMount(model, workload).hasPermissions)).toEqual([expected]);
  });
});

describe('dangling bindings', () => {
  const told = (documents: readonly object[], complete?: readonly string[]) => {
    const { known, model } = world(yaml(...documents), complete ? { complete } : {});
    return danglingBindings(known, model).map(({ kind }) => kind);
  };
  test.each<[string, readonly object[], readonly string[]]>([
    ['a role that is not there', [bind('shop/b', 'Role gone', 'user a')], ['role-missing']],
    ['an account that is not there', [bind('shop/b', 'ClusterRole view', 'sa shop/gone')], ['account-missing']],
    ['default is always there', [bind('shop/b', 'ClusterRole view', 'sa shop/default')], []],
    ['all there', [account('shop/web'), bind('shop/b', 'ClusterRole view', 'sa shop/web')], []],
  ])('%s', (_name, documents, expected) => {
    expect(told(documents)).toEqual(expected);
  });
  test('what no source is complete for is unseen, not missing', () => {
    expect(told([bind('shop/b', 'ClusterRole vendor', 'sa shop/web')], [])).toEqual(['role-unseen', 'account-unseen']);
  });
});

test('grants without effect: one entry a rule and binding, with the reason', () => {
  const model = modelOf(
    role(
      'r',
      can('get', 'nodes,pods'),
      { verbs: ['get'], nonResourceURLs: ['/metrics'] },
      can('Get', 'pods'),
      can('get', 'pods/*'),
    ),
    bind('shop/b', 'ClusterRole r', 'user a', 'user b'),
  );
  expect(
    ineffectiveGrants(model).map(({ parts, grant: { effective } }) => [parts.map(({ part }) => part).join(), effective]),
  ).toEqual([
    ['nodes', true],
    ['/metrics', false],
    ['Get', false],
    ['pods/*', false],
  ]);
});

test('accounts of operators, backup and logging, by whole words of names and images', () => {
  const image = (name: string) => ({
    serviceAccountName: name.split('/').at(-1) ?? '',
    containers: [{ name: 'c', image: `registry.example:5000/${name}:1` }],
  });
  const model = modelOf(
    deployment('ops/a', image('velero/velero')),
    deployment('ops/b', image('grafana/promtail')),
    deployment('ops/c', image('acme/cert-operator')),
    deployment('ops/d', image('acme/cooperator')),
  );
  expect(operatorAccounts(model).map(({ account: { name }, kinds }) => `${name} ${kinds.join()}`)).toEqual([
    'cert-operator operator',
    'promtail logging',
    'velero backup',
  ]);
});

test('E49 what everybody gets beyond the defaults', () => {
  expect(
    audienceGrants(
      modelOf(...grant('group system:unauthenticated', [can('get', 'pods')]), ...grant('user a', [can('get', 'pods')])),
    ).map(({ subject }) => subject.name),
  ).toEqual(['system:unauthenticated']);
});
