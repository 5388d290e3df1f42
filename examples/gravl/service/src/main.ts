import { openDatabase } from './database/open.ts';
import { type Environment, originOf, text } from './environment.ts';
import { createFrontend } from './http/frontend.ts';
import { jwtKey } from './jwt-secret.ts';
import { listen } from './listen.ts';
import { logging } from './logging.ts';
import { createLoki, type Loki } from './loki.ts';
import { migrate } from './migrate.ts';
import { migrateUp, migrationsFolder, readMigrations } from './migrations.ts';
import { startService } from './service.ts';
import { backendSettings, databaseSettings, frontendSettings } from './settings.ts';
import { SetupError } from './setup-error.ts';
import { drain, stopOnSignal } from './shutdown.ts';

const usage = 'Usage: main.ts [serve | frontend | migrate up | migrate down COUNT | migrate status]';

async function main([command = 'serve', ...rest]: readonly string[]): Promise<void> {
  if (command === 'serve' && rest.length === 0) return serve();
  if (command === 'frontend' && rest.length === 0) return frontend();
  if (command === 'migrate') return migrate(rest, process.env, (line) => process.stdout.write(`${line}\n`));
  throw new SetupError(usage);
}

async function serve(): Promise<void> {
  const key = jwtKey(process.env);
  const settings = backendSettings(process.env);
  const loki = lokiOf(process.env);
  const log = logging(process.env, 'info', loki && withLoki(loki));
  const place = databaseSettings(process.env, 'serving');
  const migrations = readMigrations(migrationsFolder);
  // Loss of an idle connection: what `app` logs before it exists goes nowhere, and nothing can happen before.
  let warn = (_error: Error): void => {};
  const db = await openDatabase(place, (error) => warn(error));
  // Nobody else can reach a database inside this process.
  if ('pglite' in place) await migrateUp(db, migrations, () => {});
  const service = await startService({ settings, db, migrations, key, logging: log });
  warn = (error) => service.app.log.warn({ err: error }, 'a database connection was lost');
  service.app.log.info({ metricsPort: service.metricsPort }, 'metrics listen');
  stopOnSignal(
    async () => {
      await service.stop();
      await loki?.close();
    },
    (what) => service.app.log.info(what),
  );
}

function lokiOf(environment: Environment): Loki | undefined {
  const url = text(environment, 'LOKI_URL');
  return url === undefined ? undefined : createLoki(originOf(url, 'LOKI_URL'), { app: 'backend' });
}

const withLoki = (loki: Loki) => (line: string) => {
  process.stdout.write(line);
  loki.write(line);
};

async function frontend(): Promise<void> {
  const settings = frontendSettings(process.env);
  const app = createFrontend(settings.apiOrigin, logging(process.env));
  await listen(app, { host: settings.host, port: settings.port, what: 'frontend', variable: 'FRONTEND_PORT' });
  stopOnSignal(
    () => drain(app),
    (what) => app.log.info(what),
  );
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(error instanceof SetupError ? `${error.message}\n` : `${(error as Error).stack}\n`);
  process.exit(1);
}
