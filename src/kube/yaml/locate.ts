import type { Path, Position } from './document.ts';
import { eachChild, keyAt, skipJson } from './json.ts';
import { type LineTable, lineTable } from './lines.ts';
import { readText } from './parse.ts';
import type { Reading } from './reading.ts';
import { buildTree, findEntry, type TreeNode } from './tree.ts';

/** Where a value stands. The end is exclusive; `exact` is false if only an ancestor was found. */
export type Location = Position & { readonly endLine: number; readonly endColumn: number; readonly exact: boolean };

/** Finds places in one text. */
export type Locator = (documentIndex: number, path: Path) => Location;

interface Span {
  readonly start: number;
  readonly end: number;
  readonly exact: boolean;
}

/**
 * The place of the value at `path`: for an entry of a mapping from its key (to the end of a scalar value, else of the key), for
 * an item of a list the item. The nearest existing ancestor, with `exact: false`, if there is no such value.
 */
export function locate(text: string, documentIndex: number, path: Path): Location {
  return createLocator(text)(documentIndex, path);
}

/** A locator for several look-ups in one text; it reads each document once, at the first question about it or a later one. */
export function createLocator(text: string): Locator {
  const lines = lineTable(text);
  const readings = readText(text)[Symbol.iterator]();
  const finders: ((path: Path) => Span)[] = [];
  return (documentIndex, path) => {
    while (finders.length <= documentIndex) {
      const next = readings.next();
      if (next.done === true) break;
      const finder = finderOf(text, next.value);
      if (finder !== undefined) finders.push(finder);
    }
    const span = finders[documentIndex]?.(path) ?? { start: 0, end: 0, exact: false };
    return toLocation(span, lines);
  };
}

function toLocation({ start, end, exact }: Span, lines: LineTable): Location {
  const { line: endLine, column: endColumn } = lines(end);
  return { ...lines(start), endLine, endColumn, exact };
}

function finderOf(text: string, { base, document }: Reading): ((path: Path) => Span) | undefined {
  if (document === undefined) return undefined;
  const { start, events, texts } = document;
  if (events === undefined) return jsonFinder(text, start);
  let tree: TreeNode | undefined;
  return (path) => {
    tree ??= buildTree(events, texts);
    const span = tree === undefined ? { start: 0, end: 0, exact: false } : findInTree(tree, path);
    return { ...span, start: span.start + base, end: span.end + base };
  };
}

function findInTree(root: TreeNode, path: Path): Span {
  let node = root;
  let span = spanOf(root);
  for (const segment of path) {
    if (node.kind === 'mapping') {
      const entry = findEntry(node, String(segment));
      if (entry === undefined) return { ...span, exact: false };
      node = entry.value;
      span = { start: entry.keyNode.start, end: entryEnd(entry.keyNode, node), exact: true };
    } else {
      const item = node.kind === 'list' ? node.items[Number(segment)] : undefined;
      if (item === undefined) return { ...span, exact: false };
      node = item;
      span = spanOf(item);
    }
  }
  return span;
}

/** An alias's scalar stands elsewhere, maybe before the key: then the key alone is the region. */
function entryEnd(key: { readonly end: number }, value: TreeNode): number {
  const isBeside = value.kind === 'scalar' && value.start >= key.end;
  return isBeside ? value.end : key.end;
}

function spanOf(node: TreeNode): Span {
  if (node.kind === 'scalar') return { start: node.start, end: node.end, exact: true };
  const first = node.kind === 'mapping' ? node.entries[0]?.keyNode : undefined;
  const end = first !== undefined && first.start >= node.start ? first.end : node.start + 1;
  return { start: node.start, end, exact: true };
}

/** A JSON container, its children found at the first question: a dump of a cluster is too large to hold all places. */
interface JsonNode {
  readonly start: number;
  readonly end: number;
  readonly key?: { readonly start: number; readonly end: number };
  children?: ReadonlyMap<string, JsonNode>;
}

function jsonFinder(text: string, start: number): (path: Path) => Span {
  const root: JsonNode = { start, end: start + 1 };
  return (path) => {
    let node = root;
    for (const segment of path) {
      const child = childrenOf(text, node).get(String(segment));
      if (child === undefined) return { ...jsonSpan(text, node), exact: false };
      node = child;
    }
    return jsonSpan(text, node);
  };
}

function childrenOf(text: string, node: JsonNode): ReadonlyMap<string, JsonNode> {
  if (node.children !== undefined) return node.children;
  const children = new Map<string, JsonNode>();
  if (isContainer(text, node)) {
    eachChild(text, node.start, (key, at) => {
      const end = skipJson(text, at);
      if (typeof key === 'number') children.set(String(key), { start: at, end });
      else children.set(keyAt(text, key.start, key.end), { start: at, end, key });
      return end;
    });
  }
  node.children = children;
  return children;
}

function isContainer(text: string, node: JsonNode): boolean {
  const code = text.charCodeAt(node.start);
  return code === 123 || code === 91;
}

function jsonSpan(text: string, node: JsonNode): Span {
  const end = isContainer(text, node) ? (node.key?.end ?? node.start + 1) : node.end;
  return { start: node.key?.start ?? node.start, end, exact: true };
}
