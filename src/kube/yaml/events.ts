import { EVENT_ID, type Event, getScalarValue, parseEvents, SCALAR_STYLE, YAMLException } from 'js-yaml';
import type { ProblemCode } from './document.ts';
import { LIMITS } from './limits.ts';
import { Refusal } from './problem.ts';
import { flattenFlowSpace } from './second-reader.ts';
import { refuseTabs } from './tabs.ts';

export type ScalarEvent = Extract<Event, { type: typeof EVENT_ID.SCALAR }>;
export type AliasEvent = Extract<Event, { type: typeof EVENT_ID.ALIAS }>;
export type CollectionEvent = Extract<Event, { type: typeof EVENT_ID.MAPPING | typeof EVENT_ID.SEQUENCE }>;

/**
 * The parser's view of one piece of a stream: the flat list of events and the text their offsets point into. The text is that of
 * the piece, or has blanks for the space and comments inside brackets; offsets are the same.
 */
export interface EventList {
  readonly text: string;
  readonly events: readonly Event[];
}

/**
 * Parses one piece of a stream into events; throws `Refusal`. What only the flow rules of YAML 1.2 refuse (a tab, a line with too
 * little indentation inside brackets) is read again as kubectl reads it.
 */
export function readEvents(text: string): EventList {
  if (text.length > LIMITS.documentLength) {
    throw new Refusal('too-large', `the document is longer than ${LIMITS.documentLength} characters`, 0);
  }
  const list = parseOrRetry(text);
  if (text.includes('\t')) refuseTabs({ text, events: list.events });
  return list;
}

function parseOrRetry(text: string): EventList {
  try {
    return { text, events: parse(text) };
  } catch (error) {
    const flattened = /[[{]/.test(text) ? flattenFlowSpace(text) : undefined;
    if (flattened !== undefined) {
      try {
        return { text: flattened, events: parse(flattened) };
      } catch {
        // The first reader's reason and place are the better ones.
      }
    }
    throw toRefusal(error);
  }
}

function parse(text: string): readonly Event[] {
  // One level more than allowed, so that the composer, which counts collections, draws the line.
  return parseEvents(text, { maxDepth: LIMITS.depth + 3 });
}

/** The parser's reasons that quote the source; only their fixed part may be repeated. */
const QUOTING_REASONS = [
  'tag name cannot contain such characters',
  'there is a previously declared suffix',
  'undeclared tag handle',
];

function toRefusal(error: unknown): Refusal {
  if (!(error instanceof YAMLException)) return new Refusal('too-deep', 'the document could not be read', 0);
  const reason = error.reason ?? 'not valid YAML';
  const message = QUOTING_REASONS.find((start) => reason.startsWith(start)) ?? reason;
  return new Refusal(codeOf(reason), message, error.mark?.position ?? 0);
}

function codeOf(reason: string): ProblemCode {
  if (reason.startsWith('nesting exceeded')) return 'too-deep';
  return reason.startsWith('tab characters') ? 'tab-indentation' : 'yaml-syntax';
}

/** The decoded text of a scalar; throws `Refusal` for escapes that kubectl refuses (`\/`, surrogates, beyond U+10FFFF). */
export function scalarText(text: string, event: ScalarEvent): string {
  if (event.valueStart >= 0 && event.style === SCALAR_STYLE.DOUBLE_QUOTED && !event.fast) refuseBadEscapes(text, event);
  return getScalarValue(text, event);
}

function refuseBadEscapes(text: string, event: ScalarEvent): void {
  const source = text.slice(event.valueStart, event.valueEnd);
  if (!/\\[uU/]/.test(source)) return;
  for (const match of source.matchAll(/\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|[\s\S])/g)) {
    const code = Number.parseInt(match[1] ?? match[2] ?? '0', 16);
    if (match[0] === '\\/')
      throw new Refusal('yaml-syntax', 'kubectl does not know the escape \\/', event.valueStart + match.index);
    if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) {
      throw new Refusal('yaml-syntax', 'an escape names no Unicode character', event.valueStart + match.index);
    }
  }
}

/** Offset of the first character of an event's node, its tag and anchor included; -1 for an empty node. */
export function nodeStart(event: ScalarEvent | AliasEvent | CollectionEvent): number {
  const anchor = event.anchorStart < 0 ? -1 : event.anchorStart - 1;
  if (event.type === EVENT_ID.ALIAS) return anchor;
  const own = event.type === EVENT_ID.SCALAR ? tokenStart(event) : event.start;
  return Math.min(...[anchor, event.tagStart, own].filter((start) => start >= 0), Number.MAX_SAFE_INTEGER);
}

function tokenStart(event: ScalarEvent): number {
  const quoted = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
  return quoted ? event.valueStart - 1 : event.valueStart;
}
