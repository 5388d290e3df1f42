import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { jwtKey, weakness } from '../../examples/gravl/service/src/jwt-secret.ts';
import { backendSettings, databaseSettings, frontendSettings } from '../../examples/gravl/service/src/settings.ts';
import { secret } from './programs.ts';

const folder = mkdtempSync(join(tmpdir(), 'gravl-settings-'));
const file = join(folder, 'secret');
writeFileSync(file, `${secret}\n`);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a JWT secret', () => {
  it.each([
    ['64 hex characters', secret],
    ['64 in capitals', secret.toUpperCase()],
    ['128 hex characters', `${secret}${secret.split('').reverse().join('')}`],
  ])('is taken: %s', (_what, value) => {
    expect(weakness(value)).toBeUndefined();
  });

  it.each([
    ['63 characters', secret.slice(1), 'has 63 characters'],
    ['65 characters', `${secret}a`, 'has an odd number of characters'],
    ['one letter 64 times', 'a'.repeat(64), 'repeats itself'],
    ['a pattern of 16', '0123456789abcdef'.repeat(4), 'repeats itself'],
    ['32 good ones twice', secret.slice(0, 32).repeat(2), 'repeats itself'],
    ['a secret twice, in two cases', `${secret}${secret.toUpperCase()}`, 'repeats itself'],
    ['few different bytes', '00112233'.repeat(7) + '33221100', 'repeats itself'],
    ['64 letters', 'z'.repeat(64), 'is not hexadecimal'],
    ['a line end within', `${secret}\n${secret}`, 'is not hexadecimal'],
    ['a blank at the end', `${secret} `, 'is not hexadecimal'],
  ])('is refused: %s', (_what, value, why) => {
    expect(weakness(value)).toBe(why);
  });

  it('comes from the variable or from the file, not from both', () => {
    expect(jwtKey({ JWT_SECRET: secret })).toEqual(Buffer.from(secret, 'hex'));
    expect(jwtKey({ JWT_SECRET_FILE: file })).toEqual(Buffer.from(secret, 'hex'));
    expect(() => jwtKey({ JWT_SECRET: secret, JWT_SECRET_FILE: file })).toThrow('Both JWT_SECRET and JWT_SECRET_FILE are set');
    expect(() => jwtKey({})).toThrow('JWT_SECRET is not set. It needs at least 64 random hex characters: openssl rand -hex 32');
    expect(() => jwtKey({ JWT_SECRET: '' })).toThrow('JWT_SECRET is not set.');
  });
});

describe('ports and origins', () => {
  it('default to those of the manifests', () => {
    expect(backendSettings({})).toEqual({
      host: '0.0.0.0',
      port: 3_000,
      metricsPort: 3_001,
      corsOrigins: [],
      shutdownDelayMs: 0,
    });
    expect(frontendSettings({})).toEqual({ host: '0.0.0.0', port: 8_080, apiOrigin: 'https://api.gravl.app' });
    expect(backendSettings({ CORS_ORIGIN: 'https://gravl.app' }).corsOrigins).toEqual(['https://gravl.app']);
  });

  it.each(['x', '-1', '65536', '3000.5', '0x10'])('refuse PORT=%s', (value) => {
    expect(() => backendSettings({ PORT: value })).toThrow('PORT must be a whole number from 0 to 65535.');
  });

  it.each(['*', 'gravl.app', 'https://gravl.app/x', 'javascript:alert(1)', 'https://user@gravl.app'])(
    'refuse CORS_ORIGIN=%s',
    (value) => {
      expect(() => backendSettings({ CORS_ORIGIN: value })).toThrow('CORS_ORIGIN must hold addresses like https://gravl.app.');
    },
  );
});

describe('the database', () => {
  const parts = { DATABASE_HOST: 'postgres', DATABASE_PORT: '5433', DATABASE_NAME: 'log', DATABASE_USER: 'writer' };

  it('is PGlite where none is named, and never so by accident in production', () => {
    expect(databaseSettings({}, 'serving')).toEqual({ pglite: {} });
    expect(databaseSettings({ GRAVL_DATA: '/data' }, 'serving')).toEqual({ pglite: { folder: '/data' } });
    expect(() => databaseSettings({ NODE_ENV: 'production' }, 'serving')).toThrow('No database is set');
  });

  it('is named by parts, with 20 connections as the runbook says', () => {
    expect(databaseSettings({ ...parts, DATABASE_PASSWORD: 'p' }, 'serving')).toEqual({
      postgres: {
        connection: { host: 'postgres', port: 5_433, database: 'log', user: 'writer', password: 'p' },
        poolSize: 20,
        statementTimeoutMs: 5_000,
      },
    });
  });

  it('is migrated without a limit on statements', () => {
    expect(databaseSettings(parts, 'migrating')).toMatchObject({ postgres: { poolSize: 2, statementTimeoutMs: 0 } });
  });

  it('reads a password file anew for each connection, as it is replaced while the service runs', () => {
    const path = join(folder, 'password');
    writeFileSync(path, 'first\n');
    const settings = databaseSettings({ ...parts, DATABASE_PASSWORD_FILE: path }, 'serving');
    if (!('postgres' in settings) || typeof settings.postgres.connection.password !== 'function') throw new Error('no function');
    const read = settings.postgres.connection.password;
    expect(read()).toBe('first');
    writeFileSync(path, 'second\n');
    expect(read()).toBe('second');
  });

  it.each([
    [{ DATABASE_URL: 'postgresql://u:p@h/d', DATABASE_HOST: 'h' }, 'Both DATABASE_URL and DATABASE_HOST are set'],
    [{ DATABASE_URL: 'mysql://writer:hunter2@h/d' }, 'DATABASE_URL must look like'],
    [{ DATABASE_URL: 'hunter2' }, 'DATABASE_URL must look like'],
    [
      { ...parts, DATABASE_PASSWORD: 'hunter2', DATABASE_PASSWORD_FILE: file },
      'Both DATABASE_PASSWORD and DATABASE_PASSWORD_FILE are set',
    ],
    [{ ...parts, DATABASE_POOL_SIZE: '0' }, 'DATABASE_POOL_SIZE must be a whole number from 1 to 200.'],
  ] as [Record<string, string>, string][])('refuses %o without repeating a value', (environment, message) => {
    expect(() => databaseSettings(environment, 'serving')).toThrow(message);
    expect(() => databaseSettings(environment, 'serving')).not.toThrow('hunter2');
  });
});
