/** Words that name an environment other than production. Digits behind them do not change what they say: staging2, dev01. */
const purposes: ReadonlySet<string> = new Set([
  'staging',
  'stage',
  'stg',
  'dev',
  'develop',
  'development',
  'test',
  'testing',
  'tst',
  'qa',
  'uat',
  'sandbox',
  'preprod',
  'nonprod',
  'local',
  'localhost',
  'integration',
  'int',
  'acceptance',
]);
/** Names that are reserved for documentation and tests (RFC 2606, RFC 6761), and for local networks. */
const reservedEndings: readonly string[] = [
  'example',
  'test',
  'invalid',
  'localhost',
  'local',
  'internal',
  'lan',
  'localdomain',
  'home.arpa',
];
const reservedDomains: readonly string[] = [
  'example.com',
  'example.org',
  'example.net',
  'nip.io',
  'sslip.io',
  'xip.io',
  'traefik.me',
  'localtest.me',
  'lvh.me',
];

/** Why a host is not one for production; undefined where nothing speaks against it. */
export type HostDoubt =
  | { readonly kind: 'purpose'; readonly word: string }
  | { readonly kind: 'reserved'; readonly ending: string }
  | { readonly kind: 'address' }
  | { readonly kind: 'placeholder' };

/** Reads what a host name says of its purpose. The registered domain itself is a brand and not judged: `test.de` is a newspaper. */
export function hostDoubt(host: string): HostDoubt | undefined {
  if (!/^(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*$/.test(host))
    return /^[0-9a-f:[\]]+$/.test(host) && host.includes(':') ? { kind: 'address' } : { kind: 'placeholder' };
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(host)) return { kind: 'address' };
  const reserved = [...reservedDomains, ...reservedEndings].find((ending) => host === ending || host.endsWith(`.${ending}`));
  if (reserved !== undefined) return { kind: 'reserved', ending: reserved };
  const labels = host.split('.').slice(0, -2);
  for (const label of labels) {
    const word = label
      .split('-')
      .find((part, index, all) => (index === 0 || index === all.length - 1) && purposes.has(part.replace(/\d+$/, '')));
    if (word !== undefined) return { kind: 'purpose', word };
  }
  return undefined;
}
