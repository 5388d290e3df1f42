import { expect, it } from 'vitest';
import { parseDuration } from './duration.ts';

it.each<[string | number | undefined, number | undefined]>([
  ['2160h', 2160 * 3_600_000],
  ['1h30m', 5_400_000],
  ['1.5h', 5_400_000],
  ['500ms', 500],
  ['0', 0],
  [0, 0],
  ['0s', 0],
  ['-1h', -3_600_000],
  ['90d', undefined],
  ['1', undefined],
  [60, undefined],
  ['', undefined],
  [undefined, undefined],
])('%s is %s ms', (written, expected) => {
  expect(parseDuration(written)).toBe(expected);
});
