import { describe, expect, it } from 'vitest';
import { aRecord, type RecordParts, type RunShape } from '../../evidence/load-tests/testing.ts';
import { columns } from '../../report/clean-text.ts';
import { textPage } from '../../report/text-page.ts';
import { demandOf } from './demand.ts';
import { judgeRun } from './judgement.ts';
import { runPage } from './page.ts';

const demand = demandOf(undefined, { threshold: [] });
const pageOf = (shape: RunShape, parts: RecordParts, width: number, unicode = true) => {
  const record = aRecord(shape, parts);
  return [...runPage(record, judgeRun(record, demand), textPage({ color: false, details: 'summary', width, unicode }))];
};

const hostile = {
  target: `http://127.0.0.1/\u001b[31m${'x'.repeat(50)}`,
  test: { requests: [{ name: 'a\u0000\nb', method: 'GET', path: '/', weight: 1 }] },
  notes: ['first\u001b]0;title\u0007', 'a line\nand another'],
  counts: { byError: { 'E\u001b[2J': 3 } },
} satisfies RecordParts;

describe('the end page', () => {
  it('of a run that kept its limits', () => {
    expect(`\n${pageOf({ images: [`sha256:${'a'.repeat(64)}`] }, {}, 100).join('\n')}\n`).toMatchSnapshot();
  });
  it.each([60, 66, 72, 80, 100, 120, 160])('fits %i columns', (width) => {
    for (const shape of [
      {},
      { p95Ms: 190, p99Ms: 420, burst: 0.9 },
      { p95Ms: 2400, p99Ms: 9000, maxMs: 10_000, failed: 3000 },
      { seconds: 5 },
    ])
      for (const unicode of [true, false])
        for (const line of pageOf(
          shape,
          { notes: ['A note of some length, which has to be wrapped on a page that is narrow.'] },
          width,
          unicode,
        ))
          expect(columns(line), line).toBeLessThanOrEqual(width);
  });
  it('lets no text of a record act on the terminal', () => {
    // oxlint-disable-next-line no-control-regex
    expect(pageOf({}, hostile, 100).join('\n')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });
  it.each<[string, RecordParts, RegExp]>([
    [
      'a summary asks for the stream',
      { response: undefined, blocks: [], quantiles: { p95Ms: 100, p99Ms: 200 } },
      /Next: give the stream/,
    ],
    ['a run of few blocks asks for a longer one', { blocks: [] }, /no bound.*Next: run it longer/s],
  ])('%s', (_, parts, expected) => {
    expect(pageOf({}, parts, 100).join('\n')).toMatch(expected);
  });
  it('shows no state for the figures of an invalid run', () => {
    expect(pageOf({ seconds: 20 }, {}, 100).join('\n')).not.toMatch(/ (?:kept|exceeded|inconclusive)$/m);
  });
});
