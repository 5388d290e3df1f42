import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonValue, Path } from './document.ts';
import { createLocator, locate } from './locate.ts';
import { parseText } from './parse.ts';
import { commentRanges, scalarLeaves } from './scalars.ts';

const TEXT = `# head
a: &x
  b: 1 # one
  'c': [p, {q: "r"}]
d:
  - *x
  - e: |- # lit
      t#xt
    f:
---
{"g": {"h": [1, 2]}}
`;

describe('locate', () => {
  const slice = (document: number, path: Path): string => {
    const { line, column, offset, endLine, endColumn, exact } = locate(TEXT, document, path);
    const lines = TEXT.split('\n');
    const end = lines.slice(0, endLine - 1).reduce((sum, each) => sum + each.length + 1, 0) + endColumn - 1;
    expect(lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0) + column - 1).toBe(offset);
    return `${exact ? '' : '~'}${TEXT.slice(offset, end)}`;
  };
  test.each<[number, Path, string]>([
    [0, [], 'a'],
    [0, ['a'], 'a'],
    [0, ['a', 'b'], 'b: 1'],
    [0, ['a', 'c'], "'c'"],
    [0, ['a', 'c', 0], 'p'],
    [0, ['a', 'c', 1, 'q'], 'q: "r"'],
    [0, ['d', 0, 'b'], 'b: 1'],
    [0, ['d', 1], 'e'],
    [0, ['d', 1, 'e'], 'e: |- # lit\n      t#xt\n'],
    [0, ['d', 1, 'f'], 'f'],
    [0, ['a', 'zz', 'y'], '~a'],
    [0, ['d', 9], '~d'],
    [1, ['g', 'h', 1], '2'],
    [1, ['g', 'h'], '"h"'],
    [7, ['a'], '~'],
  ])('document %i %j', (document, path, text) => expect(slice(document, path)).toBe(text));

  test('a merge is located where it takes its value', () => {
    const text = 'a: &x {p: 1, q: 2}\nb: {p: 3, <<: *x, q: 4}\n';
    const locator = createLocator(text);
    expect(locator(0, ['b', 'p']).offset).toBe(text.indexOf('p: 1'));
    expect(locator(0, ['b', 'q']).offset).toBe(text.indexOf('q: 4'));
  });

  test.each([2, undefined])('every path of a random object is exact (indent %s)', (indent) => {
    const key = fc.string({ minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.dictionary(key, fc.jsonValue({ maxDepth: 3 })), (value) => {
        const text = JSON.stringify(value, null, indent);
        fc.pre(!/\\u|[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/.test(text));
        for (const source of [text, `---\n${text}\n`]) {
          const parsed = parseText(source).documents[0]?.value as JsonValue;
          const locator = createLocator(source);
          for (const path of pathsOf(parsed)) expect(locator(0, path)).toMatchObject({ exact: true });
          for (const { path, isKey, start, end, value: leaf } of scalarLeaves(source)) {
            expect(JSON.parse(source.slice(start, end))).toEqual(leaf === 0 ? expect.closeTo(0) : leaf);
            if (!isKey) expect(locator(0, path).offset).toBeLessThanOrEqual(start);
          }
        }
      }),
    );
  });
});

function pathsOf(value: JsonValue, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const children: [string | number, JsonValue][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [path, ...children.flatMap(([key, child]) => pathsOf(child, [...path, key]))];
}

describe('scalar leaves', () => {
  test('keys and values with their tokens, an alias under its own path', () => {
    const leaves = scalarLeaves(TEXT).map((leaf) => [
      leaf.documentIndex,
      leaf.path.join('.'),
      leaf.isKey,
      leaf.style,
      TEXT.slice(leaf.start, leaf.end),
      TEXT.slice(leaf.contentStart, leaf.contentEnd),
    ]);
    expect(leaves).toContainEqual([0, 'a.b', true, 'plain', 'b', 'b']);
    expect(leaves).toContainEqual([0, 'a.c', true, 'single', "'c'", 'c']);
    expect(leaves).toContainEqual([0, 'd.0.c.1.q', false, 'double', '"r"', 'r']);
    expect(leaves).toContainEqual([0, 'd.1.e', false, 'literal', '|- # lit\n      t#xt\n', '      t#xt\n']);
    expect(leaves).toContainEqual([1, 'g.h.0', false, 'json', '1', '1'].with(3, 'plain'));
  });
  test('an overridden duplicate has a leaf too', () => {
    expect(
      scalarLeaves('a: one\na: two\n')
        .filter(({ isKey }) => !isKey)
        .map(({ value }) => value),
    ).toEqual(['one', 'two']);
    expect(
      scalarLeaves('{"a": 1, "a": 2}')
        .filter(({ isKey }) => !isKey)
        .map(({ value, style }) => [value, style]),
    ).toEqual([
      [1, 'json'],
      [2, 'json'],
    ]);
  });
});

test('comments are found, and # inside scalars is none', () => {
  const text = `# a\n--- # b\nx: "# no" # c\ny: a#b\nz: | # d\n  # no\nw: [ # e\n1,\t2]\n...\nx: '# no' # f\n---\nbad: [ # g\n`;
  expect(commentRanges(text).map(({ start, end }) => text.slice(start, end))).toEqual([
    '# a',
    '# b',
    '# c',
    '# d',
    '# e',
    '# f',
    '# g',
  ]);
  expect(commentRanges('{"a": "# no"}')).toEqual([]);
});
