import { describe, expect, it } from 'vitest';
import { aBundle } from '../evidence/testing.ts';
import { kubeObject } from '../kube/testing.ts';
import { certificates, readIssuer } from './certificates.ts';
import { exposures } from './exposure.ts';
import { createFacts } from './fact.ts';

const ingress = (annotations = '{}') =>
  `{ apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: { name: i, namespace: shop, annotations: ${annotations} }, spec: { tls: [{ hosts: [a.acme.io], secretName: s }], rules: [{ host: a.acme.io }] } }\n`;
const made = (apiVersion: string, kind: string, name: string, spec: string, namespace = 'shop') =>
  `---\n{ apiVersion: ${apiVersion}, kind: ${kind}, metadata: { name: ${name}, namespace: ${namespace} }, spec: ${spec} }\n`;
const issuerRef = '{ secretName: s, issuerRef: { name: le } }';

describe('a TLS Secret is kept fresh by', () => {
  it.each<[string, string, string]>([
    ['a Certificate', ingress() + made('cert-manager.io/v1', 'Certificate', 'c', issuerRef), 'certificate'],
    [
      'no Certificate of another namespace',
      ingress() + made('cert-manager.io/v1', 'Certificate', 'c', issuerRef, 'other'),
      'manual',
    ],
    ['an annotation of the Ingress', ingress('{ cert-manager.io/issuer: le }'), 'annotation'],
    ['no annotation of a cert-manager that is long gone', ingress('{ certmanager.k8s.io/issuer: le }'), 'unknown'],
    ['a store, by an ExternalSecret', ingress() + made('external-secrets.io/v1', 'ExternalSecret', 's', '{}'), 'copied'],
    [
      'an ExternalSecret with a target of that name',
      ingress() + made('external-secrets.io/v1', 'ExternalSecret', 'x', '{ target: { name: s } }'),
      'copied',
    ],
    ['nobody, where somebody sealed it', ingress() + made('bitnami.com/v1alpha1', 'SealedSecret', 's', '{}'), 'manual'],
    [
      'nobody, where somebody wrote it',
      `${ingress()}---\n{ apiVersion: v1, kind: Secret, metadata: { name: s, namespace: shop } }`,
      'manual',
    ],
    [
      'cert-manager, where a dump shows its mark',
      `${ingress()}---\n{ apiVersion: v1, kind: Secret, metadata: { name: s, namespace: shop, annotations: { cert-manager.io/certificate-name: c } } }`,
      'certificate',
    ],
  ])('%s', (_, objects, expected) => {
    const facts = createFacts(aBundle({ objects }));
    const [exposure] = facts(exposures).target.exposures;
    expect(exposure && facts(certificates).automationOf(exposure).kind).toBe(expected);
  });
});

it('the annotation of a Gateway makes no certificate in another namespace', () => {
  const gateway = (secret: string) =>
    `{ apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: { name: g, namespace: shop, annotations: { cert-manager.io/issuer: le } }, spec: { listeners: [{ name: l, port: 443, protocol: HTTPS, tls: { certificateRefs: [${secret}] } }] } }`;
  const automation = (secret: string) => {
    const facts = createFacts(aBundle({ objects: gateway(secret), complete: ['Certificate'] }));
    const [exposure] = facts(exposures).target.exposures;
    return exposure && facts(certificates).automationOf(exposure).kind;
  };
  expect(automation('{ name: s }')).toBe('annotation');
  expect(automation('{ name: s, namespace: other }')).toBe('manual');
});

describe('annotations name an issuer', () => {
  it.each<[string, string, unknown]>([
    ['a ClusterIssuer', '{ cert-manager.io/cluster-issuer: le }', 'cert-manager.io/ClusterIssuer//le'],
    ['an Issuer of the namespace', '{ cert-manager.io/issuer: le }', 'cert-manager.io/Issuer/shop/le'],
    [
      'an issuer of another vendor',
      '{ cert-manager.io/issuer: le, cert-manager.io/issuer-kind: AWSPCAClusterIssuer, cert-manager.io/issuer-group: awspca.cert-manager.io }',
      'awspca.cert-manager.io/AWSPCAClusterIssuer//le',
    ],
    ['both, which is refused', '{ cert-manager.io/issuer: a, cert-manager.io/cluster-issuer: b }', 'contradictory'],
    ['the default of cert-manager', '{ kubernetes.io/tls-acme: "true" }', 'default'],
    ['none', '{}', 'none'],
  ])('%s', (_, annotations, expected) => {
    const found = createFacts(aBundle({ objects: ingress(annotations) }))(certificates).annotationOf(
      kubeObject(ingress(annotations)),
    );
    const text =
      found.kind === 'issuer'
        ? `${found.reference.group}/${found.reference.kind}/${found.reference.namespace ?? ''}/${found.reference.name}`
        : found.kind;
    expect(text).toBe(expected);
  });
});

describe('an issuer', () => {
  const issuer = (spec: string, status = '{}') =>
    kubeObject(
      `{ apiVersion: cert-manager.io/v1, kind: ClusterIssuer, metadata: { name: le }, spec: ${spec}, status: ${status} }`,
    );
  it.each<[string, boolean]>([
    ['https://acme-v02.api.letsencrypt.org/directory', false],
    ['https://acme-staging-v02.api.letsencrypt.org/directory', true],
    ['https://dv.acme-v02.test-api.pki.goog/directory', true],
    ['https://api.test4.buypass.no/acme/directory', true],
    ['https://acme.zerossl.com/v2/DV90', false],
    ['https://ca.latest.acme.io/staging-team', false],
  ])('%s is a test server: %s', (server, staging) => {
    expect(readIssuer(issuer(`{ acme: { server: "${server}" } }`), undefined).staging).toBe(staging);
  });

  it('is ready only where a live object says so', () => {
    const written = issuer('{ ca: { secretName: x } }', '{ conditions: [{ type: Ready, status: "True" }] }');
    expect(readIssuer(written, undefined).ready).toBeUndefined();
    expect(readIssuer(written, written).ready).toBe(true);
    expect(readIssuer(written, issuer('{}', '{ conditions: [{ type: Ready, status: "False", message: no }] }')).ready).toBe(
      false,
    );
    expect(readIssuer(written, issuer('{}')).ready).toBeUndefined();
  });
});
