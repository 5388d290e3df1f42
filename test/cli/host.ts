import type { LoadEngines } from '../../src/cli/load/engines.ts';
import { runCli } from '../../src/cli/run.ts';
import type { Host } from '../../src/cli/host.ts';
import type { RunResult } from '../../src/gather/io.ts';
import { memoryIo } from '../../src/gather/memory-io.ts';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly files: ReadonlyMap<string, string>;
}

/** Runs a command line in this process against files in memory. */
export async function run(
  args: readonly string[],
  files: Readonly<Record<string, string | Uint8Array>> = {},
  options: {
    readonly stdin?: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly unwritable?: boolean;
    readonly engines?: LoadEngines;
    /** Programs that are installed. */
    readonly programs?: (command: string, args: readonly string[]) => RunResult;
    /** Columns of a terminal; absent: there is none. */
    readonly terminal?: number;
    /** Is handed what a Ctrl-C would call; undefined once nobody listens any more. */
    readonly onListening?: (interrupt: (() => void) | undefined) => void;
  } = {},
): Promise<Ran> {
  const out = { stdout: '', stderr: '' };
  const written = new Map<string, string>();
  const { terminal: columns, onListening } = options;
  const host: Host = {
    args,
    env: options.env ?? {},
    io: memoryIo(files, {
      ...(options.stdin === undefined ? {} : { stdin: options.stdin }),
      ...(options.programs === undefined ? {} : { run: options.programs }),
    }),
    write: async (stream, text) => {
      out[stream] += text;
    },
    writeFile: async (path, chunks) => {
      if (options.unwritable) throw Object.assign(new Error('no'), { code: 'EACCES' });
      written.set(path, [...chunks].join(''));
    },
    appendFile: async (path, text) => {
      written.set(path, (written.get(path) ?? '') + text);
    },
    onInterrupt: (handler) => {
      onListening?.(handler);
      return () => onListening?.(undefined);
    },
    terminal: { stdout: columns !== undefined, stderr: columns !== undefined, columns: columns ?? 100 },
  };
  const code = await runCli(host, options.engines);
  return { code, ...out, files: written };
}

export const deployment = (extra = '') => `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: registry.example/web:1.2.3
${extra}`;
