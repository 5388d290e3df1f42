import type { MaskClass, Strength } from '../../model/mask.ts';
import { credentialKey, isPublicKeyName } from './key-name.ts';
import { isLiteral, isPath, isUuid, isVerifier } from './literal.ts';
import { isReference } from './placeholder.ts';
import { base64Bytes, looksRandom, printable, strengthOf } from './strength.ts';
import { classOf, type Found, scanShapes, scanText } from './text-scan.ts';

/** Changes with every rule that changes what is found. */
export const detectorVersion = '3';

/**
 * Where a value stands: it decides which rules apply.
 * - env: the value of an environment variable or of another name/value pair; argument: an item of `command` or `args`;
 * - configuration: an entry of a ConfigMap or of a configuration file; annotation, label; prose: text written for a reader;
 * - field: any other field of any kind, Helm values and custom kinds included.
 */
export type Where = 'env' | 'argument' | 'configuration' | 'annotation' | 'label' | 'prose' | 'field';

/** A value that is, or holds, a credential. */
export interface Detection {
  readonly class: MaskClass;
  /** `key:password`, `pattern:github-token`, `url-password`, `entropy`, `nested-secret`, `encoded`. */
  readonly detector: string;
  /** Of the whole value where it is the credential; otherwise of the weakest part. */
  readonly strength: Strength;
  /** The parts to mask, as offsets in the value, ascending; absent where the whole value is the credential. */
  readonly parts?: readonly DetectedPart[];
}

export interface DetectedPart {
  readonly start: number;
  readonly end: number;
  /** Key before the part, or the detector that found it. */
  readonly path: string;
  readonly strength: Strength;
}

/** Values up to this length are judged as one token: by their key, by entropy, as an encoding. */
const longestToken = 16_384;

/**
 * Judges one value by its key, by patterns and by entropy. Undefined: nothing was recognised as a credential. References that some tool
 * fills in (`$(VAR)`, `{{ .password }}`) are none; template text such as CHANGE_ME is reported, with `strength.placeholder`.
 */
export function detect(key: string, value: string, where: Where): Detection | undefined {
  if (value === '') return undefined;
  const found = where === 'label' ? byShape(value) : judge(key, value, where);
  // Few values are recognised as anything, so that what excuses one is asked last.
  if (found === undefined || (value.length <= 2048 && isReference(value)) || isVerifier(value)) return undefined;
  // Only a key can say that a UUID is a credential.
  if (isUuid(value) && !found.detector.startsWith('key:')) return undefined;
  return found;
}

const judge = (key: string, value: string, where: Where): Detection | undefined =>
  nestedSecret(value, where) ??
  byKey(key, value, where) ??
  byText(value, where) ??
  byEncoding(value, where) ??
  byEntropy(key, value, where);

const byShape = (value: string): Detection | undefined =>
  partly(
    value,
    scanShapes(value).filter((found) => found.detector.startsWith('pattern:')),
  );

/** A whole Secret inside a value: `last-applied-configuration`, a manifest kept in a ConfigMap. */
function nestedSecret(value: string, where: Where): Detection | undefined {
  if (!value.includes('Secret') || !/\bkind\\{0,3}["']?[ \t]{0,8}:[ \t]{0,8}\\{0,3}["']?Secret(?![A-Za-z])/.test(value))
    return undefined;
  if (!/\b(?:data|stringData)\\{0,3}["']?[ \t]{0,8}:/.test(value)) return undefined;
  return { class: where === 'annotation' ? 'annotation' : 'secret-data', detector: 'nested-secret', strength: strengthOf(value) };
}

function byKey(key: string, value: string, where: Where): Detection | undefined {
  if (where === 'prose' || value.length > longestToken) return undefined;
  if (isCredentialFile(key)) return { class: 'credential', detector: 'key:credential-file', strength: strengthOf(value) };
  const verdict = credentialKey(key);
  if (verdict === undefined || !isLiteral(value, verdict.strength) || isProse(value, where) || value.trim().includes('\n'))
    return undefined;
  // A name of a Secret is as likely as a value where a custom kind or a chart says `clientSecret`.
  if (where !== 'env' && where !== 'argument' && verdict.id === 'secret' && isObjectName(value)) return undefined;
  return { class: classOf(verdict), detector: `key:${verdict.id}`, strength: strengthOf(value) };
}

/** Files whose content is a credential as a whole. */
const isCredentialFile = (key: string): boolean =>
  /^(?:\.?pgpass|\.?netrc|\.?htpasswd|\.?dockerconfigjson|\.?dockercfg|\.git-credentials|id_(?:rsa|dsa|ecdsa|ed25519))$/.test(
    key,
  );

const isProse = (value: string, where: Where): boolean =>
  where !== 'env' && where !== 'argument' && /^\S{1,40}(?: \S{1,40}){2}/.test(value) && /[a-z]{2} [a-z]/.test(value);

const isObjectName = (value: string): boolean =>
  /^[a-z][a-z0-9]*(?:[.-][a-z0-9]+)+$/.test(value) && !looksRandom(value) && !isUuid(value) && value.length < 64;

function byText(value: string, where: Where): Detection | undefined {
  // Prose explains what a token is; only what has the shape of one counts there.
  return partly(value, where === 'prose' ? scanShapes(value) : scanText(value));
}

function partly(value: string, found: readonly Found[]): Detection | undefined {
  const first = found[0];
  if (first === undefined) return undefined;
  const trimmedStart = value.length - value.trimStart().length;
  const parts = found.map((entry) => ({
    start: entry.start,
    end: entry.end,
    path: entry.key ?? entry.detector,
    strength: strengthOf(value.slice(entry.start, entry.end)),
  }));
  const weakest = parts.reduce((least, part) => (part.strength.entropyBits < least.strength.entropyBits ? part : least));
  const whole = found.length === 1 && first.start <= trimmedStart && first.end >= value.trimEnd().length;
  const base = { class: first.class, detector: first.detector, strength: weakest.strength };
  return whole ? base : { ...base, parts };
}

/** Base64 of text that holds a credential: a kubeconfig, `user:password`, a Secret in an env variable. */
function byEncoding(value: string, where: Where): Detection | undefined {
  if (value.length < 16 || value.length > 4_000_000 || !/^[A-Za-z0-9+/_=\s-]+$/.test(value)) return undefined;
  const bytes = base64Bytes(value);
  if (bytes === undefined) return undefined;
  if (isKeystore(bytes)) return { class: 'private-key', detector: 'encoded', strength: strengthOf(value) };
  const text = printable(bytes);
  if (text === undefined || text.length < 8) return undefined;
  const inner = nestedSecret(text, where) ?? byText(text, 'configuration');
  if (inner !== undefined) return { class: inner.class, detector: 'encoded', strength: inner.strength };
  return /^[\w.@+-]{1,64}:[^\s:/]{6,128}$/.test(text)
    ? { class: 'credential', detector: 'encoded', strength: strengthOf(text) }
    : undefined;
}

/** Java keystores (0xFEEDFEED, JCEKS 0xCECECECE). */
const isKeystore = (bytes: Buffer): boolean =>
  bytes.length > 8 && (bytes.readUInt32BE(0) === 0xfeedfeed || bytes.readUInt32BE(0) === 0xcececece);

function byEntropy(key: string, value: string, where: Where): Detection | undefined {
  if (where === 'prose' || value.length > 512 || value.length < 20 || isPublicKeyName(key) || isPath(value)) return undefined;
  const text = value.trim();
  const equals = where === 'argument' ? text.indexOf('=') : -1;
  const start = equals > 0 && equals < text.length - 8 ? value.indexOf(text) + equals + 1 : value.indexOf(text);
  const token = value.slice(start, value.indexOf(text) + text.length);
  if (start > 0 && isPublicKeyName(text.slice(0, Math.max(equals, 0)))) return undefined;
  // Annotations hold digests of what they describe (`kubernetes.io/config.mirror`), written in hex.
  if (where === 'annotation' && /^[0-9a-f]+$/.test(token)) return undefined;
  if (!looksRandom(token) || /^[0-9a-f]{40}$/.test(token) || isPublicText(token)) return undefined;
  const strength = strengthOf(token);
  if (strength.entropyBits < 64) return undefined;
  const parts = [{ start, end: start + token.length, path: 'entropy', strength }];
  const base = { class: 'high-entropy' as const, detector: 'entropy', strength };
  return token.length === text.length ? base : { ...base, parts };
}

/** Base64 of readable text or of a certificate (DER begins with a long SEQUENCE) is no key. */
function isPublicText(token: string): boolean {
  const bytes = base64Bytes(token);
  return bytes !== undefined && (printable(bytes) !== undefined || (bytes[0] === 0x30 && bytes[1] === 0x82));
}
