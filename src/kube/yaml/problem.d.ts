import type { Path, ProblemCode, SourceProblem } from './document.ts';
import type { LineTable } from './lines.ts';
/** A problem before its offset is turned into a position. `first` is the offset of the other place the message speaks of. */
export interface RawProblem {
    readonly code: ProblemCode;
    readonly severity: 'error' | 'warning';
    readonly message: string;
    readonly offset: number;
    readonly first?: number;
    readonly path?: Path;
    readonly hint?: string;
}
/** Thrown within this folder when a document cannot be read; never leaves it. */
export declare class Refusal extends Error {
    readonly code: ProblemCode;
    readonly offset: number;
    readonly path: Path | undefined;
    constructor(code: ProblemCode, message: string, offset: number, path?: Path);
}
/** The problem that a refusal stands for. */
export declare function refusalProblem(refusal: Refusal): RawProblem;
/** Moves a problem of a piece to its place in the text and says the line and column. */
export declare function locateProblem(problem: RawProblem, base: number, lines: LineTable): SourceProblem;
