import { EVENT_ID, SCALAR_STYLE } from 'js-yaml';
import type { Path } from './document.ts';
import { type EventList, nodeStart, type ScalarEvent, scalarText } from './events.ts';
import type { RawProblem } from './problem.ts';
import { isAmbiguousWord, isLeadingZeroNumber, keyText, longTag, resolvePlain } from './scalar-rules.ts';

/** A plain `<<` key; quoted or tagged otherwise it is an ordinary key. */
export function isMerge({ text: source }: EventList, event: ScalarEvent, text: string): boolean {
  if (text !== '<<') return false;
  if (event.tagStart < 0) return event.style === SCALAR_STYLE.PLAIN;
  const tag = longTag(source.slice(event.tagStart, event.tagEnd));
  return tag === '!' || tag === 'tag:yaml.org,2002:merge';
}

/** The problem of a key that is written again at `offset` in the mapping that event `mapping` opened. */
export function duplicateKey(source: EventList, mapping: number, key: string, offset: number, parent: Path): RawProblem {
  const first = findKey(source, mapping, key);
  const message = `key ${quoteKey(key)} is written twice in the same mapping`;
  return { code: 'duplicate-key', severity: 'error', message, offset, first, path: [...parent, key] };
}

/** The problem of a merge at `offset` that overrides a key written before it. */
export function overridingMerge(key: string, offset: number, parent: Path): RawProblem {
  const message = `a merge after key ${quoteKey(key)} overrides it for kubectl, not for kustomize`;
  const hint = 'write the merge (<<) before the other keys';
  return { code: 'merge-order', severity: 'warning', message, offset, path: [...parent, key], hint };
}

/** A key as it may stand in a message. */
export function quoteKey(key: string): string {
  return JSON.stringify(key.length > 80 ? `${key.slice(0, 80)}...` : key);
}

/** The surprise of an unquoted key without tag, if it is one; `parent` is the path of its mapping. */
export function surprisingKey(text: string, offset: number, parent: Path): RawProblem | undefined {
  return isAmbiguousWord(text) ? ambiguousWord(`key ${text}`, text, offset, [...parent, String(resolvePlain(text))]) : undefined;
}

/** The surprise of an unquoted value without tag, if it is one. */
export function surprisingValue(text: string, offset: number, path: Path): RawProblem | undefined {
  if (isAmbiguousWord(text)) return ambiguousWord(text, text, offset, path);
  if (!isLeadingZeroNumber(text)) return undefined;
  // File modes are written in octal on purpose.
  if (path.at(-1) === 'mode' || path.at(-1) === 'defaultMode') return undefined;
  const message = 'an unquoted number with a leading zero is read as octal if its digits allow it';
  return { code: 'ambiguous-number', severity: 'warning', message, offset, path, hint: 'quote it if it is text' };
}

function ambiguousWord(what: string, text: string, offset: number, path: Path): RawProblem {
  const meaning = String(resolvePlain(text));
  const message = `unquoted ${what} is ${meaning} to kubectl and text to kustomize`;
  return { code: 'ambiguous-word', severity: 'warning', message, offset, path, hint: `write ${meaning} or "${text}"` };
}

/** Offset of the first entry of a mapping whose key reads as `key`; only for messages. */
function findKey({ text, events }: EventList, mapping: number, key: string): number {
  let depth = 0;
  let isKey = true;
  for (let index = mapping + 1; index < events.length; index++) {
    const event = events[index];
    if (event === undefined || (event.type === EVENT_ID.POP && depth === 0)) break;
    if (event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE) depth++;
    else if (event.type === EVENT_ID.POP) depth--;
    if (depth > 0) continue;
    if (isKey && event.type === EVENT_ID.SCALAR && keyOf(text, event) === key) return nodeStart(event);
    isKey = !isKey;
  }
  const start = events[mapping];
  return start?.type === EVENT_ID.MAPPING ? start.start : 0;
}

function keyOf(text: string, event: ScalarEvent): string | undefined {
  const source = scalarText(text, event);
  if (event.tagStart >= 0 || event.style !== SCALAR_STYLE.PLAIN) return source;
  return keyText(resolvePlain(source), source);
}
