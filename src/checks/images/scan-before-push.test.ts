import { expect, it } from 'vitest';
import { readDocument } from '../../gather/documents/read-document.ts';
import { examine, verdicts } from '../testing.ts';
import { scanBeforePush } from './scan-before-push.ts';

const text = (words: number) => `# A\n\n## B\n\n${'word '.repeat(words)}\n`;

it.each([
  ['a document of its kind', 'image-scanning-procedure', 60, 'pass written Document/docs/a.md'],
  ['a document of another kind is none', 'notes', 60, 'unknown undeclared Document/image-scanning-procedure'],
  ['a few words are no procedure', 'image-scanning-procedure', 5, 'fail short Document/docs/a.md'],
])('scan-before-push: %s', (_, kind, words, expected) => {
  expect(verdicts(examine(scanBeforePush, { documents: [readDocument(kind, 'docs/a.md', text(words))] }))).toEqual([expected]);
});

it('scan-before-push: a standard may ask for more', () => {
  const documents = [readDocument('image-scanning-procedure', 'docs/a.md', text(60))];
  expect(verdicts(examine(scanBeforePush, { documents, parameters: { minWords: 100 } }))).toEqual([
    'fail short Document/docs/a.md',
  ]);
  expect(verdicts(examine(scanBeforePush, { documents, parameters: { minSections: 3 } }))).toEqual([
    'fail unstructured Document/docs/a.md',
  ]);
});
