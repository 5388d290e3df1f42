import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLineSplitter } from './line-splitter.ts';

const split = (bytes: Uint8Array, chunk: number) => {
  const lines: string[] = [];
  const splitter = createLineSplitter(1000, (line) => lines.push(line));
  for (let from = 0; from < bytes.length; from += chunk) splitter.push(bytes.subarray(from, from + chunk));
  return { lines, tail: splitter.tail() };
};

describe('lines of bytes', () => {
  it('are the same however the bytes come, with characters and line breaks cut in two', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'ä', '🚢', '\n', '\r\n', '')), fc.integer({ min: 1, max: 9 }), (parts, chunk) => {
        const text = parts.join('');
        const expected = text.split(/\r?\n/);
        expect(split(new TextEncoder().encode(text), chunk)).toEqual({ lines: expected.slice(0, -1), tail: expected.at(-1) });
      }),
    );
  });

  it.each(['whole', 'in pieces'])('refuses a line that is too long, %s', (how) => {
    const splitter = createLineSplitter(10, () => {});
    const push = () => {
      for (const piece of how === 'whole' ? ['12345678901\n'] : ['123456', '78901\n'])
        splitter.push(new TextEncoder().encode(piece));
    };
    expect(push).toThrow(RangeError);
  });

  it('refuses a line without end before it is whole', () => {
    const splitter = createLineSplitter(10, () => {});
    expect(() => splitter.push(new TextEncoder().encode('12345678901'))).toThrow(RangeError);
  });
});
