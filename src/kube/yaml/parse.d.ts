import type { ParsedText } from './document.ts';
import { type Reading } from './reading.ts';
/**
 * Reads a YAML stream, a JSON value or a stream of JSON objects as kubectl reads it (sigs.k8s.io/yaml), and reports what is wrong
 * or surprising in it. Never throws. Each piece between `---` is read alone; empty and null documents are skipped.
 */
export declare function parseText(text: string): ParsedText;
/** As `parseText`; shows every piece to `see` as it is read, with the index of its document if it is one. */
export declare function readDocuments(text: string, see?: (reading: Reading, documentIndex: number) => void): ParsedText;
/** The pieces of a text; one without document if its characters are refused. */
export declare function readText(text: string): Iterable<Reading>;
