import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, type TestContext } from 'vitest';
import type { LoadLimits, LoadScenario } from '../../src/evidence/declared.ts';
import { quantile, totalOf } from '../../src/evidence/load-tests/distribution.ts';
import { readRecord } from '../../src/evidence/load-tests/record.ts';
import { scenarioDigest } from '../../src/evidence/load-tests/scenario-digest.ts';
import { aScenario } from '../../src/evidence/load-tests/testing.ts';
import { collectRecords } from '../../src/load/k6/collect.ts';
import { emitK6Script, rowsJson, type ScriptOptions } from '../../src/load/k6/emit-script.ts';
import { realK6, sayWhyK6IsSkipped } from './real-k6.ts';

/** What an emitted script does in k6 itself: each run lasts a few seconds, and those of one test go on side by side. */
const k6 = realK6();
if (k6 === undefined) sayWhyK6IsSkipped();

const limits: LoadLimits = { p95Ms: 200, p99Ms: 500, errorRate: 0.001, minRps: 50 };
const scenario = aScenario({
  stages: [{ from: 100, to: 100, durationMs: 3_000 }],
  warmupMs: 1_000,
  timeoutMs: 2_000,
  connections: 10,
  requests: [{ name: 'one', method: 'GET', path: '/${run.iteration}', weight: 1, headers: {}, success: [[200, 399]] }],
});

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Writes files into a folder of their own and runs k6 on the script, as k6-operator does: quiet, without the environment of the test. */
async function runK6(
  { onTestFinished }: TestContext,
  script: string,
  args: readonly string[],
  env: Record<string, string> = {},
  { rows, interruptAfterMs }: { readonly rows?: string; readonly interruptAfterMs?: number } = {},
): Promise<Ran> {
  const folder = mkdtempSync(join(tmpdir(), 'seaworthy-k6-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'load-test.js'), script);
  if (rows !== undefined) writeFileSync(join(folder, 'rows.json'), rows);
  const child = spawn(k6 ?? 'k6', ['run', '--quiet', '--no-usage-report', ...args, 'load-test.js'], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', HOME: folder, K6_AUTO_EXTENSION_RESOLUTION: 'false', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 50_000,
  });
  if (interruptAfterMs !== undefined) setTimeout(() => child.kill('SIGINT'), interruptAfterMs);
  const text = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (piece: string) => (text.stdout += piece));
  child.stderr.setEncoding('utf8').on('data', (piece: string) => (text.stderr += piece));
  const code = await new Promise<number | null>((resolve) => void child.on('close', resolve));
  return { code, ...text };
}

async function serve(
  { onTestFinished }: TestContext,
  listener: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const emit = (change: Partial<LoadScenario>, options: Partial<ScriptOptions> = {}): string => {
  const changed = { ...scenario, ...change };
  return emitK6Script(changed, limits, { target: '${BASE}', digest: scenarioDigest(changed), ...options });
};
const iterationOf = ({ url = '' }: IncomingMessage): number => Number(/\d+/.exec(url)?.[0]);

describe.skipIf(k6 === undefined)('an emitted script in a real k6', () => {
  it('two runners with a segment each are merged to the whole that the server saw, and its stall with them', async (context) => {
    // Requests of the steady window that the server got, and those that it held for so long.
    const seen = { steady: new Set<number>(), repeated: 0, held: [0, 0] };
    const planned = { warmup: 100, steady: 1_000 };
    let stallEndsAt: number | undefined;
    const BASE = await serve(context, (request, response) => {
      const iteration = iterationOf(request) - planned.warmup;
      if (iteration < 0) return void response.end('ok');
      if (seen.steady.has(iteration)) seen.repeated++;
      seen.steady.add(iteration);
      const now = performance.now();
      if (iteration >= 300) stallEndsAt ??= now + 700;
      const held = Math.max(0, (stallEndsAt ?? 0) - now);
      if (held >= 210) seen.held[0]!++;
      if (held >= 510) seen.held[1]!++;
      setTimeout(() => response.end('ok'), held);
    });
    const script = emit({ stages: [{ from: 100, to: 100, durationMs: 10_000 }] }, { runners: 2 });
    const runners = await Promise.all(
      ['0:1/2', '1/2:1'].map((segment, index) =>
        runK6(
          context,
          script,
          [
            `--execution-segment=${segment}`,
            '--execution-segment-sequence=0,1/2,1',
            '--log-output=none',
            '--tag',
            `instance_id=${index + 1}`,
          ],
          { BASE },
        ),
      ),
    );
    const record = collectRecords(
      runners.map(({ stdout }, index) => ({ name: `runner-${index + 1}.log`, text: stdout })),
      { runners: 2, exitCodes: runners.map(({ code }) => code ?? -1), version: '1.8.1', environment: 'staging' },
    );
    expect(readRecord(JSON.parse(JSON.stringify(record)))).toMatchObject({ ok: true });
    expect(record).not.toHaveProperty('stopped');
    expect(record.engine).toEqual({ name: 'k6-operator', version: '1.8.1', runners: 2 });
    expect(record.test).toMatchObject({
      scenario: scenarioDigest({ ...scenario, stages: [{ from: 100, to: 100, durationMs: 10_000 }] }),
      rate: 100,
    });
    expect(record.test).not.toHaveProperty('share');
    // Every request is one that the server saw, and no number came twice: the segments share one sequence.
    expect(record.counts).toMatchObject({
      planned: 1_000,
      sent: seen.steady.size,
      ok: seen.steady.size,
      failed: 0,
      dropped: 0,
      unfinished: 0,
    });
    expect(seen.repeated).toBe(0);
    // A machine without time for k6 at the very end may cost a start.
    expect(seen.steady.size).toBeGreaterThanOrEqual(998);
    expect(seen.steady.size).toBeLessThanOrEqual(1_000);
    expect(record.counts.byStatus).toEqual({ 200: seen.steady.size });
    expect(record.blocks).toHaveLength(2);
    expect(record.response && totalOf(record.response)).toBe(seen.steady.size);
    // What the server held for clearly longer than a limit is over it. A busy machine makes a few more of them.
    const over = record.limitsMs.map((limit) => record.blocks.reduce((sum, block) => sum + (block.over[String(limit)] ?? 0), 0));
    for (const [index, held] of seen.held.entries()) {
      expect(over[index]).toBeGreaterThanOrEqual(held);
      expect(over[index]).toBeLessThanOrEqual(held + 60);
    }
    expect(record.response && quantile(record.response, 0.999)).toBeGreaterThan(500_000);
    for (const { stdout } of runners) expect(stdout).toContain('held    sw_ok count>250');
  });

  it.concurrent('counts failures, timeouts, statuses and slow answers as the server gave them, and no secret is printed', async (context) => {
    const given = new Map<string, number>();
    const tokens = new Set<string | undefined>();
    const users = new Set<string>();
    const BASE = await serve(context, (request, response) => {
      if (request.url === '/login') return void response.end('{"auth":{"token":"t0p-s3cret"}}');
      tokens.add(request.headers.authorization);
      users.add(String(request.headers['x-user']));
      const iteration = iterationOf(request);
      // Statuses by turns, one of them slow; and a request in fifty that is never answered.
      const kind = iteration % 50 === 7 ? 'timeout' : (['200', '404', '503', '418', '200 slow'][iteration % 5] ?? '');
      if (iteration >= 100) given.set(kind, (given.get(kind) ?? 0) + 1);
      if (kind === 'timeout') return;
      response.statusCode = Number(kind.slice(0, 3));
      setTimeout(() => response.end('{}'), kind.endsWith('slow') ? 300 : 0);
    });
    const script = emit(
      {
        timeoutMs: 1_000,
        data: 'users.csv',
        setup: [
          {
            name: 'sign in',
            method: 'POST',
            path: '/login',
            headers: {},
            body: '{"p":"${PASSWORD}"}',
            success: [[200, 200]],
            capture: { token: '/auth/token' },
          },
        ],
        requests: [
          {
            name: 'work',
            method: 'POST',
            path: '/${run.iteration}',
            weight: 1,
            headers: { authorization: 'Bearer ${setup.token}', 'x-user': '${data.user}' },
            body: '"`${run.id}\u2028</script>$${x}',
            success: [
              [200, 299],
              [404, 404],
            ],
          },
        ],
      },
      { rowsFile: 'rows.json' },
    );
    const { code, stdout } = await runK6(
      context,
      script,
      ['--log-output=none'],
      { BASE, PASSWORD: 'p4ss' },
      { rows: rowsJson([{ user: 'ann-s3cret' }, { user: 'bob' }]) },
    );
    expect(code).toBe(99);
    expect([...tokens]).toEqual(['Bearer t0p-s3cret']);
    expect([...users].sort()).toEqual(['ann-s3cret', 'bob']);
    expect(stdout).not.toMatch(/s3cret|p4ss/);
    const record = collectRecords([{ name: 'k6.log', text: stdout }]);
    const sum = (...kinds: string[]) => kinds.reduce((all, kind) => all + (given.get(kind) ?? 0), 0);
    expect(record.engine).toEqual({ name: 'k6', version: 'unknown', runners: 1 });
    expect(record.counts).toMatchObject({
      sent: sum(...given.keys()),
      ok: sum('200', '404', '200 slow'),
      failed: sum('503', '418', 'timeout'),
      timeouts: sum('timeout'),
      byStatus: { 200: sum('200', '200 slow'), 404: sum('404'), '4xx': sum('418'), 503: sum('503') },
      byError: { timeout: sum('timeout') },
    });
    const over = record.blocks.reduce(
      (all, block) => [all[0]! + (block.over['200'] ?? 0), all[1]! + (block.over['500'] ?? 0)],
      [0, 0],
    );
    expect(over[0]).toBeGreaterThanOrEqual(sum('200 slow', 'timeout'));
    expect(over[1]).toBeGreaterThanOrEqual(sum('timeout'));
    expect(record.k6?.thresholds).toEqual(
      expect.arrayContaining([
        { metric: 'http_req_failed{scenario:steady}', expression: 'rate<0.001', ok: false },
        { metric: 'dropped_iterations{scenario:steady}', expression: 'count<1', ok: true },
      ]) as unknown,
    );
  });

  it.concurrent('too few virtual users, a sign-in that fails, a stop by signal and a ramp are told apart', async (context) => {
    const BASE = await serve(context, (request, response) => {
      if (request.url === '/login') response.statusCode = 401;
      setTimeout(() => response.end('{}'), request.url?.startsWith('/slow') ? 500 : 0);
    });
    const slow = { warmupMs: 0, requests: [{ ...scenario.requests[0]!, path: '/slow' }] };
    const few = emit({ ...slow, stages: [{ from: 50, to: 50, durationMs: 2_000 }] }).replace(
      /(preAllocatedVUs|maxVUs): 100/g,
      '$1: 5',
    );
    const signIn = emit({
      setup: [{ name: 's', method: 'POST', path: '/login', headers: {}, success: [[200, 200]], capture: { t: '/t' } }],
    });
    const ramp = emit({
      warmupMs: 500,
      stages: [
        { from: 0, to: 100, durationMs: 1_000 },
        { from: 50, to: 50, durationMs: 2_000 },
      ],
    });
    const long = emit({ warmupMs: 0, stages: [{ from: 20, to: 20, durationMs: 30_000 }] });
    const [dropped, refused, ramped, unset, interrupted] = await Promise.all([
      runK6(context, few, [], { BASE }),
      runK6(context, signIn, ['--tag', 'instance_id=1'], { BASE }),
      runK6(context, ramp, [], { BASE }),
      runK6(context, emit({}), [], {}),
      runK6(context, long, [], { BASE }, { interruptAfterMs: 3_500 }),
    ]);
    const drops = collectRecords([{ name: 'a', text: dropped.stdout }]);
    expect(dropped.code).toBe(99);
    expect(drops.counts.dropped).toBeGreaterThan(50);
    expect(drops.counts.sent + drops.counts.dropped).toBeGreaterThanOrEqual(99);
    expect(drops.k6?.thresholds).toContainEqual({
      metric: 'dropped_iterations{scenario:steady}',
      expression: 'count<1',
      ok: false,
    });

    expect(refused.code).toBe(107);
    expect(refused.stderr).toContain('The setup request 1 failed with status 401.');
    expect(() => collectRecords([{ name: 'a', text: refused.stdout }])).toThrow(
      expect.objectContaining({ code: 'SW_LOAD_RESULT' }),
    );
    expect(unset.code).toBe(107);
    expect(unset.stderr).toContain('Environment variables are not set: BASE');

    expect(collectRecords([{ name: 'a', text: ramped.stdout }]).counts).toMatchObject({ planned: 150, dropped: 0, failed: 0 });
    const sent = collectRecords([{ name: 'a', text: ramped.stdout }]).counts.sent;
    expect(sent).toBeGreaterThanOrEqual(148);
    expect(sent).toBeLessThanOrEqual(150);

    const cut = collectRecords([{ name: 'a', text: interrupted.stdout }]);
    expect(interrupted.code).toBe(105);
    expect(cut.stopped).toMatchObject({ reason: 'aborted' });
    expect(cut.counts.planned).toBe(600);
    expect(cut.counts.sent).toBeGreaterThan(10);
    expect(cut.counts.sent).toBeLessThan(80);
    expect(cut.seconds).toBeLessThan(4);
    expect(readRecord(JSON.parse(JSON.stringify(cut)))).toMatchObject({ ok: true });
  });
});
