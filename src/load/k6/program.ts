/** Runs a program without a shell and waits for its end. Never throws. The port to files and programs has one. */
export type RunProgram = (
  command: string,
  args: readonly string[],
  options: {
    readonly timeoutMs: number;
    readonly maxOutputBytes: number;
    readonly cwd?: string;
    readonly env?: Readonly<Record<string, string>>;
  },
) => Promise<
  | { readonly ok: true; readonly stdout: Uint8Array; readonly stderr: string }
  | { readonly ok: false; readonly problem: string; readonly code?: number; readonly stderr: string }
>;

export type Environment = Readonly<Record<string, string | undefined>>;

/** A k6 that can be run. */
export interface K6Program {
  readonly command: string;
  /** Without the `v`: `1.8.1`. */
  readonly version: string;
  /** What it names: `go1.26.8 linux/amd64`. */
  readonly runtime?: string;
}
