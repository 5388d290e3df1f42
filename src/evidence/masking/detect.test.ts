import { describe, expect, test } from 'vitest';
import { detect, type Where } from './detect.ts';

const hex64 = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

describe('a credential is recognised by its key, by its shape or by entropy', () => {
  const rows: readonly (readonly [string, string, Where, string])[] = [
    ['DB_PASSWORD', 'changeme', 'env', 'key:password'],
    ['DB_PASSWORD', '123456', 'env', 'key:password'],
    ['PGPASSWORD', 'x', 'env', 'key:password'],
    ['JWT_SECRET', 'secret', 'env', 'key:secret'],
    ['API_TOKEN', 'CHANGE_ME', 'env', 'key:token'],
    ['AWS_SECRET_ACCESS_KEY', 'wJalrXUtnFEMIK7MDENGbPxRfiCYzzzzzzKEY99', 'env', 'key:key'],
    ['--db-password', 'hunter2', 'argument', 'key:password'],
    ['args', '--password=hunter2', 'argument', 'key:password'],
    ['args', 'mysql -u root -phunter2 app', 'argument', 'pattern:mysql-option'],
    ['args', 'PGPASSWORD=hunter2 psql', 'argument', 'key:password'],
    ['DATABASE_URL', 'postgres://app:hunter2@db:5432/app', 'env', 'url-password'],
    ['DATABASE_URL', 'postgres://app:hun/ter2@db:5432/app', 'env', 'url-password'],
    ['URL', 'https://h/x?access_token=b7Qz81kLmN0p', 'env', 'key:token'],
    ['HOOK', 'https://hooks.slack.com/services/T0000/B0000/abcdEFGH1234', 'field', 'pattern:slack-webhook'],
    ['FOO', `ghp_${'a1B2'.repeat(9)}`, 'env', 'pattern:github-token'],
    ['FOO', 'AKIAIOSFODNN7EXAMPLE', 'label', 'pattern:aws-access-key-id'],
    ['FOO', hex64, 'env', 'entropy'],
    ['FOO', 'kX82jdLq0ZmP4vRt7WyB1nCs', 'configuration', 'entropy'],
    ['app.ini', '[db]\npassword = hunter2\n', 'configuration', 'key:password'],
    ['app.xml', '<a><password>hunter2</password></a>', 'configuration', 'key:password'],
    ['sync.sql', "ALTER ROLE app PASSWORD 'hunter2';", 'configuration', 'pattern:sql-password'],
    ['app.yaml', "password :'hunter2'", 'configuration', 'key:password'],
    ['redis.conf', 'port 6379\nrequirepass hunter2\n', 'configuration', 'pattern:redis-directive'],
    ['x', '{"auths":{"r":{"auth":"dXNlcjpodW50ZXIyMg=="}}}', 'configuration', 'key:authorization'],
    ['kubectl.kubernetes.io/last-applied-configuration', '{"kind":"Secret","data":{"a":"eA=="}}', 'annotation', 'nested-secret'],
    ['WHO', Buffer.from('someone:hunter2222').toString('base64'), 'env', 'encoded'],
    ['API_KEY', '123e4567-e89b-42d3-a456-426614174000', 'env', 'key:key'],
    ['secret', '123e4567-e89b-42d3-a456-426614174000', 'field', 'key:secret'],
    ['args', '--db-password=$(PREFIX)hunter2', 'argument', 'key:password'],
    ['args', '--db-password=${DB_PASSWORD:-hunter2}', 'argument', 'key:password'],
    ['application.yml', 'spring:\n  password: ${DB_PASSWORD:hunter2}\n', 'configuration', 'key:password'],
    ['app.yaml', 'password: ${unclosed-hunter2\nnext: }\n', 'configuration', 'key:password'],
    ['realms', '{ "password": "{noop}hunter2" }', 'configuration', 'key:password'],
    ['key', '-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\n', 'configuration', 'pattern:private-key'],
  ];
  test.each(rows)('%s %s in %s', (key, value, where, detector) => {
    expect(detect(key, value, where)?.detector).toBe(detector);
  });
});

describe('what only looks like a credential stays readable', () => {
  const rows: readonly (readonly [string, string, Where])[] = [
    ['sync.sql', 'ALTER ROLE :"role" PASSWORD :\'content\';', 'configuration'],
    ['DB_PASSWORD_FILE', '/run/secrets/db', 'env'],
    ['SECRETS_DIR', '/etc/secrets', 'env'],
    ['TOKEN_PATH', '/var/run/token', 'env'],
    ['SECRET_NAME', 'my-app-secret', 'env'],
    ['secretName', 'web-tls', 'field'],
    ['ADMIN_EMAIL', 'ops@example.com', 'env'],
    ['AUTH_TOKEN_ENABLED', 'true', 'env'],
    ['USE_PASSWORD', 'yes', 'env'],
    ['API_KEY', 'enabled', 'env'],
    ['TOKEN_TTL', '3600', 'env'],
    ['MAX_TOKENS', '4096', 'env'],
    ['API_TOKEN', '$(TOKEN)', 'env'],
    ['API_TOKEN', '${TOKEN}', 'env'],
    ['password', '{{ .password }}', 'field'],
    ['POSTGRES_HOST_AUTH_METHOD', 'trust', 'env'],
    ['PASSWORD', '/run/secrets/password', 'env'],
    ['IMAGE', `repo/app@sha256:${hex64}`, 'env'],
    ['checksum/config', hex64, 'annotation'],
    ['GIT_SHA', '2fd4e1c67a2d28fced849ee1bb76e7391b93eb12', 'env'],
    ['ID', '123e4567-e89b-42d3-a456-426614174000', 'env'],
    ['CLIENT_ID', '123e4567-e89b-42d3-a456-426614174000', 'env'],
    ['API_KEY', '00000000-0000-0000-0000-000000000000', 'env'],
    ['args', '--db-password=$(DB_PASSWORD)', 'argument'],
    ['grafana.ini', '[database]\npassword = $__file{/etc/secrets/db}\n', 'configuration'],
    ['grafana.ini', '[security]\nadmin_password = ${ADMIN_PASSWORD}\n', 'configuration'],
    ['application.yml', 'spring:\n  password: ${DB_PASSWORD:}\n', 'configuration'],
    ['otel.yaml', 'headers:\n  api-key: ${env:API_KEY}\n', 'configuration'],
    ['oidc.config', 'clientSecret: $oidc.clientSecret\nclientID: x\n', 'configuration'],
    ['repositories', '- url: a\n  passwordSecret: { name: repository, key: password }\n', 'configuration'],
    ['command', 'export DB_PASSWORD=${DB_PASSWORD:?is missing}; app --password=$DB_PASSWORD', 'argument'],
    ['REDIS_URL', 'redis://cache:6379/0', 'env'],
    ['REPO', 'ssh://git@github.com/a/b.git', 'env'],
    ['secret', 'my-app-tls', 'field'],
    ['nginx.conf', 'location / {\n  proxy_pass http://backend:8080;\n}\n', 'configuration'],
    ['description', 'the password: used to log in to the database', 'prose'],
    ['cert', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n', 'configuration'],
  ];
  test.each(rows)('%s %s in %s', (key, value, where) => {
    expect(detect(key, value, where)).toBeUndefined();
  });
});

test('the work grows in proportion to the text, whatever it holds', () => {
  const hostile = [
    'a',
    'a-',
    '://',
    'a://b:c',
    'password=',
    'password="',
    'token=\'a"',
    'eyJ',
    '-----BEGIN PRIVATE KEY-----',
    'curl -u ',
    'token=x token=',
    'secret: |\n ',
    '\\"password\\":',
    'machine ',
    'A1b',
  ];
  for (const unit of hostile) {
    const began = performance.now();
    detect('x', unit.repeat(Math.ceil(1_000_000 / unit.length)), 'configuration');
    expect(performance.now() - began, unit).toBeLessThan(6000);
  }
});
