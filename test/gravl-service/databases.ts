import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '../../examples/gravl/service/src/database/database.ts';
import { openPglite } from '../../examples/gravl/service/src/database/pglite.ts';
import { openPostgres } from '../../examples/gravl/service/src/database/postgres.ts';
import { databaseSettings } from '../../examples/gravl/service/src/settings.ts';

/** One PostgreSQL of a kind, started on demand. */
export interface DatabaseKind {
  readonly name: string;
  /** The environment in which the service finds it; nothing for PGlite, which is in the process. */
  start(): Promise<{ open: () => Promise<Database>; environment: Readonly<Record<string, string>>; stop: () => Promise<void> }>;
}

const programs = postgresPrograms();
if (programs === undefined)
  console.warn('Gravl service: no PostgreSQL server is installed here, so its tests run on PGlite only.');

let shared: Promise<Database> | undefined;

const pglite: DatabaseKind = {
  name: 'PGlite',
  start: async () => {
    // One for all test files of a worker: starting one takes seconds of computing. It ends with the worker.
    shared ??= openPglite();
    const db = { ...(await shared), close: async () => {} };
    await empty(db);
    return { open: async () => db, environment: {}, stop: async () => {} };
  },
};

export const databaseKinds: readonly DatabaseKind[] =
  programs === undefined ? [pglite] : [pglite, { name: 'PostgreSQL', start: () => startServer(programs) }];
export const serverKinds = databaseKinds.slice(1);

/** Starting a database on a machine that is busy with other tests. */
export const startLimitMs = 60_000;

/** Drops everything, so that a test begins with nothing. */
export async function empty(db: Database): Promise<void> {
  await db.transaction((session) => session.script('DROP SCHEMA public CASCADE; CREATE SCHEMA public'));
}

function postgresPrograms(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((one, other) => Number(other) - Number(one)) : [];
  const folders = [...versions.map((version) => join(debian, version, 'bin')), ...(process.env.PATH ?? '').split(':')];
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')) && canRun());
}

/** PostgreSQL refuses to run as root: then it runs as the user `postgres`, if there is one. */
function canRun(): boolean {
  return process.getuid?.() !== 0 || postgresUser() !== undefined;
}

function postgresUser(): { uid: number; gid: number } | undefined {
  try {
    const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8', stdio: 'pipe' }));
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return undefined;
  }
}

/** A server of its own in a temporary folder, on a socket there, with a password. */
async function startServer(bin: string): ReturnType<DatabaseKind['start']> {
  const folder = mkdtempSync(join(tmpdir(), 'gravl-pg-'));
  const [data, passwordFile] = [join(folder, 'data'), join(folder, 'password')];
  const user = process.getuid?.() === 0 ? postgresUser() : undefined;
  mkdirSync(data, { mode: 0o700 });
  writeFileSync(passwordFile, 'example-of-a-test\n');
  if (user !== undefined) for (const path of [folder, data, passwordFile]) chownSync(path, user.uid, user.gid);
  const as = { ...user, cwd: folder, env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' } };
  const initdb = ['-D', data, '-U', 'gravl', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8', '--no-sync'];
  execFileSync(join(bin, 'initdb'), initdb, { ...as, stdio: 'pipe', timeout: 60_000 });
  const options = [
    'fsync=off',
    'full_page_writes=off',
    'listen_addresses=',
    `unix_socket_directories=${folder}`,
    'max_connections=50',
  ];
  const server = spawn(join(bin, 'postgres'), ['-D', data, ...options.flatMap((option) => ['-c', option])], {
    ...as,
    stdio: 'ignore',
  });
  const environment = {
    DATABASE_HOST: folder,
    DATABASE_NAME: 'postgres',
    DATABASE_USER: 'gravl',
    DATABASE_PASSWORD_FILE: passwordFile,
  };
  const open = async (): Promise<Database> => {
    const settings = databaseSettings(environment, 'serving');
    if (!('postgres' in settings)) throw new Error('not PostgreSQL');
    return openPostgres(settings.postgres, () => {});
  };
  await answers(open);
  return {
    open,
    environment,
    stop: async () => {
      await ended(server);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answers(open: () => Promise<Database>): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    const db = await open();
    try {
      await db.query('SELECT 1');
      return;
    } catch (error) {
      if (attempt > 150) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    } finally {
      await db.close();
    }
  }
}

/** SIGINT: PostgreSQL's fast shutdown, which does not wait for clients. */
function ended(server: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (server.exitCode !== null) return resolve();
    server.once('exit', () => resolve());
    server.kill('SIGINT');
  });
}
