import { describe, expect, test } from 'vitest';
import { user } from './subject.ts';
import { canDo, needsOf, type Task, taskNames } from './tasks.ts';
import { can, grant, role, bind, type WrittenRule, world, yaml } from './testing.ts';

const server = (minor: number) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'kube-apiserver', namespace: 'kube-system', labels: { component: 'kube-apiserver' } },
  spec: { containers: [{ name: 'kube-apiserver', image: `kube-apiserver:v1.${minor}.0` }] },
});
const answer = (rules: readonly WrittenRule[], task: Task, more: { minor?: number; everywhere?: boolean } = {}) => {
  const objects = [server(more.minor ?? 36), ...grant('user a', rules, more.everywhere ? undefined : 'shop')];
  const { allowed, byApi } = canDo(world(yaml(...objects)).model, user('a'), task);
  return [allowed, byApi];
};

describe('2.2.18 what a task of kubectl takes', () => {
  const exec: Task = { task: 'exec', namespace: 'shop', name: 'web-0' };
  test.each<[string, readonly WrittenRule[], Task, readonly [boolean, boolean]]>([
    ['exec', [can('get', 'pods'), can('create', 'pods/exec')], exec, [true, true]],
    ['exec without get on pods, which kubectl asks first', [can('create', 'pods/exec')], exec, [false, true]],
    ['exec without pods/exec', [can('get', 'pods')], exec, [false, false]],
    ['exec into one Pod by name', [can('get', 'pods', 'web-0'), can('create', 'pods/exec', 'web-0')], exec, [true, true]],
    ['exec into another Pod', [can('get', 'pods'), can('create', 'pods/exec', 'db-0')], exec, [false, false]],
    ['exec in another namespace', [can('*', '*')], { ...exec, namespace: 'bank' }, [false, false]],
    ['logs', [can('get', 'pods,pods/log')], { task: 'logs', namespace: 'shop' }, [true, true]],
    ['logs are no part of pods', [can('get', 'pods')], { task: 'logs', namespace: 'shop' }, [false, false]],
    [
      'port-forward',
      [can('get', 'pods'), can('create', 'pods/portforward')],
      { task: 'port-forward', namespace: 'shop' },
      [true, true],
    ],
    [
      'apply of what is there',
      [can('get,patch', 'apps:deployments')],
      { task: 'apply', namespace: 'shop', group: 'apps', resource: 'deployments', name: 'web' },
      [true, true],
    ],
    [
      'update is no apply',
      [can('get,update', 'apps:deployments')],
      { task: 'apply', namespace: 'shop', group: 'apps', resource: 'deployments' },
      [false, false],
    ],
    [
      'scale by the subresource',
      [can('get', 'apps:deployments'), can('update', 'apps:deployments/scale')],
      { task: 'scale', namespace: 'shop', group: 'apps', resource: 'deployments' },
      [true, true],
    ],
    [
      'the right to change a Deployment is none to its scale',
      [can('get,update,patch', 'apps:deployments')],
      { task: 'scale', namespace: 'shop', group: 'apps', resource: 'deployments' },
      [false, false],
    ],
    [
      'scale of everything by */scale',
      [can('get', 'apps:deployments'), can('patch', 'apps:*/scale')],
      { task: 'scale', namespace: 'shop', group: 'apps', resource: 'deployments' },
      [true, true],
    ],
    ['delete', [can('get,delete', 'pods')], { task: 'delete', namespace: 'shop', resource: 'pods' }, [true, true]],
  ])('%s', (_name, rules, task, expected) => {
    expect(answer(rules, task)).toEqual(expected);
  });
  test('apply of something new takes create, which no resourceNames fit', () => {
    const { model } = world(yaml(...grant('user a', [can('get,patch,create', 'configmaps', 'web')], 'shop')));
    const { allowed, needs } = canDo(model, user('a'), { task: 'apply', namespace: 'shop', resource: 'configmaps', name: 'web' });
    expect([allowed, needs.find(({ purpose }) => purpose === 'create')?.decision.allowed]).toEqual([true, false]);
  });
  test('drain reaches Pods of every namespace', () => {
    const rules = [can('get,patch', 'nodes'), can('list', 'pods'), can('create', 'pods/eviction'), can('get', 'apps:daemonsets')];
    const drain: Task = { task: 'drain', name: 'node-1', namespace: 'shop' };
    expect([answer(rules, drain, { everywhere: true }), answer(rules, drain)]).toEqual([
      [true, true],
      [false, false],
    ]);
    expect(answer(rules.slice(0, 3), drain, { everywhere: true })).toEqual([false, true]);
  });
  test('a role that cannot be seen leaves it unknown', () => {
    const { model } = world(yaml(bind('shop/b', 'ClusterRole vendor', 'user a')), { complete: [] });
    expect(canDo(model, user('a'), exec).allowed).toBe('unknown');
    expect(canDo(model, user('b'), exec).allowed).toBe(false);
  });
  test('every task has a need that the API server asks for', () => {
    for (const task of taskNames) expect(needsOf({ task }, 36).some(({ purpose }) => purpose === 'act')).toBe(true);
  });
});

describe('2.2.17 verbs of streams by version', () => {
  const rules = [can('get', 'pods,pods/exec,pods/attach,pods/portforward')];
  test.each([
    [34, 'exec', true],
    [35, 'exec', false],
    [34, 'attach', true],
    [35, 'attach', false],
    [34, 'port-forward', true],
    [35, 'port-forward', false],
  ] as const)('with Kubernetes 1.%i get alone is enough for %s: %s', (minor, task, expected) => {
    expect(answer(rules, { task, namespace: 'shop' }, { minor })).toEqual([expected, expected]);
  });
  test('get and create are two verbs, and proxy maps the HTTP method', () => {
    const { model } = world(yaml(role('r', can('get', 'nodes/proxy')), bind('b', 'ClusterRole r', 'user a')));
    const proxy = (verb: string) =>
      model.can(user('a'), { verb, group: '', resource: 'nodes', subresource: 'proxy', name: 'n' }).allowed;
    expect([proxy('get'), proxy('create')]).toEqual([true, false]);
  });
});
