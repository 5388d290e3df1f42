import { setTimeout } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { Database } from './database/database.ts';
import { createBackend } from './http/backend.ts';
import { createMetricsServer } from './http/metrics-server.ts';
import { listen } from './listen.ts';
import type { Logging } from './logging.ts';
import { createMetrics } from './metrics.ts';
import { isMigrated, type Migration } from './migrations.ts';
import { createPasswords } from './passwords.ts';
import type { BackendSettings } from './settings.ts';
import { drain } from './shutdown.ts';
import { createTokens } from './tokens.ts';

export interface ServiceParts {
  readonly settings: BackendSettings;
  readonly db: Database;
  readonly migrations: readonly Migration[];
  readonly key: Uint8Array;
  readonly logging: Logging;
}

/** Ports as listened on. */
export interface Service {
  readonly app: FastifyInstance;
  readonly port: number;
  readonly metricsPort: number;
  /** Not ready at once; what is in flight is answered; then the database closes. Metrics end last. */
  stop(): Promise<void>;
}

/** Backend and metrics, listening. */
export async function startService({ settings, db, migrations, key, logging }: ServiceParts): Promise<Service> {
  const metrics = createMetrics(() => db.connections());
  let draining = false;
  const app = createBackend({
    db,
    metrics,
    logging,
    passwords: createPasswords(),
    tokens: createTokens(key),
    corsOrigins: settings.corsOrigins,
    isReady: async () => !draining && (await isMigrated(db, migrations)),
  });
  const metricsServer = createMetricsServer(metrics);
  const { host } = settings;
  const metricsPort = await listen(metricsServer, {
    host,
    port: settings.metricsPort,
    what: 'metrics',
    variable: 'METRICS_PORT',
  });
  let port: number;
  try {
    port = await listen(app, { host, port: settings.port, what: 'backend', variable: 'PORT' });
  } catch (error) {
    metricsServer.close();
    throw error;
  }
  return {
    app,
    port,
    metricsPort,
    stop: async () => {
      draining = true;
      await setTimeout(settings.shutdownDelayMs);
      await drain(app);
      await db.close();
      metricsServer.closeAllConnections();
      await new Promise((resolve) => metricsServer.close(resolve));
    },
  };
}
