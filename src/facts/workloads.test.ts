import { describe, expect, test } from 'vitest';
import { aBundle, type BundleParts } from '../evidence/testing.ts';
import { formatRef } from '../model/object-ref.ts';
import { createFacts } from './fact.ts';
import { workloads } from './workloads.ts';

const listed = (objects: string, parts: Partial<BundleParts> = {}) => createFacts(aBundle({ objects, ...parts }))(workloads);
const names = (objects: string, parts: Partial<BundleParts> = {}) =>
  listed(objects, parts).system.map(({ ref }) => formatRef(ref));

const template = 'template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: web, image: i }] } }';
const deployment = `{ apiVersion: apps/v1, kind: Deployment, metadata: { name: web, namespace: shop }, spec: { ${template} } }`;
const owned = (kind: string, name: string, owner: string, rest: string, labels = '{}') =>
  `{ apiVersion: ${kind === 'Pod' ? 'v1' : kind === 'Job' ? 'batch/v1' : 'apps/v1'}, kind: ${kind}, metadata: { name: ${name}, namespace: shop, labels: ${labels}, ownerReferences: [{ ${owner}, controller: true }] }, ${rest} }`;
const byDeployment = 'apiVersion: apps/v1, kind: Deployment, name: web';
const byReplicaSet = 'apiVersion: apps/v1, kind: ReplicaSet, name: web-5d4';
const podSpec = 'spec: { containers: [{ name: web, image: i }] }';
const stream = (...documents: readonly string[]) => documents.join('\n---\n');

describe('workloads', () => {
  test.each<[string, string, readonly string[]]>([
    [
      'what a listed workload owns is left out',
      stream(
        deployment,
        owned('ReplicaSet', 'web-5d4', byDeployment, `spec: { replicas: 2, ${template} }`),
        owned('Pod', 'web-5d4-a', byReplicaSet, podSpec),
      ),
      ['Deployment shop/web'],
    ],
    ['a Pod whose owner is not in the sources stays', owned('Pod', 'web-5d4-a', byReplicaSet, podSpec), ['Pod shop/web-5d4-a']],
    [
      'a Pod is its Deployment’s also without the ReplicaSet between them',
      stream(deployment, owned('Pod', 'web-5d4-a', byReplicaSet, podSpec, '{ pod-template-hash: 5d4 }')),
      ['Deployment shop/web'],
    ],
    [
      'a hash that does not fit the owner’s name proves nothing',
      stream(deployment, owned('Pod', 'web-5d4-a', byReplicaSet, podSpec, '{ pod-template-hash: zzz }')),
      ['Deployment shop/web', 'Pod shop/web-5d4-a'],
    ],
    [
      'an old ReplicaSet that some owner keeps is left out',
      owned('ReplicaSet', 'web-old', byDeployment, `spec: { replicas: 0, ${template} }`),
      [],
    ],
    [
      'a ReplicaSet of its own with 0 replicas stays',
      `{ apiVersion: apps/v1, kind: ReplicaSet, metadata: { name: r, namespace: shop }, spec: { replicas: 0, ${template} } }`,
      ['ReplicaSet shop/r'],
    ],
    [
      'a Deployment with 0 replicas stays',
      deployment.replace('spec: { template', 'spec: { replicas: 0, template'),
      ['Deployment shop/web'],
    ],
    [
      'a Pod that has ended is left out',
      `{ apiVersion: v1, kind: Pod, metadata: { name: p, namespace: shop }, ${podSpec}, status: { phase: Succeeded } }`,
      [],
    ],
    [
      'an operator’s StatefulSet stays',
      owned('StatefulSet', 'main', 'apiVersion: monitoring.coreos.com/v1, kind: Prometheus, name: main', `spec: { ${template} }`),
      ['StatefulSet shop/main'],
    ],
    [
      'Jobs of a CronJob are left out, and their Pods',
      stream(
        `{ apiVersion: batch/v1, kind: CronJob, metadata: { name: backup, namespace: shop }, spec: { jobTemplate: { spec: { ${template} } } } }`,
        owned('Job', 'backup-29000000', 'apiVersion: batch/v1, kind: CronJob, name: backup', `spec: { ${template} }`),
        owned('Pod', 'backup-28999999-x', 'apiVersion: batch/v1, kind: Job, name: backup-28999999', podSpec),
      ),
      ['CronJob shop/backup'],
    ],
    [
      'the owner must live in the same namespace',
      stream(
        deployment.replace('namespace: shop', 'namespace: other'),
        owned('Pod', 'web-5d4-a', byReplicaSet, podSpec, '{ pod-template-hash: 5d4 }'),
      ),
      ['Deployment other/web', 'Pod shop/web-5d4-a'],
    ],
  ])('%s', (_, objects, expected) => {
    expect(names(objects)).toEqual(expected);
  });

  test('platform workloads are in `all` and by namespace, not under review', () => {
    const found = listed(deployment, { platform: deployment.replace('namespace: shop', 'namespace: ingress') });
    expect(found.system.map(({ namespace }) => namespace)).toEqual(['shop']);
    expect(found.all.map(({ namespace }) => namespace)).toEqual(['ingress', 'shop']);
    expect(found.byNamespace('ingress')).toHaveLength(1);
    expect(found.containers().map(({ name }) => name)).toEqual(['web']);
  });
});
