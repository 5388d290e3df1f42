import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { demoPassword, demoUsers } from '../../examples/gravl/service/src/demo/data.ts';
import { serverKinds } from './databases.ts';
import { freePorts, occupied, type Program, secret, start } from './programs.ts';
import { call } from './running.ts';

const folder = mkdtempSync(join(tmpdir(), 'gravl-process-'));
const started: Program[] = [];
afterEach(async () => {
  for (const program of started.splice(0)) {
    if (program.process.exitCode === null) program.process.kill('SIGKILL');
    await program.exit;
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function program(...args: Parameters<typeof start>): Program {
  const made = start(...args);
  started.push(made);
  return made;
}

/** Until the backend holds the request; a busy machine may take long to bring it there. */
async function arrived(metricsPort: number, answer: Promise<unknown>): Promise<void> {
  let isAnswered = false;
  const done = () => {
    isAnswered = true;
  };
  void answer.then(done, done);
  const isHeld = async () => {
    const { text } = await call(`http://127.0.0.1:${metricsPort}/metrics`, 'GET', {});
    return isAnswered || /^http_requests_in_flight [1-9]/m.test(text);
  };
  await expect.poll(isHeld, { interval: 5, timeout: 20_000 }).toBe(true);
}

describe('JWT_SECRET', () => {
  const weak = 'correct horse battery staple, and then some more words to be long enough';
  writeFileSync(join(folder, 'weak'), weak);
  it.each([
    ['not set', {}, 'JWT_SECRET is not set.'],
    ['63 hex characters', { JWT_SECRET: secret.slice(1) }, 'JWT_SECRET has 63 characters.'],
    ['in a file, and no hex', { JWT_SECRET_FILE: join(folder, 'weak') }, 'JWT_SECRET is not hexadecimal.'],
    [
      'in a file that is missing',
      { JWT_SECRET_FILE: join(folder, 'nothing') },
      'JWT_SECRET_FILE names a file that cannot be read (ENOENT).',
    ],
  ] as [string, Record<string, string>, string][])(
    '%s: the backend ends with 1 and a line that holds no secret',
    async (_what, environment, line) => {
      const backend = program('main.ts', [], { PORT: '0', METRICS_PORT: '0', ...environment });
      expect(await backend.exit).toBe(1);
      expect(backend.output()).toContain(line);
      expect(backend.output()).not.toMatch(/\n\s+at /);
      for (const value of [weak, secret.slice(1)]) expect(backend.output()).not.toContain(value);
    },
  );
});

describe('the whole of Gravl in one process', () => {
  const ports = async () => {
    const [backend, metrics, frontend] = await freePorts(3);
    return { PORT: `${backend}`, METRICS_PORT: `${metrics}`, FRONTEND_PORT: `${frontend}` };
  };
  const signIn = (port: string) =>
    call(`http://127.0.0.1:${port}/api/v1/sessions`, 'POST', { body: { email: demoUsers[0].email, password: demoPassword } });

  it('prints where everything is, and all of it answers', async () => {
    const environment = await ports();
    const gravl = program('demo/start.ts', [], environment);
    await gravl.said(/Ctrl-C/);
    for (const address of gravl.output().match(/http:\/\/127\.0\.0\.1:\d+\S*/g) ?? []) {
      if (!address.endsWith(environment.PORT)) expect((await call(address, 'GET', {})).status, address).toBe(200);
    }
    expect((await call(`http://127.0.0.1:${environment.PORT}/readyz`, 'GET', {})).status).toBe(200);
    expect(gravl.output()).toContain(`GRAVL_API_URL=http://127.0.0.1:${environment.PORT} `);
    const [, user] = /sign in +(\S+)/.exec(gravl.output()) ?? [];
    const [, password] = /password +(\S+)/.exec(gravl.output()) ?? [];
    expect([user, password]).toEqual([demoUsers[0].email, demoPassword]);

    // A signal with a sign-in in flight: it is answered, then the process ends.
    const signingIn = signIn(environment.PORT);
    await arrived(Number(environment.METRICS_PORT), signingIn);
    gravl.process.kill('SIGTERM');
    expect((await signingIn).status).toBe(201);
    const answeredAt = performance.now();
    expect(await gravl.exit).toBe(0);
    // The client keeps its connection alive; waiting for it would take up to the limit of 18 s.
    expect(performance.now() - answeredAt).toBeLessThan(9_000);
    await expect(signIn(environment.PORT)).rejects.toThrow('fetch failed');
  });

  it.each(['PORT', 'METRICS_PORT', 'FRONTEND_PORT'])(
    'says which port is taken, and that %s chooses another',
    async (variable) => {
      const taken = await occupied();
      try {
        const gravl = program('demo/start.ts', [], { ...(await ports()), [variable]: `${taken.port}` });
        expect(await gravl.exit).toBe(1);
        expect(gravl.output()).toMatch(
          new RegExp(`^Port ${taken.port} for the \\w+ is taken. Choose another: ${variable}=\\d+\n$`),
        );
      } finally {
        await taken.free();
      }
    },
  );
});

describe.each(serverKinds)('the programs on $name', (kind) => {
  it('are not ready before `migrate up`, ready after, and drain on SIGTERM', async () => {
    const server = await kind.start();
    try {
      const environment = { ...server.environment, JWT_SECRET: secret, PORT: '0', METRICS_PORT: '0' };
      const backend = program('main.ts', ['serve'], environment);
      const [, base = ''] = await backend.said(/listening at (http:\S+?)"/);
      const statusOf = async (path: string) => (await call(`${base}${path}`, 'GET', {})).status;
      expect([await statusOf('/health/live'), await statusOf('/health/ready')]).toEqual([200, 503]);

      const migrate = async (...args: string[]) => {
        const run = program('main.ts', ['migrate', ...args], { ...server.environment });
        return { code: await run.exit, lines: run.output().trimEnd().split('\n') };
      };
      expect(await migrate('status')).toEqual({
        code: 0,
        lines: ['pending 1 users', 'pending 2 workouts', 'pending 3 newest_workouts'],
      });
      const both = await Promise.all([migrate('up'), migrate('up')]);
      expect(both.map(({ code }) => code)).toEqual([0, 0]);
      expect(both.flatMap(({ lines }) => lines).filter((line) => line.startsWith('applied'))).toHaveLength(3);
      expect(await migrate('up')).toEqual({ code: 0, lines: ['Nothing to apply.'] });
      expect(await statusOf('/health/ready')).toBe(200);
      expect((await migrate('sideways')).code).toBe(1);

      // Connections that die are replaced.
      const db = await server.open();
      await db.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND application_name = 'gravl-backend'",
      );
      await db.close();
      await expect.poll(() => statusOf('/health/ready')).toBe(200);

      const signingIn = call(`${base}/api/v1/sessions`, 'POST', { body: { email: 'nobody@gravl.example', password: 'x' } });
      const [, metricsPort] = await backend.said(/"metricsPort":(\d+)/);
      await arrived(Number(metricsPort), signingIn);
      backend.process.kill('SIGTERM');
      expect((await signingIn).status).toBe(401);
      expect(await backend.exit).toBe(0);
      expect(backend.output()).not.toContain('example-of-a-test');
      expect(backend.output()).not.toContain(secret);
    } finally {
      await server.stop();
    }
  });

  it('answer 503 without a database, and never the reason', async () => {
    const backend = program('main.ts', [], { DATABASE_HOST: folder, JWT_SECRET: secret, PORT: '0', METRICS_PORT: '0' });
    const [, base = ''] = await backend.said(/listening at (http:\S+?)"/);
    const answer = await call(`${base}/api/v1/sessions`, 'POST', { body: { email: 'a@b', password: 'x' } });
    expect(answer.status).toBe(503);
    expect(answer.text).toBe('{"error":{"code":"unavailable","message":"The service is busy. Try again shortly."}}');
    expect((await call(`${base}/readyz`, 'GET', {})).status).toBe(503);
    expect((await call(`${base}/healthz`, 'GET', {})).status).toBe(200);
  });
});
