/** Breaks a text at spaces to lines of at most `width`, the first with `first` before it, the others with `rest`. */
export function wrap(text: string, width: number, first: string, rest: string = first): readonly string[] {
  const lines: string[] = [];
  let line = first;
  for (const word of text.split(/\s+/)) {
    const start = lines.length === 0 ? first : rest;
    if (line.length + word.length + 1 > width && line !== start) {
      lines.push(line.trimEnd());
      line = rest;
    }
    line += line === first || line === rest ? word : ` ${word}`;
  }
  return [...lines, line.trimEnd()];
}
