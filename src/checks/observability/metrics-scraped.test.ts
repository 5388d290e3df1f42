import { describe, expect, it } from 'vitest';
import { examine, verdicts } from '../testing.ts';
import { metricsScraped } from './metrics-scraped.ts';

const web = (annotations = '{}', ports = '[{ name: http, containerPort: 8080 }, { name: metrics, containerPort: 9090 }]') => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web }, annotations: ${annotations} }
    spec: { containers: [{ name: web, image: acme/web, ports: ${ports} }] }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop, labels: { app: web } }
spec: { selector: { app: web }, ports: [{ name: http, port: 80, targetPort: http }, { name: metrics, port: 9090, targetPort: metrics }] }
`;
const serviceMonitor = (spec: string, namespace = 'shop') => `---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: { name: web, namespace: ${namespace}, labels: { team: shop } }
spec: ${spec}
`;
const prometheus = (spec: string) => `---
apiVersion: monitoring.coreos.com/v1
kind: Prometheus
metadata: { name: main, namespace: monitoring }
spec: ${spec}
`;
const everything = prometheus(
  '{ serviceMonitorSelector: {}, serviceMonitorNamespaceSelector: {}, podMonitorSelector: {}, podMonitorNamespaceSelector: {} }',
);
const namespace = (labels = '{}') => `---
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: ${labels} }
`;
const good = '{ selector: { matchLabels: { app: web } }, endpoints: [{ port: metrics }] }';
const file = (jobs: string, config = 'prometheus.yml') => `---
apiVersion: v1
kind: ConfigMap
metadata: { name: prometheus, namespace: monitoring }
data:
  ${config}: |
    scrape_configs:
${jobs.replace(/^/gm, '      ')}
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: prometheus, namespace: monitoring }
spec:
  replicas: 0
  template:
    metadata: { labels: { app: prometheus } }
    spec: { containers: [{ name: prometheus, image: prom/prometheus }], volumes: [{ name: c, configMap: { name: prometheus } }] }
`;
const pods = (relabel: string, discovery = '{ role: pod }') =>
  `- job_name: pods\n  kubernetes_sd_configs: [${discovery}]\n  relabel_configs:\n${relabel.replace(/^/gm, '    ')}`;
const keepAnnotated = '- { source_labels: [__meta_kubernetes_pod_annotation_prometheus_io_scrape], action: keep, regex: "true" }';
const portFromAnnotation = String.raw`- { source_labels: [__address__, __meta_kubernetes_pod_annotation_prometheus_io_port], action: replace, regex: '([^:]+)(?::\d+)?;(\d+)', replacement: '$1:$2', target_label: __address__ }`;
const annotated = '{ prometheus.io/scrape: "true", prometheus.io/port: "9090" }';
const complete = ['Deployment', 'ServiceMonitor', 'PodMonitor', 'ConfigMap', 'Prometheus', 'Namespace', 'Service'];

describe('metrics-scraped', () => {
  it.each<[string, string, string]>([
    ['a ServiceMonitor that is selected', `${web()}${serviceMonitor(good)}${everything}${namespace()}`, 'pass scraped'],
    [
      'a ServiceMonitor that selects by the labels of Pods selects nothing: the Service’s count',
      `${web().replace(', labels: { app: web } }', ' }')}${serviceMonitor(good)}${everything}${namespace()}`,
      'fail none',
    ],
    [
      'a ServiceMonitor of another namespace',
      `${web()}${serviceMonitor(good, 'monitoring')}${everything}${namespace()}`,
      'fail none',
    ],
    [
      'a ServiceMonitor of another namespace that looks here',
      `${web()}${serviceMonitor('{ namespaceSelector: { matchNames: [shop] }, selector: {}, endpoints: [{ port: metrics }] }', 'monitoring')}${everything}${namespace()}`,
      'pass scraped',
    ],
    [
      'a port name that the Service does not have',
      `${web()}${serviceMonitor('{ selector: {}, endpoints: [{ port: prom }] }')}${everything}${namespace()}`,
      'fail no-port',
    ],
    [
      'a Prometheus without a selector selects nothing',
      `${web()}${serviceMonitor(good)}${prometheus('{}')}${namespace()}`,
      'fail unselected',
    ],
    [
      'without a namespace selector a Prometheus looks into its own namespace',
      `${web()}${serviceMonitor(good)}${prometheus('{ serviceMonitorSelector: {} }')}${namespace()}`,
      'fail unselected',
    ],
    [
      'a namespace without the label',
      `${web()}${serviceMonitor(good)}${prometheus('{ serviceMonitorSelector: {}, serviceMonitorNamespaceSelector: { matchLabels: { monitor: "yes" } } }')}${namespace()}`,
      'fail unselected',
    ],
    [
      'a namespace with it',
      `${web()}${serviceMonitor(good)}${prometheus('{ serviceMonitorSelector: {}, serviceMonitorNamespaceSelector: { matchLabels: { monitor: "yes" } } }')}${namespace('{ monitor: "yes" }')}`,
      'pass scraped',
    ],
    [
      'a namespace whose labels nobody showed',
      `${web()}${serviceMonitor(good)}${prometheus('{ serviceMonitorSelector: {}, serviceMonitorNamespaceSelector: { matchLabels: { monitor: "yes" } } }')}`,
      'unknown undecided',
    ],
    [
      'a PodMonitor',
      `${web()}---
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata: { name: web, namespace: shop }
spec: { selector: { matchLabels: { app: web } }, podMetricsEndpoints: [{ port: metrics }] }
${everything}${namespace()}`,
      'pass scraped',
    ],
    [
      'a policy that keeps Prometheus out',
      `${web()}${serviceMonitor(good)}${everything}${namespace()}---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: deny, namespace: shop }
spec: { podSelector: {}, policyTypes: [Ingress] }
`,
      'fail cut',
    ],
    [
      'a static target through a Service',
      `${web()}${file('- { job_name: web, static_configs: [{ targets: ["web.shop:9090"] }] }')}`,
      'pass scraped',
    ],
    [
      'a static target on a port that the Service does not have',
      `${web()}${file('- { job_name: web, static_configs: [{ targets: ["web.shop:9091"] }] }')}`,
      'fail no-port',
    ],
    [
      'annotations that a configuration honours',
      `${web(annotated)}${file(pods(`${keepAnnotated}\n${portFromAnnotation}`))}`,
      'pass scraped',
    ],
    [
      'annotations on a port that no container declares',
      `${web('{ prometheus.io/scrape: "true", prometheus.io/port: "9999" }')}${file(pods(`${keepAnnotated}\n${portFromAnnotation}`))}`,
      'unknown undecided',
    ],
    [
      'annotations that a configuration for another namespace does not see',
      `${web(annotated)}${file(pods(keepAnnotated, '{ role: pod, namespaces: { names: [blog] } }'))}`,
      'fail none',
    ],
    ['no annotation', `${web()}${file(pods(keepAnnotated))}`, 'fail none'],
    ['annotations without a configuration', web(annotated), 'unknown annotated'],
    [
      'a relabelling that cannot be decided',
      `${web()}${file(pods('- { source_labels: [__meta_kubernetes_pod_label_app], action: keep, regex: "w[a-e]b" }'))}`,
      'unknown undecided',
    ],
    [
      'a later rule that drops it for certain decides',
      `${web()}${file(pods('- { source_labels: [__meta_kubernetes_pod_label_app], action: keep, regex: "w[a-e]b" }\n- { source_labels: [__meta_kubernetes_namespace], action: drop, regex: shop }'))}`,
      'fail none',
    ],
    [
      'endpoints by Service annotation',
      `${web().replace('labels: { app: web } }\nspec: { selector', 'annotations: { prometheus.io/scrape: "true" } }\nspec: { selector')}${file(pods('- { source_labels: [__meta_kubernetes_service_annotation_prometheus_io_scrape], action: keep, regex: true }', '{ role: endpoints }'))}`,
      'pass scraped',
    ],
    [
      'a ScrapeConfig may do it',
      `${web()}---
apiVersion: monitoring.coreos.com/v1alpha1
kind: ScrapeConfig
metadata: { name: x, namespace: monitoring }
spec: {}
`,
      'unknown undecided',
    ],
  ])('%s', (_, objects, expected) => {
    const [first] = examine(metricsScraped, { objects, complete }).filter(({ target }) => target.name === 'web');
    expect(`${first?.outcome} ${first?.messageId}`).toBe(expected);
  });

  it('Jobs, scaled-down workloads and Pods without ports are no targets', () => {
    const objects = `
apiVersion: batch/v1
kind: Job
metadata: { name: a, namespace: shop }
spec: { template: { spec: { containers: [{ name: a, image: a, ports: [{ containerPort: 1 }] }] } } }
---
apiVersion: v1
kind: Pod
metadata: { name: b, namespace: shop }
spec: { containers: [{ name: b, image: b }] }
`;
    expect(verdicts(examine(metricsScraped, { objects, complete: [...complete, 'StatefulSet', 'DaemonSet'] }))).toEqual([
      'not-applicable no-target Source/production',
    ]);
  });

  it('a declared Prometheus is assumed until it lapses', () => {
    const review = {
      providedElsewhere: [{ kind: 'Prometheus', name: 'main', owner: 'platform', reason: 'x', expires: '2026-04-01T00:00:00Z' }],
    };
    const parts = { objects: `${web()}${serviceMonitor(good)}`, review };
    expect(examine(metricsScraped, parts)[0]).toMatchObject({
      outcome: 'pass',
      reason: 'assumed',
      until: '2026-04-01T00:00:00Z',
    });
    expect(examine(metricsScraped, { ...parts, asOf: '2026-04-01T00:00:00Z' })[0]).toMatchObject({ outcome: 'unknown' });
  });
});
