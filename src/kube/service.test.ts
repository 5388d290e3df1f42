import { describe, expect, test } from 'vitest';
import { selectsPodsOf } from './pod-selection.ts';
import { findServicePort, readService, targetPortOn } from './service.ts';
import { kubeObject, workloadObject, type WorkloadParts } from './testing.ts';
import { readWorkload } from './workload.ts';

const service = (spec: string) => {
  const read = readService(kubeObject(`apiVersion: v1\nkind: Service\nmetadata: { name: s, namespace: n }\nspec: ${spec}`));
  if (read === undefined) throw new Error('no service');
  return read;
};
const workload = (parts: WorkloadParts) => {
  const read = readWorkload(workloadObject(parts));
  if (read === undefined) throw new Error('no workload');
  return read;
};

describe('Services', () => {
  test.each<[string, string, object]>([
    ['the type is ClusterIP by default', '{ selector: { a: b } }', { type: 'ClusterIP', headless: false }],
    ['clusterIP None is headless', '{ clusterIP: None }', { headless: true }],
    ['an absent selector selects nothing', '{ ports: [] }', { selector: undefined }],
    ['an empty selector selects nothing', '{ selector: {} }', { selector: undefined }],
    [
      'an ExternalName selects nothing',
      '{ type: ExternalName, externalName: db.example.com, selector: { a: b } }',
      { selector: undefined, externalName: 'db.example.com' },
    ],
  ])('%s', (_, spec, expected) => {
    expect(service(spec)).toMatchObject(expected);
  });

  test('the target port is the port by default, and the protocol TCP', () => {
    const { ports } = service(
      '{ ports: [{ port: 80 }, { port: 53, protocol: UDP, targetPort: dns, name: dns, nodePort: 30053 }] }',
    );
    expect(ports).toEqual([
      { port: 80, targetPort: 80, protocol: 'TCP', path: ['spec', 'ports', 0] },
      { port: 53, targetPort: 'dns', protocol: 'UDP', name: 'dns', nodePort: 30_053, path: ['spec', 'ports', 1] },
    ]);
  });

  test('a Knative Service is no core Service', () => {
    expect(readService(kubeObject('apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: { name: s }'))).toBeUndefined();
  });

  test('a backend finds its port by number or by name', () => {
    const found = service('{ ports: [{ port: 80, name: http }, { port: 81 }] }');
    expect([
      findServicePort(found, 'http')?.port,
      findServicePort(found, 81)?.port,
      findServicePort(found, 'https'),
      findServicePort(found, 8080),
    ]).toEqual([80, 81, undefined, undefined]);
  });
});

describe('named target ports', () => {
  const pod = {
    containers: [
      { name: 'a', ports: [{ name: 'dns', containerPort: 53, protocol: 'UDP' }] },
      { name: 'b', ports: [{ name: 'dns', containerPort: 54 }] },
    ],
  };
  test.each<[string, WorkloadParts, 'TCP' | 'UDP', string | number, number | undefined]>([
    ['resolve by name and protocol', { pod }, 'TCP', 'dns', 54],
    ['of the other protocol', { pod }, 'UDP', 'dns', 53],
    ['resolve to nothing without such a port', { pod }, 'TCP', 'http', undefined],
    ['numbers need no declared port', { pod }, 'TCP', 9999, 9999],
    [
      'are found in sidecars',
      {
        pod: {
          containers: [{ name: 'a' }],
          initContainers: [{ name: 's', restartPolicy: 'Always', ports: [{ name: 'http', containerPort: 15_000 }] }],
        },
      },
      'TCP',
      'http',
      15_000,
    ],
    [
      'are not found in init containers, which are gone',
      { pod: { containers: [{ name: 'a' }], initContainers: [{ name: 'i', ports: [{ name: 'http', containerPort: 1 }] }] } },
      'TCP',
      'http',
      undefined,
    ],
  ])('%s', (_, parts, protocol, targetPort, expected) => {
    expect(targetPortOn(workload(parts), { targetPort, protocol })).toBe(expected);
  });
});

describe('which Pods a selector chooses', () => {
  const db: WorkloadParts = { kind: 'StatefulSet', name: 'db', spec: { replicas: 2 } };
  test.each<[string, string, WorkloadParts, boolean]>([
    ['those with the labels of the template', '{ app: web }', {}, true],
    ['not those with other labels', '{ app: web, tier: x }', {}, false],
    ['one Pod of a StatefulSet by name', '{ app: db, statefulset.kubernetes.io/pod-name: db-1 }', db, true],
    ['no Pod beyond its replicas', '{ statefulset.kubernetes.io/pod-name: db-2 }', db, false],
    ['a Pod by index', '{ apps.kubernetes.io/pod-index: "0" }', db, true],
    [
      'indices count from ordinals.start',
      '{ apps.kubernetes.io/pod-index: "5" }',
      { ...db, spec: { replicas: 1, ordinals: { start: 5 } } },
      true,
    ],
    ['a revision hash that a rollout tool adds', '{ app: web, rollouts-pod-template-hash: abc }', {}, true],
    ['a hash does not excuse a wrong label', '{ app: api, rollouts-pod-template-hash: abc }', {}, false],
    ['a bare Pod has exactly its own labels', '{ app: web, pod-template-hash: abc }', { kind: 'Pod' }, false],
  ])('%s', (_, selector, parts, expected) => {
    const { selector: read } = service(`{ selector: ${selector} }`);
    expect(read && selectsPodsOf(read, workload(parts))).toBe(expected);
  });
});
