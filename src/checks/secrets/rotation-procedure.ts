import { documents } from '../../facts/documents.ts';
import { defineCheck } from '../define-check.ts';
import { documentMessages, documentTargets, judgeDocument } from '../judge-document.ts';

export const rotationProcedure = defineCheck({
  id: 'rotation-procedure',
  gate: 'secrets',
  level: 'medium',
  title: 'How secrets are rotated is written down',
  rationale:
    'A leaked secret has to be replaced within the hour, by whoever is awake; without a procedure the replacement becomes the outage.',
  remedy: 'document-secret-handling',
  references: ['https://kubernetes.io/docs/concepts/security/secrets-good-practices/'],
  decidedBy: 'evidence',
  attestable: true,
  whenToWaive: 'No secret of the system can be rotated by its team.',
  needs: { documents },
  parameters: { minWords: 50, minSections: 2 },
  stricter: { minWords: 'higher', minSections: 'higher' },
  messages: documentMessages,
  looksFor: [],
  targets: ({ documents }) => documentTargets(documents, 'secret-rotation-procedure'),
  assess: (target, { parameters }, say) => judgeDocument(target, parameters, say),
});
