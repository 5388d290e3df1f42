import { EVENT_ID, type Event } from 'js-yaml';
export type ScalarEvent = Extract<Event, {
    type: typeof EVENT_ID.SCALAR;
}>;
export type AliasEvent = Extract<Event, {
    type: typeof EVENT_ID.ALIAS;
}>;
export type CollectionEvent = Extract<Event, {
    type: typeof EVENT_ID.MAPPING | typeof EVENT_ID.SEQUENCE;
}>;
/**
 * The parser's view of one piece of a stream: the flat list of events and the text their offsets point into. The text is that of
 * the piece, or has blanks for the space and comments inside brackets; offsets are the same.
 */
export interface EventList {
    readonly text: string;
    readonly events: readonly Event[];
}
/**
 * Parses one piece of a stream into events; throws `Refusal`. What only the flow rules of YAML 1.2 refuse (a tab, a line with too
 * little indentation inside brackets) is read again as kubectl reads it.
 */
export declare function readEvents(text: string): EventList;
/** The decoded text of a scalar; throws `Refusal` for escapes that kubectl refuses (`\/`, surrogates, beyond U+10FFFF). */
export declare function scalarText(text: string, event: ScalarEvent): string;
/** Offset of the first character of an event's node, its tag and anchor included; -1 for an empty node. */
export declare function nodeStart(event: ScalarEvent | AliasEvent | CollectionEvent): number;
