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

test('2.1.6 system:masters holds everything by a default binding', () => {
  expect(allowed([], group('system:masters'), { verb: 'delete', group: 'x', resource: 'y' })).toBe(true);
});

test('2.1.7 a binding of system:node to system:nodes is not taken for a default one', () => {
  const binding = { ...bind('system:node', 'ClusterRole system:node', 'group system:nodes') };
  const labelled = { ...binding, metadata: { ...binding.metadata, labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' } } };
  expect(modelOf(labelled).bindings.find(({ name }) => name === 'system:node')?.builtin).toBe(false);
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

test('2.2.16 bind on a ClusterRole is checked in the namespace of the RoleBinding', () => {
  const documents = grant('user a', [can('bind', 'rbac.authorization.k8s.io:clusterroles', 'view')], 'shop');
  const bindView = { verb: 'bind', group: 'rbac.authorization.k8s.io', resource: 'clusterroles', name: 'view' };
  expect([allowed(documents, user('a'), { ...bindView, namespace: 'shop' }), allowed(documents, user('a'), bindView)]).toEqual([
    true,
    false,
  ]);
});

test('2.2.18 kubectl exec needs get on pods and create on pods/exec', () => {
  const model = modelOf(...grant('user a', [can('create', 'pods/exec')], 'shop'));
  const exec = { verb: 'create', group: '', resource: 'pods', subresource: 'exec', namespace: 'shop', name: 'p' };
  expect([
    model.can(user('a'), exec).allowed,
    model.can(user('a'), get('pods', { namespace: 'shop', name: 'p' })).allowed,
  ]).toEqual([true, false]);
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

test('2.2.23 fine-grained kubelet subresources are not nodes/proxy', () => {
  expect(
    allowed(
      grant('user a', [can('get', 'nodes/metrics,nodes/healthz')]),
      user('a'),
      get('nodes', { subresource: 'proxy', name: 'n' }),
    ),
  ).toBe(false);
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
