import { describe, expect, it } from 'vitest';
import { aBundle } from '../evidence/testing.ts';
import { exposures } from './exposure.ts';
import { createFacts } from './fact.ts';

const said = (objects: string, platform?: string) =>
  createFacts(aBundle({ objects, ...(platform === undefined ? {} : { platform }) }))(exposures).target.exposures.map(
    ({ host, via, termination }) =>
      `${via} ${host ?? '-'} ${termination.kind}${termination.kind === 'secret' ? ` ${termination.namespace}/${termination.name}` : ''}`,
  );

const ingress = (spec: string, annotations = '{}') =>
  `{ apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: { name: i, namespace: shop, annotations: ${annotations} }, spec: ${spec} }`;

describe('an Ingress opens', () => {
  it.each<[string, string, readonly string[]]>([
    [
      'each host with the tls entry that covers it',
      ingress('{ tls: [{ hosts: [a.acme.io], secretName: s }], rules: [{ host: a.acme.io }, { host: b.acme.io }] }'),
      ['Ingress a.acme.io secret shop/s', 'Ingress b.acme.io none'],
    ],
    [
      'hosts without regard to case',
      ingress('{ tls: [{ hosts: [A.acme.io], secretName: s }], rules: [{ host: a.ACME.io }] }'),
      ['Ingress a.acme.io secret shop/s'],
    ],
    ['every host where a rule names none', ingress('{ rules: [{}] }'), ['Ingress * none']],
    [
      'every host where only a default backend answers',
      ingress('{ defaultBackend: { service: { name: web } } }'),
      ['Ingress * none'],
    ],
    [
      'a host whose tls entry has no Secret, with what the controller has',
      ingress('{ tls: [{ hosts: [a.acme.io] }], rules: [{ host: a.acme.io }] }'),
      ['Ingress a.acme.io controller'],
    ],
    [
      'hosts under a tls entry without hosts, as its controller sees fit',
      ingress('{ tls: [{ secretName: s }], rules: [{ host: a.acme.io }] }'),
      ['Ingress a.acme.io controller'],
    ],
    [
      'the same, which Google takes for every host',
      ingress('{ ingressClassName: gce, tls: [{ secretName: s }], rules: [{ host: a.acme.io }] }'),
      ['Ingress a.acme.io secret shop/s'],
    ],
    [
      'hosts of AWS by annotation, whatever tls says',
      ingress('{ ingressClassName: alb, tls: [{ hosts: [a.acme.io], secretName: s }], rules: [{ host: a.acme.io }] }'),
      ['Ingress a.acme.io none'],
    ],
    [
      'hosts of AWS with a certificate',
      ingress(
        '{ ingressClassName: alb, rules: [{ host: a.acme.io }] }',
        '{ alb.ingress.kubernetes.io/certificate-arn: "arn:aws:acm:eu:1:certificate/1" }',
      ),
      ['Ingress a.acme.io platform'],
    ],
    [
      'hosts of Google with a ManagedCertificate that has the host (and not with one that has another)',
      `${ingress('{ rules: [{ host: a.acme.io }, { host: b.acme.io }] }', '{ networking.gke.io/managed-certificates: "m" }')}\n---\n{ apiVersion: networking.gke.io/v1, kind: ManagedCertificate, metadata: { name: m, namespace: shop }, spec: { domains: [a.acme.io] } }`,
      ['Ingress a.acme.io platform', 'Ingress b.acme.io none'],
    ],
  ])('%s', (_, objects, expected) => {
    expect(said(objects)).toEqual(expected);
  });
});

const gateway = (listeners: string) =>
  `{ apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: { name: g, namespace: infra }, spec: { gatewayClassName: c, listeners: ${listeners} } }`;
const route = (spec: string) =>
  `{ apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: { name: r, namespace: shop }, spec: ${spec} }`;
const both =
  '[{ name: web, port: 80, protocol: HTTP }, { name: tls, port: 443, protocol: HTTPS, hostname: "*.acme.io", tls: { certificateRefs: [{ name: c }] } }]';

describe('the Gateway API opens', () => {
  it.each<[string, string, string | undefined, readonly string[]]>([
    [
      'a route on each listener it binds to',
      route('{ hostnames: [a.acme.io], parentRefs: [{ name: g, namespace: infra }] }'),
      gateway(both),
      ['Gateway a.acme.io none', 'Gateway a.acme.io secret infra/c'],
    ],
    [
      'a route on the listener it names',
      route('{ hostnames: [a.acme.io], parentRefs: [{ name: g, namespace: infra, sectionName: tls }] }'),
      gateway(both),
      ['Gateway a.acme.io secret infra/c'],
    ],
    [
      'nothing where no listener takes the host',
      route('{ hostnames: [a.other.io], parentRefs: [{ name: g, namespace: infra, sectionName: tls }] }'),
      gateway(both),
      [],
    ],
    [
      'the host of the listener where the route names none',
      route('{ parentRefs: [{ name: g, namespace: infra, sectionName: tls }] }'),
      gateway(both),
      ['Gateway *.acme.io secret infra/c'],
    ],
    [
      'what nobody can see where the Gateway is elsewhere',
      route('{ hostnames: [a.acme.io], parentRefs: [{ name: g, namespace: infra }] }'),
      undefined,
      ['Gateway a.acme.io unseen'],
    ],
    [
      'a passthrough listener',
      route('{ hostnames: [a.acme.io], parentRefs: [{ name: g, namespace: infra }] }'),
      gateway('[{ name: t, port: 443, protocol: TLS, tls: { mode: Passthrough } }]'),
      ['Gateway a.acme.io pods'],
    ],
  ])('%s', (_, objects, platform, expected) => {
    expect(said(objects, platform)).toEqual(expected);
  });

  it('listeners of a Gateway under review that no route uses', () => {
    expect(said(gateway(both))).toEqual(['Gateway * none', 'Gateway *.acme.io secret infra/c']);
  });
});

const of = (apiVersion: string, kind: string, spec: string, annotations = '{}') =>
  `{ apiVersion: ${apiVersion}, kind: ${kind}, metadata: { name: x, namespace: shop, annotations: ${annotations} }, spec: ${spec} }`;

describe('other kinds open', () => {
  it.each<[string, string, readonly string[]]>([
    [
      'an OpenShift Route without TLS',
      of('route.openshift.io/v1', 'Route', '{ host: a.acme.io, to: { name: web } }'),
      ['Route a.acme.io none'],
    ],
    [
      'a Route in the domain of the router',
      of('route.openshift.io/v1', 'Route', '{ host: a.apps.c1.acme.io, tls: { termination: edge } }'),
      ['Route a.apps.c1.acme.io platform'],
    ],
    [
      'a Route with another name under the certificate of the router',
      of('route.openshift.io/v1', 'Route', '{ host: a.acme.io, tls: { termination: edge } }'),
      ['Route a.acme.io controller'],
    ],
    [
      'an IngressRoute with a Secret',
      of(
        'traefik.io/v1alpha1',
        'IngressRoute',
        '{ tls: { secretName: s }, routes: [{ match: "Host(`a.acme.io`) && PathPrefix(`/x`)" }, { match: "Host(`a.acme.io`) || Host(`b.acme.io`)" }] }',
      ),
      ['IngressRoute a.acme.io secret shop/s', 'IngressRoute b.acme.io secret shop/s'],
    ],
    [
      'no host that a rule excludes',
      of('traefik.io/v1alpha1', 'IngressRoute', '{ tls: { certResolver: le }, routes: [{ match: "!Host(`a.acme.io`)" }] }'),
      ['IngressRoute * platform'],
    ],
    [
      'an IngressRoute on the plain entry point',
      of('traefik.io/v1alpha1', 'IngressRoute', '{ entryPoints: [web], routes: [{ match: "Host(`a.acme.io`)" }] }'),
      ['IngressRoute a.acme.io none'],
    ],
    [
      'an IngressRoute whose entry point may have TLS',
      of('traefik.io/v1alpha1', 'IngressRoute', '{ entryPoints: [websecure], routes: [{ match: "Host(`a.acme.io`)" }] }'),
      ['IngressRoute a.acme.io unseen'],
    ],
    [
      'an HTTPProxy with a delegated Secret',
      of('projectcontour.io/v1', 'HTTPProxy', '{ virtualhost: { fqdn: a.acme.io, tls: { secretName: certs/s } } }'),
      ['HTTPProxy a.acme.io secret certs/s'],
    ],
    ['nothing by an HTTPProxy that another includes', of('projectcontour.io/v1', 'HTTPProxy', '{ routes: [] }'), []],
    [
      'an Istio Gateway',
      of(
        'networking.istio.io/v1',
        'Gateway',
        '{ servers: [{ port: { number: 80, protocol: HTTP }, hosts: ["shop/a.acme.io"] }] }',
      ),
      ['IstioGateway a.acme.io none'],
    ],
    ['a load balancer', of('v1', 'Service', '{ type: LoadBalancer, ports: [{ port: 443 }] }'), ['Service - pods']],
    [
      'a load balancer with a name and a certificate of AWS',
      of(
        'v1',
        'Service',
        '{ type: LoadBalancer, ports: [{ port: 443 }] }',
        '{ external-dns.alpha.kubernetes.io/hostname: a.acme.io, service.beta.kubernetes.io/aws-load-balancer-ssl-cert: "arn:1" }',
      ),
      ['Service a.acme.io platform'],
    ],
    [
      'nothing by an internal load balancer',
      of(
        'v1',
        'Service',
        '{ type: LoadBalancer, ports: [{ port: 443 }] }',
        '{ service.beta.kubernetes.io/azure-load-balancer-internal: "true" }',
      ),
      [],
    ],
    ['nothing by a Service inside the cluster', of('v1', 'Service', '{ ports: [{ port: 80 }] }'), []],
    [
      'nothing by the node port behind an Ingress',
      `${of('v1', 'Service', '{ type: NodePort, ports: [{ port: 80 }] }')}\n---\n${ingress('{ rules: [{ host: a.acme.io, http: { paths: [{ path: /, backend: { service: { name: x, port: { number: 80 } } } }] } }] }')}`,
      ['Ingress a.acme.io none'],
    ],
    [
      'nothing by the Service of an ingress proxy',
      `${of('v1', 'Service', '{ type: LoadBalancer, selector: { app: t }, ports: [{ port: 443 }] }')}\n---\n{ apiVersion: apps/v1, kind: Deployment, metadata: { name: t, namespace: shop }, spec: { template: { metadata: { labels: { app: t } }, spec: { containers: [{ name: t, image: "traefik:v3" }] } } } }`,
      [],
    ],
  ])('%s', (_, objects, expected) => {
    expect(said(objects)).toEqual(expected);
  });
});

it('a host that two objects serve is one host', () => {
  const facts = createFacts(
    aBundle({
      objects: `${ingress('{ rules: [{ host: a.acme.io }] }')}\n---\n${ingress('{ rules: [{ host: a.acme.io }] }').replace('name: i', 'name: j')}`,
    }),
  );
  expect(facts(exposures).target.hosts.map(({ host, exposures: list }) => [host, list.length])).toEqual([['a.acme.io', 2]]);
});
