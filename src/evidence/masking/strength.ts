import { isUtf8 } from 'node:buffer';
import type { Alphabet, Strength } from '../../model/mask.ts';
import { isPlaceholder } from './placeholder.ts';
import { isKnownWeak } from './weak-values.ts';

/** How much of a value is looked at: beyond this nothing is added that a check could ask for. */
const sampleLength = 4096;

/**
 * Estimates the strength of a value: log2 of its alphabet times its length, capped by what the value repeats and by its own
 * distribution of characters, and by the text behind a hex or base64 encoding. Bits are rounded down to a multiple of 8.
 * An upper bound: a low estimate proves weakness, a high one proves nothing.
 */
export function strengthOf(value: string): Strength {
  const sample = value.slice(0, sampleLength);
  const decoded = decodeText(sample);
  const alphabet = alphabetOf(sample);
  let bits = bitsOf(sample, alphabet);
  if (decoded !== undefined) bits = Math.min(bits, bitsOf(decoded, alphabetOf(decoded)));
  return {
    length: value.length,
    alphabet,
    entropyBits: floorToEight(bits),
    placeholder: isPlaceholder(value) || (decoded !== undefined && isPlaceholder(decoded)),
    knownWeak: isKnownWeak(value) || (decoded !== undefined && isKnownWeak(decoded)),
  };
}

/** Strength of bytes that are no text, such as a raw AES key. */
export function strengthOfBytes(bytes: Uint8Array): Strength {
  const sample = Buffer.from(bytes.subarray(0, sampleLength)).toString('latin1');
  return {
    length: bytes.length,
    alphabet: 'binary',
    entropyBits: floorToEight(bitsOf(sample, 'binary')),
    placeholder: false,
    knownWeak: false,
  };
}

const floorToEight = (bits: number): number => Math.max(0, Math.floor((bits + 1e-9) / 8) * 8);

const hexPattern = /^(?:[0-9a-f]+|[0-9A-F]+)$/;
const base64Pattern = /^(?:[A-Za-z0-9+/]+={0,2}|[A-Za-z0-9_-]+={0,2})$/;

/** The smallest alphabet that a value fits. Hex needs a digit; letters and digits alone are `alphanumeric`, though base64 holds them too. */
export function alphabetOf(value: string): Alphabet {
  if (/^[0-9]*$/.test(value)) return 'digits';
  if (hexPattern.test(value) && /[0-9]/.test(value)) return 'hex';
  if (/^[A-Za-z0-9]*$/.test(value)) return 'alphanumeric';
  if (base64Pattern.test(value) && (value.endsWith('=') || (/[a-z]/.test(value) && /[A-Z]/.test(value) && /[0-9]/.test(value))))
    return 'base64';
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at);
    if ((code < 32 && code !== 9 && code !== 10 && code !== 13) || code === 0xfffd) return 'binary';
  }
  return 'printable';
}

/** Number of characters to choose from. Text in one case offers fewer: lower-case letters are 26, not 62. */
function sizeOf(value: string, alphabet: Alphabet): number {
  if (alphabet === 'digits') return 10;
  if (alphabet === 'hex') return 16;
  if (alphabet === 'base64') return 64;
  if (alphabet === 'binary') return 256;
  const letters = (/[a-z]/.test(value) ? 26 : 0) + (/[A-Z]/.test(value) ? 26 : 0) + (/[0-9]/.test(value) ? 10 : 0);
  return alphabet === 'alphanumeric' ? letters : letters + (/[^A-Za-z0-9]/.test(value) ? 33 : 0);
}

function bitsOf(value: string, alphabet: Alphabet): number {
  if (value === '') return 0;
  const significant = alphabet === 'base64' ? value.replace(/=+$/, '') : value;
  const length = effectiveLength(significant);
  const size = Math.max(2, sizeOf(value, alphabet));
  const perCharacter = Math.min(Math.log2(size), empiricalBits(significant, size));
  // Base64 of n bytes holds 8n bits; its last character carries fewer than six.
  const decodedCap =
    alphabet === 'base64' && value.endsWith('=') ? Math.floor((significant.length * 6) / 8) * 8 : Number.POSITIVE_INFINITY;
  return Math.min(length * perCharacter, decodedCap);
}

/**
 * Shannon bits for a character of the value, with the Miller-Madow correction. Where the distribution cannot be told from an even one
 * (chi-squared), there is no cap: the raw estimate is too low for short values, and a random 64-digit hex key must count 256 bits.
 */
function empiricalBits(value: string, size: number): number {
  const counts = new Map<number, number>();
  for (let at = 0; at < value.length; at++) counts.set(value.charCodeAt(at), (counts.get(value.charCodeAt(at)) ?? 0) + 1);
  const total = value.length;
  const expected = total / size;
  let chiSquared = Math.max(0, size - counts.size) * expected;
  let shannon = 0;
  for (const count of counts.values()) {
    chiSquared += (count - expected) ** 2 / expected;
    shannon -= (count / total) * Math.log2(count / total);
  }
  const freedom = size - 1;
  if (chiSquared <= freedom + 6 * Math.sqrt(2 * freedom)) return Number.POSITIVE_INFINITY;
  return shannon + (counts.size - 1) / (2 * total * Math.LN2);
}

const keyboardRows = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm', 'qwertzuiop', 'azertyuiop'];
/** Shorter runs occur in random values; counting them would call a good key weak. */
const shortestRun = 6;

/** Characters that were chosen: one unit of a repetition, two of each run (`aaaaaa`, `012345`, `fedcba`) and keyboard row. */
function effectiveLength(value: string): number {
  const period = periodOf(value);
  const unit = period * 2 <= value.length ? value.slice(0, period) : value;
  let saved = 0;
  let run = 1;
  let step = Number.NaN;
  for (let at = 1; at <= unit.length; at++) {
    const delta = at < unit.length ? unit.charCodeAt(at) - unit.charCodeAt(at - 1) : Number.NaN;
    if (delta === step && Math.abs(delta) <= 1) run++;
    else {
      if (run >= shortestRun) saved += run - 2;
      run = Math.abs(delta) <= 1 ? 2 : 1;
      step = delta;
    }
  }
  const lower = unit.toLowerCase();
  for (const row of keyboardRows) if (lower.includes(row.slice(0, shortestRun))) saved += shortestRun - 2;
  return Math.max(1, unit.length - saved);
}

/** Length of the shortest unit whose repetition is the value (Knuth-Morris-Pratt failure function: linear). */
function periodOf(value: string): number {
  const failure = new Uint32Array(value.length);
  let matched = 0;
  for (let at = 1; at < value.length; at++) {
    while (matched > 0 && value.charCodeAt(at) !== value.charCodeAt(matched)) matched = failure[matched - 1] ?? 0;
    if (value.charCodeAt(at) === value.charCodeAt(matched)) matched++;
    failure[at] = matched;
  }
  return value.length - (failure[value.length - 1] ?? 0);
}

/**
 * The text behind a hex, base64 or base64url encoding; undefined where there is none. Bytes that are all printable show an encoding: by
 * chance that happens once in 100 values of 5 bytes, and once in 10^5 of 12.
 */
export function decodeText(value: string): string | undefined {
  const text = value.trim();
  if (text.length < 8) return undefined;
  const bytes = hexPattern.test(text) && text.length % 2 === 0 ? Buffer.from(text, 'hex') : base64Bytes(text);
  if (bytes === undefined || bytes.length < 5) return undefined;
  return printable(bytes);
}

/** Bytes of a base64 or base64url text, line breaks allowed; undefined where it is none. */
export function base64Bytes(value: string): Buffer | undefined {
  const text = /\s/.test(value) ? value.replace(/\s+/g, '') : value;
  if (text === '' || !base64Pattern.test(text)) return undefined;
  const significant = text.endsWith('=') ? text.replace(/=+$/, '') : text;
  if (significant.length % 4 === 1 || (text.endsWith('=') && text.length % 4 !== 0)) return undefined;
  return Buffer.from(significant, 'base64');
}

/** The text of bytes that are UTF-8 without control characters. */
export function printable(bytes: Uint8Array): string | undefined {
  // Most bytes that are no text show it here, long before a decoder has been made and has thrown.
  for (const byte of bytes) if ((byte < 32 && byte !== 9 && byte !== 10 && byte !== 13) || byte === 127) return undefined;
  return isUtf8(bytes) ? decoder.decode(bytes) : undefined;
}

const decoder = new TextDecoder();

/**
 * Whether a token looks drawn at random: its characters change class (lower, upper, digit) more often than words, versions, paths or
 * camel case do, and it is long enough to be a key.
 */
export function looksRandom(value: string): boolean {
  const { length } = value;
  if (length < 20 || length > 1024 || !/^[A-Za-z0-9+/_=-]+$/.test(value)) return false;
  if (hexPattern.test(value)) return length >= 32 && /[0-9]/.test(value) && /[a-fA-F]/.test(value) && bitsOf(value, 'hex') >= 96;
  let digits = 0;
  let changes = 0;
  let previous = 0;
  const seen = new Set<number>();
  for (let at = 0; at < length; at++) {
    const code = value.charCodeAt(at);
    const group = code >= 97 ? 1 : code >= 65 ? 2 : code >= 48 && code <= 57 ? 3 : 4;
    if (group === 3) digits++;
    if (group !== previous && at > 0) changes++;
    previous = group;
    seen.add(group);
  }
  if (digits < 2 || seen.size < 2) return false;
  const mixed = seen.has(1) && seen.has(2);
  // One case only: names with hyphens and versions are common, so that every third character must change.
  if (!mixed && (/[-_/]/.test(value) || length < 24 || digits < 4)) return false;
  return changes / (length - 1) >= (mixed ? 0.4 : 0.28);
}
