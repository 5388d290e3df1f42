import { expect, test } from 'vitest';
import { parseText } from './parse.ts';
import { commentRanges, scalarLeaves } from './scalars.ts';
import { readSource } from './source.ts';

test.each([
  ['several documents', '# a\nx: &v {p: 1} # b\ny: *v\n--- # c\nz: "# no" # d\n'],
  ['one that cannot be read', 'a: 1 # a\n---\nb: [ # b\n---\nc: 2 # c\n'],
  ['content after the end', 'a: 1\n...\nb: 2 # b\n'],
  ['a second document within a piece', 'a: 1\n...\n# c\n...\n'],
  ['a merge and a duplicate', 'a: &x {p: 1}\nb: {<<: *x, q: 2, q: 3}\n'],
  ['JSON', '{"a": "# no", "b": [1]}'],
  ['a stream of JSON objects', '{"a": 1}\n{"b": "# no"}\n'],
  ['a separator that is refused', 'a: 1\n--- b # c\n'],
  ['control characters', 'a: \u0001 # c\n'],
  ['nothing', ''],
])('one reading says what three say: %s', (_, text) => {
  const { documents, problems, leaves, comments } = readSource(text);
  expect({ documents, problems }).toEqual(parseText(text));
  expect(leaves).toEqual(scalarLeaves(text));
  expect(comments).toEqual(commentRanges(text));
});

test('comments are told from scalars that hold # and stand between them', () => {
  const text = 'a: "#1" # one\nb: [x#2, \'#3\', # two\n  y] # three\nc: |\n  #4\n# four\nd: #five\n  z\n';
  expect(readSource(text).comments.map(({ start, end }) => text.slice(start, end))).toEqual([
    '# one',
    '# two',
    '# three',
    '# four',
    '#five',
  ]);
});

const keys = (count: number): string => Array.from({ length: count }, (_, index) => `k${index}: v\n`).join('');

test.each([
  ['one comment after many keys', () => `${keys(150_000)}# c\n`],
  ['one tab after many keys', () => `${keys(60_000)}# c\tc\n`],
  ['many tabs on one line of brackets', () => `a: [${'b,\t'.repeat(60_000)}c]\n`],
  ['many comments with CRLF before the first key', () => `${'# c\r\n'.repeat(26)}a: 1\r\n`],
  ['very many comments with CRLF', () => `${'# c\r\n'.repeat(100_000)}a: 1\r\n`],
  ['many blank lines with CRLF and blanks', () => ' \t\r\n'.repeat(50_000)],
])('the work grows in proportion to the text: %s', (_, text) => {
  const source = text();
  const began = performance.now();
  readSource(source);
  expect(performance.now() - began).toBeLessThan(2500);
});
