import { gunzipSync } from 'node:zlib';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LoadEngines } from '../../src/cli/load/engines.ts';
import { loadReviewFile } from '../../src/config/load.ts';
import { readRecord } from '../../src/evidence/load-tests/record.ts';
import { scenarioDigest } from '../../src/evidence/load-tests/scenario-digest.ts';
import { aRecord, type RecordParts, type RunShape } from '../../src/evidence/load-tests/testing.ts';
import type { LoadProgress, Measurement, RunHooks } from '../../src/load/engine.ts';
import type { K6Run } from '../../src/load/k6/run.ts';
import type { LoadPlan } from '../../src/load/plan.ts';
import { SeaworthyError } from '../../src/model/errors.ts';
import { deployment, run } from './host.ts';

const head = 'apiVersion: seaworthy.dev/v1alpha1\nkind: Review\nmetadata: { name: shop }\nspec:\n  environment: production\n';
const scenario = 'scenario: { rate: 120, duration: 5m }';
const reviewFile = (...lines: readonly string[]) => `${head}  loadTest:\n${lines.map((line) => `    ${line}\n`).join('')}`;
const staging = ['target: http://127.0.0.1:3000', 'environment: staging'];
const adHoc = ['load', '--target', 'http://127.0.0.1:3000/healthz', '--rate', '120', '--duration', '5m'];

interface Called {
  readonly plan: LoadPlan;
  readonly hooks: RunHooks;
}

/** An engine that sends nothing and measures what it is told to. */
function fake(shape: RunShape = {}, parts: RecordParts = {}, then: (called: Called) => Promise<void> | void = () => {}) {
  const called: Called[] = [];
  const scripts: K6Run[] = [];
  const engines: LoadEngines = {
    embedded: async (plan, hooks) => {
      called.push({ plan, hooks });
      await then({ plan, hooks });
      return measurement(shape, parts);
    },
    k6: async (script) => {
      scripts.push(script);
      return measurement(shape, {
        engine: { name: 'k6', version: script.k6.version, runners: 1 },
        generator: undefined,
        ...parts,
      });
    },
  };
  return { engines, called, scripts };
}

function measurement(shape: RunShape, parts: RecordParts): Measurement {
  const {
    format: _,
    digest: __,
    test,
    target: ___,
    environment: ____,
    startedAt: _____,
    images: ______,
    ...measured
  } = aRecord(shape, parts);
  return { ...measured, model: test.model };
}

const recordIn = (files: ReadonlyMap<string, string>) => {
  const [[path, text] = ['', '{}']] = files;
  const read = readRecord(JSON.parse(text));
  if (!read.ok) throw new Error(read.problem);
  return { path, record: read.record };
};

describe('seaworthy load', () => {
  it('runs what the command line describes, without a review file', async () => {
    const { engines, called } = fake();
    const ran = await run(adHoc, {}, { engines });
    expect(ran.stderr).toBe('');
    expect(ran.code).toBe(0);
    expect(called[0]?.plan.target.href).toBe('http://127.0.0.1:3000/');
    expect(called[0]?.plan.scenario).toMatchObject({
      stages: [{ from: 120, to: 120, durationMs: 300_000 }],
      requests: [{ method: 'GET', path: '/healthz' }],
    });
    const { path, record } = recordIn(ran.files);
    expect(path).toBe('evidence/load-test-20260306T085000Z.json');
    expect(record).toMatchObject({
      target: 'http://127.0.0.1:3000/healthz',
      startedAt: '2026-03-06T08:50:00Z',
      test: { rate: 120, steadyS: 300, warmupS: 30 },
    });
    expect(record.environment).toBeUndefined();
    expect(ran.stdout).toContain('KEPT');
  });

  it('runs the scenario of the review file, and the record is of the declared test', async () => {
    const { engines, called } = fake();
    const text = reviewFile(...staging, scenario, 'thresholds: { p95: 150ms, p99: 2s }');
    const ran = await run(['load', 'shop'], { 'shop/seaworthy.yaml': text }, { engines });
    const { path, record } = recordIn(ran.files);
    const { review } = await loadReviewFile(async () => text, 'shop/seaworthy.yaml');
    expect(path).toBe('shop/evidence/load-test-20260306T085000Z.json');
    expect(record.test.scenario).toBe(scenarioDigest(review.loadTest?.scenario ?? ({} as never)));
    expect(record.environment).toBe('staging');
    // A review file may only tighten what the standard asks.
    expect(called[0]?.plan.limits).toEqual({ p95Ms: 150, p99Ms: 500, errorRate: 0.001, minRps: 100 });
  });

  it.each([
    [['--rate', '60'], 'rate or duration'],
    [['--duration', '60s'], 'rate or duration'],
    [['--warmup', '0s'], 'warm-up'],
    [['--timeout', '1s'], 'timeout'],
    [['--connections', '8'], 'connections'],
    [['--protocol', 'h2'], 'protocol'],
    [['--insecure'], 'TLS'],
  ])('%s makes another test of it, and says so', async (args, name) => {
    const text = reviewFile(...staging, scenario);
    const { review } = await loadReviewFile(async () => text, 'seaworthy.yaml');
    const ran = await run(['load', ...args], { 'seaworthy.yaml': text }, { engines: fake().engines });
    const { record } = recordIn(ran.files);
    expect(record.test.scenario).not.toBe(scenarioDigest(review.loadTest?.scenario ?? ({} as never)));
    expect(ran.stdout).toContain(`The command line changed ${name}: this was not a run of the declared scenario.`);
    expect(record.notes.join()).toContain(name);
  });

  it('an option that changes nothing leaves the test what it is', async () => {
    const text = reviewFile(...staging, scenario);
    const ran = await run(['load', '--rate', '120', '--timeout', '10s'], { 'seaworthy.yaml': text }, { engines: fake().engines });
    expect(ran.stdout).not.toContain('The command line changed');
  });

  it('--threshold changes limits for this run', async () => {
    const { engines, called } = fake();
    await run(
      [...adHoc, '--threshold', 'p95<0.1s', '--threshold', 'errors < 1%', '--threshold', 'throughput>50/s'],
      {},
      { engines },
    );
    expect(called[0]?.plan.limits).toEqual({ p95Ms: 100, p99Ms: 500, errorRate: 0.01, minRps: 50 });
  });
});

describe('exit codes follow the facts', () => {
  it.each([
    ['kept', {}, {}, 0, /KEPT: every limit/],
    ['a p95 above its limit', { p95Ms: 240, p99Ms: 320 }, {}, 1, /NOT KEPT: p95 is 240 ms, and has to be below 200 ms/],
    ['errors', { failed: 400 }, {}, 1, /NOT KEPT: .*of requests failed/],
    ['too little came back', { rate: 90 }, { test: { rate: 120 } }, 1, /NOT KEPT: 89.99\/s came back/],
    ['bursts', { p95Ms: 190, p99Ms: 420, burst: 0.9 }, {}, 1, /INCONCLUSIVE: .*for p95 up to/],
    ['a short run', { seconds: 20 }, {}, 1, /INVALID: this run says nothing: it measured 20 s/],
    [
      'a saturated generator',
      {},
      { generator: { lagP99Ms: 80, loopDelayP99Ms: 2, cpu: 0.95, startedShare: 1 } },
      1,
      /INVALID: .*saturated/,
    ],
    [
      'a run that was stopped for errors',
      { seconds: 20, failed: 2000 },
      { stopped: { reason: 'errors', afterS: 20, message: 'More than half failed.' } },
      1,
      /NOT KEPT/,
    ],
  ] as const)('%s', async (_, shape, parts, code, words) => {
    const ran = await run(adHoc, {}, { engines: fake(shape, parts).engines });
    expect(ran.stdout.replace(/\n\s*/g, ' ')).toMatch(words);
    expect(ran.code).toBe(code);
    expect(recordIn(ran.files).record.format).toBe('seaworthy.load-test/v2');
  });

  it('a plan at the limit shows nothing about the limit', async () => {
    const args = adHoc.map((word) => (word === '120' ? '100' : word));
    const ran = await run(args, {}, { engines: fake({ rate: 100, failed: 0 }).engines });
    expect(ran.stdout.replace(/\n\s*/g, ' ')).toMatch(/INCONCLUSIVE: .*no more was sent than the 100\/s.*Next: raise the rate/);
    expect(ran.code).toBe(1);
  });

  it('a target that never answered is told by what failed, and no figure is made up', async () => {
    const stopped = {
      reason: 'errors',
      afterS: 10,
      message: 'More than half of the requests of the last 10 seconds failed.',
    } as const;
    const notes = ['201 of 201 requests of the warm-up failed: ECONNREFUSED (201).'];
    const ran = await run(
      adHoc,
      {},
      { engines: fake({ rate: 0, failed: 0, limitsMs: [200, 500] }, { stopped, notes, blocks: [], seconds: 0 }).engines },
    );
    expect(ran.stdout).toMatch(/INVALID[\s\S]*Next: see above what failed/);
    expect(ran.stdout).toContain('ECONNREFUSED (201)');
    expect(ran.stdout).toMatch(/errors < 0\.1 % +not known +not known/);
    expect(ran.code).toBe(1);
  });

  it('an engine that measured nothing is an error, and there is no record', async () => {
    const { engines } = fake({}, {}, () => {
      throw new SeaworthyError('SW_LOAD_ENGINE', 'The setup request "sign in" was answered with 401.');
    });
    const ran = await run(adHoc, {}, { engines });
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toContain('[SW_LOAD_ENGINE]');
    expect(ran.files.size).toBe(0);
  });
});

describe('nothing is sent where something is wrong', () => {
  const rows: readonly (readonly [string, readonly string[], string | undefined, RegExp])[] = [
    ['no target', ['load', '--rate', '1', '--duration', '1s'], undefined, /No target is named.*SW_LOAD_TARGET/s],
    ['no scenario', ['load', '--target', 'http://127.0.0.1:1'], undefined, /no scenario to run.*--rate 120 --duration 60s/s],
    ['no rate', ['load', '--target', 'http://127.0.0.1:1', '--duration', '1s'], undefined, /no scenario to run/],
    ['rate 0', [...adHoc.slice(0, 3), '--rate', '0', '--duration', '1s'], undefined, /--rate takes a number above 0/],
    ['a negative rate', [...adHoc.slice(0, 3), '--rate=-5', '--duration', '1s'], undefined, /--rate takes a number above 0/],
    ['a rate in words', [...adHoc.slice(0, 3), '--rate', 'fast', '--duration', '1s'], undefined, /--rate takes a number/],
    [
      'a negative duration',
      [...adHoc.slice(0, 3), '--rate', '1', '--duration=-5m'],
      undefined,
      /--duration: write it with a unit/,
    ],
    ['a duration without a unit', [...adHoc.slice(0, 3), '--rate', '1', '--duration', '60'], undefined, /write it with a unit/],
    ['a threshold that does not parse', [...adHoc, '--threshold', 'p95=200'], undefined, /--threshold "p95=200" is no limit/],
    ['a threshold of something else', [...adHoc, '--threshold', 'p90<200ms'], undefined, /is no limit/],
    ['a threshold the wrong way round', [...adHoc, '--threshold', 'p95>200ms'], undefined, /is no limit/],
    ['a threshold twice', [...adHoc, '--threshold', 'p95<1s', '--threshold', 'p95<2s'], undefined, /names one limit twice/],
    ['half a worker', [...adHoc, '--workers', '0.5'], undefined, /whole number/],
    ['an image by tag', [...adHoc, '--image', 'shop:1.2'], undefined, /takes a digest/],
    ['images of no review', [...adHoc, '--images-under-review'], undefined, /needs a review/],
    [
      'another machine',
      [...adHoc.slice(0, 2), 'https://staging.example', ...adHoc.slice(3)],
      undefined,
      /nothing was sent.*--confirm staging.example/s,
    ],
    ['another name', [...adHoc, '--confirm', 'staging.example'], undefined, /another host/],
    [
      'production on this machine',
      [...adHoc, '--target-environment', 'production'],
      undefined,
      /declared as production.*--confirm 127.0.0.1:3000/s,
    ],
    [
      'a password in the target',
      ['load', '--target', 'http://u:hunter2zebra@127.0.0.1', '--rate', '1', '--duration', '1s'],
      undefined,
      /user or a password/,
    ],
    [
      'a target that is none',
      ['load', '--target', '127.0.0.1:3000', '--rate', '1', '--duration', '1s'],
      undefined,
      /no absolute URL/,
    ],
    ['a rate above the cap', [...adHoc.slice(0, 3), '--rate', '2001', '--duration', '1s'], undefined, /--max-rate 2001/],
    [
      'an hour and a second',
      [...adHoc.slice(0, 3), '--rate', '1', '--duration', '1h', '--warmup', '1s'],
      undefined,
      /--max-duration 3601s/,
    ],
    [
      'a variable without a value',
      ['load'],
      reviewFile('target: "${BASE}/${PART}"', 'scenario: { rate: 1, duration: 1s, requests: [{ path: "/${ITEM}" }] }'),
      /3 environment variables have no value: BASE, ITEM, PART/,
    ],
    ['a query on the base', ['load', '--target', 'http://127.0.0.1/a?b=c'], reviewFile(scenario), /has a query/],
    [
      'a data file that is missing',
      ['load'],
      reviewFile(...staging, 'scenario: { rate: 1, duration: 1s, data: no.csv }'),
      /no.csv: .*does not exist/,
    ],
    [
      'stages and one number',
      ['load', '--rate', '5'],
      reviewFile(...staging, 'scenario: { stages: [{ rate: 1, to: 2, duration: 1s }] }'),
      /both --rate and --duration/,
    ],
  ];
  it.each(rows)('%s', async (_, args, review, message) => {
    const { engines, called } = fake();
    const ran = await run(args, review === undefined ? {} : { 'seaworthy.yaml': review }, { engines });
    expect(ran.stderr).toMatch(message);
    expect(ran.stderr).not.toContain('bug in seaworthy');
    expect(ran.stdout + ran.stderr).not.toContain('hunter2zebra');
    expect(ran.code).toBe(2);
    expect(called).toHaveLength(0);
    expect(ran.files.size).toBe(0);
  });

  it('with the very name and the raised caps it runs', async () => {
    const { engines, called } = fake();
    await run(
      [
        'load',
        '--target',
        'https://staging.example:8443/x',
        '--rate',
        '3000',
        '--duration',
        '2h',
        '--confirm',
        'staging.example:8443',
        '--max-rate',
        '3000',
        '--max-duration',
        '3h',
      ],
      {},
      { engines },
    );
    expect(called[0]?.plan).toMatchObject({ workers: 2, scenario: { stages: [{ from: 3000 }] } });
  });
});

describe('what a run is of', () => {
  const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
  const imagesOf = async (args: readonly string[], lines: readonly string[], files: Readonly<Record<string, string>> = {}) => {
    const ran = await run(
      ['load', ...args],
      { 'seaworthy.yaml': `${reviewFile(...staging, scenario, ...lines)}`, ...files },
      { engines: fake().engines },
    );
    return { images: recordIn(ran.files).record.images, text: ran.stdout.replace(/\n\s*/g, ' ') };
  };
  const pinned = (letter: string) => deployment().replace('web:1.2.3', `web@${digest(letter)}`);
  const sources = (text: string) => text.replace(/\n$/, '');

  it('images that --image states', async () => {
    const { images } = await imagesOf(['--image', `web@${digest('b')}`, '--image', digest('a')], []);
    expect(images).toEqual({ basis: 'stated', digests: [digest('a'), digest('b')] });
  });
  it('objects of the tested environment, before what the review file states', async () => {
    const lines = sources(
      `images: under-review\n  sources:\n    - { manifests: prod }\n    - { manifests: stage, role: comparison, environment: staging }`,
    );
    const { images, text } = await imagesOf([], [lines], { 'prod/web.yaml': pinned('c'), 'stage/web.yaml': pinned('d') });
    expect(images).toEqual({ basis: 'objects', digests: [digest('d')] });
    expect(text).toContain('read off the objects of staging');
  });
  it('the images under review, where the review file states that', async () => {
    const { images } = await imagesOf([], [sources('images: under-review\n  sources:\n    - { manifests: prod }')], {
      'prod/web.yaml': pinned('c'),
    });
    expect(images).toEqual({ basis: 'stated', digests: [digest('c')] });
  });
  it('the images under review, where the command line states that', async () => {
    const { images } = await imagesOf(
      ['--images-under-review'],
      [sources('results: []\n  sources:\n    - { manifests: prod }')],
      { 'prod/web.yaml': pinned('c') },
    );
    expect(images).toEqual({ basis: 'stated', digests: [digest('c')] });
  });
  it('tags identify nothing', async () => {
    const { images, text } = await imagesOf([], [sources('images: under-review\n  sources:\n    - { manifests: prod }')], {
      'prod/web.yaml': deployment(),
    });
    expect(images).toBeUndefined();
    expect(text).toContain('not pinned by digest');
  });
  it('nobody says', async () => {
    const { images, text } = await imagesOf([], []);
    expect(images).toBeUndefined();
    expect(text).toContain('--images-under-review');
  });

  it('another target than the declared one is of no environment until somebody says which', async () => {
    const files = { 'seaworthy.yaml': reviewFile(...staging, scenario) };
    const other = await run(['load', '--target', 'http://127.0.0.1:9'], files, { engines: fake().engines });
    expect(recordIn(other.files).record.environment).toBeUndefined();
    expect(other.stdout).toContain('Environment: not said');
    const said = await run(['load', '--target', 'http://127.0.0.1:9', '--target-environment', 'staging'], files, {
      engines: fake().engines,
    });
    expect(recordIn(said.files).record.environment).toBe('staging');
    expect(recordIn(said.files).record.notes).toContain('The target was this machine, stated to be staging.');
  });

  it('the embedded engine in the place of a script is a substitute, unless the review file declares it', async () => {
    const script = { 'k6/load.js': 'export default () => {}' };
    const lines = [...staging, scenario, 'script: k6/load.js'];
    const substitute = await run(
      ['load', '--engine', 'embedded'],
      { 'seaworthy.yaml': reviewFile(...lines), ...script },
      { engines: fake().engines },
    );
    expect(recordIn(substitute.files).record.test.substituteFor).toBe('k6/load.js');
    expect(substitute.stdout).toContain('this is a substitute');
    const declared = await run(
      ['load'],
      { 'seaworthy.yaml': reviewFile(...lines, 'engine: embedded'), ...script },
      { engines: fake().engines },
    );
    expect(recordIn(declared.files).record.test.substituteFor).toBeUndefined();
  });
});

describe('the record', () => {
  it('never replaces another one', async () => {
    const ran = await run(adHoc, { 'evidence/load-test-20260306T085000Z.json': '{}' }, { engines: fake().engines });
    expect(recordIn(ran.files).path).toBe('evidence/load-test-20260306T085000Z-2.json');
  });
  it('goes where --output says', async () => {
    const ran = await run([...adHoc, '-o', 'a/b.json'], {}, { engines: fake().engines });
    expect(recordIn(ran.files).path).toBe('a/b.json');
  });
  it('is printed where it cannot be written', async () => {
    const ran = await run(adHoc, {}, { engines: fake().engines, unwritable: true });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('SW_OUTPUT');
    expect(readRecord(JSON.parse(ran.stdout))).toMatchObject({ ok: true });
  });
  it.each([
    ['a glob', 'results: [evidence/load-test-*.json]', true],
    ['a folder', 'results: [evidence]', true],
    ['the file', 'results: [{ path: evidence/load-test-20260306T085000Z.json }]', true],
    ['another file', 'results: [evidence/load-test.json]', false],
    ['nothing', 'results: []', false],
  ])('spec.loadTest.results with %s', async (_, line, covered) => {
    const ran = await run(
      ['load', 'shop'],
      { 'shop/seaworthy.yaml': reviewFile(...staging, scenario, line) },
      { engines: fake().engines },
    );
    const text = ran.stdout.replace(/\n\s*/g, ' ');
    if (covered) expect(text).toContain('of the review file covers it');
    else expect(text).toContain('results: ["evidence/load-test-*.json"]');
  });
  it('as JSON: file, judgement and record, and nothing else', async () => {
    const ran = await run([...adHoc, '--format', 'json'], {}, { engines: fake().engines });
    expect(JSON.parse(ran.stdout)).toMatchObject({
      file: 'evidence/load-test-20260306T085000Z.json',
      judgement: { state: 'kept' },
      record: { counts: { sent: 36_000 } },
    });
    expect(ran.stderr).toBe('');
  });
  it('is shown again by load show, as are results of k6', async () => {
    const ran = await run(adHoc, {}, { engines: fake().engines });
    const { path, record } = recordIn(ran.files);
    const again = await run(['load', 'show', path], { [path]: JSON.stringify(record) });
    expect(again.code).toBe(0);
    expect(ran.stdout.startsWith(again.stdout.trimEnd())).toBe(true);
    const summary = {
      metrics: {
        http_req_duration: { 'p(95)': 120, 'p(99)': 200, med: 20, max: 300, avg: 30, min: 1 },
        http_req_failed: { passes: 0, fails: 9000, value: 0 },
        http_reqs: { count: 9000, rate: 150 },
      },
    };
    const k6 = await run(['load', 'show', 'k6.json'], { 'k6.json': JSON.stringify(summary) });
    expect(k6.stdout).toContain('p95 < 200 ms');
    expect(k6.code).toBe(1);
    expect((await run(['load', 'show', 'cut.json'], { 'cut.json': JSON.stringify(record).slice(0, -9) })).stderr).toMatch(
      /cut or damaged.*SW_LOAD_RESULT/s,
    );
    const edited = JSON.stringify({ ...record, counts: { ...record.counts, failed: 0 } });
    expect((await run(['load', 'show', 'edited.json'], { 'edited.json': edited })).stderr).toContain('changed after the run');
  });
});

describe('Ctrl-C', () => {
  it('once: the engine is asked to stop, the record is kept, and nobody listens for the second', async () => {
    let interrupt: (() => void) | undefined;
    const { engines } = fake(
      { seconds: 30 },
      { stopped: { reason: 'interrupted', afterS: 30, message: 'The run was interrupted.' } },
      async ({ hooks }) => {
        interrupt?.();
        expect(hooks.signal.aborted).toBe(true);
        expect(interrupt).toBeUndefined();
      },
    );
    const ran = await run(adHoc, {}, { engines, onListening: (handler) => (interrupt = handler) });
    expect(ran.stderr).toContain('press Ctrl-C again'.replace('press', 'Press'));
    expect(ran.stdout).toContain('INVALID: this run says nothing: it was interrupted after 30 s');
    expect(recordIn(ran.files).record.stopped?.reason).toBe('interrupted');
    expect(ran.code).toBe(1);
  });
  it("is nobody else's business once the run is over", async () => {
    let listening: unknown;
    await run(adHoc, {}, { engines: fake().engines, onListening: (handler) => (listening = handler) });
    expect(listening).toBeUndefined();
  });
});

describe('progress', () => {
  const second = (elapsedS: number): LoadProgress => ({
    phase: elapsedS < 30 ? 'warm-up' : 'steady',
    elapsedS,
    totalS: 330,
    sent: elapsedS * 120,
    ok: elapsedS * 120,
    failed: 0,
    dropped: 0,
    inFlight: 1,
    lastSecond: { rate: 120, p50Ms: 12, p95Ms: 40, maxMs: 80 },
    steady: { n: Math.max(0, elapsedS - 30) * 120, failed: 0, seconds: Math.max(0, elapsedS - 30), over: { 200: 9, 500: 0 } },
  });
  const ticking = () =>
    fake({}, {}, ({ hooks }) => {
      for (let elapsed = 1; elapsed <= 45; elapsed++) hooks.onProgress(second(elapsed));
    }).engines;
  it('on a terminal: one line, rewritten and cleared', async () => {
    const { stderr } = await run(adHoc, {}, { engines: ticking(), terminal: 100 });
    expect(stderr).not.toContain('\n');
    expect(stderr.split('\r')).toHaveLength(47);
    expect(stderr.endsWith('\r\u001b[K')).toBe(true);
  });
  it('in CI and without a terminal: a line every ten seconds', async () => {
    for (const options of [{}, { terminal: 100, env: { CI: 'true' } }]) {
      const { stderr } = await run(adHoc, {}, { engines: ticking(), ...options });
      expect(
        stderr
          .trimEnd()
          .split('\n')
          .map((line) => line.split(' ')[1]),
      ).toEqual(['0:01/5:30', '0:10/5:30', '0:20/5:30', '0:30/5:30', '0:40/5:30']);
      expect(stderr).not.toContain('\u001b');
    }
  });
  it('as JSON without a terminal: nothing', async () => {
    expect((await run([...adHoc, '--format', 'json'], {}, { engines: ticking() })).stderr).toBe('');
  });
});

describe('no secret reaches an output', () => {
  const secret = 'hunter2Zebra';
  const text = reviewFile(
    'target: ${BASE}',
    'environment: staging',
    'results: [evidence]',
    'scenario:',
    '  rate: 120',
    '  duration: 5m',
    '  data: users.csv',
    `  setup: [{ name: sign in, method: POST, path: /login, headers: { x-api-key: ${secret}k }, body: { user: a, password: ${secret}b }, capture: { token: /token } }]`,
    `  requests: [{ path: "/a?access_token=${secret}q", headers: { authorization: "Bearer ${secret}h", x-b: "\${TOKEN}", x-c: "\${data.pin}" } }]`,
  );
  const files = {
    'seaworthy.yaml': `${text}  sources: [{ manifests: k8s }]\n`,
    'users.csv': `pin\n${secret}d\n`,
    'k8s/web.yaml': deployment(),
  };
  const env = { BASE: 'http://127.0.0.1:3000', TOKEN: `${secret}e` };
  it('of a run, its record, its review, its bundle', async () => {
    const { engines, called } = fake();
    const ran = await run(['load'], files, { engines, env });
    expect(JSON.stringify(called[0]?.plan)).toContain(`Bearer ${secret}h`);
    expect(called[0]?.plan.rows).toEqual([{ pin: `${secret}d` }]);
    expect(recordIn(ran.files).record.test).toMatchObject({ variables: ['BASE', 'TOKEN'] });
    const everything = JSON.stringify([ran.stdout, ran.stderr, ...ran.files.values()]);
    expect(everything).not.toContain(secret);
    const bundle = join(tmpdir(), `seaworthy-load-${process.pid}.json.gz`);
    const reviewed = await run(
      ['review', '-f', 'json', '--save', bundle],
      { ...files, ...Object.fromEntries(ran.files) },
      { env },
    );
    const saved = gunzipSync(await readFile(bundle)).toString();
    await rm(bundle);
    expect(saved).toContain('access_token=xxx');
    expect(saved + reviewed.stdout + reviewed.stderr).not.toContain(secret);
  });
  it('of a target with a token in its path', async () => {
    const token = `ghp_${'aB3dE5'.repeat(6)}`;
    const ran = await run(
      ['load', '--target', `http://127.0.0.1/hooks/${token}?api_key=${secret}`, '--rate', '120', '--duration', '5m'],
      {},
      { engines: fake().engines },
    );
    expect(ran.code).toBe(0);
    expect(JSON.stringify([ran.stdout, ran.stderr, ...ran.files.values()])).not.toMatch(new RegExp(`${token}|${secret}`));
  });
  it('of errors', async () => {
    const broken: readonly (readonly [string, string])[] = [
      ['a wrong body', text.replace('method: POST, ', '')],
      ['a wrong target', text.replace('${BASE}', `"http://a:${secret}@127.0.0.1"`)],
      ['a wrong capture', text.replace('/token }', `${secret} }`)],
    ];
    for (const [, review] of broken) {
      const ran = await run(['load'], { ...files, 'seaworthy.yaml': review }, { engines: fake().engines, env });
      expect(ran.code).toBe(2);
      expect(ran.stderr + ran.stdout).not.toContain(secret);
    }
    const refused = fake({}, {}, ({ plan }) => {
      throw new SeaworthyError('SW_LOAD_PLAN', `The request "${plan.scenario.requests[0]?.name}" cannot be sent.`);
    });
    const named = await run(['load'], files, { engines: refused.engines, env });
    expect(named.stderr).toContain('GET /a?access_token=xxx');
    expect(named.stderr).not.toContain(secret);
    const csv = await run(['load'], { ...files, 'users.csv': `pin\n${secret},x\n` }, { engines: fake().engines, env });
    expect(csv.stderr).toContain('users.csv:2');
    expect(csv.stderr).not.toContain(secret);
  });
});

describe('a script', () => {
  const script = { 'k6/load.js': 'export default () => {}' };
  const review = (...lines: readonly string[]) => ({
    'seaworthy.yaml': reviewFile('script: k6/load.js', 'target: ${BASE}', 'environment: staging', ...lines),
    ...script,
  });
  const env = { BASE: 'http://127.0.0.1:3000' };
  const text = (value: unknown) => ({ ok: true, stdout: new TextEncoder().encode(JSON.stringify(value)), stderr: '' }) as const;
  const programs =
    (asked: string[][] = [], seconds = 300) =>
    (command: string, args: readonly string[]) => {
      asked.push([command, ...args]);
      if (args[0] === 'version') return text({ version: 'v1.8.1' });
      const steady = {
        executor: 'constant-arrival-rate',
        rate: 120,
        timeUnit: '1s',
        duration: `${seconds}s`,
        preAllocatedVUs: 9,
        gracefulStop: '30s',
        startTime: '0s',
      };
      return text({ scenarios: { steady }, thresholds: {}, totalDuration: `${seconds + 30}s`, maxVUs: 9 });
    };

  it('is run by k6, with the variable of its target', async () => {
    const { engines, called, scripts } = fake();
    const ran = await run(['load', '--warmup', '30s'], review(scenario), { engines, env, programs: programs() });
    expect(ran.stderr).toBe('');
    expect(called).toHaveLength(0);
    expect(scripts[0]).toMatchObject({
      script: 'k6/load.js',
      variables: { BASE: 'http://127.0.0.1:3000' },
      limitsMs: [200, 500],
      warmupS: 30,
    });
    const { record } = recordIn(ran.files);
    expect(record.test).toMatchObject({
      script: { path: 'k6/load.js', sha256: expect.stringMatching(/^sha256:/) },
      warmupS: 30,
      variables: ['BASE'],
    });
    expect(record.test.scenario).toBeUndefined();
  });
  it('without k6: did not run, how to get it, and what stands in for it', async () => {
    for (const args of [['load'], ['load', '--engine', 'k6']]) {
      const { engines, called, scripts } = fake();
      const ran = await run(args, review(scenario), { engines, env });
      expect(ran.code).toBe(2);
      expect(ran.stderr).toMatch(/did not run[\s\S]*brew install k6[\s\S]*--engine embedded/);
      expect([called.length, scripts.length, ran.files.size]).toEqual([0, 0, 0]);
    }
  });
  it('another target is told by its variable', async () => {
    const { engines, scripts } = fake();
    const ran = await run(['load', '--target', 'http://127.0.0.1:9'], review(), { engines, programs: programs() });
    expect(ran.stderr).toBe('');
    expect(scripts[0]?.variables).toEqual({ BASE: 'http://127.0.0.1:9' });
    expect(recordIn(ran.files).record).toMatchObject({ target: 'http://127.0.0.1:9' });
  });
  it.each([
    [
      'a target that it does not read from a variable',
      ['--target', 'http://127.0.0.1:9'],
      { 'seaworthy.yaml': reviewFile('script: k6/load.js', 'target: http://127.0.0.1:3000'), ...script },
      /--target cannot change that/,
    ],
    ['a rate', ['--rate', '5'], review(), /--rate changes a scenario/],
    ['another machine', ['--target', 'https://staging.example'], review(), /nothing was sent/],
    [
      'a script that is missing',
      [],
      { 'seaworthy.yaml': review()['seaworthy.yaml'] },
      /script cannot be used: k6\/load.js does not exist/,
    ],
    [
      'k6 without a script',
      ['--engine', 'k6'],
      { 'seaworthy.yaml': reviewFile('target: ${BASE}', scenario) },
      /names none[\s\S]*--emit k6/,
    ],
  ])('%s is refused before k6 is asked for anything', async (_, args, files, message) => {
    const asked: string[][] = [];
    const { engines, scripts } = fake();
    const ran = await run(['load', ...args], files, { engines, env, programs: programs(asked) });
    expect(ran.stderr).toMatch(message);
    expect(ran.code).toBe(2);
    expect(scripts).toHaveLength(0);
    expect(asked.filter(([, verb]) => verb !== 'version')).toEqual([]);
  });
  it('of two hours needs a raised cap', async () => {
    const { engines, scripts } = fake();
    expect((await run(['load'], review(), { engines, env, programs: programs([], 7200) })).stderr).toContain(
      '--max-duration 7230s',
    );
    expect(scripts).toHaveLength(0);
    expect((await run(['load', '--max-duration', '3h'], review(), { engines, env, programs: programs([], 7200) })).stderr).toBe(
      '',
    );
  });
  it('of a closed model keeps no limit with confidence', async () => {
    const ran = await run(['load'], review(), {
      engines: fake({}, { test: { model: 'closed' } }).engines,
      env,
      programs: programs(),
    });
    expect(ran.code).toBe(1);
    expect(ran.stdout.replace(/\n\s*/g, ' ')).toMatch(/INCONCLUSIVE: .*closed model.*Next: use an executor with an arrival rate/);
  });
});

describe('the scenario for k6', () => {
  it('is written without a confirmation: nothing is sent', async () => {
    const { engines, called } = fake();
    const ran = await run(
      ['load', '--target', 'https://staging.example/x', '--rate', '5', '--duration', '1m', '--emit', 'k6'],
      {},
      { engines },
    );
    expect(ran.code).toBe(0);
    expect(ran.stdout).toContain('constant-arrival-rate');
    expect(called).toHaveLength(0);
  });
  it('for the operator, with a name of the review', async () => {
    const files = { 'seaworthy.yaml': reviewFile('target: ${BASE}', scenario) };
    const ran = await run(['load', '--emit', 'k6-operator', '--runners', '3', '--namespace', 'load'], files);
    expect(ran.stdout).toMatch(/kind: TestRun[\s\S]*name: shop-load[\s\S]*namespace: load[\s\S]*parallelism: 3/);
  });
  it('holds no literal secret', async () => {
    const files = {
      'seaworthy.yaml': reviewFile(
        ...staging,
        'scenario: { rate: 1, duration: 1s, requests: [{ headers: { authorization: Bearer hunter2Zebra } }] }',
      ),
    };
    const ran = await run(['load', '--emit', 'k6'], files);
    expect(ran.code).toBe(2);
    expect(ran.stdout + ran.stderr).not.toContain('hunter2Zebra');
  });
  it('puts rows into a file beside the script', async () => {
    const files = {
      'seaworthy.yaml': reviewFile(
        ...staging,
        'scenario: { rate: 1, duration: 1s, data: u.csv, requests: [{ path: "/${data.id}" }] }',
      ),
      'u.csv': 'id\n7\n',
    };
    expect((await run(['load', '--emit', 'k6'], files)).stderr).toContain('-o load-test.js');
    const ran = await run(['load', '--emit', 'k6', '-o', 'out/load.js'], files);
    expect([...ran.files.keys()]).toEqual(['out/load.js', 'out/load.rows.json']);
    expect(ran.files.get('out/load.js')).toContain('load.rows.json');
  });
});

describe('load collect', () => {
  const part = (startedAt: string) =>
    JSON.stringify(aRecord({ rate: 60, startedAt }, { test: { share: 0.5, scenario: `sha256:${'a'.repeat(64)}` } }));
  it('adds runners up', async () => {
    const files = { 'a.json': part('2026-03-05T18:00:00Z'), 'b.json': part('2026-03-05T18:00:01Z') };
    const ran = await run(['load', 'collect', 'a.json', 'b.json', '--runners', '2', '-o', 'all.json'], files);
    expect(ran.stderr).toBe('');
    expect(recordIn(ran.files).record.counts.sent).toBe(36_000);
    expect(ran.code).toBe(0);
  });
  it('a missing runner makes the run invalid', async () => {
    const ran = await run(['load', 'collect', 'a.json', '--runners', '2'], { 'a.json': part('2026-03-05T18:00:00Z') });
    expect(ran.code).toBe(1);
    expect(ran.stdout).toContain('INVALID');
  });
  it('what is no result is refused', async () => {
    expect((await run(['load', 'collect', 'a.log'], { 'a.log': 'hello\n' })).code).toBe(2);
    expect((await run(['load', 'collect', 'no.log'], {})).stderr).toContain('no.log');
  });
});
