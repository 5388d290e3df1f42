import type { JsonValue, Path } from './document.ts';
import { LIMITS } from './limits.ts';
import { type RawProblem, Refusal } from './problem.ts';
import { disinherit } from './record.ts';

/** One JSON value of a text that holds nothing else but JSON objects. */
export interface JsonPiece {
  readonly start: number;
  readonly end: number;
  readonly value: unknown;
}

/** A token of valid JSON text: a scalar or key with its offsets (quotes included), or the value it belongs to. */
export interface JsonScalar {
  readonly path: Path;
  readonly isKey: boolean;
  readonly start: number;
  readonly end: number;
}

/** The values of a JSON text or of a stream of JSON objects; undefined if the text is anything else. */
export function readJson(text: string): readonly JsonPiece[] | undefined {
  const start = skipSpace(text, text.charCodeAt(0) === 0xfeff ? 1 : 0);
  const first = text.charCodeAt(start);
  if (first !== 123 && first !== 91) return undefined;
  const whole = tryParse(start === 0 ? text : text.slice(start));
  if (whole !== undefined) return [{ start, end: text.length, value: whole }];
  return first === 123 ? readJsonStream(text, start) : undefined;
}

function readJsonStream(text: string, from: number): readonly JsonPiece[] | undefined {
  const pieces: JsonPiece[] = [];
  for (let start = from; start < text.length; ) {
    if (text.charCodeAt(start) !== 123) return undefined;
    const end = skipJson(text, start);
    const value = tryParse(text.slice(start, end));
    if (value === undefined) return undefined;
    pieces.push({ start, end, value });
    start = skipSpace(text, end);
  }
  return pieces;
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Makes a parsed JSON value safe, in place: no inherited keys, no infinities (1e400), bounded depth; throws `Refusal`.
 * Returns the value and the problem of each key that is written twice, of which JSON.parse keeps the last, like kubectl.
 */
export function checkJson(
  text: string,
  piece: JsonPiece,
): { readonly value: JsonValue; readonly problems: readonly RawProblem[] } {
  const keys = countKeys(piece.value, 1, piece.start);
  const problems = keys === countColons(text, piece.start, piece.end) ? [] : duplicateKeys(text, piece.start);
  return { value: piece.value as JsonValue, problems };
}

function countKeys(value: unknown, depth: number, start: number): number {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Refusal('not-json', 'a number is too large', start);
  if (typeof value !== 'object' || value === null) return 0;
  if (depth > LIMITS.depth) throw new Refusal('too-deep', `nested deeper than ${LIMITS.depth} levels`, start);
  let keys = 0;
  if (Array.isArray(value)) {
    for (const item of value) keys += countKeys(item, depth + 1, start);
    return keys;
  }
  const record = value as Record<string, unknown>;
  for (const key of Object.keys(record)) keys += 1 + countKeys(record[key], depth + 1, start);
  disinherit(record);
  return keys;
}

function countColons(text: string, start: number, end: number): number {
  let count = 0;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === 34) at = stringEnd(text, at) - 1;
    else if (code === 58) count++;
  }
  return count;
}

function duplicateKeys(text: string, start: number): readonly RawProblem[] {
  const problems: RawProblem[] = [];
  const seen: Map<string, number>[] = [];
  walkJson(
    text,
    start,
    (scalar) => {
      const depth = scalar.path.length - 1;
      if (!scalar.isKey || problems.length >= LIMITS.problems) return;
      const keys = (seen[depth] ??= new Map());
      const key = String(scalar.path[depth]);
      const first = keys.get(key);
      if (first === undefined) keys.set(key, scalar.start);
      else {
        const message = `key ${JSON.stringify(key.slice(0, 80))} is written twice in the same object`;
        problems.push({ code: 'duplicate-key', severity: 'error', message, offset: scalar.start, first, path: [...scalar.path] });
      }
    },
    (depth) => seen[depth]?.clear(),
  );
  return problems;
}

/**
 * Visits every key and scalar of valid JSON text in order. `path` is the same array each time: copy it to keep it.
 * `onOpen` is called with the path length at which the keys of an object that opens will be.
 */
export function walkJson(
  text: string,
  start: number,
  visit: (scalar: JsonScalar) => void,
  onOpen?: (depth: number) => void,
): void {
  const path: (string | number)[] = [];
  const walk = (from: number): number => {
    const code = text.charCodeAt(from);
    if (code !== 123 && code !== 91) {
      const end = skipJson(text, from);
      visit({ path, isKey: false, start: from, end });
      return end;
    }
    if (code === 123) onOpen?.(path.length);
    return eachChild(text, from, (key, at) => {
      path.push(typeof key === 'number' ? key : keyAt(text, key.start, key.end));
      if (typeof key !== 'number') visit({ path, isKey: true, ...key });
      const end = walk(at);
      path.pop();
      return end;
    });
  };
  walk(start);
}

/** Calls `child` with the key's range (or the index) and the start of each direct child; it returns the child's end. */
export function eachChild(
  text: string,
  open: number,
  child: (key: { readonly start: number; readonly end: number } | number, at: number) => number,
): number {
  const isObject = text.charCodeAt(open) === 123;
  let at = skipSpace(text, open + 1);
  for (let index = 0; text.charCodeAt(at) !== 125 && text.charCodeAt(at) !== 93 && at < text.length; index++) {
    if (isObject) {
      const key = { start: at, end: stringEnd(text, at) };
      at = child(key, skipSpace(text, skipSpace(text, key.end) + 1));
    } else at = child(index, at);
    at = skipSpace(text, at);
    if (text.charCodeAt(at) === 44) at = skipSpace(text, at + 1);
  }
  return at + 1;
}

/** The text of a JSON string token. */
export function keyAt(text: string, start: number, end: number): string {
  const raw = text.slice(start + 1, end - 1);
  return raw.includes('\\') ? String(JSON.parse(text.slice(start, end))) : raw;
}

/** The offset just after the JSON value that starts at `start`. */
export function skipJson(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 34) {
      at = stringEnd(text, at) - 1;
      if (depth === 0) return at + 1;
    } else if (code === 123 || code === 91) depth++;
    else if (code === 125 || code === 93) {
      if (depth <= 1) return depth === 1 ? at + 1 : at;
      depth--;
    } else if (depth === 0 && (code === 44 || code <= 32)) return at;
  }
  return text.length;
}

function stringEnd(text: string, open: number): number {
  for (let at = open + 1; ; at++) {
    at = text.indexOf('"', at);
    if (at === -1) return text.length;
    let slashes = 0;
    while (text.charCodeAt(at - 1 - slashes) === 92) slashes++;
    if (slashes % 2 === 0 || at - slashes <= open) return at + 1;
  }
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code !== 32 && code !== 10 && code !== 13 && code !== 9) break;
    at++;
  }
  return at;
}
