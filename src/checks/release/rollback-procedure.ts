import { documents } from '../../facts/documents.ts';
import { defineCheck } from '../define-check.ts';
import { documentMessages, documentTargets, judgeDocument } from '../judge-document.ts';

export const rollbackProcedure = defineCheck({
  id: 'rollback-procedure',
  gate: 'release',
  level: 'high',
  title: 'How a release is rolled back is written down',
  rationale: 'A rollback that is worked out during the outage is slow, and forgets the database.',
  remedy: 'write-rollback',
  references: ['https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-back-a-deployment'],
  decidedBy: 'evidence',
  attestable: true,
  whenToWaive: 'A first launch without users, which is undone by removing it.',
  needs: { documents },
  parameters: { minWords: 50, minSections: 2 },
  stricter: { minWords: 'higher', minSections: 'higher' },
  messages: documentMessages,
  looksFor: [],
  targets: ({ documents }) => documentTargets(documents, 'rollback-procedure'),
  assess: (target, { parameters }, say) => judgeDocument(target, parameters, say),
});
