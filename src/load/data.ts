import { CsvError, parse } from 'csv-parse/sync';
import { SeaworthyError } from '../model/errors.ts';

export type Rows = readonly Readonly<Record<string, string>>[];

export const dataCaps = { bytes: 64 << 20, rows: 1_000_000, columns: 1000 } as const;

const columnName = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/**
 * Rows of a CSV file (RFC 4180, its first line names the columns) or of a JSON array of flat objects. Throws SW_LOAD_PLAN with the
 * line or the row; rows may hold passwords, so no message quotes a value.
 */
export function parseRows(bytes: Uint8Array, path: string): Rows {
  const fail = (message: string, hint: string, where = path) => new SeaworthyError('SW_LOAD_PLAN', message, { where, hint });
  if (bytes.length > dataCaps.bytes) throw fail('The data file is larger than 64 MB.', 'Take a part of it.');
  const text = decode(bytes);
  if (text === undefined) throw fail('The data file is not UTF-8.', 'Save it as UTF-8.');
  const rows = path.toLowerCase().endsWith('.json') ? jsonRows(text, fail) : csvRows(text, path, fail);
  if (rows.length === 0)
    throw fail('The data file holds no row.', 'A CSV file names its columns in the first line; rows follow.');
  if (rows.length > dataCaps.rows) throw fail('The data file holds more than 1,000,000 rows.', 'Take a part of it.');
  return rows;
}

/** Throws SW_LOAD_PLAN for the first row that lacks a column which templates name. */
export function requireColumns(rows: Rows, columns: readonly string[], path: string): void {
  for (const [index, row] of rows.entries()) {
    const missing = columns.find((column) => !Object.hasOwn(row, column));
    if (missing !== undefined)
      throw new SeaworthyError('SW_LOAD_PLAN', `The data file has no "${missing}" in row ${index + 1}.`, {
        where: path,
        hint: `Its columns: ${Object.keys(row).slice(0, 20).join(', ')}. The scenario uses \${data.${missing}}.`,
      });
  }
}

type Fail = (message: string, hint: string, where?: string) => SeaworthyError;

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function csvRows(text: string, path: string, fail: Fail): Rows {
  const [header = [], ...records] = readCsv(text, path, fail);
  requireNames(header, fail);
  return records.map((cells) => Object.fromEntries(header.map((name, index) => [name, cells[index] ?? ''])));
}

function readCsv(text: string, path: string, fail: Fail): readonly (readonly string[])[] {
  try {
    return parse(text, { bom: true, skip_empty_lines: true, to: dataCaps.rows + 2, max_record_size: 1 << 20 });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = error['lines'];
    throw fail('The data file is no CSV.', csvHint(error.code), typeof line === 'number' ? `${path}:${line}` : path);
  }
}

const csvHint = (code: string): string =>
  code.includes('RECORD_INCONSISTENT')
    ? 'This line has another number of cells than the first one.'
    : code.includes('QUOTE')
      ? 'A quote is not closed, or stands inside a cell: write it twice and quote the whole cell.'
      : 'Cells are separated by commas; a cell with a comma or a line break stands in double quotes.';

function requireNames(names: readonly string[], fail: Fail): void {
  if (names.length > dataCaps.columns)
    throw fail('The data file has more than 1,000 columns.', 'Keep those that the scenario uses.');
  const bad = names.findIndex((name, index) => !columnName.test(name) || names.indexOf(name) !== index);
  if (bad >= 0)
    throw fail(
      `Column ${bad + 1} of the data file has no name that templates can use, or one that another column has.`,
      'The first line names the columns with letters, digits, "_" and "-".',
    );
}

function jsonRows(text: string, fail: Fail): Rows {
  const hint = 'Write a list of flat objects: [{ "user": "ann" }, { "user": "bob" }]';
  const value = parseJson(text);
  if (!Array.isArray(value)) throw fail('The data file is no JSON list.', hint);
  return value.slice(0, dataCaps.rows + 1).map((item: unknown, index) => {
    if (typeof item !== 'object' || item === null || Array.isArray(item))
      throw fail(`Row ${index + 1} of the data file is no object.`, hint);
    const entries = Object.entries(item);
    requireNames(
      entries.map(([name]) => name),
      fail,
    );
    return Object.fromEntries(
      entries.map(([name, cell]) => [
        name,
        cellOf(cell, () => fail(`Row ${index + 1} of the data file holds more than a value in "${name}".`, hint)),
      ]),
    );
  });
}

function cellOf(cell: unknown, problem: () => SeaworthyError): string {
  if (cell === null) return '';
  if (typeof cell === 'string' || typeof cell === 'number' || typeof cell === 'boolean') return String(cell);
  throw problem();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
