import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type K6Reading, readK6Summary, thresholdsOf } from './k6-summary.ts';
import { readRecord, sealRecord } from './record.ts';

const recorded = (name: string): unknown =>
  JSON.parse(readFileSync(`${import.meta.dirname}/../../../test/load/k6-recordings/${name}.json`, 'utf8'));

const read = (value: unknown): K6Reading => {
  const reading = readK6Summary(value);
  if (reading === undefined) throw new Error('no summary');
  return reading;
};
const recordOf = (value: unknown) => {
  const reading = read(value);
  if (!reading.ok) throw new Error(reading.problem);
  return reading.record;
};

/** Parts of `--summary-export`; what a test does not say is that of a healthy run. */
const anExport = (metrics: Readonly<Record<string, unknown>> = {}) => ({
  root_group: {},
  metrics: {
    http_reqs: { count: 1000, rate: 100 },
    http_req_failed: { passes: 3, fails: 997, value: 0.003 },
    http_req_duration: { avg: 20, min: 1, med: 18, max: 300, 'p(90)': 40, 'p(95)': 60, 'p(99)': 90 },
    ...metrics,
  },
});

describe('recordings of k6 1.8.1', () => {
  it('--summary-export: passes of http_req_failed are failures, and a threshold that says true was crossed', () => {
    const record = recordOf(recorded('summary-export'));
    expect(record.counts).toMatchObject({ sent: 120, ok: 86, failed: 34, dropped: 1, planned: 121 });
    expect(record.quantiles).toEqual({ p50Ms: 3.0254209999999997, p95Ms: 231.2954707, p99Ms: 231.88539809, maxMs: 232.050021 });
    expect(record.k6?.thresholds).toEqual(
      expect.arrayContaining([
        { metric: 'http_req_duration', expression: 'p(95)<200', ok: false },
        { metric: 'http_req_duration', expression: 'p(99)<1', ok: false },
        { metric: 'http_req_failed', expression: 'rate<0.5', ok: true },
        { metric: 'dropped_iterations', expression: 'count<1', ok: false },
      ]),
    );
    expect(record.k6?.droppedIterations).toBe(1);
  });

  it('the data of handleSummary says the same of the same run', () => {
    const fromExport = recordOf(recorded('summary-export'));
    const fromData = recordOf(recorded('handle-summary'));
    expect(fromData.counts).toEqual(fromExport.counts);
    expect(fromData.quantiles).toEqual(fromExport.quantiles);
    const sorted = (thresholds: readonly { metric: string; expression: string }[] | undefined) =>
      thresholds?.toSorted((a, b) => (a.metric + a.expression < b.metric + b.expression ? -1 : 1));
    expect(sorted(fromData.k6?.thresholds)).toEqual(sorted(fromExport.k6?.thresholds));
    expect(fromData.seconds).toBeCloseTo(7.014015, 5);
    expect(fromExport.seconds).toBeCloseTo(fromData.seconds, 5);
  });

  it('the machine-readable summary has neither p99 nor thresholds, and says so', () => {
    const record = recordOf(recorded('machine-readable'));
    expect(record.engine).toEqual({ name: 'k6', version: '1.8.1', runners: 1 });
    expect(record.counts.ok + record.counts.failed).toBe(record.counts.sent);
    expect(record.counts.failed).toBeGreaterThan(20);
    expect(record.quantiles?.p95Ms).toBeGreaterThan(200);
    expect(record.quantiles?.p99Ms).toBeUndefined();
    expect(record.k6?.thresholds).toEqual([]);
    expect(record.startedAt).toBe('2026-11-28T08:59:06Z');
    expect(record.notes.join('\n')).toMatch(/no p\(99\)[\s\S]*--summary-trend-stats[\s\S]*no thresholds/);
  });

  it.each(['summary-export', 'handle-summary', 'machine-readable'])(
    '%s: a valid record with a pessimistic length, and no secret of setup',
    (name) => {
      const record = recordOf(recorded(name));
      expect(readRecord(sealRecord(record))).toMatchObject({ ok: true });
      expect(record.seconds).toBeGreaterThan(6.9);
      expect(record.test.model).toBe('unknown');
      expect(record.response).toBeUndefined();
      expect(record.notes[0]).toContain('whole run');
      expect(JSON.stringify(record)).not.toContain('recorded-token');
    },
  );
});

describe('the camel-case names of the schema of the machine-readable summary', () => {
  it('are read too', () => {
    const record = recordOf({
      version: '1.0.0',
      metadata: { generatedAt: '2026-03-01T10:01:40Z', k6Version: '2.2.0' },
      config: { duration: 100, execution: 'local', script: 'x' },
      results: {
        metrics: [
          { name: 'http_reqs', type: 'counter', contains: 'default', values: { count: 1000 } },
          { name: 'http_req_failed', type: 'rate', contains: 'default', values: { matches: 4, total: 1000, rate: 0.004 } },
          {
            name: 'http_req_duration',
            type: 'trend',
            contains: 'time',
            values: { avg: 5, max: 50, med: 4, min: 1, 'p(90)': 7, 'p(95)': 9 },
          },
        ],
        checks: { metrics: [], results: [] },
      },
    });
    expect(record).toMatchObject({
      startedAt: '2026-03-01T10:00:00Z',
      engine: { version: '2.2.0' },
      counts: { failed: 4, ok: 996 },
      seconds: 100,
    });
    expect(record.quantiles).toEqual({ p50Ms: 4, p95Ms: 9, maxMs: 50 });
  });
});

describe('figures that cannot be true, or that leave open what happened, are no record', () => {
  const duration = (values: object) => anExport({ http_req_duration: values });
  it.each<[string, unknown, RegExp]>([
    ['nothing was sent: empty metrics pass every threshold', anExport({ http_reqs: { count: 0, rate: 0 } }), /no HTTP request/],
    ['no metric of HTTP at all', { root_group: {}, metrics: { iterations: { count: 5, rate: 1 } } }, /no HTTP request/],
    ['no metric at all', { root_group: {}, metrics: {} }, /no HTTP request/],
    ['nobody judged the requests', anExport({ http_req_failed: undefined }), /http_req_failed is missing/],
    ['some were not judged', anExport({ http_req_failed: { passes: 0, fails: 900, value: 0 } }), /judged 900 of 1000/],
    [
      'more were judged than sent',
      anExport({ http_req_failed: { passes: 3, fails: 998, value: 0.003 } }),
      /1000 requests and 1001 judged/,
    ],
    ['an error rate above 1', anExport({ http_req_failed: { passes: 3, fails: 997, value: 1.5 } }), /error rate of 1.5/],
    ['an error rate below 0', anExport({ http_req_failed: { passes: 3, fails: 997, value: -0.1 } }), /error rate of -0.1/],
    [
      'an error rate that the counts deny',
      anExport({ http_req_failed: { passes: 3, fails: 997, value: 0 } }),
      /3 failures of 1000/,
    ],
    ['p99 below p95', duration({ med: 5, 'p(95)': 60, 'p(99)': 50, max: 90 }), /not in order/],
    ['p95 above the maximum', duration({ med: 5, 'p(95)': 60, max: 50 }), /not in order/],
    ['a negative latency', duration({ med: -5, 'p(95)': 60 }), /not in order/],
    ['no latencies', anExport({ http_req_duration: undefined }), /http_req_duration is missing/],
    ['no value of a latency', duration({}), /no value/],
    ['answers in no time: a metric without samples', duration({ min: 0, med: 0, 'p(95)': 0, 'p(99)': 0, max: 0 }), /in 0 ms/],
    ['other many latencies than requests', duration({ med: 5, 'p(95)': 6, count: 999 }), /999 latencies and 1000 requests/],
    ['no length', anExport({ http_reqs: { count: 1000 } }), /how long/],
    ['half a request', anExport({ http_reqs: { count: 1000.5, rate: 100 } }), /whole number/],
    ['fewer than no failures', anExport({ http_req_failed: { passes: -3, fails: 1003, value: 0 } }), /whole number/],
    [
      'a rate that the length denies',
      { ...anExport(), state: { testRunDurationMs: 50_000 }, metrics: handleMetrics() },
      /contradict/,
    ],
  ])('%s', (_name, value, problem) => {
    const reading = read(value);
    expect(reading.ok).toBe(false);
    expect(reading.ok ? '' : reading.problem).toMatch(problem);
  });
});

const handleMetrics = () => ({
  http_reqs: { type: 'counter', contains: 'default', values: { count: 1000, rate: 100 } },
  http_req_failed: { type: 'rate', contains: 'default', values: { passes: 3, fails: 997, rate: 0.003 } },
  http_req_duration: { type: 'trend', contains: 'time', values: { med: 4, 'p(95)': 9 } },
});

describe('a healthy summary', () => {
  it('has throughput of the whole run', () => {
    const { counts, seconds } = recordOf(anExport());
    expect(counts.ok / seconds).toBeCloseTo(99.7);
  });

  it('may hold percentiles that interpolation left a last digit apart', () => {
    expect(read(anExport({ http_req_duration: { med: 7, 'p(95)': 7.000000000000001, 'p(99)': 7, max: 7 } })).ok).toBe(true);
  });

  it('all refused at once: zero milliseconds contradict nothing', () => {
    const refused = {
      http_req_failed: { passes: 1000, fails: 0, value: 1 },
      http_req_duration: { med: 0, 'p(95)': 0, 'p(99)': 0, max: 0 },
    };
    expect(recordOf(anExport(refused)).counts).toMatchObject({ ok: 0, failed: 1000 });
  });

  it('a threshold on an empty metric says only what k6 said', () => {
    const empty = {
      dropped_iterations: { count: 0, rate: 0, thresholds: { 'count<1': false } },
      nothing: { value: 0, thresholds: { 'p(95)<1': false } },
    };
    expect(thresholdsOf(anExport(empty))).toEqual([
      { metric: 'dropped_iterations', expression: 'count<1', ok: true },
      { metric: 'nothing', expression: 'p(95)<1', ok: true },
    ]);
  });

  it('a broken threshold entry is left out, not passed', () => {
    expect(thresholdsOf(anExport({ odd: { value: 0, thresholds: { 'a<1': 'false', 'b<1': 0 } } }))).toEqual([]);
  });
});

describe('what is no summary of k6', () => {
  it.each<[string, unknown]>([
    ['null', null],
    ['a list', []],
    ['a text', 'http_reqs'],
    ['another program with metrics', { metrics: { requests: { count: 5 } } }],
    ['a result list of another program', { results: { metrics: [{ name: 'latency' }] } }],
    ['keys of a prototype', JSON.parse('{"__proto__":{"metrics":{"http_reqs":{"count":5}}}}')],
  ])('%s', (_name, value) => {
    expect(readK6Summary(value)).toBeUndefined();
    expect(thresholdsOf(value)).toEqual([]);
  });
});
