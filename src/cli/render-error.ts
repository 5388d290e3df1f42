import { SeaworthyError } from '../model/errors.ts';

/** What a failed command prints: for known errors two lines and a hint; anything else is a bug of ours and says so. */
export function renderError(error: unknown): string {
  if (error instanceof SeaworthyError) {
    const where = error.where === undefined ? '' : `${printable(error.where)}: `;
    const hint = error.hint === undefined ? '' : `  ${printable(error.hint).replaceAll('\n', '\n  ')}\n`;
    return `error: ${where}${printable(error.message)} [${error.code}]\n${hint}`;
  }
  const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return `error: this is a bug in seaworthy (${printable(detail).slice(0, 300)})\n  Please report it with the command that you ran; SEAWORTHY_DEBUG=1 prints where it happened.\n`;
}

/** Control characters in names of files and objects must not reach a terminal. */
export function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '?');
}
