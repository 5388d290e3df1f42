import type { Path } from '../model/judgement.ts';
import type { JsonValue } from './yaml/document.ts';

export type { JsonValue } from './yaml/document.ts';
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

const nothing: JsonObject = Object.freeze(Object.create(null) as JsonObject);

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The object at a path, or an empty one: manifests are written by people, so every step may be missing or of another type. */
export function objectAt(value: JsonValue | undefined, ...path: Path): JsonObject {
  const found = valueAt(value, ...path);
  return isObject(found) ? found : nothing;
}

export function listAt(value: JsonValue | undefined, ...path: Path): readonly JsonValue[] {
  const found = valueAt(value, ...path);
  return Array.isArray(found) ? (found as readonly JsonValue[]) : [];
}

export function textAt(value: JsonValue | undefined, ...path: Path): string | undefined {
  const found = valueAt(value, ...path);
  return typeof found === 'string' ? found : undefined;
}

export function numberAt(value: JsonValue | undefined, ...path: Path): number | undefined {
  const found = valueAt(value, ...path);
  return typeof found === 'number' ? found : undefined;
}

export function booleanAt(value: JsonValue | undefined, ...path: Path): boolean | undefined {
  const found = valueAt(value, ...path);
  return typeof found === 'boolean' ? found : undefined;
}

/** Follows own properties only, so that `__proto__` or `constructor` in a manifest leads nowhere. */
export function valueAt(value: JsonValue | undefined, ...path: Path): JsonValue | undefined {
  let current: JsonValue | undefined = value;
  for (const step of path) {
    if (typeof step === 'number') current = Array.isArray(current) ? (current as readonly JsonValue[])[step] : undefined;
    else current = isObject(current) && Object.hasOwn(current, step) ? current[step] : undefined;
    if (current === undefined) return undefined;
  }
  return current;
}

/** Entries whose value is text: labels, annotations, matchLabels. Other values are dropped: the API server refuses them. */
export function textEntries(value: JsonValue | undefined): ReadonlyMap<string, string> {
  const entries = new Map<string, string>();
  if (isObject(value)) for (const [key, item] of Object.entries(value)) if (typeof item === 'string') entries.set(key, item);
  return entries;
}

/** List items that are text, in order. */
export function texts(value: JsonValue | undefined): readonly string[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]).filter((item): item is string => typeof item === 'string') : [];
}
