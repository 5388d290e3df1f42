import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseText } from '../../kube/yaml/parse.ts';
import { scalarLeaves } from '../../kube/yaml/scalars.ts';
import { maskKey } from '../../model/mask.ts';
import { maskSource } from './mask-source.ts';

const mask = (text: string) => maskSource(text, { path: 'a.yaml' });
const places = (text: string) =>
  scalarLeaves(text).map(({ documentIndex, path, isKey, start, end, style }) => [documentIndex, path, isKey, start, end, style]);

describe('a planted secret is nowhere in the masked text', () => {
  const secret = 'zebra7Quartz';
  const secretObject = (body: string) => `apiVersion: v1\nkind: Secret\nmetadata: {name: db}\n${body}`;
  const rows: readonly (readonly [string, string])[] = [
    ['stringData', secretObject(`stringData: {any: ${secret}}\n`)],
    ['a block', secretObject(`stringData:\n  any: |\n    first\n    ${secret}\n`)],
    ['double quotes with escapes', secretObject(`stringData: {any: "a\\n\\u0041${secret}"}\n`)],
    ['single quotes', secretObject(`stringData: {any: 'it''s ${secret}'}\n`)],
    ['a folded plain scalar', secretObject(`stringData:\n  any: one\n    ${secret}\n`)],
    ['an anchor elsewhere', secretObject(`x: &s {any: ${secret}}\nstringData: *s\n`)],
    ['a merge', secretObject(`x: &s {any: ${secret}}\nstringData:\n  <<: *s\n`)],
    ['a tagged value', secretObject(`stringData: {any: !!str ${secret}}\n`)],
    ['an overridden duplicate', secretObject(`stringData: {any: ${secret}}\nstringData: {other: b}\n`)],
    ['a kind that is overridden', secretObject(`stringData: {any: ${secret}}\nkind: ConfigMap\n`)],
    ['an item of a List', `apiVersion: v1\nkind: List\nitems:\n- kind: Secret\n  data: {any: ${secret}}\n`],
    ['an item of a SecretList in JSON', `{"kind":"SecretList","items":[{"data":{"any":"${secret}"}}]}`],
    ['a comment', `a: b # ${secret}\n`],
    ['a comment of a block header', `a: | # ${secret}\n  b\n`],
    ['a comment of a separator', `a: b\n--- # ${secret}\nc: d\n`],
    ['a document that cannot be read', `a: b\n---\nx: [ ${secret}\n---\nc: d\n`],
    ['content after the end', `a: b\n...\n${secret}: x\n---\nc: d\n`],
    ['a bad separator', `a: b\n--- ${secret}\nc: d\n`],
    ['a text that is no YAML', `\u0000${secret}`],
    ['an env variable', `env: [{name: DB_PASSWORD, value: ${secret}}]\n`],
    ['an argument after its option', `args: ["--password", "${secret}"]\n`],
    ['a file in a ConfigMap', `kind: ConfigMap\ndata:\n  app.yaml: |\n    db:\n      password: ${secret}\n`],
    [
      'a pair in a manifest in an annotation',
      `metadata:\n  annotations:\n    last: '{"env":[{"name":"API_KEY","value":"${secret}"}]}'\n`,
    ],
    ['a URL', `url: https://me:${secret}@host/x\n`],
    ['a JSON text in a JSON text', `{"kind":"ConfigMap","data":{"a":"{\\"password\\":\\"${secret}\\"}"}}`],
    ['the template of a SealedSecret', `kind: SealedSecret\nspec: {template: {data: {a: ${secret}}}}\n`],
    ['a key of token shape', `a:\n  ghp_${secret.repeat(3)}: b\n`],
  ];
  test.each(rows)('%s', (_name, text) => {
    const masked = mask(text);
    expect(text).toContain(secret);
    expect(masked.text).not.toContain(secret);
    expect(JSON.stringify([masked.masks, masked.problems])).not.toContain(secret);
    expect(masked.text.length).toBe(text.length);
    expect(masked.text.split('\n').map((line) => line.length)).toEqual(text.split('\n').map((line) => line.length));
    expect(parseText(masked.text).documents.length).toBe(parseText(text).documents.length);
  });
});

test('only the password of a URL is hidden, and its structure is told', () => {
  const masked = mask('env:\n- {name: DATABASE_URL, value: "postgres://app:s3cr3tZebra@db:5432/app"}\n');
  expect(masked.text).toContain('postgres://app:xxxxxxxxxxx@db:5432/app');
  expect(masked.masks[0]?.table[maskKey(['env', 0, 'value'])]).toMatchObject({
    class: 'url-credential',
    start: 15,
    end: 26,
    contains: { kind: 'url', host: 'db', port: 5432 },
  });
});

test('ciphertext of SOPS and of Sealed Secrets stays readable', () => {
  const text =
    'kind: Secret\ndata: {a: "ENC[AES256_GCM,data:abc]"}\nsops: {mac: "ENC[AES256_GCM,data:kX82jdLq0ZmP4vRt7WyB1nCs]"}\n---\nkind: SealedSecret\nspec: {encryptedData: {password: AgBy3kX82jdLq0ZmP4vRt7WyB1nCs}}\n';
  expect(mask(text)).toMatchObject({ text, masks: [] });
});

test('a document that cannot be read is blank, and the others keep their places', () => {
  const text = 'a: 1\n---\nb: [ x\n---\nc: 2\n';
  const masked = mask(text);
  expect(masked.text).toBe('a: 1\n---\n      \n---\nc: 2\n');
  expect(masked.problems.map(({ code }) => code)).toEqual(['yaml-syntax']);
});

test('a configuration in a Secret tells which leaves hold a credential', () => {
  const text =
    'kind: Secret\nstringData:\n  grafana.ini: |\n    [security]\n    admin_user = admin\n    admin_password = hunter2\n  clean.yaml: |\n    port: 80\n  broken.yaml: |\n    a: [ b\n';
  const table = mask(text).masks[0]?.table ?? {};
  expect(table[maskKey(['stringData', 'grafana.ini'])]?.contains).toMatchObject({
    kind: 'config',
    credentialLeaves: [{ path: 'security.admin_password' }],
  });
  expect(table[maskKey(['stringData', 'clean.yaml'])]?.contains).toMatchObject({ kind: 'config', credentialLeaves: [] });
  expect(table[maskKey(['stringData', 'broken.yaml'])]?.contains).toBeUndefined();
});

const word = fc.stringMatching(/^[a-z]{1,8}$/);
const value = fc.oneof(
  word,
  fc.string({ maxLength: 30 }),
  fc.integer(),
  fc.constant('zebra7Quartz: x\n y\n'),
  fc.constant('it\'s "q" \\ #'),
);

test('whatever Secret data holds, the masked text has the same structure and none of it', () => {
  fc.assert(
    fc.property(fc.dictionary(word, value, { minKeys: 1, maxKeys: 4 }), fc.constantFrom(0, 1), (data, indent) => {
      const text = JSON.stringify({ kind: 'Secret', stringData: data }, null, indent);
      const masked = mask(text);
      expect(places(masked.text)).toEqual(places(text));
      for (const entry of Object.values(data))
        if (/[a-z0-9]{9,}/i.test(String(entry)) && !/^1+$/.test(String(entry)))
          expect(masked.text).not.toContain(JSON.stringify(entry).slice(1, -1));
    }),
    { numRuns: 300 },
  );
});

test('no text makes masking throw or change its length', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ maxLength: 200 }),
        fc.string({
          unit: fc.constantFrom('a', ':', ' ', '\n', '-', '[', '{', '#', '"', "'", '|', '.', '&', '*', '!'),
          maxLength: 60,
        }),
      ),
      (text) => mask(text).text.length === text.length,
    ),
    { numRuns: 2000 },
  );
});
