import { type EventList } from './events.ts';
import { type Resolved } from './scalar-rules.ts';
export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded' | 'json';
/** A scalar and its source token: `start`/`end` with quotes or block header, `contentStart`/`contentEnd` without. */
export interface ScalarNode {
    readonly kind: 'scalar';
    readonly start: number;
    readonly end: number;
    readonly contentStart: number;
    readonly contentEnd: number;
    readonly style: ScalarStyle;
    readonly value: Resolved;
    readonly source: string;
}
/** An entry of a mapping; `isMerge` for `<<`, whose value is the mapping (or list of mappings) to merge. */
export interface TreeEntry {
    readonly key: string;
    readonly isMerge: boolean;
    readonly keyNode: ScalarNode;
    readonly value: TreeNode;
}
/** A list or mapping; `start` is its first token (a block mapping's first key), tag and anchor left out. */
export interface ListNode {
    readonly kind: 'list';
    readonly start: number;
    readonly items: TreeNode[];
}
export interface MappingNode {
    readonly kind: 'mapping';
    readonly start: number;
    readonly entries: TreeEntry[];
}
/** A node of a document with its place in the piece. An alias is the anchored node itself. */
export type TreeNode = ScalarNode | ListNode | MappingNode;
/** Builds the places of a document that `compose` accepted: anchors are known and hold no cycle. `texts` are those it decoded. */
export declare function buildTree(source: EventList, texts?: readonly string[]): TreeNode | undefined;
/** The entry that gives a key its value: the last assignment, a merge being one for each of its keys. */
export declare function findEntry(mapping: MappingNode, key: string): TreeEntry | undefined;
