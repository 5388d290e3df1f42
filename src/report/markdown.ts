import type { ReviewResult } from '../model/result.ts';
import { checklist } from './markdown-checklist.ts';
import { loadTest } from './markdown-load-test.ts';
import { criticalPath, recommendation } from './markdown-plan.ts';
import { reviewByGate, signOffSummary } from './markdown-gates.ts';
import { escapeMarkdown, escapeMoment } from './markdown-text.ts';
import { coverage, evidenceTable, notes } from './markdown-basis.ts';
import { inChunks, inLines, type Reporter } from './reporter.ts';
import { listed, verdictWords } from './wording.ts';

/** A document to commit: the review in the sections that teams write by hand, each line with its evidence. */
export const markdown: Reporter = {
  id: 'markdown',
  title: 'Markdown document',
  extension: '.md',
  render: (result) => inChunks(inLines(document(result))),
};

function* document(result: ReviewResult): Generator<string> {
  yield* header(result);
  for (const section of [reviewByGate, checklist, criticalPath, signOffSummary, recommendation]) {
    yield* ['', '---', ''];
    yield* section(result);
  }
  yield* ['', '---', ''];
  yield* footer(result);
  for (const section of [loadTest, evidenceTable, coverage, notes]) {
    yield* ['', '---', ''];
    yield* section(result);
  }
}

function* header({ review, asOf, verdict, basis, standard }: ReviewResult): Generator<string> {
  const phase = review.phase === undefined ? '' : `, phase ${escapeMarkdown(review.phase)}`;
  yield `# Production Readiness Review \u2014 ${escapeMarkdown(review.name)}${phase}`;
  yield '';
  const assumed = review.environmentAssumed ? ' (assumed)' : '';
  const title = review.title === undefined ? '' : `${escapeMarkdown(review.title)}, `;
  // The verdict is the only status of this document: a word in a file that says otherwise would contradict it.
  yield* fields([
    ['Date', escapeMoment(asOf)],
    ['Status', `${verdictWords[verdict]}${basis.length === 0 ? '' : ` (${listed(basis, 3)})`}`],
    ['Owner', review.owner === undefined ? 'not named in the review file' : escapeMarkdown(review.owner)],
    ['Target', `${title}environment ${escapeMarkdown(review.environment)}${assumed}`],
    ...(review.launchAt === undefined ? [] : [['Launch planned', escapeMoment(review.launchAt)] as const]),
    ['Standard', escapeMarkdown(standard.id)],
  ]);
}

function* footer({ review, asOf, validUntil, tool }: ReviewResult): Generator<string> {
  yield* fields([
    [
      'Document version',
      review.documentVersion === undefined ? 'not named in the review file' : escapeMarkdown(review.documentVersion),
    ],
    ['Last updated', escapeMoment(asOf)],
    [
      'Valid until',
      validUntil === undefined
        ? 'no date is known at which time alone changes the verdict'
        : `${escapeMoment(validUntil)}, if nothing else changes`,
    ],
    ['Computed by', `seaworthy ${escapeMarkdown(tool.version)}`],
  ]);
}

/** Bold names with values, one a line: two spaces at the end of a line break it in Markdown, but editors strip them, so a backslash does. */
function* fields(entries: readonly (readonly [string, string])[]): Generator<string> {
  for (const [index, [name, value]] of entries.entries())
    yield `**${name}:** ${value}${index === entries.length - 1 ? '' : '\\'}`;
}
