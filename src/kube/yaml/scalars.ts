import type { JsonValue, Path } from './document.ts';
import { walkJson } from './json.ts';
import { readDocuments } from './parse.ts';
import type { Reading } from './reading.ts';
import { buildTree, type ScalarNode, type ScalarStyle, type TreeNode } from './tree.ts';

export { commentRanges } from './comments.ts';

/**
 * A scalar of a document and its source token: `start`/`end` include quotes or the block header, `contentStart`/`contentEnd` do
 * not. A key has the path of its entry. An overridden duplicate has a leaf too; of equal paths the last one counts.
 */
export interface ScalarLeaf {
  readonly documentIndex: number;
  readonly path: Path;
  readonly value: JsonValue;
  readonly isKey: boolean;
  readonly start: number;
  readonly end: number;
  readonly contentStart: number;
  readonly contentEnd: number;
  readonly style: ScalarStyle;
}

/**
 * Every scalar, keys included, of every document that `parseText` reads, in the order of the text. The leaves under an alias or
 * merge point to the text of the anchor.
 */
export function scalarLeaves(text: string): readonly ScalarLeaf[] {
  const leaves: ScalarLeaf[] = [];
  readDocuments(text, (reading, documentIndex) => addLeaves(leaves, text, reading, documentIndex));
  return leaves;
}

/** Adds the leaves of one piece, if it is a document. */
export function addLeaves(leaves: ScalarLeaf[], text: string, { base, document }: Reading, documentIndex: number): void {
  if (document === undefined) return;
  if (document.events === undefined) return addJson(leaves, text, document.start, documentIndex);
  const tree = buildTree(document.events, document.texts);
  if (tree !== undefined) addTree(leaves, tree, documentIndex, base, [], false);
}

function addTree(leaves: ScalarLeaf[], node: TreeNode, documentIndex: number, base: number, path: Path, isMerged: boolean): void {
  if (node.kind === 'scalar') {
    leaves.push(leafOf(node, documentIndex, base, path, false));
  } else if (node.kind === 'list') {
    // The items of a merge's list are mappings of the same object.
    let index = 0;
    for (const item of node.items) addTree(leaves, item, documentIndex, base, isMerged ? path : [...path, index++], isMerged);
  } else {
    for (const entry of node.entries) {
      const at = entry.isMerge ? path : [...path, entry.key];
      if (!entry.isMerge) leaves.push(leafOf(entry.keyNode, documentIndex, base, at, true));
      addTree(leaves, entry.value, documentIndex, base, at, entry.isMerge);
    }
  }
}

function leafOf(node: ScalarNode, documentIndex: number, base: number, path: Path, isKey: boolean): ScalarLeaf {
  const { start, end, contentStart, contentEnd, style, value } = node;
  return {
    documentIndex,
    path,
    value: isKey ? (path.at(-1) ?? null) : value,
    isKey,
    start: start + base,
    end: end + base,
    contentStart: contentStart + base,
    contentEnd: contentEnd + base,
    style,
  };
}

function addJson(leaves: ScalarLeaf[], text: string, from: number, documentIndex: number): void {
  walkJson(text, from, ({ path, isKey, start, end }) => {
    const quote = text.charCodeAt(start) === 34 ? 1 : 0;
    leaves.push({
      documentIndex,
      path: [...path],
      value: isKey ? (path.at(-1) ?? null) : (JSON.parse(text.slice(start, end)) as JsonValue),
      isKey,
      start,
      end,
      contentStart: start + quote,
      contentEnd: end - quote,
      style: 'json',
    });
  });
}
