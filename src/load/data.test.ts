import { describe, expect, it } from 'vitest';
import { dataCaps, parseRows, requireColumns } from './data.ts';

const rows = (text: string, path = 'users.csv') => parseRows(new TextEncoder().encode(text), path);

describe('rows of a CSV file', () => {
  it.each([
    [
      'plain',
      'user,pin\nann,1\nbob,2\n',
      [
        { user: 'ann', pin: '1' },
        { user: 'bob', pin: '2' },
      ],
    ],
    ['CRLF and no end of line', 'user\r\nann\r\nbob', [{ user: 'ann' }, { user: 'bob' }]],
    ['quotes, commas and line breaks', 'a,b\n"x, ""y""","1\n2"\n', [{ a: 'x, "y"', b: '1\n2' }]],
    ['a byte order mark', '\ufeffa\n1\n', [{ a: '1' }]],
    ['empty lines', 'a\n\n1\n\n', [{ a: '1' }]],
    ['an empty cell', 'a,b\n1,\n', [{ a: '1', b: '' }]],
    ['blanks stay', 'a\n x \n', [{ a: ' x ' }]],
  ])('%s', (_, text, expected) => expect(rows(text)).toEqual(expected));

  it('a column named as a prototype is a column and nothing else', () => {
    const [row] = rows('__proto__,a\nx,1\n');
    expect(Object.entries(row ?? {})).toEqual([
      ['__proto__', 'x'],
      ['a', '1'],
    ]);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  const secret = 'hunter2Zebra';
  it.each([
    ['too few cells', `a,b\n${secret}\n`, /no CSV/, 'users.csv:2'],
    ['too many cells', `a\n1\n1,${secret}\n`, /no CSV/, 'users.csv:3'],
    ['an open quote', `a\n"${secret}\n`, /no CSV/, /^users\.csv:\d$/],
    ['a quote inside', `a\n${secret}"x\n`, /no CSV/, 'users.csv:2'],
    ['only names', 'a,b\n', /no row/, 'users.csv'],
    ['nothing', '', /no row/, 'users.csv'],
    ['a column without a name', `a,,${secret} x\n1,2,3\n`, /Column 2/, 'users.csv'],
    ['a name twice', 'a,a\n1,2\n', /Column 2/, 'users.csv'],
    ['a name that no template can hold', 'a b\n1\n', /Column 1/, 'users.csv'],
  ])('%s is refused, without a value', (_, text, message, where) => {
    try {
      rows(text);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({
        code: 'SW_LOAD_PLAN',
        message: expect.stringMatching(message),
        where: expect.stringMatching(where),
      });
      expect(JSON.stringify(error) + String(error)).not.toContain(secret);
    }
  });
});

describe('rows of a JSON file', () => {
  it('flat objects; numbers and booleans are their text, null is nothing', () =>
    expect(rows('[{"a":1,"b":true,"c":null,"d":"x"}]', 'u.JSON')).toEqual([{ a: '1', b: 'true', c: '', d: 'x' }]));
  it.each([
    ['no list', '{"a":1}', /no JSON list/],
    ['cut', '[{"a":1}', /no JSON list/],
    ['an item that is no object', '[{"a":1},2]', /Row 2/],
    ['a list in a row', '[{"a":[1]}]', /Row 1 .* "a"/],
    ['an empty list', '[]', /no row/],
  ])('%s is refused', (_, text, message) => expect(() => rows(text, 'u.json')).toThrow(message));
});

describe('caps', () => {
  it('64 MB', () => expect(() => parseRows(new Uint8Array(dataCaps.bytes + 1), 'a.csv')).toThrow(/64 MB/));
  it('a million rows', () => expect(() => rows(`a\n${'1\n'.repeat(dataCaps.rows + 1)}`)).toThrow(/1,000,000/));
  it('UTF-8', () => expect(() => parseRows(new Uint8Array([0xff, 0xfe, 0x41]), 'a.csv')).toThrow(/UTF-8/));
});

it('a column that the scenario uses is in every row', () => {
  expect(() => requireColumns([{ a: '1' }, { b: '2' }], ['a'], 'u.json')).toThrow(/no "a" in row 2/);
  expect(() => requireColumns([{ a: '1' }], ['toString'], 'u.json')).toThrow(/toString/);
  expect(() => requireColumns([{ a: '1' }], ['a'], 'u.json')).not.toThrow();
});
