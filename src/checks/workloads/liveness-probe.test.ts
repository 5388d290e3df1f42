import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../kube/json.ts';
import { workloadValue } from '../../kube/testing.ts';
import { examine, verdicts } from '../testing.ts';
import { livenessProbe } from './liveness-probe.ts';

const yaml = (...objects: readonly JsonObject[]) => objects.map((object) => JSON.stringify(object)).join('\n---\n');

describe('liveness-probe', () => {
  it('asks every container that runs as long as its Pod, and no other', () => {
    const pod = {
      initContainers: [
        { name: 'prepare', image: 'a' },
        { name: 'proxy', image: 'a', restartPolicy: 'Always' },
      ],
      containers: [{ name: 'web', image: 'a', livenessProbe: { tcpSocket: { port: 80 } } }],
      ephemeralContainers: [{ name: 'debug', image: 'a' }],
    };
    expect(
      verdicts(
        examine(livenessProbe, { objects: yaml(workloadValue({ pod }), workloadValue({ kind: 'CronJob', name: 'nightly' })) }),
      ),
    ).toEqual(['fail absent Deployment/web/proxy', 'pass set Deployment/web/web']);
  });

  it('never counts, since none is better than a careless one', () => {
    expect(livenessProbe.level).toBe('advisory');
  });
});
