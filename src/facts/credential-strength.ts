import { booleanAt, type JsonValue, numberAt, textAt, valueAt } from '../kube/json.ts';
import type { Alphabet, MaskedContent, Strength } from '../model/mask.ts';

/** What a credential must have at least. */
export interface StrengthDemand {
  readonly minBits: number;
  readonly minLength: number;
}

export type StrengthVerdict =
  | { readonly kind: 'placeholder' | 'asymmetric' | 'structured' }
  /** In the lists that attackers try first. */
  | { readonly kind: 'known' }
  | { readonly kind: 'short' | 'weak' | 'random' | 'undecided'; readonly length: number; readonly bits: number };

/** Bits that each character of a random value carries at least; below, the text may as well be words. */
const randomBits: Readonly<Record<Alphabet, number>> = {
  digits: 3.2,
  hex: 3.75,
  base64: 5.3,
  alphanumeric: 5,
  printable: 5,
  binary: 6.5,
};

/**
 * Judges a value by what masking left of it. The estimate is an upper bound, so a low one proves weakness; a high one passes only where
 * the characters are spread as random ones are, which long sentences are not.
 */
export function judgeStrength(strength: Strength, contains: MaskedContent | undefined, demand: StrengthDemand): StrengthVerdict {
  const { length, entropyBits: bits } = strength;
  if (strength.placeholder) return { kind: 'placeholder' };
  if (contains?.kind === 'private-key' || contains?.kind === 'certificate' || contains?.kind === 'public-key')
    return { kind: 'asymmetric' };
  if (strength.knownWeak) return { kind: 'known' };
  if (contains?.kind === 'config' || contains?.kind === 'alertmanager') return { kind: 'structured' };
  if (length < demand.minLength) return { kind: 'short', length, bits };
  if (bits < demand.minBits) return { kind: 'weak', length, bits };
  // Estimates are rounded down by up to eight bits.
  return { kind: looksRandom(strength) ? 'random' : 'undecided', length, bits };
}

const looksRandom = ({ entropyBits, length, alphabet }: Strength): boolean =>
  length > 0 && (entropyBits + 8) / length >= randomBits[alphabet];

/** The fewest characters that could carry the bits: a byte carries eight. */
export const shortestFor = ({ minBits, minLength }: StrengthDemand): number => Math.max(minLength, Math.ceil(minBits / 8));

const generatorSymbols = '~!@#$%^&*()_+`-={}|[]\\:"<>?,./';
const longestGenerated = 100_000;

/**
 * Length and bits of what External Secrets' Password generator draws, from its spec; undefined where the spec cannot be met. Bits count the
 * choices of characters and leave out that of their order. Defaults: 24 characters, a quarter digits, a quarter symbols
 * (external-secrets generators/v1/password).
 */
export function generatedPassword(spec: JsonValue | undefined): { readonly length: number; readonly bits: number } | undefined {
  const length = numberAt(spec, 'length') ?? 24;
  const digits = numberAt(spec, 'digits') ?? Math.floor(length / 4);
  const symbols = numberAt(spec, 'symbols') ?? Math.floor(length / 4);
  const letters = length - digits - symbols;
  if (
    ![length, digits, symbols].every((count) => Number.isInteger(count) && count >= 0) ||
    letters < 0 ||
    length > longestGenerated
  )
    return undefined;
  const alphabet = new Set(textAt(spec, 'symbolCharacters') ?? generatorSymbols).size;
  const repeat = booleanAt(spec, 'allowRepeat') === true;
  const groups = [
    [letters, booleanAt(spec, 'noUpper') === true ? 26 : 52],
    [digits, 10],
    [symbols, alphabet],
  ] as const;
  let bits = 0;
  for (const [count, size] of groups) {
    if (count > 0 && (size === 0 || (!repeat && count > size))) return undefined;
    bits += repeat ? count * Math.log2(Math.max(1, size)) : distinctBits(count, size);
  }
  return { length, bits: Math.floor(bits) };
}

/** Without repetition every character leaves one fewer for the next. */
function distinctBits(count: number, size: number): number {
  let bits = 0;
  for (let drawn = 0; drawn < count; drawn++) bits += Math.log2(size - drawn);
  return bits;
}

/**
 * Characters behind a value that kubeseal encrypted: two bytes give the length of the RSA block, and AES-GCM adds a tag of 16 to the
 * plain text (sealed-secrets pkg/crypto). Undefined where it is no such ciphertext.
 */
export function sealedLength(ciphertext: string): number | undefined {
  if (!/^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(ciphertext)) return undefined;
  const bytes = Buffer.from(ciphertext, 'base64');
  if (bytes.length < 2) return undefined;
  const length = bytes.length - 2 - bytes.readUInt16BE(0) - 16;
  return length < 0 || bytes.readUInt16BE(0) < 128 ? undefined : length;
}

/** The most characters behind a value that SOPS encrypted; in `data` its plain text is base64 itself. */
export function sopsLength(ciphertext: string, isEncoded: boolean): number | undefined {
  const data = /^ENC\[AES256_GCM,data:([A-Za-z0-9+/=]*),/.exec(ciphertext)?.[1];
  if (data === undefined) return undefined;
  const { length } = Buffer.from(data, 'base64');
  return isEncoded ? Math.floor((length * 3) / 4) : length;
}

/** What a generator object draws: Password and UUID are known, other kinds are not. */
export function generatorStrength(
  kind: string,
  spec: JsonValue | undefined,
): { readonly length: number; readonly bits: number } | undefined {
  if (kind === 'ClusterGenerator') {
    const inner = textAt(spec, 'kind') ?? '';
    return inner === 'ClusterGenerator' ? undefined : generatorStrength(inner, valueAt(spec, 'generator', 'passwordSpec'));
  }
  if (kind === 'Password') return generatedPassword(spec);
  // RFC 4122 version 4: 122 of 128 bits are random.
  return kind === 'UUID' ? { length: 36, bits: 122 } : undefined;
}
