import { type ChildProcess, spawn } from 'node:child_process';
import nodeProcess from 'node:process';

/** How a process ended. */
export type ProcessEnd =
  | { readonly kind: 'exit'; readonly code: number }
  | { readonly kind: 'signal'; readonly signal: string }
  | { readonly kind: 'not-started'; readonly reason: string };

export interface RunningProcess {
  readonly ended: Promise<ProcessEnd>;
  /** Asks the process to stop, once, and kills it when it has not stopped after a while. */
  readonly stop: (graceMs: number) => void;
}

export interface ProcessOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly onStdout: (bytes: Uint8Array) => void;
  readonly onStderr: (text: string) => void;
}

/** After the end of a process whose output somebody else still holds open. */
const outputGraceMs = 3000;

/**
 * Starts a program in a process group of its own: an interrupt on the terminal must reach it once, through us, because its second one
 * makes k6 give up at once, without results.
 */
export function startProcess(
  command: string,
  args: readonly string[],
  { cwd, env, onStdout, onStderr }: ProcessOptions,
): RunningProcess {
  const child = spawn(command, args, {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: false,
    detached: true,
    windowsHide: true,
  });
  child.stdout.on('data', onStdout);
  child.stderr.setEncoding('utf8').on('data', onStderr);
  let killTimer: NodeJS.Timeout | undefined;
  // Whatever ends this process must end the load. Where no code of ours runs any more (SIGKILL), k6 dies of its closed output.
  const onExit = () => killGroup(child);
  nodeProcess.once('exit', onExit);
  const ended = new Promise<ProcessEnd>((resolve) => {
    child.once('error', (error) =>
      resolve({ kind: 'not-started', reason: 'code' in error ? String(error.code) : error.message }),
    );
    child.once('exit', () => {
      const timer = setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, outputGraceMs);
      child.once('close', () => clearTimeout(timer));
    });
    child.once('close', (code, signal) => {
      clearTimeout(killTimer);
      nodeProcess.off('exit', onExit);
      resolve(code === null ? { kind: 'signal', signal: signal ?? 'unknown' } : { kind: 'exit', code });
    });
  });
  return {
    ended,
    stop(graceMs) {
      if (killTimer !== undefined || child.exitCode !== null) return;
      child.kill('SIGINT');
      killTimer = setTimeout(() => killGroup(child), graceMs);
    },
  };
}

/** With what it started: a browser, a shell around k6. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    nodeProcess.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}
