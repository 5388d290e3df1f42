import { Readable } from 'node:stream';
import type { Entry, Io, RunResult } from './io.ts';
import { readLines } from './read-lines.ts';

/** A world in memory for tests: files by path, programs by name. */
export function memoryIo(
  files: Readonly<Record<string, string | Uint8Array>>,
  options: {
    readonly now?: string;
    readonly stdin?: string;
    readonly run?: (command: string, args: readonly string[]) => RunResult;
  } = {},
): Io {
  const contents = new Map(
    Object.entries(files).map(([path, content]) => [
      path,
      typeof content === 'string' ? new TextEncoder().encode(content) : content,
    ]),
  );
  const isDirectory = (path: string) => path === '.' || [...contents.keys()].some((file) => file.startsWith(`${path}/`));
  return {
    async read(path, maxBytes) {
      const bytes = contents.get(path);
      if (bytes === undefined)
        return isDirectory(path)
          ? { ok: false, problem: 'directory', message: `${path} is a directory` }
          : { ok: false, problem: 'missing', message: `${path} does not exist` };
      return bytes.length > maxBytes ? { ok: false, problem: 'too-large', message: `${path} is too large` } : { ok: true, bytes };
    },
    async lines(path, limits, onLine) {
      const bytes = contents.get(path);
      if (bytes !== undefined) return readLines(Readable.from([bytes]), path, limits, onLine);
      return isDirectory(path)
        ? { ok: false, problem: 'directory', message: `${path} is a directory` }
        : { ok: false, problem: 'missing', message: `${path} does not exist` };
    },
    async list(path) {
      if (!isDirectory(path)) return undefined;
      const prefix = path === '.' ? '' : `${path}/`;
      const entries = new Map<string, Entry>();
      for (const file of contents.keys()) {
        if (!file.startsWith(prefix)) continue;
        const [name = '', ...rest] = file.slice(prefix.length).split('/');
        entries.set(name, { name, kind: rest.length > 0 ? 'directory' : 'file' });
      }
      return [...entries.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    kindOf: async (path) => (contents.has(path) ? 'file' : isDirectory(path) ? 'directory' : undefined),
    realPath: async (path) => (contents.has(path) || isDirectory(path) ? path : undefined),
    stdin: async () => ({ ok: true, bytes: new TextEncoder().encode(options.stdin ?? '') }),
    run: async (command, args) => options.run?.(command, args) ?? { ok: false, problem: 'not-found', stderr: '' },
    now: () => options.now ?? '2026-03-06T08:50:00Z',
  };
}
