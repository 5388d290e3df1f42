import type { SlotOf } from '../../evidence/bundle.ts';
import { digestOf } from '../../evidence/digest.ts';
import type { SourceSpec } from '../../evidence/source-spec.ts';
import type { Io } from '../io.ts';

/** Commit and state of the work tree that holds a path. `git` runs without hooks, prompts or pagers; a missing one is absent evidence. */
export async function gatherGit(io: Io, spec: Extract<SourceSpec, { kind: 'git' }>): Promise<SlotOf<'git'>> {
  const head = { id: 'git', kind: 'git', source: 'git', role: spec.role, environment: spec.environment } as const;
  const cwd = (await io.kindOf(spec.path)) === 'directory' ? spec.path : folderOf(spec.path);
  const git = (...args: string[]) =>
    io.run('git', ['--no-optional-locks', '-c', 'core.fsmonitor=false', ...args], {
      cwd,
      timeoutMs: 10_000,
      maxOutputBytes: 16 << 20,
      env: { GIT_TERMINAL_PROMPT: '0', GIT_PAGER: 'cat', LC_ALL: 'C' },
    });
  const commit = await git('rev-parse', 'HEAD');
  if (!commit.ok)
    return {
      ...head,
      status: 'absent',
      reason: commit.problem === 'not-found' ? 'git is not installed' : 'the sources are in no git work tree with a commit',
    };
  const status = await git('status', '--porcelain', '--untracked-files=normal', '--', '.');
  if (!status.ok) return { ...head, status: 'absent', reason: 'git could not tell the state of the work tree' };
  const data = { commit: text(commit.stdout), dirty: text(status.stdout) !== '', root: cwd };
  return { ...head, status: 'collected', collectedAt: io.now(), digest: digestOf(data), data };
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
const folderOf = (path: string) => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) || '/' : '.');
