/** Where a value sits inside a document: mapping keys (as JSON keys) and sequence indexes from the root. */
export type Path = readonly (string | number)[];
/** A place in a text: 1-based line and column (UTF-16 code units), 0-based offset into the whole text. */
export interface Position {
    readonly line: number;
    readonly column: number;
    readonly offset: number;
}
/** Why a text, or a part of it, was not read or does not mean what it seems to mean. */
export type ProblemCode = 'yaml-syntax' | 'duplicate-key' | 'content-after-document-end' | 'ambiguous-word' | 'ambiguous-number' | 'template-syntax' | 'too-many-aliases' | 'too-deep' | 'too-large' | 'null-key' | 'complex-key' | 'not-json' | 'yaml-directive' | 'bad-separator' | 'invalid-utf8' | 'binary' | 'unreadable' | 'tab-indentation' | 'merge-order';
/**
 * One problem of a text. `error`: a document was not read or cannot be trusted; `warning`: it was read, and its meaning is
 * surprising. Messages hold key names and positions, never other text of the source.
 */
export interface SourceProblem {
    readonly code: ProblemCode;
    readonly severity: 'error' | 'warning';
    readonly message: string;
    readonly position: Position;
    readonly path?: Path;
    readonly hint?: string;
}
/** A value as the API server would get it. Objects inherit nothing, so that no key reaches `Object.prototype`. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | {
    readonly [key: string]: JsonValue;
};
/**
 * One document of a stream. `index` is its place among the documents that were read (empty and refused ones do not count),
 * `start` its first token, `end` the offset just after its last line.
 */
export interface SourceDocument {
    readonly index: number;
    readonly start: Position;
    readonly end: number;
    readonly value: JsonValue;
}
/** What a text holds: the documents that were read, in order, and everything that is wrong with the text. */
export interface ParsedText {
    readonly documents: readonly SourceDocument[];
    readonly problems: readonly SourceProblem[];
}
