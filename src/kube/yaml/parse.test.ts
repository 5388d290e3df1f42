import { describe, expect, test } from 'vitest';
import * as fc from 'fast-check';
import type { JsonValue } from './document.ts';
import { parseText } from './parse.ts';

const values = (text: string): readonly JsonValue[] => parseText(text).documents.map((document) => document.value);
const codes = (text: string): readonly string[] => parseText(text).problems.map((problem) => problem.code);

describe('scalars mean what they mean to kubectl', () => {
  test.each<[string, JsonValue]>([
    ...['y', 'Y', 'yes', 'Yes', 'YES', 'on', 'On', 'ON', 'true', 'True', 'TRUE'].map((word): [string, JsonValue] => [word, true]),
    ...['n', 'N', 'no', 'No', 'NO', 'off', 'Off', 'OFF', 'false', 'False', 'FALSE'].map((word): [string, JsonValue] => [
      word,
      false,
    ]),
    ...['tRuE', 'yEs', 'oN', 'nO', 'nUll'].map((word): [string, JsonValue] => [word, word]),
    ...['', '~', 'null', 'Null', 'NULL'].map((word): [string, JsonValue] => [word, null]),
    ['0644', 420],
    ['0o644', 420],
    ['0x1F', 31],
    ['0b101', 5],
    ['0B11', 3],
    ['1_000', 1000],
    ['08', 8],
    ['08_1', 81],
    ['+12', 12],
    ['-0x1F', -31],
    ['0b-1', -1],
    ['-0b+1', '-0b+1'],
    ['18446744073709551616', 2 ** 64],
    ['0xfffffffffffffffff', '0xfffffffffffffffff'],
    ['0777777777777777777777777', Number('777777777777777777777777')],
    ['1e3', 1000],
    ['.5', 0.5],
    ['5.', 5],
    ['12e03', 12000],
    ['1e400', '1e400'],
    ['.5_0', 0.5],
    ['._5', '._5'],
    ['-0.0', 0],
    ['1:30', '1:30'],
    ['190:20:30', '190:20:30'],
    ['2001-01-01', '2001-01-01'],
    ['2001-01-01T00:00:00Z', '2001-01-01T00:00:00Z'],
    ['"yes"', 'yes'],
    ["'0644'", '0644'],
    ['!!str 12', '12'],
    ["!!int '12'", 12],
    ['!!bool yes', true],
    ['!foo 12', '12'],
    ['! 12', '12'],
    ['!!binary aGVsbG8=', 'hello'],
    ['!!timestamp 2001-01-01', '2001-01-01'],
    ['!!float 1', 1],
    ['<<', '<<'],
  ])('%s', (source, value) => {
    expect(values(`k: ${source}\n`)).toEqual([{ k: value }]);
  });

  test.each(['.inf', '-.Inf', '+.INF', '.nan', '.NaN'])('%s is no JSON', (source) => {
    expect(codes(`k: ${source}\n`)).toEqual(['not-json']);
    expect(values(`k: ${source}\n`)).toEqual([]);
  });

  test.each(['!!int abc', '!!float 18446744073709551615', '!!binary ___', '!!bool 1', '"\\ud83d\\ude00"', '"\\/"'])(
    '%s is refused',
    (source) => {
      expect(codes(`k: ${source}\n`)).toEqual(['yaml-syntax']);
    },
  );
});

describe('keys become strings', () => {
  test.each([
    ['on: 1', 'true'],
    ['n: 1', 'false'],
    ['0x10: 1', '16'],
    ['01: 1', '1'],
    ['1.50: 1', '1.5'],
    ['1e3: 1', '1000'],
    ['1e6: 1', '1e+06'],
    ['.00001: 1', '1e-05'],
    ['0.1234567891: 1', '0.12345679'],
    ['18446744073709551616: 1', '1.8446744e+19'],
    ['.inf: 1', '.inf'],
    ['9007199254740993: 1', '9007199254740993'],
    ['2001-01-01: 1', '2001-01-01'],
    ['__proto__: 1', '__proto__'],
  ])('%s', (source, key) => {
    const [value] = values(source);
    expect(Object.keys(value ?? {})).toEqual([key]);
  });

  test.each([
    ['~: 1', 'null-key'],
    [': 1', 'null-key'],
    ['[a]: 1', 'complex-key'],
    ['? {a: b}\n: 1', 'complex-key'],
    ['18446744073709551615: 1', 'complex-key'],
  ])('%s is refused', (source, code) => {
    expect(codes(source)).toEqual([code]);
    expect(values(source)).toEqual([]);
  });

  test('no key reaches a prototype', () => {
    for (const text of ['__proto__: {polluted: 1}\nconstructor: 2\n', '{"__proto__": {"polluted": 1}, "constructor": 2}']) {
      const [value] = values(text) as readonly Record<string, unknown>[];
      expect(value?.['polluted']).toBeUndefined();
      expect(value?.['toString']).toBeUndefined();
      expect(Object.keys(value ?? {})).toEqual(['__proto__', 'constructor']);
    }
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('duplicate keys: the last wins and an error names both places', () => {
  test.each([['a: 1\nb: 2\na: 3\n'], ['{a: 1, b: 2,\na: 3}'], ['{"a": 1, "b": 2,\n"a": 3}'], ['---\n{"a": 1, "b": 2,\n"a": 3}']])(
    '%s',
    (text) => {
      const { documents, problems } = parseText(text);
      expect(documents[0]?.value).toEqual({ a: 3, b: 2 });
      expect(problems).toMatchObject([{ code: 'duplicate-key', severity: 'error', path: ['a'] }]);
      expect(problems[0]?.message).toMatch(/first at line \d, column \d/);
      expect(text.slice(problems[0]?.position.offset)).toMatch(/^"?a"?: 3/);
    },
  );
  test('keys that become equal are duplicates', () => expect(codes('1: a\n"1": b\n')).toEqual(['duplicate-key']));
  test('two merges are duplicates', () => expect(codes('<<: {a: 1}\n<<: {b: 2}\n')).toEqual(['duplicate-key']));
  test('a key beside an equal one at another level is none', () => expect(codes('a: {a: 1}\nb: {a: 1}\n')).toEqual([]));
});

describe('merges', () => {
  test.each<[string, JsonValue, readonly string[]]>([
    ['{<<: {p: 1}, p: 2}', { p: 2 }, []],
    ['{p: 2, <<: {p: 1}}', { p: 1 }, ['merge-order']],
    ['{p: 2, <<: {q: 1}}', { p: 2, q: 1 }, []],
    ['{<<: [{p: 1}, {p: 2, q: 3}]}', { p: 1, q: 3 }, []],
    ['{"<<": 1}', { '<<': 1 }, []],
  ])('%s', (text, value, problems) => {
    expect(values(`---\n${text}`)).toEqual([value]);
    expect(codes(`---\n${text}`)).toEqual(problems);
  });
  test.each(['<<: 1', '<<: [1]', 'a: &a [{x: 1}]\nb: {<<: *a}'])('%s is refused', (text) =>
    expect(codes(text)).toEqual(['yaml-syntax']),
  );
});

describe('the stream', () => {
  test.each<[string, string, readonly JsonValue[], readonly string[]]>([
    ['documents', 'a: 1\n---\nb: 2\n', [{ a: 1 }, { b: 2 }], []],
    ['a comment on the separator', '--- # c\na: 1\n---\t# d\nb: 2\n', [{ a: 1 }, { b: 2 }], []],
    ['comment-only and null documents', '# c\n---\n\n---\nnull\n---\na: 1\n', [{ a: 1 }], []],
    ['text on the separator', '---foo\na: 1\n---\nb: 2\n', [{ b: 2 }], ['bad-separator']],
    ['a value on the separator', '--- {a: 1}\n---\nb: 2\n', [{ b: 2 }], ['bad-separator']],
    ['content after ...', 'a: 1\n...\nb: 2\n---\nc: 3\n', [{ a: 1 }, { c: 3 }], ['content-after-document-end']],
    ['nothing after ...', 'a: 1\n...\n# c\n\n...\n---\nc: 3\n', [{ a: 1 }, { c: 3 }], []],
    ['garbage after ...', 'a: 1\n... [\n', [{ a: 1 }], ['content-after-document-end']],
    ['a directive', '%YAML 1.2\n---\na: 1\n', [{ a: 1 }], ['yaml-directive']],
    ['a failing document', 'a: [\n---\nb: 2\n', [{ b: 2 }], ['yaml-syntax']],
    ['a byte order mark', '\ufeff---\na: 1\n', [{ a: 1 }], []],
    ['CRLF', 'a: 1\r\nb: |\r\n  x\r\n---\r\nc: 2\r\n', [{ a: 1, b: 'x\n' }, { c: 2 }], []],
    ['a stream of JSON objects', '{"a": 1}{"b": 2}\n{"c": "}"}\n', [{ a: 1 }, { b: 2 }, { c: '}' }], []],
    ['JSON with a mark', '\ufeff{"a": "\\ud83d\\ude00"}', [{ a: '😀' }], []],
    ['anchors end with their document', 'a: &x 1\n---\nb: *x\n', [{ a: 1 }], ['yaml-syntax']],
    ['a tab inside brackets', 'a: [1,\t2]\nb: 3\n', [{ a: [1, 2], b: 3 }], []],
    ['lines inside brackets at any column', 'a: {x: [\n1,\nb c, # d ]\n"e"\n]}\n', [{ a: { x: [1, 'b c', 'e'] } }], []],
    ['a lone carriage return ends a line', 'a: 1\r---\rb: 2\r', [{ a: 1 }], ['content-after-document-end']],
  ])('%s', (_, text, documents, problems) => {
    expect(values(text)).toEqual(documents);
    expect(codes(text)).toEqual(problems);
  });

  test.each(['a:\n\tb: 1\n', 'a:\n-\tb\n', 'a: "1"\n\t\nb: 2\n', 'a: 1\n\t# c\nb: 2\n', 'a: b\n\tc\n'])(
    'a tab that kubectl refuses: %j',
    (text) => {
      expect(codes(text)).toEqual(['tab-indentation']);
    },
  );
  test.each(['a:\tb\n', 'a: x\n  \t\nb: 1\n', 'a: |\n  x\n  \ty\n', 'a: [\n\t"b"\n\t]\n'])(
    'a tab that kubectl accepts: %j',
    (text) => {
      expect(codes(text)).toEqual([]);
    },
  );

  test('a raw template is one error with a hint, whatever it breaks', () => {
    const text = 'a: {{ .Values.x }}\n---\n{{- if .y }}\nb: 1\n{{- end }}\n---\nc: 1\n';
    expect(parseText(text).problems).toMatchObject([
      { code: 'template-syntax', position: { line: 1, column: 4 }, hint: expect.stringContaining('helm template') },
    ]);
    expect(values(text)).toEqual([{ c: 1 }]);
    expect(codes('a: "{{ .Values.x }}"\n')).toEqual([]);
  });
});

describe('surprises are warnings with a path', () => {
  test.each<[string, string, readonly (string | number)[]]>([
    ['a:\n  - b: yes\n', 'ambiguous-word', ['a', 0, 'b']],
    ['on: {b: 1}\n', 'ambiguous-word', ['true']],
    ['a: [x, 0123]\n', 'ambiguous-number', ['a', 1]],
    ['a: 08\n', 'ambiguous-number', ['a']],
  ])('%s', (text, code, path) => expect(parseText(text).problems).toMatchObject([{ code, severity: 'warning', path }]));
  test.each(['mode: 0644\n', 'a: {defaultMode: 0400}\n', 'a: "yes"\n', 'a: true\n', 'a: 0\n', 'a: 0.5\n', 'a: !!bool yes\n'])(
    '%s is none',
    (text) => expect(codes(text)).toEqual([]),
  );
});

describe('hostile input', () => {
  const bomb = Array.from({ length: 30 }, (_, i) =>
    i === 0
      ? 'a0: &a0 [x,x,x]'
      : `a${i}: &a${i} [${Array<string>(9)
          .fill(`*a${i - 1}`)
          .join(',')}]`,
  ).join('\n');
  test.each([
    ['aliases that expand', bomb, 'too-many-aliases'],
    ['an anchor that contains itself', 'a: &x {b: *x}', 'yaml-syntax'],
    ['deep flow', '['.repeat(100_000), 'too-deep'],
    ['deep JSON', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'too-deep'],
    ['depth through aliases', `a: &a ${'['.repeat(60)}${']'.repeat(60)}\nb: ${'['.repeat(60)}*a${']'.repeat(60)}`, 'too-deep'],
    ['NUL', 'a: \0', 'binary'],
    ['many control characters', 'a: \x01\x02\x03\x04\x05\x06\x07\x08', 'binary'],
    ['a directive after comments with CRLF', `${'# c\r\n'.repeat(40)}\r\n%YAML 1.1\r\na: 1\r\n`, 'yaml-directive'],
    ['a line that only kubectl sees', '# c\u2028a: 1\n', 'yaml-syntax'],
    ['a JSON number beyond all numbers', '{"a": 1e400}', 'not-json'],
  ])('%s', (_, text, code) => {
    expect(codes(text)).toEqual([code]);
    expect(values(text)).toEqual([]);
  });
  test('as deep as allowed', () => expect(codes(`${'['.repeat(100)}1${']'.repeat(100)}\n---\na: 1`)).toEqual([]));
  test('problems are bounded', () => expect(parseText('a: 1\n'.repeat(5000)).problems.length).toBeLessThanOrEqual(201));
  test('messages quote no value', () => {
    for (const text of [
      'a: !hunter2!x s\n',
      'a: "hunter2\n',
      'k: hunter2: x\n',
      'a: *hunter2\n',
      'a: !<hunter2 ^> x\n',
      'a: !hunter2^x y',
    ]) {
      const { problems } = parseText(text);
      expect(problems.length).toBeGreaterThan(0);
      expect(JSON.stringify(problems)).not.toContain('hunter2');
    }
  });
  const soup = fc
    .array(
      fc.constantFrom(
        'a',
        'b: ',
        '- ',
        '\n',
        '  ',
        '\t',
        '[',
        ']',
        '{',
        '}',
        '"',
        "'",
        '|',
        '>',
        '#',
        '&x ',
        '*x',
        '!!str ',
        '---',
        '...',
        '<<: ',
        '? ',
        ': ',
        ',',
        '{{',
        '\r',
        '\\',
        '1',
      ),
    )
    .map((parts) => parts.join(''));
  test('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(soup, fc.string({ unit: 'binary' }), fc.json()), (text) => {
        const { documents, problems } = parseText(text);
        expect(documents.every(({ index }, at) => index === at)).toBe(true);
        expect(problems.every(({ position }) => position.offset <= text.length)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

test('every JSON value reads as itself, also as a YAML document', () => {
  const object = fc.dictionary(
    fc.string(),
    fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.parse(JSON.stringify(value)) as JsonValue),
  );
  fc.assert(
    fc.property(object, (value) => {
      const text = JSON.stringify(value);
      expect(values(text)).toEqual([value]);
      fc.pre(!/\\u|[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/.test(text));
      if (Object.keys(value).every((key) => key.length < 100)) expect(values(`---\n${text}\n`)).toEqual([value]);
    }),
  );
});
