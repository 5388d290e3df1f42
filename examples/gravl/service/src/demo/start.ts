import { randomBytes } from 'node:crypto';
import { openDatabase } from '../database/open.ts';
import type { Environment } from '../environment.ts';
import { createFrontend } from '../http/frontend.ts';
import { jwtKey } from '../jwt-secret.ts';
import { listen, type Listening, requireFree } from '../listen.ts';
import { logging } from '../logging.ts';
import { migrateUp, migrationsFolder, readMigrations } from '../migrations.ts';
import { createPasswords } from '../passwords.ts';
import { startService } from '../service.ts';
import { backendSettings, databaseSettings, frontendSettings } from '../settings.ts';
import { SetupError } from '../setup-error.ts';
import { drain, stopOnSignal } from '../shutdown.ts';
import { demoPassword, demoUsers, putDemoData } from './data.ts';

const loopback = '127.0.0.1';
const tell = (line: string): boolean => process.stdout.write(`${line}\n`);

/** `npm run gravl`: all of Gravl in this process, on loopback, with demo data. */
async function start(environment: Environment): Promise<void> {
  const places = listeningAt(environment);
  const key = environment.JWT_SECRET || environment.JWT_SECRET_FILE ? jwtKey(environment) : randomBytes(32);
  const place = databaseSettings(environment, 'serving');
  for (const each of Object.values(places)) await requireFree(each);

  const log = logging(environment, 'warn');
  const migrations = readMigrations(migrationsFolder);
  const db = await openDatabase(place, () => {});
  try {
    await migrateUp(db, migrations, () => {});
    await putDemoData(db, createPasswords());
    const { port } = places.frontend;
    const corsOrigins = [`http://${loopback}:${port}`, `http://localhost:${port}`];
    const settings = { ...backendSettings(environment), host: loopback, corsOrigins };
    const service = await startService({ settings, db, migrations, key, logging: log });
    const frontend = createFrontend(`http://${loopback}:${service.port}`, log);
    await listen(frontend, places.frontend);
    stopOnSignal(
      async () => {
        await drain(frontend);
        await service.stop();
      },
      () => tell('\nStopping.'),
    );
    tell(screen(environment, 'pglite' in place, { backend: service.port, metrics: service.metricsPort, frontend: port }));
  } catch (error) {
    await db.close().catch(() => {});
    throw error;
  }
}

function listeningAt(environment: Environment): { backend: Listening; metrics: Listening; frontend: Listening } {
  const { port, metricsPort } = backendSettings(environment);
  return {
    backend: { host: loopback, port, what: 'backend', variable: 'PORT' },
    metrics: { host: loopback, port: metricsPort, what: 'metrics', variable: 'METRICS_PORT' },
    frontend: { host: loopback, port: frontendSettings(environment).port, what: 'frontend', variable: 'FRONTEND_PORT' },
  };
}

function screen(
  environment: Environment,
  isEmbedded: boolean,
  ports: { backend: number; metrics: number; frontend: number },
): string {
  const api = `http://${loopback}:${ports.backend}`;
  const kept = environment.GRAVL_DATA ? `PGlite in ${environment.GRAVL_DATA}` : 'PGlite in memory, gone when this stops';
  return `
Gravl runs.

  page      http://${loopback}:${ports.frontend}
  backend   ${api}
  metrics   http://${loopback}:${ports.metrics}/metrics
  database  ${isEmbedded ? kept : 'PostgreSQL, as set'}

  sign in   ${demoUsers[0].email}
  password  ${demoPassword}

Load-test it from a second terminal, five and a half minutes, and review with what that found:

  export GRAVL_API_URL=${api} GRAVL_PASSWORD=${demoPassword}
  npm run -s seaworthy -- load --config examples/gravl/production.seaworthy.yaml
  npm run -s seaworthy -- review examples/gravl/production.seaworthy.yaml

Ctrl-C stops it.`;
}

try {
  await start(process.env);
} catch (error) {
  process.stderr.write(error instanceof SetupError ? `${error.message}\n` : `Gravl did not start: ${(error as Error).message}\n`);
  process.exit(1);
}
