import type { DeclaredLoadTest, LoadRequest, LoadScenario } from '../evidence/declared.ts';
import { credentialKey } from '../evidence/masking/key-name.ts';
import { scanText } from '../evidence/masking/text-scan.ts';
import { parseTemplate } from '../load/template.ts';
import { maskStrings } from './mask-strings.ts';

/**
 * The load test as evidence may hold it: literals in places of credentials are `x` of the same length, templates and everything else
 * stay. The identity of a scenario is that of this form, in a run as in a review.
 */
export function maskLoadTest(loadTest: DeclaredLoadTest): DeclaredLoadTest {
  const { scenario, ...rest } = loadTest;
  return { ...maskStrings(rest), ...(scenario === undefined ? {} : { scenario: maskScenario(scenario) }) };
}

export function maskScenario(scenario: LoadScenario): LoadScenario {
  return { ...maskStrings(scenario), setup: scenario.setup.map(maskRequest), requests: scenario.requests.map(maskRequest) };
}

function maskRequest<T extends Omit<LoadRequest, 'weight'>>(request: T): T {
  return {
    ...maskStrings(request),
    name: maskPairs(request.name),
    path: maskPairs(request.path),
    headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, maskHeader(name, value)])),
    ...(request.body === undefined ? {} : { body: maskBody(request.body) }),
  };
}

/** Headers that let somebody in, whatever their value looks like. */
const credentialHeader =
  /^(?:authorization|proxy-authorization|cookie|x-api-key|x-auth.*|.*-(?:key|token|secret|password|signature|session)|api-?key|token|dpop)$/;

const maskHeader = (name: string, value: string): string =>
  credentialHeader.test(name) || credentialKey(name) !== undefined
    ? maskLiterals(value, /^(?:Basic|Bearer|Digest|Token)\s/i)
    : maskText(value);

/** The literal parts of a template, but for a word in front that says what follows. */
function maskLiterals(template: string, lead: RegExp = /^(?!)/): string {
  const head = lead.exec(template)?.[0] ?? '';
  return (
    head +
    partsOf(template.slice(head.length))
      .map(({ text, isLiteral }) => (isLiteral ? text.replace(/\S/g, 'x') : text))
      .join('')
  );
}

/** A template cut at its `${...}`. */
function partsOf(template: string): readonly { readonly text: string; readonly isLiteral: boolean }[] {
  return template.split(/(\$?\$\{[^}]*\})/).map((text, index) => ({ text, isLiteral: index % 2 === 0 || isText(text) }));
}

const isText = (piece: string): boolean => parseTemplate(piece).every(({ kind }) => kind === 'text');

/** What looks like a credential, and what a key in front of it announces. */
function maskText(text: string): string {
  let result = text;
  for (const { start, end } of scanText(text))
    result = result.slice(0, start) + maskLiterals(text.slice(start, end)) + result.slice(end);
  return result;
}

/** `password=...` in a query or a form: the key decides, whatever the value looks like. */
export const maskPairs = (text: string): string =>
  maskText(text).replace(/([?&]|^)([^=&?\s]{1,128})=([^&\s]*)/g, (whole: string, sign: string, key: string, value: string) =>
    isCredential(decoded(key)) ? `${sign}${key}=${maskLiterals(value)}` : whole,
  );

function maskBody(body: string): string {
  const value = parsed(body);
  if (typeof value !== 'object' || value === null) return maskMembers(maskPairs(body));
  const masked = maskMember('', value);
  return JSON.stringify(masked) === JSON.stringify(value) ? body : JSON.stringify(masked);
}

/** JSON with templates where values belong is no JSON until it is sent; its pairs can be told nevertheless. */
const maskMembers = (text: string): string =>
  text.replace(
    /"([^"\\]{1,128})"(\s{0,20}:\s{0,20})"((?:[^"\\]|\\.)*)"/g,
    (whole: string, key: string, sign: string, value: string) =>
      isCredential(key) ? `"${key}"${sign}"${maskLiterals(value)}"` : whole,
  );

function maskMember(key: string, value: unknown): unknown {
  if (typeof value === 'string') return isCredential(key) ? maskLiterals(value) : maskText(value);
  if (typeof value === 'number') return isCredential(key) ? 0 : value;
  if (Array.isArray(value)) return value.map((item) => maskMember(key, item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, maskMember(name, item)]));
}

const isCredential = (key: string): boolean => credentialKey(key) !== undefined || /^(?:pin|otp|totp|code|mfa)$/i.test(key);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
