import { cut, type Mutation, production, reviewFile, swap, unattested } from './row.ts';

const deployer = production('deployer-access');
const backend = production('backend');
const accounts = production('service-accounts');

/** Takes the level that a Namespace enforces out of its manifest and out of the dump. */
const unenforced = (namespace: string) => {
  const labels = `name: ${namespace}\n  labels:\n    environment: production\n`;
  return [
    swap(production('namespaces'), `${labels}    pod-security.kubernetes.io/enforce: restricted\n`, labels),
    { file: 'cluster/platform.json', change: (text: string) => withoutLevel(text, namespace) },
  ];
};
const withoutLevel = (text: string, namespace: string) => {
  const list = JSON.parse(text) as { items: { kind: string; metadata: { name: string; labels?: Record<string, string> } }[] };
  for (const { kind, metadata } of list.items)
    if (kind === 'Namespace' && metadata.name === namespace) delete metadata.labels?.['pod-security.kubernetes.io/enforce'];
  return JSON.stringify(list, undefined, 2);
};

/** Binds a ServiceAccount of Gravl to a ClusterRole for the whole cluster. */
const clusterBinding = (role: string, account: string) => `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: extra }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: ${role} }
subjects: [{ kind: ServiceAccount, name: ${account}, namespace: gravl-prod }]
`;

/** Secrets and access. */
export const securityMutations: readonly Mutation[] = [
  {
    check: 'committed-secret',
    without: 'a repository without Secrets',
    edits: [
      {
        file: production('secret-stores'),
        append:
          'apiVersion: v1\nkind: Secret\nmetadata: { name: extra, namespace: gravl-prod }\nstringData: { password: q7Zr0vXk29LmPw4T }\n',
      },
    ],
    outcome: 'fail',
    message: 'value',
  },
  {
    check: 'literal-credentials',
    without: 'the password in a file',
    edits: [
      swap(
        backend,
        'DATABASE_PASSWORD_FILE\n              value: /run/secrets/postgres/database-password',
        'DATABASE_PASSWORD\n              value: q7Zr0vXk29LmPw4T',
      ),
    ],
    outcome: 'fail',
    message: 'variable',
  },
  {
    check: 'managed-secrets',
    without: 'what produces gravl-jwt',
    edits: [swap(production('external-secrets'), 'target:\n    name: gravl-jwt', 'target:\n    name: gravl-jwt-2')],
    outcome: 'fail',
    message: 'nothing',
  },
  {
    check: 'managed-secrets',
    without: 'the generators',
    edits: [{ file: production('secret-generators'), remove: true }],
    outcome: 'fail',
    message: 'no-source',
  },
  {
    check: 'database-password-strength',
    without: 'the length of the generated password',
    edits: [
      swap(
        production('secret-generators'),
        'name: database-password\n  namespace: gravl-prod\nspec:\n  length: 40\n  digits: 10',
        'name: database-password\n  namespace: gravl-prod\nspec:\n  length: 8\n  digits: 2',
      ),
    ],
    outcome: 'fail',
    message: 'weak-generator',
  },
  {
    check: 'jwt-secret-strength',
    without: 'the length of the generated key',
    edits: [swap(production('secret-generators'), '  length: 64\n  digits: 16', '  digits: 4')],
    outcome: 'fail',
    message: 'weak-generator',
  },
  {
    check: 'tls-key-access',
    without: 'a deployer that may not read Secrets',
    edits: [swap(deployer, 'resources: [pods]', 'resources: [pods, secrets]')],
    outcome: 'fail',
    message: 'readable',
  },
  {
    check: 'encryption-at-rest',
    without: 'the attestation',
    edits: unattested('encryption-at-rest'),
    outcome: 'unknown',
    message: 'unseen',
  },
  {
    check: 'rotation-procedure',
    without: 'the declaration',
    edits: [cut(reviewFile, '    - { kind: secret-rotation-procedure, path: docs/secret-rotation.md }\n')],
    outcome: 'unknown',
    message: 'undeclared',
  },
  {
    check: 'secret-options-documented',
    without: 'the document',
    edits: [{ file: 'docs/secret-options.md', content: '# How secrets reach the cluster\n\nTODO\n' }],
    outcome: 'fail',
    message: 'open',
  },
  {
    check: 'secret-rotation',
    without: 'the interval of gravl-jwt',
    edits: [
      swap(
        production('external-secrets'),
        '  name: gravl-jwt\n  namespace: gravl-prod\nspec:\n  refreshPolicy: Periodic\n  refreshInterval: 2160h',
        '  name: gravl-jwt\n  namespace: gravl-prod\nspec:\n  refreshPolicy: CreatedOnce',
      ),
    ],
    outcome: 'fail',
    message: 'once',
  },
  {
    check: 'secret-rotation',
    without: 'the attestation',
    edits: [
      swap(
        reviewFile,
        '- check: secret-rotation\n      target: ExternalSecret/gravl-monitoring/alertmanager-receivers',
        '- check: readable-input',
      ),
    ],
    outcome: 'unknown',
    message: 'store',
  },
  {
    check: 'secret-as-file',
    without: 'the file',
    edits: [
      swap(
        backend,
        '- name: JWT_SECRET_FILE\n              value: /run/secrets/jwt/jwt-secret',
        '- name: JWT_SECRET\n              valueFrom: { secretKeyRef: { name: gravl-jwt, key: jwt-secret } }',
      ),
    ],
    outcome: 'fail',
    message: 'environment',
  },

  {
    check: 'cluster-admin-binding',
    without: 'a narrow binding',
    edits: [{ file: deployer, append: clusterBinding('cluster-admin', 'gravl-deployer') }],
    outcome: 'fail',
    message: 'admin',
  },
  {
    check: 'cluster-admin-binding',
    without: 'completeness for ClusterRoleBindings',
    edits: [cut(reviewFile, '        - ClusterRoleBinding\n')],
    outcome: 'unknown',
    message: 'hidden',
  },
  {
    check: 'cluster-escalation',
    without: 'the Pod Security level of gravl-prod',
    edits: unenforced('gravl-prod'),
    outcome: 'unknown',
    message: 'depends',
  },
  {
    check: 'cluster-escalation',
    without: 'the Pod Security level of gravl-prod and the admission policies of the deployer',
    edits: [...unenforced('gravl-prod'), { file: production('deployer-admission'), remove: true }],
    outcome: 'fail',
    message: 'node',
  },
  {
    check: 'cluster-scope-write',
    without: 'grants that end at the namespace',
    edits: [{ file: deployer, append: clusterBinding('edit', 'backend') }],
    outcome: 'fail',
    message: 'writes',
  },
  {
    check: 'cross-namespace-access',
    without: 'the limit to reading',
    edits: [
      swap(
        production('prometheus-access'),
        'namespace: gravl-prod\nrules:\n  - apiGroups: [""]\n    resources: [pods, services]\n    verbs: [get, list, watch]',
        'namespace: gravl-prod\nrules:\n  - apiGroups: [""]\n    resources: [pods, services]\n    verbs: [get, list, watch, delete]',
      ),
    ],
    outcome: 'fail',
    message: 'writing',
  },
  {
    check: 'namespace-escalation',
    without: 'an account of postgres without rights',
    target: 'postgres',
    edits: [
      swap(
        deployer,
        'subjects:\n  - kind: ServiceAccount\n    name: gravl-deployer',
        'subjects:\n  - kind: ServiceAccount\n    name: postgres',
      ),
    ],
    outcome: 'fail',
    message: 'takes',
  },
  {
    check: 'pod-security-enforcement',
    without: 'the label of gravl-monitoring',
    edits: unenforced('gravl-monitoring'),
    outcome: 'fail',
    message: 'only-reported',
  },
  {
    check: 'secret-read-access',
    without: 'the limit to Pods',
    edits: [swap(deployer, 'resources: [pods]', 'resources: [pods, secrets]')],
    outcome: 'fail',
    message: 'every',
  },
  {
    check: 'secret-write-access',
    without: 'the limit to Jobs',
    edits: [
      swap(deployer, 'apiGroups: [batch]\n    resources: [jobs]', 'apiGroups: [batch, ""]\n    resources: [jobs, secrets]'),
    ],
    outcome: 'fail',
    message: 'every',
  },
  {
    check: 'wildcard-permissions',
    without: 'the named verb',
    edits: [swap(deployer, 'verbs: [patch]', "verbs: ['*']")],
    outcome: 'fail',
    message: 'wildcard',
  },
  {
    check: 'dangling-binding',
    without: 'the account that is bound',
    edits: [swap(accounts, 'name: gravl-deployer', 'name: gravl-deployer-2')],
    outcome: 'fail',
    message: 'account-missing',
  },
  {
    check: 'default-service-account',
    without: 'an account of its own, and the missing token of default',
    edits: [
      cut(backend, '      serviceAccountName: backend\n      automountServiceAccountToken: false\n'),
      swap(
        accounts,
        '  name: default\n  namespace: gravl-prod\nautomountServiceAccountToken: false',
        '  name: default\n  namespace: gravl-prod',
      ),
    ],
    outcome: 'fail',
    message: 'holds-token',
  },
  {
    check: 'limit-range',
    without: 'the LimitRange of gravl-prod',
    edits: [
      {
        file: production('limits'),
        change: (text) =>
          text.replace(
            'name: container-defaults\n  namespace: gravl-prod',
            'name: container-defaults\n  namespace: gravl-elsewhere',
          ),
      },
    ],
    outcome: 'fail',
    message: 'absent',
  },
  {
    check: 'operator-accounts',
    without: 'the attestation',
    edits: unattested('operator-accounts'),
    outcome: 'unknown',
    message: 'review',
  },
  {
    check: 'token-automount',
    without: 'automountServiceAccountToken: false on the Pod and its account',
    edits: [
      cut(backend, '      automountServiceAccountToken: false\n'),
      swap(
        accounts,
        '  name: backend\n  namespace: gravl-prod\nautomountServiceAccountToken: false',
        '  name: backend\n  namespace: gravl-prod',
      ),
    ],
    outcome: 'fail',
    message: 'not-switched-off',
  },
];
