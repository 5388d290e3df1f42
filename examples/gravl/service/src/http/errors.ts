import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { PasswordQueueFull } from '../passwords.ts';

/** An answer other than success that a handler decides on. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly statusCode: number;
  readonly code: string;

  constructor(statusCode: number, code: string, message: string) {
    super(message);
    this.statusCode = statusCode;
    this.code = code;
  }
}

export const unauthorized = (): HttpError => new HttpError(401, 'unauthorized', 'Sign in first.');

interface ErrorBody {
  readonly error: { readonly code: string; readonly message: string };
}

export const errorBody = (code: string, message: string): ErrorBody => ({ error: { code, message } });

/** Every error as `{ error: { code, message } }`, without stack traces and without words of the database. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const { status, code, message } = answerTo(error);
    // The request's own body and headers never enter the log; what the database says of values does not either.
    if (status >= 500) request.log.error({ err: error }, 'request failed');
    if (status === 401) void reply.header('www-authenticate', 'Bearer');
    if (status === 503) void reply.header('retry-after', '2');
    return reply.code(status).send(errorBody(code, message));
  });
  app.setNotFoundHandler((_request: FastifyRequest, reply: FastifyReply) =>
    reply.code(404).send(errorBody('not-found', 'There is nothing at this address.')),
  );
}

function answerTo(error: FastifyError): { status: number; code: string; message: string } {
  if (error instanceof HttpError) return { status: error.statusCode, code: error.code, message: error.message };
  if (error.validation !== undefined) return { status: 400, code: 'invalid-request', message: error.message };
  if (isUnavailable(error)) return { status: 503, code: 'unavailable', message: 'The service is busy. Try again shortly.' };
  const status = error.statusCode ?? 500;
  // Fastify's own refusals: a body too large, of an unknown type, or no JSON.
  if (status >= 400 && status < 500) return { status, code: refusals[status] ?? 'invalid-request', message: error.message };
  return { status: 500, code: 'internal', message: 'Something went wrong here.' };
}

const refusals: Readonly<Record<number, string>> = { 413: 'too-large', 415: 'unsupported-type' };

/**
 * No connection, none free in time, the server refuses, is starting, stopping or full (SQLSTATE classes 08, 28, 53, 57), or it cancelled
 * a statement that took too long.
 */
function isUnavailable(error: Error & { code?: string; syscall?: string }): boolean {
  return (
    error instanceof PasswordQueueFull ||
    error.syscall === 'connect' ||
    /^(ECONN|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN|FST_ERR_HANDLER_TIMEOUT|(08|28|53|57)[0-9A-Z]{3}$)/.test(error.code ?? '') ||
    /^(timeout exceeded when trying to connect|Connection terminated|Query read timeout)/i.test(error.message)
  );
}
