import {
  added,
  annotate,
  type Application,
  application,
  attested,
  declare,
  declaredFlow,
  egressTo,
  flow,
  monitoring,
  patch,
  redeclareDocument,
  staging,
  swap,
} from './edit.ts';

const ingress = 'Ingress/gravl';
const clusterIssuer = {
  apiVersion: 'cert-manager.io/v1',
  kind: 'ClusterIssuer',
  metadata: { name: 'letsencrypt-production' },
  spec: {
    acme: {
      server: 'https://acme-v02.api.letsencrypt.org/directory',
      email: 'platform@gravl.app',
      privateKeySecretRef: { name: 'letsencrypt-production-account' },
      solvers: [{ dns01: { route53: { region: 'eu-north-1' } } }],
    },
  },
};

const apiServer = {
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name: 'kubernetes', namespace: 'default', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
  addressType: 'IPv4',
  endpoints: [{ addresses: ['10.20.32.5'] }, { addresses: ['10.20.32.10'] }],
  ports: [{ name: 'https', port: 443, protocol: 'TCP' }],
};

/** Network, TLS, storage and data. */
export const platformApplications: readonly Application[] = [
  {
    // The policies that the plan carries, and what they warn of: Prometheus discovers by the API server.
    remedy: 'allow-dns-egress',
    apply: ({ manifest = '' }) => [
      { file: staging('network-egress'), content: manifest },
      added('network-egress-api', egressTo('prometheus', '10.20.32.0/28')),
      // Whether the rule is the right one only the addresses of the API server can show.
      { file: 'cluster/api-server.yaml', content: JSON.stringify(apiServer) },
      declare({ sources: [{ manifests: 'cluster/api-server.yaml', role: 'platform' }] }),
    ],
  },
  { remedy: 'isolate-egress', apply: () => [] },

  {
    remedy: 'install-cert-manager',
    apply: () => [
      added('certificate', {
        apiVersion: 'cert-manager.io/v1',
        kind: 'Certificate',
        metadata: { name: 'staging-tls', namespace: application },
        spec: {
          secretName: 'staging-tls',
          dnsNames: ['staging.gravl.app'],
          issuerRef: { kind: 'ClusterIssuer', name: 'letsencrypt-production' },
        },
      }),
    ],
  },
  { remedy: 'create-issuer', apply: () => [added('issuer', clusterIssuer)] },
  {
    remedy: 'set-production-hostnames',
    apply: () => [patch('ingress', ingress, { 'spec.rules.0.host': 'gravl.app', 'spec.tls.0.hosts': ['gravl.app'] })],
  },
  {
    remedy: 'annotate-ingress',
    apply: () => [
      annotate('ingress', ingress, { 'cert-manager.io/cluster-issuer': 'letsencrypt-production' }),
      patch('ingress', ingress, { 'spec.tls.0.secretName': 'gravl-tls' }),
    ],
  },
  {
    remedy: 'verify-tls-termination',
    apply: () => [
      attested(['tls-termination', 'Every host answers on 443 with a certificate for its name, and redirects from port 80.']),
    ],
  },
  { remedy: 'document-certificates', apply: () => [redeclareDocument('certificate-procedure', 'docs/certificate-procedure.md')] },
  {
    remedy: 'configure-dns',
    apply: () => [attested(['dns-configured', 'Every host is an alias of the load balancer, seen from three resolvers.'])],
  },
  {
    remedy: 'replace-ingress-controller',
    apply: () => [
      patch('ingress', 'IngressClass/nginx', { 'metadata.name': 'traefik', 'spec.controller': 'traefik.io/ingress-controller' }),
      patch('ingress', ingress, { 'spec.ingressClassName': 'traefik' }),
      annotate('ingress', ingress, {
        'traefik.ingress.kubernetes.io/router.middlewares': 'gravl-staging-redirect-https@kubernetescrd',
      }),
      added(
        'traefik',
        {
          apiVersion: 'traefik.io/v1alpha1',
          kind: 'Middleware',
          metadata: { name: 'redirect-https', namespace: application },
          spec: { redirectScheme: { scheme: 'https' } },
        },
        ...(['backend', 'frontend'] as const).map((app) => ({
          apiVersion: 'networking.k8s.io/v1',
          kind: 'NetworkPolicy',
          metadata: { name: `allow-traefik-to-${app}`, namespace: application },
          spec: {
            podSelector: { matchLabels: { app } },
            policyTypes: ['Ingress'],
            ingress: [
              {
                from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'traefik' } } }],
                ports: [{ protocol: 'TCP', port: app === 'backend' ? 3000 : 80 }],
              },
            ],
          },
        })),
      ),
      declare({
        providedElsewhere: [
          {
            kind: 'Namespace',
            name: 'traefik',
            labels: { 'kubernetes.io/metadata.name': 'traefik' },
            owner: 'platform',
            reason: 'cluster add-on',
            expires: '2026-09-01',
          },
        ],
        traffic: [
          { from: 'traefik/*', to: `${application}/backend`, port: 3000 },
          { from: 'traefik/*', to: `${application}/frontend`, port: 80 },
        ],
      }),
    ],
  },

  {
    remedy: 'provide-storage-class',
    apply: () => [
      added('storage-class-bulk', {
        apiVersion: 'storage.k8s.io/v1',
        kind: 'StorageClass',
        metadata: { name: 'gravl-bulk' },
        provisioner: 'ebs.csi.aws.com',
        parameters: { type: 'gp3' },
        reclaimPolicy: 'Retain',
        volumeBindingMode: 'WaitForFirstConsumer',
      }),
    ],
  },
  {
    remedy: 'schedule-backups',
    apply: (_, done) => [
      added('backup-flow', ...flow('backup', 'postgres', 5432, done).slice(0, 1), {
        apiVersion: 'velero.io/v1',
        kind: 'Schedule',
        metadata: { name: 'loki', namespace: 'velero' },
        spec: {
          schedule: '0 3 * * *',
          template: { includedNamespaces: [monitoring], defaultVolumesToFsBackup: true, storageLocation: 'offsite' },
        },
      }),
      declare({ traffic: [declaredFlow('backup', 'postgres', 5432)] }),
    ],
  },
  {
    remedy: 'drill-restore',
    apply: () => [attested(['restore-drill', 'The newest backup was restored into an empty instance and verified.'])],
  },
  {
    remedy: 'rehearse-migrations',
    apply: () => [attested(['migrations-validated', 'The migrations of this image ran on a copy, forward and back.'])],
  },
  {
    remedy: 'store-logs',
    apply: () => [
      swap(
        'loki',
        '    schema_config:\n',
        '    limits_config:\n      retention_period: 336h\n    compactor:\n      working_directory: /loki/compactor\n      retention_enabled: true\n      delete_request_store: filesystem\n    schema_config:\n',
      ),
    ],
  },
];
