import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { tokenPatterns } from './patterns.ts';
import { scanShapes, scanText } from './text-scan.ts';

const hex = '0123456789abcdef'.repeat(4);

test.each([`dop_v1_${hex}`, `doo_v1_${hex}`, `dor_v1_${hex}`, `SK${hex.slice(0, 32)}`, `shpat_${hex.slice(0, 32)}`])(
  'the token %s is found by its shape, in prose too',
  (token) => {
    expect(scanShapes(`how to do it: ${token} is one`)).toMatchObject([{ start: 14, end: 14 + token.length }]);
  },
);

test('no hint of a pattern is part of a common word', () => {
  const prose = 'Do not document what the admin does: disk-size, key-value and AC power are described elsewhere.';
  const common = tokenPatterns.filter(({ hints }) => hints.some((hint) => hint.length < 3 && prose.toLowerCase().includes(hint)));
  expect(common.map(({ id }) => id)).toEqual([]);
});

const soup = fc
  .array(
    fc.constantFrom(
      'password=',
      'token: ',
      '"',
      'secret: |\n  ',
      'hunter2abc',
      ' ',
      '\n',
      `ghp_${hex.slice(0, 24)}`,
      'postgres://a:b1c2d3@h/x',
      'Bearer abcdefghijklmnopqrstuvwx',
      ',',
      '-',
      'x',
      'curl -u a:b ',
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

test('what has the shape of a credential is found in prose too, and everything found in prose is found in configuration', () => {
  fc.assert(
    fc.property(soup, (text) => {
      const shapes = scanShapes(text);
      const all = scanText(text);
      expect(shapes).toEqual(expect.arrayContaining(all.filter(({ detector }) => !detector.startsWith('key:'))));
      for (const { start, end } of shapes) expect(all.some((found) => found.start <= start && end <= found.end)).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

describe('tokens in prose', () => {
  it.each([
    'secret: foo-ghp_0123456789abcdefghijABCDEFGHIJ456789',
    'the password=ghp_0123456789abcdefghijABCDEFGHIJ456789 was used',
  ])('a key before a token hides it not: %s', (prose) => {
    expect(scanShapes(prose).map(({ detector }) => detector)).toEqual(['pattern:github-token']);
  });
});
