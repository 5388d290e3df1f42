import { describe, expect, test } from 'vitest';
import { mayWriteBinding, mayWriteRole, passesBindingCheck, passesRoleCheck, type RoleWrite } from './rbac-writes.ts';
import { readRules } from './rules.ts';
import { group, type Subject, user } from './subject.ts';
import { bind, can, clusterRole, grant, role, star, type WrittenRule, world, yaml } from './testing.ts';

const rbac = 'rbac.authorization.k8s.io';
/** Every verb that has a meaning for objects, written out: no `*`, and neither `bind` nor `escalate`. */
const allObjects: WrittenRule = { ...star, verbs: 'get list watch create update patch delete deletecollection'.split(' ') };
const everyUrl: WrittenRule = { verbs: ['*'], nonResourceURLs: ['*'] };
const rules = (...written: readonly WrittenRule[]) => readRules({ rules: written as never });
const modelOf = (...objects: readonly object[]) => world(yaml(...objects)).model;
const alice = user('alice');

/** The Role `shop/new`, or the ClusterRole `new`, with these rules. */
const write = (written: readonly WrittenRule[], more: Partial<RoleWrite> = {}): RoleWrite => ({
  kind: 'Role',
  namespace: 'shop',
  name: 'new',
  verb: 'create',
  rules: rules(...written),
  ...more,
});
const cluster: Partial<RoleWrite> = { kind: 'ClusterRole', namespace: undefined };

describe('2.3.25 the rules that count for the writer', () => {
  const held = grant('user alice', [can('get', 'secrets')], 'shop');
  test.each<[string, Partial<RoleWrite>, boolean]>([
    ['a Role of the namespace', {}, true],
    ['a Role of another namespace', { namespace: 'bank' }, false],
    ['a ClusterRole: only ClusterRoleBindings count', cluster, false],
  ])('a RoleBinding of shop covers %s: %s', (_name, more, expected) => {
    expect(passesRoleCheck(modelOf(...held), alice, write([can('get', 'secrets')], more)).allowed).toBe(expected);
  });
  test('a ClusterRoleBinding covers both, and so does what a group of the writer holds', () => {
    const everywhere = modelOf(...grant('group devs', [can('get', 'secrets')]));
    for (const more of [{}, cluster])
      expect([
        passesRoleCheck(everywhere, alice, write([can('get', 'secrets')], more), ['devs']).allowed,
        passesRoleCheck(everywhere, alice, write([can('get', 'secrets')], more)).allowed,
      ]).toEqual([true, false]);
  });
  test('what is missing is told', () => {
    const verdict = passesRoleCheck(modelOf(...held), alice, write([can('get,list', 'secrets')]));
    expect(verdict).toMatchObject({ allowed: false, missing: [{ verb: 'list', group: '', resource: 'secrets' }] });
  });
  test('a binding whose role cannot be seen may cover it', () => {
    const { model } = world(yaml(bind('shop/b', 'ClusterRole vendor', 'user alice')), { complete: [] });
    expect(passesRoleCheck(model, alice, write([can('get', 'secrets')])).allowed).toBe('unknown');
    expect(passesRoleCheck(model, alice, write([can('get', 'secrets')], cluster)).allowed).toBe(false);
  });
});

describe('2.3.26 writing a role', () => {
  const anything = [star];
  test.each<[string, readonly object[], Subject, RoleWrite, boolean, string | undefined]>([
    ['nothing held', [], alice, write(anything), false, undefined],
    ['a master passes', [], group('system:masters'), write(anything, cluster), true, 'system:masters'],
    [
      'escalate on roles of the namespace',
      grant('user alice', [can('escalate', `${rbac}:roles`)], 'shop'),
      alice,
      write(anything),
      true,
      'escalate',
    ],
    [
      'escalate on roles is none on clusterroles',
      grant('user alice', [can('escalate', `${rbac}:roles`)]),
      alice,
      write(anything, cluster),
      false,
      undefined,
    ],
    [
      'escalate with a name creates nothing: a create has no name',
      grant('user alice', [can('escalate', `${rbac}:roles`, 'new')], 'shop'),
      alice,
      write(anything),
      false,
      undefined,
    ],
    [
      'escalate with a name updates that role',
      grant('user alice', [can('escalate', `${rbac}:roles`, 'new')], 'shop'),
      alice,
      write(anything, { verb: 'update' }),
      true,
      'escalate',
    ],
    [
      'held rules',
      grant('user alice', [can('get,list', 'pods')]),
      alice,
      write([can('get', 'pods')], cluster),
      true,
      'held-rules',
    ],
    [
      'an aggregationRule needs everything, also where no rule is written',
      grant('user alice', [allObjects]),
      alice,
      write([], { ...cluster, aggregates: true }),
      false,
      undefined,
    ],
    [
      'everything holds escalate, too',
      grant('user alice', [star, everyUrl]),
      alice,
      write([], { ...cluster, aggregates: true }),
      true,
      'escalate',
    ],
    [
      'escalate is enough for an aggregationRule',
      grant('user alice', [can('escalate', `${rbac}:clusterroles`)]),
      alice,
      write([], { ...cluster, aggregates: true }),
      true,
      'escalate',
    ],
  ])('%s', (_name, objects, subject, wanted, expected, by) => {
    const verdict = passesRoleCheck(modelOf(...objects), subject, wanted);
    expect([verdict.allowed, verdict.by]).toEqual([expected, by]);
  });
  test('the check alone writes nothing: the verb on roles is asked first', () => {
    const model = modelOf(...grant('user alice', [can('escalate', `${rbac}:roles`)], 'shop'));
    expect(mayWriteRole(model, alice, write([star]))).toMatchObject({ allowed: false, why: ['it may not create roles'] });
    const both = modelOf(...grant('user alice', [can('escalate,create', `${rbac}:roles`)], 'shop'));
    expect(mayWriteRole(both, alice, write([star]))).toMatchObject({ allowed: true, by: 'escalate' });
  });
});

describe('2.3.26 writing a binding', () => {
  const strong = role('strong', allObjects);
  const to = (name: string, namespace?: string) => ({
    namespace,
    name: 'new',
    verb: 'create' as const,
    roleRef: { kind: 'ClusterRole' as const, name },
  });
  test.each<[string, readonly object[], string | undefined, string, boolean, string | undefined]>([
    ['a role stronger than oneself', [strong], 'shop', 'strong', false, undefined],
    [
      'bind on it, in the namespace',
      grant('user alice', [can('bind', `${rbac}:clusterroles`, 'strong')], 'shop'),
      'shop',
      'strong',
      true,
      'bind',
    ],
    [
      'bind in the namespace binds nothing in the cluster',
      grant('user alice', [can('bind', `${rbac}:clusterroles`)], 'shop'),
      undefined,
      'strong',
      false,
      undefined,
    ],
    [
      'bind on another name',
      grant('user alice', [can('bind', `${rbac}:clusterroles`, 'other')], 'shop'),
      'shop',
      'strong',
      false,
      undefined,
    ],
    ['all of its rules held', grant('user alice', [allObjects], 'shop'), 'shop', 'strong', true, 'held-rules'],
    ['all of them held in another namespace', grant('user alice', [allObjects], 'bank'), 'shop', 'strong', false, undefined],
    ['cluster-admin needs a * for its *', grant('user alice', [allObjects], 'shop'), 'shop', 'cluster-admin', false, undefined],
  ])('%s', (_name, objects, namespace, name, expected, by) => {
    const verdict = passesBindingCheck(
      modelOf(strong, ...objects.filter((entry) => entry !== strong)),
      alice,
      to(name, namespace),
    );
    expect([verdict.allowed, verdict.by]).toEqual([expected, by]);
  });
  test('2.1.3 a binding to a missing role is refused unless bind is held', () => {
    const everything = grant('user alice', [star, everyUrl]);
    expect(passesBindingCheck(modelOf(...everything), user('bob'), to('gone', 'shop'))).toMatchObject({
      allowed: false,
      why: [expect.stringContaining('does not exist')],
    });
    // `*` holds bind, too.
    expect(passesBindingCheck(modelOf(...everything), alice, to('gone', 'shop'))).toMatchObject({ allowed: true, by: 'bind' });
  });
  test('a role that no source shows leaves it unknown, a ClusterRoleBinding to a Role is refused', () => {
    const { model } = world(yaml(bind('shop/b', 'ClusterRole view', 'user alice')), { complete: [] });
    expect(passesBindingCheck(model, alice, to('vendor', 'shop')).allowed).toBe('unknown');
    expect(passesBindingCheck(model, alice, { ...to('x'), roleRef: { kind: 'Role', name: 'x' } }).allowed).toBe(false);
  });
  test('2.3.27 whoever may create RoleBindings only shares what it holds', () => {
    const admin = bind('shop/b', 'ClusterRole admin', 'user alice');
    const model = modelOf(admin, strong);
    expect(mayWriteBinding(model, alice, to('edit', 'shop'))).toMatchObject({ allowed: true, by: 'held-rules' });
    expect(mayWriteBinding(model, alice, to('strong', 'shop')).allowed).toBe(false);
    expect(mayWriteBinding(model, alice, to('edit'))).toMatchObject({
      allowed: false,
      why: ['it may not create clusterrolebindings'],
    });
  });
  test('2.3.27 a stronger ClusterRole cannot be relabelled, a covered one can: that widens every holder of view', () => {
    const patcher = grant('user alice', [can('get', 'pods'), can('patch', `${rbac}:clusterroles`)]);
    const patch = (written: readonly WrittenRule[]) =>
      mayWriteRole(modelOf(...patcher), alice, write(written, { ...cluster, verb: 'patch', name: 'old' })).allowed;
    expect([patch([can('get', 'secrets')]), patch([can('get', 'pods')])]).toEqual([false, true]);
  });
});

describe('2.3.28 what the check does not see', () => {
  test('a token is asked for by the name of its account, which resourceNames fit', () => {
    const model = modelOf(...grant('user alice', [can('create', 'serviceaccounts/token', 'web')], 'shop'));
    const token = (name: string) =>
      model.can(alice, { verb: 'create', group: '', resource: 'serviceaccounts', subresource: 'token', name, namespace: 'shop' })
        .allowed;
    expect([token('web'), token('db')]).toEqual([true, false]);
  });
  test('nothing is asked about the account of a new Pod', () => {
    const { model, escalations } = world(
      yaml(
        ...grant('user alice', [can('create', 'pods')], 'shop'),
        clusterRole('strong', [star]),
        bind('b', 'ClusterRole strong', 'sa shop/operator'),
      ),
    );
    // There is no verb `use` on ServiceAccounts: whoever creates Pods becomes each of them.
    expect(model.can(alice, { verb: 'create', group: '', resource: 'pods', namespace: 'shop' }).allowed).toBe(true);
    expect(escalations.of(alice).map(({ target }) => target)).toContain('cluster-admin');
  });
});
