/**
 * A piece of a stream that is parsed alone: `text.slice(start, end)`. `dropped` is the offset of content after `...`, which
 * kubectl never reads. `badSeparator` is the offset of a separator line that kubectl refuses; such a piece is not read.
 */
export interface Chunk {
  readonly start: number;
  readonly end: number;
  /** Where the piece ends in the stream: `end`, or further on if the document ends with `...`. */
  readonly limit: number;
  readonly dropped?: number;
  readonly badSeparator?: number;
}

/**
 * Splits a stream as kubectl's YAMLReader does (k8s.io/apimachinery/pkg/util/yaml): at every line that starts with `---`,
 * whatever it stands in; after it only blanks and a comment may follow. Within a piece, a line `...` ends the document
 * (the YAML library reads one document for each piece).
 */
export function splitStream(text: string): readonly Chunk[] {
  const chunks: Chunk[] = [];
  let start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let badSeparator: number | undefined;
  let separator = text.startsWith('---', start) ? start : nextSeparator(text, start);
  while (separator !== -1) {
    pushChunk(chunks, text, start, separator, badSeparator);
    start = lineEnd(text, separator);
    badSeparator = /^[ \t\r]*(?:#|$)/.test(text.slice(separator + 3, start).trimEnd()) ? undefined : separator;
    separator =
      text.startsWith('---', start) && start > 0 && text.charCodeAt(start - 1) === 10 ? start : nextSeparator(text, start);
  }
  pushChunk(chunks, text, start, text.length, badSeparator);
  return chunks;
}

/** The comment of a separator line (`--- # c`), as offsets, for every separator of the stream. */
export function separatorComments(text: string): readonly { readonly start: number; readonly end: number }[] {
  const comments: { start: number; end: number }[] = [];
  for (const { start } of splitStream(text)) {
    const line = lineStart(text, start - 1);
    if (start === 0 || !text.startsWith('---', line)) continue;
    const hash = /^---[ \t]*(?=#)/.exec(text.slice(line, start));
    if (hash) comments.push({ start: line + hash[0].length, end: line + text.slice(line, start).trimEnd().length });
  }
  return comments;
}

function pushChunk(chunks: Chunk[], text: string, start: number, end: number, badSeparator: number | undefined): void {
  if (badSeparator !== undefined) {
    chunks.push({ start, end, limit: end, badSeparator });
    return;
  }
  if (start >= end) return;
  const stop = documentEnd(text, start, end);
  if (stop === -1) {
    chunks.push({ start, end, limit: end });
    return;
  }
  const dropped = firstContent(text, stop + 3, end);
  chunks.push(dropped === -1 ? { start, end: stop, limit: end } : { start, end: stop, limit: end, dropped });
}

function nextSeparator(text: string, from: number): number {
  const at = text.indexOf('\n---', from);
  return at === -1 ? -1 : at + 1;
}

function lineEnd(text: string, from: number): number {
  const at = text.indexOf('\n', from);
  return at === -1 ? text.length : at + 1;
}

function lineStart(text: string, at: number): number {
  let start = Math.min(at, text.length - 1);
  if (text.charCodeAt(start) === 10) start--;
  while (start > 0 && text.charCodeAt(start - 1) !== 10) start--;
  return start === 0 && text.charCodeAt(0) === 0xfeff ? 1 : Math.max(start, 0);
}

/** Looks at the piece alone: a search in the whole text would run to its end for each piece. */
function documentEnd(text: string, start: number, end: number): number {
  const piece = text.slice(start, end);
  for (let at = 0; at !== -1; ) {
    if (piece.startsWith('...', at) && isBlankOrEnd(piece, at + 3)) return start + at;
    const next = piece.indexOf('\n...', at);
    at = next === -1 ? -1 : next + 1;
  }
  return -1;
}

function isBlankOrEnd(text: string, at: number): boolean {
  return at >= text.length || ' \t\r\n'.includes(text.charAt(at));
}

/** Skips blanks, comments and further `...` lines; -1 if nothing else is there. */
function firstContent(text: string, from: number, end: number): number {
  let atLineStart = false;
  for (let at = from; at < end; ) {
    if (atLineStart && text.startsWith('...', at) && isBlankOrEnd(text, at + 3)) at += 3;
    const code = text.charCodeAt(at);
    if (code === 35) at = lineEnd(text, at);
    else if (code === 10 || code === 13 || code === 32 || code === 9) at++;
    else if (at < end && !Number.isNaN(code)) return at;
    atLineStart = text.charCodeAt(at - 1) === 10;
  }
  return -1;
}
