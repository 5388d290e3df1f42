import { expect, it } from 'vitest';
import { readDocument } from '../../gather/documents/read-document.ts';
import { examine, verdicts } from '../testing.ts';
import { runbooks } from './runbooks.ts';

const text = (words: number) => `# A\n\n## B\n\n${'word '.repeat(words)}\n`;

it.each([
  ['a document of its kind', 'runbook', 60, 'pass written Document/docs/a.md'],
  ['a document of another kind is none', 'notes', 60, 'unknown undeclared Document/runbook'],
  ['a few words are no procedure', 'runbook', 5, 'fail short Document/docs/a.md'],
])('runbooks: %s', (_, kind, words, expected) => {
  expect(verdicts(examine(runbooks, { documents: [readDocument(kind, 'docs/a.md', text(words))] }))).toEqual([expected]);
});

it('runbooks: a standard may ask for more', () => {
  const documents = [readDocument('runbook', 'docs/a.md', text(60))];
  expect(verdicts(examine(runbooks, { documents, parameters: { minWords: 100 } }))).toEqual(['fail short Document/docs/a.md']);
  expect(verdicts(examine(runbooks, { documents, parameters: { minSections: 3 } }))).toEqual([
    'fail unstructured Document/docs/a.md',
  ]);
});

it('runbooks: each is a target of its own', () => {
  const documents = [
    readDocument('runbook', 'docs/a.md', text(60)),
    readDocument('runbook', 'docs/b.md', `${text(60)}\n## C\n\nTBD\n`),
  ];
  expect(verdicts(examine(runbooks, { documents }))).toEqual(['pass written Document/docs/a.md', 'fail open Document/docs/b.md']);
});
