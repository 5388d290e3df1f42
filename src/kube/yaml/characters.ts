import type { RawProblem } from './problem.ts';

// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff]/g;
const BINARY_FROM = 8;

/**
 * The first problem of a text's characters, or undefined. kubectl refuses control characters; it also breaks lines at U+0085,
 * U+2028 and U+2029, where YAML 1.2 readers and people see none (YAML 1.1, section 5.4), so a comment could hide a field.
 */
export function refuseCharacters(text: string): RawProblem | undefined {
  const offset = text.search(FORBIDDEN);
  if (offset !== -1) {
    const isBinary = text.includes('\0') || countForbidden(text) >= BINARY_FROM;
    const message = isBinary ? 'binary content, no text' : 'control characters are not allowed';
    return { code: isBinary ? 'binary' : 'yaml-syntax', severity: 'error', message, offset };
  }
  if (!text.isWellFormed()) {
    return { code: 'yaml-syntax', severity: 'error', message: 'half of a surrogate pair', offset: loneSurrogate(text) };
  }
  const mark = text.indexOf('\ufeff', 1);
  if (mark !== -1 && !isAfterSeparator(text, mark)) {
    return { code: 'yaml-syntax', severity: 'error', message: 'a byte order mark inside the text', offset: mark };
  }
  const breaks = ['\u0085', '\u2028', '\u2029'].map((char) => text.indexOf(char)).filter((at) => at !== -1);
  if (breaks.length === 0) return undefined;
  const message = 'a line separator (U+0085, U+2028 or U+2029) that breaks lines for kubectl only';
  return { code: 'yaml-syntax', severity: 'error', message, offset: Math.min(...breaks), hint: 'escape it in double quotes' };
}

function countForbidden(text: string): number {
  let count = 0;
  for (const _ of text.matchAll(FORBIDDEN)) if (++count >= BINARY_FROM) break;
  return count;
}

/** Concatenated files: each may begin with a mark. */
function isAfterSeparator(text: string, mark: number): boolean {
  return /(?:^|\n)---[^\n]*\n$/.test(text.slice(Math.max(0, mark - 200), mark));
}

function loneSurrogate(text: string): number {
  return Math.max(0, text.search(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/));
}
