import { PGlite, type Transaction } from '@electric-sql/pglite';
import type { Database, Row, Session } from './database.ts';

/** PostgreSQL in this process, with one connection. `folder` absent: in memory, gone with the process. */
export async function openPglite(folder?: string): Promise<Database> {
  const db = await (folder === undefined ? PGlite.create() : PGlite.create(folder));
  let waiting = 0;
  const counted = async <T>(work: () => Promise<T>): Promise<T> => {
    waiting += 1;
    try {
      return await work();
    } finally {
      waiting -= 1;
    }
  };
  return {
    query: <R extends Row>(text: string, values: readonly unknown[] = []) =>
      counted(async () => (await db.query<R>(text, [...values])).rows),
    transaction: (work) => counted(() => db.transaction((transaction) => work(sessionOf(transaction)))),
    close: async () => {
      if (!db.closed) await db.close();
    },
    connections: () => ({ open: 1, idle: waiting === 0 ? 1 : 0, waiting: Math.max(0, waiting - 1) }),
  };
}

function sessionOf(transaction: Transaction): Session {
  return {
    query: async <R extends Row>(text: string, values: readonly unknown[] = []) =>
      (await transaction.query<R>(text, [...values])).rows,
    script: async (text) => {
      await transaction.exec(text);
    },
  };
}
