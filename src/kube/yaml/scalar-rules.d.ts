/** What a scalar means to kubectl: a JSON value, a number that is no JSON, or text that its tag refuses. */
export type Resolved = null | boolean | number | string;
/** An unquoted word that is a boolean to kubectl and text to kustomize. */
export declare function isAmbiguousWord(plain: string): boolean;
/** An unquoted integer with a leading zero: octal (0644 = 420) or, with an 8 or 9 in it, decimal (08 = 8). */
export declare function isLeadingZeroNumber(plain: string): boolean;
/** Reads an unquoted scalar without tag. Infinities and NaN are returned as such: the caller refuses them (no JSON). */
export declare function resolvePlain(plain: string): Resolved;
/** The tag of a node in its long form; `!` alone and local tags stay as they are. */
export declare function longTag(source: string): string;
/** Reads a scalar that has a tag; undefined if kubectl refuses the value ("cannot decode ... as a ..."). */
export declare function resolveTagged(tag: string, text: string): Resolved | undefined;
/**
 * The JSON key of a mapping key; undefined if kubectl refuses it (null, or a whole number above int64).
 * A key not written as an integer is printed with 32-bit precision in Go's 'g' format
 * (sigs.k8s.io/yaml convertToJSONableObject).
 */
export declare function keyText(key: Resolved, source: string): string | undefined;
