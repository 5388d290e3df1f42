import { documents } from '../../facts/documents.ts';
import { defineCheck, type Judgement } from '../define-check.ts';
import { documentMessages, documentTargets, judgeDocument } from '../judge-document.ts';

/** Ways in which secrets reach a cluster, by the words that headings use for them. */
const options: readonly RegExp[] = [
  /sealed ?secrets?|kubeseal/i,
  /external ?secrets?|\beso\b|secrets? manager|key ?vault|secret manager/i,
  /\bvault\b/i,
  /\bsops\b/i,
  /\bcsi\b|secrets? store/i,
  /\b(direct(ly)?|plain|manual(ly)?|kubectl|templates?)\b/i,
];
const recommendation = /recommend|decision|decide|choice|choose|which (one|option)|when to use|production/i;

export const secretOptionsDocumented = defineCheck({
  id: 'secret-options-documented',
  gate: 'secrets',
  level: 'medium',
  title: 'The ways to deliver secrets are written down, with the one to use',
  rationale: 'Where nobody wrote down how secrets reach the cluster, the next secret takes the shortest way: into git.',
  remedy: 'document-secret-handling',
  references: ['https://kubernetes.io/docs/concepts/security/secrets-good-practices/'],
  decidedBy: 'evidence',
  attestable: true,
  whenToWaive: 'An organisation that allows one way only, and enforces it.',
  needs: { documents },
  parameters: { minWords: 50, minSections: 2, minOptions: 2 },
  stricter: { minWords: 'higher', minSections: 'higher', minOptions: 'higher' },
  messages: {
    ...documentMessages,
    'few-options': '{path} has headings for {options} ways to deliver secrets; at least {wanted} are asked for.',
    'no-recommendation': '{path} recommends none of the ways: no heading says which one to choose.',
  },
  looksFor: [],
  targets: ({ documents }) => documentTargets(documents, 'secret-options'),
  assess(target, { parameters }, say) {
    const judged = judgeDocument(target, parameters, say);
    const state = target.document?.state;
    if (state?.status !== 'read' || state.data.words === 0) return judged;
    const { path, sections } = state.data;
    const headings = sections.map(({ heading }) => heading);
    const found = options.filter((option) => headings.some((heading) => option.test(heading))).length;
    const gaps: Judgement[] = judged.filter(({ outcome }) => outcome === 'fail');
    const location = { file: path, line: 1, path: '' };
    if (found < parameters.minOptions)
      gaps.push({ ...say.fail('few-options', { path, options: found, wanted: parameters.minOptions }), location });
    if (!headings.some((heading) => recommendation.test(heading)))
      gaps.push({ ...say.fail('no-recommendation', { path }), location });
    const [first, ...rest] = gaps;
    return first === undefined ? judged : [first, ...rest];
  },
});
