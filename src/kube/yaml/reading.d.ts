import type { JsonValue } from './document.ts';
import { type EventList } from './events.ts';
import { type RawProblem } from './problem.ts';
/** What became of one piece of a text. Offsets of `problems` and `events` count from `base`; `start` and `end` from the text. */
export interface Reading {
    readonly base: number;
    readonly end: number;
    /** Where the piece ends: `end`, or further on if content after the end of the document was dropped. */
    readonly limit: number;
    readonly isJson?: true;
    /** Present if the piece is valid YAML, even if it is empty. */
    readonly events?: EventList;
    readonly problems: readonly RawProblem[];
    /** Present if the piece is a document: read, and not null. */
    readonly document?: {
        readonly start: number;
        readonly value: JsonValue;
        readonly events?: EventList;
        /** The decoded text of each scalar event, in order, as far as the document reaches. */
        readonly texts?: readonly string[];
    };
}
/**
 * Reads a text piece by piece: JSON as JSON, everything else as a YAML stream. The text must have passed `refuseCharacters`.
 * A piece that cannot be read has an error and no document; the others are not affected.
 */
export declare function readPieces(text: string): Generator<Reading>;
