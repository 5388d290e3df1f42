import { appendFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import process from 'node:process';
import { nodeIo } from '../gather/node-io.ts';
import type { Io } from '../gather/io.ts';

/** Everything of the outside world that a command may use. Tests hand in another one. */
export interface Host {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly io: Io;
  /** stdout is for results, stderr for progress and errors. Resolves when the text is handed over (back pressure). */
  write(stream: 'stdout' | 'stderr', text: string): Promise<void>;
  /** Writes a file whole or not at all. Rejects with the system's error. */
  writeFile(path: string, chunks: Iterable<string>): Promise<void>;
  /** Adds to the end of a file. Rejects with the system's error. */
  appendFile(path: string, text: string): Promise<void>;
  /**
   * Calls the handler where somebody asks the program to end (Ctrl-C, SIGTERM) instead of ending it, until what is given back is called.
   * Only for commands that have something to save.
   */
  onInterrupt(handler: () => void): () => void;
  readonly terminal: { readonly stdout: boolean; readonly stderr: boolean; readonly columns: number };
}

/** The real world: the only code that touches `process`. */
export function nodeHost(): Host {
  const streams = { stdout: process.stdout, stderr: process.stderr };
  for (const stream of Object.values(streams)) {
    // `seaworthy review | head` closes the pipe early; that is no error.
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
      throw error;
    });
  }
  return {
    args: process.argv.slice(2),
    env: process.env,
    io: nodeIo({
      cwd: process.cwd(),
      stdin: process.stdin,
      env: process.env,
      now: () => `${new Date().toISOString().slice(0, 19)}Z`,
    }),
    write: (stream, text) =>
      new Promise((resolve) => (streams[stream].write(text) ? resolve() : streams[stream].once('drain', resolve))),
    writeFile: writeWhole,
    appendFile: (path, text) => appendFile(path, text),
    onInterrupt: (handler) => {
      const signals = ['SIGINT', 'SIGTERM'] as const;
      for (const signal of signals) process.on(signal, handler);
      return () => {
        for (const signal of signals) process.off(signal, handler);
      };
    },
    terminal: {
      stdout: process.stdout.isTTY,
      stderr: process.stderr.isTTY,
      columns: process.stdout.columns ?? 100,
    },
  };
}

async function writeWhole(path: string, chunks: Iterable<string>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, chunks);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Ends the process with a code once pending output is written. */
export function finish(code: number): void {
  process.exitCode = code;
}
