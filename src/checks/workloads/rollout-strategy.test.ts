import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../kube/json.ts';
import { workloadValue } from '../../kube/testing.ts';
import { examine, verdicts } from '../testing.ts';
import { rolloutStrategy } from './rollout-strategy.ts';

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

const rolling = (replicas: number, maxUnavailable: string | number, maxSurge: string | number): JsonObject => ({
  replicas,
  strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable, maxSurge } },
});
const template: JsonObject = { volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'] } }] };

describe('rollout-strategy', () => {
  it.each([
    ['Recreate stops all', workloadValue({ spec: { strategy: { type: 'Recreate' } } }), 'fail recreate'],
    ['all may be missing, in percent', workloadValue({ spec: rolling(3, '100%', 0) }), 'fail none-left'],
    ['all may be missing, in Pods', workloadValue({ spec: rolling(2, 2, 1) }), 'fail none-left'],
    ['one of one may be missing', workloadValue({ spec: rolling(1, 1, 0) }), 'fail none-left'],
    [
      'neither missing nor extra: one goes missing, or nothing moves',
      workloadValue({ spec: rolling(1, 0, 0) }),
      'fail none-left',
    ],
    [
      'one of one may be missing, and an autoscaler out of sight may keep more',
      workloadValue({ spec: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } } } }),
      'unknown uncertain-replicas',
    ],
    ['one of two may be missing', workloadValue({ spec: rolling(2, 1, 0) }), 'pass rolling'],
    ['a share of the Pods rounds down', workloadValue({ spec: rolling(1, '99%', 1) }), 'pass rolling'],
    ['a number that is none', workloadValue({ spec: rolling(2, '1', 0) }), 'unknown malformed'],
    [
      'a StatefulSet goes Pod by Pod',
      workloadValue({ kind: 'StatefulSet', spec: { replicas: 2, ...template } }),
      'pass one-by-one',
    ],
    [
      'a StatefulSet of one with a volume',
      workloadValue({ kind: 'StatefulSet', spec: template }),
      'not-applicable single-writer',
    ],
    ['a StatefulSet of one', workloadValue({ kind: 'StatefulSet' }), 'not-applicable one-pod'],
    [
      'OnDelete waits for a person',
      workloadValue({ kind: 'StatefulSet', spec: { replicas: 2, updateStrategy: { type: 'OnDelete' } } }),
      'pass by-hand',
    ],
    ['a DaemonSet goes node by node', workloadValue({ kind: 'DaemonSet' }), 'pass rolling-nodes'],
    [
      'a DaemonSet on all nodes at once',
      workloadValue({ kind: 'DaemonSet', spec: { updateStrategy: { rollingUpdate: { maxUnavailable: '100%' } } } }),
      'fail all-nodes',
    ],
    ['a bare Pod is not replaced', workloadValue({ kind: 'Pod' }), 'not-applicable no-rollout'],
  ])('%s', (_, workload, expected) => {
    expect(
      verdicts(examine(rolloutStrategy, { objects: yaml(workload, service()) })).map((text) =>
        text.split(' ').slice(0, 2).join(' '),
      ),
    ).toEqual([expected]);
  });

  it('reads the strategies of Argo Rollouts, and admits what it does not know', () => {
    const custom = (apiVersion: string, kind: string, strategy: JsonObject) => ({
      ...workloadValue({ spec: { replicas: 2, strategy } }),
      apiVersion,
      kind,
    });
    const said = (object: JsonObject) => verdicts(examine(rolloutStrategy, { objects: yaml(object, service()) }))[0];
    expect(said(custom('argoproj.io/v1alpha1', 'Rollout', { blueGreen: { activeService: 'web' } }))).toBe(
      'pass blue-green Rollout/web',
    );
    expect(said(custom('argoproj.io/v1alpha1', 'Rollout', { canary: { maxUnavailable: '100%' } }))).toBe(
      'fail none-left Rollout/web',
    );
    expect(said(custom('apps.kruise.io/v1alpha1', 'CloneSet', {}))).toBe('unknown unknown-kind CloneSet/web');
  });

  it('a Deployment that nobody asks may stop all its Pods', () => {
    expect(
      verdicts(
        examine(rolloutStrategy, { objects: yaml(workloadValue({ spec: { strategy: { type: 'Recreate' } } })), complete: ['*'] }),
      ),
    ).toEqual(['not-applicable not-served Deployment/web']);
  });
});
