import type { FastifyServerOptions } from 'fastify';
import { type Environment, text } from './environment.ts';
import { SetupError } from './setup-error.ts';

export type Logging = Exclude<NonNullable<FastifyServerOptions['logger']>, boolean>;

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'];

/** JSON lines on standard output. `write`: elsewhere. */
export function logging(environment: Environment, fallback = 'info', write?: (line: string) => void): Logging {
  const level = text(environment, 'LOG_LEVEL') ?? fallback;
  if (!levels.includes(level)) throw new SetupError(`LOG_LEVEL must be one of ${levels.join(', ')}.`);
  return {
    level,
    base: { app: 'backend' },
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: describeError },
    ...(write !== undefined && { stream: { write } }),
  };
}

/** Errors of the database carry rows and statements in further fields (detail, where, parameters): those stay out. */
function describeError(error: unknown): { type: string; message: string; stack: string; code?: string } {
  if (!(error instanceof Error)) return { type: typeof error, message: 'not an error', stack: '' };
  const { code } = error as NodeJS.ErrnoException;
  return { type: error.name, message: error.message, stack: error.stack ?? '', ...(typeof code === 'string' && { code }) };
}
