/** What a scalar means to kubectl: a JSON value, a number that is no JSON, or text that its tag refuses. */
export type Resolved = null | boolean | number | string;

/**
 * The words that kubectl's YAML 1.1 reader takes for booleans. Those of the first group are strings to YAML 1.2 readers and to
 * kustomize, so their meaning depends on the tool.
 * Source: sigs.k8s.io/yaml/goyaml.v2 resolve.go.
 */
const AMBIGUOUS_WORDS: ReadonlyMap<string, boolean> = new Map([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'on', 'On', 'ON'].map((word) => [word, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'off', 'Off', 'OFF'].map((word) => [word, false] as const),
]);

const WORDS: ReadonlyMap<string, Resolved> = new Map<string, Resolved>([
  ...AMBIGUOUS_WORDS,
  ...['true', 'True', 'TRUE'].map((word) => [word, true] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, false] as const),
  ...['~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['.nan', '.NaN', '.NAN'].map((word) => [word, Number.NaN] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((word) => [word, Number.POSITIVE_INFINITY] as const),
  ...['-.inf', '-.Inf', '-.INF'].map((word) => [word, Number.NEGATIVE_INFINITY] as const),
]);

/** An unquoted word that is a boolean to kubectl and text to kustomize. */
export function isAmbiguousWord(plain: string): boolean {
  return plain.length <= 3 && AMBIGUOUS_WORDS.has(plain);
}

/** An unquoted integer with a leading zero: octal (0644 = 420) or, with an 8 or 9 in it, decimal (08 = 8). */
export function isLeadingZeroNumber(plain: string): boolean {
  return /^[-+]?0[0-9_]*[0-9][0-9_]*$/.test(plain);
}

const MAX_WORD = 5;
const OTHER = 0;
const WORD = 1;
const NUMBER = 2;
const FIRST = new Uint8Array(128);
for (const char of 'yYnNtTfFoO~') FIRST[char.charCodeAt(0)] = WORD;
for (const char of '+-.0123456789') FIRST[char.charCodeAt(0)] = NUMBER;

/** Reads an unquoted scalar without tag. Infinities and NaN are returned as such: the caller refuses them (no JSON). */
export function resolvePlain(plain: string): Resolved {
  if (plain === '') return null;
  const code = plain.charCodeAt(0);
  const first = code < 128 ? FIRST[code] : OTHER;
  if (first === OTHER) return plain;
  if (plain.length <= MAX_WORD) {
    const word = WORDS.get(plain);
    if (word !== undefined) return word;
  }
  return first === WORD ? plain : (number(plain) ?? plain);
}

function number(plain: string): number | undefined {
  if (plain.charCodeAt(0) === 46)
    return finite(/^\.\d(?:_?\d)*(?:[eE][-+]?\d(?:_?\d)*)?$/.test(plain), plain.replaceAll('_', ''));
  const bare = plain.includes('_') ? plain.replaceAll('_', '') : plain;
  const integer = parseInteger(bare);
  if (integer !== undefined) return integer;
  return finite(/^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/.test(bare), bare);
}

/** Go's ParseFloat refuses what does not fit (the scalar stays text), JavaScript makes an infinity of it. */
function finite(isFloat: boolean, digits: string): number | undefined {
  if (!isFloat) return undefined;
  const value = Number(digits);
  return Number.isFinite(value) ? value + 0 : undefined;
}

const INTEGER = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|([1-9][0-9]*|0))$/;
const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;
const MAX_UINT64 = 2n ** 64n - 1n;

/** Go's ParseInt(text, 0, 64), then ParseUint, which takes no sign; then the YAML reader's own `0b-1`. */
function parseInteger(bare: string): number | undefined {
  const match = INTEGER.exec(bare) ?? signedBinary(bare);
  if (!match) return undefined;
  const [, sign, hex, binary, octal, decimal] = match;
  if (decimal !== undefined && decimal.length <= 15) return sign === '-' ? 0 - Number(decimal) : Number(decimal);
  const digits =
    hex !== undefined ? `0x${hex}` : binary !== undefined ? `0b${binary}` : octal !== undefined ? `0o${octal}` : (decimal ?? '');
  // 64 bits fill at most 64 digits after the leading zeros; longer text cannot fit and is not worth a BigInt.
  if (digits.replace(/^0[xbo]0*/, '').length > 64) return undefined;
  const value = sign === '-' ? -BigInt(digits) : BigInt(digits);
  const fits = value >= MIN_INT64 && (value <= MAX_INT64 || (sign === '' && value <= MAX_UINT64));
  return fits ? Number(value) : undefined;
}

function signedBinary(bare: string): RegExpExecArray | null {
  return bare.startsWith('0b') && /^0b[-+][01]+$/.test(bare) ? INTEGER.exec(`${bare.charAt(2)}0b${bare.slice(3)}`) : null;
}

const STANDARD = 'tag:yaml.org,2002:';

/** The tag of a node in its long form; `!` alone and local tags stay as they are. */
export function longTag(source: string): string {
  if (source.startsWith('!<') && source.endsWith('>')) return source.slice(2, -1);
  return source.startsWith('!!') ? STANDARD + source.slice(2) : source;
}

/** Reads a scalar that has a tag; undefined if kubectl refuses the value ("cannot decode ... as a ..."). */
export function resolveTagged(tag: string, text: string): Resolved | undefined {
  if (!tag.startsWith(STANDARD)) return text;
  const plain = resolvePlain(text);
  switch (tag.slice(STANDARD.length)) {
    case 'null':
      return plain === null ? null : undefined;
    case 'bool':
      return typeof plain === 'boolean' ? plain : undefined;
    case 'int':
      return typeof plain === 'number' && isInteger(text) ? plain : undefined;
    case 'float':
      return typeof plain === 'number' && !(isInteger(text) && Math.abs(plain) > Number(MAX_INT64)) ? plain : undefined;
    case 'timestamp':
      return /^\d{4}-\d{1,2}-\d{1,2}(?:(?:[Tt ])\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d+)?(?:Z|[-+]\d\d:\d\d)?)?$/.test(text)
        ? text
        : undefined;
    case 'binary':
      return decodeBase64(text);
    default:
      return text;
  }
}

function isInteger(text: string): boolean {
  return parseInteger(text.replaceAll('_', '')) !== undefined;
}

function decodeBase64(text: string): string | undefined {
  const packed = text.replace(/[\r\n]/g, '');
  const valid = packed.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(packed);
  return valid ? Buffer.from(packed, 'base64').toString('utf8') : undefined;
}

/**
 * The JSON key of a mapping key; undefined if kubectl refuses it (null, or a whole number above int64).
 * A key not written as an integer is printed with 32-bit precision in Go's 'g' format
 * (sigs.k8s.io/yaml convertToJSONableObject).
 */
export function keyText(key: Resolved, source: string): string | undefined {
  if (key === null) return undefined;
  if (typeof key !== 'number') return String(key);
  if (!isInteger(source)) return key === 0 && source.startsWith('-') ? '-0' : floatKey(key);
  const digits = source.replaceAll('_', '');
  if (Number.isSafeInteger(key)) return String(key);
  const exact = exactInteger(digits);
  return exact >= MIN_INT64 && exact <= MAX_INT64 ? exact.toString() : undefined;
}

function exactInteger(digits: string): bigint {
  const negative = digits.includes('-');
  const bare = digits.replace(/[-+]/g, '');
  const value = BigInt(/^0[0-7]+$/.test(bare) ? `0o${bare.slice(1)}` : bare);
  return negative ? -value : value;
}

function floatKey(key: number): string {
  const single = Math.fround(key);
  if (Number.isNaN(single)) return '.nan';
  if (!Number.isFinite(single)) return single > 0 ? '.inf' : '-.inf';
  if (single === 0) return key < 0 ? '-0' : '0';
  let precision = 1;
  while (precision < 9 && Math.fround(Number(single.toPrecision(precision))) !== single) precision++;
  const [mantissa = '', exponent = '0'] = single.toExponential(precision - 1).split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(Number(`${mantissa}e${exponent}`));
  return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}
