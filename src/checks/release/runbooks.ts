import { documents } from '../../facts/documents.ts';
import { defineCheck } from '../define-check.ts';
import { documentMessages, documentTargets, judgeDocument } from '../judge-document.ts';

export const runbooks = defineCheck({
  id: 'runbooks',
  gate: 'release',
  level: 'high',
  title: 'Runbooks for what can break are written',
  rationale:
    'A page at night is answered by somebody who did not build the service; a runbook of headings over nothing costs the minutes it was to save.',
  remedy: 'write-runbooks',
  references: ['https://sre.google/sre-book/being-on-call/'],
  decidedBy: 'evidence',
  attestable: true,
  whenToWaive: 'A service that nobody is paged for.',
  needs: { documents },
  parameters: { minWords: 50, minSections: 2 },
  stricter: { minWords: 'higher', minSections: 'higher' },
  messages: documentMessages,
  looksFor: [],
  targets: ({ documents }) => documentTargets(documents, 'runbook'),
  assess: (target, { parameters }, say) => judgeDocument(target, parameters, say),
});
