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

/** Access. */
export const accessMutations: readonly Mutation[] = [
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
