import { expect, it } from 'vitest';
import { readDocument } from '../../gather/documents/read-document.ts';
import { examine, verdicts } from '../testing.ts';
import { certificateProcedure } from './certificate-procedure.ts';

const text = (words: number) => `# A\n\n## B\n\n${'word '.repeat(words)}\n`;

it.each([
  ['a document of its kind', 'certificate-procedure', 60, 'pass written Document/docs/a.md'],
  ['a document of another kind is none', 'notes', 60, 'unknown undeclared Document/certificate-procedure'],
  ['a few words are no procedure', 'certificate-procedure', 5, 'fail short Document/docs/a.md'],
])('certificate-procedure: %s', (_, kind, words, expected) => {
  expect(verdicts(examine(certificateProcedure, { documents: [readDocument(kind, 'docs/a.md', text(words))] }))).toEqual([
    expected,
  ]);
});

it('certificate-procedure: a standard may ask for more', () => {
  const documents = [readDocument('certificate-procedure', 'docs/a.md', text(60))];
  expect(verdicts(examine(certificateProcedure, { documents, parameters: { minWords: 100 } }))).toEqual([
    'fail short Document/docs/a.md',
  ]);
  expect(verdicts(examine(certificateProcedure, { documents, parameters: { minSections: 3 } }))).toEqual([
    'fail unstructured Document/docs/a.md',
  ]);
});
