import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { LoadProgress, Measurement } from '../../src/load/engine.ts';
import type { ScriptPlan } from '../../src/load/k6/inspect.ts';
import { type K6Run, runK6 } from '../../src/load/k6/run.ts';
import { type FakeK6, fakeK6, recordedStream } from './fake-k6.ts';

const fakes: FakeK6[] = [];
afterEach(() => {
  for (const fake of fakes.splice(0)) fake.remove();
});
const fake = (onRun: string): FakeK6 => {
  const made = fakeK6(onRun);
  fakes.push(made);
  return made;
};

const plan: ScriptPlan = {
  model: 'open',
  scenarios: [{ name: 'steady', executor: 'constant-arrival-rate' }],
  plannedMs: 6000,
  gracefulStopMs: 0,
  thresholds: [],
};

const run = (
  { command, folder }: FakeK6,
  given: Partial<K6Run> = {},
  signal = new AbortController().signal,
  onProgress: (progress: LoadProgress) => void = () => {},
): Promise<Measurement> =>
  runK6(
    {
      k6: { command, version: '1.8.1', runtime: 'go1.26.8 linux/amd64' },
      script: 'load test.js',
      cwd: folder,
      env: { PATH: process.env['PATH'], K6_VUS: '99', K6_DURATION: '1h', SESSION: 'a-session-of-the-user' },
      variables: { GRAVL_API_URL: 'http://user:pass@127.0.0.1:3000/?token=abc', TOKEN: 'very-secret-token' },
      plan,
      limitsMs: [200, 500],
      timeLimitMs: 60_000,
      ...given,
    },
    { signal, onProgress },
  );

const whole = 'out(stream); writeSummary(); exit(99);';

describe('a run that goes by its plan', () => {
  it('is measured from the stream; thresholds that k6 failed are kept and decide nothing', async () => {
    const { stopped, counts, blocks, k6, model, engine, limitsMs, response, seconds } = await run(fake(whole));
    expect(stopped).toBeUndefined();
    expect({ model, engine }).toEqual({
      model: 'open',
      engine: { name: 'k6', version: '1.8.1', runtime: 'go1.26.8 linux/amd64', runners: 1 },
    });
    expect(counts).toMatchObject({ ok: 85, failed: 34, dropped: 1, unfinished: 1 });
    expect(blocks.reduce((sum, { n }) => sum + n, 0)).toBe(119);
    expect(k6).toMatchObject({ exitCode: 99, droppedIterations: 1 });
    expect(k6?.thresholds).toContainEqual({ metric: 'http_req_failed', expression: 'rate<0.5', ok: true });
    expect(limitsMs).toEqual([200, 500]);
    expect(response?.buckets.length).toBeGreaterThan(20);
    expect(seconds).toBeGreaterThan(5);
  });

  it('k6 gets the script unmodified, every statistic, and no value of a variable among its arguments', async () => {
    const program = fake(whole);
    await run(program);
    const [call] = program.calls();
    expect(call?.args[0]).toBe('run');
    expect(call?.args.at(-1)).toBe('load test.js');
    expect(call?.args).toEqual(
      expect.arrayContaining([
        '--quiet',
        '--no-usage-report',
        '--out=json=-',
        '--summary-trend-stats=avg,min,med,max,p(90),p(95),p(99),p(99.9),count',
      ]),
    );
    expect(call?.args.join(' ')).not.toContain('secret');
    expect(call?.env).toMatchObject({
      TOKEN: 'very-secret-token',
      SESSION: 'a-session-of-the-user',
      K6_AUTO_EXTENSION_RESOLUTION: 'false',
      K6_NEW_MACHINE_READABLE_SUMMARY: 'false',
    });
  });

  it('a script whose name begins with a dash is no flag', async () => {
    const program = fake(whole);
    await run(program, { script: '--linger.js' });
    expect(program.calls()[0]?.args.at(-1)).toBe('./--linger.js');
  });

  it('settings of k6 in the environment do not make another test of it', async () => {
    const program = fake(whole);
    await run(program);
    expect(program.calls()[0]?.env).not.toHaveProperty('K6_VUS');
    expect(program.calls()[0]?.env).not.toHaveProperty('K6_DURATION');
  });

  it.each(['exit(107);', whole])('leaves no temporary folder: %s', async (body) => {
    const program = fake(
      `writeFileSync('was-there', String(require('node:fs').existsSync(require('node:path').dirname(summaryFile)))); ${body}`,
    );
    await run(program).catch(() => {});
    const summary =
      program
        .calls()[0]
        ?.args.find((arg) => arg.startsWith('--summary-export='))
        ?.slice('--summary-export='.length) ?? '';
    expect(readFileSync(`${program.folder}/was-there`, 'utf8')).toBe('true');
    expect(existsSync(dirname(summary))).toBe(false);
  });

  it('tells its progress from the stream', async () => {
    const told: LoadProgress[] = [];
    const half = Math.floor(recordedStream.length / 2);
    await run(
      fake(`out(stream.slice(0, ${half})); setTimeout(() => { out(stream.slice(${half})); writeSummary(); exit(0); }, 1300);`),
      {},
      undefined,
      (progress) => told.push(progress),
    );
    expect(told.length).toBeGreaterThanOrEqual(2);
    const [first, last] = [told[0], told.at(-1)];
    expect(first?.sent).toBeGreaterThan(30);
    expect(first?.sent).toBeLessThan(90);
    expect(last).toMatchObject({ sent: 119, ok: 85, failed: 34, dropped: 1, totalS: 6 });
    expect(last?.steady).toMatchObject({ n: 119, failed: 34 });
    expect(last?.steady.over['200']).toBeGreaterThan(5);
    expect(last?.steady.p95Ms).toBeGreaterThan(200);
  });

  it('cuts the warm-up off', async () => {
    const told: LoadProgress[] = [];
    const { counts, blocks } = await run(fake(whole), { warmupS: 3 }, undefined, (progress) => told.push(progress));
    expect(counts.ok + counts.failed).toBeLessThan(70);
    expect(blocks).toHaveLength(1);
    expect(told.at(-1)?.steady.n).toBeLessThan(75);
    expect(told.at(-1)?.sent).toBe(119);
  });

  it('what a script prints does not disturb the stream', async () => {
    const noise = `out('hello\\n{"metric":"x"}\\n'); out(stream); out('{"metric":"http_req_duration","type":"Point"}\\n' + 'x'.repeat(3e6)); writeSummary(); exit(0);`;
    const { stopped, counts } = await run(fake(noise));
    expect(stopped).toBeUndefined();
    expect(counts).toMatchObject({ ok: 85, failed: 34 });
  });
});

describe('a run that does not', () => {
  const half = 'out(stream.slice(0, 200000));';

  it.each([
    ['105', 'aborted', /interrupted by a signal/],
    ['108', 'aborted', /test\.abort/],
    ['107', 'engine-failed', /exception \(exit code 107\)/],
    ['100', 'engine-failed', /setup\(\) took too long/],
    ['1', 'engine-failed', /k6 failed \(exit code 1\)/],
    ['255', 'engine-failed', /exit code 255/],
  ])('exit code %s is %s, and what was measured is kept', async (code, reason, message) => {
    const { stopped, counts, response, k6 } = await run(fake(`${half} writeSummary(); exit(${code});`));
    expect(stopped).toMatchObject({ reason, message: expect.stringMatching(message) });
    expect(counts.ok).toBeGreaterThan(20);
    expect(response?.buckets.length).toBeGreaterThan(5);
    expect(k6?.exitCode).toBe(Number(code));
  });

  it('k6 that is killed', async () => {
    const { stopped, k6 } = await run(fake(`${half} process.kill(process.pid, 'SIGKILL'); setTimeout(() => {}, 1e5);`));
    expect(stopped).toMatchObject({ reason: 'engine-failed', message: expect.stringContaining('SIGKILL') });
    expect(k6?.exitCode).toBeUndefined();
  });

  it('k6 that says all is well and sent a part of its stream only', async () => {
    const { stopped } = await run(fake(`${half} writeSummary(); exit(0);`));
    expect(stopped).toMatchObject({
      reason: 'engine-failed',
      message: expect.stringMatching(/counted 120 requests, and its stream held \d+/),
    });
  });

  it('k6 that writes no summary', async () => {
    expect((await run(fake('out(stream); exit(0);'))).stopped).toMatchObject({
      reason: 'engine-failed',
      message: expect.stringContaining('without the summary'),
    });
  });

  it('a threshold that ends the test makes it a short one, though k6 exits as for any threshold', async () => {
    const { stopped } = await run(
      fake(
        `${half} writeSummary(); err("thresholds on metrics 'x' were crossed; at least one has abortOnFail enabled, stopping test prematurely\\n"); exit(99);`,
      ),
    );
    expect(stopped).toMatchObject({ reason: 'aborted', message: expect.stringContaining('abortOnFail') });
  });

  it('a stream in which lines are damaged', async () => {
    const damaged = `out(stream.replace('"metric":"http_req_duration","type":"Point","data":{', '"metric":"http_req_duration","type":"Point","dat')); writeSummary(); exit(0);`;
    expect((await run(fake(damaged))).stopped).toMatchObject({
      reason: 'engine-failed',
      message: expect.stringContaining('could not be read'),
    });
  });

  it('a script that prints points of its own: k6 counted other requests', async () => {
    const forged = `out(stream); const line = stream.split('\\n').find((text) => text.includes('"http_req_duration","type":"Point"')); for (let i = 0; i < 500; i++) out(line + '\\n'); writeSummary(); exit(0);`;
    expect((await run(fake(forged))).stopped).toMatchObject({
      reason: 'engine-failed',
      message: 'k6 counted 120 requests, and its stream held 620.',
    });
  });

  it('a stream without the tags that tell failures', async () => {
    const bare = `out(stream.replace(/"expected_response":"\\w+",/g, '').replace(/,"status":"\\d+"/g, '')); writeSummary(); exit(0);`;
    expect((await run(fake(bare))).stopped).toMatchObject({
      reason: 'engine-failed',
      message: expect.stringContaining('tags status and expected_response'),
    });
  });
});

describe('a run in which nothing was measured', () => {
  it.each([
    ['prints nothing', 'exit(0);', /Nothing was measured|sent no HTTP request/],
    [
      'sends nothing and is content',
      `writeSummary('{"root_group":{},"metrics":{"iterations":{"count":1,"rate":1}}}'); exit(0);`,
      /sent no HTTP request/,
    ],
    ['dies at once', "err('boom'); exit(2);", /k6 failed \(exit code 2\)\. Nothing was measured/],
    ['prints something else', "out('{}\\n[]\\nhello'); exit(0);", /without the summary.*Nothing was measured/],
  ])('k6 that %s', async (_name, body, message) => {
    await expect(run(fake(body))).rejects.toMatchObject({
      code: 'SW_LOAD_ENGINE',
      where: 'load test.js',
      message: expect.stringMatching(message),
    });
  });

  it('k6 that is not there any more', async () => {
    const program = fake(whole);
    await expect(run({ ...program, command: `${program.folder}/gone` })).rejects.toMatchObject({
      code: 'SW_LOAD_ENGINE',
      message: expect.stringContaining('could not be started (ENOENT)'),
    });
  });

  it('k6 that may not be executed', async () => {
    const program = fake(whole);
    await expect(run({ ...program, command: `${program.folder}/data.json` })).rejects.toMatchObject({
      message: expect.stringContaining('could not be started (EACCES)'),
    });
  });

  it('an interrupt before the start', async () => {
    const program = fake(whole);
    await expect(run(program, {}, AbortSignal.abort())).rejects.toMatchObject({ code: 'SW_LOAD_ENGINE' });
    expect(existsSync(`${program.folder}/calls.ndjson`)).toBe(false);
  });

  it('says the last words of k6, without control characters, queries, secrets and what the script printed', async () => {
    const lines = [
      'time="2026-03-01T10:00:00Z" level=info msg="token is hunter22" source=console',
      'time="2026-03-01T10:00:00Z" level=warning msg="Request Failed" error="Get \\"http://h/?key=1\\""',
      'time="2026-03-01T10:00:00Z" level=error msg="GoError: \\u001b[31mbad\\u001b[0m very-secret-token at http://127.0.0.1:3000/x?token=abc#f" hint="script exception"',
      '\u001b[2Jpanic: a-session-of-the-user \u202egnp',
    ];
    const error = await run(fake(`err(${JSON.stringify(`${lines.join('\n')}\n`)}); exit(107);`)).catch(
      (caught: unknown) => caught as { hint: string },
    );
    const { hint } = error as { hint: string };
    expect(hint).toContain('GoError: ');
    expect(hint).toContain('${TOKEN} at http://127.0.0.1:3000/x');
    expect(hint).toContain('panic: ${SESSION}');
    // oxlint-disable-next-line no-control-regex -- it must not be there
    expect(hint).not.toMatch(/hunter22|very-secret|a-session|token=|key=|[\u001b\u202e]/);
    expect(hint.split('\n')).toHaveLength(3);
  });

  it('a k6 that raves does not fill the memory or the message', async () => {
    const error = await run(fake("for (let i = 0; i < 200; i++) err('x'.repeat(50000)); exit(1);")).catch(
      (caught: unknown) => caught,
    );
    expect((error as { hint: string }).hint.length).toBeLessThan(1000);
  });
});

/** A process that ended and that nobody waited for is still listed, as a zombie. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

describe('stopping', () => {
  const half = 'out(stream.slice(0, 200000));';

  /** Aborts once the program has installed what it does on a signal. */
  const abortWhenReady = ({ folder }: FakeK6): AbortSignal => {
    const controller = new AbortController();
    const timer = setInterval(() => {
      if (!existsSync(`${folder}/ready`)) return;
      clearInterval(timer);
      controller.abort();
    }, 20);
    return controller.signal;
  };

  it('an interrupt is one SIGINT; what was measured is kept and marked', async () => {
    const program = fake(`let signals = 0; ${half}
      const finish = () => { out(stream.slice(200000)); writeSummary(); writeFileSync('signals', String(signals)); exit(105); };
      process.on('SIGINT', () => { signals += 1; if (signals === 1) setTimeout(finish, 2500); });
      writeFileSync('ready', ''); setInterval(() => {}, 1000);`);
    // The time limit comes while k6 is stopping: a second signal would make it give up without results.
    const { stopped, counts } = await run(program, { timeLimitMs: 2000 }, abortWhenReady(program));
    expect(stopped).toMatchObject({ reason: 'interrupted' });
    expect(counts.ok).toBe(85);
    expect(readFileSync(`${program.folder}/signals`, 'utf8')).toBe('1');
  });

  it('k6 that does not stop is killed, with what it started', async () => {
    const program = fake(`process.on('SIGINT', () => {}); ${half}
      const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
      writeFileSync('child', String(child.pid)); writeFileSync('ready', ''); setInterval(() => {}, 1000);`);
    const { stopped, counts, k6 } = await run(program, { stopGraceMs: 300 }, abortWhenReady(program));
    expect(stopped?.reason).toBe('interrupted');
    expect(counts.ok).toBeGreaterThan(20);
    expect(k6?.exitCode).toBeUndefined();
    await expect.poll(() => isRunning(Number(readFileSync(`${program.folder}/child`, 'utf8')))).toBe(false);
  });

  it('k6 that runs on is stopped at the time limit', async () => {
    const program = fake(`process.on('SIGINT', () => exit(105)); ${half} setInterval(() => {}, 1000);`);
    const { stopped } = await run(program, { timeLimitMs: 1500 });
    expect(stopped).toMatchObject({ reason: 'aborted', message: expect.stringContaining('longer than its plan') });
  });
});
