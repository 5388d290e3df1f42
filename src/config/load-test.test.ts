import { describe, expect, it } from 'vitest';
import { scenarioDigest } from '../evidence/load-tests/scenario-digest.ts';
import { SeaworthyError } from '../model/errors.ts';
import { loadReviewFile, type System } from './load.ts';

const head = 'apiVersion: seaworthy.dev/v1alpha1\nkind: Review\nmetadata: { name: shop }\nspec:\n  loadTest:\n';
const load = (body: string, path = 'shop/seaworthy.yaml'): Promise<System> =>
  loadReviewFile(async () => head + body.replace(/^/gm, '    '), path);
const scenario = (lines: string) => load(`scenario:\n${lines.replace(/^/gm, '  ')}`);
const scenarioOf = async (lines: string) => (await scenario(lines)).loadTest?.scenario;

async function refused(run: Promise<unknown>): Promise<SeaworthyError> {
  const error = await run.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof SeaworthyError)) throw new Error(`was not refused: ${String(error)}`);
  return error;
}

describe('a scenario as people write it', () => {
  it('rate and duration are one stage, and everything else has a default', async () => {
    expect(await scenarioOf('rate: 120\nduration: 5m')).toEqual({
      stages: [{ from: 120, to: 120, durationMs: 300_000 }],
      warmupMs: 30_000,
      timeoutMs: 10_000,
      connections: 256,
      protocol: 'http/1.1',
      tls: { verify: true },
      setup: [],
      requests: [{ name: 'GET /', method: 'GET', path: '/', weight: 1, headers: {}, success: [[200, 399]] }],
    });
  });

  it('stages ramp from rate to to', async () => {
    expect(
      (await scenarioOf('stages: [{ rate: 120, duration: 1h30m }, { rate: 50, to: 200, duration: 500ms }]'))?.stages,
    ).toEqual([
      { from: 120, to: 120, durationMs: 5_400_000 },
      { from: 50, to: 200, durationMs: 500 },
    ]);
  });

  it('an object as a body is JSON with its content type; a text is itself', async () => {
    const given = await scenarioOf(
      'rate: 1\nduration: 1s\nrequests:\n  - { method: post, path: /a, body: { num: 1, list: [x] } }\n  - { method: PUT, path: /b, body: "n=1", headers: { Content-Type: text/plain, X-N: 3 } }',
    );
    expect(given?.requests).toMatchObject([
      { name: 'POST /a', method: 'POST', body: '{"num":1,"list":["x"]}', headers: { 'content-type': 'application/json' } },
      { name: 'PUT /b', body: 'n=1', headers: { 'content-type': 'text/plain', 'x-n': '3' } },
    ]);
  });

  it('success is statuses and ranges of them', async () => {
    const given = await scenarioOf('rate: 1\nduration: 1s\nrequests: [{ path: /, success: [200, "201-204", "404"] }]');
    expect(given?.requests[0]?.success).toEqual([
      [200, 200],
      [201, 204],
      [404, 404],
    ]);
  });

  it.each(['0s', '0', '"0ms"'])('warmup: %s is none', async (text) => {
    expect((await scenarioOf(`rate: 1\nduration: 1s\nwarmup: ${text}`))?.warmupMs).toBe(0);
  });

  it('files stay relative to the review file, so that the scenario is the same wherever the command runs', async () => {
    const text = 'scenario: { rate: 1, duration: 1s, data: ./users.csv, tls: { ca: certs/../ca.pem } }';
    const [here, there] = [await load(text, 'seaworthy.yaml'), await load(text, 'deep/down/seaworthy.yaml')];
    expect(here.loadTest?.scenario).toMatchObject({ data: 'users.csv', tls: { ca: 'ca.pem' } });
    expect(there.loadTest?.scenario).toEqual(here.loadTest?.scenario);
  });

  it('setup captures, requests use', async () => {
    const given = await scenarioOf(
      'rate: 1\nduration: 1s\nsetup: [{ name: sign in, method: POST, path: /login, body: { password: "${PASSWORD}" }, capture: { token: /token } }]\nrequests: [{ path: /, headers: { authorization: "Bearer ${setup.token}" } }]',
    );
    expect(given?.setup).toMatchObject([{ name: 'sign in', capture: { token: '/token' } }]);
  });
});

describe('what cannot be run is refused with its place', () => {
  const rows: readonly (readonly [string, string, RegExp, string])[] = [
    ['rate 0', 'rate: 0\nduration: 1m', /rate must be above 0/, '7:7'],
    ['a negative rate', 'rate: -5\nduration: 1m', /rate must be above 0/, '7:7'],
    ['a rate in a text', 'rate: fast\nduration: 1m', /rate/, '7:7'],
    ['a negative duration', 'rate: 1\nduration: -5m', /30s, 5m/, '8:7'],
    ['a duration of nothing', 'rate: 1\nduration: 0s', /30s, 5m/, '8:7'],
    ['a duration without a unit', 'rate: 1\nduration: 60', /30s, 5m/, '8:7'],
    ['a duration in days', 'rate: 1\nduration: 2d', /30s, 5m/, '8:7'],
    ['a duration of years', 'rate: 1\nduration: 90000h', /longest is 7 days/, '8:7'],
    ['a warm-up without a unit', 'rate: 1\nduration: 1m\nwarmup: 30', /30s, 5m/, '9:7'],
    ['no duration', 'rate: 1', /needs "duration"/, '6:5'],
    ['no rate', 'duration: 1m', /needs "rate"/, '6:5'],
    ['stages and a rate', 'rate: 1\nstages: [{ rate: 1, duration: 1m }]', /both stages and a rate/, '7:7'],
    ['no stages', 'stages: []', /stages/, '7:7'],
    ['no requests', 'rate: 1\nduration: 1m\nrequests: []', /without requests/, '9:7'],
    ['a weight of 0', 'rate: 1\nduration: 1m\nrequests: [{ path: /, weight: 0 }]', /weight must be above 0/, '9:29'],
    ['an unknown method', 'rate: 1\nduration: 1m\nrequests: [{ method: PSOT }]', /method/, '9:20'],
    ['a body with GET', 'rate: 1\nduration: 1m\nrequests: [{ body: x }]', /GET request has no body/, '9:20'],
    ['a path with a host', 'rate: 1\nduration: 1m\nrequests: [{ path: "//other.example/x" }]', /one "\/"/, '9:20'],
    ['a whole URL', 'rate: 1\nduration: 1m\nrequests: [{ path: "https://other.example/x" }]', /one "\/"/, '9:20'],
    ['a template that is not closed', 'rate: 1\nduration: 1m\nrequests: [{ path: "/${A" }]', /no meaning/, '9:18'],
    ['a template of another space', 'rate: 1\nduration: 1m\nrequests: [{ path: "/${env.A}" }]', /no meaning/, '9:18'],
    ['a capture of nobody', 'rate: 1\nduration: 1m\nrequests: [{ path: "/${setup.token}" }]', /nothing captures/, '9:18'],
    ['a column without data', 'rate: 1\nduration: 1m\nrequests: [{ path: "/${data.id}" }]', /no data file/, '9:18'],
    [
      'a capture that comes later',
      'rate: 1\nduration: 1m\nsetup: [{ path: "/${setup.a}", capture: { a: /a } }]',
      /nothing before it captures/,
      '9:15',
    ],
    [
      'a row in the setup',
      'rate: 1\nduration: 1m\ndata: a.csv\nsetup: [{ path: "/${data.a}" }]',
      /no value in the setup/,
      '10:15',
    ],
    ['a pointer that is none', 'rate: 1\nduration: 1m\nsetup: [{ path: /, capture: { a: token } }]', /JSON pointer/, '9:37'],
    ['a range backwards', 'rate: 1\nduration: 1m\nrequests: [{ success: ["300-200"] }]', /range of statuses/, '9:30'],
    ['a status that is none', 'rate: 1\nduration: 1m\nrequests: [{ success: [20] }]', /range of statuses/, '9:30'],
    ['no status', 'rate: 1\nduration: 1m\nrequests: [{ success: [] }]', /at least one status/, '9:20'],
    ['a name twice', 'rate: 1\nduration: 1m\nrequests: [{ path: /a }, { path: /a }]', /same name/, '9:32'],
    ['a header of the engine', 'rate: 1\nduration: 1m\nrequests: [{ headers: { Host: x } }]', /written by the engine/, '9:31'],
    ['a header twice', 'rate: 1\nduration: 1m\nrequests: [{ headers: { a: x, A: y } }]', /named twice/, '9:37'],
    ['a header with a line break', 'rate: 1\nduration: 1m\nrequests: [{ headers: { a: "x\\r\\nb: c" } }]', /line breaks/, '9:31'],
    ['connections below 1', 'rate: 1\nduration: 1m\nconnections: 0', /connections/, '9:7'],
    ['an unknown protocol', 'rate: 1\nduration: 1m\nprotocol: h3', /http\/1.1, h2/, '9:7'],
    ['an unknown key', 'rate: 1\nduration: 1m\nwarmpu: 3s', /unknown key "warmpu"/, '9:7'],
  ];
  it.each(rows)('%s', async (_, lines, message, place) => {
    const error = await refused(scenario(lines));
    expect(error.code).toBe('SW_REVIEW_FILE');
    expect(error.message).toMatch(message);
    expect(error.where).toMatch(new RegExp(`^shop/seaworthy.yaml:\\d+:\\d+$`));
    expect(error.where).toBe(`shop/seaworthy.yaml:${place}`);
  });
});

describe('thresholds', () => {
  const limits = async (text: string) => (await load(`thresholds: ${text}`)).review.loadTest?.thresholds;
  it.each([
    // What is not named is the standard's: an organisation that asks for less is not overruled by silence.
    ['{}', {}],
    ['{ p95: 150ms, p99: 0.5s, errorRate: 0.1%, throughput: 100/s }', { p95Ms: 150, p99Ms: 500, errorRate: 0.001, minRps: 100 }],
    ['{ p95Ms: 150, errorRate: 0.002, minRps: 5 }', { p95Ms: 150, errorRate: 0.002, minRps: 5 }],
    ['{ errorRate: "0.05 %", throughput: 600/m }', { errorRate: 0.0005, minRps: 10 }],
  ])('%s', async (text, expected) => {
    expect(await limits(text)).toEqual(expected);
  });
  it.each([
    ['{ p95: 200ms, p95Ms: 200 }', /the same limit/],
    ['{ p99: 1s, p99Ms: 1 }', /the same limit/],
    ['{ throughput: 1/s, minRps: 1 }', /the same limit/],
    ['{ p95: 200 }', /200ms or 0.5s/],
    ['{ p95: -200ms }', /200ms or 0.5s/],
    ['{ p95: p95 }', /200ms or 0.5s/],
    ['{ errorRate: 5 }', /0.1%/],
    ['{ errorRate: 0 }', /no test can show/],
    ['{ errorRate: 200% }', /0.1%/],
    ['{ errorRate: few }', /0.1%/],
    ['{ throughput: 100 }', /100\/s/],
    ['{ throughput: 100/h }', /100\/s/],
    ['{ p90: 100ms }', /unknown key/],
  ])('%s is refused', async (text, message) => {
    const error = await refused(limits(text));
    expect(error.message).toMatch(message);
    expect(error.where).toMatch(/^shop\/seaworthy\.yaml:6:\d+$/);
  });
});

describe('results and script become sources', () => {
  it('with what the review file states of a result', async () => {
    const { sources } = await load(
      `script: k6/load.js\nresults:\n  - evidence/*.json\n  - { path: old.json, startedAt: 2026-02-01, environment: staging, images: [sha256:${'a'.repeat(64)}], model: open }`,
    );
    expect(sources.filter(({ kind }) => kind === 'load-test' || kind === 'load-script')).toEqual([
      { kind: 'load-test', path: 'shop/evidence/*.json', stated: {}, role: 'system', environment: 'production' },
      {
        kind: 'load-test',
        path: 'shop/old.json',
        stated: {
          startedAt: '2026-02-01T00:00:00Z',
          environment: 'staging',
          images: [`sha256:${'a'.repeat(64)}`],
          model: 'open',
        },
        role: 'system',
        environment: 'production',
      },
      { kind: 'load-script', path: 'shop/k6/load.js', role: 'system', environment: 'production' },
    ]);
  });
  it.each([
    ['results: [{ path: a.json, image: x }]', /unknown key "image"/],
    ['results: [{ path: a.json, images: [latest] }]', /sha256/],
    ['results: [{ path: a.json, startedAt: yesterday }]', /startedAt/],
    ['engine: k6', /nothing to run/],
    ['engine: wrk', /auto, embedded, k6/],
    ['images: all', /under-review/],
    ['target: "${data.host}"', /one for all requests/],
    ['target: "${HO ST}"', /no meaning/],
  ])('%s is refused', async (text, message) => {
    expect((await refused(load(text))).message).toMatch(message);
  });
});

describe('secrets that stand in the review file', () => {
  const planted = 'hunter2Zebra';
  const rows: readonly (readonly [string, string])[] = [
    ['an authorization header', `headers: { Authorization: "Bearer ${planted}" }`],
    ['a basic authorization', `headers: { authorization: "Basic ${planted}=" }`],
    ['a cookie', `headers: { cookie: "sid=${planted}; theme=dark" }`],
    ['an API key', `headers: { x-api-key: ${planted} }`],
    ['a header whose name says so', `headers: { x-shop-token: ${planted} }`],
    ['a literal around a template', `headers: { authorization: "\${KIND} ${planted}" }`],
    ['a password in an object', `method: POST, body: { user: a, password: ${planted} }`],
    ['a password deeper down', `method: POST, body: { login: { credentials: ["${planted}"], client_secret: ${planted} } }`],
    ['a password in a text of JSON', `method: POST, body: '{"password": "${planted}", "n": \${run.iteration}}'`],
    ['a password in a form', `method: POST, body: "user=a&password=${planted}&x=1"`],
    ['a token in the path', `path: "/a?access_token=${planted}&page=2"`],
  ];
  it.each(rows)('%s is sent and not kept', async (_, item) => {
    const text = `rate: 1\nduration: 1s\nrequests: [{ ${item} }]\nsetup: [{ path: /, ${item.replace(/^path: /, 'name: ')} }]`;
    const { review, loadTest, sources, standard } = await scenario(text);
    expect(JSON.stringify(loadTest)).toContain(planted);
    expect(JSON.stringify({ review, sources, standard })).not.toContain(planted);
  });

  it('a key decides, however harmless its value looks', async () => {
    const { review } = await scenario(
      'rate: 1\nduration: 1s\nrequests: [{ path: "/a?pass%77ord=dog&page=2&pin=1234", method: POST, headers: { cookie: dog }, body: { password: dog, pin: 1234, credentials: [dog], page: 2 } }]',
    );
    expect(review.loadTest?.scenario?.requests[0]).toMatchObject({
      name: 'POST /a?pass%77ord=xxx&page=2&pin=xxxx',
      path: '/a?pass%77ord=xxx&page=2&pin=xxxx',
      headers: { cookie: 'xxx' },
      body: '{"password":"xxx","pin":0,"credentials":["xxx"],"page":2}',
    });
  });

  it('templates, ordinary headers and bodies stay', async () => {
    const { review, loadTest } = await scenario(
      'rate: 1\nduration: 1s\nrequests: [{ path: "/a?page=2&sort=name", method: POST, headers: { authorization: "Bearer ${TOKEN}", accept: application/json }, body: { password: "${PASSWORD}", name: Run, minutes: 30 } }]',
    );
    expect(review.loadTest?.scenario).toEqual(loadTest?.scenario);
  });

  it('the identity of a scenario is that of its masked form: another secret is the same test, another request is not', async () => {
    const digest = async (header: string, path = '/') => {
      const { review } = await scenario(
        `rate: 1\nduration: 1s\nrequests: [{ path: ${path}, headers: { authorization: "${header}" } }]`,
      );
      return scenarioDigest(review.loadTest?.scenario ?? ({} as never));
    };
    expect(await digest('Bearer aaaa1')).toBe(await digest('Bearer bbbb2'));
    expect(await digest('Bearer aaaa1')).not.toBe(await digest('Bearer aaaa1', '/other'));
  });

  it('errors quote no value', async () => {
    for (const lines of [
      `rate: 1\nduration: 1s\nrequests: [{ body: ${planted} }]`,
      `rate: 1\nduration: 1s\nrequests: [{ headers: { a: "${planted}\\n" } }]`,
      `rate: 1\nduration: 1s\nrequests: [{ headers: { authorization: [${planted}] } }]`,
      `rate: 1\nduration: 1s\nrequests: [{ method: ${planted} }]`,
    ]) {
      const { message, hint, where } = await refused(scenario(lines));
      expect(JSON.stringify([message, hint, where])).not.toContain(planted);
    }
  });
});
