import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import type { Io, LineLimits } from '../../src/gather/io.ts';
import { memoryIo } from '../../src/gather/memory-io.ts';
import { nodeIo } from '../../src/gather/node-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'seaworthy-lines-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const io = nodeIo({ cwd: folder, stdin: process.stdin, env: {}, now: () => '2026-03-01T10:00:00Z' });
const limits: LineLimits = { maxBytes: 64 << 20, maxLineLength: 1 << 20 };

const read = async (from: Io, path: string, given: Partial<LineLimits> = {}) => {
  const lines: string[] = [];
  const result = await from.lines(path, { ...limits, ...given }, (line) => lines.push(line));
  return { lines, result };
};
const put = (name: string, content: string | Uint8Array) => {
  writeFileSync(join(folder, name), content);
  return name;
};
const text = Array.from({ length: 200_000 }, (_, index) => `line ${index} ü`).join('\n');

describe.each<[string, (name: string, content: string | Uint8Array) => { io: Io; path: string }]>([
  ['files', (name, content) => ({ io, path: put(name, content) })],
  ['memory', (name, content) => ({ io: memoryIo({ [name]: content }), path: name })],
])('lines from %s', (_name, given) => {
  it.each(['plain', 'compressed'])('%s: all of them, the tail, and the digest of the text', async (how) => {
    const at = given(`all-${how}`, how === 'plain' ? text : gzipSync(text));
    const { lines, result } = await read(at.io, at.path);
    expect(lines).toHaveLength(199_999);
    expect(lines.at(-1)).toBe('line 199998 ü');
    expect(result).toEqual({
      ok: true,
      tail: 'line 199999 ü',
      cut: false,
      digest: `sha256:${createHash('sha256').update(text).digest('hex')}`,
    });
  });

  it('compressed data that ends too early yields what it holds', async () => {
    const at = given('cut', gzipSync(text).subarray(0, 100_000));
    const { lines, result } = await read(at.io, at.path);
    expect(result).toMatchObject({ ok: true, cut: true });
    expect(lines.length).toBeGreaterThan(1000);
    expect(lines.length).toBeLessThan(199_999);
  });

  it('damaged compressed data', async () => {
    const damaged = gzipSync(text);
    damaged.fill(0xff, 50_000, 60_000);
    const at = given('damaged', damaged);
    expect((await read(at.io, at.path)).result).toMatchObject({
      ok: false,
      problem: 'error',
      message: expect.stringContaining('damaged'),
    });
  });

  it('a file that is larger than allowed, and one that becomes so', async () => {
    const large = given('large', text);
    expect((await read(large.io, large.path, { maxBytes: 1000 })).result).toMatchObject({ ok: false, problem: 'too-large' });
    const bomb = given('bomb', gzipSync(Buffer.alloc(20 << 20, '\n')));
    expect((await read(bomb.io, bomb.path, { maxBytes: 1 << 20 })).result).toMatchObject({ ok: false, problem: 'too-large' });
  });

  it('a line that is too long', async () => {
    const at = given('long', `short\n${'x'.repeat(2 << 20)}`);
    expect((await read(at.io, at.path)).result).toMatchObject({
      ok: false,
      problem: 'too-large',
      message: expect.stringContaining('line'),
    });
  });

  it('what the reader throws is the reader’s', async () => {
    const at = given('throws', 'a\nb\n');
    await expect(
      at.io.lines(at.path, limits, () => {
        throw new RangeError('mine');
      }),
    ).rejects.toThrow('mine');
  });

  it('empty', async () => {
    const at = given('empty', '');
    expect(await read(at.io, at.path)).toMatchObject({ lines: [], result: { ok: true, tail: '', cut: false } });
  });
});

describe('what is no file', () => {
  it('missing, a folder, a device', async () => {
    mkdirSync(join(folder, 'sub'));
    expect((await read(io, 'gone')).result).toMatchObject({ ok: false, problem: 'missing' });
    expect((await read(io, 'sub')).result).toMatchObject({ ok: false, problem: 'directory' });
    expect((await read(io, '/dev/zero')).result).toMatchObject({
      ok: false,
      problem: 'error',
      message: '/dev/zero is not a regular file',
    });
  });

  it('a FIFO is never waited for', async () => {
    if (spawnSync('mkfifo', [join(folder, 'fifo')]).status !== 0) return;
    expect((await read(io, 'fifo')).result).toMatchObject({ ok: false, problem: 'error', message: 'fifo is not a regular file' });
  });

  it.skipIf(process.getuid?.() === 0)('one that may not be read', async () => {
    chmodSync(join(folder, put('secret', 'x')), 0);
    expect((await read(io, 'secret')).result).toMatchObject({ ok: false, problem: 'denied' });
  });
});
