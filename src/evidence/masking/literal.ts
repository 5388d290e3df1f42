import type { KeyVerdict } from './key-name.ts';
import { isReference } from './placeholder.ts';
import { looksRandom } from './strength.ts';
import { isKnownWeak } from './weak-values.ts';

const switches =
  /^(?:true|false|yes|no|y|n|on|off|null|nil|none|undefined|~|enabled?|disabled?|required?|optional|always|never|auto|-)$/i;
const choices =
  /^(?:plain|plaintext|scram-sha-(?:1|256|512)|md5|sha(?:1|224|256|384|512)|bcrypt|prompt|ask|file|env|vault|in-memory|ifnotpresent|string|str|text|int|integer|boolean|bool|object|array|number)$/i;

/**
 * Whether a value under a key that announces a credential is one, and not a switch, a reference, a path or the name of something.
 * The weaker the key's word, the more the value itself has to look like a credential.
 */
export function isLiteral(value: string, strength: KeyVerdict['strength']): boolean {
  const text = value.trim();
  if (text === '' || switches.test(text) || isReference(text) || isVerifier(text) || isNilUuid(text)) return false;
  if (choices.test(text) && !isKnownWeak(text)) return false;
  if (isPath(text) || isPunctuation(text)) return false;
  // A reference with surroundings (`Bearer ${TOKEN}`, `$(A)-$(B)`) holds no literal either.
  if (/^(?:[A-Za-z]{0,10}[ :-])?(?:\$\([^()]*\)|\$\{[^{}:]*\}|\{\{[^{}]*\}\}|\$[A-Z_][A-Z0-9_]*)+$/.test(text)) return false;
  if (/^\$[({]/.test(text) && /[)}]?$/.test(text) && /^\$\(\w+[ "'$(]/.test(text)) return false;
  if (strength === 'password') return true;
  if (/^[0-9.]+(?:ms|s|m|h|d|Mi|Gi|Ki)?$/.test(text) && text.length < 12) return false;
  if (strength === 'key') return !isWord(text) || isKnownWeak(text);
  return isKnownWeak(text) ? text.length > 3 : looksLikeCredential(text);
}

/** `secret: my-app-tls` names a Secret; `token: b7Qz...` is a token. */
function looksLikeCredential(text: string): boolean {
  if (/\s/.test(text)) return false;
  if (looksRandom(text) || isUuid(text)) return true;
  if (isDnsName(text) || isWord(text)) return false;
  const classes =
    Number(/[a-z]/.test(text)) + Number(/[A-Z]/.test(text)) + Number(/[0-9]/.test(text)) + Number(/[^A-Za-z0-9]/.test(text));
  return text.length >= 8 && classes >= 3 && !/^[A-Z][A-Z0-9_]*$/.test(text);
}

const isDnsName = (text: string): boolean => /^[a-z0-9]+(?:[.-][a-z0-9]+)*$/.test(text) && /[-.]/.test(text);
const isWord = (text: string): boolean => /^(?:[A-Za-z][a-z]{0,15}|[A-Z]{1,16})$/.test(text);
const isPunctuation = (text: string): boolean => /^[^A-Za-z0-9]{1,3}$/.test(text);

const isNilUuid = (text: string): boolean => /^[0-]{36}$/.test(text);

/** A UUID identifies something, unless the key says that it opens it: API keys and client secrets are often UUIDs. */
export const isUuid = (text: string): boolean => /^[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$/.test(text);

/** Image digests, public keys and certificates verify; they open nothing. */
export function isVerifier(text: string): boolean {
  return (
    /^(?:\S{1,256}@)?sha(?:256|384|512)[:-][A-Za-z0-9+/=]{32,}$/.test(text) ||
    /^-----BEGIN (?:CERTIFICATE|PUBLIC KEY|RSA PUBLIC KEY|CERTIFICATE REQUEST|X509 CRL|DH PARAMETERS)/.test(text) ||
    /^(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-\S+|age1\w+) ?/.test(text)
  );
}

/** A file path: absolute or relative with segments of words. Base64 with a slash in front is no path. */
export function isPath(text: string): boolean {
  return (
    (/^(?:~|\.{1,2})?\/(?:[\w.@+-]+\/?)*$/.test(text) && !looksRandom(text.slice(1))) || /^[A-Za-z]:\\[\w\\. -]+$/.test(text)
  );
}
