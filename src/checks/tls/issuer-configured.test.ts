import { describe, expect, it } from 'vitest';
import { examine, verdicts } from '../testing.ts';
import { issuerConfigured } from './issuer-configured.ts';

const ingress = (
  annotations = '{ cert-manager.io/cluster-issuer: le }',
  spec = '{ tls: [{ hosts: [a.acme.io], secretName: s }], rules: [{ host: a.acme.io }] }',
) =>
  `---\n{ apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: { name: i, namespace: shop, annotations: ${annotations} }, spec: ${spec} }\n`;
const issuer = (name: string, spec: string, status = '{}') =>
  `---\n{ apiVersion: cert-manager.io/v1, kind: ClusterIssuer, metadata: { name: ${name} }, spec: ${spec}, status: ${status} }\n`;
const good = '{ ca: { secretName: root } }';
const provided = (expires: string) => ({
  providedElsewhere: [{ kind: 'ClusterIssuer', name: 'le', owner: 'platform', reason: 'add-on', expires }],
});

describe('issuer-configured', () => {
  it.each<[string, Parameters<typeof examine>[1], readonly string[]]>([
    [
      'a status that somebody wrote into a manifest proves nothing',
      { objects: ingress() + issuer('le', good, '{ conditions: [{ type: Ready, status: "True" }] }') },
      ['pass configured ClusterIssuer/le'],
    ],
    [
      'a dump that says not ready',
      {
        objects: ingress() + issuer('le', good, '{ conditions: [{ type: Ready, status: "False", message: no account. }] }'),
        live: true,
      },
      ['fail not-ready ClusterIssuer/le'],
    ],
    [
      'an issuer that nothing names does no harm',
      { objects: ingress() + issuer('le', good) + issuer('test', '{ selfSigned: {} }') },
      ['pass configured ClusterIssuer/le'],
    ],
    [
      'an authority that signs itself for the inside is not what visitors see',
      {
        objects: `${ingress()}${issuer('le', good)}${issuer('self', '{ selfSigned: {} }')}---\n{ apiVersion: cert-manager.io/v1, kind: Certificate, metadata: { name: root, namespace: shop }, spec: { isCA: true, secretName: root, issuerRef: { name: self, kind: ClusterIssuer } } }`,
      },
      ['pass configured ClusterIssuer/le'],
    ],
    [
      'what the platform provides is assumed',
      { objects: ingress(), review: provided('2026-09-01T00:00:00Z') },
      ['pass provided ClusterIssuer/le'],
    ],
    [
      'what it provided until yesterday is not',
      { objects: ingress(), review: provided('2026-03-05T00:00:00Z') },
      ['unknown unseen ClusterIssuer/le'],
    ],
    ['absent where a source is complete', { objects: ingress(), complete: ['ClusterIssuer'] }, ['fail absent ClusterIssuer/le']],
    [
      'certificates of the cloud need no issuer',
      {
        objects: ingress(
          '{ alb.ingress.kubernetes.io/certificate-arn: "arn:1" }',
          '{ ingressClassName: alb, rules: [{ host: a.acme.io }] }',
        ),
      },
      ['not-applicable elsewhere Source/production/certificates'],
    ],
    ['none is named, a usable one is there', { objects: ingress('{}') + issuer('le', good) }, ['pass unused Source/production']],
    [
      'none is named, and only a self-signed one is there',
      { objects: ingress('{}') + issuer('le', '{ selfSigned: {} }') },
      ['fail self-signed Source/production'],
    ],
    ['none is named and none is seen', { objects: ingress('{}') }, ['unknown none-seen Source/production']],
  ])('%s', (_, parts, expected) => {
    expect(verdicts(examine(issuerConfigured, parts))).toEqual(expected);
  });
});
