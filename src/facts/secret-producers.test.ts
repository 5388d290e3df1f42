import { describe, expect, it } from 'vitest';
import { aBundle, type BundleParts } from '../evidence/testing.ts';
import { createFacts } from './fact.ts';
import { secretProducers } from './secret-producers.ts';

const read = (objects: string, parts: Partial<BundleParts> = {}) => createFacts(aBundle({ objects, ...parts }))(secretProducers);
const names = (objects: string, namespace: string, name: string, parts: Partial<BundleParts> = {}) =>
  read(objects, parts)
    .of(namespace, name)
    .map(({ object, means, keys }) => `${means} ${object.ref.kind} ${keys?.join(',') ?? '?'}`);
const cluster = (selector: string) => `
apiVersion: external-secrets.io/v1
kind: ClusterExternalSecret
metadata: { name: x }
spec: { namespaceSelectors: [${selector}], externalSecretSpec: { data: [{ secretKey: a, remoteRef: { key: k } }] } }
---
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { team: a } }
`;

describe('producers of a Secret', () => {
  it.each<[string, string, readonly string[]]>([
    ['labels of the Namespace', '{ matchLabels: { team: a } }', ['external ClusterExternalSecret a']],
    [
      'the name that every Namespace has as label',
      '{ matchLabels: { kubernetes.io/metadata.name: shop } }',
      ['external ClusterExternalSecret a'],
    ],
    ['another team', '{ matchLabels: { team: b } }', []],
  ])('a ClusterExternalSecret chooses namespaces: %s', (_, selector, expected) => {
    expect(names(cluster(selector), 'shop', 'x')).toEqual(expected);
  });

  it('platform objects produce for the system, and are not under review', () => {
    const sealed =
      'apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: { name: s, namespace: shop }\nspec: { encryptedData: { a: x } }\n';
    expect(names('', 'shop', 's', { platform: sealed })).toEqual(['sealed SealedSecret a']);
    expect(read('', { platform: sealed }).system).toEqual([]);
  });

  it('a Gateway that cert-manager serves', () => {
    const gateway = (annotations: string) =>
      `apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: { name: g, namespace: shop, annotations: { ${annotations} } }\nspec: { listeners: [{ name: l, tls: { certificateRefs: [{ name: t }, { name: u, namespace: other }] } }] }\n`;
    expect(names(gateway('cert-manager.io/issuer: i'), 'shop', 't')).toEqual(['certificate Gateway tls.crt,tls.key,ca.crt']);
    expect(names(gateway('cert-manager.io/issuer: i'), 'other', 'u')).toEqual([]);
    expect(names(gateway('a: b'), 'shop', 't')).toEqual([]);
  });

  it('a generator may name its values', () => {
    const objects =
      'apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: { name: e, namespace: shop }\nspec: { dataFrom: [{ sourceRef: { generatorRef: { kind: Password, name: g } } }] }\n---\napiVersion: generators.external-secrets.io/v1alpha1\nkind: Password\nmetadata: { name: g, namespace: shop }\nspec: { secretKeys: [one, two] }\n';
    expect(names(objects, 'shop', 'e')).toEqual(['external ExternalSecret one,two']);
  });

  it('a store of another namespace does not count', () => {
    const objects = (place: string) =>
      `apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: { name: e, namespace: shop }\nspec: { secretStoreRef: { name: s }, data: [{ secretKey: a }] }\n---\napiVersion: external-secrets.io/v1\nkind: SecretStore\nmetadata: { name: s, namespace: ${place} }\nspec: { provider: { vault: {} } }\n`;
    const status = (place: string) => {
      const facts = read(objects(place));
      return facts.of('shop', 'e').flatMap((producer) => facts.sourcesOf(producer).map(({ lookup }) => lookup.status));
    };
    expect([status('shop'), status('other')]).toEqual([['found'], ['absent']]);
  });
});
