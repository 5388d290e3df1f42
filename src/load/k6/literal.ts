/**
 * A value as a JavaScript literal that means the same wherever the text ends up: in a module, in a YAML block, inside HTML. Besides what
 * JSON escapes, these are: `<` where a tag could begin, line separators, and every character that is not ASCII, so that no encoding can change it.
 */
export const literal = (value: unknown): string =>
  (JSON.stringify(value) ?? 'null').replace(/<(?![\d= ])|[\u007f-\uffff]/g, escaped);

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** A number without an exponent, as k6 reads it in thresholds. */
export function decimal(value: number): string {
  const text = String(value);
  return text.includes('e') ? value.toFixed(15).replace(/\.?0+$/, '') : text;
}
