import { type Environment, secretText } from './environment.ts';
import { SetupError } from './setup-error.ts';

const HEX_CHARACTERS = 64;

/** The key of HS256 from JWT_SECRET or JWT_SECRET_FILE: at least 64 hex characters, 256 bits (RFC 7518, 3.2). */
export function jwtKey(environment: Environment): Uint8Array {
  const secret = secretText(environment, 'JWT_SECRET');
  const refused = secret === undefined ? 'is not set' : weakness(secret);
  if (secret === undefined || refused !== undefined) {
    throw new SetupError(
      `JWT_SECRET ${refused}. It needs at least ${HEX_CHARACTERS} random hex characters: openssl rand -hex 32`,
    );
  }
  return Buffer.from(secret, 'hex');
}

/** What is wrong with a secret, without a word of the secret. */
export function weakness(secret: string): string | undefined {
  if (!/^[0-9a-f]*$/i.test(secret)) return 'is not hexadecimal';
  if (secret.length < HEX_CHARACTERS) return `has ${secret.length} characters`;
  if (secret.length % 2 === 1) return 'has an odd number of characters';
  if (repeats(secret.toLowerCase())) return 'repeats itself';
  return undefined;
}

/** One pattern over and over, or so few different bytes that it was typed: 32 random bytes have under 16 with odds below 1 in 10^13. */
function repeats(secret: string): boolean {
  const bytes = secret.match(/../g) ?? [];
  return new Set(bytes).size < 16 || (secret + secret).indexOf(secret, 1) < secret.length;
}
