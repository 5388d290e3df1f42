import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

const sources = join(import.meta.dirname, '..', '..', 'examples', 'gravl', 'service', 'src');
export const secret = '8f1d7c3a0b5e92d6f4a1c8e37b60925d1f3a8c7e0b4d6925e8f1a7c3b0d49e62';

/** A program of the service as a process of its own. */
export interface Program {
  readonly process: ChildProcess;
  readonly output: () => string;
  readonly exit: Promise<number | null>;
  /** Resolves when the output matches; rejects when the program ends before. */
  readonly said: (what: RegExp) => Promise<RegExpExecArray>;
}

/** `environment` is all it gets, apart from PATH. */
export function start(file: 'main.ts' | 'demo/start.ts', args: readonly string[], environment: Record<string, string>): Program {
  const child = spawn(process.execPath, [join(sources, file), ...args], {
    env: { PATH: process.env.PATH, HOST: '127.0.0.1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      for (const listener of listeners) listener();
    });
  }
  const exit = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  const said = (what: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const found = what.exec(output);
        if (found === null) return;
        listeners.delete(look);
        resolve(found);
      };
      listeners.add(look);
      look();
      void exit.then((code) => reject(new Error(`ended with ${code} before saying ${what}: ${output}`)));
    });
  return { process: child, output: () => output, exit, said };
}

/** Ports that were free a moment ago. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => occupied()));
  const ports = servers.map(({ port }) => port);
  await Promise.all(servers.map(({ free }) => free()));
  return ports;
}

/** A port that somebody else listens on. */
export async function occupied(): Promise<{ port: number; free: () => Promise<void> }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, free: () => new Promise((resolve) => server.close(() => resolve())) };
}
