import { EVENT_ID, SCALAR_STYLE } from 'js-yaml';
import { type AliasEvent, type CollectionEvent, type EventList, type ScalarEvent, scalarText } from './events.ts';
import { keyText, longTag, type Resolved, resolvePlain, resolveTagged } from './scalar-rules.ts';
import { isMerge } from './surprises.ts';

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
export function buildTree(source: EventList, texts: readonly string[] = []): TreeNode | undefined {
  const anchors = new Map<string, TreeNode>();
  const stack: { readonly node: ListNode | MappingNode; key: ScalarNode | undefined; isMerge: boolean }[] = [];
  let root: TreeNode | undefined;
  let last = 0;
  let scalars = 0;
  for (const event of source.events) {
    if (event.type === EVENT_ID.DOCUMENT) {
      if (root !== undefined) break;
      continue;
    }
    if (event.type === EVENT_ID.POP) {
      stack.pop();
      continue;
    }
    const decoded = event.type === EVENT_ID.SCALAR ? texts[scalars++] : undefined;
    const node = event.type === EVENT_ID.ALIAS ? anchors.get(anchorName(source, event)) : newNode(source, event, last, decoded);
    if (node === undefined) return root;
    last = event.type === EVENT_ID.ALIAS ? event.anchorEnd : node.kind === 'scalar' ? Math.max(node.end, last) : node.start;
    if (event.type !== EVENT_ID.ALIAS && event.anchorStart >= 0) anchors.set(anchorName(source, event), node);
    const parent = stack.at(-1);
    if (parent === undefined) root ??= node;
    else if (parent.node.kind === 'list') parent.node.items.push(node);
    else if (parent.key === undefined) {
      if (node.kind !== 'scalar') return root;
      parent.key = node;
      parent.isMerge = event.type === EVENT_ID.SCALAR && isMerge(source, event, node.source);
    } else {
      const { key, isMerge: merges } = parent;
      parent.node.entries.push({ key: keyText(key.value, key.source) ?? '', isMerge: merges, keyNode: key, value: node });
      parent.key = undefined;
    }
    if (node.kind !== 'scalar' && event.type !== EVENT_ID.ALIAS) stack.push({ node, key: undefined, isMerge: false });
  }
  return root;
}

function newNode(source: EventList, event: ScalarEvent | CollectionEvent, last: number, decoded: string | undefined): TreeNode {
  if (event.type === EVENT_ID.MAPPING) return { kind: 'mapping', start: event.start, entries: [] };
  if (event.type === EVENT_ID.SEQUENCE) return { kind: 'list', start: event.start, items: [] };
  return scalarNode(source, event, last, decoded);
}

const STYLES: Readonly<Record<number, ScalarStyle>> = {
  [SCALAR_STYLE.PLAIN]: 'plain',
  [SCALAR_STYLE.SINGLE_QUOTED]: 'single',
  [SCALAR_STYLE.DOUBLE_QUOTED]: 'double',
  [SCALAR_STYLE.LITERAL_BLOCK]: 'literal',
  [SCALAR_STYLE.FOLDED_BLOCK]: 'folded',
};

function scalarNode({ text }: EventList, event: ScalarEvent, last: number, decoded: string | undefined): ScalarNode {
  const style = STYLES[event.style] ?? 'plain';
  const source = decoded ?? scalarText(text, event);
  const tag = event.tagStart < 0 ? undefined : longTag(text.slice(event.tagStart, event.tagEnd));
  const value = tag !== undefined ? (resolveTagged(tag, source) ?? null) : style === 'plain' ? resolvePlain(source) : source;
  const contentStart = event.valueStart < 0 ? Math.max(last, event.anchorEnd, event.tagEnd) : event.valueStart;
  const contentEnd = event.valueStart < 0 ? contentStart : event.valueEnd;
  const isQuoted = style === 'single' || style === 'double';
  const isBlock = style === 'literal' || style === 'folded';
  const start = isBlock ? headerStart(text, event, last) : contentStart - (isQuoted ? 1 : 0);
  return { kind: 'scalar', start, end: contentEnd + (isQuoted ? 1 : 0), contentStart, contentEnd, style, value, source };
}

/** The `|` or `>` of a block scalar: the first one on its line that comes after the tokens before it. */
function headerStart(text: string, event: ScalarEvent, last: number): number {
  const lineEnd = isBreak(text, event.valueStart - 1) ? event.valueStart - 1 : event.valueStart;
  let line = lineEnd - (text.charCodeAt(lineEnd) === 10 && text.charCodeAt(lineEnd - 1) === 13 ? 1 : 0);
  const bound = Math.max(last, event.anchorEnd, event.tagEnd, 0);
  while (line > bound && !isBreak(text, line - 1)) line--;
  for (let at = line; at < lineEnd; at++) {
    const code = text.charCodeAt(at);
    if (code === 124 || code === 62) return at;
  }
  return event.valueStart;
}

function isBreak(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 10 || code === 13;
}

function anchorName({ text }: EventList, event: ScalarEvent | CollectionEvent | AliasEvent): string {
  return text.slice(event.anchorStart, event.anchorEnd);
}

/** The entry that gives a key its value: the last assignment, a merge being one for each of its keys. */
export function findEntry(mapping: MappingNode, key: string): TreeEntry | undefined {
  for (let index = mapping.entries.length - 1; index >= 0; index--) {
    const entry = mapping.entries[index];
    if (entry === undefined) continue;
    const found = entry.isMerge ? findMerged(entry.value, key) : entry.key === key ? entry : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function findMerged(node: TreeNode, key: string): TreeEntry | undefined {
  if (node.kind === 'mapping') return findEntry(node, key);
  if (node.kind === 'scalar') return undefined;
  for (const item of node.items) {
    const found = item.kind === 'mapping' ? findEntry(item, key) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}
