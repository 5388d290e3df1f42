import type { SourceDocument } from '../../kube/yaml/document.ts';
import type { Edit } from './source-edits.ts';

interface Range {
  readonly start: number;
  readonly end: number;
}

/** What may stand between the scalars of a document: indicators, block headers, anchors, aliases, tags, merges, the document's end. */
const structure =
  /[\s\-?:,[\]{}\ufeff]+|[|>][0-9+-]{0,3}(?=\s|$)|[&*][^\s,[\]{}]+|![^\s,[\]{}]*|<<(?=[\s:])|\.\.\.(?=\s|$)|=(?=\s*:)/y;

/**
 * Blanks all text that is neither a scalar of a document that was read, nor a comment, nor structure: documents that were refused,
 * content after `...`, text on a separator's line. It has no path under which it could be judged, so none of it may stay.
 */
export function leftoverEdits(
  text: string,
  documents: readonly SourceDocument[],
  scalars: readonly Range[],
  comments: readonly Range[],
): readonly Edit[] {
  const edits: Edit[] = [];
  let at = 0;
  let document = 0;
  // Already in order, unless an alias repeats what stands before it: a sort that costs next to nothing.
  const sorted =
    comments.length === 0 && isSorted(scalars) ? scalars : [...scalars, ...comments].sort((a, b) => a.start - b.start);
  const gap = (start: number, end: number) => {
    let from = start;
    while (from < end) {
      while (document < documents.length && (documents[document]?.end ?? 0) <= from) document++;
      const current = documents[document];
      const inside = current !== undefined && from >= current.start.offset;
      const limit = Math.min(end, current === undefined ? end : inside ? current.end : current.start.offset);
      if (inside) blankUnknown(text, from, limit, edits);
      else blankAll(text, from, limit, edits);
      from = limit;
    }
  };
  for (const range of sorted) {
    if (range.start > at) gap(at, range.start);
    at = Math.max(at, range.end);
  }
  gap(at, text.length);
  return edits;
}

const isSorted = (ranges: readonly Range[]): boolean =>
  ranges.every(({ start }, index) => index === 0 || start >= (ranges[index - 1]?.start ?? 0));

/** ASCII blanks and indicators, of which most gaps consist: `structure` need not be asked about them. */
const isPlainStructure = new Uint8Array(128);
for (const character of ' \t\n\r-?:,[]{}') isPlainStructure[character.charCodeAt(0)] = 1;

function blankUnknown(text: string, start: number, end: number, edits: Edit[]): void {
  for (let at = start; at < end; ) {
    if (isPlainStructure[text.charCodeAt(at)] === 1) {
      at++;
      continue;
    }
    structure.lastIndex = at;
    const match = structure.exec(text);
    if (match !== null && match[0] !== '') {
      at += match[0].length;
      continue;
    }
    let stop = at;
    while (stop < end && !/[\s,[\]{}]/.test(text.charAt(stop))) stop++;
    stop = Math.max(stop, at + 1);
    edits.push({ start: at, end: stop, fill: 'blanks' });
    at = stop;
  }
}

/** Outside the documents that were read only separators stay; what follows one on its line does not. */
function blankAll(text: string, start: number, end: number, edits: Edit[]): void {
  for (let at = start; at < end; ) {
    const newline = text.indexOf('\n', at);
    const stop = newline === -1 || newline >= end ? end : newline + 1;
    const isLineStart = at === 0 || text.charCodeAt(at - 1) === 10 || (at === 1 && text.charCodeAt(0) === 0xfeff);
    const from = isLineStart && text.startsWith('---', at) ? Math.min(at + 3, stop) : at;
    if (/[^\s\ufeff]/.test(text.slice(from, stop))) edits.push({ start: from, end: stop, fill: 'blanks' });
    at = stop;
  }
}
