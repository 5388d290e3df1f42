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
    ['init containers count: they run on the node too', 'initContainers: [{ name: init, image: a }]\n  containers: [{ name: web, image: a, resources: { limits: { memory: 1Gi } } }]', ['fail absent Pod/web/init', 'pass set Pod/web/web']],
    ['ephemeral containers may not set resources', 'ephemeralContainers: [{ name: debug, image: a }]\n  containers: [{ name: web, image: a, resources: { limits: { memory: 1Gi } } }]', ['pass set Pod/web/web']],
    ['a cpu limit is no memory limit', 'containers: [{ name: web, image: a, resources: { limits: { cpu: 1 } } }]', ['fail absent Pod/web/web']],
    ['a request is no limit', 'containers: [{ name: web, image: a, resources: { requests: { memory: 1Gi } } }]', ['fail absent Pod/web/web']],
  ])('%s', (_, spec, expected) => {
    expect(verdicts(examine(memoryLimits, { objects: pod(`  ${spec}`) }))).toEqual(expected);
  });
});
