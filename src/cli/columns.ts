import { clean, columns, wrapText } from '../report/clean-text.ts';

/** A row of a table on the terminal: cells of given widths behind an indent, then a text that is wrapped under itself. */
export function row(
  indent: number,
  cells: readonly (readonly [text: string, width: number])[],
  text: string,
  width: number,
): readonly string[] {
  let lead = ' '.repeat(indent);
  let start = indent;
  for (const [cell, size] of cells) {
    const shown = clean(cell);
    lead += shown;
    start += size;
    // A cell that is too long pushes the rest of its line, and keeps one space to it.
    lead += ' '.repeat(Math.max(1, start - columns(lead)));
  }
  const lines = wrapText(clean(text), Math.max(20, width - start));
  const [first = '', ...rest] = lines;
  if (columns(lead) > start && columns(lead) + columns(first) > width && first !== '')
    return [lead.trimEnd(), ...[first, ...rest].map((line) => `${' '.repeat(start)}${line}`)];
  return [`${lead}${first}`.trimEnd(), ...rest.map((line) => `${' '.repeat(start)}${line}`)];
}

/** The width that shows all of most texts, within bounds; a few long names do not widen the column for everybody. */
export function fitting(texts: Iterable<string>, most: number): number {
  let width = 0;
  for (const text of texts) {
    const size = columns(clean(text)) + 2;
    if (size <= most && size > width) width = size;
  }
  return width === 0 ? most : width;
}

/** A heading and a text under it, wrapped. */
export const paragraph = (text: string, width: number, indent = ''): readonly string[] =>
  wrapText(clean(text), width - indent.length).map((line) => `${indent}${line}`.trimEnd());

/** `3 workloads`, `1 workload`, `2 NetworkPolicies`, `2 ways`. */
export const count = (number: number, noun: string): string =>
  `${number} ${number === 1 ? noun : /[^aeiou]y$/.test(noun) ? `${noun.slice(0, -1)}ies` : `${noun}s`}`;
