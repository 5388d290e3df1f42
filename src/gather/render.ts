import { scanText } from '../evidence/masking/text-scan.ts';
import type { RunOptions, RunResult } from './io.ts';

/** Bounds of a rendering: a minute, and 256 MB of output. */
export const renderLimits: RunOptions = { timeoutMs: 60_000, maxOutputBytes: 256 << 20 };

/**
 * Why a program failed, in one line. Its error text may quote values (a secret in a values file), so quoted parts and everything after
 * the first line are left out.
 */
export function explainFailure(result: Extract<RunResult, { ok: false }>): string {
  if (result.problem === 'timeout') return `it did not end within ${renderLimits.timeoutMs / 1000} s`;
  if (result.problem === 'too-much-output') return 'its output is larger than 256 MB';
  const line =
    result.stderr
      .split('\n')
      .find((candidate) => candidate.trim() !== '' && !/^(W|I)\d{4} |^# Warning|^WARNING/i.test(candidate)) ?? '';
  const reason = line
    .replace(/^Error:\s*/i, '')
    .replace(/"(?:[^"\\]|\\.){0,400}"/g, (quoted) => (/^"[\w./-]{1,80}"$/.test(quoted) && /[./]/.test(quoted) ? quoted : '"..."'))
    // go-yaml quotes with backticks what does not fit a type.
    .replace(/`[^`]{0,400}`/g, '`...`')
    .trim();
  return shortened(withoutCredentials(reason), result.code);
}

/** Leaves out what the detector recognises as a credential: a tool may print a line of the values without quotes. */
function withoutCredentials(text: string): string {
  let shown = '';
  let from = 0;
  for (const { start, end } of scanText(text)) {
    shown += `${text.slice(from, start)}...`;
    from = end;
  }
  return shown + text.slice(from);
}

function shortened(reason: string, code: number | undefined): string {
  // Both tools nest reasons from the outside in: the last words say what is wrong.
  const short = reason.length > 320 ? `${reason.slice(0, 100)} ... ${reason.slice(-200)}` : reason;
  return short === '' ? `it ended with code ${code ?? 'unknown'}` : short;
}
