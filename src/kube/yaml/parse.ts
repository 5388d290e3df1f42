import { refuseCharacters } from './characters.ts';
import type { ParsedText, SourceDocument, SourceProblem } from './document.ts';
import { LIMITS } from './limits.ts';
import { lineTable } from './lines.ts';
import { locateProblem, type RawProblem } from './problem.ts';
import { type Reading, readPieces } from './reading.ts';

/**
 * Reads a YAML stream, a JSON value or a stream of JSON objects as kubectl reads it (sigs.k8s.io/yaml), and reports what is wrong
 * or surprising in it. Never throws. Each piece between `---` is read alone; empty and null documents are skipped.
 */
export function parseText(text: string): ParsedText {
  return readDocuments(text);
}

/** As `parseText`; shows every piece to `see` as it is read, with the index of its document if it is one. */
export function readDocuments(text: string, see?: (reading: Reading, documentIndex: number) => void): ParsedText {
  const lines = lineTable(text);
  const documents: SourceDocument[] = [];
  const problems: SourceProblem[] = [];
  let hasTemplate = false;
  for (const reading of readText(text)) {
    const { base, end, document } = reading;
    see?.(reading, documents.length);
    if (document !== undefined) {
      documents.push({ index: documents.length, start: lines(document.start), end, value: document.value });
    }
    for (const problem of reading.problems) {
      // One template makes many pieces unreadable: one line says so.
      if (problem.code === 'template-syntax' && hasTemplate) continue;
      hasTemplate ||= problem.code === 'template-syntax';
      if (problems.length < LIMITS.problems || isNewError(problems, problem)) problems.push(locateProblem(problem, base, lines));
    }
  }
  return { documents, problems };
}

/** The pieces of a text; one without document if its characters are refused. */
export function readText(text: string): Iterable<Reading> {
  const refused = refuseCharacters(text);
  return refused === undefined ? readPieces(text) : [{ base: 0, end: text.length, limit: text.length, problems: [refused] }];
}

/** Beyond the bound only the first problem of each kind is kept, so that no kind disappears. */
function isNewError(problems: readonly SourceProblem[], problem: RawProblem): boolean {
  return !problems.some(({ code }) => code === problem.code);
}
