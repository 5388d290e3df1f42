import { describe, expect, it } from 'vitest';
import { roleOf, roleOfKey } from './credential-names.ts';

describe('what a name announces', () => {
  it.each<[string, ReturnType<typeof roleOf>]>([
    ['JWT_SECRET', 'signing-key'],
    ['jwt-secret', 'signing-key'],
    ['jwtSecretKey', 'signing-key'],
    ['ACCESS_TOKEN_SECRET', 'signing-key'],
    ['SESSION_SECRET', 'signing-key'],
    ['COOKIE_KEYS', 'signing-key'],
    ['APP_SIGNING_KEY', 'signing-key'],
    ['NEXTAUTH_SECRET', 'signing-key'],
    ['SECRET_KEY', 'signing-key'],
    ['MINIO_SECRET_KEY', undefined],
    ['S3_SECRET_KEY', undefined],
    ['SLACK_SIGNING_SECRET', undefined],
    ['JWT_PUBLIC_KEY', 'asymmetric-key'],
    ['JWT_PRIVATE_KEY', 'asymmetric-key'],
    ['JWKS', 'asymmetric-key'],
    ['JWT_SECRET_FILE', undefined],
    ['JWT_EXPIRES_IN', undefined],
    ['JWT_ISSUER', undefined],
    ['SESSION_TIMEOUT', undefined],
    ['POSTGRES_PASSWORD', 'database-password'],
    ['PGPASSWORD', 'database-password'],
    ['DB_PASS', 'database-password'],
    ['MYSQL_ROOT_PASSWORD', 'database-password'],
    ['MONGO_INITDB_ROOT_PASSWORD', 'database-password'],
    ['DATA_SOURCE_PASS', 'database-password'],
    ['GRAFANA_ADMIN_PASSWORD', undefined],
    ['DATABASE_PASSWORD_FILE', undefined],
    ['DB_USER', undefined],
    ['DATABASE_URL', 'database-url'],
    ['MONGODB_URI', 'database-url'],
    ['API_URL', undefined],
    ['constructor', undefined],
    ['', undefined],
  ])('%s: %s', (name, expected) => {
    expect(roleOf(name)).toBe(expected);
  });

  it('a general key is read with the name of its Secret', () => {
    expect([
      roleOfKey('orders-db', 'password'),
      roleOfKey('grafana', 'password'),
      roleOfKey('jwt', 'secret'),
      roleOfKey('aws', 'secret'),
    ]).toEqual(['database-password', undefined, 'signing-key', undefined]);
  });
});
