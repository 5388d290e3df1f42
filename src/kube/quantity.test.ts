import { expect, test } from 'vitest';
import type { JsonValue } from './json.ts';
import { parseQuantity } from './quantity.ts';

test.each<[JsonValue, number]>([
  ['250m', 0.25],
  ['1', 1],
  [2, 2],
  [0.5, 0.5],
  ['1.5', 1.5],
  ['.5', 0.5],
  ['1.', 1],
  ['+1', 1],
  ['100n', 1e-7],
  ['128Mi', 134_217_728],
  ['1Gi', 1_073_741_824],
  ['1.5Gi', 1_610_612_736],
  ['1k', 1000],
  ['1M', 1e6],
  ['1e3', 1000],
  ['1E3', 1000],
  ['1E', 1e18],
  ['1Ei', 2 ** 60],
  ['0', 0],
])('the quantity %j is %d', (written, amount) => {
  expect(parseQuantity(written)).toBe(amount);
});

test.each<[JsonValue | undefined]>([
  [undefined],
  [null],
  [''],
  ['128MB'],
  ['1 Gi'],
  ['1Kb'],
  ['0.5Core'],
  ['1K'],
  ['Mi'],
  ['1e'],
  ['1e9999'],
  ['--1'],
  ['0x10'],
  [true],
  [Number.NaN],
  ['9'.repeat(100)],
])('%j is no quantity', (written) => {
  expect(parseQuantity(written)).toBeUndefined();
});
