import {
  added,
  annotate,
  type Application,
  application,
  append,
  attested,
  declare,
  declaredFlow,
  egressTo,
  externalSecret,
  flow,
  monitoring,
  onPods,
  patch,
  redeclareDocument,
  reviewFile,
  swap,
  type WorkloadFile,
} from './edit.ts';

const registry = '123456789012.dkr.ecr.eu-north-1.amazonaws.com';
const digests: Readonly<Record<string, string>> = {
  backend: 'a2f3329b28c0f46bc19a16119c3fb14c1afa5fee0f7bf86e6c40100a8d697ba0',
  frontend: '2ddf9530cd3630cd277072a8b6d27bea60566bfd24027d5e113e9e271080f221',
  postgres: '94e06d47fd594b4e41852ffa43cb8456b301556f7cd02acad607e2f8a922e376',
  grafana: 'a8b8911164835c8892b133bea8e7fa7cffaacd3c586c508fccf19c458bebf271',
  loki: '5e8c2bb6014b1a8642a452d9580d8494eb38118e62466802245efd036e0bc09a',
  prometheus: '1c6a17e1f9a1f3c36ae2a4f1e5d3b0c98e6a7d50b2c4f6e8091a3b5c7d9e0f12',
  alertmanager: '5d2f0b7c9e1a3c5e7f90b2d4f6a8c0e1d3b5f7a9c1e3d5b7f90a2c4e6d8b0f13',
  'nginx-prometheus-exporter': '96d5c2d846fd9347442974f6aef60f5722855280d59ce3e35bfaf25118f5af12',
  'postgres-exporter': 'a38b089d76e3dba6e73324dc02406e05fdcca4c4dea39eeb8b0566f5f690cc1a',
};
const image = (name: string) =>
  `${registry}/${name === 'backend' || name === 'frontend' ? 'gravl' : 'mirror'}/${name}@sha256:${digests[name] ?? ''}`;
const imageOf = (file: WorkloadFile) => (file === 'backup' ? 'postgres' : file);

const containerSecurity = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
const resources = (memory: string) => ({ requests: { cpu: '50m', memory }, limits: { memory } });
const preStop = { preStop: { sleep: { seconds: 10 } } };

/** A container that shows metrics, complete in itself. */
const exporter = (name: string, port: number) => ({
  name: 'metrics',
  image: image(name),
  ports: [{ name: 'metrics', containerPort: port }],
  resources: resources('32Mi'),
  readinessProbe: { httpGet: { path: '/metrics', port: 'metrics' } },
  livenessProbe: { tcpSocket: { port: 'metrics' } },
  securityContext: containerSecurity,
});
const scraped = (port: number) => ({ 'prometheus.io/scrape': 'true', 'prometheus.io/port': String(port) });

const rule = (alert: string, expr: string, severity: string) =>
  `          - alert: ${alert}\n            expr: ${expr}\n            for: 5m\n            labels:\n              severity: ${severity}\n              environment: production\n            annotations:\n              summary: ${alert}\n`;

/** A report about one image: it looked for vulnerabilities and for secrets. */
const scan = (name: string) => ({
  file: `evidence/staging/${name}.json`,
  content: JSON.stringify({
    SchemaVersion: 2,
    CreatedAt: '2026-03-05T22:10:31Z',
    ArtifactName: image(name),
    ArtifactType: 'container_image',
    Metadata: { RepoDigests: [image(name)] },
    Results: [
      { Target: image(name), Class: 'os-pkgs', Type: 'debian' },
      { Target: '/app/config.json', Class: 'secret' },
    ],
  }),
});

const written = (title: string, ...sections: readonly string[]) =>
  `# ${title}\n${sections.map((section) => `\n## ${section}\n\nLook at the dashboard, then follow the steps below one by one, and say in the channel what was done and what is next for whom. Stop when the error rate rises, and call the lead.\n`).join('')}`;

/** Workloads, images, performance, observability and release. */
export const operationsApplications: readonly Application[] = [
  {
    remedy: 'harden-pods',
    apply: () =>
      onPods(() => ({
        'spec.securityContext': {
          runAsNonRoot: true,
          runAsUser: 10001,
          fsGroup: 10001,
          seccompProfile: { type: 'RuntimeDefault' },
        },
        'spec.containers.0.securityContext': containerSecurity,
      })),
  },
  {
    remedy: 'set-resources',
    apply: () =>
      onPods((file) =>
        ['backend', 'frontend', 'postgres'].includes(file) ? undefined : { 'spec.containers.0.resources': resources('256Mi') },
      ),
  },
  {
    remedy: 'run-replicas',
    apply: () =>
      (['alertmanager', 'grafana', 'prometheus', 'frontend'] as const).map((file) =>
        patch(file, `Deployment/${file}`, { 'spec.replicas': 2 }),
      ),
  },
  {
    remedy: 'add-probes',
    apply: () =>
      onPods((file) => {
        if (file === 'backend')
          return {
            'spec.containers.0.readinessProbe.httpGet.path': '/health/ready',
            'spec.containers.0.livenessProbe.httpGet.path': '/health/live',
          };
        if (file === 'frontend') return { 'spec.containers.0.livenessProbe': { tcpSocket: { port: 'http' } } };
        return file === 'backup'
          ? undefined
          : {
              'spec.containers.0.livenessProbe': {
                tcpSocket: { port: file === 'postgres' ? 'postgres' : 'http' },
                failureThreshold: 6,
              },
            };
      }),
  },
  {
    remedy: 'shape-rollouts',
    apply: () =>
      onPods((file) =>
        file === 'backup' ? undefined : { 'spec.containers.0.lifecycle': preStop, 'spec.terminationGracePeriodSeconds': 45 },
      ),
  },
  {
    remedy: 'add-disruption-budgets',
    apply: () => [
      added(
        'budgets',
        ...(['backend', 'frontend', 'grafana', 'prometheus', 'alertmanager'] as const).map((app) => ({
          apiVersion: 'policy/v1',
          kind: 'PodDisruptionBudget',
          metadata: { name: app, namespace: app === 'backend' || app === 'frontend' ? application : monitoring },
          spec: { maxUnavailable: 1, selector: { matchLabels: { app } } },
        })),
      ),
    ],
  },
  {
    remedy: 'spread-replicas',
    apply: () =>
      onPods((file) =>
        ['backend', 'frontend', 'grafana', 'prometheus', 'alertmanager'].includes(file)
          ? {
              'spec.topologySpreadConstraints': ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].map((topologyKey) => ({
                maxSkew: 1,
                topologyKey,
                whenUnsatisfiable: 'ScheduleAnyway',
                labelSelector: { matchLabels: { app: file } },
              })),
            }
          : undefined,
      ),
  },

  { remedy: 'pin-images', apply: () => onPods((file) => ({ 'spec.containers.0.image': image(imageOf(file)) })) },
  {
    remedy: 'scan-images',
    apply: () => [
      ...Object.keys(digests).map(scan),
      { file: reviewFile, change: (text) => `${text.trimEnd()}\n  evidence:\n    imageScans: [evidence/staging/*.json]\n` },
      attested([
        'scan-before-push',
        'The pipeline scans each image before it is pushed and stops on a HIGH or CRITICAL finding.',
      ]),
    ],
  },
  {
    remedy: 'run-load-test',
    apply: () => [
      {
        file: 'evidence/staging-run.json',
        content: JSON.stringify({
          format: 'seaworthy.load-test/v1',
          engine: 'example',
          startedAt: '2026-03-05T18:00:00Z',
          target: 'https://staging.gravl.app',
          environment: 'staging',
          durationS: 600,
          requests: 72004,
          p95Ms: 142.3,
          p99Ms: 311.8,
          errorRate: 0.0002,
          rps: 120,
          imageDigests: ['backend', 'frontend', 'postgres'].map((name) => `sha256:${digests[name] ?? ''}`),
          valid: true,
        }),
      },
      declare({ 'loadTest.results': ['evidence/staging-run.json'] }),
    ],
  },

  {
    remedy: 'scrape-metrics',
    apply: (_, done) => [
      append('frontend', 'Deployment/frontend', 'spec.template.spec.containers', exporter('nginx-prometheus-exporter', 9113)),
      append('postgres', 'StatefulSet/postgres', 'spec.template.spec.containers', exporter('postgres-exporter', 9187)),
      annotate('frontend', 'Deployment/frontend', scraped(9113), 'spec.template'),
      annotate('postgres', 'StatefulSet/postgres', scraped(9187), 'spec.template'),
      annotate('grafana', 'Deployment/grafana', scraped(3000), 'spec.template'),
      annotate('loki', 'StatefulSet/loki', scraped(3100), 'spec.template'),
      annotate('alertmanager', 'Deployment/alertmanager', scraped(9093), 'spec.template'),
      swap('prometheus', 'names: [gravl-staging]', 'names: [gravl-staging, gravl-monitoring]'),
      added(
        'scrapes',
        ...flow('prometheus', 'frontend', 9113, done),
        ...flow('prometheus', 'postgres', 9187, done),
        ...flow('prometheus', 'grafana', 3000, done),
        ...flow('prometheus', 'loki', 3100, done),
        ...[
          { kind: 'Role', rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] }] },
          {
            kind: 'RoleBinding',
            roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'gravl-prometheus-discovery' },
            subjects: [{ kind: 'ServiceAccount', name: 'prometheus', namespace: monitoring }],
          },
        ].map((object) => ({
          apiVersion: 'rbac.authorization.k8s.io/v1',
          metadata: { name: 'gravl-prometheus-discovery', namespace: monitoring },
          ...object,
        })),
      ),
      declare({
        traffic: [
          declaredFlow('prometheus', 'frontend', 9113),
          declaredFlow('prometheus', 'postgres', 9187),
          declaredFlow('prometheus', 'grafana', 3000),
          declaredFlow('prometheus', 'loki', 3100),
        ],
      }),
    ],
  },
  {
    remedy: 'configure-alerts',
    apply: () => [
      {
        file: 'k8s/staging/prometheus.yaml',
        change: (text) =>
          text
            .replaceAll('environment: staging', 'severity: critical\n              environment: production')
            .replace('> 0.05', '> 0.001')
            .replace('[10m]))) > 1\n', '[10m]))) > 0.2\n')
            .replace(
              '    groups:\n      - name: gravl\n        rules:\n',
              (head) =>
                head +
                rule('BackendTrafficLow', 'sum(rate(http_requests_total{app="backend"}[10m])) < 0.1', 'warning') +
                rule('BackendSaturated', 'max(nodejs_eventloop_lag_p99_seconds{app="backend"}) > 0.1', 'warning') +
                rule('BackupTooOld', 'time() - max(gravl_backup_last_success_timestamp_seconds) > 90000', 'critical'),
            ),
      },
      attested(['alert-rules', 'The thresholds follow from the objectives and the load test, not from staging.']),
    ],
  },
  {
    remedy: 'route-alerts',
    apply: (_, done) => [
      swap(
        'alertmanager',
        '      - name: default\n',
        '      - name: default\n        pagerduty_configs:\n          - routing_key_file: /etc/alertmanager-receivers/pagerduty-routing-key\n',
      ),
      append('alertmanager', 'Deployment/alertmanager', 'spec.template.spec.volumes', {
        name: 'receivers',
        secret: { secretName: 'alertmanager-receivers' },
      }),
      append('alertmanager', 'Deployment/alertmanager', 'spec.template.spec.containers.0.volumeMounts', {
        name: 'receivers',
        mountPath: '/etc/alertmanager-receivers',
        readOnly: true,
      }),
      added(
        'alertmanager-receivers',
        externalSecret(monitoring, 'alertmanager-receivers', ['pagerduty-routing-key']),
        ...(done.has('allow-dns-egress') ? [egressTo('alertmanager', '0.0.0.0/0', ['10.0.0.0/8'])] : []),
      ),
      declare({ traffic: [{ from: `${monitoring}/alertmanager`, to: 'internet', port: 443 }] }),
    ],
  },
  {
    remedy: 'write-runbooks',
    apply: () =>
      ['backend', 'postgres'].map((name) => ({
        file: `docs/staging/runbooks/${name}.md`,
        content: written(name, 'Detect', 'Mitigate', 'Diagnose', 'Escalate'),
      })),
  },
  {
    remedy: 'link-runbooks',
    apply: () => [
      {
        file: 'k8s/staging/prometheus.yaml',
        change: (text) =>
          text.replace(
            /^( +)summary: .*\n/gm,
            (line, indent: string) =>
              `${line}${indent}runbook_url: https://github.com/gravl/gravl/blob/main/docs/staging/runbooks/backend.md\n`,
          ),
      },
    ],
  },
  {
    remedy: 'confirm-monitoring',
    apply: () => [attested(['monitoring-operational', 'Every target is up; a test alert arrived.'])],
  },

  {
    remedy: 'complete-staging',
    apply: () => [
      ...['alertmanager', 'backend', 'backup', 'frontend', 'grafana', 'loki', 'postgres', 'prometheus', 'namespaces'].map(
        (name) => ({
          file: `k8s/rehearsal/${name}.yaml`,
          copyOf: `k8s/staging/${name}.yaml`,
        }),
      ),
      declare({ sources: [{ manifests: 'k8s/rehearsal', role: 'comparison', environment: 'staging' }] }),
      attested(['staging-complete', 'The same workloads run in staging and are available.']),
    ],
  },
  {
    remedy: 'confirm-services-healthy',
    apply: () => [attested(['services-healthy', 'No container restarted in the last 72 hours.'])],
  },
  { remedy: 'write-rollback', apply: () => [redeclareDocument('rollback-procedure', 'docs/rollback.md')] },
  { remedy: 'write-go-live', apply: () => [redeclareDocument('go-live-procedure', 'docs/go-live.md')] },
  {
    remedy: 'cover-on-call',
    apply: () => [
      declare({ documents: [{ kind: 'on-call', path: 'docs/on-call.md' }] }),
      attested(['on-call-cover', 'Primary and secondary are named for the two weeks after the launch.']),
    ],
  },
];
