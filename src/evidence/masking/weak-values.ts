/** Values that attackers try first: defaults of images and charts, words of tutorials, keys of documentation. Lower case. */
const wellKnown = new Set(
  `admin admin123 administrator adminadmin adminpass adminpassword alpine asdfgh bitnami cassandra changeit changeme changemenow
  changethis default demo demopass dev development devpassword elastic example foobar grafana guest hunter2 iloveyou jwtsecret
  keycloak letmein mariadb master minio minio123 minioadmin mongo mongodb monkey mypassword mysecret mysql nopassword p@ssw0rd
  p@ssword pass pass123 passw0rd password password1 password123 passwd postgres postgresql prom-operator qwerty qwerty123
  rabbitmq redis root rootpassword rootroot s3cr3t sa sample secret secret123 secretkey secretpassword server staging
  strongpassword superadmin superpassword supersecret supersecretpassword sysadmin temp temporary test test123 test1234 testpass
  testpassword testing toor tomcat topsecret user userpass vault wordpress welcome yourpassword yoursecret your-256-bit-secret
  your-secret-key your_secret_key my-secret my-secret-key keyboardcat secretsecret abc123 abcd1234 dbpassword postgrespassword
  redispassword mysqlpassword sw2yctwib9zpoohopsmm trustno1 dragon football sunshine princess shadow superman
  wjalrxutnfemi/k7mdeng/bpxrficyexamplekey akiaiosfodnn7example akiai44qh8dhbexample`
    .split(/\s+/)
    .filter((word) => word !== ''),
);

/** Keys printed in vendors' documentation, recognised inside a longer value. */
const documentationMarks = [
  'IOSFODNN7EXAMPLE',
  'EXAMPLEKEY',
  '4eC39HqLyjWDarjtT1zdp7dc',
  'SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c',
];

/**
 * Whether a value is in the list of well-known values, also with letters in another case, the usual substitutions of digits for letters
 * and digits or marks at its end (`Password123!`).
 */
export function isKnownWeak(value: string): boolean {
  if (value.length > 256) return false;
  if (documentationMarks.some((mark) => value.includes(mark))) return true;
  const lower = value.trim().toLowerCase();
  if (wellKnown.has(lower)) return true;
  const joined = lower.replace(/[-_ ]/g, '');
  if (wellKnown.has(joined)) return true;
  if (lower.length > 24) return false;
  return (
    wellKnown.has(withoutTail(joined)) ||
    wellKnown.has(withoutTail(joined.replace(/[013457@$]/g, (mark) => substitutes[mark] ?? mark)))
  );
}

const substitutes: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'l',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
};

function withoutTail(value: string): string {
  let end = value.length;
  while (end > 0 && !isLetter(value.charCodeAt(end - 1))) end--;
  return value.slice(0, end);
}

const isLetter = (code: number): boolean => code >= 97 && code <= 122;
