import { describe, expect, it } from 'vitest';
import { load } from 'js-yaml';
import { externalSecretKeys, keyOrigins, valueSources } from './external-secret.ts';
import type { JsonObject } from './json.ts';

const spec = (text: string) => load(text) as JsonObject;
const generator = (rewrite: string) =>
  spec(`{ dataFrom: [{ sourceRef: { generatorRef: { kind: Password, name: g } }, rewrite: ${rewrite} }] }`);

describe('keys of an ExternalSecret', () => {
  it.each<[string, JsonObject, readonly string[] | undefined]>([
    ['data names them', spec('{ data: [{ secretKey: a }, { secretKey: b }] }'), ['a', 'b']],
    ['extract and find do not', spec('{ data: [{ secretKey: a }], dataFrom: [{ extract: { key: k } }] }'), undefined],
    ['a Password is called password', generator('[]'), ['password']],
    ['rewrite renames it', generator('[{ regexp: { source: password, target: jwt } }]'), ['jwt']],
    ['rewrite of a part', generator('[{ regexp: { source: pass, target: "key-" } }]'), ['key-word']],
    ['an anchored whole', generator('[{ regexp: { source: "^password$", target: jwt } }]'), ['jwt']],
    ['an expression is not followed', generator('[{ regexp: { source: "(.*)", target: "x_$1" } }]'), undefined],
    ['a transformation is not followed', generator('[{ transform: { template: "{{ .value }}" } }]'), undefined],
    [
      'another generator',
      spec('{ dataFrom: [{ sourceRef: { generatorRef: { kind: ECRAuthorizationToken, name: g } } }] }'),
      undefined,
    ],
    ['a template replaces', spec('{ data: [{ secretKey: a }], target: { template: { data: { b: "{{ .a }}" } } } }'), ['b']],
    [
      'a template over unknown values is known',
      spec('{ dataFrom: [{ extract: { key: k } }], target: { template: { data: { b: "{{ .a }}" } } } }'),
      ['b'],
    ],
    [
      'a template that merges',
      spec('{ data: [{ secretKey: a }], target: { template: { mergePolicy: Merge, data: { b: "{{ .a }}" } } } }'),
      ['a', 'b'],
    ],
    [
      'templates from files',
      spec('{ data: [{ secretKey: a }], target: { template: { templateFrom: [{ configMap: { name: c } }] } } }'),
      undefined,
    ],
    [
      'a template with metadata only changes no key',
      spec('{ data: [{ secretKey: a }], target: { template: { metadata: { labels: { x: y } } } } }'),
      ['a'],
    ],
  ])('%s', (_, written, expected) => {
    expect(externalSecretKeys(written, undefined)).toEqual(expected);
  });

  it('a template leads to the one value that it holds', () => {
    const read = (text: string) =>
      keyOrigins(
        spec(
          `{ secretStoreRef: { name: s }, data: [{ secretKey: user }, { secretKey: password }], target: { template: { data: { url: "${text}" } } } }`,
        ),
        [],
      ).origins[0];
    expect(read('{{ .password }}')).toMatchObject({ source: { name: 's' }, whole: true });
    expect(read('pg://{{ .user }}:{{ .password }}@db')).toMatchObject({ source: { name: 's' }, whole: false });
    expect(read('{{ .password }}{{ .secret }}')).toMatchObject({ source: undefined });
    expect(read('{{ .password | trunc 8 }}')).toMatchObject({ source: undefined });
    expect(read('{{ .password | b64enc | quote }}'.replaceAll('"', ''))).toMatchObject({ source: { name: 's' } });
    expect(read('{{ .password }} {{ .password | sha1sum }}')).toMatchObject({ source: undefined });
    expect(read('nothing')).toMatchObject({ source: undefined });
  });

  it('sources: of each entry, else of the spec; each once', () => {
    const found = valueSources(
      spec(
        '{ secretStoreRef: { name: s }, data: [{ secretKey: a }, { secretKey: b }, { secretKey: c, sourceRef: { storeRef: { name: t, kind: ClusterSecretStore } } }] }',
      ),
      ['spec'],
    );
    expect(found.map(({ kind, name, path }) => `${kind}/${name} ${path.join('.')}`)).toEqual([
      'SecretStore/s spec.secretStoreRef',
      'ClusterSecretStore/t spec.data.2.sourceRef.storeRef',
    ]);
  });

  it('a long template takes no long time', () => {
    const text = '{{ .a '.repeat(50_000);
    const start = performance.now();
    keyOrigins({ target: { template: { data: { a: text } } } }, []);
    expect(performance.now() - start).toBeLessThan(500);
  });
});
