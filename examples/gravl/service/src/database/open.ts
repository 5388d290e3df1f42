import type { DatabaseSettings } from '../settings.ts';
import type { Database } from './database.ts';
import { openPostgres } from './postgres.ts';

/** `onIdleError`: a connection broke while nobody used it; the pool opens another. */
export async function openDatabase(settings: DatabaseSettings, onIdleError: (error: Error) => void): Promise<Database> {
  if ('postgres' in settings) return openPostgres(settings.postgres, onIdleError);
  // Loaded when needed only: it holds a whole PostgreSQL.
  const { openPglite } = await import('./pglite.ts');
  return openPglite(settings.pglite.folder);
}
