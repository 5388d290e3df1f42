import { Lexer } from 'yaml';

const MAX_LENGTH = 2_000_000;
const MAX_PASSES = 50;

/** The lexer's marks: a plain or block scalar follows; a flow collection ends for want of indentation. */
const SCALAR_MARK = '\u001f';
const FLOW_BREAK = '\u0018';

/**
 * The same text with every space, line break and comment inside flow collections (between `[` `]` `{` `}`) turned into blanks, so
 * that offsets stay; undefined if there is nothing to change. kubectl's reader gives them no meaning there, while js-yaml refuses
 * tabs and lines of too little indentation.
 */
export function flattenFlowSpace(text: string): string | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  let flat = text;
  for (let pass = 0, from = 0; pass < MAX_PASSES; pass++) {
    const { starts, isBroken } = flowStarts(flat, from);
    for (const start of starts) {
      const end = flattenOne(flat, start);
      from = end.next;
      flat = end.text;
    }
    if (!isBroken || starts.length === 0) return flat === text ? undefined : flat;
  }
  return undefined;
}

/** Where flow collections start from `from` on, up to the first one whose lines the lexer takes for its end. */
function flowStarts(text: string, from: number): { readonly starts: readonly number[]; readonly isBroken: boolean } {
  const starts: number[] = [];
  let depth = 0;
  let at = 0;
  let isScalar = false;
  for (const lexeme of new Lexer().lex(text)) {
    if (lexeme === FLOW_BREAK && at >= from) return { starts, isBroken: true };
    if (lexeme === SCALAR_MARK) isScalar = true;
    if (lexeme === SCALAR_MARK || lexeme === '\u0002' || lexeme === FLOW_BREAK) continue;
    if (!isScalar && (lexeme === '[' || lexeme === '{')) {
      if (depth === 0 && at >= from) starts.push(at);
      depth++;
    } else if (!isScalar && (lexeme === ']' || lexeme === '}')) depth = Math.max(0, depth - 1);
    isScalar = false;
    at += lexeme.length;
  }
  return { starts, isBroken: false };
}

/** Blanks the space and comments of the flow collection at `start`; stops at its end, or where it stops making sense. */
function flattenOne(text: string, start: number): { readonly text: string; readonly next: number } {
  const parts: string[] = [];
  let depth = 0;
  let isInPlain = false;
  let at = start;
  while (at < text.length) {
    const char = text.charAt(at);
    let end = at + 1;
    if (char === '[' || char === '{') depth++;
    else if (char === ']' || char === '}') depth--;
    else if (/\s/.test(char)) end = spaceEnd(text, at);
    else if (char === '#' && /\s/.test(text.charAt(at - 1))) end = lineEnd(text, at);
    else if (!isInPlain && (char === '"' || char === "'")) end = quotedEnd(text, at, char);
    const isSpace = /\s/.test(char) || (char === '#' && /\s/.test(text.charAt(at - 1)));
    parts.push(isSpace ? blank(text, at, end, isInPlain) : text.slice(at, end));
    if (!isSpace)
      isInPlain =
        !'[]{},:?"\''.includes(char) || (isInPlain && !'[]{},'.includes(char) && !(char === ':' && /\s/.test(text.charAt(end))));
    at = end;
    if (depth === 0) break;
  }
  return { text: text.slice(0, start) + parts.join('') + text.slice(at), next: at };
}

/** A break inside a plain scalar folds to one space: only a gap of one character can be replaced without changing the value. */
function blank(text: string, start: number, end: number, isInPlain: boolean): string {
  const space = text.slice(start, end);
  const isAtEnd = '[]{},:#'.includes(text.charAt(end));
  return isInPlain && !isAtEnd && end - start > 1 ? space : ' '.repeat(end - start);
}

function spaceEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && /\s/.test(text.charAt(at))) at++;
  return at;
}

function lineEnd(text: string, from: number): number {
  const at = text.indexOf('\n', from);
  return at === -1 ? text.length : at;
}

function quotedEnd(text: string, open: number, quote: string): number {
  for (let at = open + 1; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '\\' && quote === '"') at++;
    else if (char === quote && (quote === '"' || text.charAt(at + 1) !== quote)) return at + 1;
    else if (char === quote) at++;
  }
  return text.length;
}
