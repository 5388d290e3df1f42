import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../kube/json.ts';
import { workloadValue } from '../../kube/testing.ts';
import { examine, verdicts } from '../testing.ts';
import { ingressControllerSupported } from './ingress-controller-supported.ts';

const yaml = (...objects: readonly JsonObject[]) => objects.map((object) => JSON.stringify(object)).join('\n---\n');

const ingress = (className: string | undefined, annotations: JsonObject = {}, name = 'web'): JsonObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name, namespace: 'default', annotations },
  spec: { ...(className === undefined ? {} : { ingressClassName: className }), rules: [{ host: 'shop.example' }] },
});
const ingressClass = (name: string, controller: string, annotations: JsonObject = {}): JsonObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'IngressClass',
  metadata: { name, annotations },
  spec: { controller },
});
const byDefault: JsonObject = { 'ingressclass.kubernetes.io/is-default-class': 'true' };
const running = (image: string, args: string[] = []) =>
  workloadValue({ name: 'controller', namespace: 'edge', pod: { containers: [{ name: 'c', image, args }] } });
const nginxImage = 'registry.k8s.io/ingress-nginx/controller:v1.12.1';
const said = (objects: readonly JsonObject[], platform: readonly JsonObject[] = [], rest: object = {}) =>
  verdicts(examine(ingressControllerSupported, { objects: yaml(...objects), platform: yaml(...platform), ...rest }));

describe('ingress-controller-supported', () => {
  it.each([
    [
      'the class names ingress-nginx, whatever the class is called',
      [ingress('web')],
      [ingressClass('web', 'k8s.io/ingress-nginx')],
      'fail retired IngressClass/web',
    ],
    [
      'class nginx of F5 is another program',
      [ingress('nginx')],
      [ingressClass('nginx', 'nginx.org/ingress-controller')],
      'pass supported IngressClass/nginx',
    ],
    [
      'the default class serves an Ingress that names none',
      [ingress(undefined)],
      [ingressClass('main', 'k8s.io/ingress-nginx', { 'ingressclass.kubernetes.io/is-default-class': 'true' })],
      'fail retired IngressClass/main',
    ],
    [
      'no class and no default',
      [ingress(undefined)],
      [ingressClass('main', 'k8s.io/ingress-nginx')],
      'unknown unseen-class Ingress/web',
    ],
    [
      'the old annotation names a class',
      [ingress(undefined, { 'kubernetes.io/ingress.class': 'traefik' })],
      [ingressClass('traefik', 'traefik.io/ingress-controller')],
      'pass supported IngressClass/traefik',
    ],
    ['class nginx, and ingress-nginx runs', [ingress('nginx')], [running(nginxImage)], 'fail retired IngressClass/nginx'],
    [
      'class nginx, and the F5 controller runs',
      [ingress('nginx')],
      [running('nginx/nginx-ingress:5.3')],
      'pass supported IngressClass/nginx',
    ],
    [
      'class nginx, and both run',
      [ingress('nginx')],
      [running(nginxImage), { ...running('nginx/nginx-ingress:5.3'), metadata: { name: 'f5', namespace: 'edge' } }],
      'unknown unseen-class IngressClass/nginx',
    ],
    [
      'class nginx with annotations of ingress-nginx',
      [ingress('nginx', { 'nginx.ingress.kubernetes.io/ssl-redirect': 'true' })],
      [],
      'fail probably-retired IngressClass/nginx',
    ],
    [
      'class nginx with annotations of F5: no proof of support',
      [ingress('nginx', { 'nginx.org/ssl-redirect': 'true' })],
      [],
      'unknown unseen-class IngressClass/nginx',
    ],
    [
      'class nginx with annotations of both',
      [ingress('nginx', { 'nginx.org/ssl-redirect': 'true', 'nginx.ingress.kubernetes.io/ssl-redirect': 'true' })],
      [],
      'unknown unseen-class IngressClass/nginx',
    ],
    [
      'two default classes',
      [ingress(undefined)],
      [ingressClass('a', 'traefik.io/ingress-controller', byDefault), ingressClass('b', 'k8s.io/ingress-nginx', byDefault)],
      'unknown unseen-class Ingress/web',
    ],
    [
      'class nginx, and a namespace ingress-nginx',
      [ingress('nginx')],
      [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ingress-nginx' } }],
      'fail probably-retired IngressClass/nginx',
    ],
    ['a supported name alone never passes', [ingress('traefik')], [], 'unknown unseen-class IngressClass/traefik'],
    [
      'Traefik can take over classes of ingress-nginx',
      [ingress('nginx')],
      [ingressClass('nginx', 'k8s.io/ingress-nginx'), running('traefik:v3.6', ['--providers.kubernetesingressnginx=true'])],
      'pass supported IngressClass/nginx',
    ],
    [
      'Traefik beside ingress-nginx takes over nothing unless told',
      [ingress('nginx')],
      [ingressClass('nginx', 'k8s.io/ingress-nginx'), running('traefik:v3.6', ['--providers.kubernetesingress'])],
      'fail retired IngressClass/nginx',
    ],
    [
      'Traefik does not take over while ingress-nginx runs',
      [ingress('nginx')],
      [
        ingressClass('nginx', 'k8s.io/ingress-nginx'),
        running('traefik:v3.6', ['--providers.kubernetesingressnginx=true']),
        { ...running(nginxImage), metadata: { name: 'old', namespace: 'edge' } },
      ],
      'fail retired IngressClass/nginx',
    ],
  ])('%s', (_, objects, platform, expected) => {
    expect(said(objects, platform)).toEqual([expected]);
  });

  it('judges a class once, however many Ingresses use it', () => {
    expect(said([ingress('nginx'), ingress('nginx', {}, 'api')], [ingressClass('nginx', 'k8s.io/ingress-nginx')])).toEqual([
      'fail retired IngressClass/nginx',
    ]);
  });

  it('judges a controller that the system brings itself', () => {
    expect(said([running(nginxImage)])).toEqual(['fail retired Deployment/controller']);
  });

  it('a controller whose end is announced passes until then', () => {
    const objects = [ingress('routing')];
    const platform = [ingressClass('routing', 'webapprouting.kubernetes.azure.com/nginx')];
    expect(said(objects, platform, { asOf: '2026-11-30T23:59:59Z' })).toEqual(['pass ending IngressClass/routing']);
    expect(said(objects, platform, { asOf: '2026-12-01T00:00:00Z' })).toEqual(['fail ended IngressClass/routing']);
  });

  it('a declared class passes as assumed, until the declaration ends', () => {
    const review = {
      providedElsewhere: [
        { kind: 'IngressClass', name: 'traefik', owner: 'platform', reason: 'r', expires: '2026-05-01T00:00:00Z' },
      ],
    };
    const [found] = examine(ingressControllerSupported, { objects: yaml(ingress('traefik')), review });
    expect([found?.outcome, found?.reason, found?.until]).toEqual(['pass', 'assumed', '2026-05-01T00:00:00Z']);
    expect(said([ingress('traefik')], [], { review, asOf: '2026-05-01T00:00:00Z' })).toEqual([
      'unknown unseen-class IngressClass/traefik',
    ]);
  });

  it('a GatewayClass that is in no source is unknown, whatever its name', () => {
    const gateway = {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: { name: 'web', namespace: 'default' },
      spec: { gatewayClassName: 'istio' },
    };
    expect(said([gateway])).toEqual(['unknown unseen-gateway GatewayClass/istio']);
    expect(
      said(
        [gateway],
        [
          {
            apiVersion: 'gateway.networking.k8s.io/v1',
            kind: 'GatewayClass',
            metadata: { name: 'istio' },
            spec: { controllerName: 'example.com/own' },
          },
        ],
      ),
    ).toEqual(['unknown unrecognised GatewayClass/istio']);
  });
});
