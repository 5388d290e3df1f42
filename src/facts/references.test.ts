import { describe, expect, test } from 'vitest';
import { aBundle, type BundleParts } from '../evidence/testing.ts';
import { createFacts } from './fact.ts';
import { references } from './references.ts';
import { workloads } from './workloads.ts';

const factsOf = (objects: string, parts: Partial<BundleParts> = {}) => createFacts(aBundle({ objects, ...parts }));
const read = (objects: string, parts: Partial<BundleParts> = {}) => factsOf(objects, parts)(references);

const web = (
  pod = '{ containers: [{ name: web, image: i, ports: [{ name: http, containerPort: 8080 }] }] }',
  kind = 'Deployment',
) => `
---
apiVersion: apps/v1
kind: ${kind}
metadata: { name: web, namespace: shop }
spec: { template: { metadata: { labels: { app: web } }, spec: ${pod} } }
`;
const service = (spec: string, name = 'web', namespace = 'shop') => `
---
{ apiVersion: v1, kind: Service, metadata: { name: ${name}, namespace: ${namespace} }, spec: ${spec} }
`;
const ingress = (backend: string) => `
---
{ apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: { name: i, namespace: shop }, spec: { rules: [{ host: a.example, http: { paths: [{ path: /, backend: { service: ${backend} } }] } }] } }
`;

describe('Services', () => {
  test.each<[string, string, readonly string[]]>([
    ['select workloads of their namespace', service('{ selector: { app: web } }'), ['web']],
    ['select nothing in another namespace', service('{ selector: { app: web } }', 'web', 'other'), []],
    ['without a selector select nothing', service('{ ports: [{ port: 80 }] }'), []],
  ])('%s', (_, written, expected) => {
    expect(read(web() + written).services.map((entry) => entry.workloads.map(({ ref }) => ref.name))).toEqual([expected]);
  });

  test('the way back: Services of a workload', () => {
    const facts = factsOf(web() + service('{ selector: { app: web } }', 'a') + service('{ selector: { app: web } }', 'b'));
    const [workload] = facts(workloads).system;
    expect(
      workload &&
        facts(references)
          .servicesOf(workload)
          .map(({ ref }) => ref.name),
    ).toEqual(['a', 'b']);
  });
});

describe('backends lead to the port of the Pods', () => {
  const ports = '{ selector: { app: web }, ports: [{ name: web, port: 80, targetPort: http }, { port: 81, targetPort: nope }] }';
  test.each<[string, string, string, unknown]>([
    ['by Service port number', ports, '{ name: web, port: { number: 80 } }', ['found', 80, [8080]]],
    ['by Service port name', ports, '{ name: web, port: { name: web } }', ['found', 80, [8080]]],
    ['a target port that no container has', ports, '{ name: web, port: { number: 81 } }', ['found', 81, [undefined]]],
    ['a port that the Service does not have', ports, '{ name: web, port: { number: 8080 } }', ['found', undefined, [undefined]]],
    ['a Service that is not there', ports, '{ name: api, port: { number: 80 } }', ['absent', undefined, []]],
  ])('%s', (_, spec, backend, expected) => {
    const [found] = read(web() + service(spec) + ingress(backend)).backends;
    expect([found?.lookup.status, found?.port?.port, found?.workloads.map(({ port }) => port)]).toEqual(expected);
  });

  test('an absent Service is unseen where no source is complete for Services', () => {
    expect(read(web() + ingress('{ name: api, port: { number: 80 } }')).backends[0]?.lookup.status).toBe('unseen');
  });

  test.each<[string, string, number | undefined]>([
    ['by the port of the Pods', '{ targetPort: 8080 }', 90],
    ['by the name of a Service port', '{ targetPort: web }', 90],
  ])('an OpenShift Route names its port %s', (_, port, expected) => {
    const route = `\n---\n{ apiVersion: route.openshift.io/v1, kind: Route, metadata: { name: r, namespace: shop }, spec: { to: { name: web }, port: ${port} } }\n`;
    expect(
      read(
        web() +
          service(
            '{ selector: { app: web }, ports: [{ name: other, port: 8080, targetPort: 1 }, { name: web, port: 90, targetPort: 8080 }] }',
          ) +
          route,
      ).backends[0]?.port?.port,
    ).toBe(expected);
  });
});

describe('Secrets and ConfigMaps that a workload names', () => {
  const pod = `
{ imagePullSecrets: [{ name: pull }],
  volumes: [{ name: v, configMap: { name: conf, items: [{ key: a, path: a }, { key: z, path: z }] } }],
  containers: [{ name: web, image: i,
    env: [{ name: A, valueFrom: { secretKeyRef: { name: creds, key: password } } }, { name: B, valueFrom: { secretKeyRef: { name: creds, key: token, optional: true } } }, { name: C, value: x }],
    envFrom: [{ configMapRef: { name: conf } }] }] }`;
  const objects = `
---
{ apiVersion: v1, kind: Secret, metadata: { name: creds, namespace: shop }, stringData: { password: hunter2hunter2 } }
---
{ apiVersion: v1, kind: ConfigMap, metadata: { name: conf, namespace: shop }, data: { a: "1" } }
`;
  test('are looked up with their keys', () => {
    expect(
      read(web(pod) + objects).configuration.map(({ via, kind, name, key, optional, lookup, keyState }) => [
        via,
        kind,
        name,
        key,
        optional,
        lookup.status,
        keyState,
      ]),
    ).toEqual([
      ['env', 'Secret', 'creds', 'password', false, 'found', 'present'],
      ['env', 'Secret', 'creds', 'token', true, 'found', 'absent'],
      ['envFrom', 'ConfigMap', 'conf', undefined, false, 'found', 'present'],
      ['volume', 'ConfigMap', 'conf', 'a', false, 'found', 'present'],
      ['volume', 'ConfigMap', 'conf', 'z', false, 'found', 'absent'],
      ['image-pull', 'Secret', 'pull', undefined, false, 'absent', 'unknown'],
    ]);
  });
  test('of another namespace do not count', () => {
    expect(read(web(pod) + objects.replaceAll('namespace: shop', 'namespace: other')).configuration[0]?.lookup.status).toBe(
      'absent',
    );
  });
  test('declared elsewhere are provided', () => {
    const providedElsewhere = [{ kind: 'Secret', name: 'creds', owner: 'platform', reason: 'r', expires: '2027-01-01' }];
    expect(read(web(pod), { review: { providedElsewhere } }).configuration[0]?.lookup.status).toBe('provided');
  });
});

describe('autoscalers and budgets', () => {
  const hpa = (kind: string) => `
---
{ apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: { name: h, namespace: shop }, spec: { scaleTargetRef: { apiVersion: apps/v1, kind: ${kind}, name: web }, maxReplicas: 4 } }
`;
  test.each<[string, boolean]>([
    ['Deployment', true],
    ['StatefulSet', false],
  ])('an HPA scales the %s it names: %s', (kind, found) => {
    const facts = factsOf(web() + hpa(kind));
    const [workload] = facts(workloads).system;
    expect(workload && facts(references).autoscalerOf(workload) !== undefined).toBe(found);
  });
  test.each<[string, boolean]>([
    ['{ selector: {}, minAvailable: 1 }', true],
    ['{ selector: { matchLabels: { app: web } }, minAvailable: 1 }', true],
    ['{ selector: { matchLabels: { app: web, tier: x } }, minAvailable: 1 }', false],
    ['{ minAvailable: 1 }', false],
  ])('the budget %s guards the workload: %s', (spec, guards) => {
    const facts = factsOf(
      `${web()}\n---\n{ apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: { name: b, namespace: shop }, spec: ${spec} }`,
    );
    const [workload] = facts(workloads).system;
    expect(workload && facts(references).budgetsOf(workload).length).toBe(guards ? 1 : 0);
  });
});

describe('claims', () => {
  const pod = '{ containers: [], volumes: [{ name: d, persistentVolumeClaim: { claimName: data } }] }';
  const claim = (storageClass: string) => `
---
{ apiVersion: v1, kind: PersistentVolumeClaim, metadata: { name: data, namespace: shop }, spec: { ${storageClass} } }
`;
  const fast = '{ apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: { name: fast } }';
  test.each<[string, string, Partial<BundleParts>, string | undefined]>([
    ['a class in the platform is found', 'storageClassName: fast', { platform: fast }, 'found'],
    ['a class that no source is complete for is unseen', 'storageClassName: slow', { platform: fast }, 'unseen'],
    [
      'a class missing from a complete source is absent',
      'storageClassName: slow',
      { platform: fast, platformComplete: ['StorageClass'] },
      'absent',
    ],
    ['no class: nothing to look up', '', {}, undefined],
    ['an empty class is static binding: nothing to look up', 'storageClassName: ""', {}, undefined],
  ])('%s', (_, storageClass, parts, status) => {
    const [use] = read(web(pod) + claim(storageClass), parts).claims;
    expect(use?.workloads.map(({ ref }) => ref.name)).toEqual(['web']);
    expect(use?.storageClass?.status).toBe(status);
  });
});
