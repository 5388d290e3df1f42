import { describe, expect, it } from 'vitest';
import { examine } from '../testing.ts';
import { httpsRedirect } from './https-redirect.ts';

const ingress = (className: string, annotations = '{}', tls = '[{ hosts: [a.acme.io], secretName: s }]') =>
  `{ apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: { name: i, namespace: shop, annotations: ${annotations} }, spec: { ingressClassName: ${className}, tls: ${tls}, rules: [{ host: a.acme.io }] } }\n`;
const ingressClass = (controller: string) =>
  `---\n{ apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: { name: c }, spec: { controller: ${controller} } }\n`;
const controller = (image: string, args: string) =>
  `---\n{ apiVersion: apps/v1, kind: Deployment, metadata: { name: ctl, namespace: edge }, spec: { template: { metadata: { labels: { app: ctl } }, spec: { containers: [{ name: ctl, image: "${image}", args: ${args} }] } } } }\n`;
const settings = (data: string) =>
  `---\n{ apiVersion: v1, kind: ConfigMap, metadata: { name: cfg, namespace: edge }, data: ${data} }\n`;
const nginx = 'registry.k8s.io/ingress-nginx/controller:v1.13.0';
const say = (objects: string, platform?: string) =>
  examine(httpsRedirect, { objects, ...(platform === undefined ? {} : { platform }) }).map(
    ({ outcome, reason, messageId }) => `${outcome} ${messageId}${reason === undefined ? '' : ` (${reason})`}`,
  );

describe('https-redirect of an Ingress', () => {
  it.each<[string, string, string | undefined, string]>([
    [
      'ingress-nginx redirects by default; its ConfigMap was not seen',
      ingress('c'),
      ingressClass('k8s.io/ingress-nginx'),
      'pass default (assumed)',
    ],
    [
      'its ConfigMap was seen and says nothing',
      ingress('c'),
      ingressClass('k8s.io/ingress-nginx') + controller(nginx, '["--configmap=$(POD_NAMESPACE)/cfg"]') + settings('{}'),
      'pass redirect',
    ],
    [
      'its ConfigMap turns the redirect off',
      ingress('c'),
      ingressClass('k8s.io/ingress-nginx') +
        controller(nginx, '["--configmap=$(POD_NAMESPACE)/cfg"]') +
        settings('{ ssl-redirect: "false" }'),
      'fail served',
    ],
    [
      'the annotation wins over the ConfigMap',
      ingress('c', '{ nginx.ingress.kubernetes.io/ssl-redirect: "true" }'),
      ingressClass('k8s.io/ingress-nginx') +
        controller(nginx, '["--configmap=edge/cfg"]') +
        settings('{ ssl-redirect: "false" }'),
      'pass redirect',
    ],
    [
      'the annotation turns it off',
      ingress('c', '{ nginx.ingress.kubernetes.io/ssl-redirect: "false" }'),
      ingressClass('k8s.io/ingress-nginx'),
      'fail served',
    ],
    [
      'the annotation of another controller means nothing',
      ingress('c', '{ haproxy.org/ssl-redirect: "false" }'),
      ingressClass('k8s.io/ingress-nginx'),
      'pass default (assumed)',
    ],
    [
      'without TLS there is nothing to redirect to',
      ingress('c', '{}', '[]'),
      ingressClass('k8s.io/ingress-nginx'),
      'fail served',
    ],
    ['a controller that is not known', ingress('c'), ingressClass('acme.io/proxy'), 'unknown unknown (undecidable)'],
    ['Traefik without its configuration', ingress('traefik'), undefined, 'unknown unknown (undecidable)'],
    [
      'Traefik whose entry point redirects',
      ingress('traefik'),
      controller('traefik:v3', '["--entryPoints.web.http.redirections.entryPoint.to=:443"]'),
      'pass redirect',
    ],
    [
      'Traefik whose arguments do not',
      ingress('traefik'),
      controller('traefik:v3', '["--entryPoints.web.address=:8000"]'),
      'fail served',
    ],
    [
      'Traefik with a configuration file',
      ingress('traefik'),
      controller('traefik:v3', '["--configFile=/etc/traefik.yaml"]'),
      'unknown unknown (undecidable)',
    ],
    [
      'a Middleware that is not there',
      ingress('traefik', '{ traefik.ingress.kubernetes.io/router.middlewares: shop-x@kubernetescrd }'),
      controller('traefik:v3', '[]'),
      'unknown unknown (undecidable)',
    ],
    [
      'Traefik on the encrypted entry point alone',
      ingress('traefik', '{ traefik.ingress.kubernetes.io/router.entrypoints: websecure }'),
      undefined,
      'pass https-only',
    ],
    [
      'AWS with a certificate listens on 443 alone',
      ingress('alb', '{ alb.ingress.kubernetes.io/certificate-arn: "arn:1" }'),
      undefined,
      'pass https-only',
    ],
    [
      'AWS with its redirect',
      ingress(
        'alb',
        '{ alb.ingress.kubernetes.io/listen-ports: \'[{"HTTP": 80}, {"HTTPS": 443}]\', alb.ingress.kubernetes.io/ssl-redirect: "443" }',
      ),
      undefined,
      'pass redirect',
    ],
    ['Google serves plain HTTP by default', ingress('gce'), undefined, 'fail served'],
  ])('%s', (_, objects, platform, expected) => {
    expect(say(objects, platform)).toEqual([expected]);
  });

  it('a Middleware that leads to another scheme is no redirect to HTTPS', () => {
    const other =
      '---\n{ apiVersion: traefik.io/v1alpha1, kind: Middleware, metadata: { name: x, namespace: shop }, spec: { redirectScheme: { scheme: http } } }\n';
    expect(
      say(
        ingress('traefik', '{ traefik.ingress.kubernetes.io/router.middlewares: shop-x@kubernetescrd }') + other,
        controller('traefik:v3', '[]'),
      ),
    ).toEqual(['fail served']);
  });

  it('a Middleware that does something else is no redirect', () => {
    const other =
      '---\n{ apiVersion: traefik.io/v1alpha1, kind: Middleware, metadata: { name: x, namespace: shop }, spec: { compress: {} } }\n';
    expect(
      say(
        ingress('traefik', '{ traefik.ingress.kubernetes.io/router.middlewares: shop-x@kubernetescrd }') + other,
        controller('traefik:v3', '[]'),
      ),
    ).toEqual(['fail served']);
  });
});

const gateway =
  '{ apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: { name: g, namespace: edge }, spec: { listeners: [{ name: web, port: 80, protocol: HTTP }, { name: tls, port: 443, protocol: HTTPS, tls: { certificateRefs: [{ name: c }] } }] } }';
const route = (parent: string, rules: string) =>
  `{ apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: { name: r, namespace: shop }, spec: { hostnames: [a.acme.io], parentRefs: [{ name: g, namespace: edge${parent} }], rules: ${rules} } }`;
const redirect = '{ filters: [{ type: RequestRedirect, requestRedirect: { scheme: https } }] }';

describe('https-redirect of routes', () => {
  it.each<[string, string, string | undefined, string]>([
    ['a route on HTTPS alone', route(', sectionName: tls', '[{}]'), gateway, 'pass https-only'],
    ['a route on both listeners', route('', '[{}]'), gateway, 'fail served'],
    ['a route that redirects', route(', sectionName: web', `[${redirect}]`), gateway, 'pass redirect'],
    ['a route of which one rule redirects', route(', sectionName: web', `[${redirect}, {}]`), gateway, 'fail served'],
    ['a route without rules', route(', sectionName: web', '[]'), gateway, 'fail served'],
    ['a route of a Gateway that nobody sees', route('', '[{}]'), undefined, 'unknown unknown (undecidable)'],
    [
      'a Route that redirects',
      '{ apiVersion: route.openshift.io/v1, kind: Route, metadata: { name: r }, spec: { host: a.apps.acme.io, tls: { termination: edge, insecureEdgeTerminationPolicy: Redirect } } }',
      undefined,
      'pass redirect',
    ],
    [
      'a Route that allows both',
      '{ apiVersion: route.openshift.io/v1, kind: Route, metadata: { name: r }, spec: { host: a.apps.acme.io, tls: { termination: edge, insecureEdgeTerminationPolicy: Allow } } }',
      undefined,
      'fail served',
    ],
    [
      'a Route refuses plain HTTP by default',
      '{ apiVersion: route.openshift.io/v1, kind: Route, metadata: { name: r }, spec: { host: a.apps.acme.io, tls: { termination: edge } } }',
      undefined,
      'pass https-only',
    ],
    [
      'Contour redirects by default',
      '{ apiVersion: projectcontour.io/v1, kind: HTTPProxy, metadata: { name: p }, spec: { virtualhost: { fqdn: a.acme.io, tls: { secretName: s } }, routes: [{}] } }',
      undefined,
      'pass redirect',
    ],
    [
      'Contour with permitInsecure',
      '{ apiVersion: projectcontour.io/v1, kind: HTTPProxy, metadata: { name: p }, spec: { virtualhost: { fqdn: a.acme.io, tls: { secretName: s } }, routes: [{ permitInsecure: true }] } }',
      undefined,
      'fail served',
    ],
    [
      'an Istio server that redirects',
      '{ apiVersion: networking.istio.io/v1, kind: Gateway, metadata: { name: p }, spec: { servers: [{ port: { protocol: HTTP }, tls: { httpsRedirect: true }, hosts: [a.acme.io] }] } }',
      undefined,
      'pass redirect',
    ],
  ])('%s', (_, objects, platform, expected) => {
    expect(say(objects, platform)).toEqual([expected]);
  });
});
