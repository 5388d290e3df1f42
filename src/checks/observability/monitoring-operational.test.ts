import { describe, expect, it } from 'vitest';
import { examine } from '../testing.ts';
import { monitoringOperational } from './monitoring-operational.ts';

const grafana = (status: string, image = 'grafana/grafana:12') => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: grafana, namespace: m }
spec: { replicas: 2, template: { spec: { containers: [{ name: g, image: "${image}" }] } } }
${status}
`;
const said = (parts: Parameters<typeof examine>[1], name = 'grafana') => {
  const found = examine(monitoringOperational, parts).filter(({ target }) => target.name === name);
  return found.map(({ outcome, messageId }) => `${outcome} ${messageId}`);
};

describe('monitoring-operational', () => {
  it.each([
    ['every Pod is available', 'status: { observedGeneration: 1, availableReplicas: 2 }', true, 'pass available'],
    ['one of two is not', 'status: { observedGeneration: 1, availableReplicas: 1 }', true, 'fail unavailable'],
    ['the API leaves zero out', 'status: { observedGeneration: 1 }', true, 'fail unavailable'],
    [
      'a status in a manifest is no evidence',
      'status: { observedGeneration: 1, availableReplicas: 2 }',
      false,
      'unknown not-live',
    ],
    ['a dump without status', '', true, 'unknown not-live'],
  ])('%s', (_, status, live, expected) => {
    expect(said({ objects: grafana(status), live })).toEqual([expected]);
  });

  it('the StatefulSet of a Prometheus object is not a second target', () => {
    const objects = `
apiVersion: monitoring.coreos.com/v1
kind: Prometheus
metadata: { name: main, namespace: m }
spec: { replicas: 1 }
status: { availableReplicas: 1 }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: prometheus-main, namespace: m }
spec: { replicas: 1, template: { spec: { containers: [{ name: p, image: quay.io/prometheus/prometheus }] } } }
status: { availableReplicas: 0 }
`;
    expect(said({ objects, live: true }, 'main')).toEqual(['pass available']);
    expect(said({ objects, live: true }, 'prometheus-main')).toEqual([]);
  });

  it('exporters and operators are no components', () => {
    expect(
      said({ objects: grafana('', 'prom/node-exporter:1'), complete: ['Deployment', 'StatefulSet', 'Grafana'] }, 'grafana'),
    ).toEqual(['fail missing']);
  });
});
