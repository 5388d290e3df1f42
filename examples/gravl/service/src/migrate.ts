import { openDatabase } from './database/open.ts';
import type { Environment } from './environment.ts';
import { migrateDown, migrateUp, migrationStatus, migrationsFolder, readMigrations } from './migrations.ts';
import { databaseSettings } from './settings.ts';
import { SetupError } from './setup-error.ts';

/** `migrate up`, `migrate down COUNT`, `migrate status`: one line for each migration. */
export async function migrate(
  [command, ...rest]: readonly string[],
  environment: Environment,
  print: (line: string) => void,
): Promise<void> {
  const count = /^[1-9]\d{0,3}$/.test(rest[0] ?? '') ? Number(rest[0]) : undefined;
  const isKnown = (command === 'up' || command === 'status') && rest.length === 0;
  if (!isKnown && !(command === 'down' && rest.length === 1 && count !== undefined)) {
    throw new SetupError('Usage: migrate up, migrate down COUNT, migrate status');
  }
  const migrations = readMigrations(migrationsFolder);
  const db = await openDatabase(databaseSettings(environment, 'migrating'), () => {});
  const tell = (done: string) => (migration: { version: number; name: string }) =>
    print(`${done} ${migration.version} ${migration.name}`);
  try {
    if (command === 'up' && (await migrateUp(db, migrations, tell('applied'))) === 0) print('Nothing to apply.');
    if (command === 'down') await migrateDown(db, migrations, count ?? 0, tell('took back'));
    if (command === 'status')
      for (const { state, version, name } of await migrationStatus(db, migrations)) print(`${state} ${version} ${name}`);
  } finally {
    await db.close();
  }
}
