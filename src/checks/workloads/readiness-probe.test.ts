import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../kube/json.ts';
import { workloadValue } from '../../kube/testing.ts';
import { examine, verdicts } from '../testing.ts';
import { readinessProbe } from './readiness-probe.ts';

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

const ready: JsonObject = { readinessProbe: { httpGet: { path: '/ready', port: 8080 } } };
const web = (extra: JsonObject = {}): JsonObject => ({
  name: 'web',
  image: 'a',
  ports: [{ name: 'http', containerPort: 8080 }],
  ...extra,
});
const helper = (extra: JsonObject = {}): JsonObject => ({ name: 'helper', image: 'b', ...extra });

describe('readiness-probe', () => {
  it.each([
    ['the container that serves needs one', [web()], 'http', ['fail absent Deployment/web/web']],
    ['a helper that serves nothing needs none', [web(ready), helper()], 'http', ['pass set Deployment/web/web']],
    [
      'a probe of the helper is no probe of the server',
      [web(), helper({ readinessProbe: { exec: { command: ['true'] } } })],
      'http',
      ['fail absent Deployment/web/web'],
    ],
    [
      'the helper may ask the server: the Pod is ready when all are',
      [web(), helper(ready)],
      'http',
      ['pass covered Deployment/web/web'],
    ],
    [
      'a startup probe ends, and then says nothing',
      [web({ startupProbe: { httpGet: { port: 8080 } } })],
      'http',
      ['fail absent Deployment/web/web'],
    ],
    [
      'a probe without a handler is none',
      [web({ readinessProbe: { periodSeconds: 5 } })],
      'http',
      ['fail absent Deployment/web/web'],
    ],
    ['nobody declares the port, nobody has a probe', [web(), helper()], 9090, ['fail absent-everywhere Deployment/web']],
    [
      'nobody declares the port, and who answers cannot be told',
      [web(), helper({ readinessProbe: { exec: { command: ['true'] } } })],
      9090,
      ['unknown undeclared-port Deployment/web'],
    ],
    [
      'nobody declares the port, and a probe asks it',
      [web(), helper({ readinessProbe: { tcpSocket: { port: 9090 } } })],
      9090,
      ['pass set Deployment/web'],
    ],
    [
      'nobody declares the port, and all have a probe',
      [web(ready), helper({ readinessProbe: { exec: { command: ['true'] } } })],
      9090,
      ['pass all-set Deployment/web'],
    ],
  ])('%s', (_, containers, targetPort, expected) => {
    expect(
      verdicts(
        examine(readinessProbe, { objects: yaml(workloadValue({ pod: { containers } }), service({ app: 'web' }, targetPort)) }),
      ),
    ).toEqual(expected);
  });

  it('sidecars serve too: init containers that stay are not skipped', () => {
    const pod = { initContainers: [{ ...web(), restartPolicy: 'Always', name: 'proxy' }], containers: [helper()] };
    expect(verdicts(examine(readinessProbe, { objects: yaml(workloadValue({ pod }), service()) }))).toEqual([
      'fail absent Deployment/web/proxy',
    ]);
  });

  it('a Service by matching labels only: one label of two is not enough', () => {
    expect(
      verdicts(
        examine(readinessProbe, {
          objects: yaml(workloadValue({ pod: { containers: [web()] } }), service({ app: 'web', tier: 'x' })),
        }),
      ),
    ).toEqual(['not-applicable not-served Deployment/web']);
  });
});
