import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../kube/json.ts';
import { workloadValue } from '../../kube/testing.ts';
import { examine, verdicts } from '../testing.ts';
import { gracefulTermination } from './graceful-termination.ts';

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

const port = { ports: [{ name: 'http', containerPort: 8080 }] };
const hook = (preStop: JsonObject, pod: JsonObject = {}) =>
  workloadValue({ pod: { containers: [{ name: 'web', image: 'a', ...port, lifecycle: { preStop } }], ...pod } });
const exec = (...command: string[]): JsonObject => ({ exec: { command } });

describe('graceful-termination', () => {
  it.each([
    ['the sleep handler', hook({ sleep: { seconds: 5 } }), 'pass delayed'],
    ['sleep as a command', hook(exec('sleep', '15')), 'pass delayed'],
    ['sleep within a shell', hook(exec('/bin/sh', '-c', 'sleep 10 && nginx -s quit')), 'pass delayed'],
    ['a command whose length nobody wrote', hook(exec('/app/drain')), 'pass hook'],
    ['a path that only ends in sleep is no length', hook(exec('/app/nosleep', '40')), 'pass hook'],
    ['the hook uses up the grace period', hook({ sleep: { seconds: 30 } }), 'fail no-time'],
    [
      'a longer grace period leaves time',
      hook({ sleep: { seconds: 30 } }, { terminationGracePeriodSeconds: 60 }),
      'pass delayed',
    ],
    ['a sleep of 0 is no delay', hook({ sleep: { seconds: 0 } }), 'fail no-delay'],
    ['no time at all', hook({ sleep: { seconds: 1 } }, { terminationGracePeriodSeconds: 0 }), 'fail killed-at-once'],
    ['tcpSocket does nothing', hook({ tcpSocket: { port: 8080 } }), 'unknown no-hook'],
    ['no hook', workloadValue({ container: port }), 'unknown no-hook'],
  ])('%s', (_, workload, expected) => {
    expect(verdicts(examine(gracefulTermination, { objects: yaml(workload, service()) }))).toEqual([
      `${expected} Deployment/web/web`,
    ]);
  });

  it('a scrape that is lost harms nobody', () => {
    const pod = { containers: [{ name: 'web', image: 'a', ports: [{ name: 'metrics', containerPort: 9090 }] }] };
    expect(
      verdicts(examine(gracefulTermination, { objects: yaml(workloadValue({ pod }), service({ app: 'web' }, 'metrics')) })),
    ).toEqual(['not-applicable only-metrics Deployment/web/web']);
  });

  it('a single writer has nobody who takes over, so that a delay saves nothing', () => {
    const database = workloadValue({
      kind: 'StatefulSet',
      container: port,
      spec: { volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'] } }] },
    });
    expect(verdicts(examine(gracefulTermination, { objects: yaml(database, service()) }))).toEqual([
      'not-applicable single-pod StatefulSet/web/web',
    ]);
  });

  it('what the program does by itself is for a person to attest', () => {
    expect(gracefulTermination.attestable).toBe(true);
    expect(examine(gracefulTermination, { objects: yaml(workloadValue({ container: port }), service()) })[0]?.reason).toBe(
      'needs-a-person',
    );
  });
});
