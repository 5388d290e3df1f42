import { jwtVerify, SignJWT } from 'jose';

const LIFETIME_SECONDS = 3_600;
const issuer = 'gravl';
const audience = 'gravl-api';

export interface Tokens {
  /** A token for the user, and when it ends. */
  issue(userId: string): Promise<{ token: string; expiresAt: Date }>;
  /** The user's id; undefined for a token that is expired, forged, of another algorithm or for somebody else. */
  userOf(token: string): Promise<string | undefined>;
}

export function createTokens(key: Uint8Array): Tokens {
  return {
    issue: async (userId) => {
      const issuedAt = Math.floor(Date.now() / 1_000);
      const expiresAt = issuedAt + LIFETIME_SECONDS;
      const token = await new SignJWT()
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .setSubject(userId)
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt(issuedAt)
        .setExpirationTime(expiresAt)
        .sign(key);
      return { token, expiresAt: new Date(expiresAt * 1_000) };
    },
    userOf: async (token) => {
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: ['HS256'],
          issuer,
          audience,
          requiredClaims: ['exp', 'sub'],
        });
        return payload.sub !== undefined && /^[1-9]\d{0,17}$/.test(payload.sub) ? payload.sub : undefined;
      } catch {
        return undefined;
      }
    },
  };
}
