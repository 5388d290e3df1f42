import { describe, expect, it } from 'vitest';
import type { LoadTestData } from '../../evidence/bundle.ts';
import type { DeclaredLoadTest } from '../../evidence/declared.ts';
import { scenarioDigest } from '../../evidence/load-tests/scenario-digest.ts';
import { aRecord, aScenario, type RecordParts, type RunShape } from '../../evidence/load-tests/testing.ts';
import { examine } from '../testing.ts';
import { loadTest } from './load-test.ts';

const one = `sha256:${'a1'.repeat(32)}`;
const two = `sha256:${'b2'.repeat(32)}`;
const foreign = `sha256:${'c3'.repeat(32)}`;
const deployment = (name: string, containers: string, replicas = 1) =>
  `---\n{ apiVersion: apps/v1, kind: Deployment, metadata: { name: ${name}, namespace: shop }, spec: { replicas: ${replicas}, template: { metadata: { labels: { app: ${name} } }, spec: { containers: ${containers} } } } }\n`;
const edge = `---
{ apiVersion: v1, kind: Service, metadata: { name: web, namespace: shop }, spec: { selector: { app: web }, ports: [{ port: 80, targetPort: 8080 }] } }
---
{ apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: { name: web, namespace: shop }, spec: { rules: [{ host: a.acme.io, http: { paths: [{ path: /, backend: { service: { name: web, port: { number: 80 } } } }] } }] } }
`;
const web = deployment('web', `[{ name: web, image: "web@${one}" }]`);

/** A good run of image one on the day before the review. */
const run = (shape: RunShape = {}, parts: RecordParts = {}, path = 'run.json'): LoadTestData => ({
  path,
  record: aRecord({ startedAt: '2026-03-05T08:50:00Z', images: [one], ...shape }, parts),
});
const stopped = (reason: NonNullable<LoadTestData['record']['stopped']>['reason']): RecordParts => ({
  stopped: { reason, afterS: 12, message: 'because' },
});
/** What k6 prints at the end, and no more. */
const summary = (p95Ms: number, p99Ms: number, parts: RecordParts = {}): LoadTestData =>
  run(
    { failed: 0 },
    {
      engine: { name: 'k6', version: '1.8.1', runners: 1 },
      response: undefined,
      service: undefined,
      sendLag: undefined,
      generator: undefined,
      blocks: [],
      limitsMs: [],
      quantiles: { p50Ms: 20, p95Ms, p99Ms, maxMs: 900 },
      ...parts,
    },
  );
const healthy = { lagP99Ms: 0.9, loopDelayP99Ms: 2, cpu: 0.1, startedShare: 1 };

type Parts = Omit<Parameters<typeof examine>[1], 'loadTests'>;
const assessments = (loadTests: readonly LoadTestData[], parts: Parts = {}) =>
  examine(loadTest, { objects: web, ...parts, loadTests });
const say = (loadTests: readonly LoadTestData[], parts: Parts = {}) =>
  assessments(loadTests, parts).map(({ outcome, messageId }) => `${outcome} ${messageId}`);
const message = (loadTests: readonly LoadTestData[], parts: Parts = {}) => assessments(loadTests, parts)[0]?.message ?? '';

describe('limits', () => {
  it.each<[string, LoadTestData, readonly string[]]>([
    ['within the limits', run(), ['pass within']],
    ['strict: 200 ms are not below 200 ms', run({ p95Ms: 200 }), ['fail p95']],
    [
      '100 requests a second are not more than 100',
      run({ rate: 120 }, { counts: { ok: 29_997, failed: 6003 } }),
      ['fail errors', 'fail throughput'],
    ],
    ['no failed request is below any limit', run({ failed: 0 }), ['pass within']],
    ['one failed request in a thousand is not below one in a thousand', run({ failed: 36 }), ['fail errors']],
    [
      'each limit that is exceeded is named',
      run({ p95Ms: 300, p99Ms: 900, failed: 2000, rate: 101 }),
      ['fail errors', 'fail p95', 'fail p99', 'fail throughput'],
    ],
    [
      'a rank, not an interpolation: the value at rank 0.95 n decides',
      run({ p95Ms: 199.9, p99Ms: 202 }),
      ['unknown inconclusive'],
    ],
    [
      'requests without an answer are neither fast nor good',
      run({}, { counts: { planned: 40_000, sent: 40_000, unfinished: 4000 } }),
      ['fail errors', 'fail p95', 'fail p99'],
    ],
    ['a limit that was not set when it ran is counted from the histogram', run({ limitsMs: [] }), ['pass within']],
    ['the same, exceeded', run({ limitsMs: [], p95Ms: 230 }), ['fail p95']],
  ])('%s', (_, data, expected) => expect(say([data])).toEqual(expected));

  it('says how many requests were too slow, of how many', () => {
    expect(message([run({ p95Ms: 250 })])).toMatch(
      /95 % of requests took up to 250\.\d ms; the limit is below 200 ms \(\d+ of 36000 took 200 ms or longer\)\.$/,
    );
  });

  it('a review file may tighten the limits and not loosen them', () => {
    const declared = (p95Ms: number) => ({
      review: { loadTest: test({ thresholds: { p95Ms, p99Ms: 500, errorRate: 0.001, minRps: 100 } }) },
    });
    expect(say([run()], declared(100))).toEqual(['fail p95']);
    expect(say([run({ p95Ms: 250 })], declared(1000))).toEqual(['fail p95']);
  });

  it('what the review file does not name is as the standard has it', () => {
    const review = { loadTest: test({ thresholds: { p99Ms: 400 } }) };
    expect(say([run({ p95Ms: 250 })], { review, parameters: { p95Ms: 300 } })).toEqual(['pass within']);
    expect(say([run({ p95Ms: 250, p99Ms: 450 })], { review, parameters: { p95Ms: 300 } })).toEqual(['fail p99']);
  });

  it('a bucket of the histogram that holds the limit settles neither side', () => {
    const cut = { p95Ms: 150, p99Ms: 300, limitsMs: [] };
    const wide = {
      buckets: [
        [100_000, 30_000],
        [260_000, 6000],
      ] as [number, number][],
      minUs: 900,
      maxUs: 250_000,
      sumUs: 1,
    };
    expect(say([run(cut, { response: wide, blocks: [] })])).toEqual(['unknown cut-bucket', 'unknown no-bound']);
    expect(say([run(cut, { response: wide, blocks: [] })], { parameters: { acceptPointEstimate: true } })).toEqual([
      'unknown cut-bucket',
    ]);
  });
});

describe('confidence', () => {
  it('slow requests that come in bursts leave more open than the same number spread out', () => {
    expect(say([run({ p95Ms: 180, p99Ms: 400 })])).toEqual(['pass within']);
    expect(say([run({ p95Ms: 180, p99Ms: 400, burst: 1 })])).toEqual(['unknown inconclusive']);
  });

  it('few failures in a short run leave the rate open, and the advice says for how long', () => {
    const short = run({ seconds: 60, blockS: 5, failed: 4 });
    expect(say([short])).toEqual(['unknown inconclusive']);
    expect(message([short])).toMatch(
      /the share of failed requests \(0\.0556 %\) stays below 0\.1 % in this run, and might not in another: with 95 % confidence up to 0\.\d+ % of requests fail, and fewer than 0\.1 % may\. A run that is about \d+0 s longer would probably settle it\.$/,
    );
    expect(message([run({ failed: 35 })])).toContain('no run of reasonable length settles it');
  });

  it.each<[string, LoadTestData]>([
    ['blocks that are too few', run({ seconds: 300, blockS: 30 })],
    ['a summary without blocks', summary(140, 300)],
  ])('%s bear no bound', (_, data) => {
    expect(say([data])).toEqual(['unknown no-bound']);
    expect(say([data], { parameters: { acceptPointEstimate: true } })).toEqual(['pass within']);
    expect(message([data], { parameters: { acceptPointEstimate: true } })).toContain(
      'Point estimates, accepted by the standard: p95, p99, errors.',
    );
  });

  it('an accepted point estimate is named with the bound that does not keep the limit', () => {
    const short = run({ seconds: 60, blockS: 5, failed: 4 });
    expect(message([short], { parameters: { acceptPointEstimate: true } })).toMatch(
      /Point estimates, accepted by the standard: errors \(up to 0\.\d+ % with 95 % confidence\)\./,
    );
  });

  it('blocks that do not count a limit bear no bound for it', () => {
    const { blocks } = run().record;
    const uncounted = blocks.map(({ startS, seconds, n, failed, over }) => ({
      startS,
      seconds,
      n,
      failed,
      over: { 200: over['200'] ?? 0 },
    }));
    expect(say([run({}, { limitsMs: [200], blocks: uncounted })])).toEqual(['unknown uncounted']);
  });

  it('blocks of a second are joined', () => expect(say([run({ blockS: 1 })])).toEqual(['pass within']));
  it('a summary that exceeds a limit exceeds it', () => expect(say([summary(200, 300)])).toEqual(['fail p95']));
  it('a pass gives the bounds', () => {
    expect(message([run()])).toMatch(
      /With 95 % confidence at most [34]\.\d+ % of requests take 200 ms or longer, 0\.\d+ % of requests take 500 ms or longer, 0\.0\d+ % of requests fail\./,
    );
  });
});

describe('a run that says nothing', () => {
  it.each<[string, LoadTestData, RegExp]>([
    ['sent nothing', run({ rate: 0 }), /it sent no requests/],
    [
      'sent nothing, and its summary is all zeros',
      summary(0, 0, { quantiles: { p95Ms: 0, p99Ms: 0 } }),
      /its latencies are all 0/,
    ],
    ['percentiles that contradict each other', summary(140, 100), /contradict each other: a higher percentile is lower/],
    ['more ended than were sent', run({}, { counts: { sent: 30_000 } }), /30000 requests were sent, and 36000 ended/],
    [
      'a count that is not that of the histogram',
      run({}, { limitsMs: [25] }),
      /the count above 25 ms is not that of its histogram/,
    ],
    ['a percentile is missing', summary(140, 300, { quantiles: { p95Ms: 140 } }), /it has no p99/],
    ['half a minute', run({ seconds: 30, failed: 0 }), /it measured 30 s; 60 s are needed/],
    ['few requests', run({ seconds: 300, rate: 5, failed: 0 }), /it measured 1500 requests; 3000 are needed/],
    ['dropped requests', run({}, { counts: { dropped: 3 } }), /3 planned requests were never sent/],
    ['dropped requests, and too slow beside', run({ p95Ms: 900, p99Ms: 900 }, { counts: { dropped: 3 } }), /never sent/],
    [
      'dropped iterations of k6',
      summary(140, 300, { k6: { thresholds: [], droppedIterations: 7 } }),
      /7 planned iterations were never sent/,
    ],
    [
      'a generator that starts late',
      run({}, { generator: { ...healthy, lagP99Ms: 11 } }),
      /1 % of requests started 11 ms late or more, and 10 ms are allowed/,
    ],
    [
      'a script of ours for k6 that starts late',
      run(
        {},
        {
          engine: { name: 'k6', version: '1.8.1', runners: 1 },
          generator: undefined,
          sendLag: { buckets: [[20_000, 36_000]], minUs: 15_000, maxUs: 20_000, sumUs: 1 },
        },
      ),
      /1 % of requests started 20 ms late or more/,
    ],
    [
      'k6 that began less than planned',
      run({}, { engine: { name: 'k6', version: '1.8.1', runners: 1 }, generator: undefined, counts: { planned: 40_000 } }),
      /90 % of the planned requests were started/,
    ],
    [
      'a late generator makes no failure either',
      run({ p95Ms: 900, p99Ms: 900 }, { generator: { ...healthy, lagP99Ms: 400 } }),
      /its generator was saturated/,
    ],
    ['a generator without time to spare', run({}, { generator: { ...healthy, cpu: 0.8 } }), /used 80 % of a core/],
    [
      'a generator that started less than planned',
      run({}, { generator: { ...healthy, startedShare: 0.98 } }),
      /98 % of the planned requests were started/,
    ],
    ['an embedded generator that says nothing of itself', run({}, { generator: undefined }), /whether its generator kept up/],
    ['interrupted', run({ p95Ms: 900, p99Ms: 900 }, stopped('interrupted')), /it was interrupted after 12 s/],
    ['aborted', run({}, stopped('aborted')), /it was aborted after 12 s \(because\)/],
    ['its engine failed', run({}, stopped('engine-failed')), /its engine failed after 12 s \(because\)/],
    ['a runner is missing', run({}, stopped('runner-missing')), /a runner is missing \(because\)/],
    ['one part of a load', run({}, { test: { share: 0.5 } }), /one part of a load/],
    ['stopped for errors before it measured', run({ rate: 0 }, stopped('errors')), /before anything was measured/],
    [
      'stopped for errors that are not in it',
      run({ seconds: 10, failed: 0 }, stopped('errors')),
      /which are not among what was measured/,
    ],
  ])('%s', (_, data, problem) => {
    expect(say([data])).toEqual(['unknown invalid']);
    expect(message([data])).toMatch(problem);
  });

  it.each<[string, LoadTestData, readonly string[]]>([
    ['a short run that is far too slow is too slow', run({ seconds: 20, failed: 0, p95Ms: 400, p99Ms: 450 }), ['fail p95']],
    ['a handful of slow requests is no failure', run({ seconds: 2, failed: 0, p95Ms: 400, p99Ms: 450 }), ['unknown invalid']],
    [
      'a run that was stopped for errors failed',
      run({ seconds: 12, rate: 20, failed: 130 }, { ...stopped('errors'), generator: { ...healthy, startedShare: 0.04 } }),
      ['fail errors', 'fail throughput'],
    ],
    [
      'the same with requests that were never sent',
      run({ seconds: 12, rate: 200, failed: 1300 }, { ...stopped('errors'), counts: { dropped: 40 } }),
      ['fail errors', 'fail throughput'],
    ],
    [
      'and a saturated generator is no failure even then',
      run({ seconds: 12, failed: 800 }, { ...stopped('errors'), generator: { ...healthy, lagP99Ms: 300 } }),
      ['unknown invalid'],
    ],
    [
      'k6 says nothing of its generator',
      run({}, { engine: { name: 'k6', version: '1.8.1', runners: 1 }, generator: undefined }),
      ['pass within'],
    ],
  ])('%s', (_, data, expected) => expect(say([data])).toEqual(expected));
});

describe('model', () => {
  const model = (name: 'closed' | 'unknown', shape: RunShape = {}) => run(shape, { test: { model: name } });
  it.each<[string, LoadTestData, Parts, readonly string[]]>([
    ['closed, within', model('closed'), {}, ['unknown closed-model']],
    ['closed, exceeded', model('closed', { p95Ms: 210 }), {}, ['fail p95']],
    ['closed, accepted by the standard', model('closed'), { parameters: { acceptClosedModel: true } }, ['pass within']],
    ['unknown, within', model('unknown'), {}, ['unknown unknown-model']],
    ['unknown, exceeded', model('unknown', { failed: 400 }), {}, ['fail errors']],
    ['less load than the limit asks for', run({ rate: 80 }), {}, ['unknown too-little-load']],
    ['less load, and too slow even so', run({ rate: 80, p95Ms: 250 }), {}, ['fail p95']],
    [
      'less load, and the server did not keep up',
      run({ rate: 80 }, { counts: { ok: 14_400, failed: 9600 } }),
      {},
      ['fail errors', 'fail throughput'],
    ],
  ])('%s', (_, data, parts, expected) => expect(say([data], parts)).toEqual(expected));

  it('an accepted closed model is named in the pass', () => {
    expect(message([model('closed')], { parameters: { acceptClosedModel: true } })).toContain(
      'Its model is closed: percentiles may be better',
    );
  });
});

describe('environment, day and images', () => {
  it.each<[string, readonly LoadTestData[], readonly string[]]>([
    ['no environment', [run({ environment: null })], ['unknown no-environment']],
    ['a laptop', [run({ environment: 'laptop' })], ['unknown environment']],
    ['no time', [run({ startedAt: null })], ['unknown undated']],
    ['a run of tomorrow', [run({ startedAt: '2026-03-07T00:00:00Z' })], ['unknown future']],
    ['before the review, in another zone', [run({ startedAt: '2026-03-06T10:30:00+02:00' })], ['pass within']],
    ['after the review, in another zone', [run({ startedAt: '2026-03-06T08:00:00.5-02:00' })], ['unknown future']],
    ['no digests', [run({}, { images: undefined })], ['unknown no-digests']],
    ['an empty list of digests', [run({ images: [] })], ['unknown no-digests']],
    ['no digests, and too slow whatever it was of', [run({ p95Ms: 250 }, { images: undefined })], ['fail p95']],
    ['another version', [run({ images: [two] })], ['unknown other-images']],
    [
      'another version that is too slow says nothing of this one',
      [run({ images: [two], p95Ms: 900, p99Ms: 900 })],
      ['unknown other-images'],
    ],
    ['an image beside, which is not under review', [run({ images: [one, foreign] })], ['unknown foreign']],
    [
      'a newer run of another version hides none of this',
      [run({ images: [two], startedAt: '2026-03-06T00:00:00Z' }, {}, 'b.json'), run()],
      ['pass within'],
    ],
    [
      'a newer run that says nothing hides none of this',
      [run({ seconds: 10, startedAt: '2026-03-06T00:00:00Z' }, {}, 'b.json'), run()],
      ['pass within'],
    ],
    [
      'a newer bad run is not hidden by an older good one',
      [run(), run({ startedAt: '2026-03-06T00:00:00Z', p95Ms: 210 }, {}, 'b.json')],
      ['fail p95'],
    ],
    ['fourteen days are too old', [run({ startedAt: '2026-02-20T08:50:00Z' })], ['unknown stale']],
    ['an old run that is too slow is still too slow', [run({ startedAt: '2026-01-20T08:50:00Z', p95Ms: 250 })], ['fail p95']],
  ])('%s', (_, runs, expected) => expect(say(runs)).toEqual(expected));

  it('a tag makes equality unknown, a limit exceeded is none the less', () => {
    const objects = deployment('web', '[{ name: web, image: "web:1" }]');
    expect(say([run()], { objects })).toEqual(['unknown tags']);
    expect(say([run({ p95Ms: 250 })], { objects })).toEqual(['fail p95']);
  });

  it('the images that answer have to be tested, exporters beside them need not', () => {
    const objects =
      deployment(
        'web',
        `[{ name: web, image: "web@${one}", ports: [{ containerPort: 8080 }] }, { name: exporter, image: "exporter:1", ports: [{ containerPort: 9113 }] }]`,
      ) +
      deployment('db', `[{ name: db, image: "db@${two}" }]`) +
      edge;
    expect(say([run()], { objects })).toEqual(['pass within']);
    expect(say([run({ images: [one, two] })], { objects })).toEqual(['pass within']);
    expect(say([run({ images: [two] })], { objects })).toEqual(['unknown other-images']);
  });

  it('without workloads nothing says what the run should be of', () => {
    expect(say([run()], { objects: '' })).toEqual(['unknown other-images']);
  });

  it('says until when it holds, and points to the file of the run', () => {
    const [assessment] = assessments([run()]);
    expect(assessment?.until).toBe('2026-03-19T08:50:00Z');
    expect(assessment?.location?.file).toBe('run.json');
    expect(assessments([run({ p95Ms: 250, p99Ms: 900 })]).map(({ location }) => location?.file)).toEqual([
      'run.json',
      'run.json',
    ]);
    expect(assessments([run({ images: [two] })])[0]?.location?.file).toBe('run.json');
  });
});

const scenario = aScenario();
const test = (parts: Partial<DeclaredLoadTest>): DeclaredLoadTest => ({
  engine: 'auto',
  results: [],
  thresholds: { p95Ms: 200, p99Ms: 500, errorRate: 0.001, minRps: 100 },
  ...parts,
});

describe('the test of the review file', () => {
  const script = { path: 'load-test.js', sha256: `sha256:${'d4'.repeat(32)}` };
  const other = { path: 'load-test.js', sha256: `sha256:${'e5'.repeat(32)}` };
  const digest = scenarioDigest(scenario);
  const slower = scenarioDigest({ ...scenario, stages: [{ from: 50, to: 50, durationMs: 300_000 }] });
  const of = (ran: RecordParts['test'] & object) => run({}, { test: ran });
  const both = { review: { loadTest: test({ script: script.path, scenario }) }, loadScripts: [script] };
  const scriptAlone = { review: { loadTest: test({ script: script.path }) }, loadScripts: [script] };
  const scenarioAlone = { review: { loadTest: test({ scenario }) } };

  it.each<[string, LoadTestData, Parts, readonly string[]]>([
    ['the script', of({ script }), scriptAlone, ['pass within']],
    ['another version of the script', of({ script: other }), scriptAlone, ['unknown other-script']],
    ['a script that is gone', of({ script }), { ...scriptAlone, loadScripts: [] }, ['unknown unread-script']],
    ['a scenario, where a script is declared', of({ scenario: digest }), scriptAlone, ['unknown other-scenario']],
    ['the scenario', of({ scenario: digest }), scenarioAlone, ['pass within']],
    ['a scenario of another rate', of({ scenario: slower }), scenarioAlone, ['unknown other-scenario']],
    ['a script, where a scenario is declared', of({ script }), scenarioAlone, ['unknown other-scenario']],
    ['the scenario in the place of the script', of({ scenario: digest, substituteFor: script.path }), both, ['pass within']],
    ['the scenario as a script that was made from it', of({ scenario: digest, script: other }), scenarioAlone, ['pass within']],
    ['a result that does not say', of({}), both, ['pass within']],
    ['whatever it was, where nothing is declared', of({ scenario: slower }), { review: { loadTest: test({}) } }, ['pass within']],
  ])('%s', (_, data, parts, expected) => expect(say([data], parts)).toEqual(expected));

  it('a substitute is named in the pass, whether the record says so or not', () => {
    expect(message([of({ scenario: digest })], both)).toContain('It is a substitute for load-test.js, which did not run.');
    expect(message([of({ script })], both)).not.toContain('substitute');
    const chosen = { ...both, review: { loadTest: test({ script: script.path, scenario, engine: 'embedded' }) } };
    expect(message([of({ scenario: digest })], chosen)).toContain(
      'The scenario of the review file ran, and load-test.js did not.',
    );
    expect(message([of({ scenario: digest, substituteFor: 'old.js' })], chosen)).toContain('It is a substitute for old.js');
    expect(message([of({})], both)).toContain('The result does not say which test it is of.');
  });

  it('another version that is too slow says nothing of this one', () => {
    expect(say([run({ p95Ms: 900, p99Ms: 900 }, { test: { script: other } })], scriptAlone)).toEqual(['unknown other-script']);
  });
});

describe('what a pass says beside its figures', () => {
  it.each<[string, readonly LoadTestData[], Parts, string]>([
    ['staging', [run()], {}, 'It ran in staging, and this review is of production.'],
    [
      'images by word',
      [run({}, { images: { digests: [one], basis: 'stated' } })],
      {},
      'That these images ran there is what whoever ran it states.',
    ],
    ['loopback', [run({ target: 'http://127.0.0.1:3000' })], {}, 'The generator and the server shared a machine.'],
    ['loopback by name', [run({ target: 'http://localhost:3000/' })], {}, 'shared a machine'],
    ['loopback, IPv6', [run({ target: 'http://[::1]:3000/' })], {}, 'shared a machine'],
    ['connections that the server closed', [run({}, { counts: { retried: 50 } })], {}, '50 requests were sent twice'],
    ['limits that were not set', [run({ limitsMs: [200] })], {}, 'counted from the histogram'],
    [
      'thresholds of k6 that were not kept',
      [
        run(
          {},
          {
            k6: {
              exitCode: 99,
              droppedIterations: 0,
              thresholds: [{ metric: 'http_req_duration', expression: 'p(95)<100', ok: false }],
            },
          },
        ),
      ],
      {},
      'k6 itself says that http_req_duration p(95)<100 was not kept.',
    ],
    [
      'another run that did not keep the limits',
      [run(), run({ startedAt: '2026-03-04T00:00:00Z', p95Ms: 300, failed: 300 }, {}, 'a.json')],
      {},
      'Other runs of these images did not keep the limits: a.json of 2026-03-04T00:00:00Z (p95, errors).',
    ],
    [
      'sizes of the other environment',
      [run()],
      {
        objects: deployment('web', `[{ name: web, image: "web@${one}", resources: { requests: { cpu: 1, memory: 512Mi } } }]`, 3),
        comparison: {
          environment: 'staging',
          objects: deployment('web', '[{ name: web, image: "web:1", resources: { requests: { cpu: 1000m } } }]'),
        },
      },
      'Sizes differ, staging first: Deployment web: replicas 1 and 3; Deployment web, container web: memory request none and 512Mi.',
    ],
  ])('%s', (_, runs, parts, sentence) => {
    expect(say(runs, parts)).toEqual(['pass within']);
    expect(message(runs, parts)).toContain(sentence);
  });

  it.each<[string, readonly LoadTestData[], Parts]>([
    ['production says nothing of staging', [run({ environment: 'production' })], {}],
    ['a host is no loopback for its name', [run({ target: 'https://127.0.0.1.acme.io' })], {}],
    [
      'thresholds of k6 that were kept',
      [run({}, { k6: { droppedIterations: 0, thresholds: [{ metric: 'm', expression: 'p(95)<1', ok: true }] } })],
      {},
    ],
    ['runs of other images', [run(), run({ startedAt: '2026-03-04T00:00:00Z', p95Ms: 300, images: [two] }, {}, 'a.json')], {}],
    [
      'the same sizes, written otherwise',
      [run()],
      {
        objects: deployment('web', `[{ name: web, image: "web@${one}", resources: { requests: { cpu: 1 } } }]`),
        comparison: {
          environment: 'staging',
          objects: deployment('web', '[{ name: web, image: "web:1", resources: { requests: { cpu: 1000m } } }]'),
        },
      },
    ],
  ])('no remark: %s', (_, runs, parts) => {
    expect(message(runs, parts)).not.toMatch(/machine|k6 itself|Other runs|Sizes differ/);
    if (_.startsWith('production')) expect(message(runs, parts)).not.toContain('It ran in');
  });

  it('thresholds that k6 kept rescue nothing', () => {
    const kept = {
      k6: { exitCode: 0, droppedIterations: 0, thresholds: [{ metric: 'http_req_duration', expression: 'p(95)<200', ok: true }] },
    };
    expect(say([run({ p95Ms: 250 }, kept)])).toEqual(['fail p95']);
  });
});
