/**
 * Names and values of the result come from files that anyone may have written. What could act on a reader's terminal, CI runner
 * or eyes is made visible here, once, for every format.
 */

/** C0 and C1 controls, DEL, line and paragraph separators, and the characters that reorder text or hide in it. */
// oxlint-disable-next-line no-control-regex
const acting = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;
// oxlint-disable-next-line no-control-regex
const spacing = /[ \t\r\n\f\v\u0085\u2028\u2029]+/g;

/** `##[command]` anywhere in a line, and `::command` at a line's start, are orders to a GitHub runner; a wrapped text may put any word at a start. */
const runnerOrder = /##(?=\[)|(?<![^\s])::(?=[a-z])/gi;

const longest = 2_000;

/** A text as one line without anything that acts: control characters appear as `\x1b`, runs of white space as one space. */
export function clean(text: string): string {
  const clipped = text.length > longest ? `${text.slice(0, longest)}...` : text;
  return clipped
    .toWellFormed()
    .replace(spacing, ' ')
    .replace(acting, visible)
    .replace(runnerOrder, (order) => `${order[0]} ${order[1]}`)
    .trim();
}

const visible = (character: string): string => {
  const code = character.charCodeAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
};

/** For terminals that show ASCII only. */
export const ascii = (text: string): string => text.replace(/[^\x20-\x7e]/gu, '?');

const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
const combining = /\p{Mark}/u;

/** Columns that a clean text takes in a terminal. */
export function columns(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let count = 0;
  for (const character of text) count += combining.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return count;
}

/** Breaks a clean text at spaces to lines of at most `width` columns. A word that is longer (a path, to be copied) stays whole. */
export function wrapText(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const word of text.split(' ')) {
    const size = columns(word);
    if (line !== '' && used + 1 + size > width) {
      lines.push(line);
      line = word;
      used = size;
    } else {
      line = line === '' ? word : `${line} ${word}`;
      used += (used === 0 ? 0 : 1) + size;
    }
  }
  if (line !== '' || lines.length === 0) lines.push(line);
  return lines;
}

/** The beginning of a clean text that fits `width` columns, with `...` where something is left out. */
export function clipText(text: string, width: number): string {
  if (columns(text) <= width) return text;
  let kept = '';
  let used = 0;
  for (const character of text) {
    used += columns(character);
    if (used > width - 3) break;
    kept += character;
  }
  return `${kept.trimEnd()}...`;
}
