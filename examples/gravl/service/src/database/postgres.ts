import { Pool, type PoolClient, type PoolConfig } from 'pg';
import type { Database, Row, Session } from './database.ts';

export interface PostgresSettings {
  readonly connection: PoolConfig;
  readonly poolSize: number;
  /** 0: no limit, as migrations need it. */
  readonly statementTimeoutMs: number;
}

/** `onIdleError`: a connection of the pool broke while nobody used it. */
export function openPostgres(settings: PostgresSettings, onIdleError: (error: Error) => void): Database {
  const pool = new Pool({
    ...settings.connection,
    max: settings.poolSize,
    application_name: 'gravl-backend',
    connectionTimeoutMillis: 3_000,
    idleTimeoutMillis: 30_000,
    ...(settings.statementTimeoutMs > 0 && {
      statement_timeout: settings.statementTimeoutMs,
      // The server's limit does not help against a network that swallows packets.
      query_timeout: settings.statementTimeoutMs + 1_000,
    }),
  });
  pool.on('error', onIdleError);
  return {
    query: async <R extends Row>(text: string, values: readonly unknown[] = []) => (await pool.query<R>(text, [...values])).rows,
    transaction: async (work) => inTransaction(await pool.connect(), work),
    close: () => pool.end(),
    connections: () => ({ open: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
  };
}

async function inTransaction<T>(client: PoolClient, work: (session: Session) => Promise<T>): Promise<T> {
  const session: Session = {
    query: async <R extends Row>(text: string, values: readonly unknown[] = []) =>
      (await client.query<R>(text, [...values])).rows,
    script: async (text) => {
      await client.query(text);
    },
  };
  let broken = false;
  try {
    await client.query('BEGIN');
    const result = await work(session);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {
      broken = true;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}
