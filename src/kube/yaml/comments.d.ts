import type { Reading } from './reading.ts';
/** A range of a text, end exclusive. */
export interface TextRange {
    readonly start: number;
    readonly end: number;
}
/**
 * Every YAML comment, from its `#` to the end of its line, in the order of the text; also those of pieces that cannot be read and
 * of content after `...`, as far as such text can be told apart. JSON has none.
 */
export declare function commentRanges(text: string): readonly TextRange[];
/** Adds the comments of one piece; its separator's stand outside of it. */
export declare function addComments(ranges: TextRange[], text: string, { base, end, limit, events, isJson }: Reading): void;
/** The comments of all pieces and of the separators between them, in order. */
export declare function allComments(ofPieces: readonly TextRange[], text: string): readonly TextRange[];
