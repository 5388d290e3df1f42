import type { JsonValue } from './document.ts';
import { type EventList } from './events.ts';
import { type RawProblem } from './problem.ts';
/** The value of one document, where its first token stands, and what is surprising about it. */
export interface Composition {
    readonly value: JsonValue;
    readonly start: number;
    readonly problems: readonly RawProblem[];
    /** The decoded text of each scalar event of the document, in order. */
    readonly texts: readonly string[];
}
/**
 * Builds the value of the first document of a piece as kubectl's reader does: later duplicate keys win, a merge takes effect where
 * it stands, keys become strings. Throws `Refusal` where kubectl refuses the document.
 */
export declare function compose(source: EventList): Composition;
