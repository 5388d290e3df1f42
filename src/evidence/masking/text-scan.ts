import type { MaskClass } from '../../model/mask.ts';
import { credentialKey, type KeyVerdict } from './key-name.ts';
import { isLiteral } from './literal.ts';
import { tokenPatterns } from './patterns.ts';
import { urlCredentials } from './url.ts';

/** A credential inside a longer text: where it stands, and which rule found it under which key. */
export interface Found {
  readonly start: number;
  readonly end: number;
  readonly class: MaskClass;
  readonly detector: string;
  readonly key?: string;
}

/** Credentials in a text of any format: tokens of known shape, passwords in URLs, and `key: value`, `key=value`, `--key value`. Linear. */
export function scanText(text: string): readonly Found[] {
  if (isShortWord(text)) return [];
  const found = findShapes(text);
  findAssignments(text, found);
  return withoutOverlap(found);
}

/** The finds of `scanText` that have the shape of a credential; what only a key announces is left out. Most prose ends at one search. */
export function scanShapes(text: string): readonly Found[] {
  if (isShortWord(text)) return [];
  return withoutOverlap(findShapes(text));
}

/** The shortest find is `pw=x`; a plain short word is none. */
const isShortWord = (text: string): boolean => text.length < 12 && !/[:=\s>]/.test(text);

/** Tokens of known shape and passwords in URLs. */
function findShapes(text: string): Found[] {
  const found: Found[] = [];
  findTokens(text, found);
  if (text.includes('://')) {
    for (const { start, end } of urlCredentials(text))
      found.push({ start, end, class: 'url-credential', detector: 'url-password' });
  }
  return found;
}

/** Any hint of any pattern: most texts hold none, and one search says so. */
const anyHint = new RegExp(
  [...new Set(tokenPatterns.flatMap(({ hints }) => hints))].map((hint) => hint.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'),
);

function findTokens(text: string, found: Found[]): void {
  if (!anyHint.test(text)) return;
  for (const { id, class: kind, hints, pattern } of tokenPatterns) {
    if (!hints.some((hint) => text.includes(hint))) continue;
    let covered = 0;
    for (const match of text.matchAll(pattern)) {
      if (match.index < covered) continue;
      const value = match[1] ?? match[0];
      const start = match.index + match[0].lastIndexOf(value);
      if (id === 'basic-auth-header' && !/[0-9=]/.test(value)) continue;
      if (match[1] !== undefined && !isLiteral(value, 'password')) continue;
      const end = kind === 'private-key' && match[1] === undefined ? pemEnd(text, start + value.length) : start + value.length;
      covered = end;
      found.push({ start, end, class: kind, detector: `pattern:${id}` });
    }
  }
}

/** To the end of a PEM block; a block that is cut short reaches to the end of the text. */
function pemEnd(text: string, from: number): number {
  const footer = text.indexOf('-----END', from);
  if (footer === -1) return text.length;
  const close = text.indexOf('-----', footer + 8);
  return close === -1 ? text.length : close + 5;
}

/** A key and its sign of assignment. Every key is tried at its first character only, which keeps the search linear. */
const assignment = /(?<![\w.-])-{0,2}([A-Za-z_][\w.-]{0,127})(?:(?:\\{0,3}["'])?[ \t]{0,8}(?::=|=>|[:=>])[ \t]{0,8}|(?=[ \t]))/g;
/** Inside a longer value that was refused, no further key is looked for: the search stays linear. */
const longestReread = 512;
const credentialHint = /pass|pwd|secret|token|key|cred|auth|bearer|pw|salt|pepper/i;

function findAssignments(text: string, found: Found[]): void {
  if (!credentialHint.test(text)) return;
  let covered = 0;
  for (const match of text.matchAll(assignment)) {
    if (match.index < covered) continue;
    const name = match[1] ?? '';
    if (!credentialHint.test(name)) continue;
    // In a text with escaped line ends, `\npassword` begins with the escape's letter.
    const escaped = text.charAt(match.index - 1) === '\\' && /^[nrt]/.test(name);
    const key = escaped ? name.slice(1) : name;
    const verdict = credentialKey(key);
    if (verdict === undefined) continue;
    const signed = /[:=>]/.test(match[0]);
    if (/^[^:=]*>/.test(match[0]) && text.charAt(match.index - 1) !== '<') continue;
    const at = match.index + match[0].length;
    const range = signed ? valueAfterSign(text, at) : valueAfterSpace(text, at, match[0].startsWith('-'));
    if (range === undefined) continue;
    const value = text.slice(range[0], range[1]);
    // `${DB_PASSWORD:?is missing}`: a message of the shell, where `:-` would be a default value.
    if (value.startsWith('?') && text.slice(Math.max(0, match.index - 2), match.index) === '${') continue;
    if (value.length > longestReread) covered = range[1];
    if (!isLiteral(value, verdict.strength) || isCode(value, verdict) || isSqlVariable(text, match.index, match[0], value))
      continue;
    covered = range[1];
    found.push({ start: range[0], end: range[1], class: classOf(verdict), detector: `key:${verdict.id}`, key });
  }
}

export const classOf = ({ id }: KeyVerdict): MaskClass =>
  id === 'private-key' ? 'private-key' : id === 'token' ? 'token' : 'credential';

/** A value after `:` or `=`: quoted to its closing quote on the same line, a YAML block to its end, otherwise to the next blank or separator. */
function valueAfterSign(text: string, at: number): readonly [number, number] | undefined {
  if (isMapping(text, at)) return undefined;
  const quoted = quotedValue(text, at);
  if (quoted !== undefined) return quoted;
  if (/^[|>][0-9+-]{0,2}[ \t]*\r?\n/.test(text.slice(at, at + 16))) return blockAfter(text, at);
  let end = at;
  while (end < text.length) {
    const past = endOfReference(text, end);
    if (past !== undefined) end = past;
    else if (/[\s,;"'}&\\)\]<]/.test(text.charAt(end))) break;
    else end++;
  }
  return end === at ? undefined : [at, end];
}

/** `passwordSecret: { name: y, key: password }` gives a reference, whose own keys are looked at in their turn. */
const isMapping = (text: string, at: number): boolean =>
  text.charAt(at) === '{' && /^\{[ \t]{0,8}["']?[A-Za-z][\w.-]{0,63}["']?[ \t]{0,8}:/.test(text.slice(at, at + 96));

const longestReference = 256;
const referenceForms: readonly (readonly [RegExp, string])[] = [
  [/\$(?:__\w{1,32})?\{/y, '}'],
  [/\$\(/y, ')'],
  [/\{\{/y, '}}'],
];

/** A reference (`${X}`, `$(X)`, `{{ x }}`, `$__file{x}`) belongs to the value up to its own closing sign, on the same line. */
function endOfReference(text: string, at: number): number | undefined {
  const sign = text.charAt(at);
  if (sign !== '$' && sign !== '{') return undefined;
  for (const [form, closing] of referenceForms) {
    form.lastIndex = at;
    const opened = form.exec(text);
    if (opened === null) continue;
    const inside = at + opened[0].length;
    const close = text.slice(inside, inside + longestReference).indexOf(closing);
    if (close === -1 || text.slice(inside, inside + close).includes('\n')) return undefined;
    return inside + close + closing.length;
  }
  return undefined;
}

/** `--password value` of a command line and `<password>value</password>` of XML. Other words before a blank are prose. */
function valueAfterSpace(text: string, at: number, isOption: boolean): readonly [number, number] | undefined {
  if (!isOption) return undefined;
  let start = at;
  while (start - at < 8 && (text.charAt(start) === ' ' || text.charAt(start) === '\t')) start++;
  if (start === at || text.charAt(start) === '-') return undefined;
  return valueAfterSign(text, start);
}

function quotedValue(text: string, at: number): readonly [number, number] | undefined {
  let quote = at;
  while (quote - at < 3 && text.charAt(quote) === '\\') quote++;
  const mark = text.charAt(quote);
  if (mark !== '"' && mark !== "'") return undefined;
  const closing = text.slice(at, quote + 1);
  const start = quote + 1;
  let end = start;
  for (; end < text.length && text.charCodeAt(end) !== 10; end++) {
    if (!text.startsWith(closing, end)) continue;
    // An escaped quote inside a plainly quoted value does not end it.
    if (quote > at || text.charAt(end - 1) !== '\\' || text.charAt(end - 2) === '\\') break;
  }
  return end === start ? undefined : [start, end];
}

/** The lines of a YAML block scalar: all that are empty or indented deeper than the line of the key. */
function blockAfter(text: string, at: number): readonly [number, number] | undefined {
  const lineStart = text.lastIndexOf('\n', at) + 1;
  const indent = /^[ \t]*(?:- )*/.exec(text.slice(lineStart, at))?.[0].length ?? 0;
  const start = text.indexOf('\n', at) + 1;
  if (start === 0) return undefined;
  let end = start;
  while (end < text.length) {
    const next = text.indexOf('\n', end);
    const line = text.slice(end, next === -1 ? text.length : next);
    if (line.trim() !== '' && line.length - line.trimStart().length <= indent) break;
    end = next === -1 ? text.length : next + 1;
  }
  return end <= start ? undefined : [start, end];
}

/** An expression of a programming language, such as `token = get_token()` or `secret := os.Getenv("X")`, is no literal. */
function isCode(value: string, { strength }: KeyVerdict): boolean {
  return strength !== 'password'
    ? /^[A-Za-z_][\w.]*\(/.test(value) || /^(?:process|os|self|this|config|env|opts|options)\.[\w.]+$/.test(value)
    : /^[A-Za-z_][\w.]*\($/.test(value);
}

/** psql writes a variable as `:'name'`: `ALTER ROLE app PASSWORD :'content'` holds no literal. */
function isSqlVariable(text: string, at: number, assignment: string, value: string): boolean {
  if (!/^PASSWORD[ \t]{1,8}:$/i.test(assignment) || !/^[A-Za-z_]\w{0,62}$/.test(value)) return false;
  const lineStart = text.lastIndexOf('\n', at) + 1;
  return /\b(?:ALTER|CREATE)[ \t]{1,8}(?:ROLE|USER)\b/i.test(text.slice(Math.max(lineStart, at - 400), at));
}

/** Earlier and longer finds win; what overlaps them is part of them. */
function withoutOverlap(found: Found[]): readonly Found[] {
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  const kept: Found[] = [];
  for (const entry of found) {
    const last = kept.at(-1);
    if (last === undefined || entry.start >= last.end) kept.push(entry);
    else if (entry.end > last.end) kept[kept.length - 1] = { ...last, end: entry.end };
  }
  return kept;
}
