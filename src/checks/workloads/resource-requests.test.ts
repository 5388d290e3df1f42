import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../kube/json.ts';
import { workloadValue } from '../../kube/testing.ts';
import { examine, verdicts } from '../testing.ts';
import { resourceRequests } from './resource-requests.ts';

const yaml = (...objects: readonly JsonObject[]) => objects.map((object) => JSON.stringify(object)).join('\n---\n');
const both: JsonObject = { requests: { cpu: '100m', memory: '64Mi' } };

describe('resource-requests', () => {
  it.each([
    [
      'a limit without a request becomes the request',
      { containers: [{ name: 'web', image: 'a', resources: { limits: { cpu: 1, memory: '1Gi' } } }] },
      ['pass set Deployment/web/web'],
    ],
    [
      'a request of zero is none',
      { containers: [{ name: 'web', image: 'a', resources: { requests: { cpu: 0, memory: '64Mi' } } }] },
      ['fail absent Deployment/web/web'],
    ],
    [
      'init containers count, ephemeral ones do not',
      {
        initContainers: [{ name: 'init', image: 'a' }],
        containers: [{ name: 'web', image: 'a', resources: both }],
        ephemeralContainers: [{ name: 'debug', image: 'a' }],
      },
      ['fail absent Deployment/web/init', 'pass set Deployment/web/web'],
    ],
    [
      'resources of the Pod reach its containers',
      { resources: both, containers: [{ name: 'web', image: 'a' }] },
      ['pass defaulted Deployment/web/web'],
    ],
  ])('%s', (_, pod, expected) => {
    expect(verdicts(examine(resourceRequests, { objects: yaml(workloadValue({ pod })) }))).toEqual(expected);
  });

  it('names what is missing, and only that', () => {
    const [found] = examine(resourceRequests, {
      objects: yaml(workloadValue({ container: { resources: { requests: { memory: '64Mi' } } } })),
    });
    expect(found?.message).toBe('Container web requests no cpu.');
  });

  it('a LimitRange of another namespace sets nothing', () => {
    const range = {
      apiVersion: 'v1',
      kind: 'LimitRange',
      metadata: { name: 'a', namespace: 'other' },
      spec: { limits: [{ type: 'Container', defaultRequest: { cpu: 1, memory: '1Gi' } }] },
    };
    expect(verdicts(examine(resourceRequests, { objects: yaml(workloadValue(), range) }))).toEqual([
      'fail absent Deployment/web/web',
    ]);
  });

  it('Jobs take room on nodes like any other workload', () => {
    expect(verdicts(examine(resourceRequests, { objects: yaml(workloadValue({ kind: 'CronJob', name: 'nightly' })) }))).toEqual([
      'fail absent CronJob/nightly/nightly',
    ]);
  });
});
