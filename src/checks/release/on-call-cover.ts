import { documents } from '../../facts/documents.ts';
import { defineCheck } from '../define-check.ts';
import { documentMessages, documentTargets, judgeDocument } from '../judge-document.ts';

export const onCallCover = defineCheck({
  id: 'on-call-cover',
  gate: 'release',
  level: 'medium',
  title: 'Somebody is on call from the launch on',
  rationale: 'An alert that nobody is awake for is a log line: the first week after a launch is when most of them fire.',
  remedy: 'cover-on-call',
  references: ['https://sre.google/sre-book/being-on-call/'],
  decidedBy: 'person',
  attestable: true,
  whenToWaive: 'A launch without users, whose failure may wait for the morning.',
  needs: { documents },
  parameters: { minWords: 30, minSections: 2 },
  stricter: { minWords: 'higher', minSections: 'higher' },
  messages: {
    ...documentMessages,
    undated: '{path} describes on-call. Who covers the launch, only a person can say: attest it.',
  },
  looksFor: [],
  targets: ({ documents }) => documentTargets(documents, 'on-call'),
  assess(target, { parameters }, say) {
    const judged = judgeDocument(target, parameters, say);
    const [{ outcome, location }] = judged;
    // That a rota is written does not say that it covers the days of the launch, or that those named know of it.
    if (outcome !== 'pass') return judged;
    return {
      ...say.unknown('undated', { path: target.document?.path ?? '' }),
      reason: 'needs-a-person',
      ...(location === undefined ? {} : { location }),
    };
  },
});
