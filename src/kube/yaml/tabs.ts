import { COLLECTION_STYLE, EVENT_ID, SCALAR_STYLE } from 'js-yaml';
import type { EventList, ScalarEvent } from './events.ts';
import { Refusal } from './problem.ts';

/** A scalar's place and what surrounds it. */
interface Token {
  readonly start: number;
  readonly end: number;
  readonly isPlain: boolean;
  /** Column of the innermost block collection: deeper tabs after a plain scalar are blanks. */
  readonly blockColumn: number;
  readonly inFlow: boolean;
}

/**
 * Refuses the tabs that kubectl refuses and js-yaml lets pass: at the start of a line in block context (also before a comment or
 * on a blank line), after `- ` and `? `, and after a plain scalar at too small a column.
 * Source: sigs.k8s.io/yaml/goyaml.v2 scannerc.go, yaml_parser_scan_to_next_token and yaml_parser_scan_plain_scalar.
 */
export function refuseTabs(list: EventList): void {
  const { text } = list;
  let previous: Token = { start: 0, end: 0, isPlain: false, blockColumn: -1, inFlow: false };
  for (const token of tokens(list)) {
    if (token.isPlain) refuseWithin(text, token);
    refuseBetween(text, previous, token.start, token.inFlow);
    previous = token;
  }
  refuseBetween(text, previous, text.length, false);
}

function refuseWithin(text: string, token: Token): void {
  for (const { at, line } of firstTabs(text, token.start, token.end)) {
    if (line > token.start && /^ *$/.test(text.slice(line, at)) && at - line <= token.blockColumn) throw tab(at);
  }
}

function refuseBetween(text: string, previous: Token, end: number, flowAfter: boolean): void {
  let content = -1;
  for (const { at, line } of firstTabs(text, previous.end, end)) {
    if (line < previous.end || !/^ *(?:[-?] +)*[-?]?$/.test(text.slice(line, at))) continue;
    if (content === -1) content = contentStart(text, previous.end, end);
    if (previous.isPlain && at < content) {
      if (at - line <= previous.blockColumn) throw tab(at);
    } else if (!previous.inFlow && !flowAfter) throw tab(at);
  }
}

/**
 * The first tab of each line within a range: what stands before it decides, so later ones add nothing. `line` is where its line
 * starts, or some place before the range.
 */
function* firstTabs(text: string, start: number, end: number): Generator<{ readonly at: number; readonly line: number }> {
  // Neither search may leave the range: one to the next tab of the whole text, for every token, would be quadratic.
  for (let at = start; at < end; at++) {
    if (text.charCodeAt(at) !== 9) continue;
    yield { at, line: lineStart(text, at, start - 1) };
    while (at < end && text.charCodeAt(at) !== 10) at++;
  }
}

function contentStart(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && ' \t\r\n'.includes(text.charAt(at))) at++;
  return at;
}

function tab(at: number): Refusal {
  return new Refusal('tab-indentation', 'a tab stands where only spaces may indent', at);
}

function* tokens({ text, events }: EventList): Generator<Token> {
  const columns: number[] = [];
  let flowDepth = 0;
  for (const event of events) {
    if (event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE) {
      const isFlow = event.style === COLLECTION_STYLE.FLOW;
      if (isFlow) flowDepth++;
      columns.push(isFlow ? -2 : event.start - lineStart(text, event.start));
    } else if (event.type === EVENT_ID.POP) {
      if (columns.pop() === -2) flowDepth--;
    } else if (event.type === EVENT_ID.SCALAR && event.valueStart >= 0) {
      yield token(event, columns, flowDepth > 0);
    }
  }
}

function token(event: ScalarEvent, columns: readonly number[], inFlow: boolean): Token {
  const isPlain = event.style === SCALAR_STYLE.PLAIN;
  const blockColumn = columns.findLast((column) => column !== -2) ?? -1;
  return { start: event.valueStart, end: event.valueEnd, isPlain, blockColumn, inFlow };
}

function lineStart(text: string, at: number, bound = 0): number {
  let start = at;
  while (start > bound && start > 0 && text.charCodeAt(start - 1) !== 10 && text.charCodeAt(start - 1) !== 13) start--;
  return start;
}
