import { describe, expect, it } from 'vitest';
import { readRecord } from '../../evidence/load-tests/record.ts';
import { collectRecords, parseExitCodes } from './collect.ts';
import { type Marker, readMarkers, segmentOf } from './marker.ts';
import { readRunnerPods } from './pods.ts';

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const tookOf = (buckets: [number, number][]): Marker['took'] => ({ buckets, minMs: 0.5, maxMs: 230, sumUs: 1000 });

/** What runner `index` of `of` prints: 100 requests of 10 s, cut into two blocks. */
function markerOf(index: number, of: number, change: Partial<Marker> = {}): Marker {
  return {
    v: 1,
    script: digest('a'),
    scenario: digest('b'),
    test: {
      rate: 10,
      warmupS: 2,
      steadyS: 10,
      requests: [{ name: 'a', method: 'GET', path: '/', weight: 1 }],
      variables: ['BASE'],
    },
    planned: 100,
    blockS: 5,
    limitsMs: [200, 500],
    target: 'http://127.0.0.1:3000/',
    run: 'gravl-load',
    instance: of === 1 ? null : String(index),
    segment: of === 1 ? null : `${index - 1}/${of}:${index}/${of}`,
    startedAt: 1_772_733_600_000,
    steadyAt: 1_772_733_602_000 + index,
    lastStartMs: 9_900,
    started: 100 / of,
    dropped: 0,
    blocks: [
      [50 / of, 1, 2, 0],
      [50 / of, 0, 0, 0],
    ],
    took: {
      buckets: [
        [1, 100 / of - 2],
        [240, 2],
      ],
      minMs: 0.5 + index / 1000,
      maxMs: 230.000123,
      sumUs: 460_000 + index,
    },
    lag: null,
    statuses: { 200: 100 / of - 1 },
    errors: { timeout: 1 },
    thresholds: [['dropped_iterations{scenario:steady}', 'count<1', true]],
    ...change,
  };
}
const line = (marker: unknown) => `SEAWORTHY ${JSON.stringify(marker)}`;
const log = (marker: unknown) => `\nSteady window of this runner: ...\n${line(marker)}\n`;
const file = (marker: unknown, name = 'runner.log') => ({ name, text: log(marker) });

interface PodOptions {
  readonly exitCode?: number;
  readonly image?: string;
  readonly running?: boolean;
}
const pod = (index: number, { exitCode = 0, image = 'grafana/k6:1.8.1@sha256:00', running = false }: PodOptions = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: `gravl-load-${index}-x7k2p`,
    labels: { app: 'k6', k6_cr: 'gravl-load', runner: 'true', 'job-name': `gravl-load-${index}` },
  },
  spec: {
    containers: [{ name: 'k6', image, command: ['k6', 'run', '--quiet', '/test/load-test.js', '--tag', `instance_id=${index}`] }],
  },
  status: { containerStatuses: [{ name: 'k6', state: running ? { running: {} } : { terminated: { exitCode } } }] },
});
const initializer = {
  kind: 'Pod',
  metadata: { name: 'gravl-load-initializer-1', labels: { app: 'k6', k6_cr: 'gravl-load' } },
  spec: {},
  status: {},
};
const pods = (...list: unknown[]) => ({
  name: 'pods.json',
  text: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [initializer, ...list] }),
});

const error = (run: () => unknown): { code: string; message: string; hint?: string } => {
  try {
    run();
  } catch (caught) {
    return caught as { code: string; message: string };
  }
  throw new Error('nothing was thrown');
};

describe('markers in a log', () => {
  const marker = markerOf(1, 1);
  it.each<[string, string]>([
    ['as printed', log(marker)],
    ['with carriage returns', log(marker).replaceAll('\n', '\r\n')],
    ['with times before it', `2026-03-05T18:00:00.123456789Z ${line(marker)}`],
    ['with the name of a Pod before it', `[pod/gravl-load-1-x7k2p/k6] ${line(marker)}\n`],
    ['with colours around it', `\u001b[32m${line(marker)}\u001b[0m`],
    ['with a stream before it', `2026-03-05T18:00:00Z stdout F ${line(marker)}`],
    ['as JSON of a container runtime', JSON.stringify({ log: `${line(marker)}\n`, stream: 'stdout' })],
    ['twice', `${line(marker)}\n${line(marker)}\n`],
    ['behind noise', `${'x'.repeat(100_000)}\nSEAWORTHY\nSEAWORTHY nothing\n${line(marker)}`],
  ])('are found %s', (_, text) => {
    expect(readMarkers(text)).toEqual({ markers: [marker], broken: 0 });
  });

  it('are found several in a log', () => {
    expect(readMarkers(`${line(markerOf(1, 2))}\n${line(markerOf(2, 2))}`).markers.map(({ instance }) => instance)).toEqual([
      '1',
      '2',
    ]);
  });

  it.each<[string, string]>([
    ['cut', line(marker).slice(0, 700)],
    ['cut before its last brace', line(marker).slice(0, -1)],
    ['of a version that is not known', line({ ...marker, v: 2 })],
    [
      'with blocks that contradict its buckets',
      line({
        ...marker,
        blocks: [
          [51, 0, 0, 0],
          [50, 0, 0, 0],
        ],
        started: 101,
      }),
    ],
    ['with more answers than requests', line({ ...marker, started: 99 })],
    [
      'with more slow answers than answers',
      line({
        ...marker,
        blocks: [
          [50, 1, 51, 0],
          [50, 0, 0, 0],
        ],
      }),
    ],
    ['with blocks for other limits', line({ ...marker, limitsMs: [200] })],
    [
      'with buckets out of order',
      line({
        ...marker,
        took: tookOf([
          [240, 2],
          [1, 98],
        ]),
      }),
    ],
    ['with counts below zero', line({ ...marker, dropped: -1 })],
    ['with a segment without meaning', line({ ...marker, segment: '1:0' })],
    ['with digits that are no number', line(marker).replace('"planned":100', '"planned":1e999')],
    ['of excessive length', `${line(marker).slice(0, -1)},"x":"${'x'.repeat(1 << 20)}"}`],
  ])('that are %s are told as broken', (_, text) => {
    expect(readMarkers(text)).toEqual({ markers: [], broken: 1 });
  });

  it('read in time that grows with the log alone', () => {
    const before = performance.now();
    expect(readMarkers(`${'SEAWORTHY {'.repeat(50_000)}\n`.repeat(10)).markers).toEqual([]);
    expect(performance.now() - before).toBeLessThan(2_000);
  });
});

describe('execution segments', () => {
  it.each<[string, ReturnType<typeof segmentOf>]>([
    ['0:1/2', { from: 0, to: 0.5 }],
    ['1/4:1/2', { from: 0.25, to: 0.5 }],
    ['0.25:0.5', { from: 0.25, to: 0.5 }],
    ['50%:100%', { from: 0.5, to: 1 }],
    ['1/4', { from: 0, to: 0.25 }],
    ['1/2:1/2', undefined],
    ['0:2', undefined],
    ['-1:1', undefined],
    ['a:b', undefined],
    ['1/0:1', undefined],
    ['0:1/3:1', undefined],
    ['', undefined],
  ])('%j is %j', (text, expected) => {
    expect(segmentOf(text)).toEqual(expected);
  });
});

describe('collecting runners', () => {
  it('gives the record of one runner that ran all of it', () => {
    const record = collectRecords([file(markerOf(1, 1))], { environment: 'staging' });
    expect(readRecord(JSON.parse(JSON.stringify(record)))).toEqual({ ok: true, record });
    expect(record).toMatchObject({
      engine: { name: 'k6', version: 'unknown', runners: 1 },
      test: { scenario: digest('b'), model: 'open', rate: 10, warmupS: 2, steadyS: 10, variables: ['BASE'] },
      target: 'http://127.0.0.1:3000',
      environment: 'staging',
      startedAt: '2026-03-05T18:00:00.001Z',
      counts: {
        planned: 100,
        sent: 100,
        ok: 99,
        failed: 1,
        timeouts: 1,
        dropped: 0,
        retried: 0,
        unfinished: 0,
        byStatus: { 200: 99 },
        byError: { timeout: 1 },
      },
      seconds: 10,
      limitsMs: [200, 500],
      response: {
        buckets: [
          [999.999, 98],
          [239_999.999, 2],
        ],
        minUs: 501,
        maxUs: 230_000.123,
        sumUs: 460_001,
      },
      blocks: [
        { startS: 0, seconds: 5, n: 50, failed: 1, over: { 200: 2, 500: 0 } },
        { startS: 5, seconds: 5, n: 50, failed: 0, over: { 200: 0, 500: 0 } },
      ],
      k6: {
        thresholds: [{ metric: 'dropped_iterations{scenario:steady}', expression: 'count<1', ok: true }],
        droppedIterations: 0,
      },
    });
    expect(record).not.toHaveProperty('stopped');
    expect(record.notes.join(' ')).toContain('counted exactly');
  });

  it('adds runners of k6-operator up, with the exit codes and the version that their Pods tell', () => {
    const record = collectRecords([file(markerOf(2, 2)), pods(pod(1), pod(2, { exitCode: 99 })), file(markerOf(1, 2))], {
      runners: 2,
    });
    expect(record.engine).toEqual({ name: 'k6-operator', version: '1.8.1', runners: 2 });
    expect(record.counts).toMatchObject({ planned: 100, sent: 100, ok: 98, failed: 2 });
    expect(record.k6?.exitCode).toBe(99);
    expect(record).not.toHaveProperty('stopped');
    expect(record.merged?.startSkewS).toBe(0.001);
  });

  it('tells requests that had no answer at the end', () => {
    const { counts } = collectRecords([file(markerOf(1, 1, { started: 103 }))]);
    expect(counts).toMatchObject({ sent: 103, ok: 99, failed: 1, unfinished: 3 });
  });

  it('keeps how late requests started, in coarse buckets', () => {
    const lag = {
      buckets: [
        [2, 99],
        [10, 1],
      ] as [number, number][],
      minMs: 0,
      maxMs: 8,
      sumUs: 30_000,
    };
    const { sendLag } = collectRecords([file(markerOf(1, 1, { lag }))]);
    expect(sendLag).toEqual({
      buckets: [
        [1999.999, 99],
        [9999.999, 1],
      ],
      minUs: 0,
      maxUs: 8000,
      sumUs: 30_000,
    });
    expect(readMarkers(line(markerOf(1, 1, { lag: { ...lag, buckets: [[2, 99]] } }))).broken).toBe(1);
  });

  it('shares of odd segments are planned to the whole', () => {
    const third = (index: number) =>
      markerOf(index, 3, {
        started: 33,
        blocks: [
          [17, 0, 2, 0],
          [16, 0, 0, 0],
        ],
        took: tookOf([
          [1, 31],
          [240, 2],
        ]),
        statuses: { 200: 33 },
        errors: {},
      });
    const record = collectRecords([third(1), third(2), third(3)].map((marker) => file(marker)));
    expect(record.counts.planned).toBe(100);
    expect(record).not.toHaveProperty('stopped');
  });

  it.each<[string, () => Parameters<typeof collectRecords>, string, string]>([
    [
      'a runner whose log is missing',
      () => [[file(markerOf(1, 2))]],
      'runner-missing',
      'The runners whose records are here had 50 % of the load.',
    ],
    [
      'fewer than there were',
      () => [[file(markerOf(1, 1))], { runners: 2 }],
      'runner-missing',
      'Records of 1 of 2 runners are here.',
    ],
    [
      'a Pod without a log',
      () => [[file(markerOf(1, 2)), pods(pod(1), pod(2, { exitCode: 137 }))]],
      'runner-missing',
      'Records of 1 of 2 runners are here.',
    ],
    [
      'a Pod that failed after its result',
      () => [[file(markerOf(1, 2)), file(markerOf(2, 2)), pods(pod(1), pod(2, { exitCode: 109 }))]],
      'engine-failed',
      'Runner 2 ended with exit code 109.',
    ],
    [
      'a signal',
      () => [[file(markerOf(1, 2)), file(markerOf(2, 2)), pods(pod(1), pod(2, { exitCode: 105 }))]],
      'interrupted',
      'Runner 2 ended with exit code 105.',
    ],
    [
      'an exit code of its own',
      () => [[file(markerOf(1, 1))], { exitCodes: [107] }],
      'engine-failed',
      'A runner ended with exit code 107.',
    ],
    [
      'too few exit codes',
      () => [[file(markerOf(1, 2)), file(markerOf(2, 2))], { exitCodes: [0] }],
      'runner-missing',
      'There are 1 exit codes and results of 2 runners.',
    ],
    [
      'a log that is cut',
      () => [[file(markerOf(1, 2)), { name: 'b.log', text: log(markerOf(2, 2)).slice(0, 500) }]],
      'runner-missing',
      'The runners whose records are here had 50 % of the load.',
    ],
    [
      'a log without a result beside the whole',
      () => [[file(markerOf(1, 1)), { name: 'b.log', text: 'level=error' }]],
      'runner-missing',
      'b.log holds no result: its k6 did not come to the end.',
    ],
    [
      'a runner that ended early',
      () => [
        [
          file(
            markerOf(1, 1, {
              started: 40,
              lastStartMs: 3_900,
              blocks: [
                [40, 1, 2, 0],
                [0, 0, 0, 0],
              ],
              took: tookOf([
                [1, 38],
                [240, 2],
              ]),
              statuses: { 200: 39 },
            }),
          ),
        ],
      ],
      'aborted',
      'k6 started its last request after 3.9 s of 10 s.',
    ],
    [
      'a setup that failed elsewhere',
      () => [
        [
          file(markerOf(1, 2)),
          file(
            markerOf(2, 2, {
              target: null,
              steadyAt: null,
              started: 0,
              blocks: [
                [0, 0, 0, 0],
                [0, 0, 0, 0],
              ],
              took: tookOf([]),
              lastStartMs: null,
            }),
          ),
        ],
      ],
      'runner-missing',
      'The runners whose records are here had 50 % of the load.',
    ],
  ])('%s makes a result that settles nothing', (_, given, reason, message) => {
    const record = collectRecords(...given());
    expect(record.stopped).toMatchObject({ reason, message });
    expect(record.counts.sent).toBeGreaterThan(0);
    expect(readRecord(JSON.parse(JSON.stringify(record)))).toEqual({ ok: true, record });
  });

  it('a run that ended early is as long as it was', () => {
    const record = collectRecords([
      file(
        markerOf(1, 1, {
          started: 40,
          lastStartMs: 3_900,
          blocks: [
            [40, 1, 2, 0],
            [0, 0, 0, 0],
          ],
          took: tookOf([
            [1, 38],
            [240, 2],
          ]),
          statuses: { 200: 39 },
        }),
      ),
    ]);
    expect(record.seconds).toBe(3.9);
    expect(record.blocks.map(({ seconds, n }) => [seconds, n])).toEqual([[3.9, 40]]);
  });

  it('a generator that was too slow is no early end', () => {
    const slow = markerOf(1, 1, {
      started: 90,
      blocks: [
        [50, 0, 0, 0],
        [40, 0, 0, 0],
      ],
      took: tookOf([[1, 90]]),
      statuses: { 200: 90 },
      errors: {},
    });
    const record = collectRecords([file(slow)]);
    expect(record).not.toHaveProperty('stopped');
    expect(record.counts).toMatchObject({ planned: 100, sent: 90 });
  });

  it.each<[string, () => Parameters<typeof collectRecords>, string]>([
    ['nothing', () => [[]], 'There is no result of a load test.'],
    [
      'a log without a result',
      () => [[{ name: 'a.log', text: 'level=error msg="..."' }]],
      'a.log holds no result: its k6 did not come to the end.',
    ],
    [
      'a log whose result is cut',
      () => [[{ name: 'a.log', text: log(markerOf(1, 1)).slice(0, 300) }]],
      'a.log holds a result that is cut or changed.',
    ],
    [
      'Pods alone',
      () => [[pods(pod(1, { exitCode: 1 }))]],
      'The runner gravl-load-1-x7k2p ended with exit code 1 and there is no result of it.',
    ],
    [
      'a runner that goes on',
      () => [[file(markerOf(1, 2)), pods(pod(1), pod(2, { running: true }))]],
      'k6 has not ended in gravl-load-2-x7k2p.',
    ],
    [
      'different scripts',
      () => [[file(markerOf(1, 2)), file(markerOf(2, 2, { script: digest('c') }))]],
      'The runners ran different scripts.',
    ],
    [
      'different scenarios',
      () => [[file(markerOf(1, 2)), file(markerOf(2, 2, { scenario: digest('c') }))]],
      'The results cannot be added up: they are of different scenarios.',
    ],
    [
      'different targets',
      () => [[file(markerOf(1, 2)), file(markerOf(2, 2, { target: 'http://127.0.0.1:1' }))]],
      'The results cannot be added up: they are of different targets.',
    ],
    [
      'one runner twice',
      () => [[file(markerOf(1, 2)), file(markerOf(1, 2, { run: 'again', steadyAt: 1_772_733_602_500 }))]],
      'There are two results of runner 1.',
    ],
    [
      'one after the other',
      () => [[file(markerOf(1, 2)), file(markerOf(2, 2, { steadyAt: 1_772_733_612_000 }))]],
      'The results cannot be added up: their runners started 9.999 s apart, which is more than one block of time (5 s).',
    ],
    [
      'a setup that failed',
      () => [
        [
          file(
            markerOf(1, 1, {
              target: null,
              started: 0,
              blocks: [
                [0, 0, 0, 0],
                [0, 0, 0, 0],
              ],
              took: tookOf([]),
            }),
          ),
        ],
      ],
      'The setup of 1 of 1 runners failed.',
    ],
    [
      'more runners than there were',
      () => [[file(markerOf(1, 2)), file(markerOf(2, 2))], { runners: 1 }],
      'The results cannot be added up: there are records of 2 runners, and only 1 ran.',
    ],
    [
      'an edited record',
      () => [
        [{ name: 'a.json', text: JSON.stringify({ ...collectRecords([file(markerOf(1, 1))]), environment: 'production' }) }],
      ],
      'The record cannot be used: it was changed after the run: its digest is another.',
    ],
  ])('refuses %s', (_, given, message) => {
    expect(error(() => collectRecords(...given()))).toMatchObject({
      code: 'SW_LOAD_RESULT',
      message,
      hint: expect.any(String) as unknown,
    });
  });

  it('records of ours are collected like logs', () => {
    const halves = [1, 2].map((index) => ({
      name: `${index}.json`,
      text: JSON.stringify(collectRecords([file(markerOf(index, 2))])),
    }));
    const record = collectRecords(halves, { runners: 2 });
    expect(record.counts).toMatchObject({ planned: 100, sent: 100 });
    expect(record).not.toHaveProperty('stopped');
    expect(collectRecords([halves[0] as { name: string; text: string }, file(markerOf(2, 2))]).counts.sent).toBe(100);
  });

  it('user, password and query of a target never come into a record', () => {
    const record = collectRecords([file(markerOf(1, 1, { target: 'https://ann:pw@A.test:443/v1?key=s3cret#x' }))]);
    expect(record.target).toBe('https://a.test/v1');
  });
});

describe('exit codes and Pods', () => {
  it.each<[string, readonly number[] | undefined]>([
    ['0,99,0', [0, 99, 0]],
    ['gravl-load-1 0\ngravl-load-2\t99\n', [0, 99]],
    ['0', [0]],
    ['', undefined],
    ['a', undefined],
    ['-1', undefined],
    ['0,,1', [0, 1]],
  ])('%j is %j', (text, expected) => {
    expect(parseExitCodes(text)).toEqual(expected);
  });

  it('runners are told by label, tag and Job, whatever else a list holds', () => {
    const { spec, status, metadata } = pod(3);
    const untagged = { metadata, spec: { containers: [{ name: 'k6', image: 'registry:5000/k6', args: [] }] }, status };
    const odd = [
      null,
      7,
      [],
      {},
      { metadata: { labels: { runner: 'true' } } },
      { kind: 'Service', metadata: { name: 'x', labels: { runner: 'true' } } },
    ];
    expect(
      readRunnerPods({
        kind: 'List',
        items: [pod(2), initializer, ...odd, untagged, { metadata, spec, status: { containerStatuses: 'x' } }],
      }),
    ).toEqual([
      { name: 'gravl-load-2-x7k2p', instance: '2', exitCode: 0, version: '1.8.1' },
      { name: 'gravl-load-3-x7k2p', instance: '3', exitCode: 0 },
      { name: 'gravl-load-3-x7k2p', instance: '3', version: '1.8.1' },
    ]);
    expect(readRunnerPods({ kind: 'List' })).toBeUndefined();
    expect(readRunnerPods([])).toBeUndefined();
  });
});
