import type { JsonValue, Path } from './document.ts';
import { type RawProblem } from './problem.ts';
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
export declare function readJson(text: string): readonly JsonPiece[] | undefined;
/**
 * Makes a parsed JSON value safe, in place: no inherited keys, no infinities (1e400), bounded depth; throws `Refusal`.
 * Returns the value and the problem of each key that is written twice, of which JSON.parse keeps the last, like kubectl.
 */
export declare function checkJson(text: string, piece: JsonPiece): {
    readonly value: JsonValue;
    readonly problems: readonly RawProblem[];
};
/**
 * Visits every key and scalar of valid JSON text in order. `path` is the same array each time: copy it to keep it.
 * `onOpen` is called with the path length at which the keys of an object that opens will be.
 */
export declare function walkJson(text: string, start: number, visit: (scalar: JsonScalar) => void, onOpen?: (depth: number) => void): void;
/** Calls `child` with the key's range (or the index) and the start of each direct child; it returns the child's end. */
export declare function eachChild(text: string, open: number, child: (key: {
    readonly start: number;
    readonly end: number;
} | number, at: number) => number): number;
/** The text of a JSON string token. */
export declare function keyAt(text: string, start: number, end: number): string;
/** The offset just after the JSON value that starts at `start`. */
export declare function skipJson(text: string, start: number): number;
