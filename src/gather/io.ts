/** The port to the outside world. `node-io.ts` is the real one; tests use `memory-io.ts`. */
export interface Io {
  /** Whole content, or why not. Never throws. Reads at most `maxBytes`. */
  read(path: string, maxBytes: number): Promise<ReadResult>;
  /**
   * Hands over a file line by line, so that it may be larger than memory; what is compressed with gzip is decompressed. Never throws, but
   * for what `onLine` throws. Reads at most `maxBytes`, before and after decompression.
   */
  lines(path: string, limits: LineLimits, onLine: (line: string) => void): Promise<LinesResult>;
  /** Entries of a directory, sorted by code unit; undefined when it cannot be listed. */
  list(path: string): Promise<readonly Entry[] | undefined>;
  /** What a path is, links followed; undefined when it does not exist. */
  kindOf(path: string): Promise<'file' | 'directory' | 'other' | undefined>;
  /** Canonical path, to see that two links lead to one place. Undefined when it does not exist. */
  realPath(path: string): Promise<string | undefined>;
  /** Standard input, whole, at most `maxBytes`. */
  stdin(maxBytes: number): Promise<ReadResult>;
  /** Runs a program without a shell. Never throws. */
  run(command: string, args: readonly string[], options: RunOptions): Promise<RunResult>;
  /** RFC 3339, UTC. */
  now(): string;
}

export type ReadResult =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | {
      readonly ok: false;
      readonly problem: 'missing' | 'denied' | 'too-large' | 'directory' | 'error';
      readonly message: string;
    };

export interface LineLimits {
  readonly maxBytes: number;
  /** Of one line, in UTF-16 units. */
  readonly maxLineLength: number;
}

export type LinesResult =
  | {
      readonly ok: true;
      /** `sha256:` and 64 hex digits of the lines' bytes. */
      readonly digest: string;
      /** What stands behind the last line break; it was not handed over. */
      readonly tail: string;
      /** The compressed data ended too early: lines are missing. */
      readonly cut: boolean;
    }
  | Extract<ReadResult, { ok: false }>;

export interface Entry {
  readonly name: string;
  /** Of the entry itself; a link is followed by `kindOf`. */
  readonly kind: 'file' | 'directory' | 'link' | 'other';
}

export interface RunOptions {
  readonly timeoutMs: number;
  readonly maxOutputBytes: number;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export type RunResult =
  | { readonly ok: true; readonly stdout: Uint8Array; readonly stderr: string }
  | {
      readonly ok: false;
      readonly problem: 'not-found' | 'exit' | 'timeout' | 'too-much-output' | 'error';
      readonly code?: number;
      readonly stderr: string;
    };
