import { EVENT_ID, SCALAR_STYLE } from 'js-yaml';
import type { JsonValue, Path } from './document.ts';
import { type AliasEvent, type CollectionEvent, type EventList, nodeStart, type ScalarEvent, scalarText } from './events.ts';
import { isExcessiveAliasing, LIMITS } from './limits.ts';
import { type RawProblem, Refusal } from './problem.ts';
import { isRecord, type MutableRecord, newRecord } from './record.ts';
import { keyText, longTag, type Resolved, resolvePlain, resolveTagged } from './scalar-rules.ts';
import { duplicateKey, isMerge, overridingMerge, surprisingKey, surprisingValue } from './surprises.ts';

/** The value of one document, where its first token stands, and what is surprising about it. */
export interface Composition {
  readonly value: JsonValue;
  readonly start: number;
  readonly problems: readonly RawProblem[];
  /** The decoded text of each scalar event of the document, in order. */
  readonly texts: readonly string[];
}

/** A node under an anchor, with what visiting it once costs. `isOpen` while its own content is still being read. */
interface Anchored {
  readonly value: JsonValue;
  readonly source: string;
  nodes: number;
  length: number;
  height: number;
  isOpen: boolean;
}

interface Frame {
  readonly list: JsonValue[] | undefined;
  readonly record: MutableRecord | undefined;
  readonly anchored: Anchored | undefined;
  readonly event: number;
  key: string | undefined;
  isMerging: boolean;
  /** Keys written in this mapping itself; needed only once a merge has brought others. */
  written: Set<string> | undefined;
  hasMerged: boolean;
  height: number;
}

interface State {
  readonly source: EventList;
  readonly problems: RawProblem[];
  readonly texts: string[];
  readonly anchors: Map<string, Anchored>;
  readonly stack: Frame[];
  root: JsonValue | undefined;
  start: number;
  aliases: number;
  nodes: number;
  length: number;
  aliasedNodes: number;
  aliasedLength: number;
}

/**
 * Builds the value of the first document of a piece as kubectl's reader does: later duplicate keys win, a merge takes effect where
 * it stands, keys become strings. Throws `Refusal` where kubectl refuses the document.
 */
export function compose(source: EventList): Composition {
  const state: State = {
    source,
    problems: [],
    texts: [],
    anchors: new Map(),
    stack: [],
    root: undefined,
    start: Number.MAX_SAFE_INTEGER,
    aliases: 0,
    nodes: 0,
    length: 0,
    aliasedNodes: 0,
    aliasedLength: 0,
  };
  const { events } = source;
  for (let index = 0; index < events.length; index++) {
    const event = events[index];
    if (event === undefined) break;
    if (event.type === EVENT_ID.DOCUMENT) {
      if (state.root !== undefined) break;
    } else if (event.type === EVENT_ID.POP) close(state);
    else {
      if (state.root === undefined && state.stack.length === 0) state.start = nodeStart(event);
      if (event.type === EVENT_ID.SCALAR) readScalar(state, event);
      else if (event.type === EVENT_ID.ALIAS) readAlias(state, event);
      else open(state, event, index);
    }
  }
  return { value: state.root ?? null, start: state.start, problems: state.problems, texts: state.texts };
}

function open(state: State, event: CollectionEvent, index: number): void {
  const parent = state.stack.at(-1);
  if (isKeyNext(parent)) throw new Refusal('complex-key', 'a list or mapping cannot be a key', event.start, pathOf(state));
  if (state.stack.length >= LIMITS.depth) throw tooDeep(event.start);
  state.nodes++;
  const isMapping = event.type === EVENT_ID.MAPPING;
  const record = isMapping ? newRecord() : undefined;
  const list: JsonValue[] | undefined = isMapping ? undefined : [];
  const anchored = anchor(state, event, record ?? list ?? null, '');
  state.stack.push({
    list,
    record,
    anchored,
    event: index,
    key: undefined,
    isMerging: false,
    written: undefined,
    hasMerged: false,
    height: 1,
  });
}

function close(state: State): void {
  const frame = state.stack.pop();
  if (frame === undefined) return;
  const { anchored } = frame;
  if (anchored !== undefined) {
    anchored.isOpen = false;
    anchored.nodes = state.nodes - anchored.nodes;
    anchored.length = state.length - anchored.length;
    anchored.height = frame.height;
  }
  put(state, frame.record ?? frame.list ?? null, frame.height, state.source.events[frame.event] as CollectionEvent);
}

function readScalar(state: State, event: ScalarEvent): void {
  state.nodes++;
  const text = scalarText(state.source.text, event);
  state.texts.push(text);
  state.length += text.length;
  const frame = state.stack.at(-1);
  const isKey = isKeyNext(frame);
  if (isKey && isMerge(state.source, event, text)) {
    state.nodes--;
    if (frame.hasMerged) report(state, () => duplicateKey(state.source, frame.event, '<<', nodeStart(event), pathOf(state)));
    frame.isMerging = true;
    return;
  }
  const value = resolve(state, event, text);
  const anchored = anchor(state, event, value, text);
  if (anchored !== undefined) Object.assign(anchored, { isOpen: false, nodes: 1, length: text.length, height: 0 });
  if (isKey) {
    // Before the key is set: until then the path is that of the mapping.
    if (typeof value === 'boolean' && isBare(event)) report(state, () => surprisingKey(text, event.valueStart, pathOf(state)));
    setKey(state, frame, value, text, event);
    return;
  }
  const mayMislead = typeof value === 'boolean' || (typeof value === 'number' && text.charCodeAt(0) <= 48);
  if (mayMislead && isBare(event)) report(state, () => surprisingValue(text, event.valueStart, pathOf(state)));
  put(state, value, 0, event);
}

function resolve(state: State, event: ScalarEvent, text: string): Resolved {
  if (event.tagStart >= 0) {
    const value = resolveTagged(longTag(state.source.text.slice(event.tagStart, event.tagEnd)), text);
    if (value === undefined) throw new Refusal('yaml-syntax', 'the value does not fit its tag', event.tagStart, pathOf(state));
    return value;
  }
  return event.style === SCALAR_STYLE.PLAIN ? resolvePlain(text) : text;
}

function readAlias(state: State, event: AliasEvent): void {
  const at = event.anchorStart - 1;
  const anchored = state.anchors.get(state.source.text.slice(event.anchorStart, event.anchorEnd));
  if (anchored === undefined) throw new Refusal('yaml-syntax', 'an alias names no anchor of this document', at, pathOf(state));
  if (anchored.isOpen) throw new Refusal('yaml-syntax', 'an anchor contains itself', at, pathOf(state));
  state.nodes += 1 + anchored.nodes;
  state.length += anchored.length;
  state.aliases++;
  state.aliasedNodes += anchored.nodes;
  state.aliasedLength += anchored.length;
  const { aliases, aliasedNodes, aliasedLength } = LIMITS;
  const isTooMuch = state.aliases > aliases || state.aliasedNodes > aliasedNodes || state.aliasedLength > aliasedLength;
  if (isTooMuch || isExcessiveAliasing(state.nodes, state.aliasedNodes)) {
    throw new Refusal('too-many-aliases', 'the aliases of the document expand to too much', at);
  }
  const frame = state.stack.at(-1);
  if (!isKeyNext(frame)) return put(state, anchored.value, anchored.height, event);
  if (typeof anchored.value === 'object' && anchored.value !== null) {
    throw new Refusal('complex-key', 'a list or mapping cannot be a key', at, pathOf(state));
  }
  setKey(state, frame, anchored.value, anchored.source, event);
}

function setKey(
  state: State,
  frame: Frame & { record: MutableRecord },
  key: Resolved,
  source: string,
  event: ScalarEvent | AliasEvent,
): void {
  if (key === null) throw new Refusal('null-key', 'an empty or null key', keyOffset(state, frame, event), pathOf(state));
  const text = typeof key === 'string' ? key : keyText(key, source);
  if (text === undefined)
    throw new Refusal('complex-key', 'the number is too large for a key', keyOffset(state, frame, event), pathOf(state));
  const isWritten = frame.written === undefined ? frame.record[text] !== undefined : frame.written.has(text);
  if (isWritten) report(state, () => duplicateKey(state.source, frame.event, text, nodeStart(event), pathOf(state)));
  frame.written?.add(text);
  frame.key = text;
}

/** An empty key has no place of its own: its mapping's stands for it. */
function keyOffset(state: State, frame: Frame, event: ScalarEvent | AliasEvent): number {
  const isEmpty = event.type === EVENT_ID.SCALAR && event.valueStart < 0;
  return nodeStart(isEmpty ? (state.source.events[frame.event] as CollectionEvent) : event);
}

/** Gives a finished node to what waits for it: the root, a list, a key, or a merge. */
function put(state: State, value: JsonValue, height: number, event: ScalarEvent | AliasEvent | CollectionEvent): void {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new Refusal('not-json', 'infinity and NaN are no JSON', nodeStart(event), pathOf(state));
  }
  const frame = state.stack.at(-1);
  if (frame === undefined) {
    state.root = value;
    return;
  }
  if (frame.height <= height) frame.height = height + 1;
  if (state.stack.length + height > LIMITS.depth) throw tooDeep(nodeStart(event));
  if (frame.list !== undefined) frame.list.push(value);
  else if (frame.isMerging) mergeInto(state, frame, value, event);
  else if (frame.record !== undefined && frame.key !== undefined) {
    frame.record[frame.key] = value;
    frame.key = undefined;
  }
}

/**
 * kubectl assigns the merged keys where the merge stands, so one written after a key overrides it; elsewhere the written key wins.
 * Of a list of mappings the earlier ones take precedence. Source: sigs.k8s.io/yaml/goyaml.v2 decode.go, merge.
 */
function mergeInto(state: State, frame: Frame, value: JsonValue, event: ScalarEvent | AliasEvent | CollectionEvent): void {
  const maps = Array.isArray(value) && event.type === EVENT_ID.SEQUENCE ? (value as readonly JsonValue[]).toReversed() : [value];
  const record = frame.record ?? newRecord();
  frame.written ??= new Set(Object.keys(record));
  frame.isMerging = false;
  frame.hasMerged = true;
  for (const map of maps) {
    if (!isRecord(map))
      throw new Refusal('yaml-syntax', 'a merge needs a mapping or a list of mappings', nodeStart(event), pathOf(state));
    for (const key of Object.keys(map)) {
      if (frame.written.has(key) && record[key] !== map[key])
        report(state, () => overridingMerge(key, nodeStart(event), pathOf(state)));
      record[key] = map[key] ?? null;
    }
  }
}

/** go-yaml v2 takes no other characters. */
const ANCHOR_NAME = /^[A-Za-z0-9_-]+$/;

function anchor(state: State, event: ScalarEvent | CollectionEvent, value: JsonValue, source: string): Anchored | undefined {
  if (event.anchorStart < 0) return undefined;
  if (!ANCHOR_NAME.test(state.source.text.slice(event.anchorStart, event.anchorEnd))) {
    throw new Refusal('yaml-syntax', 'an anchor name takes letters, digits, - and _ only', event.anchorStart - 1);
  }
  const anchored: Anchored = { value, source, nodes: state.nodes - 1, length: state.length, height: 0, isOpen: true };
  state.anchors.set(state.source.text.slice(event.anchorStart, event.anchorEnd), anchored);
  return anchored;
}

function isKeyNext(frame: Frame | undefined): frame is Frame & { record: MutableRecord } {
  return frame?.record !== undefined && frame.key === undefined && !frame.isMerging;
}

function pathOf(state: State): Path {
  const path: (string | number)[] = [];
  for (const frame of state.stack) {
    if (frame.list !== undefined) path.push(frame.list.length);
    else if (frame.key !== undefined) path.push(frame.key);
  }
  return path;
}

function tooDeep(offset: number): Refusal {
  return new Refusal('too-deep', `nested deeper than ${LIMITS.depth} levels`, offset);
}

function isBare(event: ScalarEvent): boolean {
  return event.style === SCALAR_STYLE.PLAIN && event.tagStart < 0;
}

/** Bounded, and computed only within the bound: naming a duplicate searches the mapping. */
function report(state: State, problem: () => RawProblem | undefined): void {
  if (state.problems.length >= LIMITS.problems) return;
  const found = problem();
  if (found !== undefined) state.problems.push(found);
}
