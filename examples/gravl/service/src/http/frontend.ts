import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Fastify, { type FastifyInstance, LogController } from 'fastify';
import type { Logging } from '../logging.ts';

const folder = join(import.meta.dirname, '..', '..', 'public');

const files = {
  '/index.html': 'text/html; charset=utf-8',
  '/app.js': 'text/javascript; charset=utf-8',
  '/style.css': 'text/css; charset=utf-8',
  '/icon.svg': 'image/svg+xml',
} as const;

/** The page, from memory. It calls the backend at `apiOrigin` and nothing else. */
export function createFrontend(apiOrigin: string, logging: Logging): FastifyInstance {
  const headers = securityHeaders(apiOrigin);
  const app = Fastify({
    logger: logging,
    logController: new LogController({ disableRequestLogging: true }),
    requestTimeout: 10_000,
    bodyLimit: 1_024,
    return503OnClosing: false,
    // A path that cannot be decoded never reaches the hooks.
    frameworkErrors: (_error, _request, reply) => {
      reply.raw.writeHead(400, { ...headers, 'content-type': 'text/plain; charset=utf-8' }).end('That address cannot be read.\n');
    },
  });
  app.addHook('onSend', async (_request, reply) => {
    reply.headers(headers);
  });
  for (const [path, type] of Object.entries(files)) {
    // The origin holds no character that HTML would read: it came out of URL.
    const content = readFileSync(join(folder, path), 'utf8').replace('__API_ORIGIN__', apiOrigin);
    const send = { type, content: Buffer.from(content) };
    for (const url of path === '/index.html' ? ['/', path] : [path]) {
      app.get(url, async (_request, reply) => reply.type(send.type).header('cache-control', 'no-cache').send(send.content));
    }
  }
  app.get('/healthz', () => ({ status: 'alive' }));
  serveStatus(app);
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).type('text/plain; charset=utf-8').send('There is nothing at this address.\n'),
  );
  app.setErrorHandler<Error & { statusCode?: number }>((error, request, reply) => {
    const status = error.statusCode !== undefined && error.statusCode < 500 ? error.statusCode : 500;
    if (status === 500) request.log.error({ err: error }, 'request failed');
    return reply.code(status).type('text/plain; charset=utf-8').send('That did not work.\n');
  });
  return app;
}

function securityHeaders(apiOrigin: string): Record<string, string> {
  return {
    'content-security-policy': [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self'",
      `connect-src ${apiOrigin}`,
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=()',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  };
}

/** For the exporter that sits in the same Pod: nginx's stub_status, to this machine only. */
function serveStatus(app: FastifyInstance): void {
  let open = 0;
  let accepted = 0;
  let requests = 0;
  app.server.on('connection', (socket) => {
    open += 1;
    accepted += 1;
    socket.once('close', () => {
      open -= 1;
    });
  });
  app.addHook('onRequest', async () => {
    requests += 1;
  });
  app.get('/stub_status', async (request, reply) => {
    if (!/^(::ffff:)?127\.|^::1$/.test(request.socket.remoteAddress ?? '')) return reply.callNotFound();
    const lines = [
      `Active connections: ${open} `,
      'server accepts handled requests',
      ` ${accepted} ${accepted} ${requests} `,
      `Reading: 0 Writing: 1 Waiting: ${Math.max(0, open - 1)} `,
    ];
    return reply.type('text/plain').send(`${lines.join('\n')}\n`);
  });
}
