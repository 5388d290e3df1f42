import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../kube/json.ts';
import { workloadValue } from '../../kube/testing.ts';
import { examine, verdicts } from '../testing.ts';
import { podDisruptionBudget } from './pod-disruption-budget.ts';

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

const budget = (
  spec: JsonObject,
  name = 'web',
  selector: JsonObject = { matchLabels: { app: 'web' } },
  namespace = 'default',
): JsonObject => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name, namespace },
  spec: { ...spec, selector },
});
const two = workloadValue({ spec: { replicas: 2 } });
const one: JsonObject = { maxUnavailable: 1 };

describe('pod-disruption-budget', () => {
  it.each([
    ['one Pod may go', [two, service(), budget(one)], ['pass protected Deployment/web']],
    [
      'a budget selects by all of its labels, not by any of them',
      [two, service(), budget(one, 'web', { matchLabels: { app: 'web', tier: 'front' } })],
      ['fail absent Deployment/web'],
    ],
    [
      'a budget of another namespace covers nothing here',
      [two, service(), budget(one, 'web', { matchLabels: { app: 'web' } }, 'other')],
      ['fail absent Deployment/web'],
    ],
    [
      'matchExpressions select too',
      [two, service(), budget(one, 'web', { matchExpressions: [{ key: 'app', operator: 'In', values: ['web', 'api'] }] })],
      ['pass protected Deployment/web'],
    ],
    [
      'an expression that excludes the Pods covers nothing',
      [two, service(), budget(one, 'web', { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] })],
      ['fail absent Deployment/web'],
    ],
    ['an empty selector covers the namespace', [two, service(), budget(one, 'all', {})], ['pass protected Deployment/web']],
    [
      'no eviction allowed: 100% must be available',
      [two, service(), budget({ minAvailable: '100%' })],
      ['fail blocks Deployment/web'],
    ],
    ['no eviction allowed: none may be missing', [two, service(), budget({ maxUnavailable: 0 })], ['fail blocks Deployment/web']],
    [
      'no eviction allowed: half of one Pod rounds up',
      [workloadValue({ spec: { replicas: 1 } }), service(), budget({ minAvailable: '50%' })],
      ['fail blocks Deployment/web'],
    ],
    ['neither number allows nothing', [two, service(), budget({})], ['fail blocks Deployment/web']],
    ['all may go at once', [two, service(), budget({ maxUnavailable: '100%' })], ['fail protects-nothing Deployment/web']],
    [
      'two budgets on one Pod: the API refuses every eviction',
      [two, service(), budget(one), budget(one, 'all', {})],
      ['fail overlapping Deployment/web'],
    ],
    [
      'a budget that blocks is a fault also where no Service is',
      [two, budget({ maxUnavailable: 0 })],
      ['fail blocks Deployment/web'],
    ],
    ['a number that is none', [two, service(), budget({ maxUnavailable: 'half' })], ['unknown malformed Deployment/web']],
    ['a DaemonSet needs none', [workloadValue({ kind: 'DaemonSet' }), service()], ['not-applicable per-node DaemonSet/web']],
  ])('%s', (_, objects, expected) => {
    expect(verdicts(examine(podDisruptionBudget, { objects: yaml(...objects), complete: ['*'] }))).toEqual(expected);
  });

  it('asks for no budget on one replica: it could only block drains (opinionated noise elsewhere)', () => {
    expect(
      verdicts(
        examine(podDisruptionBudget, { objects: yaml(workloadValue({ spec: { replicas: 1 } }), service()), complete: ['*'] }),
      ),
    ).toEqual(['not-applicable few-replicas Deployment/web']);
  });

  it('calls no budget blocking while an autoscaler elsewhere may raise the replicas', () => {
    const objects = yaml(workloadValue(), service(), budget({ minAvailable: 1 }));
    expect(verdicts(examine(podDisruptionBudget, { objects }))).toEqual(['unknown unknown-size Deployment/web']);
    expect(verdicts(examine(podDisruptionBudget, { objects, complete: ['*'] }))).toEqual(['fail blocks Deployment/web']);
  });

  it('counts all the Pods that a budget covers', () => {
    const objects = yaml(
      workloadValue({ name: 'a', labels: { app: 'web' }, spec: { replicas: 1 } }),
      workloadValue({ name: 'b', labels: { app: 'web' }, spec: { replicas: 1 } }),
      service(),
      budget({ minAvailable: 1 }),
    );
    expect(verdicts(examine(podDisruptionBudget, { objects, complete: ['*'] }))).toEqual([
      'pass protected Deployment/a',
      'pass protected Deployment/b',
    ]);
  });
});
