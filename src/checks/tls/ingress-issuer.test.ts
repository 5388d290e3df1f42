import { describe, expect, it } from 'vitest';
import { examine, verdicts } from '../testing.ts';
import { ingressIssuer } from './ingress-issuer.ts';

const ingress = (annotations: string, tls = '[{ hosts: [a.acme.io], secretName: s }]') =>
  `---\n{ apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: { name: i, namespace: shop, annotations: ${annotations} }, spec: { tls: ${tls}, rules: [{ host: a.acme.io }] } }\n`;
const issuer = (kind: string, namespace: string) =>
  `---\n{ apiVersion: cert-manager.io/v1, kind: ${kind}, metadata: { name: le${namespace} }, spec: { ca: {} } }\n`;
const complete = ['Issuer', 'ClusterIssuer', 'Certificate'];

describe('ingress-issuer', () => {
  it.each<[string, string, readonly string[]]>([
    [
      'an Issuer of another namespace is none',
      ingress('{ cert-manager.io/issuer: le }') + issuer('Issuer', ', namespace: other'),
      ['fail no-such-issuer Ingress/i'],
    ],
    [
      'an Issuer is no ClusterIssuer',
      ingress('{ cert-manager.io/cluster-issuer: le }') + issuer('Issuer', ', namespace: shop'),
      ['fail no-such-issuer Ingress/i'],
    ],
    [
      'an Issuer of the namespace',
      ingress('{ cert-manager.io/issuer: le }') + issuer('Issuer', ', namespace: shop'),
      ['pass annotated Ingress/i'],
    ],
    [
      'both annotations are refused',
      ingress('{ cert-manager.io/issuer: le, cert-manager.io/cluster-issuer: le }') + issuer('ClusterIssuer', ''),
      ['fail contradictory Ingress/i'],
    ],
    [
      'the default of cert-manager is not seen',
      ingress('{ kubernetes.io/tls-acme: "true" }'),
      ['unknown default-issuer Ingress/i'],
    ],
    [
      'a Certificate whose issuer is missing',
      `${ingress('{}')}---\n{ apiVersion: cert-manager.io/v1, kind: Certificate, metadata: { name: c, namespace: shop }, spec: { secretName: s, issuerRef: { name: le } } }`,
      ['fail no-such-issuer Ingress/i'],
    ],
    [
      'a Secret that an operator copies',
      `${ingress('{}')}---\n{ apiVersion: external-secrets.io/v1, kind: ExternalSecret, metadata: { name: s, namespace: shop }, spec: {} }`,
      ['unknown undecided Ingress/i'],
    ],
    ['no TLS at all', ingress('{}', '[]'), ['fail none Ingress/i']],
  ])('%s', (_, objects, expected) => {
    expect(verdicts(examine(ingressIssuer, { objects, complete }))).toEqual(expected);
  });

  it('a Gateway is asked, not the route on it', () => {
    const objects =
      '{ apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: { name: r, namespace: shop }, spec: { hostnames: [a.acme.io], parentRefs: [{ name: g }] } }\n---\n{ apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: { name: g, namespace: shop, annotations: { cert-manager.io/cluster-issuer: le } }, spec: { listeners: [{ name: tls, port: 443, protocol: HTTPS, hostname: a.acme.io, tls: { certificateRefs: [{ name: s }] } }] } }\n' +
      issuer('ClusterIssuer', '');
    expect(verdicts(examine(ingressIssuer, { objects, complete }))).toEqual(['pass annotated Gateway/g']);
  });
});
