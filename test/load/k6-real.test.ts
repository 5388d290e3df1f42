import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRecord, sealRecord } from '../../src/evidence/load-tests/record.ts';
import { nodeIo } from '../../src/gather/node-io.ts';
import type { LoadProgress } from '../../src/load/engine.ts';
import { findK6 } from '../../src/load/k6/find.ts';
import { inspectScript } from '../../src/load/k6/inspect.ts';
import { type K6Run, runK6 } from '../../src/load/k6/run.ts';
import { realK6, sayWhyK6IsSkipped } from './real-k6.ts';

const command = realK6();
if (command === undefined) sayWhyK6IsSkipped();

describe.skipIf(command === undefined)('on a real k6', () => {
  const folder = mkdtempSync(join(tmpdir(), 'seaworthy-real-k6-'));
  const env = { ...process.env, SEAWORTHY_K6: command };
  const { run: runProgram } = nodeIo({ cwd: folder, stdin: process.stdin, env, now: () => '2026-03-01T10:00:00Z' });
  let server: Server;
  let served = 0;

  beforeAll(async () => {
    server = createServer((request, response) => {
      served += 1;
      if (request.url === '/hang') return;
      response.writeHead(request.url === '/broken' ? 503 : 200).end('ok');
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });

  const context = async (script: string, variables: Readonly<Record<string, string>> = {}) => {
    const found = await findK6(env, runProgram);
    if (!found.ok) throw found.error;
    writeFileSync(join(folder, 'load-test.js'), `import http from 'k6/http';\nimport exec from 'k6/execution';\n${script}`);
    const target = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return { k6: found.k6, script: 'load-test.js', cwd: folder, env, variables: { TARGET: target, ...variables } };
  };
  const run = async (
    script: string,
    given: Partial<K6Run> = {},
    signal = new AbortController().signal,
    onProgress: (progress: LoadProgress) => void = () => {},
  ) => {
    const at = await context(script, given.variables);
    const plan = await inspectScript(at, runProgram);
    served = 0;
    return runK6(
      { ...at, plan, limitsMs: [200, 500], timeLimitMs: 30_000, ...given, variables: at.variables },
      { signal, onProgress },
    );
  };
  const openModel = (duration: string, more = '', gracefulStop = '0s') =>
    `export const options = { scenarios: { steady: { executor: 'constant-arrival-rate', rate: 40, duration: '${duration}', preAllocatedVUs: 20, gracefulStop: '${gracefulStop}' } }${more} };\n`;

  it('is found and asked for its version', async () => {
    const { k6 } = await context('');
    expect(k6.version).toMatch(/^[1-9]\d*\.\d+\.\d+/);
    expect(k6.runtime).toMatch(/^go1\.\d+(\.\d+)? \w+\/\w+$/);
  });

  it('its stream, its summary and the server agree, whatever the script prints', async () => {
    const told: LoadProgress[] = [];
    const script = `${openModel('2s', ", thresholds: { http_req_duration: ['p(99)<0.001'], http_req_failed: ['rate<0.5'] }", '5s')}
      export function setup() { http.get(__ENV.TARGET + '/sign-in'); return 'token-of-setup'; }
      export default function () { http.get(__ENV.TARGET + (exec.scenario.iterationInTest % 8 === 0 ? '/broken' : '/')); console.log('noise ' + __ENV.TOKEN); }
      export function handleSummary() { return { stdout: 'noise at the end' }; }`;
    const measured = await run(script, { variables: { TOKEN: 'secret-of-test' } }, undefined, (progress) => told.push(progress));
    expect(measured.stopped).toBeUndefined();
    const { counts, blocks, k6, model } = measured;
    expect(counts.sent).toBe(served - 1);
    // A machine that is busy with other tests may leave k6 without a free virtual user.
    expect(counts.planned).toBeGreaterThanOrEqual(79);
    expect(counts.failed).toBe(counts.byStatus['503']);
    expect(counts.failed).toBeGreaterThanOrEqual(5);
    expect(blocks.reduce((sum, { n }) => sum + n, 0)).toBe(counts.ok + counts.failed);
    expect(model).toBe('open');
    expect(k6).toMatchObject({ exitCode: 99, droppedIterations: counts.dropped });
    expect(k6?.thresholds).toEqual(
      expect.arrayContaining([
        { metric: 'http_req_duration', expression: 'p(99)<0.001', ok: false },
        { metric: 'http_req_failed', expression: 'rate<0.5', ok: true },
      ]),
    );
    expect(told.at(-1)).toMatchObject({ sent: counts.sent, failed: counts.failed, totalS: 2 });
    const { model: _model, sentTo, ...content } = measured;
    expect(sentTo).toEqual([`http://127.0.0.1:${(server.address() as AddressInfo).port}`]);
    const test = { model, warmupS: 0, steadyS: 2, requests: [], variables: ['TOKEN'] };
    const record = sealRecord({ ...content, test, target: 'http://127.0.0.1' });
    expect(readRecord(record)).toMatchObject({ ok: true });
    expect(JSON.stringify(record)).not.toMatch(/secret-of-test|token-of-setup/);
  });

  it('a threshold that ends the test makes it a stopped one', async () => {
    const measured =
      await run(`${openModel('20s', ", thresholds: { http_req_failed: [{ threshold: 'rate<0.01', abortOnFail: true }] }")}
      export default function () { http.get(__ENV.TARGET + '/broken'); }`);
    expect(measured.k6?.exitCode).toBe(99);
    expect(measured.stopped).toMatchObject({ reason: 'aborted', message: expect.stringContaining('abortOnFail') });
    expect(measured.counts.failed).toBeGreaterThan(20);
    expect(measured.seconds).toBeLessThan(10);
  });

  it('an interrupt keeps what was measured', async () => {
    const controller = new AbortController();
    const script = `${openModel('20s')} export default function () { http.get(__ENV.TARGET + '/'); }`;
    const { stopped, counts, k6 } = await run(script, {}, controller.signal, () => controller.abort());
    expect(stopped?.reason).toBe('interrupted');
    expect(counts.ok).toBeGreaterThan(10);
    expect(counts.failed).toBe(0);
    expect(k6?.exitCode).toBe(105);
  });

  it('load ends with us, even where no code of ours runs any more', async () => {
    const { variables } = await context(`${openModel('60s')} export default function () { http.get(__ENV.TARGET + '/'); }`);
    const code = `import { startProcess } from ${JSON.stringify(join(import.meta.dirname, '../../src/load/k6/process.ts'))};
      startProcess(${JSON.stringify(command)}, ['run', '--quiet', '--no-usage-report', '--out=json=-', 'load-test.js'],
        { cwd: ${JSON.stringify(folder)}, env: { ...process.env, TARGET: ${JSON.stringify(variables['TARGET'])} }, onStdout: () => {}, onStderr: () => {} });`;
    served = 0;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'ignore' });
    await expect.poll(() => served, { timeout: 10_000 }).toBeGreaterThan(20);
    parent.kill('SIGKILL');
    const servedLater = async () => {
      const before = served;
      await new Promise((resolve) => setTimeout(resolve, 500));
      return served - before;
    };
    await expect.poll(servedLater, { timeout: 10_000 }).toBe(0);
  });

  it('a script that ends its test', async () => {
    const { stopped, counts } = await run(
      `${openModel('20s')} export default function () { http.get(__ENV.TARGET + '/'); if (exec.scenario.iterationInTest === 30) exec.test.abort('enough'); }`,
    );
    expect(stopped).toMatchObject({ reason: 'aborted', message: expect.stringContaining('test.abort') });
    expect(counts.ok).toBeGreaterThanOrEqual(30);
  });

  it('a server that never answers: nothing ended, and each request is known to be open', async () => {
    const { stopped, counts, seconds, blocks } = await run(
      `${openModel('1s')} export default function () { http.get(__ENV.TARGET + '/hang'); }`,
    );
    expect(stopped).toBeUndefined();
    expect(counts).toMatchObject({ ok: 0, failed: 0 });
    expect(counts.unfinished).toBe(served);
    expect(counts.unfinished + counts.dropped).toBeGreaterThanOrEqual(39);
    expect(seconds).toBeGreaterThan(0.9);
    expect(blocks).toEqual([]);
  });

  it('a server that is not there: each request failed, with the reason', async () => {
    const { counts, k6 } = await run(`${openModel('1s')} export default function () { http.get('http://127.0.0.1:1/'); }`);
    expect(counts.ok).toBe(0);
    expect(counts.byError).toEqual({ 'k6 1212 connection refused': counts.failed });
    expect(k6?.exitCode).toBe(0);
  });

  it('a script that throws, cannot be read or sends nothing: an error that says so', async () => {
    await expect(
      run(`throw new Error('no luck with ' + __ENV.TOKEN);`, { variables: { TOKEN: 'secret-of-test' } }),
    ).rejects.toMatchObject({
      code: 'SW_LOAD_ENGINE',
      message: expect.stringMatching(/cannot read the script load-test\.js: .*no luck with \$\{TOKEN\}/),
    });
    await expect(run('export default function () {')).rejects.toMatchObject({ code: 'SW_LOAD_ENGINE' });
    await expect(run('export const options = { vus: 1, iterations: 2 }; export default function () {}')).rejects.toMatchObject({
      code: 'SW_LOAD_ENGINE',
      message: expect.stringContaining('sent no HTTP request'),
    });
  });

  it.each([
    [
      'open',
      "scenarios: { a: { executor: 'ramping-arrival-rate', startRate: 1, preAllocatedVUs: 1, stages: [{ duration: '1m', target: 5 }, { duration: '30s', target: 5 }], startTime: '10s', gracefulStop: '5s' } }",
      100_000,
      5000,
    ],
    ['closed', "stages: [{ duration: '20s', target: 5 }]", 20_000, 30_000],
    ['closed', "vus: 3, duration: '5m'", 300_000, 30_000],
    [
      'closed',
      "scenarios: { a: { executor: 'constant-arrival-rate', rate: 1, duration: '1s', preAllocatedVUs: 1 }, b: { executor: 'shared-iterations', vus: 1, iterations: 1 } }",
      undefined,
      30_000,
    ],
  ])('tells that a script is %s before it runs: %s', async (model, options, plannedMs, gracefulStopMs) => {
    const plan = await inspectScript(
      await context(`export const options = { ${options} }; export default function () {}`),
      runProgram,
    );
    expect({ model: plan.model, plannedMs: plan.plannedMs, gracefulStopMs: plan.gracefulStopMs }).toEqual({
      model,
      plannedMs,
      gracefulStopMs,
    });
  });
});
