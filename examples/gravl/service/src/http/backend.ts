import { randomUUID } from 'node:crypto';
import Fastify, { type FastifyInstance, type FastifyRequest, LogController } from 'fastify';
import type { Database } from '../database/database.ts';
import type { Logging } from '../logging.ts';
import type { Metrics } from '../metrics.ts';
import type { Passwords } from '../passwords.ts';
import type { Tokens } from '../tokens.ts';
import { allowOrigins } from './cors.ts';
import { answerErrors, errorBody } from './errors.ts';
import { isProbe, serveHealth } from './health.ts';
import { serveSessions } from './sessions.ts';
import { serveWorkouts } from './workouts.ts';

export interface BackendParts {
  readonly db: Database;
  readonly passwords: Passwords;
  readonly tokens: Tokens;
  readonly metrics: Metrics;
  readonly corsOrigins: readonly string[];
  readonly logging: Logging;
  /** Whether to send requests here. */
  readonly isReady: () => Promise<boolean>;
}

export function createBackend(parts: BackendParts): FastifyInstance {
  const app = Fastify({
    logger: parts.logging,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    bodyLimit: 16_384,
    // A client that sends its request slowly, and a handler that does not come to an end.
    requestTimeout: 10_000,
    connectionTimeout: 30_000,
    handlerTimeout: 8_000,
    keepAliveTimeout: 75_000,
    // While draining, requests on open connections are still answered, and told to close.
    return503OnClosing: false,
    // A path that cannot be decoded never reaches the hooks.
    frameworkErrors: (_error, _request, reply) => {
      const body = JSON.stringify(errorBody('invalid-request', 'That address cannot be read.'));
      reply.raw
        .writeHead(400, { 'content-type': 'application/json; charset=utf-8', 'x-content-type-options': 'nosniff' })
        .end(body);
    },
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, allErrors: false } },
  });
  observe(app, parts.metrics);
  app.addHook('onSend', async (request, reply) => {
    reply.header('x-request-id', request.id);
    reply.header('x-content-type-options', 'nosniff');
    reply.header('cache-control', 'no-store');
  });
  allowOrigins(app, parts.corsOrigins);
  answerErrors(app);
  serveHealth(app, parts.isReady);
  serveSessions(app, parts.db, parts.passwords, parts.tokens);
  serveWorkouts(app, parts.db, parts.tokens);
  return app;
}

/** One log line and one measurement a request, also for those whose client went away: nginx's 499. */
function observe(app: FastifyInstance, metrics: Metrics): void {
  app.addHook('onRequest', async (request, reply) => {
    const route = routeOf(request);
    if (isProbe(route)) return;
    const startedAt = performance.now();
    const finish = metrics.started();
    reply.raw.once('close', () => {
      const seconds = (performance.now() - startedAt) / 1_000;
      const status = reply.raw.writableFinished ? reply.raw.statusCode : 499;
      finish({ method: request.method, route, status, seconds });
      request.log.info({ method: request.method, route, status, ms: Math.round(seconds * 1_000) }, 'answered');
    });
  });
}

const routeOf = (request: FastifyRequest): string => request.routeOptions.url ?? 'unmatched';
