import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseText } from './parse.ts';

/** The oracle: what kubectl itself makes of a file, without a cluster. */
const HEAD = 'apiVersion: example.com/v1\nkind: Sample\nmetadata: {name: sample}\n';
const hasKubectl = spawnSync('kubectl', ['version', '--client']).status === 0;
const SKIP = hasKubectl ? '' : ' (skipped: kubectl is not on PATH)';

function kubectl(text: string): unknown {
  const folder = mkdtempSync(join(tmpdir(), 'yaml-'));
  try {
    writeFileSync(join(folder, 'in.yaml'), text);
    const { status, stdout } = spawnSync('kubectl', ['label', '--local', '-f', join(folder, 'in.yaml'), 'x=y', '-o', 'json'], {
      encoding: 'utf8',
    });
    return status === 0 ? (JSON.parse(stdout) as { spec?: unknown }).spec : 'refused';
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function ours(text: string): unknown {
  const { documents } = parseText(text);
  const document = documents[0]?.value as { spec?: unknown } | undefined;
  return document === undefined ? 'refused' : (JSON.parse(JSON.stringify(document.spec ?? null)) ?? undefined);
}

const LISTED = [
  'y',
  'Yes',
  'oN',
  'OFF',
  'n',
  '~',
  '0644',
  '0o17',
  '0O17',
  '0x1F',
  '0X_1',
  '0b11',
  '0b-1',
  '-0b+1',
  '1_000',
  '08',
  '-09',
  '+12',
  '.5',
  '5.',
  '.5_0',
  '._5',
  '1e3',
  '1e400',
  '-1e-400',
  '1:30',
  '2001-01-01',
  '0x',
  '0b',
  '+',
  '-.5',
  '1__0',
  '1_',
  '_1',
  '00',
  '-0',
  '-0.0',
  '9007199254740993',
  '18446744073709551615',
  '18446744073709551616',
  '-9223372036854775809',
  '+18446744073709551615',
  '0777777777777777777777777',
  '0xffffffffffffffffffff',
  '1.2.3',
  '1e',
  '1.e5',
  '!!str 1',
  '!!float 1',
  '! 1',
  '<<',
];
const random = fc
  .sample(fc.string({ unit: fc.constantFrom(...'0123456789+-._xobeE7a'.split('')), minLength: 1, maxLength: 7 }), {
    numRuns: 2500,
    seed: 7,
  })
  .filter((text) => !/^-+$/.test(text));

test.skipIf(!hasKubectl)(`scalars read as by kubectl${SKIP}`, () => {
  const text = `${HEAD}spec:\n${[...LISTED, ...random].map((scalar) => `  - ${scalar}\n`).join('')}`;
  expect(ours(text)).toEqual(kubectl(text));
});

test.skipIf(!hasKubectl)(`keys read as by kubectl${SKIP}`, () => {
  const scalars = [...new Set([...LISTED, ...random.slice(0, 600)])].filter(
    (scalar) => !/^(?:~|<<|\+?18446744073709551615)$/.test(scalar),
  );
  const text = `${HEAD}spec:\n${scalars.map((scalar) => `  - ${scalar} : 1\n`).join('')}`;
  expect(ours(text)).toEqual(kubectl(text));
});

test
  .skipIf(!hasKubectl)
  .each([
    'spec: {a: 1, a: 2}',
    'spec: {p: 2, <<: {p: 1}}',
    'spec: {<<: [{p: 1}, {p: 2, q: 3}], q: 4}',
    'spec: {~: 1}',
    'spec: {[a]: 1}',
    'spec: .inf',
    'spec: 1\n...\nspec: 2',
    'spec: [1,\t2]',
    'spec:\n-\ta',
    'spec: a\n\tb',
    'spec: "a"\n\t\nb: 1',
    'spec: [\n1,\nb c, # d ]\n"e"\n]',
    'spec: [a\nb]',
    'spec: &x {a: *x}',
    'spec: *x',
    'spec: &a.b 1',
    'spec: "\\ud83d\\ude00"',
    'spec: "\\/"',
    'spec: "\\x41\\e\\_\\N\\L\\P\\U0001F600"',
    'spec: >\n  x\n  y\n\n   z\n\n  w\n\n',
    'spec: |+\n  a\n\nb: 1',
    'spec: |2\n   x\n',
    'spec: !!int x',
  ])(`documents read as by kubectl: %j${SKIP}`, (body) => {
  expect(ours(`${HEAD}${body}\n`)).toEqual(kubectl(`${HEAD}${body}\n`));
});
