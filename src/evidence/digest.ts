import { createHash } from 'node:crypto';

/** `sha256:` and 64 hex digits over the canonical JSON of a value. Equal values have equal digests, whatever the order of their keys. */
export function digestOf(value: unknown): string {
  return digestOfBytes(canonicalJson(value));
}

/** The same over bytes as they are, or over a text in UTF-8. */
export function digestOfBytes(bytes: Uint8Array | string): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** 16 hex digits that identify a list of texts. Each part is quoted, so that `['a', 'b']` and `['ab']` differ. */
export function fingerprintOf(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}

/**
 * JSON with keys sorted by code unit and no blanks (RFC 8785). As in JSON.stringify, undefined members are left out, undefined items are
 * null, and what has a `toJSON` is written as that says. Throws for what JSON cannot hold: NaN, infinities, bigint, functions.
 */
export function canonicalJson(value: unknown): string {
  return write(value) ?? 'null';
}

function write(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new TypeError('a number that is not finite has no canonical JSON');
  if (typeof value === 'bigint' || typeof value === 'function' || typeof value === 'symbol')
    throw new TypeError(`a ${typeof value} has no canonical JSON`);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => write(item) ?? 'null').join(',')}]`;
  if ('toJSON' in value && typeof value.toJSON === 'function') return write((value.toJSON as () => unknown)());
  const members: string[] = [];
  for (const key of Object.keys(value).sort()) {
    const text = write((value as Record<string, unknown>)[key]);
    if (text !== undefined) members.push(`${JSON.stringify(key)}:${text}`);
  }
  return `{${members.join(',')}}`;
}
