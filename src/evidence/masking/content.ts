import { X509Certificate } from 'node:crypto';
import { isObject } from '../../kube/json.ts';
import { parseText } from '../../kube/yaml/parse.ts';
import type { MaskedContent, Strength } from '../../model/mask.ts';
import { alertmanagerOf } from './alertmanager.ts';
import { leavesOfText } from './config-leaves.ts';
import { strengthOf } from './strength.ts';
import { scanText } from './text-scan.ts';

/** Longer values are not looked into. */
const longestContent = 4_000_000;

/**
 * The structure of a masked value that checks may read. Undefined where nothing can be said, above all where a configuration cannot be
 * read in full: a check must not conclude from a half-read file that it holds no credential. Never throws.
 */
export function contentOf(key: string, value: string): MaskedContent | undefined {
  if (value.length > longestContent) return undefined;
  const text = value.trim();
  if (/-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY/.test(text)) return { kind: 'private-key' };
  if (text.includes('-----BEGIN CERTIFICATE-----')) return certificateOf(text) ?? publicBlocksOf(text);
  if (text.startsWith('-----BEGIN ')) return publicBlocksOf(text);
  if (/^[A-Za-z][A-Za-z0-9+.-]{0,31}:\/\/\S+$/.test(text)) return urlOf(text);
  return configurationOf(key, value);
}

function certificateOf(text: string): MaskedContent | undefined {
  try {
    const certificate = new X509Certificate(text);
    return {
      kind: 'certificate',
      notBefore: seconds(certificate.validFromDate),
      notAfter: seconds(certificate.validToDate),
      names: namesOf(certificate),
      selfSigned: certificate.checkIssued(certificate) && certificate.verify(certificate.publicKey),
    };
  } catch {
    return undefined;
  }
}

const publicHeader =
  /-----BEGIN (?:TRUSTED CERTIFICATE|X509 CERTIFICATE|CERTIFICATE REQUEST|CERTIFICATE|X509 CRL|RSA PUBLIC KEY|PUBLIC KEY|DH PARAMETERS)-----/;

/**
 * Nothing but PEM blocks of public kinds (RFC 7468), each with the start of a DER sequence: a certificate cut short, as in examples, still
 * holds no secret. Any other text between the lines may be anything.
 */
function publicBlocksOf(text: string): MaskedContent | undefined {
  const isPublic = text
    .split(publicHeader)
    .every((block, index) =>
      index === 0 ? block === '' : /^\s*M[A-P][A-Za-z0-9+/=.\s]{8,}(?:-----END [A-Z0-9 ]{1,40}-----\s*)?$/.test(block),
    );
  return isPublic ? { kind: 'public-key' } : undefined;
}

const seconds = (date: Date): string => date.toISOString().replace(/\.\d{3}Z$/, 'Z');

/** DNS names and addresses of the certificate; the common name counts only where there is no alternative name (RFC 6125). */
function namesOf(certificate: X509Certificate): readonly string[] {
  const names = (certificate.subjectAltName ?? '')
    .split(', ')
    .flatMap((entry) => /^(?:DNS|IP Address):([\w.*:-]+)$/.exec(entry)?.[1] ?? []);
  if (names.length > 0) return names;
  const common = /^CN=([\w.*-]+)$/m.exec(certificate.subject)?.[1];
  return common === undefined ? [] : [common];
}

function urlOf(text: string): MaskedContent | undefined {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return undefined;
  }
  if (url.hostname === '') return undefined;
  const scheme = url.protocol.slice(0, -1);
  const password = strengthOfPassword(url.password);
  const port = Number(url.port);
  // The path of a database URL is its name; that of a web hook is its secret.
  const isDatabase = !/^https?$/.test(scheme) && /^\/[\w-]{1,63}$/.test(url.pathname) && !scanText(url.pathname).length;
  return {
    kind: 'url',
    scheme,
    host: url.hostname,
    ...(port > 0 ? { port } : {}),
    ...(isDatabase ? { path: url.pathname } : {}),
    ...(password === undefined ? {} : { password }),
  };
}

function strengthOfPassword(password: string): Strength | undefined {
  if (password === '') return undefined;
  try {
    return strengthOf(decodeURIComponent(password));
  } catch {
    return strengthOf(password);
  }
}

function configurationOf(key: string, value: string): MaskedContent | undefined {
  const format = formatOf(key, value);
  if (format === undefined) return undefined;
  const credentialLeaves = leavesOfText(value, format);
  if (credentialLeaves === undefined) return undefined;
  if (format === 'yaml' && value.includes('receivers')) {
    const [document, ...others] = parseText(value).documents;
    const content = others.length === 0 && isObject(document?.value) ? alertmanagerOf(document.value) : undefined;
    if (content !== undefined) return { ...content, credentialLeaves };
  }
  return { kind: 'config', format, credentialLeaves };
}

/** The format of a configuration file by the ending of its key; without one, only a JSON object is recognised. */
function formatOf(key: string, value: string): string | undefined {
  const ending = /\.([a-z0-9]{1,12})$/i.exec(key)?.[1]?.toLowerCase() ?? '';
  if (key === '.dockerconfigjson' || key === '.dockercfg' || ending === 'json') return 'json';
  if (ending === 'yaml' || ending === 'yml') return 'yaml';
  if (/^(?:ini|cfg|toml)$/.test(ending)) return 'ini';
  if (ending === 'properties' || ending === 'env') return 'properties';
  if (/^\s*\{\s*"/.test(value)) return 'json';
  return /^kube-?config$|^config$/i.test(key) && /^\s*apiVersion:/m.test(value) ? 'yaml' : undefined;
}
