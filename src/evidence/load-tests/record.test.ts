import { describe, expect, it } from 'vitest';
import { addDistributions, type Distribution } from './distribution.ts';
import { readRecord, sealRecord, type UnsealedRecord } from './record.ts';

const part = (us: number, n: number): Distribution => ({ buckets: [[us, n]], minUs: us, maxUs: us, sumUs: us * n });
const run: UnsealedRecord = {
  engine: { name: 'embedded', version: '0.1.0', runners: 1 },
  test: {
    model: 'open',
    rate: 10,
    warmupS: 0,
    steadyS: 10,
    requests: [{ name: 'a', method: 'GET', path: '/', weight: 1 }],
    variables: [],
  },
  target: 'http://127.0.0.1:3000/',
  environment: 'staging',
  startedAt: '2026-03-05T18:00:00Z',
  counts: {
    planned: 100,
    sent: 100,
    ok: 99,
    failed: 1,
    timeouts: 0,
    dropped: 0,
    retried: 0,
    unfinished: 0,
    byStatus: { 200: 99, 503: 1 },
    byError: {},
  },
  seconds: 10,
  limitsMs: [200, 500],
  response: addDistributions([part(1_000, 60), part(201_000, 40)]),
  blocks: [
    { startS: 0, seconds: 5, n: 60, failed: 0, over: { 200: 0, 500: 0 }, response: part(1_000, 60) },
    { startS: 5, seconds: 5, n: 40, failed: 1, over: { 200: 40, 500: 0 }, response: part(201_000, 40) },
  ],
  notes: [],
};
const problemOf = (change: (record: UnsealedRecord) => UnsealedRecord) => {
  const read = readRecord(sealRecord(change(structuredClone(run))));
  return read.ok ? 'read' : read.problem;
};

describe('load-test record', () => {
  it('comes back as it was sealed, through JSON and whatever the order of keys', () => {
    const sealed = sealRecord(run);
    const turned = Object.fromEntries(Object.entries(sealed).reverse());
    expect(readRecord(JSON.parse(JSON.stringify(turned)))).toEqual({ ok: true, record: sealed });
  });

  it.each<[string, (value: Record<string, unknown>) => void]>([
    ['a latency made better', (value) => Object.assign(value, { response: part(1_000, 100) })],
    ['a failure taken out', (value) => Object.assign(value['counts'] as object, { failed: 0, ok: 100 })],
    ['another environment', (value) => Object.assign(value, { environment: 'production' })],
    ['another day', (value) => Object.assign(value, { startedAt: '2026-03-06T18:00:00Z' })],
    ['the stop taken out', (value) => Object.assign(value, { notes: ['nothing happened'] })],
  ])('an edited record is refused: %s', (_, edit) => {
    const value = JSON.parse(JSON.stringify(sealRecord(run))) as Record<string, unknown>;
    edit(value);
    expect(readRecord(value)).toEqual({ ok: false, problem: expect.stringContaining('changed after the run') });
  });

  it.each<[string, unknown]>([
    ['nothing', null],
    ['a list', []],
    ['the old format', { format: 'seaworthy.load-test/v1', p95Ms: 1 }],
    ['a record without counts', { ...sealRecord(run), counts: undefined }],
    ['a negative count', { ...sealRecord(run), counts: { ...run.counts, failed: -1 } }],
    ['something more', { ...sealRecord(run), verdict: 'pass' }],
    ['NaN', { ...sealRecord(run), seconds: Number.NaN }],
  ])('%s is no record', (_, value) => {
    expect(readRecord(value)).toEqual({ ok: false, problem: expect.stringContaining('no complete record') });
  });

  it.each<[string, string, (record: UnsealedRecord) => UnsealedRecord]>([
    ['latencies are as many as requests', 'contradict', (record) => ({ ...record, response: part(1_000, 99) })],
    ['blocks add up to the whole', 'do not add up', (record) => ({ ...record, blocks: record.blocks.slice(1) })],
    ['failures of blocks add up', 'do not add up', (record) => ({ ...record, counts: { ...record.counts, failed: 0, ok: 100 } })],
    ['each block has each limit', 'lacks the count', (record) => ({ ...record, limitsMs: [200, 500, 50] })],
    [
      'no block has more slow responses than requests',
      'more failures or slow',
      (record) => ({
        ...record,
        blocks: record.blocks.map((item) => ({ ...item, over: { ...item.over, 200: 61 } })),
      }),
    ],
    [
      'histograms of blocks add up to the whole',
      'to the histogram',
      (record) => ({ ...record, response: addDistributions([part(1_000, 61), part(201_000, 39)]) }),
    ],
    [
      'buckets ascend',
      'not in order',
      (record) => ({
        ...record,
        blocks: [],
        response: {
          ...part(1, 1),
          buckets: [
            [2, 99],
            [1, 1],
          ],
        },
      }),
    ],
    ['a window has a length', 'without length', (record) => ({ ...record, seconds: 0 })],
  ])('%s', (_, problem, change) => {
    expect(problemOf(change)).toContain(problem);
  });

  it('a run that sent nothing is a record, and says so', () => {
    expect(
      problemOf((record) => ({
        ...record,
        seconds: 0,
        blocks: [],
        response: undefined,
        counts: { ...record.counts, planned: 0, sent: 0, ok: 0, failed: 0 },
      })),
    ).toBe('read');
  });
});
