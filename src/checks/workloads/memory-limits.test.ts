import { describe, expect, it } from 'vitest';
import { examine, verdicts } from '../testing.ts';
import { memoryLimits } from './memory-limits.ts';

const pod = (spec: string) => `
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop }
spec:
${spec}
`;

describe('memory-limits', () => {
  it.each([
    [
      'init containers count: they run on the node too',
      'initContainers: [{ name: init, image: a }]\n  containers: [{ name: web, image: a, resources: { limits: { memory: 1Gi } } }]',
      ['fail absent Pod/web/init', 'pass set Pod/web/web'],
    ],
    [
      'ephemeral containers may not set resources',
      'ephemeralContainers: [{ name: debug, image: a }]\n  containers: [{ name: web, image: a, resources: { limits: { memory: 1Gi } } }]',
      ['pass set Pod/web/web'],
    ],
    [
      'a cpu limit is no memory limit',
      'containers: [{ name: web, image: a, resources: { limits: { cpu: 1 } } }]',
      ['fail absent Pod/web/web'],
    ],
    [
      'sidecars count: they run as long as the Pod',
      'initContainers: [{ name: proxy, image: a, restartPolicy: Always }]\n  containers: [{ name: web, image: a, resources: { limits: { memory: 1Gi } } }]',
      ['fail absent Pod/web/proxy', 'pass set Pod/web/web'],
    ],
    [
      'a limit of zero is none',
      'containers: [{ name: web, image: a, resources: { limits: { memory: 0 } } }]',
      ['fail absent Pod/web/web'],
    ],
    [
      'a limit that is no quantity is none',
      'containers: [{ name: web, image: a, resources: { limits: { memory: 1GB } } }]',
      ['fail absent Pod/web/web'],
    ],
    [
      'a limit of the Pod reaches its containers',
      'resources: { limits: { memory: 1Gi } }\n  containers: [{ name: web, image: a }]',
      ['pass set Pod/web/web'],
    ],
    [
      'a request is no limit',
      'containers: [{ name: web, image: a, resources: { requests: { memory: 1Gi } } }]',
      ['fail absent Pod/web/web'],
    ],
  ])('%s', (_, spec, expected) => {
    expect(verdicts(examine(memoryLimits, { objects: pod(`  ${spec}`) }))).toEqual(expected);
  });

  const range = (namespace: string, limits: string) => `---
apiVersion: v1
kind: LimitRange
metadata: { name: limits, namespace: ${namespace} }
spec: { limits: [${limits}] }
`;
  it.each([
    ['a default of the namespace', range('shop', '{ type: Container, default: { memory: 1Gi } }'), 'pass defaulted Pod/web/web'],
    [
      'the maximum is the default where none is given',
      range('shop', '{ type: Container, max: { memory: 1Gi } }'),
      'pass defaulted Pod/web/web',
    ],
    ['a maximum of the whole Pod is no default', range('shop', '{ type: Pod, max: { memory: 1Gi } }'), 'fail absent Pod/web/web'],
    [
      'a default of another namespace',
      range('other', '{ type: Container, default: { memory: 1Gi } }'),
      'fail absent Pod/web/web',
    ],
  ])('LimitRange: %s', (_, limits, expected) => {
    expect(verdicts(examine(memoryLimits, { objects: pod('  containers: [{ name: web, image: a }]') + limits }))).toEqual([
      expected,
    ]);
  });
});
