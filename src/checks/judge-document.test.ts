import { describe, expect, it } from 'vitest';
import { aBundle } from '../evidence/testing.ts';
import { documents, documentsOf } from '../facts/documents.ts';
import { createFacts } from '../facts/fact.ts';
import { emptyReview } from '../evidence/declared.ts';
import { readDocument } from '../gather/documents/read-document.ts';
import { say } from './define-check.ts';
import { type documentMessages, documentTargets, judgeDocument } from './judge-document.ts';
import type { Say } from './define-check.ts';

const rule = { minWords: 5, minSections: 2 };
const said = (text: string, path = 'docs/a.md') => {
  const facts = createFacts(aBundle({ documents: [readDocument('runbook', path, text)] }));
  return [...documentTargets(facts(documents), 'runbook')].flatMap((target) =>
    judgeDocument(target, rule, say as Say<typeof documentMessages>).map(
      ({ outcome, message, location }) => `${outcome} ${message} ${location?.file}:${location?.line}`,
    ),
  );
};

describe('a document', () => {
  it.each<[string, string, readonly string[]]>([
    ['with text in every section', '# A\n\n## B\n\none two three four five\n', ['pass written docs/a.md:1']],
    ['of headings over nothing', '# A\n\nword\n\n## B\n\n## C\n', ['fail hollow docs/a.md:5']],
    ['whose sections only have subsections', '# A\n\n## B\n\n### C\n\none two three four five\n', ['pass written docs/a.md:1']],
    ['whose last subsection is empty', '# A\n\none two three four five\n\n## B\n\n### C\n', ['fail hollow docs/a.md:7']],
    ['with a TODO', '# A\n\n## B\n\none two three four five\n\n## C\n\nTODO\n', ['fail open docs/a.md:9']],
    ['whose template is a comment', '# A\n\n## B\n\n<!-- describe how to detect the failure -->\n', ['fail empty docs/a.md:1']],
    ['that is empty', '', ['fail empty docs/a.md:1']],
    ['of a few words', '# A\n\n## B\n\nrestart it\n', ['fail short docs/a.md:1']],
    ['without headings', 'one two three four five six\n', ['fail unstructured docs/a.md:1']],
    ['that is unfinished is not called short as well', '# A\n\n## B\n\nTODO\n', ['fail open docs/a.md:5']],
    ['whose code shows a marker in use', '# A\n\n## B\n\none two three four `git grep FIXTURE`\n', ['pass written docs/a.md:1']],
  ])('%s', (_, text, expected) => {
    expect(said(text)).toEqual(expected);
  });
});

describe('documents of a kind', () => {
  const declared = (path: string) => ({
    ...emptyReview('x'),
    documents: [{ kind: 'runbook', path, place: { file: 's.yaml', line: 7, column: 5 } }],
  });
  const head = { kind: 'document', role: 'system', environment: 'production' } as const;
  const judge = (found: ReturnType<typeof documentsOf>) =>
    [...documentTargets(found, 'runbook')].flatMap((target) =>
      judgeDocument(target, rule, say as Say<typeof documentMessages>).map(
        ({ outcome, message, location }) =>
          `${outcome} ${message} ${target.ref.name}${location === undefined ? '' : ` ${location.file}:${location.line}`}`,
      ),
    );

  it.each<[string, ReturnType<typeof documentsOf>, readonly string[]]>([
    ['none declared: the kind itself is unknown', documentsOf([], emptyReview('x')), ['unknown undeclared runbook']],
    [
      'declared and missing, pointing to the declaration',
      documentsOf([{ ...head, id: 'a', source: 'docs/r.md', status: 'absent', reason: 'no such file.' }], declared('docs/r.md')),
      ['fail missing docs/r.md s.yaml:7'],
    ],
    ['declared, and nobody gathered it', documentsOf([], declared('docs/r.md')), ['fail missing docs/r.md s.yaml:7']],
    [
      'there, and unreadable: nobody knows what it says',
      documentsOf(
        [{ ...head, id: 'a', source: 'docs/r/a.md', status: 'failed', code: 'X', reason: 'not UTF-8' }],
        declared('docs/r/'),
      ),
      ['unknown failed docs/r/a.md'],
    ],
    [
      'a folder with a similar name is another one',
      documentsOf(
        [{ ...head, id: 'a', source: 'docs/rest/a.md', status: 'failed', code: 'X', reason: 'no' }],
        declared('docs/r'),
      ),
      ['fail missing docs/r s.yaml:7'],
    ],
  ])('%s', (_, found, expected) => {
    expect(judge(found)).toEqual(expected);
  });
});
