import { describe, expect, it } from 'vitest';
import { aBundle, type BundleParts } from '../evidence/testing.ts';
import { createFacts } from './fact.ts';
import { serving } from './serving.ts';
import { workloads } from './workloads.ts';

const read = (parts: BundleParts) => {
  const facts = createFacts(aBundle(parts));
  const [workload] = facts(workloads).system;
  if (workload === undefined) throw new Error('no workload');
  return { serves: facts(serving), workload };
};
const deployment = (spec: string, pod = '') => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  ${spec}
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers: [{ name: web, image: a, ports: [{ name: http, containerPort: 8080 }] }, { name: log, image: b }]
      ${pod}
`;
const service = (selector: string, namespace = 'shop', port = 'http') => `---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: ${namespace} }
spec: { selector: ${selector}, ports: [{ port: 80, targetPort: ${port} }] }
`;

describe('serving', () => {
  it.each([
    ['a Service that selects every label', service('{ app: web }'), 'serving'],
    ['a Service that asks for one label more', service('{ app: web, tier: front }'), 'idle'],
    ['a Service of another namespace', service('{ app: web }', 'other'), 'idle'],
    ['no Service, and no source complete for Services', '', 'unseen'],
  ])('%s', (_, objects, status) => {
    const { serves, workload } = read({ objects: deployment('replicas: 1') + objects });
    expect(serves.of(workload).status).toBe(status);
  });

  it('knows which container answers, by the name of the target port', () => {
    const { serves, workload } = read({ objects: deployment('') + service('{ app: web }') });
    expect(serves.servedContainers(workload).map(({ name }) => name)).toEqual(['web']);
    expect(serves.servedPorts(workload)).toEqual([8080]);
  });

  it('finds no container for a target port that none declares', () => {
    const { serves, workload } = read({ objects: deployment('') + service('{ app: web }', 'shop', '9090') });
    expect(serves.servedContainers(workload)).toEqual([]);
    expect(serves.servedPorts(workload)).toEqual([9090]);
  });

  const hpa = (bounds: string) => `---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: web, namespace: shop }
spec: { scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web }, ${bounds} }
`;
  it.each([
    ['the written number', deployment('replicas: 3'), 3, 'spec', false],
    ['the default, which an autoscaler elsewhere may overrule', deployment(''), 1, 'default', true],
    [
      'the minimum of the autoscaler, above the written number',
      deployment('replicas: 1') + hpa('minReplicas: 2, maxReplicas: 5'),
      2,
      'autoscaler',
      false,
    ],
    [
      'the minimum of the autoscaler, below the written number',
      deployment('replicas: 5') + hpa('minReplicas: 1, maxReplicas: 5'),
      1,
      'autoscaler',
      false,
    ],
    ['a maximum below the minimum', deployment('replicas: 5') + hpa('minReplicas: 4, maxReplicas: 1'), 1, 'autoscaler', false],
    ['zero switches the autoscaler off', deployment('replicas: 0') + hpa('minReplicas: 2, maxReplicas: 5'), 0, 'spec', false],
  ])('replicas: %s', (_, objects, count, from, uncertain) => {
    const { serves, workload } = read({ objects });
    const found = serves.minimumReplicas(workload);
    expect([found.count, found.from, found.uncertain !== undefined]).toEqual([count, from, uncertain]);
  });

  const claim = (modes: string) => `---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: data, namespace: shop }
spec: { accessModes: ${modes}, resources: { requests: { storage: 1Gi } } }
`;
  const mount = (extra = '') => deployment('', `volumes: [{ name: data, persistentVolumeClaim: { claimName: data${extra} } }]`);
  it.each([
    ['ReadWriteOnce', mount() + claim('[ReadWriteOnce]'), 'single'],
    ['ReadWriteOncePod', mount() + claim('[ReadWriteOncePod]'), 'single'],
    ['ReadWriteMany', mount() + claim('[ReadWriteMany]'), 'shared'],
    ['ReadWriteOnce and ReadWriteMany', mount() + claim('[ReadWriteOnce, ReadWriteMany]'), 'shared'],
    ['a claim that is mounted read-only', mount(', readOnly: true') + claim('[ReadWriteOnce]'), 'shared'],
    ['a claim that is in no source', mount(), 'unseen'],
    ['no claim', deployment(''), 'shared'],
  ])('volumes: %s', (_, objects, status) => {
    const { serves, workload } = read({ objects });
    expect(serves.volumeWriting(workload).status).toBe(status);
  });
});
