import type { MaskClass } from '../../model/mask.ts';
/** The shape of a token that a vendor defined. One of `hints`, which no common word holds, occurs in all that the expression matches. */
export interface TokenPattern {
    readonly id: string;
    readonly class: MaskClass;
    readonly hints: readonly string[];
    /** Global, without nested or adjacent unbounded repetition: linear. Group 1, if any, is the credential. */
    readonly pattern: RegExp;
}
/** Published token formats. Each begins with its own mark, so that a match is never a coincidence. */
export declare const tokenPatterns: readonly TokenPattern[];
