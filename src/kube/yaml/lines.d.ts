import type { Position } from './document.ts';
/** Turns offsets into lines and columns; finds the line starts once, at the first question. */
export type LineTable = (offset: number) => Position;
/**
 * A lazily built line table of `text`. Lines end with LF, CRLF or a lone CR, as in YAML.
 * Offsets beyond the text give the position after its last character.
 */
export declare function lineTable(text: string): LineTable;
