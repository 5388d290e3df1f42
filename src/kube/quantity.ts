import type { JsonValue } from './json.ts';

/** Multipliers of apimachinery `resource.Quantity`: binary, and decimal above one. */
const multipliers: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['Ki', 2 ** 10],
  ['Mi', 2 ** 20],
  ['Gi', 2 ** 30],
  ['Ti', 2 ** 40],
  ['Pi', 2 ** 50],
  ['Ei', 2 ** 60],
  ['k', 1e3],
  ['M', 1e6],
  ['G', 1e9],
  ['T', 1e12],
  ['P', 1e15],
  ['E', 1e18],
]);
/** Divisors below one: dividing keeps `250m` exactly 0.25. */
const divisors: ReadonlyMap<string, number> = new Map([
  ['m', 1e3],
  ['u', 1e6],
  ['n', 1e9],
]);

const grammar = /^([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))([eE][+-]?[0-9]{1,3}|[KMGTPE]i|[numkMGTPE])?$/;
const longestQuantity = 64;

/**
 * A Kubernetes quantity in base units: cores for CPU (`250m` is 0.25), bytes for memory (`128Mi`), a plain number else.
 * Undefined when absent or malformed (`128MB`, `1 Gi`, `0.5Core`). `m` on memory is legal and means thousandths of a byte.
 */
export function parseQuantity(value: JsonValue | undefined): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string' || value.length > longestQuantity) return undefined;
  const match = grammar.exec(value);
  if (match === null) return undefined;
  const [, digits = '', suffix = ''] = match;
  const base = Number(digits);
  const divisor = divisors.get(suffix);
  const multiplier = multipliers.get(suffix);
  const result =
    divisor !== undefined ? base / divisor : multiplier !== undefined ? base * multiplier : Number(`${digits}${suffix}`);
  return Number.isFinite(result) ? result : undefined;
}
