import { expect, test } from 'vitest';
import type { JsonObject } from './json.ts';
import { effectiveResources, readLimitRange } from './limit-range.ts';
import { kubeObject, workloadObject } from './testing.ts';
import { readWorkload } from './workload.ts';

const range = (limits: string) => {
  const read = readLimitRange(
    kubeObject(`apiVersion: v1\nkind: LimitRange\nmetadata: { name: l, namespace: n }\nspec: { limits: ${limits} }`),
  );
  if (read === undefined) throw new Error('no LimitRange');
  return read;
};
const effective = (resources: JsonObject, limits: readonly string[] = [], pod: JsonObject = {}) => {
  const container = readWorkload(workloadObject({ pod: { ...pod, containers: [{ name: 'a', resources }] } }))?.containers[0];
  if (container === undefined) throw new Error('no container');
  const found = effectiveResources(container, limits.map(range));
  const show = (value: { text: string; from: string } | undefined) => value && `${value.text} (${value.from})`;
  return { request: show(found.requests.memory), limit: show(found.limits.memory) };
};
const memory = (value: string | number) => ({ memory: value });

test.each<[string, JsonObject, readonly string[], JsonObject, { request?: string; limit?: string }]>([
  ['nothing set, nothing known', {}, [], {}, {}],
  [
    'what the container sets',
    { requests: memory('1Gi'), limits: memory('2Gi') },
    [],
    {},
    { request: '1Gi (container)', limit: '2Gi (container)' },
  ],
  [
    'a limit without a request becomes the request',
    { limits: memory('2Gi') },
    [],
    {},
    { request: '2Gi (container)', limit: '2Gi (container)' },
  ],
  [
    'a LimitRange gives defaults',
    {},
    ['[{ type: Container, default: { memory: 1Gi }, defaultRequest: { memory: 512Mi } }]'],
    {},
    { request: '512Mi (limit-range)', limit: '1Gi (limit-range)' },
  ],
  [
    'its default limit is the default request',
    {},
    ['[{ type: Container, default: { memory: 1Gi } }]'],
    {},
    { request: '1Gi (limit-range)', limit: '1Gi (limit-range)' },
  ],
  [
    'its max is the default limit',
    {},
    ['[{ type: Container, max: { memory: 3Gi } }]'],
    {},
    { request: '3Gi (limit-range)', limit: '3Gi (limit-range)' },
  ],
  [
    'its min is the default request, and gives no limit',
    {},
    ['[{ type: Container, min: { memory: 64Mi } }]'],
    {},
    { request: '64Mi (limit-range)' },
  ],
  ['a Pod item gives containers nothing', {}, ['[{ type: Pod, max: { memory: 3Gi } }]'], {}, {}],
  [
    'the container wins over the LimitRange',
    { limits: memory('2Gi') },
    ['[{ type: Container, default: { memory: 1Gi }, defaultRequest: { memory: 512Mi } }]'],
    {},
    { request: '2Gi (container)', limit: '2Gi (container)' },
  ],
  [
    'the first LimitRange with a default counts',
    {},
    ['[{ type: Container, default: { cpu: 1 } }]', '[{ type: Container, default: { memory: 2Gi } }]'],
    {},
    { request: '2Gi (limit-range)', limit: '2Gi (limit-range)' },
  ],
  [
    'Pod-level resources count for memory',
    {},
    [],
    { resources: { limits: memory('4Gi') } },
    { request: '4Gi (pod)', limit: '4Gi (pod)' },
  ],
  [
    'a limit of 0 is no limit and keeps the default away',
    { limits: memory(0) },
    ['[{ type: Container, default: { memory: 1Gi } }]'],
    {},
    {},
  ],
  ['a malformed quantity is none', { limits: memory('128MB') }, [], {}, {}],
])('%s', (_, resources, limits, pod, expected) => {
  expect(effective(resources, limits, pod)).toEqual({ request: expected.request, limit: expected.limit });
});

test('Pod-level resources do not count for ephemeral storage', () => {
  const container = readWorkload(
    workloadObject({ pod: { resources: { limits: { 'ephemeral-storage': '1Gi' } }, containers: [{ name: 'a' }] } }),
  )?.containers[0];
  expect(container && effectiveResources(container, []).limits['ephemeral-storage']).toBeUndefined();
});
