import { expect, it } from 'vitest';
import { readDocument } from '../../gather/documents/read-document.ts';
import { examine, verdicts } from '../testing.ts';
import { rollbackProcedure } from './rollback-procedure.ts';

const text = (words: number) => `# A\n\n## B\n\n${'word '.repeat(words)}\n`;

it.each([
  ['a document of its kind', 'rollback-procedure', 60, 'pass written Document/docs/a.md'],
  ['a document of another kind is none', 'notes', 60, 'unknown undeclared Document/rollback-procedure'],
  ['a few words are no procedure', 'rollback-procedure', 5, 'fail short Document/docs/a.md'],
])('rollback-procedure: %s', (_, kind, words, expected) => {
  expect(verdicts(examine(rollbackProcedure, { documents: [readDocument(kind, 'docs/a.md', text(words))] }))).toEqual([expected]);
});

it('rollback-procedure: a standard may ask for more', () => {
  const documents = [readDocument('rollback-procedure', 'docs/a.md', text(60))];
  expect(verdicts(examine(rollbackProcedure, { documents, parameters: { minWords: 100 } }))).toEqual([
    'fail short Document/docs/a.md',
  ]);
  expect(verdicts(examine(rollbackProcedure, { documents, parameters: { minSections: 3 } }))).toEqual([
    'fail unstructured Document/docs/a.md',
  ]);
});
