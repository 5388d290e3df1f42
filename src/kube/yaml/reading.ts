import { EVENT_ID } from 'js-yaml';
import { compose } from './compose.ts';
import type { JsonValue } from './document.ts';
import { type EventList, nodeStart, readEvents } from './events.ts';
import { checkJson, readJson } from './json.ts';
import { type RawProblem, Refusal, refusalProblem } from './problem.ts';
import { type Chunk, splitStream } from './split.ts';
import { isTemplate, TEMPLATE_HINT } from './template.ts';

/** What became of one piece of a text. Offsets of `problems` and `events` count from `base`; `start` and `end` from the text. */
export interface Reading {
  readonly base: number;
  readonly end: number;
  /** Where the piece ends: `end`, or further on if content after the end of the document was dropped. */
  readonly limit: number;
  readonly isJson?: true;
  /** Present if the piece is valid YAML, even if it is empty. */
  readonly events?: EventList;
  readonly problems: readonly RawProblem[];
  /** Present if the piece is a document: read, and not null. */
  readonly document?: {
    readonly start: number;
    readonly value: JsonValue;
    readonly events?: EventList;
    /** The decoded text of each scalar event, in order, as far as the document reaches. */
    readonly texts?: readonly string[];
  };
}

/**
 * Reads a text piece by piece: JSON as JSON, everything else as a YAML stream. The text must have passed `refuseCharacters`.
 * A piece that cannot be read has an error and no document; the others are not affected.
 */
export function* readPieces(text: string): Generator<Reading> {
  const pieces = readJson(text);
  if (pieces === undefined) {
    for (const chunk of splitStream(text)) yield readChunk(text, chunk);
    return;
  }
  for (const piece of pieces) {
    const { start, end } = piece;
    try {
      const { value, problems } = checkJson(text, piece);
      yield { base: 0, end, limit: end, isJson: true, problems, document: { start, value } };
    } catch (error) {
      yield { base: 0, end, limit: end, isJson: true, problems: [problemOf(error)] };
    }
  }
}

function readChunk(text: string, chunk: Chunk): Reading {
  const { start: base, end, limit, dropped, badSeparator } = chunk;
  if (badSeparator !== undefined) {
    const message = 'only a comment may follow --- on its line';
    return { base, end, limit, problems: [{ code: 'bad-separator', severity: 'error', message, offset: badSeparator - base }] };
  }
  const piece = text.slice(base, end);
  const problems: RawProblem[] = [];
  if (dropped !== undefined) problems.push(droppedContent(dropped - base));
  try {
    refuseDirective(piece);
    const events = readEvents(piece);
    const composition = compose(events);
    problems.unshift(...composition.problems);
    const second = secondDocument(events);
    if (second !== undefined) problems.push(droppedContent(second));
    if (composition.value === null) return { base, end, limit, problems, events };
    return {
      base,
      end,
      limit,
      problems,
      events,
      document: { start: base + composition.start, value: composition.value, events, texts: composition.texts },
    };
  } catch (error) {
    return { base, end, limit, problems: [templateProblem(piece, problemOf(error)), ...problems] };
  }
}

function droppedContent(offset: number): RawProblem {
  const message = 'content after the end of the document is dropped in silence by kubectl and kustomize';
  return { code: 'content-after-document-end', severity: 'error', message, offset, hint: 'start the next document with ---' };
}

/** kubectl splits at `---` first, so that a directive never has the document start it needs. */
function refuseDirective(piece: string): void {
  const directive = /^(?:\uFEFF)?(?:[ \t\r]*(?:#[^\n]*)?\n)*%/.exec(piece);
  if (directive) throw new Refusal('yaml-directive', 'kubectl refuses YAML directives (%)', directive[0].length - 1);
}

function secondDocument({ events }: EventList): number | undefined {
  const second = events.findIndex((event, index) => index > 0 && event.type === EVENT_ID.DOCUMENT);
  if (second === -1) return undefined;
  const root = events[second + 1];
  const isNode = root !== undefined && root.type !== EVENT_ID.POP && root.type !== EVENT_ID.DOCUMENT;
  const start = isNode ? nodeStart(root) : Number.MAX_SAFE_INTEGER;
  return start === Number.MAX_SAFE_INTEGER ? undefined : start;
}

function problemOf(error: unknown): RawProblem {
  if (error instanceof Refusal) return refusalProblem(error);
  // A stack overflow, or a flaw of a parser: either way the piece was not read.
  const code = error instanceof RangeError ? 'too-deep' : 'yaml-syntax';
  return { code, severity: 'error', message: 'the document could not be read', offset: 0 };
}

function templateProblem(piece: string, problem: RawProblem): RawProblem {
  const offset = isTemplate(piece, problem.offset);
  if (offset === undefined) return problem;
  return {
    code: 'template-syntax',
    severity: 'error',
    message: 'a template that is not rendered yet',
    offset,
    hint: TEMPLATE_HINT,
  };
}
