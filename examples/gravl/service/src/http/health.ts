import type { FastifyInstance } from 'fastify';

/** `/health` is staging's only probe path, and a liveness probe there: it must not depend on the database. */
const alive = ['/healthz', '/health', '/health/live'];
const ready = ['/readyz', '/health/ready'];

/** Probes would drown the traffic of a quiet service, in metrics and in logs. */
export const isProbe = (route: string): boolean => alive.includes(route) || ready.includes(route);

/** `isReady` may take as long as it likes; a probe waits a second and a half. */
export function serveHealth(app: FastifyInstance, isReady: () => Promise<boolean>): void {
  let asking: Promise<boolean> | undefined;
  // Whoever asks meanwhile gets the same answer, so that nobody can load the database by asking.
  const ask = (): Promise<boolean> =>
    (asking ??= isReady()
      .catch(() => false)
      .finally(() => {
        asking = undefined;
      }));
  for (const url of alive) app.get(url, { logLevel: 'warn' }, () => ({ status: 'alive' }));
  for (const url of ready) {
    app.get(url, { logLevel: 'warn' }, async (_request, reply) => {
      const isUp = await withinMs(ask(), 1_500);
      return reply.code(isUp ? 200 : 503).send({ status: isUp ? 'ready' : 'not ready' });
    });
  }
}

function withinMs(answer: Promise<boolean>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
