import type { RawProblem } from './problem.ts';
/**
 * The first problem of a text's characters, or undefined. kubectl refuses control characters; it also breaks lines at U+0085,
 * U+2028 and U+2029, where YAML 1.2 readers and people see none (YAML 1.1, section 5.4), so a comment could hide a field.
 */
export declare function refuseCharacters(text: string): RawProblem | undefined;
