import { Ajv2020 } from 'ajv/dist/2020.js';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { ReviewResult } from '../model/result.ts';
import { json } from './json.ts';
import { resultJsonSchema, resultSchema } from './result-schema.ts';
import { emptyResult, hostileResult, hostileTexts, manyFindings, sampleResult } from './testing.ts';

type Deep<T> = T extends (...args: never) => unknown ? T : T extends object ? { readonly [K in keyof T]: Deep<T[K]> } : T;
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** Does not compile when the schema and the type differ in a key, a type or an optional mark. */
const tied: Equal<Deep<z.infer<typeof resultSchema>>, Deep<ReviewResult>> = true;

const ajv = new Ajv2020({ allErrors: true, strict: true });
const published = ajv.compile(resultJsonSchema());
/** The same schema, but a key that it does not know is an error. */
const closed = ajv.compile(z.toJSONSchema(resultSchema));
const parse = (result: ReviewResult): unknown =>
  JSON.parse([...json.render(result, { color: false, width: 80, unicode: true, details: 'all' })].join(''));

describe('the JSON report', () => {
  test.each(Object.entries({ sample: sampleResult(), empty: emptyResult(), hostile: hostileResult(), many: manyFindings(50) }))(
    'of the %s result fits the published schema and reads back as the result',
    (_, result) => {
      const value = parse(result);
      expect(published(value), JSON.stringify(published.errors)).toBe(true);
      expect(closed(value), JSON.stringify(closed.errors)).toBe(true);
      expect(value).toEqual(JSON.parse(JSON.stringify(result)));
      expect(tied).toBe(true);
    },
  );

  test('of random results fits the schema and reads back as the result', () => {
    fc.assert(
      fc.property(randomResult, (result) => {
        const value = parse(result);
        expect(closed(value), JSON.stringify(closed.errors)).toBe(true);
        expect(value).toEqual(JSON.parse(JSON.stringify(result)));
      }),
      { numRuns: 200 },
    );
  });

  test('does not depend on the order in which objects were built', () => {
    expect(parse(reversed(sampleResult()) as ReviewResult)).toEqual(parse(sampleResult()));
    const text = (result: ReviewResult) =>
      [...json.render(result, { color: false, width: 80, unicode: true, details: 'all' })].join('');
    expect(text(reversed(sampleResult()) as ReviewResult)).toBe(text(sampleResult()));
  });

  test('starts with the keys that say what it is', () => {
    expect(Object.keys(parse(sampleResult()) as object).slice(0, 8)).toEqual([
      'schemaVersion',
      'tool',
      'review',
      'standard',
      'asOf',
      'validUntil',
      'verdict',
      'basis',
    ]);
  });
});

describe('the schema', () => {
  test.each<[string, (result: Record<string, unknown>) => void]>([
    ['a verdict that does not exist', (result) => (result['verdict'] = 'maybe')],
    ['no moment', (result) => delete result['asOf']],
    ['another major version', (result) => (result['schemaVersion'] = '2.0')],
    ['gates that are no list', (result) => (result['gates'] = {})],
  ])('refuses %s', (_, spoil) => {
    const value = parse(sampleResult()) as Record<string, unknown>;
    spoil(value);
    expect(published(value)).toBe(false);
  });

  test('allows keys that a later minor version adds', () => {
    expect(published({ ...(parse(sampleResult()) as object), later: 1 })).toBe(true);
    expect(closed({ ...(parse(sampleResult()) as object), later: 1 })).toBe(false);
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reversed(inner)]),
  );
}

const text = fc.oneof(fc.constantFrom(...hostileTexts), fc.string({ unit: 'binary', maxLength: 20 }));

/** The sample with random texts, counts and optional keys. */
const randomResult: fc.Arbitrary<ReviewResult> = fc
  .record({
    words: fc.array(text, { minLength: 8, maxLength: 8 }),
    number: fc.nat(),
    keep: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
    views: fc.dictionary(fc.string(), fc.jsonValue()),
  })
  .map(({ words, number, keep, views }) => {
    const sample = sampleResult();
    const [a = '', b = '', c = '', d = '', e = '', f = '', g = '', h = ''] = words;
    const { title, phase, ...review } = sample.review;
    const { validUntil, ...rest } = sample;
    return {
      ...rest,
      ...(keep[0] && validUntil !== undefined ? { validUntil } : {}),
      review: {
        ...review,
        name: a,
        ...(keep[1] && title !== undefined ? { title: b } : {}),
        ...(keep[2] && phase !== undefined ? { phase: c } : {}),
      },
      views,
      notes: keep[3] ? [{ id: d, message: e, location: { file: f, path: g } }] : [],
      inventory: { objects: number, workloads: number, byKind: { [h]: number } },
    };
  });
