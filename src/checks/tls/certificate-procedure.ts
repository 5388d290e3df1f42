import { documents } from '../../facts/documents.ts';
import { defineCheck } from '../define-check.ts';
import { documentMessages, documentTargets, judgeDocument } from '../judge-document.ts';

export const certificateProcedure = defineCheck({
  id: 'certificate-procedure',
  gate: 'tls',
  level: 'medium',
  title: 'How certificates are issued and renewed is written down',
  rationale: 'When a renewal fails at night, somebody who did not set it up has to repair it before the certificate ends.',
  remedy: 'document-certificates',
  references: ['https://cert-manager.io/docs/troubleshooting/'],
  decidedBy: 'evidence',
  attestable: true,
  whenToWaive: 'Certificates that the platform team owns and documents for everybody.',
  needs: { documents },
  parameters: { minWords: 50, minSections: 2 },
  stricter: { minWords: 'higher', minSections: 'higher' },
  messages: documentMessages,
  looksFor: [],
  targets: ({ documents }) => documentTargets(documents, 'certificate-procedure'),
  assess: (target, { parameters }, say) => judgeDocument(target, parameters, say),
});
