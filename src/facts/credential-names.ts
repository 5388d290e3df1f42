import { wordsOf } from '../evidence/masking/key-name.ts';

/** What a key, a variable or an option is for, by its name. */
export type CredentialRole = 'signing-key' | 'asymmetric-key' | 'database-password' | 'database-url';

const passwords = new Set(['password', 'passwd', 'pass', 'pwd', 'passphrase']);
const databases =
  /^(?:db\d*|database|databases|postgres|postgresql|pg|pgsql|psql|mysql|mariadb|mongo|mongodb|mssql|sqlserver|sql|oracle|redis|valkey|cockroach|cockroachdb|clickhouse|cassandra|couchdb|neo4j|influxdb|timescale|timescaledb|cnpg|repmgr|replication|superuser|jdbc)$/;
const joinedPasswords = new Set([
  'pgpassword',
  'pgpass',
  'dbpassword',
  'dbpass',
  'databasepassword',
  'postgrespassword',
  'mysqlpassword',
  'rediscliauth',
]);
/** Keys that another company made: their strength is not ours to choose. */
const vendors =
  /^(?:slack|stripe|github|gitlab|google|facebook|twitter|shopify|zoom|linear|discord|twilio|paypal|auth0|okta|azure|aws|s3|minio|gcp|webhook|cloudinary|mailgun|sendgrid|apple|microsoft|recaptcha|turnstile|hcaptcha|intercom|clerk|svix)$/;
const signers = new Set(['jwt', 'jws', 'jwe', 'session', 'sessions', 'cookie', 'cookies', 'csrf', 'nextauth', 'paseto']);
const keyWords = new Set(['secret', 'secrets', 'key', 'keys', 'hmac']);

/** The role that a name announces. A name for a path, a lifetime or an algorithm announces none. */
export function roleOf(name: string): CredentialRole | undefined {
  const words = wordsOf(name.includes('/') ? name.slice(name.lastIndexOf('/') + 1) : name);
  const last = (words.at(-1) ?? '').replace(/(?<=[a-z])[0-9]{1,3}$/, '');
  if (last === '' || words.some((word) => vendors.test(word))) return undefined;
  return signingRole(words, last) ?? databaseRole(words, last);
}

function signingRole(words: readonly string[], last: string): CredentialRole | undefined {
  const signs = words.some((word) => signers.has(word));
  const has = (word: string) => words.includes(word);
  if (
    last === 'jwks' ||
    last === 'jwk' ||
    (signs && (has('public') || has('rsa') || has('ecdsa') || has('ed25519') || last === 'pem'))
  )
    return 'asymmetric-key';
  if (signs && has('private') && keyWords.has(last)) return 'asymmetric-key';
  if (has('public') || has('private')) return undefined;
  if (signs && keyWords.has(last)) return 'signing-key';
  if (last === 'base' && words.join('_').endsWith('secret_key_base')) return 'signing-key';
  if (/^(?:jwtsecret|jwtkey|sessionsecret|cookiesecret|tokensecret)$/.test(last)) return 'signing-key';
  const before = words.at(-2) ?? '';
  if ((last === 'key' || last === 'secret') && (before === 'signing' || before === 'hmac' || before === 'sign'))
    return 'signing-key';
  if (last === 'secret' && (before === 'token' || before === 'auth')) return 'signing-key';
  // Django's and Flask's own name; `x_secret_key` is more often half of an access key.
  const whole = words.join('_');
  return whole === 'secret_key' || whole === 'django_secret_key' || whole === 'flask_secret_key' ? 'signing-key' : undefined;
}

function databaseRole(words: readonly string[], last: string): CredentialRole | undefined {
  if (words.some((word) => joinedPasswords.has(word)) && (words.length === 1 || passwords.has(last) || joinedPasswords.has(last)))
    return 'database-password';
  const isDatabase = words.some((word) => databases.test(word)) || (words.includes('data') && words.includes('source'));
  if (!isDatabase) return words.join('_') === 'sa_password' ? 'database-password' : undefined;
  if (passwords.has(last)) return 'database-password';
  return /^(?:url|uri|dsn)$/.test(last) || (last === 'string' && words.at(-2) === 'connection') ? 'database-url' : undefined;
}

const generalPassword = /^(?:password|passwd|pass|pwd|url|uri|dsn)$/i;

/** The role of a key of a Secret: by its own name, or, where that is as general as `password`, with the Secret's name before it. */
export function roleOfKey(secret: string, key: string): CredentialRole | undefined {
  const byName = roleOf(key);
  if (byName !== undefined) return byName;
  const isGeneral =
    generalPassword.test(key) || (/^(?:secret|key)$/i.test(key) && wordsOf(secret).some((word) => signers.has(word)));
  return isGeneral ? roleOf(`${secret}_${key}`) : undefined;
}

/** Schemes of URLs that reach a database. */
export const isDatabaseScheme = (scheme: string): boolean =>
  /^(?:jdbc:)?(?:postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|rediss?|valkeys?|sqlserver|mssql|cockroachdb|clickhouse|oracle|couchbases?)(?:\+[a-z0-9]{1,16})?$/.test(
    scheme,
  );
