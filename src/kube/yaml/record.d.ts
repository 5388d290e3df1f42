import type { JsonValue } from './document.ts';
/** A JSON object under construction. */
export interface MutableRecord {
    [key: string]: JsonValue;
}
/** A new empty JSON object that inherits no key. */
export declare function newRecord(): MutableRecord;
/** Takes `Object.prototype` away from a parsed object, in place. */
export declare function disinherit(record: object): void;
/** Whether a JSON value is an object (not a list, not null). */
export declare function isRecord(value: JsonValue | undefined): value is {
    readonly [key: string]: JsonValue;
};
