import { documents } from '../../facts/documents.ts';
import { defineCheck } from '../define-check.ts';
import { documentMessages, documentTargets, judgeDocument } from '../judge-document.ts';

export const scanBeforePush = defineCheck({
  id: 'scan-before-push',
  gate: 'images',
  level: 'medium',
  title: 'Images are scanned before they are pushed',
  rationale: 'A scan by hand before the launch says nothing of the image that is built the day after.',
  remedy: 'scan-images',
  references: ['https://docs.docker.com/build/ci/', 'https://trivy.dev/latest/docs/'],
  decidedBy: 'evidence',
  attestable: true,
  whenToWaive: 'A registry that scans every image and refuses to serve what it finds unfit.',
  needs: { documents },
  parameters: { minWords: 30, minSections: 2 },
  stricter: { minWords: 'higher', minSections: 'higher' },
  messages: {
    ...documentMessages,
    undeclared:
      'Nothing shows that images are scanned before they are pushed. Attest it, or declare a document of kind {kind} under spec.documents.',
    written: '{path} describes it: {words} words in {sections} sections, none open.',
  },
  looksFor: [],
  targets: ({ documents }) => documentTargets(documents, 'image-scanning-procedure'),
  assess: (target, { parameters }, say) => judgeDocument(target, parameters, say),
});
