import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../kube/json.ts';
import { workloadValue } from '../../kube/testing.ts';
import { examine, verdicts } from '../testing.ts';
import { replicas } from './replicas.ts';

const yaml = (...objects: readonly JsonObject[]) => objects.map((object) => JSON.stringify(object)).join('\n---\n');
const service = (
  selector: JsonObject = { app: 'web' },
  targetPort: string | number = 'http',
  namespace = 'default',
): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace },
  spec: { selector, ports: [{ port: 80, targetPort }] },
});

const claim = (modes: readonly string[]): JsonObject => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data', namespace: 'default' },
  spec: { accessModes: [...modes] },
});
const mounted = (kind: 'Deployment' | 'StatefulSet', count: number) =>
  workloadValue({
    kind,
    spec: { replicas: count },
    pod: { containers: [{ name: 'web', image: 'a' }], volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] },
  });
const hpa = (minReplicas: number): JsonObject => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'web', namespace: 'default' },
  spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }, minReplicas, maxReplicas: 9 },
});

describe('replicas', () => {
  it.each([
    ['one is too few', [workloadValue({ spec: { replicas: 1 } }), service()], ['fail few Deployment/web']],
    ['none is too few', [workloadValue({ spec: { replicas: 0 } }), service()], ['fail few Deployment/web']],
    ['two are enough, whoever asks', [workloadValue({ spec: { replicas: 2 } })], ['pass enough Deployment/web']],
    [
      'the minimum of an autoscaler counts, not what it may grow to',
      [workloadValue({ spec: { replicas: 3 } }), service(), hpa(1)],
      ['fail few Deployment/web'],
    ],
    [
      'the minimum of an autoscaler overrules the manifest',
      [workloadValue({ spec: { replicas: 1 } }), service(), hpa(2)],
      ['pass enough Deployment/web'],
    ],
    [
      'an autoscaler of another workload changes nothing',
      [
        workloadValue({ name: 'web', spec: { replicas: 1 } }),
        service(),
        { ...hpa(2), spec: { scaleTargetRef: { kind: 'Deployment', name: 'other' }, minReplicas: 2, maxReplicas: 9 } },
      ],
      ['fail few Deployment/web'],
    ],
    [
      'a Service that selects no Pod of it does not make it serve',
      [workloadValue({ spec: { replicas: 1 } }), service({ app: 'web', tier: 'front' })],
      ['not-applicable not-served Deployment/web'],
    ],
    [
      'a Service of another namespace does not make it serve',
      [workloadValue({ spec: { replicas: 1 } }), service({ app: 'web' }, 'http', 'other')],
      ['not-applicable not-served Deployment/web'],
    ],
    [
      'a single writer runs alone',
      [mounted('Deployment', 1), service(), claim(['ReadWriteOnce'])],
      ['not-applicable single-writer Deployment/web'],
    ],
    [
      'a volume that many nodes may mount is no excuse',
      [mounted('Deployment', 1), service(), claim(['ReadWriteMany'])],
      ['fail few Deployment/web'],
    ],
    [
      'a claim that nobody sees excuses nothing and proves nothing',
      [mounted('Deployment', 1), service()],
      ['unknown unseen-claim Deployment/web'],
    ],
    [
      'a single writer that runs twice passes: each replica has a volume',
      [mounted('StatefulSet', 2), service(), claim(['ReadWriteOnce'])],
      ['pass enough StatefulSet/web'],
    ],
    [
      'a DaemonSet runs on each node',
      [workloadValue({ kind: 'DaemonSet' }), service()],
      ['not-applicable per-node DaemonSet/web'],
    ],
    ['a bare Pod behind a Service is one replica', [workloadValue({ kind: 'Pod' }), service()], ['fail few Pod/web']],
  ])('%s', (_, objects, expected) => {
    expect(verdicts(examine(replicas, { objects: yaml(...objects) }))).toEqual(expected);
  });

  it('Jobs are no targets, and neither is a Helm test Pod', () => {
    const test = workloadValue({
      kind: 'Pod',
      name: 'web-test',
      labels: { app: 'web' },
      pod: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'a' }] },
    });
    expect(
      verdicts(examine(replicas, { objects: yaml(workloadValue({ kind: 'Job' }), test, service()), complete: ['*'] })),
    ).toEqual(['not-applicable no-target Source/production']);
  });

  it('Argo Rollouts count like Deployments (CRDs/Rollouts unseen by other tools)', () => {
    const rollout = { ...workloadValue({ spec: { replicas: 1 } }), apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout' };
    expect(verdicts(examine(replicas, { objects: yaml(rollout, service()) }))).toEqual(['fail few Rollout/web']);
  });

  it('a Service that the platform owns counts (cross-file scope)', () => {
    expect(
      verdicts(examine(replicas, { objects: yaml(workloadValue({ spec: { replicas: 1 } })), platform: yaml(service()) })),
    ).toEqual(['fail few Deployment/web']);
  });

  it('asks for as many as the standard says', () => {
    expect(
      verdicts(
        examine(replicas, { objects: yaml(workloadValue({ spec: { replicas: 2 } }), service()), parameters: { minimum: 3 } }),
      ),
    ).toEqual(['fail few Deployment/web']);
  });

  it('without written replicas an autoscaler elsewhere may still raise them', () => {
    const objects = yaml(workloadValue(), service());
    expect(verdicts(examine(replicas, { objects }))).toEqual(['unknown uncertain-replicas Deployment/web']);
    expect(verdicts(examine(replicas, { objects, complete: ['Service', 'HorizontalPodAutoscaler'] }))).toEqual([
      'fail few Deployment/web',
    ]);
  });
});
