import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../kube/json.ts';
import { workloadValue } from '../../kube/testing.ts';
import { examine, verdicts } from '../testing.ts';
import { healthProbeDesign } from './health-probe-design.ts';

const yaml = (...objects: readonly JsonObject[]) => objects.map((object) => JSON.stringify(object)).join('\n---\n');

const http = (extra: JsonObject = {}, timing: JsonObject = {}): JsonObject => ({
  httpGet: { path: '/health', port: 'http', ...extra },
  ...timing,
});
const web = (probes: JsonObject): JsonObject => ({
  name: 'web',
  image: 'a',
  ports: [{ name: 'http', containerPort: 8080 }],
  ...probes,
});
const other: JsonObject = { name: 'proxy', image: 'b', ports: [{ name: 'admin', containerPort: 9901 }] };
const said = (...containers: JsonObject[]) =>
  verdicts(examine(healthProbeDesign, { objects: yaml(workloadValue({ pod: { containers } })) }))
    .filter((text) => text.endsWith('/web'))
    .map((text) => text.split(' ').slice(0, 2).join(' '));
const exec = (...command: string[]): JsonObject => ({ exec: { command } });

describe('health-probe-design', () => {
  it.each([
    ['the same question with the same patience', { readinessProbe: http(), livenessProbe: http() }, ['fail identical']],
    [
      'the same question, liveness three times as patient',
      { readinessProbe: http(), livenessProbe: http({}, { failureThreshold: 9 }) },
      ['pass sound'],
    ],
    [
      'the same question, liveness less patient',
      { readinessProbe: http(), livenessProbe: http({}, { periodSeconds: 5 }) },
      ['fail identical'],
    ],
    ['the same port, another path', { readinessProbe: http(), livenessProbe: http({ path: '/live' }) }, ['pass sound']],
    ['the same command', { readinessProbe: exec('check'), livenessProbe: exec('check') }, ['fail identical']],
    ['a name that the container does not have', { livenessProbe: http({ port: 'web' }) }, ['fail unknown-port-name']],
    [
      'a name that another container has: the kubelet looks at the own ports only',
      { readinessProbe: http({ port: 'admin' }) },
      ['fail unknown-port-name'],
    ],
    [
      'a number that nobody declares: it may listen all the same',
      { readinessProbe: http({ port: 8081 }) },
      ['unknown undeclared-port'],
    ],
    ['liveness of one container asks another', { livenessProbe: http({ port: 9901 }) }, ['fail other-container']],
    ['readiness of one container asks another', { readinessProbe: http({ port: 9901 }) }, ['pass sound']],
    ['another host', { livenessProbe: http({ host: 'db.shop.svc', port: 80 }) }, ['fail other-host']],
    [
      'the loopback of the node, which is where the kubelet asks',
      { livenessProbe: http({ host: 'localhost' }), readinessProbe: http({ host: '127.0.0.1' }) },
      ['fail other-host', 'fail other-host'],
    ],
    [
      'one question in two spellings',
      { livenessProbe: { httpGet: { port: 8080 } }, readinessProbe: { httpGet: { path: '/', port: 'http', scheme: 'HTTP' } } },
      ['fail identical'],
    ],
    [
      'two gRPC services on one port',
      { livenessProbe: { grpc: { port: 8080, service: 'live' } }, readinessProbe: { grpc: { port: 8080, service: 'ready' } } },
      ['pass sound'],
    ],
    [
      'a client that asks another Service',
      { readinessProbe: exec('sh', '-c', 'curl -fsS http://api.shop.svc:8080/ok') },
      ['fail other-host'],
    ],
    ['a client that asks its own Pod', { livenessProbe: exec('wget', '-qO-', 'http://localhost:8080/ok') }, ['pass sound']],
    [
      'a client that asks the address in a variable',
      { livenessProbe: exec('sh', '-c', 'curl http://$POD_IP:8080') },
      ['pass sound'],
    ],
    ['a URL that is no target of a request', { livenessProbe: exec('grep', 'http://example.com', '/tmp/x') }, ['pass sound']],
    ['a long wait instead of a startup probe', { livenessProbe: http({}, { initialDelaySeconds: 120 }) }, ['fail long-delay']],
    [
      'a long wait beside a startup probe',
      { livenessProbe: http({}, { initialDelaySeconds: 120 }), startupProbe: http() },
      ['pass sound'],
    ],
    [
      'a command may wait for the age of something',
      { livenessProbe: { ...exec('find', '/tmp/x'), initialDelaySeconds: 300 } },
      ['pass sound'],
    ],
    ['a timeout beyond the period only makes it patient', { livenessProbe: http({}, { timeoutSeconds: 20 }) }, ['pass sound']],
    ['liveness kills at the first slow answer', { livenessProbe: http({}, { failureThreshold: 1 }) }, ['fail one-strike']],
    ['readiness may react at once', { readinessProbe: http({}, { failureThreshold: 1 }) }, ['pass sound']],
    ['a probe that asks nothing', { readinessProbe: { periodSeconds: 3 } }, ['fail no-handler']],
    ['no probe', {}, ['not-applicable no-probes']],
  ])('%s', (_, probes, expected) => {
    expect(said(web(probes), other)).toEqual(expected);
  });

  it('an address is the own one where the Pod has the addresses of its node', () => {
    const pod = { hostNetwork: true, containers: [web({ livenessProbe: http({ host: '192.168.49.2', port: 8080 }) })] };
    expect(verdicts(examine(healthProbeDesign, { objects: yaml(workloadValue({ pod })) }))).toEqual([
      'pass sound Deployment/web/web',
    ]);
  });

  it('reports each fault of a container', () => {
    expect(said(web({ readinessProbe: http({ port: 'x' }), livenessProbe: http({ port: 'y' }) }))).toEqual([
      'fail unknown-port-name',
      'fail unknown-port-name',
    ]);
  });

  it('asks a Pod of the host’s network on its loopback', () => {
    const pod = { hostNetwork: true, containers: [web({ livenessProbe: http({ host: '127.0.0.1' }) })] };
    expect(verdicts(examine(healthProbeDesign, { objects: yaml(workloadValue({ pod })) }))).toEqual([
      expect.stringMatching(/^pass sound /),
    ]);
  });
});
