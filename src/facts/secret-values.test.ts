import { describe, expect, it } from 'vitest';
import { aBundle, type BundleParts } from '../evidence/testing.ts';
import { createFacts } from './fact.ts';
import { maskedValues } from './masked-values.ts';
import { inventory } from './inventory.ts';
import { secretValues } from './secret-values.ts';

const read = (objects: string, parts: Partial<BundleParts> = {}) => createFacts(aBundle({ objects, ...parts }))(secretValues);
const lines = (objects: string, parts: Partial<BundleParts> = {}) =>
  read(objects, parts).credentials.map(({ ref, key, role, values, names }) =>
    `${ref.kind}/${ref.name} ${key} ${role} ${values.map(({ kind }) => kind).join('+')} ${names.slice(1).join(',')}`.trim(),
  );
const secret = (data: string, name = 's') =>
  `---\napiVersion: v1\nkind: Secret\nmetadata: { name: ${name}, namespace: shop }\nstringData: { ${data} }\n`;
const pod = (container: string, volumes = '[]') =>
  `---\napiVersion: v1\nkind: Pod\nmetadata: { name: w, namespace: shop }\nspec: { containers: [{ name: w, image: a, ${container} }], volumes: ${volumes} }\n`;

describe('credentials and what is known of them', () => {
  it.each<[string, string, readonly string[]]>([
    ['a key of a Secret', secret('JWT_SECRET: abcabc1'), ['Secret/s JWT_SECRET signing-key value']],
    ['keys without a role are left out', secret('username: a, note: b'), []],
    [
      'a variable gives the role',
      secret('a: abcabc1') + pod('env: [{ name: DB_PASSWORD, valueFrom: { secretKeyRef: { name: s, key: a } } }]'),
      ['Secret/s a database-password value DB_PASSWORD'],
    ],
    [
      'a Secret that nobody shows',
      pod('env: [{ name: DB_PASSWORD, valueFrom: { secretKeyRef: { name: s, key: a } } }]'),
      ['Secret/s a database-password unseen DB_PASSWORD'],
    ],
    [
      'a file with subPath',
      secret('a: abcabc1') +
        pod(
          'env: [{ name: JWT_SECRET_FILE, value: /run/jwt }], volumeMounts: [{ name: v, mountPath: /run/jwt, subPath: a }]',
          '[{ name: v, secret: { secretName: s } }]',
        ),
      ['Secret/s a signing-key value JWT_SECRET'],
    ],
    [
      'a file of a projected volume',
      secret('a: abcabc1') +
        pod(
          'env: [{ name: JWT_SECRET_FILE, value: /run/a }], volumeMounts: [{ name: v, mountPath: /run }]',
          '[{ name: v, projected: { sources: [{ secret: { name: s } }] } }]',
        ),
      ['Secret/s a signing-key value JWT_SECRET'],
    ],
    [
      'a file elsewhere',
      secret('a: abcabc1') +
        pod(
          'env: [{ name: JWT_SECRET_FILE, value: /running/a }], volumeMounts: [{ name: v, mountPath: /run }]',
          '[{ name: v, secret: { secretName: s } }]',
        ),
      [],
    ],
    [
      '__proto__ is a key like others',
      secret('__proto__: abcabc1, JWT_SECRET: abcabc1'),
      ['Secret/s JWT_SECRET signing-key value'],
    ],
  ])('%s', (_, objects, expected) => {
    expect(lines(objects)).toEqual(expected);
  });

  it('the masked value is never in the fact', () => {
    expect(JSON.stringify(read(secret('JWT_SECRET: correct-horse-battery')))).not.toContain('horse');
  });
});

describe('masked values by object', () => {
  it('of a List belong to their own item, in time that grows with the list', () => {
    const items = Array.from({ length: 3000 }, (_, index) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `c${index}` },
      data: { password: `hunter${index}` },
    }));
    const facts = createFacts(aBundle({ objects: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }) }));
    const { objects } = facts(inventory);
    const start = performance.now();
    const values = facts(maskedValues);
    expect(objects.map((object) => values.of(object).map(({ path }) => path.join('.')))).toEqual(
      objects.map(() => ['data.password']),
    );
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
