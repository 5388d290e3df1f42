import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRecord } from '../../src/evidence/load-tests/record.ts';

const main = resolve('src/cli/main.ts');
let server: Server;
let folder: string;
let origin: string;

beforeAll(async () => {
  server = createServer((_, response) => response.end('ok'));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command as a program of its own; `onStderr` sees what it says while it runs. */
function seaworthy(
  args: readonly string[],
  onStderr: (all: string, kill: (signal: NodeJS.Signals) => void) => void = () => {},
): Promise<Ended> {
  const child = spawn(process.execPath, [main, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'], BASE: origin, CI: 'true' },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
    onStderr(stderr, (signal) => child.kill(signal));
  });
  return new Promise((done) => child.on('close', (code, signal) => done({ code, signal, stdout, stderr })));
}

async function inFolder(review: string, test: () => Promise<void>): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), 'seaworthy-load-'));
  try {
    await writeFile(
      join(folder, 'seaworthy.yaml'),
      `apiVersion: seaworthy.dev/v1alpha1\nkind: Review\nmetadata: { name: shop }\n${review}`,
    );
    await test();
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function onlyRecord() {
  const files = await readdir(join(folder, 'evidence'));
  expect(files).toHaveLength(1);
  const read = readRecord(JSON.parse(await readFile(join(folder, 'evidence', files[0] ?? ''), 'utf8')));
  if (!read.ok) throw new Error(read.problem);
  return read.record;
}

const scenario = (duration: string) =>
  `spec: { environment: staging, loadTest: { target: "\${BASE}", environment: staging, results: [evidence], scenario: { rate: 50, duration: ${duration}, warmup: 500ms } } }\n`;

describe('the command, as a program', { timeout: 30_000 }, () => {
  it('sends what is planned and keeps the record', () =>
    inFolder(scenario('2s'), async () => {
      const ran = await seaworthy(['load']);
      // Too short to say anything, which the facts say and no clock decides.
      expect(ran.stdout).toContain('INVALID');
      expect(ran.code).toBe(1);
      const record = await onlyRecord();
      expect(record).toMatchObject({
        engine: { name: 'embedded' },
        target: origin,
        environment: 'staging',
        test: { model: 'open', steadyS: 2, variables: ['BASE'] },
      });
      expect(record.counts).toMatchObject({ planned: 100, sent: 100, ok: 100, failed: 0, dropped: 0 });
      const shown = await seaworthy(['load', 'show', `evidence/${(await readdir(join(folder, 'evidence')))[0]}`]);
      expect(shown.stdout).toContain('100 sent of 100 planned');
    }));

  it('stops at the first Ctrl-C and keeps what was measured', () =>
    inFolder(scenario('1m'), async () => {
      let sent = false;
      const ran = await seaworthy(['load'], (text, kill) => {
        if (!text.includes('steady') && !text.includes('warm-up')) return;
        if (!sent) setTimeout(() => kill('SIGINT'), 1500);
        sent = true;
      });
      expect(ran.stderr).toContain('Stopping; what was measured is kept.');
      expect(ran.signal).toBeNull();
      expect(ran.code).toBe(1);
      const record = await onlyRecord();
      expect(record.stopped?.reason).toBe('interrupted');
      expect(record.counts.sent).toBeLessThan(1500);
    }));

  it('quits at once at the second', async () => {
    const slow = createServer(() => {});
    await new Promise<void>((done) => slow.listen(0, '127.0.0.1', done));
    const { port } = slow.address() as AddressInfo;
    await inFolder('spec: {}\n', async () => {
      let sent = false;
      const began = Date.now();
      const ran = await seaworthy(
        ['load', '--target', `http://127.0.0.1:${port}`, '--rate', '5', '--duration', '1m', '--warmup', '0s', '--timeout', '20s'],
        (text, kill) => {
          if (text.includes('steady') && !sent) kill('SIGINT');
          sent ||= text.includes('steady');
          if (text.includes('Press Ctrl-C again')) kill('SIGINT');
        },
      );
      expect(ran.signal).toBe('SIGINT');
      expect(Date.now() - began).toBeLessThan(15_000);
    });
    slow.closeAllConnections();
    slow.close();
  });

  it('a host that nobody can reach is a failed run with a record', () =>
    inFolder('spec: {}\n', async () => {
      const ran = await seaworthy([
        'load',
        '--target',
        'http://127.0.0.1:9/x',
        '--rate',
        '20',
        '--duration',
        '2s',
        '--warmup',
        '0s',
      ]);
      expect(ran.code).toBe(1);
      expect((await onlyRecord()).counts).toMatchObject({ ok: 0, failed: 40 });
      expect(ran.stdout).toContain('ECONNREFUSED');
      expect(ran.stdout).not.toContain(' KEPT: every');
    }));
});
