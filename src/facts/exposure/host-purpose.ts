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
  'preproduction',
  'nonprod',
  'nonproduction',
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

/** Words that a person was to replace; no production name has them as a whole label. */
const placeholders: ReadonlySet<string> = new Set(
  [
    'todo tbd fixme changeme change-me replaceme replace-me placeholder my-domain mydomain your-domain yourdomain',
    'your-company yourcompany your-host your-hostname',
  ].flatMap((words) => words.split(' ')),
);

/**
 * Second labels under which registries of countries sell names (`co.uk`, `com.au`): the registered domain has one label more. A full list
 * (publicsuffix.org) changes weekly; these are the ones that hosts of systems have.
 */
const secondLevels: ReadonlySet<string> = new Set([
  'co',
  'com',
  'net',
  'org',
  'gov',
  'gob',
  'gouv',
  'govt',
  'ac',
  'edu',
  'ne',
  'or',
  'go',
  'nhs',
]);

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
  const all = host.split('.');
  if (all.some((label) => placeholders.has(label))) return { kind: 'placeholder' };
  const [second = '', top = ''] = all.slice(-2);
  const registered = all.length > 2 && top.length === 2 && secondLevels.has(second) ? 3 : 2;
  for (const label of all.slice(0, -registered)) {
    const word = purposeOf(label);
    if (word !== undefined) return { kind: 'purpose', word };
  }
  return undefined;
}

/** The first or last word of a label that names a purpose: `api-staging`, `dev2`, `pre-prod`, `shop-non-prod`. */
function purposeOf(label: string): string | undefined {
  const parts = label.split('-');
  const names = (part: string) => purposes.has(part.replace(/\d+$/, ''));
  const pairs = parts.slice(1).map((part, index) => [`${parts[index]}${part}`, `${parts[index]}-${part}`] as const);
  const pair = [pairs.at(0), pairs.at(-1)].find(
    (each) => each !== undefined && /^(?:pre|non)prod/.test(each[0]) && names(each[0]),
  );
  return [parts.at(0), parts.at(-1)].find((part) => part !== undefined && names(part)) ?? pair?.[1];
}
