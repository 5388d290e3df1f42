import { cut, type Mutation, production, reviewFile, swap, unattested } from './row.ts';

const deployer = production('deployer-access');
const backend = production('backend');

/** Secrets. */
export const secretMutations: readonly Mutation[] = [
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
];
