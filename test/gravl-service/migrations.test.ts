import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../examples/gravl/service/src/database/database.ts';
import { demoUsers, demoWorkouts, putDemoData } from '../../examples/gravl/service/src/demo/data.ts';
import {
  type Migration,
  isMigrated,
  migrateDown,
  migrateUp,
  migrationStatus,
  readMigrations,
} from '../../examples/gravl/service/src/migrations.ts';
import { createPasswords } from '../../examples/gravl/service/src/passwords.ts';
import { databaseKinds, empty, startLimitMs } from './databases.ts';
import { migrations, run } from './running.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function written(files: Record<string, string>): Migration[] {
  const folder = mkdtempSync(join(tmpdir(), 'gravl-migrations-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return readMigrations(folder);
}

describe('migration files', () => {
  it('are three, in the order of their numbers, each with a way back', () => {
    expect(migrations.map(({ version, name, down }) => [version, name, down !== undefined])).toEqual([
      [1, 'users', true],
      [2, 'workouts', true],
      [3, 'newest_workouts', true],
    ]);
  });

  it.each([
    ['a gap', { '0001_a.sql': '', '0003_b.sql': '' }, 'Migration 0003_b.sql stands where number 2 belongs.'],
    ['a number twice', { '0001_a.sql': '', '0001_b.sql': '' }, 'Migration 0001_b.sql stands where number 2 belongs.'],
    ['another name', { 'first.sql': '' }, 'Migration first.sql is not named like 0001_users.sql.'],
  ])('are refused with %s', (_what, files, message) => {
    expect(() => written(files)).toThrow(message);
  });

  it('are the same file with the line ends of Windows', () => {
    const [unix] = written({ '0001_a.sql': 'SELECT 1;\nSELECT 2;\n' });
    const [windows] = written({ '0001_a.sql': 'SELECT 1;\r\nSELECT 2;\r\n' });
    expect(windows?.sha256).toBe(unix?.sha256);
  });
});

describe.each(databaseKinds)('migrations on $name', (kind) => {
  let stopDatabase: () => Promise<void>;
  let open: () => Promise<Database>;
  let db: Database;
  const told: string[] = [];
  const up = (list: readonly Migration[] = migrations, on = db) => migrateUp(on, list, ({ name }) => told.push(name));
  const first = (text: string) => ({ '0001_a.sql': text });

  beforeAll(async () => {
    ({ open, stop: stopDatabase } = await kind.start());
    db = await open();
  }, startLimitMs);
  beforeEach(async () => {
    await empty(db);
    told.length = 0;
  });
  afterAll(async () => {
    await db.close();
    await stopDatabase();
  }, startLimitMs);

  it('apply in order, and nothing the second time', async () => {
    expect(await up()).toBe(3);
    expect(told).toEqual(['users', 'workouts', 'newest_workouts']);
    expect(await up()).toBe(0);
    const rows = await db.query<{ version: number; sha256: string; late: boolean }>(
      "SELECT version, sha256, applied_at > now() - interval '1 hour' AS late FROM schema_migrations ORDER BY version",
    );
    expect(rows).toEqual(migrations.map(({ version, sha256 }) => ({ version, sha256, late: true })));
  });

  it('leave nothing of one that fails, and keep those before it', async () => {
    const broken = written({ '0001_a.sql': 'CREATE TABLE a (x int);', '0002_b.sql': 'CREATE TABLE b (x int); SELECT 1 / 0;' });
    await expect(up(broken)).rejects.toThrow('division by zero');
    expect(await db.query("SELECT to_regclass('a') IS NOT NULL AS a, to_regclass('b') IS NOT NULL AS b")).toEqual([
      { a: true, b: false },
    ]);
    expect((await migrationStatus(db, broken)).map(({ state }) => state)).toEqual(['applied', 'pending']);
  });

  it('refuse a file that was changed after it was applied', async () => {
    await up(written(first('CREATE TABLE a (x int);')));
    const changed = written(first('CREATE TABLE a (x bigint);'));
    await expect(up(changed)).rejects.toThrow('Migration 1 a was changed after it was applied; write a new migration instead.');
    await expect(migrateDown(db, changed, 1, () => {})).rejects.toThrow('was changed');
    expect((await migrationStatus(db, changed)).map(({ state }) => state)).toEqual(['changed']);
    expect(await isMigrated(db, changed)).toBe(false);
  });

  it('refuse a database whose file is missing here, which may serve all the same', async () => {
    await up();
    const older = migrations.slice(0, 2);
    await expect(up(older)).rejects.toThrow(
      'Migration 3 newest_workouts was applied to this database, and its file is missing here.',
    );
    expect((await migrationStatus(db, older)).map(({ state }) => state)).toEqual(['applied', 'applied', 'missing']);
    expect(await isMigrated(db, older)).toBe(true);
  });

  it('refuse to fill a hole', async () => {
    await up();
    await db.query('DELETE FROM schema_migrations WHERE version = 2');
    await expect(up()).rejects.toThrow('Migration 2 workouts was skipped: the database has 3 instead.');
  });

  it('apply once when several start at the same time', async () => {
    const others = await Promise.all([open(), open(), open()]);
    const counts = await Promise.all(others.map((other) => up(migrations, other)));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(3);
    expect(told.toSorted()).toEqual(['newest_workouts', 'users', 'workouts']);
    for (const other of others) await other.close();
  });

  it('go back, newest first, and forth again', async () => {
    await up();
    const back: string[] = [];
    await migrateDown(db, migrations, 2, ({ name }) => back.push(name));
    expect(back).toEqual(['newest_workouts', 'workouts']);
    await migrateDown(db, migrations, 9, ({ name }) => back.push(name));
    expect(back).toEqual(['newest_workouts', 'workouts', 'users']);
    expect(await up()).toBe(3);
  });

  it('do not go back past one without a way back', async () => {
    const oneWay = written(first('CREATE TABLE a (x int);'));
    await up(oneWay);
    await expect(migrateDown(db, oneWay, 1, () => {})).rejects.toThrow('Migration 1 a cannot be taken back.');
  });

  it('make the service ready, which is alive before', async () => {
    // The tests share the database, so this service does not close it.
    const running = await run({ ...db, close: async () => {} });
    const statusOf = async (path: string) => (await running.call('GET', path)).status;
    try {
      for (const path of ['/healthz', '/health', '/health/live']) expect(await statusOf(path), path).toBe(200);
      for (const path of ['/readyz', '/health/ready']) expect(await statusOf(path), path).toBe(503);
      await up(migrations.slice(0, 2));
      expect(await statusOf('/readyz')).toBe(503);
      await up();
      for (const path of ['/readyz', '/health/ready']) expect(await statusOf(path), path).toBe(200);
    } finally {
      await running.service.stop();
    }
  });

  it('give the list an index, and no sort', async () => {
    await up();
    await putDemoData(db, createPasswords());
    await db.query('ANALYZE workouts');
    const plan = await db.query(
      `EXPLAIN SELECT id FROM workouts WHERE user_id = 1 AND (started_at, workouts.id) < (now(), 5000) ORDER BY started_at DESC, id DESC LIMIT 20`,
    );
    expect(JSON.stringify(plan)).toContain('workouts_newest');
    expect(JSON.stringify(plan)).not.toContain('Sort');
  });

  it('are followed by demo data once, the same each time, and never among real users', async () => {
    await up();
    expect(await putDemoData(db, createPasswords())).toBe('added');
    expect(await putDemoData(db, createPasswords())).toBe('present');
    expect(await db.query('SELECT count(*)::int AS workouts, count(DISTINCT user_id)::int AS users FROM workouts')).toEqual([
      { workouts: 1_000 * demoUsers.length, users: demoUsers.length },
    ]);
    expect(demoWorkouts(0)).toEqual(demoWorkouts(0));
    await db.query("INSERT INTO users (email, name, password_hash) VALUES ('real@gravl.app', 'Real', 'x')");
    await expect(putDemoData(db, createPasswords())).rejects.toThrow('users that are not of the demo');
  });
});
