/** Under the grace of both environments: 30 s in staging, 45 s less 10 s of preStop in production. */
const DEADLINE_MS = 25_000;

/**
 * Stops once on SIGTERM or SIGINT and exits with 0; with 1 when that takes too long or fails. A second signal ends the process at once.
 */
export function stopOnSignal(stop: () => Promise<void>, tell: (what: string) => void): void {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(1);
    stopping = true;
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
