import { describe, expect, it } from 'vitest';
import { examine, verdicts } from '../testing.ts';
import { servicesHealthy } from './services-healthy.ts';

const deployment = (name: string, status = '{}', spec = '') =>
  `---\n{ apiVersion: apps/v1, kind: Deployment, metadata: { name: ${name}, namespace: shop }, spec: { ${spec} template: { metadata: { labels: { app: ${name} } }, spec: { containers: [{ name: a, image: a }] } } }, status: ${status} }\n`;
const pod = (app: string, { ready = 'True', restarts = 0, phase = 'Running', init = 0 } = {}) =>
  `---\n{ apiVersion: v1, kind: Pod, metadata: { name: ${app}-1, namespace: shop, labels: { app: ${app} }, ownerReferences: [{ apiVersion: apps/v1, kind: Deployment, name: ${app}, uid: u, controller: true }] }, spec: { containers: [{ name: a, image: a }] }, status: { phase: ${phase}, conditions: [{ type: Ready, status: "${ready}" }], containerStatuses: [{ name: a, restartCount: ${restarts} }], initContainerStatuses: [{ name: i, restartCount: ${init} }] } }\n`;

describe('services-healthy', () => {
  it.each<[string, string, readonly string[]]>([
    ['ready Pods of every workload', deployment('a') + pod('a'), ['pass healthy Source/test']],
    [
      'a workload without Pods is not healthy because another is',
      deployment('a') + deployment('b') + pod('a'),
      ['unknown unseen Source/test'],
    ],
    ['restarts of init containers count', deployment('a') + pod('a', { init: 2 }), ['fail restarts Source/test']],
    [
      'a Pod that is not ready and restarts has two faults',
      deployment('a') + pod('a', { ready: 'False', restarts: 9 }),
      ['fail not-ready Source/test', 'fail restarts Source/test'],
    ],
    [
      'a Pod that has ended is no Pod of the service',
      deployment('a') + pod('a', { phase: 'Failed' }),
      ['unknown unseen Source/test'],
    ],
    [
      'fewer Pods available than wanted',
      deployment('a', '{ availableReplicas: 1 }', 'replicas: 2,') + pod('a'),
      ['fail unavailable Source/test'],
    ],
    [
      'scaled to nothing on purpose',
      deployment('a') + pod('a') + deployment('b', '{}', 'replicas: 0,'),
      ['pass healthy Source/test'],
    ],
    ['Pods of another workload are not counted', deployment('a') + pod('b'), ['unknown unseen Source/test']],
  ])('%s', (_, objects, expected) => {
    const live = objects.replaceAll(', status: {} }', ' }');
    expect(verdicts(examine(servicesHealthy, { objects: live, live: true, review: { name: 'test' } }))).toEqual(expected);
  });

  it('a status that somebody wrote into a manifest proves nothing', () => {
    expect(verdicts(examine(servicesHealthy, { objects: deployment('a') + pod('a'), review: { name: 'test' } }))).toEqual([
      'unknown unseen Source/test',
    ]);
  });

  it('an organisation may allow restarts', () => {
    expect(
      verdicts(
        examine(servicesHealthy, {
          objects: deployment('a').replace(', status: {} }', ' }') + pod('a', { restarts: 1 }),
          live: true,
          parameters: { maxRestarts: 1 },
        }),
      ),
    ).toEqual(['pass healthy Source/test']);
  });
});
