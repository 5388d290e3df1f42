import type { ScalarLeaf } from '../../kube/yaml/scalars.ts';

/** Turns an offset in a value into the offset in the source text at which that character is written. */
export type SourceOffset = (valueOffset: number) => number;

/**
 * How the characters of a scalar map to its source: plainly, line by line for a literal block, escape by escape for a quoted scalar on
 * one line. Undefined where the source is folded: then only the whole scalar can be masked.
 */
export function sourceOffsets(text: string, leaf: ScalarLeaf, value: string): SourceOffset | undefined {
  const { contentStart, contentEnd, style } = leaf;
  const source = text.slice(contentStart, contentEnd);
  if (source === value) return (offset) => contentStart + offset;
  if (style === 'literal') return ofBlock(source, contentStart, value);
  if (source.includes('\n')) return undefined;
  if (style === 'single') return ofEscapes(source, contentStart, value, singleQuoted);
  return style === 'double' || style === 'json' ? ofEscapes(source, contentStart, value, doubleQuoted) : undefined;
}

function ofBlock(source: string, base: number, value: string): SourceOffset | undefined {
  const valueStarts: number[] = [];
  const sourceStarts: number[] = [];
  let at = 0;
  let from = 0;
  while (at < value.length) {
    const valueEnd = endOfLine(value, at);
    const sourceEnd = endOfLine(source, from);
    const line = value.slice(at, valueEnd);
    const row = source.slice(from, sourceEnd).replace(/\r$/, '');
    const indent = row.length - line.length;
    if (from >= source.length || !(line === '' ? row.trim() === '' : row.endsWith(line) && row.slice(0, indent).trim() === ''))
      return undefined;
    valueStarts.push(at);
    sourceStarts.push(from + Math.max(indent, 0));
    at = valueEnd + 1;
    from = sourceEnd + 1;
  }
  return (offset) => {
    let low = 0;
    let high = valueStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((valueStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return base + (sourceStarts[low] ?? 0) + offset - (valueStarts[low] ?? 0);
  };
}

function endOfLine(text: string, from: number): number {
  const at = text.indexOf('\n', from);
  return at === -1 ? text.length : at;
}

/** Length in the source of the character at an offset; 0 where it maps to no single character of the value. */
type EscapeLength = (source: string, at: number) => number;

const singleQuoted: EscapeLength = (source, at) => (source.startsWith("''", at) ? 2 : 1);

const doubleQuoted: EscapeLength = (source, at) => {
  if (source.charCodeAt(at) !== 92) return 1;
  const letter = source.charAt(at + 1);
  if (letter === 'u') return 6;
  if (letter === 'x') return 4;
  return 'nrtbf"\\/0ave _NLP'.includes(letter) && letter !== '' ? 2 : 0;
};

function ofEscapes(source: string, base: number, value: string, lengthOf: EscapeLength): SourceOffset | undefined {
  const offsets = new Uint32Array(value.length + 1);
  let at = 0;
  for (let index = 0; index <= value.length; index++) {
    offsets[index] = base + at;
    if (index === value.length) break;
    const length = lengthOf(source, at);
    if (length === 0 || at + length > source.length) return undefined;
    at += length;
  }
  return at === source.length ? (offset) => offsets[offset] ?? base + at : undefined;
}
