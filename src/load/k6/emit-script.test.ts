import vm from 'node:vm';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LoadLimits, LoadRequest, LoadScenario } from '../../evidence/declared.ts';
import { countFrom } from '../../evidence/load-tests/distribution.ts';
import { scenarioDigest } from '../../evidence/load-tests/scenario-digest.ts';
import { aScenario } from '../../evidence/load-tests/testing.ts';
import { chooseRequest, prepareRequest } from '../embedded/requests.ts';
import { emitK6Script, rowsJson, type ScriptOptions, scriptDigest } from './emit-script.ts';
import { readMarkers } from './marker.ts';
import { recordOfMarker } from './marker-record.ts';

const limits: LoadLimits = { p95Ms: 200, p99Ms: 500, errorRate: 0.001, minRps: 100 };
const request: LoadRequest = { name: 'home', method: 'GET', path: '/', weight: 1, headers: {}, success: [[200, 399]] };
const scenario = aScenario({ requests: [request] });
const emit = (change: Partial<LoadScenario> = {}, options: Partial<ScriptOptions> = {}): string => {
  const changed = { ...scenario, ...change };
  return emitK6Script(changed, limits, { target: 'http://127.0.0.1:3000', digest: scenarioDigest(changed), ...options });
};

interface Sent {
  readonly method: string;
  readonly url: string;
  readonly body: string | null;
  readonly params: { readonly headers: Record<string, string>; readonly tags: Record<string, string>; readonly timeout: string };
}
interface Answer {
  readonly status: number;
  readonly error_code?: number;
  readonly duration?: number;
  readonly body?: string;
}
interface Summary {
  readonly setup_data?: unknown;
  readonly metrics: Record<string, unknown>;
}
interface Options {
  readonly scenarios: Record<string, Record<string, unknown>>;
  readonly thresholds: Record<string, string[]>;
  readonly [key: string]: unknown;
}

/** An emitted script, evaluated without k6: what it sends and counts. Times are those that the answers say. */
function evaluate(
  script: string,
  {
    env = {},
    files = {},
    answer = { status: 200 },
  }: { env?: Record<string, string>; files?: Record<string, string>; answer?: Answer | ((sent: Sent) => Answer) } = {},
) {
  const sent: Sent[] = [];
  const counts = new Map<string, number>();
  const gauges = new Map<string, { min: number; max: number }>();
  const scenarioState = { iterationInTest: 0, startTime: 0 };
  class Counter {
    readonly name: string;
    constructor(name: string) {
      this.name = name;
    }
    add(value: number, tags?: { c: string }) {
      const key = tags === undefined ? this.name : `${this.name}{c:${tags.c}}`;
      counts.set(key, (counts.get(key) ?? 0) + value);
    }
  }
  class Gauge extends Counter {
    override add(value: number) {
      const before = gauges.get(this.name) ?? { min: value, max: value };
      gauges.set(this.name, { min: Math.min(before.min, value), max: Math.max(before.max, value) });
    }
  }
  /** As k6 has it, a constructor; what it gives is used like a list. */
  function SharedArray(_: string, make: () => unknown[]) {
    return make();
  }
  const sandbox = {
    Counter,
    Gauge,
    SharedArray,
    open: (name: string) => files[name],
    __ENV: env,
    __VU: 0,
    exec: { vu: { metrics: { tags: {} } }, test: { options: { executionSegment: null } }, scenario: scenarioState },
    http: {
      expectedStatuses: (...ranges: unknown[]) => ranges,
      request: (method: string, url: string, body: string | null, params: Sent['params']) => {
        const item = { method, url, body, params };
        sent.push(item);
        const {
          status,
          error_code = status >= 400 ? 1000 + status : 0,
          duration = 1,
          body: text = '',
        } = typeof answer === 'function' ? answer(item) : answer;
        return { status, error_code, body: text, timings: { duration } };
      },
    },
  };
  const code = script.replace(/^import .*$/gm, '').replace(/^export /gm, '');
  const made = vm.runInNewContext(`${code}\n({ options, setup, warmup, steady, handleSummary })`, sandbox) as {
    options: Options;
    setup: () => unknown;
    warmup: (state: unknown) => void;
    steady: (state: unknown) => void;
    handleSummary: (data: Summary) => { stdout: string };
  };
  const metrics = () => {
    const all: Record<string, unknown> = {};
    for (const [name, count] of counts) all[name] = { values: { count } };
    for (const [name, values] of gauges) all[name] = { values };
    return all;
  };
  /** Runs one iteration: a request with this number in its scenario, so many ms after the scenario began. */
  const iterate = (kind: 'warmup' | 'steady', state: unknown, iteration: number, afterMs = 0) => {
    scenarioState.iterationInTest = iteration;
    scenarioState.startTime = Date.now() - afterMs;
    made[kind](state);
    return sent.at(-1) as Sent;
  };
  return {
    ...made,
    sent,
    iterate,
    summary: (state: unknown) => made.handleSummary({ setup_data: state, metrics: metrics() }).stdout,
  };
}

describe('an emitted k6 script', () => {
  it('has a warm-up and a steady scenario with starts by a plan, and the limits as thresholds', () => {
    const { options } = evaluate(emit());
    expect(options.scenarios).toEqual({
      warmup: {
        executor: 'constant-arrival-rate',
        exec: 'warmup',
        rate: 120,
        timeUnit: '1s',
        duration: '30000ms',
        preAllocatedVUs: 240,
        maxVUs: 240,
        gracefulStop: '12000ms',
      },
      steady: {
        executor: 'constant-arrival-rate',
        exec: 'steady',
        rate: 120,
        timeUnit: '1s',
        duration: '300000ms',
        startTime: '30000ms',
        preAllocatedVUs: 1200,
        maxVUs: 1200,
        gracefulStop: '12000ms',
      },
    });
    const judged = Object.entries(options.thresholds).filter(([metric]) => !metric.includes('{c:'));
    expect(Object.fromEntries(judged)).toEqual({
      'http_req_duration{scenario:steady}': ['p(95)<200', 'p(99)<500'],
      'http_req_failed{scenario:steady}': ['rate<0.001'],
      'dropped_iterations{scenario:steady}': ['count<1'],
      'http_reqs{scenario:steady}': ['count>=35640'],
      sw_ok: ['count>30000'],
    });
    expect(options).toMatchObject({ discardResponseBodies: true, insecureSkipTLSVerify: false });
  });

  it('divides what counts among the runners', () => {
    const { thresholds } = evaluate(emit({}, { runners: 4 })).options;
    expect([thresholds['http_reqs{scenario:steady}'], thresholds['sw_ok']]).toEqual([['count>=8910'], ['count>7500']]);
  });

  it.each<[string, LoadScenario['stages'], Record<string, unknown>]>([
    ['a rate with a fraction', [{ from: 0.5, to: 0.5, durationMs: 1000 }], { rate: 5, timeUnit: '10s' }],
    ['a rate with many digits', [{ from: 100.125, to: 100.125, durationMs: 1000 }], { rate: 100_125, timeUnit: '1000s' }],
    [
      'flat stages at one rate are one',
      [
        { from: 5, to: 5, durationMs: 1000 },
        { from: 5, to: 5, durationMs: 2000 },
      ],
      { executor: 'constant-arrival-rate', duration: '3000ms' },
    ],
    [
      'a ramp',
      [
        { from: 0, to: 50, durationMs: 1000 },
        { from: 50, to: 50, durationMs: 2000 },
      ],
      {
        executor: 'ramping-arrival-rate',
        startRate: 0,
        stages: [
          { target: 50, duration: '1000ms' },
          { target: 50, duration: '2000ms' },
        ],
      },
    ],
    [
      'a step',
      [
        { from: 10, to: 10, durationMs: 1000 },
        { from: 20.5, to: 20.5, durationMs: 1000 },
      ],
      {
        startRate: 100,
        timeUnit: '10s',
        stages: [
          { target: 100, duration: '1000ms' },
          { target: 205, duration: '0s' },
          { target: 205, duration: '1000ms' },
        ],
      },
    ],
  ])('writes %s as k6 takes it', (_, stages, expected) => {
    expect(evaluate(emit({ stages })).options.scenarios['steady']).toMatchObject(expected);
  });

  it('has no warm-up where none is planned', () => {
    expect(Object.keys(evaluate(emit({ warmupMs: 0 })).options.scenarios)).toEqual(['steady']);
    expect(Object.keys(evaluate(emit({ stages: [{ from: 0, to: 9, durationMs: 9000 }] })).options.scenarios)).toEqual(['steady']);
  });

  it('says where there may be too few virtual users, and has no more than k6 bears', () => {
    const script = emit({ stages: [{ from: 1000, to: 1000, durationMs: 60_000 }] });
    expect(script).toContain('// 10000 requests could be under way at once, and there are 2000 virtual users');
    expect(evaluate(script).options.scenarios['steady']).toMatchObject({ preAllocatedVUs: 2000, maxVUs: 2000 });
    expect(emit()).not.toContain('could be under way');
    expect(
      evaluate(emit({ stages: [{ from: 1, to: 1, durationMs: 60_000 }], timeoutMs: 100 }, { runners: 8 })).options.scenarios[
        'steady'
      ],
    ).toMatchObject({ maxVUs: 8 });
  });

  it('takes unverified TLS only where the scenario says so', () => {
    expect(evaluate(emit({ tls: { verify: false } })).options['insecureSkipTLSVerify']).toBe(true);
  });

  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom(
      '"',
      "'",
      '`',
      '\\',
      '${',
      '$${',
      '\n',
      '\r\n',
      '\u2028',
      '</script>',
      '<!--',
      '*/',
      '//',
      '`${process.exit()}`',
      '"; throw 1; //',
      '__proto__',
      '\ud800',
    ),
  );
  /** Texts that are templates: `${` is written as `$${`, and names of all kinds stand between. */
  const template = fc
    .array(
      fc.oneof(
        hostile.map((text) => text.replaceAll('${', '$${')),
        fc.constantFrom('${TOKEN}', '${data.id}', '${data.constructor}', '${setup.key}', '${run.iteration}', '${run.id}'),
      ),
      { maxLength: 5 },
    )
    .map((parts) => parts.join(''))
    .filter((text) => !/\$\$?\$\{(?!TOKEN|data|setup|run)/.test(text.replaceAll('$${', '')));

  it('sends what the embedded engine sends, whatever stands in the scenario', () => {
    fc.assert(
      fc.property(hostile, template, template, template, fc.nat(1000), (name, path, header, body, iteration) => {
        const item: LoadRequest = { ...request, name, method: 'POST', path: `/${path}`, headers: { 'x-a': header }, body };
        const row = { id: 'ü "1"\n' };
        const values = { variables: { TOKEN: 's3cret`${' }, setup: { key: 'k' } };
        const expected = (() => {
          try {
            return prepareRequest(
              item,
              { target: 'http://a.test/base/', runId: 'r', userAgent: 'u' },
              values,
            )({ row, iteration });
          } catch {
            return undefined;
          }
        })();
        fc.pre(expected !== undefined);
        const script = emit(
          { requests: [item], data: 'u.csv', warmupMs: 0 },
          { target: '${BASE}', rowsFile: 'rows.json', userAgent: 'u' },
        );
        const run = evaluate(script, {
          env: { BASE: 'http://a.test/base/', TOKEN: values.variables.TOKEN },
          files: { './rows.json': rowsJson([row]) },
        });
        const state = { ...(run.setup() as object), captured: values.setup, run: 'r' };
        const sent = run.iterate('steady', state, iteration);
        expect(sent.url).toBe(`http://a.test${expected?.path}`);
        expect({ ...sent.params.headers }).toEqual(pairs(expected?.headers ?? []));
        // As UTF-8, which has no half characters.
        expect(sent.body?.toWellFormed()).toBe(String(expected?.body).toWellFormed());
        expect(sent.params.tags).toEqual({ name });
        // Nothing but ASCII, so that no encoding and no line separator changes it.
        expect(/[^\n\x20-\x7e]/.test(script)).toBe(false);
        expect(/<\/script|<!--/i.test(script)).toBe(false);
      }),
      { numRuns: 200 },
    );
  });
  const pairs = (list: readonly string[]) =>
    Object.fromEntries(list.flatMap((key, index) => (index % 2 === 0 ? [[key, list[index + 1]]] : [])));

  it('chooses requests as the embedded engine does, on through warm-up and steady window', () => {
    const requests = [3, 1, 0.5].map((weight, index) => ({ ...request, name: String(index), weight }));
    const run = evaluate(emit({ requests, stages: [{ from: 10, to: 10, durationMs: 60_000 }], warmupMs: 1000 }));
    const state = run.setup();
    const choose = chooseRequest([3, 1, 0.5]);
    for (let start = 0; start < 500; start++) {
      const sent = start < 10 ? run.iterate('warmup', state, start) : run.iterate('steady', state, start - 10);
      expect(sent.params.tags['name']).toBe(String(choose(start)));
    }
  });

  it('each request takes the next row, warm-up and steady window being one run', () => {
    const rows = rowsJson([{ id: 'a' }, { id: 'b' }, { id: 'c' }]);
    const run = evaluate(
      emit(
        {
          requests: [{ ...request, path: '/${data.id}/${run.iteration}' }],
          data: 'u.csv',
          stages: [{ from: 10, to: 10, durationMs: 1000 }],
          warmupMs: 1000,
        },
        { rowsFile: 'rows.json' },
      ),
      { files: { './rows.json': rows } },
    );
    const state = run.setup();
    expect([run.iterate('warmup', state, 9).url, run.iterate('steady', state, 0).url]).toEqual([
      'http://127.0.0.1:3000/a/9',
      'http://127.0.0.1:3000/b/10',
    ]);
  });

  it('signs in once, in order, and takes values by JSON pointer', () => {
    const setup = [
      {
        ...request,
        name: 'sign in',
        method: 'POST',
        path: '/login',
        body: '{"p":"${PW}"}',
        capture: { token: '/a~1b/0/t~0', 'other-one': '/n' },
      },
      { ...request, name: 'second', path: '/me?t=${setup.token}', capture: {} },
    ];
    const body = JSON.stringify({ 'a/b': [{ 't~': 'tok' }], n: 7 });
    const run = evaluate(
      emit({ setup, requests: [{ ...request, headers: { Authorization: 'Bearer ${setup.token}', 'User-Agent': 'mine' } }] }),
      { env: { PW: 'x' }, answer: { status: 200, body } },
    );
    const state = run.setup();
    expect(run.sent.map(({ url, body: sent }) => [url, sent])).toEqual([
      ['http://127.0.0.1:3000/login', '{"p":"x"}'],
      ['http://127.0.0.1:3000/me?t=tok', null],
    ]);
    expect({ ...run.iterate('steady', state, 0).params.headers }).toEqual({
      authorization: 'Bearer tok',
      'user-agent': 'mine',
      'x-seaworthy-run': expect.any(String) as unknown,
    });
    expect((state as { captured: object }).captured).toEqual({ token: 'tok', 'other-one': '7' });
  });

  it.each<[string, Answer, string]>([
    ['is refused', { status: 401 }, 'The setup request 1 failed with status 401.'],
    ['is not answered', { status: 0, error_code: 1212 }, 'The setup request 1 failed with status 0.'],
    ['is answered with no JSON', { status: 200, body: '<p>secret' }, 'The setup request 1 was answered with no JSON.'],
    [
      'is answered without the value',
      { status: 200, body: '{"secret":1}' },
      'The answer to the setup request 1 holds no value for "t".',
    ],
    [
      'is answered with a part of the prototype',
      { status: 200, body: '{"constructor":{}}' },
      'The answer to the setup request 1 holds no value for "t".',
    ],
  ])('ends where the sign-in %s, and tells no value', (_, answer, message) => {
    const run = evaluate(emit({ setup: [{ ...request, capture: { t: '/constructor' } }] }), { answer });
    expect(() => run.setup()).toThrow(message);
  });

  it('names variables that are not set, and asks nobody', () => {
    const run = evaluate(emit({ requests: [{ ...request, path: '/${constructor}' }] }, { target: '${BASE}' }), { env: {} });
    // `constructor` is a name like others.
    expect(() => run.setup()).toThrow('Environment variables are not set: BASE');
    expect(run.sent).toEqual([]);
  });

  it.each([['http://user:pw@a.test/'], ['ftp://a.test'], ['a.test'], ['']])(
    'a target %j is refused without being told',
    (BASE) => {
      expect(() => evaluate(emit({}, { target: '${BASE}' }), { env: { BASE } }).setup()).toThrow(
        /^The target is no URL of http or https without user and password\.$/,
      );
    },
  );

  it('prints what adds up: blocks, buckets, statuses and errors', () => {
    const run = evaluate(emit({ stages: [{ from: 100, to: 100, durationMs: 10_000 }], warmupMs: 0 }), {
      answer: ({ url }) => answers[Number(new URL(url).searchParams.get('n'))] ?? { status: 200 },
    });
    const answers: Answer[] = [
      { status: 200, duration: 1 },
      { status: 200, duration: 199.999999 },
      { status: 200, duration: 200 },
      { status: 503, duration: 501 },
      { status: 0, error_code: 1050, duration: 10_000 },
      { status: 0, error_code: 1212, duration: 0 },
      { status: 418, duration: 3 },
      { status: 200, error_code: 1000, duration: 4 },
    ];
    const state = run.setup() as { base: string };
    for (const [index] of answers.entries())
      run.iterate('steady', { ...state, base: `http://127.0.0.1:3000/?n=${index}&x=` }, index, index < 6 ? 0 : 7000);
    const { markers, broken } = readMarkers(run.summary(state));
    expect(broken).toBe(0);
    const [marker] = markers;
    expect(marker).toMatchObject({
      started: 8,
      statuses: { 200: 3, 503: 1, '4xx': 1 },
      errors: { timeout: 1, ECONNREFUSED: 1, other: 1 },
    });
    expect(marker?.blocks).toEqual([
      [6, 3, 3, 2],
      [2, 2, 0, 0],
    ]);
    const record = marker && recordOfMarker(marker, { engine: 'k6', version: '1.8.1' });
    expect(record?.counts).toMatchObject({ planned: 1000, sent: 8, ok: 3, failed: 5, timeouts: 1, unfinished: 0 });
    // The histogram agrees with the exact counts at the limits, and only there.
    expect(record?.response && countFrom(record.response, 200_000)).toBe(3);
    expect(record?.response && countFrom(record.response, 500_000)).toBe(2);
    expect(record?.response).toMatchObject({ maxUs: 10_000_000 });
  });

  it('a request without an answer took its time, though k6 says 0', () => {
    const run = evaluate(emit({ stages: [{ from: 100, to: 100, durationMs: 10_000 }], warmupMs: 0 }), {
      answer: () => {
        const end = Date.now() + 30;
        while (Date.now() < end);
        return { status: 0, error_code: 1220, duration: 0 };
      },
    });
    const state = run.setup();
    run.iterate('steady', state, 0);
    expect(readMarkers(run.summary(state)).markers[0]?.took.minMs).toBeGreaterThanOrEqual(30);
  });

  it('counts how late requests start where the plan is even, and one start too many sends nothing', () => {
    const run = evaluate(emit({ stages: [{ from: 10, to: 10, durationMs: 10_000 }], warmupMs: 100 }));
    const state = run.setup();
    run.iterate('steady', state, 0, 0);
    run.iterate('steady', state, 1, 160);
    run.iterate('steady', state, 99, 9_900);
    run.iterate('steady', state, 100, 10_000);
    run.iterate('warmup', state, 1, 100);
    expect(run.sent).toHaveLength(3);
    const [marker] = readMarkers(run.summary(state)).markers;
    // 60 ms late, by a clock that goes on meanwhile.
    expect(marker?.lag?.buckets.filter(([bound]) => bound > 50)).toEqual([[expect.any(Number) as unknown, 1]]);
    expect(marker?.lag?.maxMs).toBeGreaterThanOrEqual(60);
    const ramp = evaluate(emit({ stages: [{ from: 0, to: 10, durationMs: 10_000 }] }));
    ramp.iterate('steady', ramp.setup(), 0, 160);
    expect(readMarkers(ramp.summary(ramp.setup())).markers[0]?.lag).toBeNull();
  });

  it('shows no variable that stands behind the host', () => {
    const run = evaluate(emit({}, { target: '${BASE}/v1/${KEY}?q=${KEY}' }), { env: { BASE: 'http://a.test', KEY: 's3cret' } });
    const state = run.setup();
    run.iterate('steady', state, 0);
    expect(run.sent[0]?.url).toBe('http://a.test/v1/s3cret/');
    expect(run.summary(state)).not.toContain('s3cret');
    const [marker] = readMarkers(run.summary(state)).markers;
    expect(marker && recordOfMarker(marker, { engine: 'k6' })?.target).toBe('http://a.test/v1/${KEY}');
  });

  it('carries the digest of its own text', () => {
    const script = emit();
    const digest = /^ {2}script: "(sha256:[0-9a-f]{64})"/m.exec(script)?.[1];
    expect(scriptDigest(script)).toBe(digest);
    expect(scriptDigest(script.replace('rate: 120', 'rate: 12'))).not.toBe(digest);
    expect(emit()).toBe(script);
    expect(emit({}, { runners: 2 })).not.toContain(digest);
  });

  it('refuses a scenario whose recorded form is another one: it holds a secret', () => {
    expect(() => emit({}, { digest: `sha256:${'0'.repeat(64)}` })).toThrow(
      expect.objectContaining({
        code: 'SW_LOAD_PLAN',
        message: 'The scenario holds what looks like a secret, and a script would show it.',
      }),
    );
  });

  it('refuses data without a file of rows, and a target of one request', () => {
    expect(() => emit({ data: 'u.csv' })).toThrow('the script would have none');
    expect(() => emit({}, { target: 'http://a/${data.x}' })).toThrow('The target is one for all requests.');
  });
});
