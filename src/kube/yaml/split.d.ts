/**
 * A piece of a stream that is parsed alone: `text.slice(start, end)`. `dropped` is the offset of content after `...`, which
 * kubectl never reads. `badSeparator` is the offset of a separator line that kubectl refuses; such a piece is not read.
 */
export interface Chunk {
    readonly start: number;
    readonly end: number;
    /** Where the piece ends in the stream: `end`, or further on if the document ends with `...`. */
    readonly limit: number;
    readonly dropped?: number;
    readonly badSeparator?: number;
}
/**
 * Splits a stream as kubectl's YAMLReader does (k8s.io/apimachinery/pkg/util/yaml): at every line that starts with `---`,
 * whatever it stands in; after it only blanks and a comment may follow. Within a piece, a line `...` ends the document
 * (the YAML library reads one document for each piece).
 */
export declare function splitStream(text: string): readonly Chunk[];
/** The comment of a separator line (`--- # c`), as offsets, for every separator of the stream. */
export declare function separatorComments(text: string): readonly {
    readonly start: number;
    readonly end: number;
}[];
