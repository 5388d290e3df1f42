import { describe, expect, test } from 'vitest';
import type { JsonValue } from './json.ts';
import { formatSelector, readSelector, selectorFromLabels, selectorProblems, selects } from './selector.ts';

const labels = (entries: Record<string, string>) => new Map(Object.entries(entries));
const matches = (selector: JsonValue, entries: Record<string, string>) => {
  const read = readSelector(selector);
  return read === undefined ? undefined : selects(read, labels(entries));
};
const expression = (key: string, operator: string, values?: readonly string[]): JsonValue => ({
  matchExpressions: [{ key, operator, ...(values ? { values } : {}) }],
});

describe('label selectors', () => {
  test.each<[string, JsonValue, Record<string, string>, boolean]>([
    ['an empty selector matches everything', {}, {}, true],
    ['null matchLabels are as none', { matchLabels: null }, { app: 'x' }, true],
    ['matchLabels: all must be equal', { matchLabels: { app: 'web', tier: 'a' } }, { app: 'web' }, false],
    ['matchLabels: other labels do not matter', { matchLabels: { app: 'web' } }, { app: 'web', extra: '1' }, true],
    [
      'matchLabels and matchExpressions are ANDed',
      { matchLabels: { app: 'web' }, ...(expression('tier', 'Exists') as object) },
      { app: 'web' },
      false,
    ],
    ['In needs the key', expression('tier', 'In', ['a']), {}, false],
    ['In accepts any listed value', expression('tier', 'In', ['a', 'b']), { tier: 'b' }, true],
    ['NotIn holds when the key is absent', expression('tier', 'NotIn', ['a']), {}, true],
    ['NotIn refuses a listed value', expression('tier', 'NotIn', ['a']), { tier: 'a' }, false],
    ['Exists accepts an empty value', expression('tier', 'Exists'), { tier: '' }, true],
    ['Exists needs the key', expression('tier', 'Exists'), {}, false],
    ['DoesNotExist holds when the key is absent', expression('tier', 'DoesNotExist'), {}, true],
    ['DoesNotExist refuses an empty value', expression('tier', 'DoesNotExist'), { tier: '' }, false],
    ['an unknown operator matches nothing, not everything', expression('tier', 'Equals', ['a']), { tier: 'a' }, false],
    ['NotIn without values is invalid and matches nothing', expression('tier', 'NotIn', []), {}, false],
    ['a label value that is no text matches nothing', { matchLabels: { version: 1 } }, { version: '1' }, false],
    ['a selector that is no object matches nothing', 'app=web', { app: 'web' }, false],
    ['matchLabels that are a list match nothing', { matchLabels: ['app'] }, {}, false],
  ])('%s', (_, selector, entries, expected) => {
    expect(matches(selector, entries)).toBe(expected);
  });

  test.each<[string, JsonValue | undefined]>([
    ['absent', undefined],
    ['null', null],
  ])('an %s selector is undefined: its meaning depends on the field', (_, value) => {
    expect(readSelector(value)).toBeUndefined();
  });

  test.each<[string, JsonValue, string]>([
    ['an unknown field', { matchLabel: { a: 'b' } }, 'unknown field matchLabel in a label selector'],
    ['a bad operator', expression('a', 'in', ['b']), 'operator must be In, NotIn, Exists or DoesNotExist, not in'],
    ['Exists with values', expression('a', 'Exists', ['b']), 'Exists takes no values'],
    ['a number as label value', { matchLabels: { a: 1 } }, 'a label value must be text'],
  ])('names %s', (_, selector, problem) => {
    expect(selectorProblems(selector, ['spec']).map((found) => found.problem)).toEqual([problem]);
  });
});

describe('selectors of Services', () => {
  test.each<[string, JsonValue | undefined]>([
    ['absent', undefined],
    ['empty', {}],
  ])('an %s map selects nothing', (_, value) => {
    expect(selectorFromLabels(value)).toBeUndefined();
  });
  test('__proto__ is a key like any other', () => {
    const hostile = JSON.parse('{"__proto__": "x"}') as JsonValue;
    const selector = selectorFromLabels(hostile);
    expect(selector && selects(selector, new Map())).toBe(false);
  });
});

test('a selector is written as kubectl writes it', () => {
  const selector = readSelector({
    matchLabels: { app: 'web' },
    matchExpressions: [
      { key: 'tier', operator: 'In', values: ['a', 'b'] },
      { key: 'zone', operator: 'NotIn', values: ['x'] },
      { key: 'old', operator: 'DoesNotExist' },
      { key: 'team', operator: 'Exists' },
    ],
  });
  expect(selector && formatSelector(selector)).toBe('app=web,tier in (a,b),zone!=x,!old,team');
});
