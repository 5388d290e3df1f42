import { isLoopbackHost } from '../evidence/load-tests/loopback.ts';
import { SeaworthyError } from '../model/errors.ts';
import { parseTemplate } from './template.ts';

/** Where a load test sends its requests. */
export interface Target {
  readonly url: URL;
  /** For people and records: without user, password, query and fragment; variables in its path unexpanded. */
  readonly shown: string;
}

/**
 * A target from its template. Variables may hold any part of it; their values are known. Throws SW_LOAD_TARGET, which quotes nothing
 * that a variable may have brought in.
 */
export function parseTarget(template: string, variables: Readonly<Record<string, string>>): Target {
  const fail = (message: string, hint: string) => new SeaworthyError('SW_LOAD_TARGET', message, { hint });
  let whole = '';
  let shown = '';
  for (const part of parseTemplate(template)) {
    const value = part.kind === 'text' ? part.text : part.kind === 'variable' ? (variables[part.name] ?? '') : '';
    // Behind the host a variable may be a key in a path; before it, it says which host is meant, and that must be seen.
    shown += part.kind === 'variable' && hasHost(whole) ? `\${${part.name}}` : value;
    whole += value;
  }
  const url = URL.parse(whole.trim());
  if (
    url === null ||
    !/^https?:$/.test(url.protocol) ||
    url.hostname === '' ||
    !/^https?:\/\/[^/\\\s]+[^\\\s]*$/i.test(whole.trim())
  )
    throw fail(
      'The target is no absolute URL of http or https.',
      'Write it whole: http://127.0.0.1:3000 or https://staging.example.',
    );
  if (url.username !== '' || url.password !== '')
    throw fail(
      'The target holds a user or a password.',
      'Send them as a header of the scenario: headers: { authorization: "Basic ${CREDENTIALS}" }.',
    );
  const path = /^[^?#]*/.exec(shown.trim().replace(/^https?:\/\/[^/?#]*/i, ''))?.[0] ?? '';
  return { url, shown: url.origin + (path === '/' ? '' : path) };
}

const hasHost = (text: string): boolean => /^\s*https?:\/\/[^/?#]+[/?#]/i.test(text);

/** Whether a URL leads to this machine whatever a name server says: localhost, names below it, 127.0.0.0/8 and ::1. */
export const isLoopback = ({ hostname }: URL): boolean => isLoopbackHost(hostname);

const isProduction = (environment: string): boolean => /(?:^|[^a-z])(?:production|prod|prd|live)(?:[^a-z]|$)/i.test(environment);

/** Load on another machine, and load on production wherever it is, needs somebody who says so. */
export const needsConfirmation = (url: URL, environment: string | undefined): boolean =>
  !isLoopback(url) || (environment !== undefined && isProduction(environment));

/** Throws SW_LOAD_TARGET where a confirmation is needed and does not name the very host. A name that is confirmed is never another one. */
export function requireConfirmed({ url, shown }: Target, environment: string | undefined, confirmed: string | undefined): void {
  if (confirmed !== undefined && confirmed !== url.host)
    throw new SeaworthyError('SW_LOAD_TARGET', `--confirm names another host than the target ${shown}.`, {
      hint: `To put load on it, add: --confirm ${url.host}`,
    });
  if (confirmed !== undefined || !needsConfirmation(url, environment)) return;
  const what = isLoopback(url)
    ? `The target ${shown} is declared as ${environment ?? ''}`
    : `The target ${shown} is not this machine`;
  throw new SeaworthyError('SW_LOAD_TARGET', `${what}; nothing was sent.`, {
    hint: `If you may put load on it, add: --confirm ${url.host}`,
  });
}
