import { describe, expect, test } from 'vitest';
import { ascii, clean, clipText, columns, wrapText } from './clean-text.ts';
import { code, escapeMarkdown } from './markdown-text.ts';
import { numberRanges, range } from './wording.ts';

describe('clean', () => {
  test.each([
    ['a\u001b[31mb', 'a\\x1b[31mb'],
    ['a\r\n\tb  c', 'a b c'],
    ['c1 \u009b31m', 'c1 \\x9b31m'],
    ['\u202egnp.exe', '\\u202egnp.exe'],
    ['\ud800x', '\ufffdx'],
    ['x ::error::y', 'x : :error::y'],
    ['a##[group]b', 'a# #[group]b'],
    // What only looks like an order stays: an IPv6 network, a C++ name, a heading.
    ['::/0 std::string ## x', '::/0 std::string ## x'],
  ])('%j becomes %j', (text, expected) => expect(clean(text)).toBe(expected));

  test('clips what is too long for a report', () => expect(clean('a'.repeat(5_000))).toHaveLength(2_003));
});

describe('layout', () => {
  test.each([
    ['abc', 3],
    ['\u7ba1\u7406', 4],
    ['e\u0301', 1],
    ['\u{1f680}', 2],
  ])('%j takes %i columns', (text, expected) => expect(columns(text)).toBe(expected));

  test('wraps at spaces, by columns, and keeps a long word whole', () => {
    expect(wrapText('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrapText('\u7ba1\u7406 \u7ba1\u7406', 7)).toEqual(['\u7ba1\u7406', '\u7ba1\u7406']);
    expect(wrapText('a k8s/production/backend.yaml b', 10)).toEqual(['a', 'k8s/production/backend.yaml', 'b']);
    expect(wrapText('', 10)).toEqual(['']);
  });

  test('clips to the width', () => {
    expect(clipText('one two three', 10)).toBe('one two...');
    expect(clipText('one', 10)).toBe('one');
  });

  test('ascii replaces a character outside the plane by one mark', () =>
    expect(ascii('gr\u00fc\u00df \u{1f680}')).toBe('gr?? ?'));
});

describe('markdown escapes', () => {
  test.each([
    ['a|b', 'a&#124;b'],
    ['`x` **y** [l](http://e) <b> &lt;', '\\`x\\` \\*\\*y\\*\\* \\[l\\](http&#58;//e) &lt;b&gt; &amp;lt;'],
    ['${A} www.e.org @me', '\\$\\{A\\} www&#46;e.org \\@me'],
  ])('%j becomes %j', (text, expected) => expect(escapeMarkdown(text)).toBe(expected));

  test.each([
    ['a', '`a`'],
    ['a`b', '``a`b``'],
    ['`a', '`` `a ``'],
    ['a|b', 'a&#124;b'],
    ['', ''],
  ])('code of %j is %j', (text, expected) => expect(code(text)).toBe(expected));
});

test('numbers are joined to ranges, hours lose their noise', () => {
  expect(numberRanges([1, 2, 3, 5, 7, 8])).toBe('1-3, 5, 7-8');
  expect(range({ min: 0.1 + 0.2, likely: 1, max: 2 })).toBe('0.3-2 h');
  expect(range({ min: 1, likely: 1, max: 1 })).toBe('1 h');
});
