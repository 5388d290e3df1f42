import {
  added,
  annotate,
  append,
  type Application,
  attested,
  declare,
  declaredFlow,
  egressTo,
  externalSecret,
  flow,
  monitoring,
  redeclareDocument,
  swap,
} from './edit.ts';
import { containerSecurity, image, resources } from './images.ts';

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

const written = (title: string, ...sections: readonly string[]) =>
  `# ${title}\n${sections.map((section) => `\n## ${section}\n\nLook at the dashboard, then follow the steps below one by one, and say in the channel what was done and what is next for whom. Stop when the error rate rises, and call the lead.\n`).join('')}`;

/** Observability and release. */
export const operationsApplications: readonly Application[] = [
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
