import { describe, expect, it } from 'vitest';
import { nearest } from './suggest.ts';

describe('nearest', () => {
  it.each([
    ['a transposition is two edits', 'memroy-limits', ['memory-limits', 'memory-requests'], 'memory-limits'],
    ['the nearest wins over the first', 'pinned-imag', ['pinned-images', 'pinned-image'], 'pinned-image'],
    ['ties go to the first by code unit', 'cat', ['cut', 'bat', 'car'], 'bat'],
    ['a short word still allows one edit', 'a', ['b'], 'b'],
    ['nothing near', 'load-test', ['dns-egress'], undefined],
    ['an exact word is its own nearest', 'replicas', ['replica', 'replicas'], 'replicas'],
    ['no candidates', 'replicas', [], undefined],
    ['a word longer than any id', 'x'.repeat(65), ['x'.repeat(65)], undefined],
  ])('%s', (_, word, candidates, expected) => {
    expect(nearest(word, candidates)).toBe(expected);
    expect(nearest(word, [...candidates].reverse())).toBe(expected);
  });
});
