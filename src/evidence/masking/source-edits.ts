/** One change of a source text that keeps every other character where it is. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  /**
   * - characters: all but line breaks and the blanks at the ends of each line become `x`;
   * - digits: digits become `1`, so that a JSON number stays one;
   * - blanks: all but line breaks become spaces;
   * - otherwise the text to put there, of the same length.
   */
  readonly fill: 'characters' | 'digits' | 'blanks' | { readonly text: string };
}

/** Applies edits in one pass. Overlapping edits are joined: what any of them covers is covered. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const sorted = [...edits].filter(({ start, end }) => end > start).sort((a, b) => a.start - b.start || b.end - a.end);
  const pieces: string[] = [];
  let at = 0;
  for (const edit of sorted) {
    const start = Math.max(edit.start, at);
    if (edit.end <= start) continue;
    pieces.push(text.slice(at, start), filled(text.slice(start, edit.end), start === edit.start ? edit.fill : 'characters'));
    at = edit.end;
  }
  pieces.push(text.slice(at));
  return pieces.join('');
}

function filled(source: string, fill: Edit['fill']): string {
  if (typeof fill === 'object') return fill.text;
  if (fill === 'digits') return source.replace(/[0-9]/g, '1');
  if (fill === 'blanks') return source.replace(/[^\r\n]/g, ' ');
  return source.replace(/[^\r\n]+/g, maskLine);
}

function maskLine(line: string): string {
  const body = line.trim();
  if (body === '') return line;
  const start = line.indexOf(body);
  return line.slice(0, start) + 'x'.repeat(body.length) + line.slice(start + body.length);
}
