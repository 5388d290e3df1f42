import { describe, expect, it } from 'vitest';
import {
  controllerOfImage,
  controllersNamed,
  gatewayControllerName,
  ingressControllerOf,
  ingressControllers,
} from './ingress-controllers.ts';

describe('ingress controllers', () => {
  it.each([
    ['registry.k8s.io/ingress-nginx/controller:v1.12.0@sha256:abc', 'ingress-nginx'],
    ['localhost:5000/ingress-nginx/controller', 'ingress-nginx'],
    ['nginx/nginx-ingress:5.0', 'f5-nginx'],
    ['traefik:v3.6', 'traefik'],
    ['docker.io/library/traefik:v3.6', 'traefik'],
    ['nginx:1.29', undefined],
    ['registry.example/my-traefik:1', undefined],
  ])('knows %s', (image, id) => {
    expect(controllerOfImage(image)?.id).toBe(id);
  });

  it('keeps apart the two programs whose class is called nginx', () => {
    expect(controllersNamed('nginx').map(({ id }) => id)).toEqual(['ingress-nginx', 'f5-nginx']);
  });

  it('knows a controller by the exact text only', () => {
    expect(ingressControllerOf('k8s.io/ingress-nginx')?.support.status).toBe('retired');
    expect(ingressControllerOf('k8s.io/ingress-nginx-fork')).toBeUndefined();
    expect(gatewayControllerName('istio.io/gateway-controller')).toBe('Istio');
    expect(gatewayControllerName('example.com/gateway')).toBeUndefined();
  });

  it('gives no controller text to two programs', () => {
    const all = ingressControllers.flatMap(({ controllers }) => controllers);
    expect(new Set(all).size).toBe(all.length);
  });
});
