import type { Position } from './document.ts';

/** Turns offsets into lines and columns; finds the line starts once, at the first question. */
export type LineTable = (offset: number) => Position;

/**
 * A lazily built line table of `text`. Lines end with LF, CRLF or a lone CR, as in YAML.
 * Offsets beyond the text give the position after its last character.
 */
export function lineTable(text: string): LineTable {
  let starts: number[] | undefined;
  return (offset) => {
    starts ??= lineStarts(text);
    const place = Math.min(Math.max(offset, 0), text.length);
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= place) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: place - (starts[low] ?? 0) + 1, offset: place };
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  const hasCarriageReturn = text.includes('\r');
  if (!hasCarriageReturn) {
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    return starts;
  }
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 10 || (code === 13 && text.charCodeAt(at + 1) !== 10)) starts.push(at + 1);
  }
  return starts;
}
