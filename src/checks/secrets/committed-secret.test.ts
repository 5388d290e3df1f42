import { describe, expect, it } from 'vitest';
import { aBundle } from '../../evidence/testing.ts';
import { createFacts } from '../../facts/fact.ts';
import { assessAll } from '../assess.ts';
import { examine, verdicts } from '../testing.ts';
import { committedSecret } from './committed-secret.ts';

const secret = (body: string) => `
apiVersion: v1
kind: Secret
metadata: { name: s, namespace: shop }
${body}
`;
const base64 = (text: string) => Buffer.from(text).toString('base64');
const certificate = `-----BEGIN CERTIFICATE-----
MIIBdTCCARugAwIBAgIUQ4oFl4zHEcNvqOKnPqVwtWvSJ0QwCgYIKoZIzj0EAwIw
-----END CERTIFICATE-----`;

describe('committed-secret', () => {
  it.each<[string, string, string]>([
    ['base64 hides nothing', `data: { token: ${base64('hello-world-1')} }`, 'fail value Secret/s'],
    ['a value of one character is a value', 'stringData: { pin: "7" }', 'fail value Secret/s'],
    ['base64 of a placeholder is a placeholder', `data: { token: ${base64('CHANGE_ME')} }`, 'pass clean Secret/s'],
    ['an empty Secret holds nothing', 'type: Opaque', 'pass empty Secret/s'],
    ['keys without a value hold nothing', 'data: { a: "", b: }', 'pass empty Secret/s'],
    [
      'names of users and hosts are no credentials',
      'stringData: { username: shop, host: db.example, port: "5432" }',
      'pass clean Secret/s',
    ],
    [
      'a token under the name of a user is one',
      'stringData: { user: ghp_a1B2a1B2a1B2c3D4c3D4c3D4e5F6e5F6e5F6 }',
      'fail value Secret/s',
    ],
    [
      'a URL under the name of a database is judged as a URL',
      'stringData: { database: "redis://a:b2c3@db" }',
      'fail value Secret/s',
    ],
    [
      'a key of a certificate',
      'stringData: { tls.key: "-----BEGIN PRIVATE KEY-----\\nabc\\n-----END PRIVATE KEY-----\\n" }',
      'fail private-key Secret/s',
    ],
    [
      'a certificate that is cut short, as in examples, is public',
      `stringData:\n  ca.crt: |\n    ${certificate.split('\n').join('\n    ')}`,
      'pass clean Secret/s',
    ],
    [
      'what only claims to be a certificate is opaque',
      'stringData: { ca.crt: "-----BEGIN CERTIFICATE-----\\nhunter22hunter22\\n-----END CERTIFICATE-----\\n" }',
      'fail value Secret/s',
    ],
    [
      'configuration without a credential',
      'stringData: { app.yaml: "log: { level: info }\\nport: 8080\\n" }',
      'pass clean Secret/s',
    ],
    ['configuration that cannot be read whole is opaque', 'stringData: { app.yaml: "log: [" }', 'fail value Secret/s'],
    ['a database URL with its password', 'stringData: { url: "postgres://a:hunter22@db/x" }', 'fail value Secret/s'],
    [
      'a SOPS value beside a plain one: the plain one counts',
      'stringData: { a: "ENC[AES256_GCM,data:xx,iv:a,tag:b,type:str]", b: hunter22 }\nsops: { mac: "ENC[AES256_GCM,data:abcd,iv:a,tag:b,type:str]" }',
      'fail value Secret/s',
    ],
    [
      'ENC[...] without SOPS metadata is not trusted to be ciphertext, and is template text at most',
      'stringData: { a: "ENC[hunter22" }',
      'fail value Secret/s',
    ],
  ])('%s', (_, body, expected) => {
    expect(verdicts(examine(committedSecret, { objects: secret(body) }))).toEqual([expected]);
  });

  it('a real value beside placeholders fails by its key', () => {
    const [only, ...others] = examine(committedSecret, {
      objects: secret('stringData: { a: CHANGE_ME, b: hunter22, c: "<c>" }'),
    });
    expect([only?.message, only?.location?.path, others]).toEqual([
      'The manifest holds a value of 8 characters under b.',
      'stringData.b',
      [],
    ]);
  });

  it("kubectl's copy in an annotation is committed too", () => {
    const copy = JSON.stringify({ kind: 'Secret', apiVersion: 'v1', data: { a: base64('hunter22') } });
    const objects = `apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: '${copy}'\n`;
    expect(verdicts(examine(committedSecret, { objects }))).toEqual(['fail annotation Secret/s']);
  });

  it('plain text in the template of a SealedSecret is committed', () => {
    const objects =
      'apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: { name: s, namespace: shop }\nspec: { encryptedData: { a: AgBy }, template: { data: { b: hunter22 } } }\n';
    expect(verdicts(examine(committedSecret, { objects }))).toEqual(['fail value SealedSecret/s']);
  });

  it('a value that a chart draws at each rendering stands in no file', () => {
    const bundle = aBundle({ objects: secret('stringData: { drawn: hunter22, fixed: hunter23 }') });
    const slots = bundle.slots.map((slot) =>
      slot.kind === 'objects' && slot.status === 'collected'
        ? {
            ...slot,
            data: {
              ...slot.data,
              form: 'helm' as const,
              files: slot.data.files.map((file) => ({
                ...file,
                generatedAtRender: [{ document: 0, path: ['stringData', 'drawn'] }],
              })),
            },
          }
        : slot,
    );
    const answers = assessAll(
      [{ check: committedSecret, parameters: {} }],
      createFacts({ ...bundle, slots }),
      bundle.collectedAt,
    ).get('committed-secret');
    expect(answers?.map(({ message }) => message)).toEqual(['The manifest holds a value of 8 characters under fixed.']);
  });

  it('the value is in no message', () => {
    expect(JSON.stringify(examine(committedSecret, { objects: secret('stringData: { b: hunter22 }') }))).not.toContain(
      'hunter22',
    );
  });
});
