import { describe, expect, it } from 'vitest';
import { examine, verdicts } from '../testing.ts';
import { databasePasswordStrength } from './database-password-strength.ts';

const strong = 't7Kq2ZxP9mVb4Wc7NpDtQ8Lr3Ys6Gh1JfEu5XoAi';
const secret = (key: string, value: string, name = 's') =>
  `---\napiVersion: v1\nkind: Secret\nmetadata: { name: ${name}, namespace: shop }\nstringData: { ${key}: "${value}" }\n`;
const said = (objects: string, parts: Partial<Parameters<typeof examine>[1]> = {}) =>
  verdicts(examine(databasePasswordStrength, { objects, complete: ['*'], ...parts }));

describe('database-password-strength', () => {
  it.each<[string, string, string]>([
    ['31 characters are too few', secret('DB_PASS', strong.slice(0, 31)), 'fail short Secret/s'],
    ['32 hex digits are enough', secret('MYSQL_ROOT_PASSWORD', '9f86d081884c7d659a2feaa0c55ad015'), 'pass random Secret/s'],
    ['32 times the same is not', secret('PGPASSWORD', 'a'.repeat(32)), 'fail weak Secret/s'],
    ['the default of an image', secret('POSTGRES_PASSWORD', 'postgres'), 'fail known Secret/s'],
    [
      'a key named password in the Secret of a database',
      secret('password', 'hunter22x', 'orders-postgres'),
      'fail short Secret/orders-postgres',
    ],
    [
      'a key named password elsewhere is no database’s',
      secret('password', 'hunter22x', 'grafana'),
      'not-applicable none Source/production',
    ],
    ['a URL of a database under any key', secret('PRIMARY', 'postgres://a:hunter22x@db/x'), 'fail short Secret/s'],
    ['a strong password in a URL', secret('DATABASE_URL', `postgres://a:${strong}@db/x`), 'pass random Secret/s'],
    [
      'an encoded password counts decoded',
      secret('DATABASE_URL', `postgres://a:${'%41'.repeat(20)}@db/x`),
      'fail short Secret/s',
    ],
    ['a URL without a password', secret('DATABASE_URL', 'postgres://db/x'), 'not-applicable no-password Secret/s'],
    [
      'a URL that cannot be read apart is not measured as a password',
      secret('DATABASE_URL', `host=db user=a password=hunter22x dbname=${strong}`),
      'unknown undecided Secret/s',
    ],
    ['a placeholder', secret('DB_PASSWORD', '<DB_PASSWORD>'), 'unknown placeholder Secret/s'],
  ])('%s', (_, objects, expected) => {
    expect(said(objects)).toEqual([expected]);
  });

  it('a template puts a generated password into a URL', () => {
    const objects = (length: number) => `
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: e, namespace: shop }
spec: { target: { template: { data: { DATABASE_URL: "postgres://app:{{ .password }}@db/app" } } }, dataFrom: [{ sourceRef: { generatorRef: { kind: Password, name: g } } }] }
---
apiVersion: generators.external-secrets.io/v1alpha1
kind: Password
metadata: { name: g, namespace: shop }
spec: { length: ${length}, digits: 5, symbols: 0, noUpper: false, allowRepeat: true }
`;
    expect(said(objects(40))).toEqual(['pass generated Secret/e']);
    expect(said(objects(20))).toEqual(['fail weak-generator Secret/e']);
  });

  it('a URL with its password in a variable', () => {
    const objects =
      '---\napiVersion: v1\nkind: Pod\nmetadata: { name: w, namespace: shop }\nspec: { containers: [{ name: w, image: a, env: [{ name: MAIN, value: "mysql://a:hunter22x@db/x" }, { name: DATABASE_URL, value: "postgres://db/x" }] }] }\n';
    expect(said(objects)).toEqual(['fail short Pod/w/w']);
  });

  it('SOPS shows a length and nothing else', () => {
    const sops = (length: number) =>
      `${secret('DB_PASSWORD', `ENC[AES256_GCM,data:${Buffer.alloc(length).toString('base64')},iv:a,tag:b,type:str]`)}sops: { mac: "ENC[AES256_GCM,data:abcd,iv:a,tag:b,type:str]" }\n`;
    expect(said(sops(31))).toEqual(['fail short-ciphertext Secret/s']);
    expect(said(sops(32))).toEqual(['unknown sealed Secret/s']);
  });

  it('messages and locations do not hold the password', () => {
    expect(JSON.stringify(examine(databasePasswordStrength, { objects: secret('DB_PASSWORD', 'hunter22x') }))).not.toContain(
      'hunter22x',
    );
  });
});
