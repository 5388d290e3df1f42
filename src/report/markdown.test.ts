import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Assessment } from '../model/judgement.ts';
import type { ReviewResult } from '../model/result.ts';
import { markdown } from './markdown.ts';
import { aCheck, anAssessment, emptyResult, hostileResult, sampleResult } from './testing.ts';

const render = (result: ReviewResult) =>
  [...markdown.render(result, { color: false, width: 80, unicode: true, details: 'all' })].join('');
const line = (text: string, start: string) => text.split('\n').find((candidate) => candidate.startsWith(start));
const withCheck = (id: string, ...parts: readonly Partial<Assessment>[]) => ({
  ...sampleResult(),
  checks: [
    aCheck(
      id,
      'data',
      'high',
      parts.map((part, index) => anAssessment(index, part)),
    ),
  ],
});

describe('the checklist', () => {
  const item = (result: ReviewResult) => line(render(result), '| Database migrations validated |')?.split(' | ')[1];
  test.each<[string, readonly Partial<Assessment>[], string]>([
    ['all pass', [{ outcome: 'pass' }], '\u2705 YES'],
    ['one fails', [{ outcome: 'pass' }, {}], '\u274c NO'],
    ['one is unknown', [{ outcome: 'pass' }, { outcome: 'unknown' }], '\u23f3 NOT PROVEN'],
    ['it is only claimed', [{ outcome: 'pass', reason: 'claimed' }], '\u23f3 CLAIMED'],
    ['the failure is waived', [{ waiver: { owner: 'a', reason: 'b', expires: '2026-09-01T00:00:00Z' } }], '\u23f3 WAIVED'],
    ['there is nothing to judge', [{ outcome: 'not-applicable' }], '\u2796 NOT APPLICABLE'],
  ])('when %s', (_, parts, expected) => expect(item(withCheck('migrations-validated', ...parts))).toBe(expected));

  test('a check that the standard leaves out is not reviewed, also beside one that passes', () => {
    expect(item(emptyResult())).toBe('\u23f3 NOT REVIEWED');
    const text = render(withCheck('alert-rules', { outcome: 'pass' }));
    expect(line(text, '| Alerting configured |')).toMatch(/NOT REVIEWED.*`alert-routing` is not part/);
  });
});

describe('statuses', () => {
  test('the header and the recommendation say the same verdict', () => {
    for (const verdict of ['launch', 'launch-with-conditions', 'do-not-launch', 'no-verdict'] as const) {
      const text = render({
        ...sampleResult(),
        verdict,
        basis: [],
        review: { ...sampleResult().review, status: 'APPROVED BY ALL' },
      });
      const words = verdict === 'no-verdict' ? 'NO LAUNCH VERDICT' : verdict.replaceAll('-', ' ').toUpperCase();
      expect(line(text, '**Status:** ')).toBe(`**Status:** ${words}\\`);
      expect(text.slice(text.indexOf('## 5.'))).toMatch(new RegExp(`^\\*\\*\\S+ ${words}\\*\\*`, 'm'));
      expect(text).not.toContain('APPROVED BY ALL');
    }
  });

  test('each gate stands once in the sign-off summary, under the status of its own section', () => {
    const text = render(sampleResult());
    const summary = text.slice(text.indexOf('## 4.'), text.indexOf('## 5.'));
    const headings = {
      approved: 'Approved',
      conditional: 'Conditional',
      awaiting: 'Awaiting',
      'not-ready': 'Not Ready',
      'not-assessed': 'Not Assessed',
    };
    for (const gate of sampleResult().gates) {
      const under = summary.split('### ').filter((part) => part.includes(`- ${gate.title}: `));
      expect(under.map((part) => part.split(' ').slice(0, headings[gate.status].split(' ').length).join(' '))).toEqual([
        headings[gate.status],
      ]);
    }
  });

  test('a missing sign-off is named beside the tasks', () => {
    expect(render(sampleResult())).toContain(
      'DO NOT LAUNCH** until critical path items 1-4 are complete and every required sign-off is given.',
    );
    expect(render({ ...sampleResult(), basis: ['refuted'] })).toContain('until critical path items 1-4 are complete.');
  });
});

test('data makes no markup: tables keep their columns, there are no tags and no links', () => {
  const text = render(hostileResult());
  const tables = text.split(/\n\n/).filter((block) => block.startsWith('|'));
  for (const table of tables)
    expect(
      new Set(
        table
          .trim()
          .split('\n')
          .map((row) => row.replace(/^\|---.*$/, (head) => head.replaceAll('|', ' | ')).split('|').length),
      ).size,
    ).toBe(1);
  const prose = text.replace(/(`+)[^`](?:.*?[^`])?\1(?!`)/g, '');
  expect(prose).not.toMatch(/<[a-z/]/i);
  expect(prose).not.toMatch(/(?<!\\)\]\(/);
  expect(prose).not.toMatch(/https?:\/\//);
  expect(text.split('\n').filter((row) => row.startsWith('#')).length).toBe(
    render(sampleResult())
      .split('\n')
      .filter((row) => row.startsWith('#')).length,
  );
});

test('a load view of any other shape is left out, and breaks nothing', () => {
  const run = fc.dictionary(
    fc.constantFrom('path', 'test', 'engine', 'counts', 'figures', 'throughput', 'labels', 'invalid'),
    fc.jsonValue(),
  );
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), fc.record({ runs: fc.array(fc.oneof(run, fc.jsonValue())) })), (load) => {
      const sample = sampleResult();
      expect(render({ ...sample, views: { ...sample.views, load } })).toContain('## Load Test Results');
    }),
    { numRuns: 40 },
  );
});
