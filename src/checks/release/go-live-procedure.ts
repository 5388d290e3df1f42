import { documents } from '../../facts/documents.ts';
import { defineCheck } from '../define-check.ts';
import { documentMessages, documentTargets, judgeDocument } from '../judge-document.ts';

export const goLiveProcedure = defineCheck({
  id: 'go-live-procedure',
  gate: 'release',
  level: 'high',
  title: 'The steps of the launch are written down',
  rationale:
    'Without an order of steps, an owner for each and a point at which to stop, a launch goes on because nobody is the one to end it.',
  remedy: 'write-go-live',
  references: ['https://sre.google/sre-book/reliable-product-launches/'],
  decidedBy: 'evidence',
  attestable: true,
  whenToWaive: 'A launch that is an ordinary release.',
  needs: { documents },
  parameters: { minWords: 50, minSections: 2 },
  stricter: { minWords: 'higher', minSections: 'higher' },
  messages: documentMessages,
  looksFor: [],
  targets: ({ documents }) => documentTargets(documents, 'go-live-procedure'),
  assess: (target, { parameters }, say) => judgeDocument(target, parameters, say),
});
