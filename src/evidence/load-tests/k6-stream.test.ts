import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDistributions, countFrom, quantile, totalOf } from './distribution.ts';
import { isK6Line } from './k6-points.ts';
import { createK6Stream, type K6StreamOptions } from './k6-stream.ts';
import { recordOfStream } from './k6-stream-record.ts';
import { readRecord, sealRecord } from './record.ts';

const recording = gunzipSync(readFileSync(`${import.meta.dirname}/../../../test/load/k6-recordings/stream.ndjson.gz`)).toString(
  'utf8',
);
const recordedLines = recording.trimEnd().split('\n');

const collect = (lines: readonly string[], options: Partial<K6StreamOptions> = {}) => {
  const stream = createK6Stream({ limitsMs: [200, 500], ...options });
  for (const line of lines) stream.line(line);
  return stream.finish();
};
const recordOf = (lines: readonly string[], cut = false) => {
  const reading = recordOfStream(collect(lines), cut);
  if (!reading.ok) throw new Error(reading.problem);
  return reading.record;
};

interface Told {
  readonly startS: number;
  readonly ms: number;
  readonly tags?: Readonly<Record<string, string>>;
}
const epochMs = Date.parse('2026-03-01T10:00:00Z');
/** A request as k6 writes it: its time is its end. */
const point = ({ startS, ms, tags = { status: '200', expected_response: 'true', scenario: 'default' } }: Told): string => {
  const time = new Date(epochMs + startS * 1000 + ms).toISOString();
  return JSON.stringify({ metric: 'http_req_duration', type: 'Point', data: { time, value: ms, tags } });
};
const counter = (metric: string, value = 1, tags: object = { scenario: 'default' }): string =>
  JSON.stringify({ metric, type: 'Point', data: { time: '2026-03-01T10:00:00Z', value, tags } });

/** Ten requests a second, each of 20 ms. */
const steady = (seconds: number): Told[] => Array.from({ length: seconds * 10 }, (_, index) => ({ startS: index / 10, ms: 20 }));

describe('a recording of k6 1.8.1', () => {
  const summary = JSON.parse(
    readFileSync(`${import.meta.dirname}/../../../test/load/k6-recordings/summary-export.json`, 'utf8'),
  ) as { metrics: Record<string, Record<string, number>> };
  const { http_reqs: requests, http_req_failed: failures, http_req_duration: durations } = summary.metrics;
  const measured = collect(recordedLines);

  it('counts what the summary of the same run counts, less the sign-in of setup', () => {
    expect(measured.allRequests).toBe(requests?.['count']);
    expect(measured.counts).toMatchObject({ ok: (failures?.['fails'] ?? 0) - 1, failed: failures?.['passes'], dropped: 1 });
    expect(measured.notes).toContain('1 request of setup and teardown left out.');
  });

  it('sees the request that was never answered, which no summary tells', () => {
    expect(measured.counts).toMatchObject({ unfinished: 1, sent: 120, planned: 121 });
  });

  it('has the percentiles of the summary, up to its interpolation', () => {
    const p95 = (quantile(measured.response, 0.95) ?? 0) / 1000;
    expect(Math.abs(p95 - (durations?.['p(95)'] ?? 0))).toBeLessThan(1);
    expect(measured.response.maxUs / 1000).toBeCloseTo(durations?.['max'] ?? 0, 2);
  });

  it('names statuses and errors', () => {
    expect(Object.keys(measured.counts.byStatus)).toEqual(['200', '404', '503']);
    expect(measured.counts.byError).toEqual({
      'k6 1000': measured.counts.failed - (measured.counts.byStatus['404'] ?? 0) - (measured.counts.byStatus['503'] ?? 0),
    });
    expect(measured.origins).toHaveLength(1);
    expect(measured.origins[0]).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it('is a valid record without paths, tokens or queries', () => {
    const record = recordOf(recordedLines);
    expect(readRecord(sealRecord(record))).toMatchObject({ ok: true });
    expect(record.startedAt).toBe('2026-11-28T08:58:59Z');
    expect(JSON.stringify(record)).not.toMatch(/recorded-token|sign-in|missing/);
  });
});

describe('what is counted', () => {
  it('over: responses that took a limit or longer, to the nanosecond', () => {
    const { blocks } = collect([199.999999, 200, 200.000001, 500, 499.9999].map((ms) => point({ startS: 0, ms })));
    expect(blocks.map(({ over }) => over)).toEqual([{ '200': 4, '500': 1 }]);
  });

  it('failed as k6 judged, whatever the status', () => {
    const { counts } = collect([
      point({ startS: 0, ms: 1, tags: { status: '404', expected_response: 'true' } }),
      point({ startS: 0, ms: 1, tags: { status: '200', expected_response: 'false' } }),
    ]);
    expect(counts).toMatchObject({ ok: 1, failed: 1 });
  });

  it('failed by status where the script judges nothing: 200 to 399 succeed', () => {
    const { counts, unjudged } = collect(
      ['199', '200', '399', '400', '0'].map((status) => point({ startS: 0, ms: 1, tags: { status } })),
    );
    expect(counts).toMatchObject({ ok: 2, failed: 3, byError: { 'no response': 1 } });
    expect(unjudged).toBe(0);
  });

  it('a stream that tells neither is refused', () => {
    const reading = recordOfStream(collect([point({ startS: 0, ms: 1, tags: { method: 'GET' } })]), false);
    expect(reading).toMatchObject({ ok: false, problem: expect.stringContaining('whether 1 of its requests failed') });
  });

  it('origins by their whole name, whichever another begins with', () => {
    const urls = ['http://a/x', 'http://a.example/x', 'http://a:80/y', 'http://a:8080/', 'http://a'];
    const { origins } = collect(urls.map((url) => point({ startS: 0, ms: 1, tags: { status: '200', url } })));
    expect(origins).toEqual(['http://a', 'http://a.example', 'http://a:8080']);
  });

  it('timeouts, by the codes of k6', () => {
    const tags = (error_code: string) => ({ status: '0', error_code, expected_response: 'false' });
    const { counts } = collect(['1050', '1211', '1212', '1404'].map((code) => point({ startS: 0, ms: 1, tags: tags(code) })));
    expect(counts).toMatchObject({
      timeouts: 2,
      byError: { 'k6 1050 timeout': 1, 'k6 1211 timeout while connecting': 1, 'k6 1212 connection refused': 1 },
    });
  });

  it('dropped iterations add up', () => {
    expect(
      collect([point({ startS: 0, ms: 1 }), counter('dropped_iterations', 3), counter('dropped_iterations', 2)]).counts,
    ).toMatchObject({ dropped: 5, planned: 6, sent: 1 });
  });

  it('a user group called setup is part of the load', () => {
    const tags = { group: '::setup', scenario: 'default', status: '200', expected_response: 'true' };
    expect(collect([point({ startS: 0, ms: 1, tags })]).counts.ok).toBe(1);
  });

  it('interrupted iterations are begun ones that did not end; those of setup are none', () => {
    const begun = counter('data_sent');
    const ofSetup = counter('data_sent', 1, { group: '::setup' });
    expect(collect([point({ startS: 0, ms: 1 }), begun, begun, begun, ofSetup, counter('iterations')]).counts).toMatchObject({
      unfinished: 2,
      sent: 3,
      planned: 3,
    });
  });

  it('nothing was ever answered: no record, and it says so', () => {
    const measured = collect([counter('data_sent'), counter('data_sent')]);
    expect(measured.counts).toMatchObject({ sent: 2, ok: 0, failed: 0, unfinished: 2 });
    expect(recordOfStream(measured, false)).toMatchObject({
      ok: false,
      problem: expect.stringContaining('none of the requests'),
    });
  });

  it('one scenario, where one is asked for', () => {
    const of = (scenario: string) => point({ startS: 0, ms: 1, tags: { scenario, status: '200', expected_response: 'true' } });
    const { counts, notes } = collect(
      [of('warmup'), of('steady'), of('steady'), counter('dropped_iterations', 1, { scenario: 'warmup' })],
      { scenario: 'steady' },
    );
    expect(counts).toMatchObject({ sent: 2, dropped: 0 });
    expect(notes).toContain('1 request outside the scenario steady left out.');
  });

  it('statuses and errors of a hostile stream do not fill the memory', () => {
    const many = Array.from({ length: 5000 }, (_, index) =>
      point({
        startS: 0,
        ms: 1,
        tags: { status: String(index % 1000), error_code: String(10_000 + index), expected_response: 'false' },
      }),
    );
    const { byStatus, byError } = collect(many).counts;
    expect(Object.keys(byStatus).length).toBeLessThanOrEqual(101);
    expect(Object.keys(byError).length).toBeLessThanOrEqual(101);
    expect(byError['other']).toBe(4900);
  });

  it('a status that is no number is none', () => {
    const tags = { status: '__proto__', error_code: 'constructor', expected_response: 'true' };
    expect(collect([point({ startS: 0, ms: 1, tags })]).counts).toMatchObject({ ok: 1, byStatus: {}, byError: {} });
  });
});

describe('blocks and windows', () => {
  it.each([
    [4, 1],
    [60, 12],
    [63, 12],
    [150, 30],
    [300, 30],
    [330, 30],
  ])('%s seconds are %s blocks of at least 5 s that cover the window', (seconds, blocks) => {
    const measured = collect(steady(seconds).map(point));
    expect(measured.blocks).toHaveLength(blocks);
    expect(measured.blocks.reduce((sum, block) => sum + block.n, 0)).toBe(seconds * 10);
    const lengths = measured.blocks.slice(0, -1).map((block) => block.seconds);
    for (const length of lengths) expect(length).toBeGreaterThanOrEqual(5);
    expect(Math.max(...lengths, 5) - Math.min(...lengths, 5)).toBeLessThanOrEqual(seconds > 150 ? 6 : 1);
    const last = measured.blocks.at(-1);
    expect((last?.startS ?? 0) + (last?.seconds ?? 0)).toBeCloseTo(seconds - 0.1, 3);
    expect(measured.seconds).toBeCloseTo(seconds - 0.08, 3);
  });

  it('a request belongs to the block of its start, though its end comes last', () => {
    const late = { startS: 1, ms: 9000 };
    const measured = collect(
      [...steady(10), late].toSorted((a, b) => a.startS * 1000 + a.ms - b.startS * 1000 - b.ms).map(point),
    );
    expect(measured.blocks.map(({ over }) => over['500'])).toEqual([1, 0]);
  });

  it('a first answer that comes late moves no block: the window begins with the earliest start', () => {
    const measured = collect([point({ startS: 3, ms: 10 }), point({ startS: 0, ms: 4000 })]);
    expect(measured.startedMs).toBeCloseTo(epochMs, 3);
    expect(measured.seconds).toBeCloseTo(4, 3);
  });

  it('throughput counts the wait for the last answer', () => {
    const measured = collect([...steady(10), { startS: 9.9, ms: 5000 }].map(point));
    expect(measured.seconds).toBeCloseTo(14.9, 3);
  });

  it('the warm-up is cut off by start, and told', () => {
    const measured = collect(steady(20).map(point), { warmupS: 5 });
    expect(measured.counts.ok).toBe(150);
    expect((measured.startedMs ?? 0) - epochMs).toBeCloseTo(5000, 3);
    expect(measured.notes).toContain('50 requests of the warm-up left out.');
    expect(measured.seconds).toBeCloseTo(14.92, 3);
  });

  it('a warm-up longer than the run leaves nothing', () => {
    expect(collect(steady(3).map(point), { warmupS: 60 })).toMatchObject({
      counts: { ok: 0, sent: 0 },
      seconds: 0,
      blocks: [],
      startedMs: undefined,
    });
  });

  it('the order of lines changes nothing, and blocks are the whole', () => {
    const told = fc.record({
      startS: fc.double({ min: 0, max: 90, noNaN: true }),
      ms: fc.double({ min: 0, max: 3000, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(told, { minLength: 1, maxLength: 60 }), (list) => {
        const lines = list.map(point);
        const measured = collect(lines);
        const backwards = collect(lines.toReversed());
        expect(backwards.counts).toEqual(measured.counts);
        expect(backwards.response).toEqual(measured.response);
        expect(backwards.seconds).toBeCloseTo(measured.seconds, 4);
        expect(totalOf(measured.response)).toBe(list.length);
        expect(addDistributions(measured.blocks.flatMap(({ response }) => response ?? []))).toEqual(measured.response);
        const over = measured.blocks.reduce((sum, block) => sum + (block.over['500'] ?? 0), 0);
        expect(over).toBe(list.filter(({ ms }) => ms >= 500).length);
        expect(countFrom(measured.response, 500_000)).toBeGreaterThanOrEqual(over);
        const reading = recordOfStream(measured, false);
        expect(reading.ok && readRecord(sealRecord(reading.record))).toMatchObject({ ok: true });
      }),
      { numRuns: 60 },
    );
  });
});

describe('time', () => {
  it.each([
    ['2026-03-01T11:00:00.5+01:00', 500],
    ['2026-03-01T10:00:00Z', 0],
    ['2026-03-01T10:00:00.123456789Z', 123.456789],
    ['2026-03-01T04:30:01-05:30', 1000],
  ])('%s', (time, ms) => {
    const line = JSON.stringify({
      metric: 'http_req_duration',
      type: 'Point',
      data: { time, value: 0, tags: { status: '200' } },
    });
    expect((collect([line]).startedMs ?? 0) - epochMs).toBeCloseTo(ms, 3);
  });
});

describe('lines that are no points', () => {
  it.each([
    ['half a line', '{"metric":"http_req_duration","type":"Point","data":{"time":"2026-03-01T10:00:00Z","val'],
    ['no time', '{"metric":"http_req_duration","type":"Point","data":{"value":1,"tags":{"status":"200"}}}'],
    [
      'a time without zone',
      '{"metric":"http_req_duration","type":"Point","data":{"time":"2026-03-01T10:00:00","value":1,"tags":{"status":"200"}}}',
    ],
    [
      'a day that does not exist',
      '{"metric":"http_req_duration","type":"Point","data":{"time":"2026-02-30T10:00:00Z","value":1,"tags":{"status":"200"}}}',
    ],
    [
      'a negative latency',
      '{"metric":"http_req_duration","type":"Point","data":{"time":"2026-03-01T10:00:00Z","value":-1,"tags":{"status":"200"}}}',
    ],
    [
      'a latency that is text',
      '{"metric":"http_req_duration","type":"Point","data":{"time":"2026-03-01T10:00:00Z","value":"1","tags":{"status":"200"}}}',
    ],
    ['no data', '{"metric":"http_req_duration","type":"Point"}'],
    [
      'half a dropped iteration',
      '{"metric":"dropped_iterations","type":"Point","data":{"time":"2026-03-01T10:00:00Z","value":0.5,"tags":{}}}',
    ],
  ])('%s: unreadable, and the stream is refused', (_name, line) => {
    const measured = collect([point({ startS: 0, ms: 1 }), line]);
    expect(measured.unreadable).toBe(1);
    expect(recordOfStream(measured, false)).toMatchObject({ ok: false, problem: 'One line of the stream cannot be read' });
  });

  it('two runs in one stream, weeks apart, are not one', () => {
    expect(collect([point({ startS: 0, ms: 1 }), point({ startS: 30 * 86_400, ms: 1 })]).unreadable).toBe(1);
  });

  it('definitions, other metrics and checks named like one are passed over', () => {
    const definition = '{"type":"Metric","data":{"name":"http_req_duration","type":"trend"},"metric":"http_req_duration"}';
    const check = JSON.stringify({
      metric: 'checks',
      type: 'Point',
      data: { time: 'x', value: 1, tags: { check: 'http_req_duration' } },
    });
    expect(collect([definition, check, counter('http_req_waiting'), '', 'noise of a script'])).toMatchObject({
      allRequests: 0,
      unreadable: 0,
    });
  });

  it('keys may come in any order, and a metric last', () => {
    const reordered = [point({ startS: 0, ms: 1 }), counter('dropped_iterations', 2), counter('data_sent')].map((line) => {
      const { metric, type, data } = JSON.parse(line) as Record<string, unknown>;
      return JSON.stringify({ data, type, metric });
    });
    expect(collect(reordered).counts).toMatchObject({ ok: 1, dropped: 2, unfinished: 1 });
    expect(reordered.every(isK6Line)).toBe(true);
  });

  it('without a request there is nothing to show', () => {
    expect(recordOfStream(collect([counter('iterations')]), false)).toMatchObject({
      ok: false,
      problem: expect.stringContaining('no HTTP request'),
    });
  });

  it('a stream is told by its lines', () => {
    expect(recordedLines.every(isK6Line)).toBe(true);
    expect(['', 'x', '{}', '[]', '{"type":"Point"}', '{"type":"point","metric":"a"}'].some(isK6Line)).toBe(false);
  });
});

describe('a stream that is cut', () => {
  it('is kept, marked and says where it ends', () => {
    const record = recordOf(steady(10).map(point), true);
    expect(record.stopped).toMatchObject({ reason: 'aborted', message: expect.stringContaining('middle of a line') });
    expect(record.counts.ok).toBe(100);
  });

  it('between two lines cannot be told: the record says so', () => {
    const record = recordOf(steady(10).map(point));
    expect(record.stopped).toBeUndefined();
    expect(record.notes.join()).toContain('does not say how the run ended');
  });
});
