/** JSON in pieces, indented by two. Iterables that are no arrays are written as arrays, one element at a time. */

type Order = (key: string, other: string) => number;

/** Pieces of the JSON text of a value. Without `order`, keys keep the order of their insertion. Values that JSON does not know are left out, or `null` in arrays. */
export function* jsonPieces(value: unknown, order?: Order, indent = ''): Generator<string> {
  if (typeof value !== 'object' || value === null) yield scalar(value);
  else if (Symbol.iterator in value) yield* arrayPieces(value as Iterable<unknown>, order, indent);
  else yield* objectPieces(value as Readonly<Record<string, unknown>>, order, indent);
}

function* arrayPieces(values: Iterable<unknown>, order: Order | undefined, indent: string): Generator<string> {
  const inner = `${indent}  `;
  let empty = true;
  for (const value of values) {
    yield `${empty ? '[' : ','}\n${inner}`;
    empty = false;
    yield* jsonPieces(value, order, inner);
  }
  yield empty ? '[]' : `\n${indent}]`;
}

function* objectPieces(object: Readonly<Record<string, unknown>>, order: Order | undefined, indent: string): Generator<string> {
  const inner = `${indent}  `;
  const keys = Object.keys(object).filter((key) => object[key] !== undefined && typeof object[key] !== 'function');
  if (order) keys.sort(order);
  let text = '{';
  for (const [index, key] of keys.entries()) {
    const value = object[key];
    text += `${index === 0 ? '' : ','}\n${inner}${jsonString(key)}: `;
    if (typeof value !== 'object' || value === null) {
      text += scalar(value);
      continue;
    }
    yield text;
    text = '';
    yield* jsonPieces(value, order, inner);
  }
  yield `${text}${keys.length === 0 ? '}' : `\n${indent}}`}`;
}

function scalar(value: unknown): string {
  if (typeof value === 'string') return jsonString(value);
  if (typeof value === 'number') return Number.isFinite(value) ? String(Object.is(value, -0) ? 0 : value) : 'null';
  return typeof value === 'boolean' ? String(value) : 'null';
}

/** JSON.stringify leaves DEL, C1 controls and reordering marks raw; `##[` would be an order to a GitHub runner. Escaped, they read back the same. */
const raw = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|#(?=#\[)/g;

export const jsonString = (text: string): string =>
  JSON.stringify(text).replace(raw, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
