import { EVENT_ID, SCALAR_STYLE } from 'js-yaml';
import { Lexer } from 'yaml';
import type { EventList } from './events.ts';
import { readText } from './parse.ts';
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
  for (const reading of readText(text)) {
    if (reading.isJson === true) return [];
    ranges.push(...commentsOf(text, reading));
  }
  ranges.push(...separatorComments(text));
  return ranges.sort((a, b) => a.start - b.start);
}

function commentsOf(text: string, { base, end, limit, events }: Reading): TextRange[] {
  if (events === undefined) return lexedComments(text, base, limit);
  return [...eventComments(events, text.slice(base, end), base), ...lexedComments(text, end, limit)];
}

/** Between two scalars a `#` at the start of a line or after a blank begins a comment. */
function eventComments({ events }: EventList, text: string, base: number): TextRange[] {
  const ranges: TextRange[] = [];
  let from = 0;
  for (const event of events) {
    if (event.type !== EVENT_ID.SCALAR || event.valueStart < 0) continue;
    const isQuoted = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
    addComments(ranges, text, from, event.valueStart, base);
    from = event.valueEnd + (isQuoted ? 1 : 0);
  }
  addComments(ranges, text, from, text.length, base);
  return ranges;
}

function addComments(ranges: TextRange[], text: string, from: number, to: number, base: number): void {
  for (let at = text.indexOf('#', from); at !== -1 && at < to; ) {
    let end = at;
    if (at === 0 || ' \t\r\n\ufeff'.includes(text.charAt(at - 1))) {
      while (end < to && text.charCodeAt(end) !== 10 && text.charCodeAt(end) !== 13) end++;
      ranges.push({ start: at + base, end: end + base });
    }
    at = text.indexOf('#', end + 1);
  }
}

function lexedComments(text: string, from: number, to: number): TextRange[] {
  const piece = text.slice(from, to);
  if (!piece.includes('#')) return [];
  const ranges: TextRange[] = [];
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
  return ranges;
}
