import { describe, expect, it } from 'vitest';
import { producedSecrets } from './secret-producers.ts';
import { kubeObject } from './testing.ts';

const made = (apiVersion: string, kind: string, spec: string) =>
  producedSecrets(
    kubeObject(`{ apiVersion: ${apiVersion}, kind: ${kind}, metadata: { name: x, namespace: shop }, spec: ${spec} }`),
  ).map(({ namespace, name, keys, means }) => `${means} ${namespace ?? '*'}/${name} ${keys?.join(',') ?? '?'}`);

describe('Secrets that other objects bring about', () => {
  it.each<[string, string, string, string, readonly string[]]>([
    [
      'SealedSecret: its own name, sealed and template keys',
      'bitnami.com/v1alpha1',
      'SealedSecret',
      '{ encryptedData: { a: x }, template: { metadata: { name: other }, data: { b: y } } }',
      ['sealed shop/x a,b'],
    ],
    [
      'ExternalSecret: target and keys',
      'external-secrets.io/v1',
      'ExternalSecret',
      '{ target: { name: t }, data: [{ secretKey: a, remoteRef: { key: k } }] }',
      ['external shop/t a'],
    ],
    [
      'ClusterExternalSecret: each namespace',
      'external-secrets.io/v1',
      'ClusterExternalSecret',
      '{ namespaces: [a, b], externalSecretName: e, externalSecretSpec: { data: [] } }',
      ['external a/e ', 'external b/e '],
    ],
    [
      'ClusterExternalSecret: by labels',
      'external-secrets.io/v1',
      'ClusterExternalSecret',
      '{ namespaceSelectors: [{ matchLabels: { a: b } }], externalSecretSpec: { dataFrom: [{ extract: { key: k } }] } }',
      ['external */x ?'],
    ],
    ['cert-manager', 'cert-manager.io/v1', 'Certificate', '{ secretName: t }', ['certificate shop/t tls.crt,tls.key,ca.crt']],
    [
      'cert-manager with keystores',
      'cert-manager.io/v1',
      'Certificate',
      '{ secretName: t, keystores: { jks: {} } }',
      ['certificate shop/t ?'],
    ],
    [
      'CSI',
      'secrets-store.csi.x-k8s.io/v1',
      'SecretProviderClass',
      '{ secretObjects: [{ secretName: t, data: [{ key: a }] }] }',
      ['csi shop/t a'],
    ],
    [
      'Vault operator',
      'secrets.hashicorp.com/v1beta1',
      'VaultStaticSecret',
      '{ destination: { name: t, create: true } }',
      ['vault shop/t ?'],
    ],
    [
      'CloudNativePG',
      'postgresql.cnpg.io/v1',
      'Cluster',
      '{}',
      ['operator shop/x-app ?', 'operator shop/x-ca ?', 'operator shop/x-server ?', 'operator shop/x-replication ?'],
    ],
    [
      'CloudNativePG keeps a Secret that it is given',
      'postgresql.cnpg.io/v1',
      'Cluster',
      '{ bootstrap: { initdb: { secret: { name: mine } } } }',
      ['operator shop/x-ca ?', 'operator shop/x-server ?', 'operator shop/x-replication ?'],
    ],
    [
      'Zalando writes _ as -',
      'acid.zalan.do/v1',
      'postgresql',
      '{ users: { app_user: [] } }',
      ['app-user', 'postgres', 'standby'].map((user) => `operator shop/${user}.x.credentials.postgresql.acid.zalan.do ?`),
    ],
    ['Strimzi', 'kafka.strimzi.io/v1beta2', 'KafkaUser', '{}', ['operator shop/x ?']],
    [
      'MariaDB only where it generates',
      'k8s.mariadb.com/v1alpha1',
      'MariaDB',
      '{ rootPasswordSecretKeyRef: { name: r, key: k, generate: true }, passwordSecretKeyRef: { name: p, key: k } }',
      ['operator shop/r ?'],
    ],
    [
      'Crossplane, whatever the kind',
      'database.example.org/v1',
      'Anything',
      '{ writeConnectionSecretToRef: { name: t, namespace: n } }',
      ['operator n/t ?'],
    ],
    ['an unknown kind makes nothing', 'example.org/v1', 'Anything', '{ secretName: t }', []],
  ])('%s', (_, apiVersion, kind, spec, expected) => {
    expect(made(apiVersion, kind, spec)).toEqual(expected);
  });

  it.each(['SealedSecret', 'ExternalSecret', 'ClusterExternalSecret'])(
    '%s without anything useful in it does not throw',
    (kind) => {
      for (const spec of [
        '{}',
        '[]',
        'null',
        '{ data: {}, dataFrom: x, target: [], encryptedData: 1, externalSecretSpec: 1, namespaces: [1] }',
      ])
        expect(() => made(kind === 'SealedSecret' ? 'bitnami.com/v1alpha1' : 'external-secrets.io/v1', kind, spec)).not.toThrow();
    },
  );
});
