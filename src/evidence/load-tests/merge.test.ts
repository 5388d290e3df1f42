import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDistributions, type Distribution, quantile, totalOf } from './distribution.ts';
import { mergeRecords } from './merge.ts';
import { type LoadTestRecord, readRecord, sealRecord, type UnsealedRecord } from './record.ts';

/** One answer: the block that it belongs to, how long it took in µs, and whether it was a success. */
interface Answer {
  readonly block: number;
  readonly us: number;
  readonly ok: boolean;
}
const limitsMs = [200, 500];
const blockCount = 3;

const count = (answers: readonly Answer[]): Distribution =>
  addDistributions(answers.map(({ us }) => ({ buckets: [[us, 1]], minUs: us, maxUs: us, sumUs: us })));
const writable = ({ buckets, ...rest }: Distribution) => ({
  ...rest,
  buckets: buckets.map(([edge, n]): [number, number] => [edge, n]),
});

/** What a runner with these answers writes down. */
function recordOf(
  answers: readonly Answer[],
  change: (record: UnsealedRecord) => UnsealedRecord = (record) => record,
): LoadTestRecord {
  const failed = answers.filter(({ ok }) => !ok).length;
  return sealRecord(
    change({
      engine: { name: 'k6', version: '1.8.1', runners: 1 },
      test: {
        scenario: `sha256:${'a'.repeat(64)}`,
        model: 'open',
        rate: 10,
        share: 0.25,
        warmupS: 0,
        steadyS: 15,
        requests: [{ name: 'a', method: 'GET', path: '/', weight: 1 }],
        variables: [],
      },
      target: 'http://127.0.0.1:3000',
      startedAt: '2026-03-05T18:00:00Z',
      counts: {
        planned: answers.length,
        sent: answers.length,
        ok: answers.length - failed,
        failed,
        timeouts: 0,
        dropped: 0,
        retried: 0,
        unfinished: 0,
        byStatus: answers.length === failed ? {} : { 200: answers.length - failed },
        byError: failed === 0 ? {} : { ECONNRESET: failed },
      },
      seconds: 15,
      limitsMs,
      response: writable(count(answers)),
      blocks: Array.from({ length: blockCount }, (_, index) => {
        const own = answers.filter(({ block }) => block === index);
        return {
          startS: index * 5,
          seconds: 5,
          n: own.length,
          failed: own.filter(({ ok }) => !ok).length,
          over: Object.fromEntries(limitsMs.map((limit) => [String(limit), own.filter(({ us }) => us >= limit * 1000).length])),
          response: writable(count(own)),
        };
      }),
      notes: [],
    }),
  );
}

const merged = (records: readonly LoadTestRecord[], runners?: number): LoadTestRecord => {
  const result = mergeRecords(records, runners === undefined ? {} : { runners });
  if (!result.ok) throw new Error(result.problem);
  return result.record;
};
const problemOf = (records: readonly LoadTestRecord[], runners?: number): string => {
  const result = mergeRecords(records, runners === undefined ? {} : { runners });
  return result.ok ? 'merged' : result.problem;
};
/** What was measured, without what says who measured it. */
const measured = ({ counts, seconds, response, blocks, test }: LoadTestRecord) => ({
  counts,
  seconds,
  response,
  blocks,
  rate: test.rate,
});

const answer: fc.Arbitrary<Answer> = fc.record({
  block: fc.integer({ min: 0, max: blockCount - 1 }),
  us: fc.integer({ min: 1, max: 900_000 }),
  ok: fc.boolean(),
});
/** Answers dealt to four runners at random. */
const dealt = fc.array(fc.tuple(answer, fc.integer({ min: 0, max: 3 })), { maxLength: 80 }).map((list) => ({
  all: list.map(([item]) => item),
  // Distinct first answers, so that no two runners measured the same by chance.
  parts: [0, 1, 2, 3].map((runner) => [
    { block: 0, us: 1000 + runner, ok: true },
    ...list.filter(([, to]) => to === runner).map(([item]) => item),
  ]),
}));
const withFirsts = (all: readonly Answer[]) => [
  ...[0, 1, 2, 3].map((runner) => ({ block: 0, us: 1000 + runner, ok: true })),
  ...all,
];

describe('merging records', () => {
  it('the parts of a random split are the whole, bucket by bucket', () => {
    fc.assert(
      fc.property(dealt, ({ all, parts }) => {
        const whole = recordOf(withFirsts(all), (record) => ({ ...record, test: { ...record.test, rate: 40 } }));
        const sum = merged(parts.map((part) => recordOf(part)));
        expect(measured(sum)).toEqual(measured(whole));
        expect(readRecord(JSON.parse(JSON.stringify(sum)))).toEqual({ ok: true, record: sum });
        expect(sum.test).not.toHaveProperty('share');
        expect(sum).not.toHaveProperty('stopped');
      }),
    );
  });

  it('order does not matter', () => {
    fc.assert(
      fc.property(dealt, fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), ({ parts }, order) => {
        const records = parts.map((part) => recordOf(part));
        expect(merged(order.map((index) => records[index] as LoadTestRecord))).toEqual(merged(records));
      }),
    );
  });

  it('grouping does not matter', () => {
    fc.assert(
      fc.property(dealt, ({ parts }) => {
        const [a, b, c, d] = parts.map((part, index) =>
          recordOf(part, (record) => ({ ...record, startedAt: `2026-03-05T18:00:0${index}.250Z` })),
        ) as [LoadTestRecord, LoadTestRecord, LoadTestRecord, LoadTestRecord];
        const flat = merged([a, b, c, d]);
        expect(merged([merged([a, b]), merged([c, d])])).toEqual(flat);
        expect(merged([a, merged([d, merged([b, c])])])).toEqual(flat);
        expect(flat.merged).toEqual({ parts: [a, b, c, d].map(({ digest }) => digest).sort(), startSkewS: 3 });
        expect(flat.startedAt).toBe('2026-03-05T18:00:00.250Z');
      }),
    );
  });

  it('is no average of percentiles', () => {
    const fast = recordOf(Array.from({ length: 99 }, (_, index) => ({ block: 0, us: 1000 + index, ok: true })));
    const slow = recordOf([{ block: 0, us: 900_000, ok: true }]);
    const { response } = merged([fast, slow]);
    expect(response && totalOf(response)).toBe(100);
    expect(response && quantile(response, 0.99)).toBe(1098);
  });

  const some = (us: number, change?: (record: UnsealedRecord) => UnsealedRecord) =>
    recordOf([{ block: 0, us, ok: true }], change);
  const whole = (record: UnsealedRecord): UnsealedRecord => {
    const { share: _, ...test } = record.test;
    return { ...record, engine: { ...record.engine, name: 'embedded' }, test };
  };

  it.each<[string, (record: UnsealedRecord) => UnsealedRecord]>([
    ['engines', (record) => ({ ...record, engine: { ...record.engine, name: 'embedded' } })],
    ['scenarios', (record) => ({ ...record, test: { ...record.test, scenario: `sha256:${'b'.repeat(64)}` } })],
    [
      'scripts',
      (record) => ({ ...record, test: { ...record.test, script: { path: 'a.js', sha256: `sha256:${'b'.repeat(64)}` } } }),
    ],
    ['tests that they stand in for', (record) => ({ ...record, test: { ...record.test, substituteFor: 'a.js' } })],
    ['models', (record) => ({ ...record, test: { ...record.test, model: 'closed' } })],
    ['requests', (record) => ({ ...record, test: { ...record.test, requests: [] } })],
    ['variables', (record) => ({ ...record, test: { ...record.test, variables: ['TOKEN'] } })],
    ['lengths', (record) => ({ ...record, test: { ...record.test, steadyS: 16 } })],
    ['limits', (record) => ({ ...record, limitsMs: [200] })],
    ['targets', (record) => ({ ...record, target: 'http://127.0.0.1:3001' })],
    ['environments', (record) => ({ ...record, environment: 'staging' })],
    ['images', (record) => ({ ...record, images: { digests: [`sha256:${'c'.repeat(64)}`], basis: 'stated' } })],
  ])('refuses records of different %s', (what, change) => {
    expect(problemOf([some(1000), some(2000, change)])).toBe(`they are of different ${what}`);
    expect(problemOf([some(1000, change), some(2000)])).toBe(`they are of different ${what}`);
  });

  it('k6 and k6-operator are the same program', () => {
    const record = merged([
      some(1000),
      some(2000, (item) => ({ ...item, engine: { ...item.engine, name: 'k6-operator', version: '2.0.0' } })),
    ]);
    expect(record.engine).toMatchObject({ name: 'k6-operator', version: '1.8.1, 2.0.0', runners: 2 });
    expect(record.notes.join(' ')).toContain('the runners had different versions: 1.8.1, 2.0.0');
  });

  it('refuses other versions of the embedded engine, which may count in other buckets', () => {
    const other = (record: UnsealedRecord) => ({
      ...whole(record),
      engine: { name: 'embedded' as const, version: '9.9.9', runners: 1 },
    });
    expect(problemOf([some(1000, whole), some(2000, other)])).toBe('they are of different versions of the engine');
  });

  it('refuses what is there twice, also inside a merge and with other notes', () => {
    const [a, b, c] = [some(1000), some(2000), some(3000)];
    expect(problemOf([a, b, a])).toBe('the same record is there twice');
    expect(problemOf([merged([a, b]), merged([b, c])])).toBe('the same record is there twice');
    expect(problemOf([a, some(1000, (record) => ({ ...record, notes: ['again'] }))])).toBe(
      'two of them hold the same measurement',
    );
  });

  it('refuses records that hold percentiles only', () => {
    const only = some(1000, ({ response: _response, ...record }) => ({ ...record, quantiles: { p95Ms: 1 }, blocks: [] }));
    expect(problemOf([some(2000), only])).toContain('percentiles of runners cannot be added');
    expect(problemOf([only])).toContain('percentiles');
  });

  it('refuses other buckets and other blocks', () => {
    const coarse = some(2000, (record) => ({
      ...record,
      response: { buckets: [[199_999.999, 1]], minUs: 2000, maxUs: 2000, sumUs: 2000 },
      blocks: record.blocks.map(({ response: _response, ...block }) => block),
    }));
    expect(problemOf([some(1000), coarse])).toBe('their histograms have different buckets');
    const shifted = some(2000, (record) => ({
      ...record,
      blocks: record.blocks.map((block) => ({ ...block, startS: block.startS + 1 })),
    }));
    expect(problemOf([some(1000), shifted])).toBe('their blocks of time do not match');
    const shorter = some(2000, (record) => ({ ...record, blocks: record.blocks.slice(0, 2) }));
    expect(problemOf([some(1000), shorter])).toBe('their blocks of time do not match');
    const none = some(2000, (record) => ({ ...record, blocks: [] }));
    expect(problemOf([some(1000), none])).toBe('some of them have blocks of time and some have none');
  });

  it.each([
    ['2026-03-05T18:00:05Z', 'merged'],
    ['2026-03-05T17:59:55.000Z', 'merged'],
    ['2026-03-05T18:00:05.001Z', 'their runners started 5.001 s apart, which is more than one block of time (5 s)'],
  ])('a runner that started at %s: %s', (startedAt, expected) => {
    expect(problemOf([some(1000), some(2000, (record) => ({ ...record, startedAt }))])).toBe(expected);
  });

  it('the skew adds up through merges', () => {
    const at = (us: number, second: number) => some(us, (record) => ({ ...record, startedAt: `2026-03-05T18:00:0${second}Z` }));
    expect(problemOf([at(1000, 0), merged([at(2000, 4), at(3000, 8)])])).toContain('started 8 s apart');
  });

  it('refuses a record without a start, and more runners than there were', () => {
    const { startedAt: _, ...rest } = some(2000);
    expect(problemOf([some(1000), rest as LoadTestRecord])).toBe('one of them does not say when it started');
    expect(problemOf([some(1000), some(2000)], 1)).toBe('there are records of 2 runners, and only 1 ran');
    expect(problemOf([])).toBe('there is no record');
  });

  it('less than the whole load is stopped, and whole once the rest is there', () => {
    const half = merged([some(1000), some(2000)]);
    expect(half.stopped).toEqual({
      reason: 'runner-missing',
      afterS: 15,
      message: 'The runners whose records are here had 50 % of the load.',
    });
    expect(half.test.share).toBe(0.5);
    expect(half.counts.ok).toBe(2);
    expect(merged([half, some(3000), some(4000)])).not.toHaveProperty('stopped');
    expect(merged([some(1000)]).stopped?.reason).toBe('runner-missing');
  });

  it('fewer records than runners are stopped', () => {
    expect(merged([some(1000, whole)], 2).stopped).toMatchObject({
      reason: 'runner-missing',
      message: 'Records of 1 of 2 runners are here.',
    });
  });

  it('a whole run whose runners were missing stays so, whatever is added', () => {
    const lone = merged([some(1000, whole)], 2);
    expect(merged([lone, some(2000, whole)]).stopped?.message).toBe('Records of 1 of 2 runners are here.');
  });

  it('thirds are a whole', () => {
    const third = (us: number) => some(us, (record) => ({ ...record, test: { ...record.test, share: 1 / 3, rate: 10 / 3 } }));
    const sum = merged([third(1000), third(2000), third(3000)]);
    expect(sum.test).toMatchObject({ rate: 10 });
    expect(sum.test).not.toHaveProperty('share');
  });

  it('runners that each ran the whole scenario ran another test', () => {
    const sum = merged([some(1000, whole), some(2000, whole)]);
    // Without any digest the gate would take it as a run of whatever is declared.
    expect(sum.test.scenario).toMatch(/^sha256:/);
    expect(sum.test.scenario).not.toBe(some(1000).test.scenario);
    expect(sum.test.rate).toBe(20);
    expect(sum.notes.join(' ')).toContain('another test, with a higher rate, than the declared one');
  });

  it('a runner that stopped stops the whole, and what it measured stays', () => {
    const stopped = { reason: 'engine-failed' as const, afterS: 7, message: 'It fell.' };
    const part = some(1000, (record) => ({
      ...record,
      stopped,
      seconds: 7,
      blocks: record.blocks.slice(0, 2).map((block, index) => ({ ...block, seconds: index === 1 ? 2 : 5 })),
    }));
    const sum = merged([part, some(2000), some(3000), some(4000)]);
    expect(sum.stopped).toEqual(stopped);
    expect(sum.seconds).toBe(15);
    expect(sum.blocks.map(({ n, seconds }) => [n, seconds])).toEqual([
      [4, 5],
      [0, 5],
      [0, 5],
    ]);
  });

  it('keeps the worst of the generators, and the share of all starts', () => {
    const health = (us: number, planned: number, startedShare: number) =>
      some(us, (record) => ({
        ...record,
        counts: { ...record.counts, planned },
        generator: { lagP99Ms: us / 1000, loopDelayP99Ms: 5 - us / 1000, cpu: 0.5, startedShare },
      }));
    expect(merged([health(1000, 300, 1), health(2000, 100, 0.8)]).generator).toEqual({
      lagP99Ms: 2,
      loopDelayP99Ms: 4,
      cpu: 0.5,
      startedShare: 0.95,
    });
    expect(merged([health(1000, 300, 1), some(2000)])).not.toHaveProperty('generator');
  });

  it('keeps the worst exit code, and thresholds that held everywhere', () => {
    const ran = (us: number, exitCode: number, ok: boolean) =>
      some(us, (record) => ({
        ...record,
        k6: { exitCode, thresholds: [{ metric: 'm', expression: 'p(95)<200', ok }], droppedIterations: 1 },
      }));
    expect(merged([ran(1000, 0, true), ran(2000, 99, false), ran(3000, 0, true)]).k6).toEqual({
      exitCode: 99,
      thresholds: [{ metric: 'm', expression: 'p(95)<200', ok: false }],
      droppedIterations: 3,
    });
    expect(merged([ran(1000, 99, true), ran(2000, 1, true), ran(3000, 0, true)]).k6?.exitCode).toBe(1);
  });

  it('a service time that one runner did not measure is left out', () => {
    const timed = some(1000, (record) => ({ ...record, ...(record.response === undefined ? {} : { service: record.response }) }));
    expect(merged([timed, some(2000)])).not.toHaveProperty('service');
    expect(merged([timed]).service?.sumUs).toBe(1000);
  });
});
