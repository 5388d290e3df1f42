import * as fc from 'fast-check';
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

const get = (resource: string, more: object = {}) => ({ verb: 'get', group: '', resource, ...more });
const modelOf = (...documents: readonly object[]) => world(yaml(...documents)).model;
const allowed = (documents: readonly object[], subject: Parameters<ReturnType<typeof modelOf>['can']>[0], request: object) =>
  modelOf(...documents).can(subject, request as never).allowed;

describe('2.1.1 scope', () => {
  test('a ClusterRoleBinding counts everywhere, a RoleBinding in its namespace only', () => {
    const model = modelOf(...grant('user alice', [can('get', 'pods')], 'shop'), ...grant('user bob', [can('get', 'pods')]));
    expect(model.can(user('alice'), get('pods', { namespace: 'shop' })).allowed).toBe(true);
    expect(model.can(user('alice'), get('pods', { namespace: 'other' })).allowed).toBe(false);
    expect(model.can(user('alice'), get('pods')).allowed).toBe(false);
    expect(model.can(user('bob'), get('pods', { namespace: 'future' })).allowed).toBe(true);
    expect(model.can(user('bob'), get('pods')).allowed).toBe(true);
  });
});

describe('2.1.2 roleRef', () => {
  test('a Role of another namespace is not the role', () => {
    expect(
      allowed(
        [role('other/r', can('get', 'pods')), bind('shop/b', 'Role r', 'user a')],
        user('a'),
        get('pods', { namespace: 'shop' }),
      ),
    ).toBe(false);
  });
  test('a ClusterRole through a RoleBinding is cut down to the namespace', () => {
    const documents = [role('r', can('get', 'pods')), bind('shop/b', 'ClusterRole r', 'user a')];
    expect([
      allowed(documents, user('a'), get('pods', { namespace: 'shop' })),
      allowed(documents, user('a'), get('pods', { namespace: 'x' })),
    ]).toEqual([true, false]);
  });
  test('a ClusterRoleBinding to a Role is nothing', () => {
    expect(modelOf(role('default/r', star), bind('b', 'Role r', 'user a')).bindings.filter(({ builtin }) => !builtin)).toEqual(
      [],
    );
  });
});

describe('2.1.2 a roleRef of a wrong kind or apiGroup', () => {
  const written = bind('shop/b', 'ClusterRole view', 'user a');
  test.each<[string, object, boolean]>([
    ['is refused with another apiGroup', { ...written.roleRef, apiGroup: 'rbac.authorization.k8s.io/v1' }, false],
    ['is refused with another kind', { ...written.roleRef, kind: 'clusterrole' }, false],
    ['gets its apiGroup by default', { kind: 'ClusterRole', name: 'view' }, true],
    ['gets it where it is empty', { apiGroup: '', kind: 'ClusterRole', name: 'view' }, true],
  ])('%s', (_name, roleRef, expected) => {
    expect(allowed([{ ...written, roleRef }], user('a'), get('pods', { namespace: 'shop' }))).toBe(expected);
  });
});

describe('2.1.3 dangling roleRef', () => {
  test('a missing role grants nothing and the other bindings still count', () => {
    const documents = [bind('shop/b', 'Role gone', 'user a'), ...grant('user a', [can('get', 'pods')], 'shop')];
    expect([
      allowed(documents, user('a'), get('pods', { namespace: 'shop' })),
      allowed(documents, user('a'), get('secrets', { namespace: 'shop' })),
    ]).toEqual([true, false]);
  });
  test('a role that no source is complete for is unseen: what it may allow is unknown, within its scope', () => {
    const { model } = world(yaml(bind('shop/b', 'ClusterRole vendor', 'user a')), { complete: ['RoleBinding'] });
    expect(model.can(user('a'), get('pods', { namespace: 'shop' })).allowed).toBe('unknown');
    expect(model.can(user('a'), get('pods', { namespace: 'x' })).allowed).toBe(false);
    expect(model.whoCan(get('pods', { namespace: 'shop' })).map(({ decision }) => decision.allowed)).toContain('unknown');
  });
});

describe('2.1.4 subjects', () => {
  const rules = [can('get', 'pods')];
  test.each([
    ['user Alice', user('alice'), false],
    ['user *', user('alice'), false],
    ['group devs', user('devs'), false],
    ['sa web', serviceAccount('shop', 'web'), true],
    ['sa other/web', serviceAccount('shop', 'web'), false],
    ['user system:serviceaccount:shop:web', serviceAccount('shop', 'web'), true],
  ])('%s in a RoleBinding of shop', (bound, asked, expected) => {
    expect(allowed(grant(bound, rules, 'shop'), asked, get('pods', { namespace: 'shop' }))).toBe(expected);
  });
  test('a ServiceAccount without a namespace in a ClusterRoleBinding is nobody', () => {
    expect(allowed(grant('sa web', rules), serviceAccount('default', 'web'), get('pods'))).toBe(false);
  });
});

describe('2.1.5 implied groups', () => {
  test.each([
    ['system:serviceaccounts', serviceAccount('shop', 'web'), true],
    ['system:serviceaccounts:shop', serviceAccount('shop', 'web'), true],
    ['system:serviceaccounts:shop', serviceAccount('other', 'web'), false],
    ['system:authenticated', serviceAccount('shop', 'web'), true],
    ['system:authenticated', user('alice'), true],
    ['system:unauthenticated', user('alice'), false],
    ['system:unauthenticated', user('system:anonymous'), true],
    ['system:authenticated', user('system:anonymous'), false],
    ['system:serviceaccounts', group('system:serviceaccounts:shop'), true],
    ['devs', user('alice'), false],
  ])('%s reaches %j: %s', (name, subject, expected) => {
    expect(allowed(grant(`group ${name}`, [can('get', 'pods')]), subject, get('pods'))).toBe(expected);
  });
  test('declared groups of a user count', () => {
    expect(modelOf(...grant('group devs', [can('get', 'pods')])).can(user('alice'), get('pods'), ['devs']).allowed).toBe(true);
  });
});

describe('2.1.6 system:masters', () => {
  const anything = { verb: 'delete', group: 'x', resource: 'y' };
  test('holds everything by a default binding', () => {
    expect(allowed([], group('system:masters'), anything)).toBe(true);
  });
  test('holds it whatever bindings say: the API server lets it pass before it asks', () => {
    const emptied = {
      ...bind('cluster-admin', 'ClusterRole cluster-admin', 'user a'),
      metadata: { name: 'cluster-admin', labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' } },
    };
    const { model } = world(yaml(emptied), { live: true });
    expect([
      model.can(group('system:masters'), anything).allowed,
      model.can(user('b'), anything, ['system:masters']).allowed,
      model.can(user('b'), anything).allowed,
    ]).toEqual([true, true, false]);
  });
  test('a user of that name is nobody special', () => {
    expect(allowed([], user('system:masters'), anything)).toBe(false);
  });
});

test('2.1.7 a binding of system:node to system:nodes is not taken for a default one', () => {
  const binding = { ...bind('system:node', 'ClusterRole system:node', 'group system:nodes') };
  const labelled = { ...binding, metadata: { ...binding.metadata, labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' } } };
  expect(modelOf(labelled).bindings.find(({ name }) => name === 'system:node')?.builtin).toBe(false);
});

test('2.1.7 nodes hold nothing by RBAC: the Node authorizer is another one', () => {
  const model = modelOf();
  expect(model.can(group('system:nodes'), get('secrets', { namespace: 'shop' })).allowed).toBe(false);
  expect(
    model.can(user('system:node:n1'), { verb: 'update', group: '', resource: 'nodes', subresource: 'status', name: 'n1' })
      .allowed,
  ).toBe(false);
});

test('2.1.8 a grant needs no ServiceAccount object', () => {
  expect(allowed(grant('sa shop/ghost', [can('get', 'pods')]), serviceAccount('shop', 'ghost'), get('pods'))).toBe(true);
});

test('2.1.9 a workload that names no account uses default', () => {
  expect(modelOf(deployment('shop/web')).workloadsOf('shop', 'default')).toHaveLength(1);
});

describe('2.2.15 requests for cluster-scoped objects', () => {
  test('a Namespace is authorised in itself, so a RoleBinding lets a subject relabel its own', () => {
    const documents = grant('user a', [can('patch', 'namespaces')], 'shop');
    const patch = (name: string) => ({ verb: 'patch', group: '', resource: 'namespaces', name });
    expect([allowed(documents, user('a'), patch('shop')), allowed(documents, user('a'), patch('other'))]).toEqual([true, false]);
  });
  test('nodes and users have no namespace, whatever the request says', () => {
    const documents = grant('user a', [star], 'shop');
    expect(allowed(documents, user('a'), get('nodes', { namespace: 'shop' }))).toBe(false);
    expect(allowed(documents, user('a'), { verb: 'impersonate', group: '', resource: 'users', namespace: 'shop' })).toBe(false);
    expect(
      allowed(documents, user('a'), {
        verb: 'impersonate',
        group: '',
        resource: 'serviceaccounts',
        namespace: 'shop',
        name: 'x',
      }),
    ).toBe(true);
  });
});

describe('2.2.15 custom resources whose definition is in the sources', () => {
  const definition = (scope: string) => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'things.example.com' },
    spec: { group: 'example.com', scope, names: { plural: 'things', kind: 'Thing' } },
  });
  const things = { verb: 'get', group: 'example.com', resource: 'things', namespace: 'shop' };
  test.each<[string, readonly object[], boolean]>([
    ['cluster-scoped ones through a RoleBinding', [definition('Cluster')], false],
    ['namespaced ones', [definition('Namespaced')], true],
    ['unknown ones', [], true],
  ])('%s', (_name, definitions, expected) => {
    const model = modelOf(...grant('user a', [can('get', 'example.com:things')], 'shop'), ...definitions);
    expect([model.can(user('a'), things).allowed, model.grantsOf(user('a'))[0]?.effective]).toEqual([expected, expected]);
  });
});

describe('2.2.15 a list of Namespaces has no namespace, also with a field selector', () => {
  test.each([
    ['get', true],
    ['watch', true],
    ['list', false],
    ['create', false],
    ['deletecollection', false],
  ])('%s of its own Namespace through a RoleBinding: %s', (verb, expected) => {
    const documents = grant('user a', [can('*', 'namespaces')], 'shop');
    expect(allowed(documents, user('a'), { verb, group: '', resource: 'namespaces', name: 'shop' })).toBe(expected);
  });
});

describe('2.2.16 special verbs', () => {
  const asked = (verb: string, groupName: string, resource: string, more: object = {}) => ({
    verb,
    group: groupName,
    resource,
    ...more,
  });
  test.each<[string, WrittenRule, string | undefined, object, boolean]>([
    [
      'impersonate users is asked in the cluster',
      can('impersonate', 'users'),
      'shop',
      asked('impersonate', '', 'users', { name: 'x', namespace: 'shop' }),
      false,
    ],
    [
      'impersonate one user',
      can('impersonate', 'users', 'jane'),
      undefined,
      asked('impersonate', '', 'users', { name: 'jane' }),
      true,
    ],
    [
      'impersonate another user',
      can('impersonate', 'users', 'jane'),
      undefined,
      asked('impersonate', '', 'users', { name: 'joe' }),
      false,
    ],
    [
      'the key of userextras is a subresource',
      can('impersonate', 'authentication.k8s.io:userextras/scopes'),
      undefined,
      asked('impersonate', 'authentication.k8s.io', 'userextras', { subresource: 'scopes', name: 'view' }),
      true,
    ],
    [
      'another key',
      can('impersonate', 'authentication.k8s.io:userextras/scopes'),
      undefined,
      asked('impersonate', 'authentication.k8s.io', 'userextras', { subresource: 'team', name: 'x' }),
      false,
    ],
    [
      'approve is by the name of the signer, not by its pattern',
      can('approve', 'certificates.k8s.io:signers', 'example.com/*'),
      undefined,
      asked('approve', 'certificates.k8s.io', 'signers', { name: 'example.com/a' }),
      false,
    ],
    [
      'the API server asks about the whole domain of a signer, too',
      can('approve', 'certificates.k8s.io:signers', 'example.com/*'),
      undefined,
      asked('approve', 'certificates.k8s.io', 'signers', { name: 'example.com/*' }),
      true,
    ],
    [
      'use of SecurityContextConstraints in the namespace of the Pod',
      can('use', 'security.openshift.io:securitycontextconstraints', 'anyuid'),
      'shop',
      asked('use', 'security.openshift.io', 'securitycontextconstraints', { name: 'anyuid', namespace: 'shop' }),
      true,
    ],
    [
      'reading them is asked in the cluster',
      can('get', 'security.openshift.io:securitycontextconstraints'),
      'shop',
      asked('get', 'security.openshift.io', 'securitycontextconstraints', { name: 'anyuid', namespace: 'shop' }),
      false,
    ],
    [
      'escalate on a ClusterRole is asked in the cluster',
      can('escalate', 'rbac.authorization.k8s.io:clusterroles'),
      'shop',
      asked('escalate', 'rbac.authorization.k8s.io', 'clusterroles', { name: 'x', namespace: 'shop' }),
      false,
    ],
  ])('%s', (_name, rule, where, request, expected) => {
    expect(allowed(grant('user a', [rule], where), user('a'), request)).toBe(expected);
  });
});

test('2.2.16 bind on a ClusterRole is checked in the namespace of the RoleBinding', () => {
  const documents = grant('user a', [can('bind', 'rbac.authorization.k8s.io:clusterroles', 'view')], 'shop');
  const bindView = { verb: 'bind', group: 'rbac.authorization.k8s.io', resource: 'clusterroles', name: 'view' };
  expect([allowed(documents, user('a'), { ...bindView, namespace: 'shop' }), allowed(documents, user('a'), bindView)]).toEqual([
    true,
    false,
  ]);
});

describe('2.2.19 aggregation', () => {
  const label = { 'example.com/to-ops': 'true' };
  test('is transitive, leaves out the own stored rules, and says when they are stale', () => {
    const model = modelOf(
      clusterRole('ops', [can('get', 'stale')], { aggregates: label }),
      clusterRole('middle', [], { labels: label, aggregates: { 'example.com/to-middle': 'true' } }),
      clusterRole('leaf', [can('get', 'pods')], { labels: { 'example.com/to-middle': 'true' } }),
      bind('b', 'ClusterRole ops', 'user a'),
    );
    expect([model.can(user('a'), get('pods')).allowed, model.can(user('a'), get('stale')).allowed]).toEqual([true, false]);
    const found = model.roles.find('ClusterRole', undefined, 'ops');
    expect(found.status === 'found' && [found.role.stale, found.role.undecided]).toEqual([true, undefined]);
  });
  test('a cycle ends, and what it may keep is unknown', () => {
    const model = modelOf(
      clusterRole('a', [], { labels: { x: 'b' }, aggregates: { x: 'a' } }),
      clusterRole('b', [can('get', 'pods')], { labels: { x: 'a' }, aggregates: { x: 'b' } }),
      bind('b', 'ClusterRole a', 'user u'),
    );
    expect(model.can(user('u'), get('pods')).allowed).toBe('unknown');
  });
  test('an empty selector takes in every ClusterRole, no selector none', () => {
    const all = { ...clusterRole('all', []), aggregationRule: { clusterRoleSelectors: [{}] } };
    const none = { ...clusterRole('none', [can('get', 'pods')]), aggregationRule: {} };
    const model = modelOf(
      all,
      none,
      clusterRole('leaf', [can('get', 'things')]),
      bind('b', 'ClusterRole all', 'user a'),
      bind('c', 'ClusterRole none', 'user b'),
    );
    expect([model.can(user('a'), get('things')).allowed, model.can(user('b'), get('pods')).allowed]).toEqual([true, false]);
  });
  test('a label aggregate-to-view of the sources widens view, edit and admin', () => {
    const wider = clusterRole('vendor', [can('get', 'secrets')], {
      labels: { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' },
    });
    for (const name of ['view', 'edit', 'admin'])
      expect(
        allowed(
          [wider, bind('shop/b', `ClusterRole ${name}`, 'user a')],
          user('a'),
          get('secrets', { namespace: 'shop', name: 's' }),
        ),
      ).toBe(true);
  });
});

describe('2.2.20 built-in roles of Kubernetes 1.36', () => {
  test.each([
    ['view', 'get', 'secrets', false],
    ['view', 'list', 'pods', true],
    ['edit', 'create', 'pods/exec', true],
    ['edit', 'update', 'secrets', true],
    ['edit', 'impersonate', 'serviceaccounts', true],
    ['edit', 'create', 'serviceaccounts/token', true],
    ['edit', 'create', 'rbac.authorization.k8s.io:rolebindings', false],
    ['admin', 'create', 'rbac.authorization.k8s.io:rolebindings', true],
    ['admin', 'bind', 'rbac.authorization.k8s.io:roles', false],
    ['cluster-admin', 'escalate', 'rbac.authorization.k8s.io:roles', true],
  ])('%s allows %s %s: %s', (name, verb, written, expected) => {
    const [groupName, path] = written.includes(':') ? (written.split(':') as [string, string]) : ['', written];
    const [resource = '', subresource] = path.split('/');
    const request = { verb, group: groupName, resource, namespace: 'shop', ...(subresource ? { subresource } : {}) };
    expect(allowed([bind('shop/b', `ClusterRole ${name}`, 'user a')], user('a'), request)).toBe(expected);
  });
  test('a manifest of a built-in role adds to it, unless it opts out of reconciliation or is live', () => {
    const bound = bind('shop/b', 'ClusterRole system:auth-delegator', 'user a');
    const review = { verb: 'create', group: 'authentication.k8s.io', resource: 'tokenreviews' };
    const cluster = bind('b', 'ClusterRole system:auth-delegator', 'user a');
    expect(allowed([clusterRole('system:auth-delegator', []), bound, cluster], user('a'), review)).toBe(true);
    expect(
      allowed(
        [
          clusterRole('system:auth-delegator', [], { annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'false' } }),
          cluster,
        ],
        user('a'),
        review,
      ),
    ).toBe(false);
    expect(
      world(yaml(clusterRole('system:auth-delegator', []), cluster), { live: true }).model.can(user('a'), review).allowed,
    ).toBe(false);
  });
  test('a role of the controllers is in no source and no data: unseen', () => {
    const { model } = world(yaml(bind('b', 'ClusterRole system:controller:job-controller', 'user a')), { complete: [] });
    expect(model.can(user('a'), get('pods')).allowed).toBe('unknown');
  });
});

test('2.2.21 default bindings: discovery for everybody logged in, public info for all, nothing more', () => {
  const model = modelOf();
  expect(model.can(user('a'), { verb: 'get', url: '/apis/apps' }).allowed).toBe(true);
  expect(model.can(user('system:anonymous'), { verb: 'get', url: '/version' }).allowed).toBe(true);
  expect(model.can(user('system:anonymous'), { verb: 'get', url: '/apis/apps' }).allowed).toBe(false);
  expect(model.can(serviceAccount('shop', 'web'), get('pods')).allowed).toBe(false);
});

test('2.2.22 a rules question for all namespaces counts ClusterRoleBindings only', () => {
  const model = modelOf(...grant('user a', [can('list', 'pods')], 'shop'));
  expect(model.can(user('a'), { verb: 'list', group: '', resource: 'pods', namespace: '' }).allowed).toBe(false);
});

describe('2.2.23 newer verbs and resources are read as they are', () => {
  test('fine-grained kubelet subresources are not nodes/proxy, nor the other way round', () => {
    const node = (subresource: string) => get('nodes', { subresource, name: 'n' });
    const fine = grant('user a', [can('get', 'nodes/metrics,nodes/healthz,nodes/pods,nodes/configz')]);
    expect([allowed(fine, user('a'), node('proxy')), allowed(fine, user('a'), node('healthz'))]).toEqual([false, true]);
    expect(allowed(grant('user a', [can('get', 'nodes/proxy')]), user('a'), node('healthz'))).toBe(false);
  });
  test('constrained impersonation is no impersonation, and its verbs grant no plain one', () => {
    const documents = grant('user a', [
      can('impersonate:user-info', 'authentication.k8s.io:users', 'jane'),
      can('impersonate-on:user-info:list', 'pods'),
    ]);
    const constrained = { verb: 'impersonate:user-info', group: 'authentication.k8s.io', resource: 'users', name: 'jane' };
    expect([
      allowed(documents, user('a'), constrained),
      allowed(documents, user('a'), { verb: 'impersonate', group: '', resource: 'users', name: 'jane' }),
      allowed(documents, user('a'), { verb: 'list', group: '', resource: 'pods' }),
    ]).toEqual([true, false, false]);
    // The old verb stays a verb of its own; the API server asks for it where the new one is refused.
    expect(allowed(grant('user a', [can('impersonate', 'users')]), user('a'), constrained)).toBe(false);
  });
  test('identities of constrained impersonation are asked in the cluster, ServiceAccounts in their namespace', () => {
    const documents = grant(
      'user a',
      [can('impersonate:serviceaccount,impersonate:arbitrary-node', 'authentication.k8s.io:serviceaccounts,nodes')],
      'shop',
    );
    const identity = (verb: string, resource: string) => ({
      verb,
      group: 'authentication.k8s.io',
      resource,
      name: 'x',
      namespace: 'shop',
    });
    expect([
      allowed(documents, user('a'), identity('impersonate:serviceaccount', 'serviceaccounts')),
      allowed(documents, user('a'), identity('impersonate:arbitrary-node', 'nodes')),
    ]).toEqual([true, false]);
  });
  test('field and label selectors change nothing but the name', () => {
    // KEP-4601: other authorizers may look at selectors, RBAC does not.
    const named = grant('user a', [can('list', 'secrets', 'web')], 'shop');
    expect([
      allowed(named, user('a'), { verb: 'list', group: '', resource: 'secrets', namespace: 'shop', name: 'web' }),
      allowed(named, user('a'), { verb: 'list', group: '', resource: 'secrets', namespace: 'shop' }),
    ]).toEqual([true, false]);
  });
});

test('every grant names its binding, role and rule', () => {
  const [first] = modelOf(...grant('user a', [can('get', 'nodes'), can('get', 'pods')], 'shop')).grantsOf(user('a'));
  expect(first).toMatchObject({
    namespace: 'shop',
    effective: false,
    binding: { name: 'r-user-a-shop' },
    rule: { role: 'r-user-a-shop', rule: { path: ['rules', 0] } },
  });
});

describe('properties', () => {
  const verbs = fc.constantFrom('get', 'list', 'create', '*', 'bind', 'escalate', 'impersonate');
  const resources = fc.constantFrom('pods', 'secrets', '*', 'pods/exec', 'nodes', 'namespaces');
  const rule: fc.Arbitrary<WrittenRule> = fc.record({
    verbs: fc.array(verbs, { maxLength: 2 }),
    apiGroups: fc.subarray(['', '*']),
    resources: fc.array(resources, { maxLength: 2 }),
    resourceNames: fc.subarray(['a']),
  });
  const granted = fc.record({
    subject: fc.constantFrom('user a', 'sa shop/web', 'group system:authenticated'),
    rules: fc.array(rule, { minLength: 1, maxLength: 2 }),
    where: fc.constantFrom(undefined, 'shop', 'other'),
  });
  const documents = fc
    .array(granted, { maxLength: 4 })
    .map((list) =>
      list.flatMap(({ subject, rules, where }, index) => grant(subject, rules, where).map((value) => rename(value, index))),
    );
  const requests = ['get', 'create', 'list'].flatMap((verb) =>
    ['pods', 'secrets', 'nodes', 'namespaces'].flatMap((resource) => [
      { verb, group: '', resource },
      { verb, group: '', resource, namespace: 'shop', name: 'a' },
    ]),
  );
  const answers = (list: readonly object[]) => {
    const model = modelOf(...list, namespace('shop'), account('shop/web'));
    return [user('a'), serviceAccount('shop', 'web')].flatMap((subject) =>
      requests.map((request) => model.can(subject, request).allowed),
    );
  };
  test('adding a binding never removes a right', () => {
    fc.assert(
      fc.property(documents, documents, (before, more) => {
        const first = answers(before);
        const both = answers([...before, ...more.map((value) => rename(value, 9))]);
        expect(first.every((answer, index) => answer !== true || both[index] === true)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });
  test('the order of objects changes no answer and no escalation', () => {
    fc.assert(
      fc.property(documents, (list) => {
        expect(answers([...list].reverse())).toEqual(answers(list));
        const told = (ordered: readonly object[]) =>
          world(yaml(...ordered, namespace('shop'))).escalations.all.map(({ subject, edge, target, certain }) => [
            subject,
            edge,
            target,
            certain,
          ]);
        expect(told([...list].reverse())).toEqual(told(list));
      }),
      { numRuns: 40 },
    );
  });
});

/** The same objects under another name, so that several lists can be put together. */
function rename(value: object, index: number): object {
  const { metadata, roleRef } = value as { metadata: { name: string }; roleRef?: { name: string } };
  return {
    ...value,
    metadata: { ...metadata, name: `${metadata.name}-${index}` },
    ...(roleRef ? { roleRef: { ...roleRef, name: `${roleRef.name}-${index}` } } : {}),
  };
}
