import { describe, expect, it } from 'vitest';
import { examine, verdicts } from '../testing.ts';
import { logStorage } from './log-storage.ts';

const loki = (config: string, volume = 'persistentVolumeClaim: { claimName: data }', className = 'fast') => `
apiVersion: v1
kind: ConfigMap
metadata: { name: loki, namespace: logs }
data:
  loki.yaml: |
${config.replace(/^/gm, '    ')}
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: loki, namespace: logs }
spec: { template: { spec: { containers: [{ name: l, image: "grafana/loki:3" }], volumes: [{ name: c, configMap: { name: loki } }, { name: d, ${volume} }] } } }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: data, namespace: logs }
spec: { storageClassName: ${className} }
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: { name: fast }
provisioner: x
`;
const kept = 'limits_config:\n  retention_period: 336h\ncompactor:\n  retention_enabled: true';
const agent = (config: string) => `
apiVersion: v1
kind: ConfigMap
metadata: { name: agent, namespace: logs }
data:
  fluent-bit.conf: |
${config.replace(/^/gm, '    ')}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: fluent-bit, namespace: logs }
spec: { template: { spec: { containers: [{ name: f, image: "fluent/fluent-bit:4" }], volumes: [{ name: c, configMap: { name: agent } }] } } }
`;

const collector = (pipelines: string, init = '') => `
apiVersion: v1
kind: ConfigMap
metadata: { name: otel, namespace: logs }
data:
  config.yaml: |
    exporters: { otlphttp: { endpoint: "https://ingest.example.com" } }
    service:
      pipelines:
        ${pipelines}
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: otel, namespace: logs }
spec: { template: { spec: { ${init}containers: [{ name: o, image: "otel/opentelemetry-collector-contrib:1" }], volumes: [{ name: c, configMap: { name: otel } }] } } }
`;

describe('log-storage', () => {
  it.each<[string, string, string]>([
    ['passes on logs', collector('logs: { receivers: [otlp], exporters: [otlphttp] }'), 'pass shipped Deployment/otel'],
    [
      'passes on traces alone',
      collector('traces: { receivers: [otlp], exporters: [otlphttp] }'),
      'unknown none Source/production',
    ],
    [
      'asks the metadata server when it starts',
      collector(
        'logs: { receivers: [filelog], exporters: [googlecloud] }',
        'initContainers: [{ name: i, image: curl, command: [sh, -c, "curl http://init.example.com/id"] }], ',
      ).replace('https://ingest.example.com', 'http://metadata.google.internal/'),
      'unknown destination Deployment/otel',
    ],
  ])('a collector that %s', (_, objects, expected) => {
    expect(verdicts(examine(logStorage, { objects }))).toEqual([expected]);
  });

  it.each<[string, string, string]>([
    ['a volume and a retention', loki(kept), 'pass volume Deployment/loki'],
    [
      'a period without the compactor’s permission deletes nothing',
      loki('limits_config:\n  retention_period: 336h'),
      'fail no-retention Deployment/loki',
    ],
    ['a period of 0 means for ever', loki(kept.replace('336h', '0s')), 'fail no-retention Deployment/loki'],
    [
      'a commented period is none',
      loki(kept.replace('  retention_period', '  # retention_period')),
      'fail no-retention Deployment/loki',
    ],
    ['a bucket', loki(`${kept}\nschema_config:\n  configs:\n    - object_store: s3`), 'pass bucket Deployment/loki'],
    [
      'filesystem is no bucket',
      loki(`${kept}\nschema_config:\n  configs:\n    - object_store: filesystem`, 'emptyDir: {}'),
      'fail pod Deployment/loki',
    ],
    ['a class that does not exist', loki(kept, undefined, 'gone'), 'fail unbound Deployment/loki'],
    ['a claim that no source has', loki(kept, 'persistentVolumeClaim: { claimName: other }'), 'unknown unseen Deployment/loki'],
    [
      'an agent that ships outside',
      agent('[OUTPUT]\n    Name  http\n    Host  logs.acme-observability.com'),
      'pass shipped DaemonSet/fluent-bit',
    ],
    ['an agent that ships to nowhere in sight', agent('[OUTPUT]\n    Name  stdout'), 'unknown destination DaemonSet/fluent-bit'],
    [
      'a host of the cluster is not outside',
      agent('[OUTPUT]\n    Name  loki\n    Host  loki.logs.svc.cluster.local'),
      'unknown destination DaemonSet/fluent-bit',
    ],
  ])('%s', (_, objects, expected) => {
    expect(verdicts(examine(logStorage, { objects, complete: ['StorageClass'] }))).toEqual([expected]);
  });
});
