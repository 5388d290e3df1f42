import { addComments, allComments, type TextRange } from './comments.ts';
import type { ParsedText } from './document.ts';
import { readDocuments } from './parse.ts';
import { addLeaves, type ScalarLeaf } from './scalars.ts';

/** What a text holds, with the source token of every scalar and the range of every comment. */
export interface SourceReading extends ParsedText {
  readonly leaves: readonly ScalarLeaf[];
  readonly comments: readonly TextRange[];
}

/** `parseText`, `scalarLeaves` and `commentRanges` of a text in one reading. Never throws. */
export function readSource(text: string): SourceReading {
  const leaves: ScalarLeaf[] = [];
  const comments: TextRange[] = [];
  let isJson = false;
  const { documents, problems } = readDocuments(text, (reading, documentIndex) => {
    isJson ||= reading.isJson === true;
    addLeaves(leaves, text, reading, documentIndex);
    addComments(comments, text, reading);
  });
  return { documents, problems, leaves, comments: isJson ? [] : allComments(comments, text) };
}
