import { describe, expect, test } from 'vitest';
import type { ReviewResult } from '../../src/model/result.ts';
import { run } from '../cli/host.ts';

const about: readonly string[] = ['readable-input', 'dangling-binding', 'ineffective-permissions'];

/**
 * What `seaworthy review` finds wrong in a file that holds all that exists, as `check message line:column`: never a crash, never
 * silence.
 */
async function findings(text: string): Promise<readonly string[]> {
  const review = `apiVersion: seaworthy.dev/v1alpha1
kind: Review
metadata: { name: bad }
spec:
  sources: [{ manifests: rbac.yaml, complete: ["*"] }]
`;
  const { code, stdout, stderr } = await run(['review', '-f', 'json', 'review.yaml'], {
    'review.yaml': review,
    'rbac.yaml': text,
  });
  expect([code === 0 || code === 1, stderr]).toEqual([true, '']);
  const { checks } = JSON.parse(stdout) as ReviewResult;
  return checks
    .filter(({ id }) => about.includes(id))
    .flatMap(({ id, assessments }) =>
      assessments
        .filter(({ outcome }) => outcome === 'fail')
        .map(({ messageId, location }) => `${id} ${messageId} ${location?.file}:${location?.line}:${location?.column}`),
    )
    .sort();
}

const head = 'apiVersion: rbac.authorization.k8s.io/v1\n';
const clusterRole = (name: string, rest: string) => `${head}kind: ClusterRole\nmetadata: { name: ${name} }\n${rest}`;
const role = (rest: string) => `${head}kind: Role\nmetadata: { name: r, namespace: shop }\n${rest}`;
const binding = (rest: string) => `${head}kind: RoleBinding\nmetadata: { name: b, namespace: shop }\n${rest}`;
const toView = 'roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view }\n';
const nobody = 'subjects: []\n';
const pods = 'rules:\n  - { apiGroups: [""], resources: [pods], verbs: [get] }\n';

describe('bad RBAC input is told with its place', () => {
  test.each<[string, string, readonly string[]]>([
    ['nothing is wrong', role(pods), []],
    [
      'a ClusterRole that aggregates itself by its own label',
      `${head}kind: ClusterRole\nmetadata: { name: a, labels: { x: "1" } }\naggregationRule:\n  clusterRoleSelectors: [{ matchLabels: { x: "1" } }]\nrules: []\n`,
      ['ineffective-permissions selects-itself rbac.yaml:4:1'],
    ],
    [
      'two ClusterRoles that aggregate each other',
      ['a', 'b']
        .map(
          (name, index) =>
            `${head}kind: ClusterRole\nmetadata: { name: ${name}, labels: { to: "${index}" } }\naggregationRule: { clusterRoleSelectors: [{ matchLabels: { to: "${1 - index}" } }] }\n`,
        )
        .join('---\n'),
      ['ineffective-permissions aggregates-itself rbac.yaml:4:1', 'ineffective-permissions aggregates-itself rbac.yaml:9:1'],
    ],
    [
      'an aggregationRule without selectors',
      clusterRole('a', 'aggregationRule: {}\nrules: []\n'),
      ['readable-input refused rbac.yaml:4:1'],
    ],
    [
      'an aggregationRule with an invalid selector',
      clusterRole(
        'a',
        'aggregationRule:\n  clusterRoleSelectors:\n    - matchExpressions:\n        - { key: x, operator: Is, values: [z] }\nrules: []\n',
      ),
      ['readable-input refused rbac.yaml:7:11'],
    ],
    [
      'a selector with labels in the wrong place, which would select everything',
      clusterRole('a', 'aggregationRule:\n  clusterRoleSelectors:\n    - app: x\nrules: []\n'),
      [
        'ineffective-permissions selects-itself rbac.yaml:4:1',
        'readable-input refused rbac.yaml:6:7',
        'readable-input unknown-field rbac.yaml:6:7',
      ],
    ],
    [
      'rules of an aggregated role, which are lost',
      clusterRole('a', `aggregationRule: { clusterRoleSelectors: [{ matchLabels: { x: z } }] }\n${pods}`),
      ['ineffective-permissions overwritten rbac.yaml:6:5'],
    ],
    [
      'a binding to a missing role',
      binding(`roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: gone }\n${nobody}`),
      ['dangling-binding role-missing rbac.yaml:4:1'],
    ],
    [
      "a RoleBinding to another namespace's Role",
      `${head}kind: Role\nmetadata: { name: r, namespace: bank }\n${pods}---\n${binding(`roleRef: { kind: Role, name: r }\n${nobody}`)}`,
      ['dangling-binding role-missing rbac.yaml:10:1'],
    ],
    [
      'a roleRef of a wrong apiGroup',
      binding(`roleRef:\n  apiGroup: rbac.authorization.k8s.io/v1\n  kind: ClusterRole\n  name: view\n${nobody}`),
      ['dangling-binding no-role rbac.yaml:5:3'],
    ],
    [
      'a roleRef of a wrong kind',
      binding(`roleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: clusterrole\n  name: view\n${nobody}`),
      ['dangling-binding no-role rbac.yaml:6:3'],
    ],
    ['no roleRef at all', binding(nobody), ['dangling-binding no-role rbac.yaml:1:1']],
    [
      'a ClusterRoleBinding to a Role',
      `${head}kind: ClusterRoleBinding\nmetadata: { name: b }\nroleRef:\n  kind: Role\n  name: r\n${nobody}`,
      ['dangling-binding no-role rbac.yaml:5:3'],
    ],
    [
      'a ServiceAccount without a namespace in a ClusterRoleBinding',
      `${head}kind: ClusterRoleBinding\nmetadata: { name: b }\n${toView}subjects:\n  - kind: ServiceAccount\n    name: web\n`,
      ['dangling-binding no-namespace rbac.yaml:6:5'],
    ],
    [
      'a subject of an unknown kind, and one without a name',
      binding(`${toView}subjects:\n  - kind: Robot\n    name: r2\n  - kind: User\n`),
      ['dangling-binding refused rbac.yaml:6:5', 'dangling-binding refused rbac.yaml:8:5'],
    ],
    [
      'a ServiceAccount that does not exist',
      binding(`${toView}subjects:\n  - kind: ServiceAccount\n    name: ghost\n`),
      ['dangling-binding account-missing rbac.yaml:6:5'],
    ],
    [
      'a Role with nonResourceURLs',
      role('rules:\n  - nonResourceURLs: [/metrics]\n    verbs: [get]\n'),
      ['ineffective-permissions dead rbac.yaml:5:23', 'readable-input refused rbac.yaml:5:5'],
    ],
    [
      'a rule without verbs, one without apiGroups, and one without resources',
      role(
        'rules:\n  - { apiGroups: [""], resources: [pods] }\n  - { resources: [pods], verbs: [get] }\n  - { apiGroups: [""], verbs: [get] }\n',
      ),
      ['readable-input refused rbac.yaml:5:5', 'readable-input refused rbac.yaml:6:5', 'readable-input refused rbac.yaml:7:5'],
    ],
    [
      'a rule over resources and paths',
      clusterRole('a', 'rules:\n  - apiGroups: [""]\n    resources: [pods]\n    nonResourceURLs: [/x]\n    verbs: [get]\n'),
      ['readable-input refused rbac.yaml:7:5'],
    ],
    [
      'verbs that are no list, and a rule that is none',
      role('rules:\n  - { apiGroups: [""], resources: [pods], verbs: get }\n  - all\n'),
      [
        'readable-input refused rbac.yaml:5:5',
        'readable-input refused rbac.yaml:6:5',
        'readable-input wrong-type rbac.yaml:5:43',
        'readable-input wrong-type rbac.yaml:6:5',
      ],
    ],
    [
      'a field that there is not',
      role('rules:\n  - { apiGroups: [""], resource: [pods], resources: [pods], verbs: [get] }\n'),
      ['readable-input unknown-field rbac.yaml:5:24'],
    ],
    ['the same role twice', `${role(pods)}---\n${role(pods)}`, ['readable-input duplicate rbac.yaml:1:1']],
    [
      'an unknown verb, a wildcard that is none, a literal star, a resource of another group',
      role(
        [
          'rules:',
          '  - { apiGroups: [""], resources: [pods], verbs: [Get] }',
          '  - { apiGroups: [""], resources: ["pods/*"], verbs: [get] }',
          '  - { apiGroups: [""], resources: [secrets], resourceNames: ["*"], verbs: [get] }',
          '  - { apiGroups: [""], resources: [deployments], verbs: [get] }',
          '',
        ].join('\n'),
      ),
      [
        'ineffective-permissions dead rbac.yaml:5:51',
        'ineffective-permissions dead rbac.yaml:6:36',
        'ineffective-permissions dead rbac.yaml:7:62',
        'ineffective-permissions dead rbac.yaml:8:36',
      ],
    ],
    [
      'cluster-scoped resources and paths through a RoleBinding',
      `${clusterRole('wide', 'rules:\n  - { apiGroups: [""], resources: [nodes], verbs: [get] }\n  - { nonResourceURLs: [/metrics], verbs: [get] }\n')}---\n${binding('roleRef: { kind: ClusterRole, name: wide }\nsubjects: [{ kind: User, name: a }]\n')}`,
      ['ineffective-permissions dead-through rbac.yaml:5:36', 'ineffective-permissions dead-through rbac.yaml:6:25'],
    ],
  ])('%s', async (_name, text, expected) => {
    expect(await findings(text)).toEqual(expected);
  });

  test('a thousand ClusterRoles that take in each other end, each with its finding', async () => {
    const many = Array.from(
      { length: 1000 },
      (_, index) =>
        `${head}kind: ClusterRole\nmetadata: { name: r${index}, labels: { all: "1", at: "${index}" } }\naggregationRule: { clusterRoleSelectors: [{ matchLabels: { all: "1" } }, { matchLabels: { at: "${index + 1}" } }] }\n`,
    ).join('---\n');
    const told = await findings(many);
    expect(told.filter((line) => line.startsWith('ineffective-permissions aggregates-itself'))).toHaveLength(1000);
  });
});
