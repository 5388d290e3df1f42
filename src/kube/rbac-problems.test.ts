import { describe, expect, test } from 'vitest';
import { formatPath } from '../model/judgement.ts';
import type { KubeObject } from './object.ts';
import { rbacProblems } from './rbac-problems.ts';

const group = 'rbac.authorization.k8s.io';
const object = (kind: string, body: object): KubeObject => ({
  ref: {
    apiVersion: `${group}/v1`,
    kind,
    name: 'x',
    ...(kind === 'Role' || kind === 'RoleBinding' ? { namespace: 'shop' } : {}),
  },
  group,
  value: { apiVersion: `${group}/v1`, kind, metadata: { name: 'x' }, ...body },
  source: {
    slot: 's',
    file: 'f',
    document: 0,
    path: [],
    rendered: false,
    live: false,
    environment: 'production',
    role: 'system',
  },
  masks: {},
});
const told = (kind: string, body: object) =>
  rbacProblems(object(kind, body)).map(({ path, problem }) => `${formatPath(path)}: ${problem}`);
const rule = { verbs: ['get'], apiGroups: [''], resources: ['pods'] };
const roleRef = { apiGroup: group, kind: 'ClusterRole', name: 'view' };

describe('2.2.11 rules that the API server refuses', () => {
  test.each<[string, string, object, readonly string[]]>([
    ['a whole rule', 'Role', rule, []],
    ['no verbs', 'Role', { ...rule, verbs: [] }, ['rules[0]: the rule names no verbs']],
    [
      'no apiGroups',
      'Role',
      { verbs: ['get'], resources: ['pods'] },
      ['rules[0]: the rule names no apiGroups (the core group is "")'],
    ],
    ['no resources', 'ClusterRole', { verbs: ['get'], apiGroups: [''] }, ['rules[0]: the rule names no resources']],
    ['paths', 'ClusterRole', { verbs: ['get'], nonResourceURLs: ['/x'] }, []],
    [
      '2.2.14 paths in a Role',
      'Role',
      { verbs: ['get'], nonResourceURLs: ['/x'] },
      ['rules[0].nonResourceURLs: a Role cannot allow paths (nonResourceURLs)'],
    ],
    [
      '2.2.14 paths beside resources',
      'ClusterRole',
      { ...rule, nonResourceURLs: ['/x'] },
      ['rules[0].nonResourceURLs: one rule cannot allow both resources and paths (nonResourceURLs)'],
    ],
  ])('%s', (_name, kind, written, expected) => {
    expect(told(kind, { rules: [written] })).toEqual(expected);
  });
});

describe('2.2.19 aggregationRules that the API server refuses', () => {
  test.each<[string, object, readonly string[]]>([
    ['a selector', { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] }, []],
    ['none', {}, ['aggregationRule: an aggregationRule needs at least one clusterRoleSelector']],
    [
      'an operator that there is not',
      { clusterRoleSelectors: [{ matchExpressions: [{ key: 'a', operator: 'Is', values: ['b'] }] }] },
      ['aggregationRule.clusterRoleSelectors[0].matchExpressions[0]: operator must be In, NotIn, Exists or DoesNotExist, not Is'],
    ],
    [
      'a selector with labels in the wrong place',
      { clusterRoleSelectors: [{ app: 'x' }] },
      ['aggregationRule.clusterRoleSelectors[0].app: unknown field app in a label selector'],
    ],
  ])('%s', (_name, aggregationRule, expected) => {
    expect(told('ClusterRole', { aggregationRule })).toEqual(expected);
  });
});

describe('2.1.2 roleRefs that the API server refuses', () => {
  test.each<[string, string, object, readonly string[]]>([
    ['a ClusterRole', 'RoleBinding', { roleRef }, []],
    ['without apiGroup it gets the default', 'RoleBinding', { roleRef: { kind: 'Role', name: 'r' } }, []],
    [
      'another apiGroup',
      'RoleBinding',
      { roleRef: { ...roleRef, apiGroup: 'v1' } },
      [`roleRef.apiGroup: roleRef.apiGroup must be ${group}, not v1`],
    ],
    [
      'another kind',
      'RoleBinding',
      { roleRef: { ...roleRef, kind: 'Group' } },
      ['roleRef.kind: roleRef.kind must be Role or ClusterRole, not Group'],
    ],
    [
      'a Role in a ClusterRoleBinding',
      'ClusterRoleBinding',
      { roleRef: { ...roleRef, kind: 'Role' } },
      ['roleRef.kind: roleRef.kind must be ClusterRole, not Role'],
    ],
    ['no kind', 'ClusterRoleBinding', { roleRef: { name: 'r' } }, ['roleRef: roleRef.kind must be ClusterRole']],
    ['no name', 'RoleBinding', { roleRef: { kind: 'Role' } }, ['roleRef: roleRef.name is missing']],
    [
      'a name with a namespace',
      'RoleBinding',
      { roleRef: { kind: 'Role', name: 'shop/r' } },
      ['roleRef.name: roleRef.name may not hold / or %'],
    ],
    ['no roleRef', 'RoleBinding', {}, [': it has no roleRef']],
  ])('%s', (_name, kind, body, expected) => {
    expect(told(kind, body)).toEqual(expected);
  });
});

describe('2.1.4 subjects that the API server refuses', () => {
  test.each<[string, string, object, readonly string[]]>([
    ['a user', 'RoleBinding', { kind: 'User', name: 'a', apiGroup: group }, []],
    ['a user without apiGroup gets the default', 'RoleBinding', { kind: 'User', name: 'a' }, []],
    [
      'a user of another group',
      'RoleBinding',
      { kind: 'User', name: 'a', apiGroup: 'v1' },
      [`subjects[0].apiGroup: apiGroup of a User must be ${group}, not v1`],
    ],
    [
      'an account with a group',
      'RoleBinding',
      { kind: 'ServiceAccount', name: 'a', namespace: 'b', apiGroup: group },
      [`subjects[0].apiGroup: apiGroup of a ServiceAccount must be empty, not ${group}`],
    ],
    ['an account without a namespace', 'RoleBinding', { kind: 'ServiceAccount', name: 'a' }, []],
    [
      'an account without a namespace everywhere',
      'ClusterRoleBinding',
      { kind: 'ServiceAccount', name: 'a' },
      ['subjects[0]: a ServiceAccount in a ClusterRoleBinding needs its namespace'],
    ],
    ['no name', 'RoleBinding', { kind: 'Group' }, ['subjects[0]: the Group has no name']],
    [
      'another kind',
      'RoleBinding',
      { kind: 'Robot', name: 'a' },
      ['subjects[0].kind: a subject is a User, a Group or a ServiceAccount, not a Robot'],
    ],
    [
      'no kind',
      'RoleBinding',
      { name: 'a' },
      ['subjects[0]: a subject is a User, a Group or a ServiceAccount; this one has no kind'],
    ],
  ])('%s', (_name, kind, subject, expected) => {
    expect(told(kind, { roleRef, subjects: [subject] })).toEqual(expected);
  });
});

test('objects of other kinds and groups are not looked at', () => {
  expect(told('Deployment', { rules: [{}] })).toEqual([]);
  expect(rbacProblems({ ...object('Role', { rules: [{}] }), group: 'authorization.openshift.io' })).toEqual([]);
});
