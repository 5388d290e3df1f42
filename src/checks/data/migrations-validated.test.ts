import { describe, expect, it } from 'vitest';
import { examine, verdicts } from '../testing.ts';
import { migrationsValidated } from './migrations-validated.ts';

const a = `sha256:${'a'.repeat(64)}`;
const b = `sha256:${'b'.repeat(64)}`;
const api = (image: string, more = '', status = '', env = '[{ name: DATABASE_HOST, value: postgres }]') => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: api, namespace: shop, generation: 2 }
spec: { replicas: 2, template: { spec: { containers: [{ name: api, image: "${image}", env: ${env} }]${more} } } }
${status}
`;
const job = (image: string, status = '', name = 'migrate') => `---
apiVersion: batch/v1
kind: Job
metadata: { name: ${name}, namespace: shop }
spec: { template: { spec: { restartPolicy: Never, containers: [{ name: run, image: "${image}" }] } } }
${status}
`;
const complete = 'status: { conditions: [{ type: Complete, status: "True" }] }';
const failed = 'status: { conditions: [{ type: Failed, status: "True" }] }';
const init = (image: string) => `, initContainers: [{ name: migrate, image: "${image}" }]`;
const rolledOut = 'status: { observedGeneration: 2, updatedReplicas: 2, availableReplicas: 2 }';

describe('migrations-validated', () => {
  it.each<[string, string, readonly string[]]>([
    [
      'a Job of this digest that completed',
      `${api(`r.io/api@${a}`)}${job(`r.io/api@${a}`, complete)}`,
      ['pass completed Deployment/api'],
    ],
    [
      'a Job that once completed proves nothing about this version',
      `${api(`r.io/api@${a}`)}${job(`r.io/api@${b}`, complete)}`,
      ['unknown other-image Deployment/api'],
    ],
    ['a tag ties a Job to nothing', `${api('r.io/api:2')}${job('r.io/api:2', complete)}`, ['unknown untagged Deployment/api']],
    [
      'a Job of this digest that has not run',
      `${api(`r.io/api@${a}`)}${job(`r.io/api@${a}`)}`,
      ['unknown unproven Deployment/api'],
    ],
    ['a Job that failed', `${api(`r.io/api@${a}`)}${job(`r.io/api@${a}`, failed)}`, ['fail failed Deployment/api']],
    [
      'an image of its own counts by its own digest',
      `${api(`r.io/api@${a}`)}${job(`r.io/flyway@${b}`, complete, 'flyway')}`,
      ['pass completed Deployment/api'],
    ],
    [
      'a Job that migrates nothing is no migration',
      `${api(`r.io/api@${a}`)}${job(`r.io/api@${a}`, complete, 'report')}`,
      ['unknown none Deployment/api'],
    ],
    [
      'an init container of a Deployment that is rolled out whole',
      api(`r.io/api@${a}`, init(`r.io/api@${a}`), rolledOut),
      ['pass completed Deployment/api'],
    ],
    [
      'an init container of a rollout that is not finished',
      api(`r.io/api@${a}`, init(`r.io/api@${a}`), 'status: { observedGeneration: 2, updatedReplicas: 1, availableReplicas: 2 }'),
      ['unknown unproven Deployment/api'],
    ],
    [
      'a cache has no schema',
      api(`r.io/api@${a}`, '', '', '[{ name: REDIS_HOST, value: redis }]'),
      ['not-applicable no-target Source/production'],
    ],
    [
      'a variable in a Secret says that there is a database',
      api(`r.io/api@${a}`, '', '', '[{ name: DATABASE_URL, valueFrom: { secretKeyRef: { name: db, key: url } } }]'),
      ['unknown none Deployment/api'],
    ],
  ])('%s', (_, objects, expected) => {
    expect(
      verdicts(examine(migrationsValidated, { objects, live: true, complete: ['Deployment', 'StatefulSet', 'DaemonSet'] })),
    ).toEqual(expected);
  });
});
