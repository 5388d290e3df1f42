import { type Environment, originOf, origins, port, readSecretFile, secretText, text, wholeNumber } from './environment.ts';
import type { PostgresSettings } from './database/postgres.ts';
import { SetupError } from './setup-error.ts';

/** PostgreSQL, or PGlite in this process: in `folder`, or in memory. */
export type DatabaseSettings = { readonly postgres: PostgresSettings } | { readonly pglite: { readonly folder?: string } };

/** `host`: the address to listen on. A port of 0 lets the system choose. */
export interface BackendSettings {
  readonly host: string;
  readonly port: number;
  readonly metricsPort: number;
  readonly corsOrigins: readonly string[];
  /** How long to go on taking requests after saying that it is not ready: until load balancers have noticed. */
  readonly shutdownDelayMs: number;
}

export interface FrontendSettings {
  readonly host: string;
  readonly port: number;
  /** Where browsers find the backend. */
  readonly apiOrigin: string;
}

const ANY_ADDRESS = '0.0.0.0';

export function backendSettings(environment: Environment): BackendSettings {
  return {
    host: text(environment, 'HOST') ?? ANY_ADDRESS,
    port: port(environment, 'PORT', 3_000),
    metricsPort: port(environment, 'METRICS_PORT', 3_001),
    corsOrigins: origins(environment, 'CORS_ORIGIN'),
    shutdownDelayMs: wholeNumber(environment, 'SHUTDOWN_DELAY_MS', 0, [0, 5_000]),
  };
}

export function frontendSettings(environment: Environment): FrontendSettings {
  return {
    host: text(environment, 'HOST') ?? ANY_ADDRESS,
    port: port(environment, 'FRONTEND_PORT', 8_080),
    apiOrigin: originOf(text(environment, 'API_ORIGIN') ?? 'https://api.gravl.app', 'API_ORIGIN'),
  };
}

/** `migrating`: statements may take as long as they need. */
export function databaseSettings(environment: Environment, use: 'serving' | 'migrating'): DatabaseSettings {
  const connection = connectionOf(environment);
  if (connection === undefined) return embedded(environment);
  return {
    postgres: {
      connection,
      // The runbook on connections counts on 20 a replica.
      poolSize: wholeNumber(environment, 'DATABASE_POOL_SIZE', use === 'serving' ? 20 : 2, [1, 200]),
      statementTimeoutMs: use === 'serving' ? wholeNumber(environment, 'DATABASE_STATEMENT_TIMEOUT_MS', 5_000, [0, 600_000]) : 0,
    },
  };
}

function connectionOf(environment: Environment): PostgresSettings['connection'] | undefined {
  const url = secretText(environment, 'DATABASE_URL');
  const host = text(environment, 'DATABASE_HOST');
  if (url !== undefined && host !== undefined)
    throw new SetupError('Both DATABASE_URL and DATABASE_HOST are set; set one of them.');
  if (url !== undefined) {
    if (!URL.canParse(url) || !/^postgres(ql)?:$/.test(new URL(url).protocol)) {
      throw new SetupError('DATABASE_URL must look like postgresql://user:password@host:5432/name.');
    }
    return { connectionString: url };
  }
  if (host === undefined) return undefined;
  return {
    host,
    port: port(environment, 'DATABASE_PORT', 5_432),
    database: text(environment, 'DATABASE_NAME') ?? 'gravl',
    user: text(environment, 'DATABASE_USER') ?? 'gravl',
    ...passwordOf(environment),
  };
}

/** A password in a file is read for each new connection: it is replaced every 90 days while the service runs. */
function passwordOf(environment: Environment): Pick<PostgresSettings['connection'], 'password'> {
  const password = secretText(environment, 'DATABASE_PASSWORD');
  const file = text(environment, 'DATABASE_PASSWORD_FILE');
  if (file !== undefined) return { password: () => readSecretFile(file, 'DATABASE_PASSWORD_FILE') };
  return password === undefined ? {} : { password };
}

function embedded(environment: Environment): DatabaseSettings {
  const folder = text(environment, 'GRAVL_DATA');
  if (folder === undefined && environment.NODE_ENV === 'production') {
    throw new SetupError('No database is set: DATABASE_URL or DATABASE_HOST. In production nothing is kept in memory.');
  }
  return { pglite: folder === undefined ? {} : { folder } };
}
