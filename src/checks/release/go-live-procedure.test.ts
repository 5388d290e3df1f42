import { expect, it } from 'vitest';
import { readDocument } from '../../gather/documents/read-document.ts';
import { examine, verdicts } from '../testing.ts';
import { goLiveProcedure } from './go-live-procedure.ts';

const text = (words: number) => `# A\n\n## B\n\n${'word '.repeat(words)}\n`;

it.each([
  ['a document of its kind', 'go-live-procedure', 60, 'pass written Document/docs/a.md'],
  ['a document of another kind is none', 'notes', 60, 'unknown undeclared Document/go-live-procedure'],
  ['a few words are no procedure', 'go-live-procedure', 5, 'fail short Document/docs/a.md'],
])('go-live-procedure: %s', (_, kind, words, expected) => {
  expect(verdicts(examine(goLiveProcedure, { documents: [readDocument(kind, 'docs/a.md', text(words))] }))).toEqual([expected]);
});

it('go-live-procedure: a standard may ask for more', () => {
  const documents = [readDocument('go-live-procedure', 'docs/a.md', text(60))];
  expect(verdicts(examine(goLiveProcedure, { documents, parameters: { minWords: 100 } }))).toEqual([
    'fail short Document/docs/a.md',
  ]);
  expect(verdicts(examine(goLiveProcedure, { documents, parameters: { minSections: 3 } }))).toEqual([
    'fail unstructured Document/docs/a.md',
  ]);
});
