import { spawn } from 'node:child_process';
import { constants, type Stats } from 'node:fs';
import { open, readdir, realpath, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { Entry, Io, LineLimits, LinesResult, ReadResult, RunResult } from './io.ts';

/** The real world. `cwd` anchors relative paths; `now` and `stdin` come from the host. */
export function nodeIo(host: {
  readonly cwd: string;
  readonly stdin: Readable;
  readonly env: Readonly<Record<string, string | undefined>>;
  now(): string;
}): Io {
  const at = (path: string) => (path.startsWith('/') ? path : `${host.cwd}/${path}`);
  return {
    read: (path, maxBytes) => readFile(at(path), path, maxBytes),
    lines: (path, limits, onLine) => readFileLines(at(path), path, limits, onLine),
    async list(path) {
      try {
        const entries = await readdir(at(path), { withFileTypes: true });
        return entries
          .map(
            (entry): Entry => ({
              name: entry.name,
              kind: entry.isFile() ? 'file' : entry.isDirectory() ? 'directory' : entry.isSymbolicLink() ? 'link' : 'other',
            }),
          )
          .sort((a, b) => (a.name < b.name ? -1 : 1));
      } catch {
        return undefined;
      }
    },
    async kindOf(path) {
      try {
        const found = await stat(at(path));
        return found.isFile() ? 'file' : found.isDirectory() ? 'directory' : 'other';
      } catch {
        return undefined;
      }
    },
    async realPath(path) {
      try {
        return await realpath(at(path));
      } catch {
        return undefined;
      }
    },
    stdin: (maxBytes) => collect(host.stdin, maxBytes),
    run: (command, args, options) =>
      run(command, args, { ...options, cwd: options.cwd === undefined ? host.cwd : at(options.cwd) }, host.env),
    now: host.now,
  };
}

async function readFile(path: string, shown: string, maxBytes: number): Promise<ReadResult> {
  let file: Awaited<ReturnType<typeof open>> | undefined;
  try {
    file = await openToRead(path);
    const info = await file.stat();
    const refusal = refusalOf(info, shown);
    if (refusal !== undefined) return refusal;
    if (info.size > maxBytes)
      return {
        ok: false,
        problem: 'too-large',
        message: `${shown} has ${megabytes(info.size)}; the limit is ${megabytes(maxBytes)}`,
      };
    return { ok: true, bytes: await file.readFile() };
  } catch (error) {
    return { ok: false, ...describe(error, shown) };
  } finally {
    await file?.close();
  }
}

async function readFileLines(
  path: string,
  shown: string,
  limits: LineLimits,
  onLine: (line: string) => void,
): Promise<LinesResult> {
  let file: Awaited<ReturnType<typeof open>> | undefined;
  try {
    file = await openToRead(path);
    const refusal = refusalOf(await file.stat(), shown);
    if (refusal !== undefined) return refusal;
    // Few commands read streams, and zlib and crypto would cost all of them their start.
    const { readLines } = await import('./read-lines.ts');
    return await readLines(file.createReadStream({ highWaterMark: 1 << 20, autoClose: false }), shown, limits, onLine);
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    return { ok: false, ...describe(error, shown) };
  } finally {
    await file?.close();
  }
}

/** O_NONBLOCK: a FIFO in the tree must not hang the review. */
const openToRead = (path: string) => open(path, constants.O_RDONLY | constants.O_NONBLOCK);

/** Why something that could be opened is nothing to read. */
function refusalOf(info: Stats, shown: string): Extract<ReadResult, { ok: false }> | undefined {
  if (info.isDirectory()) return { ok: false, problem: 'directory', message: `${shown} is a directory` };
  return info.isFile() ? undefined : { ok: false, problem: 'error', message: `${shown} is not a regular file` };
}

const megabytes = (bytes: number) => `${Math.ceil(bytes / 1_048_576)} MB`;

function describe(error: unknown, shown: string): { readonly problem: 'missing' | 'denied' | 'error'; readonly message: string } {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT' || code === 'ENOTDIR') return { problem: 'missing', message: `${shown} does not exist` };
  if (code === 'EACCES' || code === 'EPERM') return { problem: 'denied', message: `${shown} may not be read` };
  return { problem: 'error', message: `${shown} cannot be read (${code || 'unknown error'})` };
}

async function collect(stream: Readable, maxBytes: number): Promise<ReadResult> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
      size += bytes.length;
      if (size > maxBytes)
        return { ok: false, problem: 'too-large', message: `standard input has more than ${megabytes(maxBytes)}` };
      chunks.push(bytes);
    }
  } catch {
    return { ok: false, problem: 'error', message: 'standard input cannot be read' };
  }
  return { ok: true, bytes: Buffer.concat(chunks) };
}

function run(
  command: string,
  args: readonly string[],
  options: {
    readonly timeoutMs: number;
    readonly maxOutputBytes: number;
    readonly cwd: string;
    readonly env?: Readonly<Record<string, string>>;
  },
  hostEnv: Readonly<Record<string, string | undefined>>,
): Promise<RunResult> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...hostEnv, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: false,
      windowsHide: true,
    });
    const stdout: Buffer[] = [];
    let stdoutBytes = 0;
    let stderr = '';
    let ended: 'timeout' | 'too-much-output' | undefined;
    const stop = (reason: 'timeout' | 'too-much-output') => {
      ended ??= reason;
      child.kill('SIGKILL');
    };
    const timer = setTimeout(() => stop('timeout'), options.timeoutMs);
    child.stdout.on('data', (chunk: Buffer) => {
      stdoutBytes += chunk.length;
      if (stdoutBytes > options.maxOutputBytes) stop('too-much-output');
      else stdout.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (stderr.length < 16_384) stderr += chunk.toString('utf8');
    });
    child.on('error', (error) => {
      clearTimeout(timer);
      const missing = 'code' in error && error.code === 'ENOENT';
      resolve({ ok: false, problem: missing ? 'not-found' : 'error', stderr });
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      if (ended !== undefined) resolve({ ok: false, problem: ended, stderr });
      else if (code === 0) resolve({ ok: true, stdout: Buffer.concat(stdout), stderr });
      else resolve({ ok: false, problem: 'exit', ...(code === null ? {} : { code }), stderr });
    });
  });
}
