import type { Host } from './host.ts';
import { printable } from './render-error.ts';

/** Formats of commands that print tables and graphs. */
export const tableFormats = ['table', 'json', 'csv', 'dot', 'mermaid'] as const;
export type TableFormat = (typeof tableFormats)[number];

type Cell = string | number | boolean | undefined | readonly string[];

/** RFC 4180 with line feeds: quoted where a comma, quote, line break or outer space asks for it; lists are joined by `;`. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(',')}\n`;
}

function csvCell(cell: Cell): string {
  const text = printable(Array.isArray(cell) ? cell.join(';') : String(cell ?? ''));
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Rows as CSV: a header, then a line each. */
export function* csv<T>(columns: readonly (keyof T & string)[], rows: Iterable<T>): Generator<string> {
  yield csvLine(columns);
  for (const row of rows) yield csvLine(columns.map((column) => row[column] as Cell));
}

/** Rows as a JSON array of objects with these keys, one row a line. */
export function* json<T>(columns: readonly (keyof T & string)[], rows: Iterable<T>): Generator<string> {
  let first = true;
  for (const row of rows) {
    const entry = Object.fromEntries(columns.map((column) => [column, row[column] ?? null]));
    yield `${first ? '[\n' : ',\n'}  ${JSON.stringify(entry)}`;
    first = false;
  }
  yield first ? '[]\n' : '\n]\n';
}

const chunkSize = 1 << 16;

/** Writes many small texts in few large ones, waiting for the reader: a large table is never one text. */
export async function writeAll(host: Host, texts: Iterable<string>): Promise<void> {
  let chunk = '';
  for (const text of texts) {
    chunk += text;
    if (chunk.length < chunkSize) continue;
    await host.write('stdout', chunk);
    chunk = '';
  }
  if (chunk !== '') await host.write('stdout', chunk);
}
