import { describe, expect, test } from 'vitest';
import type { JsonObject } from './json.ts';
import { asksTheSame, readProbe } from './probe.ts';
import { workloadObject } from './testing.ts';
import { readWorkload } from './workload.ts';

const container = (fields: JsonObject) => {
  const found = readWorkload(workloadObject({ container: { ports: [{ name: 'http', containerPort: 8080 }], ...fields } }))
    ?.containers[0];
  if (found === undefined) throw new Error('no container');
  return found;
};
const readiness = (probe: JsonObject) => readProbe(container({ readinessProbe: probe }), 'readiness');

describe('probes', () => {
  test('no probe is undefined', () => {
    expect(readProbe(container({}), 'readiness')).toBeUndefined();
  });
  test('defaults are those of the API, also for zeroes', () => {
    expect(readiness({ httpGet: { port: 80 }, timeoutSeconds: 0 })).toMatchObject({
      initialDelay: 0,
      period: 10,
      timeout: 1,
      successThreshold: 1,
      failureThreshold: 3,
      urlPath: '/',
      scheme: 'HTTP',
    });
  });
  test.each<[string, JsonObject, string, number | undefined]>([
    ['a number', { httpGet: { port: 9000 } }, 'httpGet', 9000],
    ['a name of the container', { httpGet: { port: 'http' } }, 'httpGet', 8080],
    ['an unknown name', { tcpSocket: { port: 'grpc' } }, 'tcpSocket', undefined],
    ['a number in quotes', { tcpSocket: { port: '9000' } }, 'tcpSocket', 9000],
    ['grpc', { grpc: { port: 9001 } }, 'grpc', 9001],
    ['exec has no port', { exec: { command: ['true'] } }, 'exec', undefined],
    ['no handler', { periodSeconds: 5 }, 'none', undefined],
  ])('%s', (_, probe, handler, port) => {
    const read = readiness(probe);
    expect([read?.handler, read?.port]).toEqual([handler, port]);
  });
});

test.each<[string, JsonObject, JsonObject, boolean]>([
  ['the same handler', { httpGet: { port: 80, path: '/' } }, { httpGet: { port: 80, path: '/' }, periodSeconds: 30 }, true],
  ['another path', { httpGet: { port: 80, path: '/live' } }, { httpGet: { port: 80, path: '/ready' } }, false],
  ['two probes without a handler', {}, {}, false],
])('liveness and readiness ask the same: %s', (_, livenessProbe, readinessProbe, same) => {
  expect(asksTheSame(container({ livenessProbe, readinessProbe }), 'liveness', 'readiness')).toBe(same);
});
