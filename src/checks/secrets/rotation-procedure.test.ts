import { expect, it } from 'vitest';
import { readDocument } from '../../gather/documents/read-document.ts';
import { examine, verdicts } from '../testing.ts';
import { rotationProcedure } from './rotation-procedure.ts';

const text = (words: number) => `# A\n\n## B\n\n${'word '.repeat(words)}\n`;

it.each([
  ['a document of its kind', 'secret-rotation-procedure', 60, 'pass written Document/docs/a.md'],
  ['a document of another kind is none', 'notes', 60, 'unknown undeclared Document/secret-rotation-procedure'],
  ['a few words are no procedure', 'secret-rotation-procedure', 5, 'fail short Document/docs/a.md'],
])('rotation-procedure: %s', (_, kind, words, expected) => {
  expect(verdicts(examine(rotationProcedure, { documents: [readDocument(kind, 'docs/a.md', text(words))] }))).toEqual([expected]);
});

it('rotation-procedure: a standard may ask for more', () => {
  const documents = [readDocument('secret-rotation-procedure', 'docs/a.md', text(60))];
  expect(verdicts(examine(rotationProcedure, { documents, parameters: { minWords: 100 } }))).toEqual([
    'fail short Document/docs/a.md',
  ]);
  expect(verdicts(examine(rotationProcedure, { documents, parameters: { minSections: 3 } }))).toEqual([
    'fail unstructured Document/docs/a.md',
  ]);
});
