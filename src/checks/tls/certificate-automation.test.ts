import { describe, expect, it } from 'vitest';
import { examine, verdicts } from '../testing.ts';
import { certificateAutomation } from './certificate-automation.ts';

const ingress = (name: string, spec: string, annotations = '{}') =>
  `---\n{ apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: { name: ${name}, namespace: shop, annotations: ${annotations} }, spec: ${spec} }\n`;
const tls = '{ tls: [{ hosts: [a.acme.io], secretName: s }], rules: [{ host: a.acme.io }] }';
const certificate = (names: string) =>
  `---\n{ apiVersion: cert-manager.io/v1, kind: Certificate, metadata: { name: c, namespace: shop }, spec: { secretName: s, dnsNames: ${names}, issuerRef: { name: le } } }\n`;

describe('certificate-automation', () => {
  it.each<[string, string, readonly string[]]>([
    [
      'a certificate that Google manages is not flagged',
      ingress('i', '{ rules: [{ host: a.acme.io }] }', '{ networking.gke.io/managed-certificates: m }') +
        '---\n{ apiVersion: networking.gke.io/v1, kind: ManagedCertificate, metadata: { name: m, namespace: shop }, spec: { domains: [a.acme.io] } }',
      ['pass platform Host/a.acme.io'],
    ],
    [
      'a plain Ingress beside an encrypted one is the matter of the redirect',
      ingress('i', tls, '{ cert-manager.io/issuer: le }') + ingress('j', '{ rules: [{ host: a.acme.io }] }'),
      ['pass annotation Host/a.acme.io'],
    ],
    [
      'two Ingresses with one host are judged both',
      ingress('i', tls, '{ cert-manager.io/issuer: le }') +
        ingress('j', tls.replace('secretName: s', 'secretName: t')) +
        certificate('[a.acme.io]'),
      ['pass certificate Host/a.acme.io', 'fail manual Host/a.acme.io'],
    ],
    [
      'a wildcard certificate covers the host',
      ingress('i', tls) + certificate('["*.acme.io"]'),
      ['pass certificate Host/a.acme.io'],
    ],
    [
      'a certificate for another host does not',
      ingress('i', tls) + certificate('[b.acme.io]'),
      ['fail wrong-names Host/a.acme.io'],
    ],
    [
      'a load balancer whose Pods may speak TLS is unknown',
      '{ apiVersion: v1, kind: Service, metadata: { name: lb, namespace: shop }, spec: { type: LoadBalancer, ports: [{ port: 443 }] } }',
      ['unknown unseen Service/lb'],
    ],
  ])('%s', (_, objects, expected) => {
    expect(verdicts(examine(certificateAutomation, { objects, complete: ['Certificate'] }))).toEqual(expected);
  });

  it('an organisation may ask for cert-manager alone', () => {
    const objects = ingress(
      'i',
      '{ ingressClassName: alb, rules: [{ host: a.acme.io }] }',
      '{ alb.ingress.kubernetes.io/certificate-arn: "arn:1" }',
    );
    expect(verdicts(examine(certificateAutomation, { objects }))).toEqual(['pass platform Host/a.acme.io']);
    expect(verdicts(examine(certificateAutomation, { objects, parameters: { certManagerOnly: true } }))).toEqual([
      'fail other-issuer Host/a.acme.io',
    ]);
  });
});
