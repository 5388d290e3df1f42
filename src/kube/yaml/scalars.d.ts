import type { JsonValue, Path } from './document.ts';
import type { Reading } from './reading.ts';
import { type ScalarStyle } from './tree.ts';
export { commentRanges } from './comments.ts';
/**
 * A scalar of a document and its source token: `start`/`end` include quotes or the block header, `contentStart`/`contentEnd` do
 * not. A key has the path of its entry. An overridden duplicate has a leaf too; of equal paths the last one counts.
 */
export interface ScalarLeaf {
    readonly documentIndex: number;
    readonly path: Path;
    readonly value: JsonValue;
    readonly isKey: boolean;
    readonly start: number;
    readonly end: number;
    readonly contentStart: number;
    readonly contentEnd: number;
    readonly style: ScalarStyle;
}
/**
 * Every scalar, keys included, of every document that `parseText` reads, in the order of the text. The leaves under an alias or
 * merge point to the text of the anchor.
 */
export declare function scalarLeaves(text: string): readonly ScalarLeaf[];
/** Adds the leaves of one piece, if it is a document. */
export declare function addLeaves(leaves: ScalarLeaf[], text: string, { base, document }: Reading, documentIndex: number): void;
