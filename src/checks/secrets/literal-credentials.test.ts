import { describe, expect, it } from 'vitest';
import { examine, verdicts } from '../testing.ts';
import { literalCredentials } from './literal-credentials.ts';

const pod = (container: string, rest = '') => `
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop }
spec:
  containers: [{ name: web, image: a, ${container} }]
${rest}
`;
const messages = (objects: string) =>
  examine(literalCredentials, { objects }).map(({ outcome, message }) => `${outcome}: ${message}`);

describe('literal-credentials', () => {
  it.each<[string, string, readonly string[]]>([
    [
      'complaint 3: *_FILE, *_PATH and *_DIR name files',
      'env: [{ name: DB_PASSWORD_FILE, value: /run/s }, { name: SECRETS_DIR, value: /etc/secrets }, { name: TOKEN_PATH, value: /var/token }]',
      ['pass: No literal credential.'],
    ],
    [
      'complaint 3: e-mail addresses and switches',
      'env: [{ name: ADMIN_EMAIL, value: ops@shop.example }, { name: PASSWORD_LOGIN_ENABLED, value: "true" }]',
      ['pass: No literal credential.'],
    ],
    [
      'complaint 3: a reference to a Secret is the remedy',
      'envFrom: [{ secretRef: { name: db } }], env: [{ name: DB_PASSWORD, valueFrom: { secretKeyRef: { name: db, key: password } } }]',
      ['pass: No literal credential.'],
    ],
    [
      'complaint 3: the finding names the variable',
      'env: [{ name: LOG, value: info }, { name: DB_PASSWORD, value: hunter22 }]',
      ['fail: Variable DB_PASSWORD holds a literal credential.'],
    ],
    [
      'each variable is a finding',
      'env: [{ name: A_PASSWORD, value: hunter22 }, { name: B_TOKEN, value: tq8Zk2LxV9mRb4Wc7NpD }]',
      ['fail: Variable A_PASSWORD holds a literal credential.', 'fail: Variable B_TOKEN holds a literal credential.'],
    ],
    [
      'references of Kubernetes are no literals',
      'env: [{ name: DB_PASSWORD, value: $(OTHER) }]',
      ['pass: No literal credential.'],
    ],
    ['placeholders are no credentials', 'env: [{ name: DB_PASSWORD, value: CHANGE_ME }]', ['pass: No literal credential.']],
    [
      'the default password of an image is one',
      'env: [{ name: POSTGRES_PASSWORD, value: postgres }]',
      ['fail: Variable POSTGRES_PASSWORD holds a literal credential.'],
    ],
    [
      'an option with its value',
      'args: ["--log=info", "--db-password=hunter22"]',
      ['fail: Option --db-password holds a literal credential.'],
    ],
    [
      'an option before its value',
      'args: ["--db-password", "hunter22"]',
      ['fail: Option --db-password holds a literal credential.'],
    ],
    [
      'a password inside a shell command',
      'command: [sh, -c, "PGPASSWORD=hunter22 psql"]',
      ['fail: Item 3 of command holds a literal credential.'],
    ],
    [
      'a password in a URL',
      'env: [{ name: UPSTREAM, value: "amqp://app:hunter22@mq/" }]',
      ['fail: Variable UPSTREAM holds a literal credential.'],
    ],
  ])('%s', (_, container, expected) => {
    expect(messages(pod(container))).toEqual(expected);
  });

  it('init and ephemeral containers count', () => {
    const objects = pod(
      'env: []',
      '  initContainers: [{ name: i, image: a, env: [{ name: X_PASSWORD, value: hunter22 }] }]\n  ephemeralContainers: [{ name: e, image: a, env: [{ name: Y_PASSWORD, value: hunter22 }] }]',
    );
    expect(verdicts(examine(literalCredentials, { objects }))).toEqual([
      'fail variable Pod/web/e',
      'fail variable Pod/web/i',
      'pass clean Pod/web/web',
    ]);
  });

  it('one credential in the object and in kubectl’s copy of it is one finding', () => {
    const copy = JSON.stringify({ kind: 'Pod', spec: { containers: [{ env: [{ name: 'X_PASSWORD', value: 'hunter22' }] }] } });
    const objects = `apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: '${copy}'\nspec: { containers: [{ name: web, image: a, env: [{ name: X_PASSWORD, value: hunter22 }] }] }\n`;
    expect(verdicts(examine(literalCredentials, { objects }))).toEqual(['fail variable Pod/web/web']);
  });

  it('annotations and custom kinds count', () => {
    const objects = `
apiVersion: v1
kind: Service
metadata: { name: s, namespace: shop, annotations: { example.org/api-token: tq8Zk2LxV9mRb4Wc7NpD } }
---
apiVersion: monitoring.coreos.com/v1alpha1
kind: AlertmanagerConfig
metadata: { name: a, namespace: shop }
spec: { receivers: [{ name: x, webhookConfigs: [{ url: "https://hooks.slack.com/services/T0000/B0000/abcdEFGH1234" }] }] }
`;
    expect(verdicts(examine(literalCredentials, { objects }))).toEqual([
      'fail field AlertmanagerConfig/a',
      'fail annotation Service/s',
    ]);
  });

  it('a whole Secret in a ConfigMap is named as such', () => {
    const objects =
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: c }\ndata:\n  s.yaml: |\n    kind: Secret\n    apiVersion: v1\n    stringData: { a: hunter22 }\n';
    expect(verdicts(examine(literalCredentials, { objects }))).toEqual(['fail secret ConfigMap/c']);
  });

  it('each object of a List has its own values', () => {
    const item = (name: string, value: string) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name },
      data: { 'db-password': value },
    });
    const objects = JSON.stringify({
      apiVersion: 'v1',
      kind: 'List',
      items: [item('a', 'hunter22'), item('b', 'CHANGE_ME'), item('c', 'hunter23')],
    });
    expect(verdicts(examine(literalCredentials, { objects }))).toEqual([
      'fail key ConfigMap/a',
      'pass clean ConfigMap/b',
      'fail key ConfigMap/c',
    ]);
  });

  it('psql variables are no literals, SQL strings are', () => {
    const objects = (sql: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: c }\ndata:\n  a.sql: |\n    ${sql}\n`;
    expect(verdicts(examine(literalCredentials, { objects: objects("ALTER ROLE app PASSWORD :'content';") }))).toEqual([
      'pass clean ConfigMap/c',
    ]);
    expect(verdicts(examine(literalCredentials, { objects: objects("ALTER ROLE app PASSWORD 'hunter22';") }))).toEqual([
      'fail key ConfigMap/c',
    ]);
  });

  it('Secrets are the matter of committed-secret', () => {
    expect(
      verdicts(
        examine(literalCredentials, {
          objects: 'apiVersion: v1\nkind: Secret\nmetadata: { name: s }\nstringData: { a: hunter22 }\n',
          complete: ['*'],
        }),
      ),
    ).toEqual(['not-applicable no-target Source/production']);
  });
});
