import type { FastifyInstance } from 'fastify';

/** After this, what is still in flight is cut off, so that the rest can end in order. */
const DRAIN_MS = 18_000;

/** Under the grace of both environments: 30 s in staging, 45 s less 10 s of preStop in production. */
const DEADLINE_MS = 25_000;

/**
 * Stops once on SIGTERM or SIGINT and exits with 0; with 1 when that takes too long or fails. A second signal ends the process at once.
 */
export function stopOnSignal(stop: () => Promise<void>, tell: (what: string) => void): void {
  let stoppingSince: number | undefined;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stoppingSince !== undefined) {
      // Ctrl-C comes from the terminal and again from npm.
      if (performance.now() - stoppingSince > 500) process.exit(1);
      return;
    }
    stoppingSince = performance.now();
    tell(`${signal}: stopping`);
    setTimeout(() => {
      tell('Not everything ended in time.');
      process.exit(1);
    }, DEADLINE_MS).unref();
    stop().then(
      () => process.exit(0),
      (error: Error) => {
        tell(`Stopping failed: ${error.message}`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

/** Answers what is in flight, closes each connection as it falls idle, and takes no new one. */
export async function drain(app: FastifyInstance, limitMs = DRAIN_MS): Promise<void> {
  // Node closes the connections that are idle now; one that falls idle later would be kept alive for its full time.
  const idle = setInterval(() => app.server.closeIdleConnections(), 50);
  const late = setTimeout(() => app.server.closeAllConnections(), limitMs);
  try {
    await app.close();
  } finally {
    clearInterval(idle);
    clearTimeout(late);
  }
}
