import { isReference } from './placeholder.ts';

/** The password of a URL, or a token in place of the user, as offsets in the text that holds the URL. */
export interface UrlCredential {
  readonly start: number;
  readonly end: number;
}

const ends = new Set([' ', '\t', '\n', '\r', '"', "'", '<', '>', '`', '\\', '|', '^']);
const longestScheme = 32;

/**
 * Passwords in the userinfo of URLs (`postgres://user:password@host`), wherever they stand in a text. A password with an unescaped
 * `/`, `?` or `#` is found as well, because people write such.
 */
export function urlCredentials(text: string): readonly UrlCredential[] {
  const found: UrlCredential[] = [];
  for (let at = text.indexOf('://'); at !== -1; at = text.indexOf('://', at + 3)) {
    const credential = userinfoOf(text, at);
    if (credential !== undefined) found.push(credential);
  }
  return found;
}

function userinfoOf(text: string, at: number): UrlCredential | undefined {
  if (!hasScheme(text, at)) return undefined;
  const start = at + 3;
  let authorityEnd = -1;
  let lastAt = -1;
  let colon = -1;
  let end = start;
  // No character of the rest of a URL is visited by two searches: the next begins after this one's `://`, and stops at its end.
  for (; end < text.length && end - start < 4096; end++) {
    const character = text.charAt(end);
    if (ends.has(character) || text.startsWith('://', end)) break;
    if (character === '@' && (authorityEnd === -1 || lastAt === -1)) lastAt = end;
    if (character === ':' && colon === -1 && authorityEnd === -1) colon = end;
    if (authorityEnd === -1 && (character === '/' || character === '?' || character === '#' || character === ',')) {
      if (lastAt !== -1 || colon === -1 || /^[0-9{$]/.test(text.slice(colon + 1, colon + 2))) {
        authorityEnd = end;
        break;
      }
      authorityEnd = end;
    }
  }
  if (lastAt === -1) return undefined;
  if (colon !== -1 && colon < lastAt) return literal(text, colon + 1, lastAt);
  return tokenUser(text, start, lastAt);
}

function literal(text: string, start: number, end: number): UrlCredential | undefined {
  const value = text.slice(start, end);
  return value === '' || isReference(value) ? undefined : { start, end };
}

/** `https://<token>@host` has no colon; `ssh://git@host` and `amqp://guest@host` name a user. */
function tokenUser(text: string, start: number, end: number): UrlCredential | undefined {
  return end - start >= 20 && /[0-9]/.test(text.slice(start, end)) ? literal(text, start, end) : undefined;
}

function hasScheme(text: string, at: number): boolean {
  let start = at;
  while (start > 0 && at - start < longestScheme && /[A-Za-z0-9+.-]/.test(text.charAt(start - 1))) start--;
  return start < at && at - start < longestScheme;
}
