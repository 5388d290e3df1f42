import { describe, expect, test } from 'vitest';
import { claimTemplates, readClaim } from './claim.ts';
import { kubeObject, workloadObject, type WorkloadParts } from './testing.ts';
import { readWorkload } from './workload.ts';

const claim = (spec: string, annotations = '{}') =>
  readClaim(
    kubeObject(
      `apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: { name: c, namespace: n, annotations: ${annotations} }\nspec: ${spec}`,
    ),
  );
const templates = (parts: WorkloadParts) => {
  const workload = readWorkload(workloadObject(parts));
  return workload === undefined ? [] : claimTemplates(workload);
};

describe('storage class of a claim', () => {
  test.each<[string, string, string, string | undefined]>([
    ['absent: the default class', '{}', '{}', undefined],
    ['null: the default class', '{ storageClassName: null }', '{}', undefined],
    ['empty: no class, static binding', '{ storageClassName: "" }', '{}', ''],
    ['named', '{ storageClassName: fast }', '{}', 'fast'],
    ['the legacy annotation wins', '{ storageClassName: fast }', '{ volume.beta.kubernetes.io/storage-class: old }', 'old'],
  ])('%s', (_, spec, annotations, expected) => {
    expect(claim(spec, annotations)?.storageClass).toBe(expected);
  });
});

test('size, access modes and volume name are read', () => {
  expect(claim('{ accessModes: [ReadWriteOnce], volumeName: pv, resources: { requests: { storage: 10Gi } } }')).toMatchObject({
    size: 10 * 2 ** 30,
    accessModes: ['ReadWriteOnce'],
    volumeName: 'pv',
  });
});

test('a StatefulSet makes claims of its templates', () => {
  const [found] = templates({
    kind: 'StatefulSet',
    name: 'db',
    spec: { volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: { storageClassName: 'fast' } }] },
  });
  expect(found).toMatchObject({
    name: 'data',
    storageClass: 'fast',
    template: 'stateful-set',
    path: ['spec', 'volumeClaimTemplates', 0],
  });
  expect(found?.owner?.ref.name).toBe('db');
});

test('a generic ephemeral volume makes a claim', () => {
  const volumes = [{ name: 'scratch', ephemeral: { volumeClaimTemplate: { spec: { accessModes: ['ReadWriteOnce'] } } } }];
  expect(templates({ pod: { containers: [], volumes } })).toMatchObject([
    { name: 'scratch', template: 'ephemeral', accessModes: ['ReadWriteOnce'] },
  ]);
});
