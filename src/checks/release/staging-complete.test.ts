import { describe, expect, it } from 'vitest';
import { examine } from '../testing.ts';
import { stagingComplete } from './staging-complete.ts';

const digest = (letter: string) => `web@sha256:${letter.repeat(64)}`;
const workload = (kind: string, name: string, namespace: string, image = 'a:1', status = '') =>
  `---\n{ apiVersion: apps/v1, kind: ${kind}, metadata: { name: ${name}, namespace: ${namespace} }, spec: { template: { metadata: { labels: { app: ${name} } }, spec: { containers: [{ name: a, image: "${image}" }] } } }${status} }\n`;
const up = ', status: { availableReplicas: 1 }';
const say = (objects: string, staging: string, live = false) =>
  examine(stagingComplete, { objects, comparison: { environment: 'staging', objects: staging }, live }).map(
    ({ outcome, messageId }) => `${outcome} ${messageId}`,
  );

describe('staging-complete', () => {
  it.each<[string, string, string, boolean, string]>([
    [
      'manifests alone do not run',
      workload('Deployment', 'a', 'prod'),
      workload('Deployment', 'a', 'stage'),
      false,
      'unknown not-live',
    ],
    [
      'a workload of another kind with the same name is the same',
      workload('StatefulSet', 'a', 'prod'),
      workload('Deployment', 'a', 'stage', 'a:1', up),
      true,
      'pass complete',
    ],
    [
      'a workload is missing',
      workload('Deployment', 'a', 'prod') + workload('Deployment', 'b', 'prod'),
      workload('Deployment', 'a', 'stage'),
      false,
      'fail missing',
    ],
    [
      'a Job is not asked for',
      `${workload('Deployment', 'a', 'prod')}---\n{ apiVersion: batch/v1, kind: Job, metadata: { name: j, namespace: prod }, spec: { template: { spec: { restartPolicy: Never, containers: [{ name: j, image: j }] } } } }`,
      workload('Deployment', 'a', 'stage'),
      false,
      'unknown not-live',
    ],
    [
      'a workload that is down in staging',
      workload('Deployment', 'a', 'prod'),
      workload('Deployment', 'a', 'stage', 'a:1', ', status: { availableReplicas: 0 }'),
      true,
      'fail unavailable',
    ],
    [
      'scaled to nothing in staging is down',
      workload('Deployment', 'a', 'prod'),
      workload('Deployment', 'a', 'stage', 'a:1', ', status: {}').replace('spec: { template', 'spec: { replicas: 0, template'),
      true,
      'fail unavailable',
    ],
    [
      'another digest is another version',
      workload('Deployment', 'a', 'prod', digest('a')),
      workload('Deployment', 'a', 'stage', digest('b'), up),
      true,
      'unknown other-image',
    ],
    [
      'the same digest',
      workload('Deployment', 'a', 'prod', digest('a')),
      workload('Deployment', 'a', 'stage', digest('a'), up),
      true,
      'pass complete',
    ],
  ])('%s', (_, objects, staging, live, expected) => {
    expect(say(objects, staging, live)).toEqual([expected]);
  });

  it('names what is missing, and what staging has beside it', () => {
    const message = (objects: string, staging: string) =>
      examine(stagingComplete, { objects, comparison: { environment: 'staging', objects: staging } })[0]?.message;
    expect(
      message(workload('Deployment', 'a', 'prod') + workload('StatefulSet', 'b', 'prod'), workload('Deployment', 'a', 'stage')),
    ).toBe('staging lacks StatefulSet b, of 2 workloads that launch.');
    expect(
      message(workload('Deployment', 'a', 'prod'), workload('Deployment', 'a', 'stage') + workload('Deployment', 'z', 'stage')),
    ).toContain('(and z)');
  });
});
