import type { JsonValue } from './document.ts';

/** A JSON object under construction. */
export interface MutableRecord {
  [key: string]: JsonValue;
}

/**
 * Objects of this class inherit nothing but an empty object: `__proto__`, `constructor` and `toString` are ordinary keys, and V8
 * keeps the objects in its fast layout, which it does not for `Object.create(null)`.
 */
const EmptyRecord = function EmptyRecord() {} as unknown as { new (): MutableRecord; prototype: object };
EmptyRecord.prototype = Object.freeze(Object.create(null) as object);

/** A new empty JSON object that inherits no key. */
export function newRecord(): MutableRecord {
  return new EmptyRecord();
}

/** Takes `Object.prototype` away from a parsed object, in place. */
export function disinherit(record: object): void {
  Object.setPrototypeOf(record, EmptyRecord.prototype);
}

/** Whether a JSON value is an object (not a list, not null). */
export function isRecord(value: JsonValue | undefined): value is { readonly [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
