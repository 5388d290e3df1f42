import { expect, it } from 'vitest';
import { grouped, milliseconds, percent, perSecond, span } from './words.ts';

it.each([
  [0, '0 ms'],
  [0.004, '0 ms'],
  [0.42, '0.42 ms'],
  [9.994, '9.99 ms'],
  [9.996, '10 ms'],
  [12.34, '12.3 ms'],
  [99.96, '100 ms'],
  [142.3, '142 ms'],
  [200, '200 ms'],
  [999.4, '999 ms'],
  [999.6, '1 s'],
  [1210, '1.21 s'],
  [9999, '10 s'],
  [120_000, '120.0 s'],
])('%f ms is %s', (value, text) => expect(milliseconds(value)).toBe(text));

it.each([
  [0, '0 %'],
  [0.001, '0.1 %'],
  [0.00083, '0.083 %'],
  [0.0000001, '<0.0001 %'],
  [0.05, '5 %'],
  [0.12345, '12.3 %'],
  [1, '100 %'],
])('%f is %s', (value, text) => expect(percent(value)).toBe(text));

it.each([
  [0, '0:00'],
  [65.9, '1:05'],
  [3725, '1:02:05'],
])('%f s is %s', (value, text) => expect(span(value)).toBe(text));

it('counts and rates', () => {
  expect(grouped(1_234_567)).toBe('1,234,567');
  expect(grouped(999)).toBe('999');
  expect(perSecond(119.987)).toBe('120/s');
});
