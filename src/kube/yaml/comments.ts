import { EVENT_ID, SCALAR_STYLE } from 'js-yaml';
import { Lexer } from 'yaml';
import type { EventList } from './events.ts';
import { readDocuments } from './parse.ts';
import type { Reading } from './reading.ts';
import { separatorComments } from './split.ts';

/** A range of a text, end exclusive. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Every YAML comment, from its `#` to the end of its line, in the order of the text; also those of pieces that cannot be read and
 * of content after `...`, as far as such text can be told apart. JSON has none.
 */
export function commentRanges(text: string): readonly TextRange[] {
  const ranges: TextRange[] = [];
  readDocuments(text, (reading) => addComments(ranges, text, reading));
  return allComments(ranges, text);
}

/** Adds the comments of one piece; its separator's stand outside of it. */
export function addComments(ranges: TextRange[], text: string, { base, end, limit, events, isJson }: Reading): void {
  if (isJson === true) return;
  if (events === undefined) return addLexed(ranges, text, base, limit);
  addBetween(ranges, events, text.slice(base, end), base);
  addLexed(ranges, text, end, limit);
}

/** The comments of all pieces and of the separators between them, in order. */
export function allComments(ofPieces: readonly TextRange[], text: string): readonly TextRange[] {
  return [...ofPieces, ...separatorComments(text)].sort((a, b) => a.start - b.start);
}

/** Between two scalars a `#` at the start of a line or after a blank begins a comment. */
function addBetween(ranges: TextRange[], { events }: EventList, text: string, base: number): void {
  let hash = text.indexOf('#');
  for (const event of events) {
    // The next `#` is looked for once, not from every scalar again: that would be quadratic.
    if (hash === -1) return;
    if (event.type !== EVENT_ID.SCALAR || event.valueStart < 0) continue;
    const isQuoted = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
    if (hash < event.valueStart) hash = addFrom(ranges, text, hash, event.valueStart, base);
    const from = event.valueEnd + (isQuoted ? 1 : 0);
    if (hash !== -1 && hash < from) hash = text.indexOf('#', from);
  }
  if (hash !== -1) addFrom(ranges, text, hash, text.length, base);
}

/** Adds the comments between a `#` and `to`; returns where the next `#` stands. */
function addFrom(ranges: TextRange[], text: string, hash: number, to: number, base: number): number {
  let at = hash;
  while (at !== -1 && at < to) {
    let end = at;
    if (at === 0 || ' \t\r\n\ufeff'.includes(text.charAt(at - 1))) {
      while (end < to && text.charCodeAt(end) !== 10 && text.charCodeAt(end) !== 13) end++;
      ranges.push({ start: at + base, end: end + base });
    }
    at = text.indexOf('#', end + 1);
  }
  return at;
}

function addLexed(ranges: TextRange[], text: string, from: number, to: number): void {
  if (from >= to) return;
  const piece = text.slice(from, to);
  if (!piece.includes('#')) return;
  let at = from;
  let isScalar = false;
  for (const lexeme of new Lexer().lex(piece)) {
    if (lexeme === '\u0002' || lexeme === '\u0018') continue;
    if (lexeme === '\u001f') {
      isScalar = true;
      continue;
    }
    if (!isScalar && lexeme.startsWith('#')) ranges.push({ start: at, end: at + lexeme.trimEnd().length });
    isScalar = false;
    at += lexeme.length;
  }
}
