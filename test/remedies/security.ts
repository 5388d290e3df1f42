import {
  added,
  type Application,
  application,
  attested,
  declare,
  externalSecret,
  monitoring,
  onPods,
  patch,
  staging,
} from './edit.ts';

const generatedSecret = (namespace: string, name: string, key: string, length: number) => [
  {
    apiVersion: 'generators.external-secrets.io/v1alpha1',
    kind: 'Password',
    metadata: { name, namespace },
    spec: { length, digits: 10, symbols: 0, noUpper: false, allowRepeat: true },
  },
  {
    apiVersion: 'external-secrets.io/v1',
    kind: 'ExternalSecret',
    metadata: { name, namespace },
    spec: {
      refreshInterval: '2160h',
      target: { name, creationPolicy: 'Owner' },
      dataFrom: [
        {
          sourceRef: { generatorRef: { apiVersion: 'generators.external-secrets.io/v1alpha1', kind: 'Password', name } },
          rewrite: [{ regexp: { source: 'password', target: key } }],
        },
      ],
    },
  },
];

/** Moves a variable of a container to a key of another Secret. */
const reference = (name: string, key: string) => ({ valueFrom: { secretKeyRef: { name, key } } });

const deployerRole = 'Role/gravl-staging-deployer';

/** Secrets and access. */
export const securityApplications: readonly Application[] = [
  {
    remedy: 'adopt-managed-secrets',
    apply: () => [
      { file: staging('secrets-template'), remove: true },
      added(
        'external-secrets',
        {
          apiVersion: 'external-secrets.io/v1',
          kind: 'ClusterSecretStore',
          metadata: { name: 'aws-secrets-manager' },
          spec: { provider: { aws: { service: 'SecretsManager', region: 'eu-north-1' } } },
        },
        externalSecret(application, 'gravl-secrets', ['JWT_SECRET', 'DATABASE_USER', 'DATABASE_PASSWORD']),
        externalSecret(monitoring, 'grafana-admin', ['admin-password']),
      ),
    ],
  },
  {
    // The values that only Gravl uses are drawn in the cluster; the user's name is no secret.
    remedy: 'strengthen-secrets',
    apply: () => [
      added(
        'generated-secrets',
        ...generatedSecret(application, 'gravl-jwt', 'JWT_SECRET', 64),
        ...generatedSecret(application, 'gravl-database', 'DATABASE_PASSWORD', 40),
      ),
      patch('backend', 'Deployment/backend', {
        'spec.template.spec.containers.0.env.7': {
          name: 'DATABASE_PASSWORD',
          ...reference('gravl-database', 'DATABASE_PASSWORD'),
        },
        'spec.template.spec.containers.0.env.8': { name: 'JWT_SECRET', ...reference('gravl-jwt', 'JWT_SECRET') },
      }),
      patch('postgres', 'StatefulSet/postgres', {
        'spec.template.spec.containers.0.env.2': {
          name: 'POSTGRES_PASSWORD',
          ...reference('gravl-database', 'DATABASE_PASSWORD'),
        },
      }),
      patch('backup', 'CronJob/postgres-backup', {
        'spec.jobTemplate.spec.template.spec.containers.0.env.3': {
          name: 'PGPASSWORD',
          ...reference('gravl-database', 'DATABASE_PASSWORD'),
        },
      }),
      patch('external-secrets', 'ExternalSecret/gravl-secrets', {
        'spec.data': [{ secretKey: 'DATABASE_USER', remoteRef: { key: 'gravl/gravl-secrets', property: 'DATABASE_USER' } }],
      }),
    ],
  },
  {
    remedy: 'automate-secret-rotation',
    apply: () => [
      attested([
        'secret-rotation',
        'AWS Secrets Manager rotates every value of Gravl each 60 days; workloads are restarted on change.',
      ]),
    ],
  },
  {
    remedy: 'protect-tls-keys',
    // Where the rule has gone, names alone would be a rule that the API server refuses.
    apply: (_task, done) =>
      done.has('narrow-permissions') ? [] : [patch('rbac', deployerRole, { 'rules.3.resourceNames': ['gravl-secrets'] })],
  },
  {
    remedy: 'document-secret-handling',
    apply: () => [declare({ documents: [{ kind: 'secret-rotation-procedure', path: 'docs/secret-rotation.md' }] })],
  },
  {
    remedy: 'encrypt-secrets-at-rest',
    apply: () => [attested(['encryption-at-rest', 'The cluster encrypts Secrets in etcd with a KMS key of its own.'])],
  },

  // The level of the namespaces cuts it; nothing else gives the deployer more than its namespace.
  { remedy: 'cut-cluster-escalation', apply: () => [] },
  {
    remedy: 'cut-namespace-escalation',
    apply: () => [patch('rbac', deployerRole, { 'rules.0.verbs': ['get', 'list', 'watch'] })],
  },
  { remedy: 'narrow-permissions', apply: () => [patch('rbac', deployerRole, { 'rules.3': undefined })] },
  {
    remedy: 'enforce-pod-security',
    apply: () =>
      [application, monitoring].map((namespace) =>
        patch('namespaces', `Namespace/${namespace}`, {
          'metadata.labels': {
            environment: 'staging',
            'pod-security.kubernetes.io/enforce': 'restricted',
            'pod-security.kubernetes.io/enforce-version': 'v1.34',
          },
        }),
      ),
  },
  {
    remedy: 'review-operator-accounts',
    apply: () => [
      attested([
        'operator-accounts',
        'The accounts of backup, logging and monitoring were reviewed; none has more than it needs.',
      ]),
    ],
  },
  {
    remedy: 'dedicate-service-accounts',
    apply: () => [...onPods((file) => (file === 'prometheus' ? undefined : { 'spec.automountServiceAccountToken': false }))],
  },
  {
    remedy: 'add-limit-range',
    apply: () => [
      added(
        'limits',
        ...[application, monitoring].map((namespace) => ({
          apiVersion: 'v1',
          kind: 'LimitRange',
          metadata: { name: 'container-defaults', namespace },
          spec: {
            limits: [
              {
                type: 'Container',
                defaultRequest: { cpu: '50m', memory: '64Mi' },
                default: { cpu: '500m', memory: '256Mi' },
                max: { cpu: '4', memory: '8Gi' },
              },
            ],
          },
        })),
      ),
    ],
  },
];
