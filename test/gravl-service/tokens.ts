import { createHmac } from 'node:crypto';

/** One part of a JWT (RFC 7515, 3.1). */
export const tokenPart = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A JWT by hand, so that the service's library is not asked about itself. */
export function signed(claims: object, key: Uint8Array, alg: 'HS256' | 'HS512' = 'HS256'): string {
  const content = `${tokenPart({ alg })}.${tokenPart(claims)}`;
  return `${content}.${createHmac(alg === 'HS256' ? 'sha256' : 'sha512', key)
    .update(content)
    .digest('base64url')}`;
}
