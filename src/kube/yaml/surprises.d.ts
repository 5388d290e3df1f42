import type { Path } from './document.ts';
import { type EventList, type ScalarEvent } from './events.ts';
import type { RawProblem } from './problem.ts';
/** A plain `<<` key; quoted or tagged otherwise it is an ordinary key. */
export declare function isMerge({ text: source }: EventList, event: ScalarEvent, text: string): boolean;
/** The problem of a key that is written again at `offset` in the mapping that event `mapping` opened. */
export declare function duplicateKey(source: EventList, mapping: number, key: string, offset: number, parent: Path): RawProblem;
/** The problem of a merge at `offset` that overrides a key written before it. */
export declare function overridingMerge(key: string, offset: number, parent: Path): RawProblem;
/** A key as it may stand in a message. */
export declare function quoteKey(key: string): string;
/** The surprise of an unquoted key without tag, if it is one; `parent` is the path of its mapping. */
export declare function surprisingKey(text: string, offset: number, parent: Path): RawProblem | undefined;
/** The surprise of an unquoted value without tag, if it is one. */
export declare function surprisingValue(text: string, offset: number, path: Path): RawProblem | undefined;
