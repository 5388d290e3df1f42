import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';

/**
 * scrypt with N = 2^14, r = 8, p = 5: one of the equivalent settings of OWASP's password storage cheat sheet, and the one that takes
 * 16 MiB a hash, which fits a container of 384 MiB. About 0.15 s of one core.
 */
const cost = { N: 16_384, r: 8, p: 5 } as const;
const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** libuv has four threads, and token signatures need them too: hashes never take them all. */
const MOST_AT_ONCE = 2;
/** Beyond this a sign-in would wait for more than a few seconds. */
const MOST_WAITING = 50;

/** Too many sign-ins at once: the caller answers 503. */
export class PasswordQueueFull extends Error {
  override readonly name = 'PasswordQueueFull';
}

export interface Passwords {
  /** `scrypt$N$r$p$salt$hash`, salt and hash in base64url. */
  hash(password: string): Promise<string>;
  /** `stored` absent: does the same work and says no, so that time tells nothing about who has an account. */
  verify(password: string, stored: string | undefined): Promise<boolean>;
}

export function createPasswords(): Passwords {
  const turn = turnstile(MOST_AT_ONCE, MOST_WAITING);
  const nobody = encode(randomBytes(SALT_BYTES), randomBytes(HASH_BYTES));
  return {
    hash: async (password) => {
      const salt = randomBytes(SALT_BYTES);
      return encode(salt, await turn(() => derive(password, salt, cost)));
    },
    verify: async (password, stored) => {
      const { salt, hash, options } = decode(stored ?? nobody);
      const derived = await turn(() => derive(password, salt, options));
      return timingSafeEqual(derived, hash) && stored !== undefined;
    },
  };
}

const encode = (salt: Buffer, hash: Buffer): string =>
  ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), hash.toString('base64url')].join('$');

function decode(stored: string): { salt: Buffer; hash: Buffer; options: ScryptOptions } {
  const [scheme, n, r, p, salt, hash] = stored.split('$');
  const decoded = Buffer.from(hash ?? '', 'base64url');
  if (scheme !== 'scrypt' || salt === undefined || decoded.length !== HASH_BYTES)
    throw new Error('A stored password hash is not of our form.');
  return { salt: Buffer.from(salt, 'base64url'), hash: decoded, options: { N: Number(n), r: Number(r), p: Number(p) } };
}

/** The same password typed on two keyboards may come in two Unicode forms (RFC 8265): NFC makes them one. */
function derive(password: string, salt: Buffer, options: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFC'), salt, HASH_BYTES, options, (error, derived) => (error ? reject(error) : resolve(derived)));
  });
}

/** Lets `atOnce` through and has `waiting` wait; refuses the rest. */
function turnstile(atOnce: number, waiting: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const queue: (() => void)[] = [];
  return async (work) => {
    if (running < atOnce) running += 1;
    else if (queue.length >= waiting) throw new PasswordQueueFull('Too many sign-ins at once.');
    // Whoever leaves hands over its place, so the count stays.
    else await new Promise<void>((resolve) => queue.push(resolve));
    try {
      return await work();
    } finally {
      const next = queue.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
