import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database, Session } from './database/database.ts';
import { SetupError } from './setup-error.ts';

export const migrationsFolder = join(import.meta.dirname, '..', 'migrations');

export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly up: string;
  /** Absent: cannot be taken back. */
  readonly down?: string;
  /** Of the file that was or will be applied, with line ends as `\n`: a checkout on Windows is no change. */
  readonly sha256: string;
}

interface Applied extends Record<string, unknown> {
  readonly version: number;
  readonly name: string;
  readonly sha256: string;
}

export interface MigrationStatus {
  readonly version: number;
  readonly name: string;
  readonly state: 'applied' | 'pending' | 'changed' | 'missing';
}

/** Any number will do, as long as every version of the service uses the same. */
const LOCK = 4_711_001;

const table = `
  CREATE TABLE IF NOT EXISTS schema_migrations (
    version integer PRIMARY KEY,
    name text NOT NULL,
    sha256 text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
  )`;

/** `0001_users.sql`, and `0001_users.down.sql` to take it back. Numbers run from 1 without a gap. */
export function readMigrations(folder: string): Migration[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.sql'));
  const odd = files.find((file) => !/^\d{4}_[a-z0-9_]+(\.down)?\.sql$/.test(file));
  if (odd !== undefined) throw new SetupError(`Migration ${odd} is not named like 0001_users.sql.`);
  const ups = files.filter((file) => !file.endsWith('.down.sql')).toSorted();
  return ups.map((file, index) => {
    const version = Number(file.slice(0, 4));
    if (version !== index + 1) throw new SetupError(`Migration ${file} stands where number ${index + 1} belongs.`);
    const up = sqlOf(folder, file);
    const downFile = file.replace(/\.sql$/, '.down.sql');
    return {
      version,
      name: file.slice(5, -4),
      up,
      ...(files.includes(downFile) && { down: sqlOf(folder, downFile) }),
      sha256: createHash('sha256').update(up).digest('hex'),
    };
  });
}

const sqlOf = (folder: string, file: string): string => readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n');

/** Applies what is pending, each in a transaction of its own, and tells of each. Two at once share the work. */
export async function migrateUp(
  db: Database,
  migrations: readonly Migration[],
  tell: (migration: Migration) => void,
): Promise<number> {
  let count = 0;
  for (;;) {
    const done = await locked(db, async (session, applied) => {
      refuseDifferences(migrations, applied);
      const next = migrations[applied.length];
      if (next === undefined) return undefined;
      await session.script(next.up);
      await session.query('INSERT INTO schema_migrations (version, name, sha256) VALUES ($1, $2, $3)', [
        next.version,
        next.name,
        next.sha256,
      ]);
      return next;
    });
    if (done === undefined) return count;
    count += 1;
    tell(done);
  }
}

/** Takes the last `count` back, newest first. */
export async function migrateDown(
  db: Database,
  migrations: readonly Migration[],
  count: number,
  tell: (migration: Migration) => void,
): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const done = await locked(db, async (session, applied) => {
      refuseDifferences(migrations, applied);
      const last = applied.length === 0 ? undefined : migrations[applied.length - 1];
      if (last === undefined) return undefined;
      if (last.down === undefined) throw new SetupError(`Migration ${last.version} ${last.name} cannot be taken back.`);
      await session.script(last.down);
      await session.query('DELETE FROM schema_migrations WHERE version = $1', [last.version]);
      return last;
    });
    if (done === undefined) return;
    tell(done);
  }
}

/** Every migration of the files and of the database, in order. Changes nothing. */
export async function migrationStatus(db: Database, migrations: readonly Migration[]): Promise<MigrationStatus[]> {
  const applied = await appliedWithoutTable(db);
  const known = migrations.map(({ version, name, sha256 }) => {
    const row = applied.find((entry) => entry.version === version);
    return {
      version,
      name,
      state: row === undefined ? ('pending' as const) : row.sha256 === sha256 ? ('applied' as const) : ('changed' as const),
    };
  });
  const missing = applied.filter(({ version }) => !migrations.some((migration) => migration.version === version));
  return [...known, ...missing.map(({ version, name }) => ({ version, name, state: 'missing' as const }))];
}

/** Whether all files are applied as they are. A database that is ahead is fine: the version before runs on the schema after. */
export async function isMigrated(db: Database, migrations: readonly Migration[]): Promise<boolean> {
  const status = await migrationStatus(db, migrations);
  return status.every(({ state }) => state === 'applied' || state === 'missing');
}

async function appliedWithoutTable(db: Database): Promise<Applied[]> {
  const [row] = await db.query<{ present: boolean }>("SELECT to_regclass('schema_migrations') IS NOT NULL AS present");
  return row?.present === true ? db.query<Applied>(applied) : [];
}

const applied = 'SELECT version, name, sha256 FROM schema_migrations ORDER BY version';

/** The lock goes with the transaction, so a process that dies leaves none behind. */
function locked<T>(db: Database, work: (session: Session, applied: Applied[]) => Promise<T>): Promise<T> {
  return db.transaction(async (session) => {
    await session.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    await session.script(table);
    return work(session, await session.query<Applied>(applied));
  });
}

function refuseDifferences(migrations: readonly Migration[], applied: readonly Applied[]): void {
  for (const [index, row] of applied.entries()) {
    const file = migrations[index];
    const what = `Migration ${row.version} ${row.name}`;
    if (file === undefined) throw new SetupError(`${what} was applied to this database, and its file is missing here.`);
    if (row.version !== file.version)
      throw new SetupError(`Migration ${file.version} ${file.name} was skipped: the database has ${row.version} instead.`);
    if (row.sha256 !== file.sha256)
      throw new SetupError(`${what} was changed after it was applied; write a new migration instead.`);
  }
}
