import { describe, expect, test } from 'vitest';
import { allows, isStar, namesOf, readRules } from './rules.ts';
import { can, star, type WrittenRule } from './testing.ts';
import { ineffectiveParts } from './ineffective.ts';

const rule = (written: WrittenRule) => {
  const [read] = readRules({ rules: [{ ...written }] });
  if (read === undefined) throw new Error('no rule');
  return read;
};
const request = (verb: string, resource: string, more: object = {}) => {
  const [plural = '', subresource] = resource.split('/');
  return { verb, group: '', resource: plural, ...(subresource ? { subresource } : {}), ...more };
};

describe('2.2.10 verbs', () => {
  test.each([
    ['get', 'get', true],
    ['*', 'deletecollection', true],
    ['Get', 'get', false],
    ['list', 'get', false],
    ['watch', 'list', false],
  ])('a rule for %s allows %s: %s', (own, asked, allowed) => {
    expect(allows(rule(can(own, 'secrets')), request(asked, 'secrets'))).toBe(allowed);
  });
  test('a verb in the wrong case is a dead part, an odd verb of an operator is not', () => {
    expect(ineffectiveParts(rule(can('Get,list', 'pods')), 'ClusterRole', 'ClusterRoleBinding')).toEqual({
      parts: [{ part: 'Get', why: expect.stringContaining('lower case'), field: 'verbs', index: 0 }],
      effective: true,
    });
    expect(ineffectiveParts(rule(can('impersonate:user-info,unlock', 'pods')), 'Role', 'RoleBinding').parts).toEqual([]);
  });
});

describe('2.2.11 apiGroups', () => {
  test.each([
    [[''], '', true],
    [[''], 'apps', false],
    [['*'], 'apps', true],
    [['apps'], '', false],
  ])('groups %j cover %j: %s', (apiGroups, group, allowed) => {
    expect(allows(rule({ ...can('get', 'deployments'), apiGroups }), { verb: 'get', group, resource: 'deployments' })).toBe(
      allowed,
    );
  });
  test.each([{ verbs: [] }, { apiGroups: [] }, { resources: [] }])('a rule with %j empty grants nothing', (part) => {
    expect(allows(rule({ ...star, ...part }), request('get', 'pods'))).toBe(false);
  });
});

describe('2.2.12 resources', () => {
  test.each([
    ['*', 'pods/log', true],
    ['pods', 'pods/log', false],
    ['pods/log', 'pods/log', true],
    ['pods/log', 'pods', false],
    ['*/scale', 'deployments/scale', true],
    ['*/scale', 'deployments', false],
    ['*/scale', 'deployments/upscale', false],
    ['pods/*', 'pods/log', false],
    ['Pods', 'pods', false],
  ])('%s covers %s: %s', (own, asked, allowed) => {
    expect(allows(rule(can('get', own)), request('get', asked))).toBe(allowed);
  });
  test('pods/* is reported as no wildcard', () => {
    expect(ineffectiveParts(rule(can('get', 'pods/*')), 'Role', 'RoleBinding')).toEqual({
      parts: [{ part: 'pods/*', why: expect.stringContaining('no wildcard'), field: 'resources', index: 0 }],
      effective: false,
    });
  });
});

describe('2.2.13 resourceNames', () => {
  test.each([
    ['get', 'secrets', 'a', true],
    ['get', 'secrets', 'b', false],
    ['get', 'secrets', undefined, false],
    ['create', 'secrets', undefined, false],
    ['list', 'secrets', undefined, false],
    ['list', 'secrets', 'a', true],
    ['create', 'pods/exec', 'a', true],
  ])('names [a] allow %s %s %s: %s', (verb, resource, name, allowed) => {
    expect(allows(rule(can('*', 'secrets,pods/exec', 'a')), request(verb, resource, name === undefined ? {} : { name }))).toBe(
      allowed,
    );
  });
  test('* in resourceNames is a literal name', () => {
    expect(allows(rule(can('get', 'secrets', '*')), request('get', 'secrets', { name: 'a' }))).toBe(false);
  });
  test.each([
    ['create', 'secrets', undefined],
    ['deletecollection', 'secrets', undefined],
    ['list', 'secrets', ['a']],
    ['create', 'serviceaccounts/token', ['a']],
  ])('names that %s %s reaches: %j', (verb, resource, names) => {
    expect(namesOf(rule(can('*', 'secrets,serviceaccounts/token', 'a')), verb, '', resource)).toEqual(names);
  });
  test('the empty name in resourceNames allows requests that carry none', () => {
    const written = rule(can('*', 'secrets', ''));
    expect([
      allows(written, request('create', 'secrets')),
      namesOf(written, 'create', '', 'secrets'),
      namesOf(written, 'list', '', 'secrets'),
      namesOf(written, 'get', '', 'secrets'),
    ]).toEqual([true, 'all', 'all', undefined]);
  });
});

describe('2.2.14 nonResourceURLs', () => {
  test.each([
    ['*', '/metrics', true],
    ['/metrics', '/metrics', true],
    ['/foo/*', '/foo/bar', true],
    ['/foo/*', '/foo', false],
    ['/foo*', '/foobar', true],
    ['/f*o', '/foo', false],
  ])('%s covers %s: %s', (pattern, url, allowed) => {
    expect(allows(rule({ verbs: ['get'], nonResourceURLs: [pattern] }), { verb: 'get', url })).toBe(allowed);
  });
  test.each([
    ['ClusterRole', 'ClusterRoleBinding', true],
    ['ClusterRole', 'RoleBinding', false],
    ['Role', 'RoleBinding', false],
  ] as const)('paths of a %s through a %s are effective: %s', (kind, binding, effective) => {
    expect(ineffectiveParts(rule({ verbs: ['get'], nonResourceURLs: ['/metrics'] }), kind, binding).effective).toBe(effective);
  });
  test('a rule for objects allows no path, and the other way round', () => {
    expect(allows(rule(star), { verb: 'get', url: '/metrics' })).toBe(false);
    expect(allows(rule({ verbs: ['*'], nonResourceURLs: ['*'] }), request('get', 'pods'))).toBe(false);
  });
});

describe('2.2.15 cluster-scoped resources through a RoleBinding', () => {
  test.each([
    ['get', 'nodes', false],
    ['patch', 'namespaces', true],
    ['create', 'namespaces', false],
    ['impersonate', 'users', false],
    ['impersonate', 'serviceaccounts', true],
    ['bind', 'rbac.authorization.k8s.io:clusterroles', true],
    ['get', 'rbac.authorization.k8s.io:clusterroles', false],
    ['get', 'example.com:things', true],
  ])('%s %s has an effect: %s', (verb, resource, effective) => {
    expect(ineffectiveParts(rule(can(verb, resource)), 'ClusterRole', 'RoleBinding').effective).toBe(effective);
    expect(ineffectiveParts(rule(can(verb, resource)), 'ClusterRole', 'ClusterRoleBinding').effective).toBe(true);
  });
});

test('only a rule without names is equal to cluster-admin', () => {
  expect([
    isStar(rule(star)),
    isStar(rule({ ...star, resourceNames: ['a'] })),
    isStar(rule({ ...star, apiGroups: [''] })),
  ]).toEqual([true, false, false]);
});
