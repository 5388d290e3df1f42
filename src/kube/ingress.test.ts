import { describe, expect, test } from 'vitest';
import { readGateway, readGatewayRoute } from './gateway.ts';
import { readIngress, readOpenShiftRoute } from './ingress.ts';
import { kubeObject } from './testing.ts';

const ingress = (spec: string, apiVersion = 'networking.k8s.io/v1', metadata = '') => {
  const read = readIngress(
    kubeObject(`apiVersion: ${apiVersion}\nkind: Ingress\nmetadata: { name: i, namespace: n${metadata} }\nspec: ${spec}`),
  );
  if (read === undefined) throw new Error('no ingress');
  return read;
};

describe('Ingress', () => {
  test.each<[string, string, string | number | undefined]>([
    ['v1 by number', '{ service: { name: s, port: { number: 80 } } }', 80],
    ['v1 by name', '{ service: { name: s, port: { name: http } } }', 'http'],
    ['v1 without a port', '{ service: { name: s } }', undefined],
    ['v1 with port number 0, which is unset, and a name', '{ service: { name: s, port: { number: 0, name: http } } }', 'http'],
    ['v1beta1', '{ serviceName: s, servicePort: 80 }', 80],
  ])('backend %s', (_, backend, port) => {
    const read = ingress(`{ rules: [{ host: a.example, http: { paths: [{ path: /x, backend: ${backend} }] } }] }`);
    expect(read.rules[0]).toMatchObject({ host: 'a.example', urlPath: '/x', backend: { namespace: 'n', service: 's' } });
    expect(read.rules[0]?.backend?.port).toBe(port);
  });
  test('a backend that is a resource is no Service', () => {
    expect(
      ingress('{ rules: [{ http: { paths: [{ backend: { resource: { kind: Bucket, name: b } } }] } }] }').rules[0]?.backend,
    ).toBeUndefined();
  });
  test('a rule without paths still claims its host', () => {
    expect(ingress('{ rules: [{ host: a.example }, { host: a.example }] }').hosts).toEqual(['a.example']);
  });
  test.each<[string, string, string | undefined]>([
    ['{ ingressClassName: nginx }', '', 'nginx'],
    ['{}', ', annotations: { kubernetes.io/ingress.class: traefik }', 'traefik'],
    ['{}', '', undefined],
  ])('the class of %s%s is %s', (spec, metadata, className) => {
    expect(ingress(spec, 'networking.k8s.io/v1', metadata).className).toBe(className);
  });
  test('the default backend has two spellings', () => {
    expect(ingress('{ defaultBackend: { service: { name: s } } }').defaultBackend?.service).toBe('s');
    expect(ingress('{ backend: { serviceName: t, servicePort: 1 } }', 'extensions/v1beta1').defaultBackend?.service).toBe('t');
  });
  test('tls entries keep hosts and Secret', () => {
    expect(
      ingress('{ tls: [{ hosts: [a.example], secretName: t }, { hosts: [b.example] }] }').tls.map(({ hosts, secretName }) => [
        hosts,
        secretName,
      ]),
    ).toEqual([
      [['a.example'], 't'],
      [['b.example'], undefined],
    ]);
  });
});

describe('OpenShift Routes', () => {
  const route = (spec: string) =>
    readOpenShiftRoute(
      kubeObject(`apiVersion: route.openshift.io/v1\nkind: Route\nmetadata: { name: r, namespace: n }\nspec: ${spec}`),
    );
  test('a Route without tls serves plain HTTP', () => {
    expect(route('{ host: a.example, to: { kind: Service, name: s } }')).toMatchObject({
      host: 'a.example',
      backends: [{ service: 's' }],
    });
    expect(route('{ to: { name: s } }')?.tls).toBeUndefined();
  });
  test.each<[string, object]>([
    ['{ termination: edge }', { certificate: 'router', insecure: 'None' }],
    [
      '{ termination: edge, certificate: PEM, insecureEdgeTerminationPolicy: Redirect }',
      { certificate: 'inline', insecure: 'Redirect' },
    ],
    ['{ termination: reencrypt, externalCertificate: { name: t } }', { certificate: 'secret', secretName: 't' }],
    ['{ termination: passthrough }', { certificate: 'pods' }],
  ])('tls %s', (tls, expected) => {
    expect(route(`{ to: { name: s }, tls: ${tls} }`)?.tls).toMatchObject(expected);
  });
});

describe('Gateway API', () => {
  const gateway = readGateway(
    kubeObject(`apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: g, namespace: n }
spec:
  gatewayClassName: istio
  listeners:
    - { name: http, port: 80, protocol: HTTP }
    - { name: https, port: 443, protocol: HTTPS, hostname: "*.example", tls: { certificateRefs: [{ name: t }, { name: u, namespace: certs }] } }
    - { name: pass, port: 8443, protocol: TLS, tls: { mode: Passthrough } }`),
  );
  test('tls mode is Terminate by default and absent without tls', () => {
    expect(gateway?.listeners.map(({ tlsMode }) => tlsMode)).toEqual([undefined, 'Terminate', 'Passthrough']);
  });
  test('certificates are Secrets of the same namespace by default', () => {
    expect(gateway?.listeners[1]?.certificates.map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`)).toEqual([
      'Secret n/t',
      'Secret certs/u',
    ]);
  });
  test('an Istio Gateway is another kind', () => {
    expect(readGateway(kubeObject('apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: { name: g }'))).toBeUndefined();
  });
  test('routes name parents, hosts and Services; weight 0 receives nothing', () => {
    const route = readGatewayRoute(
      kubeObject(`apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: r, namespace: n }
spec:
  hostnames: [a.example]
  parentRefs: [{ name: g, namespace: infra, sectionName: https }]
  rules: [{ backendRefs: [{ name: s, port: 80 }, { name: old, port: 80, weight: 0 }, { kind: Bucket, group: x, name: b }] }]`),
    );
    expect(route).toMatchObject({
      hosts: ['a.example'],
      parents: [{ kind: 'Gateway', namespace: 'infra', name: 'g', section: 'https' }],
    });
    expect(route?.backends.map(({ service, port }) => [service, port])).toEqual([['s', 80]]);
  });
});
