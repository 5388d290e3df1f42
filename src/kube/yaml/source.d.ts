import { type TextRange } from './comments.ts';
import type { ParsedText } from './document.ts';
import { type ScalarLeaf } from './scalars.ts';
/** What a text holds, with the source token of every scalar and the range of every comment. */
export interface SourceReading extends ParsedText {
    readonly leaves: readonly ScalarLeaf[];
    readonly comments: readonly TextRange[];
}
/** `parseText`, `scalarLeaves` and `commentRanges` of a text in one reading. Never throws. */
export declare function readSource(text: string): SourceReading;
