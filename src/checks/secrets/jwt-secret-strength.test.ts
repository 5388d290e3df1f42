import { describe, expect, it } from 'vitest';
import { examine, verdicts } from '../testing.ts';
import { jwtSecretStrength } from './jwt-secret-strength.ts';

const hex = '8f14e45fceea167a5a36dedd4bea2543c9f0f895fb98ab9159f51fd0297e236d';
const secret = (value: string, key = 'JWT_SECRET') =>
  `---\napiVersion: v1\nkind: Secret\nmetadata: { name: api, namespace: shop }\nstringData: { ${key}: "${value}" }\n`;
const said = (objects: string, parts: Partial<Parameters<typeof examine>[1]> = {}) =>
  verdicts(examine(jwtSecretStrength, { objects, ...parts }));
/** A ciphertext as kubeseal writes it, of a plain text of that many bytes. */
const sealed = (length: number) => Buffer.concat([Buffer.from([2, 0]), Buffer.alloc(512 + length + 16, 7)]).toString('base64');
const sealedSecret = (length: number) =>
  `---\napiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: { name: api, namespace: shop }\nspec: { encryptedData: { JWT_SECRET: ${sealed(length)} } }\n`;
const external = (generator: string) => `---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: api, namespace: shop }
spec: { target: { template: { data: { JWT_SECRET: "{{ .password }}" } } }, dataFrom: [{ sourceRef: { generatorRef: { kind: ${generator}, name: g } } }] }
`;
const password = (spec: string) =>
  `---\napiVersion: generators.external-secrets.io/v1alpha1\nkind: Password\nmetadata: { name: g, namespace: shop }\nspec: { ${spec} }\n`;

describe('jwt-secret-strength', () => {
  it.each<[string, string, string]>([
    ['64 hex digits are 256 bits', secret(hex), 'pass random Secret/api'],
    ['63 hex digits are not', secret(hex.slice(1)), 'fail weak Secret/api'],
    ['44 characters of base64 are 256 bits', secret('u5sJ0b8Qq1m3xv7Zt2yK9cWf4hLgNdRpXaE6TiUoVwY='), 'pass random Secret/api'],
    ['32 random characters are not', secret('q8Zk2LxV9mRb4Wc7NpDtQ3Lr5Ys6Gh1J'), 'fail weak Secret/api'],
    ['a repeated character is weak at any length', secret('a'.repeat(200)), 'fail weak Secret/api'],
    ['a repeated pattern is weak at any length', secret('abc123'.repeat(40)), 'fail weak Secret/api'],
    [
      'a long sentence does not look random',
      secret('this is the signing key of our shop and nobody will ever guess it since it is so very very long'),
      'unknown undecided Secret/api',
    ],
    ['the text behind base64 counts', secret(Buffer.from('changeme').toString('base64')), 'fail known Secret/api'],
    ['a placeholder says nothing', secret('<JWT_SECRET>'), 'unknown placeholder Secret/api'],
    [
      'RSA: not applicable',
      secret('-----BEGIN RSA PRIVATE KEY-----\\nabc\\n-----END RSA PRIVATE KEY-----\\n'),
      'not-applicable asymmetric Secret/api',
    ],
    ['JWKS: not applicable', secret('anything', 'JWT_JWKS'), 'not-applicable asymmetric Secret/api'],
    ['Rails', secret('short-1', 'SECRET_KEY_BASE'), 'fail weak Secret/api'],
    [
      'a key of another company is not ours to choose',
      secret('whsec_short', 'STRIPE_WEBHOOK_SECRET'),
      'not-applicable none Source/production',
    ],
    ['lifetimes and file names are no keys', secret('3600', 'JWT_SECRET_EXPIRY'), 'not-applicable none Source/production'],
    ['a sealed value that is too short', sealedSecret(31), 'fail short-ciphertext Secret/api'],
    ['a sealed value that is long enough proves nothing', sealedSecret(64), 'unknown sealed Secret/api'],
    [
      'a generator of 64 characters',
      external('Password') + password('length: 64, digits: 16, symbols: 0, noUpper: false, allowRepeat: true'),
      'pass generated Secret/api',
    ],
    [
      'digits carry less',
      external('Password') + password('length: 64, digits: 64, symbols: 0, noUpper: false, allowRepeat: true'),
      'fail weak-generator Secret/api',
    ],
    [
      'the default of 24 characters',
      external('Password') + password('noUpper: false, allowRepeat: true'),
      'fail weak-generator Secret/api',
    ],
    ['a generator that is not in the sources', external('Password'), 'unknown remote Secret/api'],
    [
      'a generator that cannot draw what it is asked',
      external('Password') + password('length: 64, digits: 16, symbols: 0, noUpper: false, allowRepeat: false'),
      'unknown remote Secret/api',
    ],
    [
      'a UUID has 122 bits',
      external('UUID').replace('.password', '.uuid') +
        '---\napiVersion: generators.external-secrets.io/v1alpha1\nkind: UUID\nmetadata: { name: g, namespace: shop }\nspec: {}\n',
      'fail weak-generator Secret/api',
    ],
  ])('%s', (_, objects, expected) => {
    expect(said(objects + (expected.startsWith('not-applicable none') ? pod('env: []') : ''))).toEqual([expected]);
  });

  const pod = (container: string, volumes = '[]') =>
    `---\napiVersion: v1\nkind: Pod\nmetadata: { name: web, namespace: shop }\nspec: { containers: [{ name: web, image: a, ${container} }], volumes: ${volumes} }\n`;

  it('the variable says what a key with a general name is for', () => {
    expect(
      said(secret('short1', 'a') + pod('env: [{ name: JWT_SECRET, valueFrom: { secretKeyRef: { name: api, key: a } } }]')),
    ).toEqual(['fail weak Secret/api']);
  });

  it('a variable that ends in _FILE leads to the mounted key', () => {
    const mount = 'env: [{ name: JWT_SECRET_FILE, value: /run/s/x }], volumeMounts: [{ name: v, mountPath: /run/s/ }]';
    expect(
      said(secret('short1', 'a') + pod(mount, '[{ name: v, secret: { secretName: api, items: [{ key: a, path: x }] } }]')),
    ).toEqual(['fail weak Secret/api']);
  });

  it('a Secret that is taken whole and shows no keys leaves the question open', () => {
    expect(said(pod('envFrom: [{ secretRef: { name: api } }]'))).toEqual(['unknown keys-unseen Source/production']);
  });

  it('literals in variables and ConfigMaps are measured too', () => {
    const objects = `${pod('env: [{ name: SESSION_SECRET, value: hunter22 }, { name: JWT_KEY, value: /run/key }]')}---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: c, namespace: shop }\ndata: { cookie_secret: banana }\n`;
    expect(said(objects)).toEqual(['fail weak ConfigMap/c', 'fail weak Pod/web/web']);
  });

  it('a value that was seen speaks before one that was not', () => {
    const remote =
      '---\napiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: { name: api, namespace: shop }\nspec: { secretStoreRef: { name: s }, data: [{ secretKey: JWT_SECRET, remoteRef: { key: k } }] }\n';
    expect(said(remote)).toEqual(['unknown remote Secret/api']);
    expect(said(remote + secret(hex), { live: true })).toEqual(['pass random Secret/api']);
    expect(said(remote + secret('CHANGE_ME'))).toEqual(['unknown remote Secret/api']);
  });

  it('a standard may ask for more', () => {
    expect(said(secret(hex), { parameters: { minBits: 512 } })).toEqual(['fail weak Secret/api']);
  });
});
