/** At most this many lines wait; beyond it the oldest go, as standard output has them too. */
const MOST_WAITING = 5_000;
const INTERVAL_MS = 1_000;
const TIMEOUT_MS = 3_000;

export interface Loki {
  write(line: string): void;
  /** Sends what waits, once. */
  close(): Promise<void>;
}

/** Sends log lines to Loki's push API, a batch a second. Never in the way: what cannot be sent is dropped. */
export function createLoki(origin: string, labels: Readonly<Record<string, string>>): Loki {
  let waiting: [string, string][] = [];
  let sending: Promise<void> | undefined;
  const push = async (values: [string, string][]): Promise<void> => {
    const response = await fetch(`${origin}/loki/api/v1/push`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ streams: [{ stream: labels, values }] }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.arrayBuffer();
  };
  // One batch at a time: a slow Loki must not gather connections.
  const flush = async (): Promise<void> => {
    if (sending !== undefined || waiting.length === 0) return sending;
    const batch = waiting;
    waiting = [];
    sending = push(batch)
      .catch(() => {})
      .finally(() => {
        sending = undefined;
      });
    return sending;
  };
  const timer = setInterval(() => void flush(), INTERVAL_MS).unref();
  return {
    write: (line) => {
      waiting.push([`${Date.now()}000000`, line.trimEnd()]);
      if (waiting.length > MOST_WAITING) waiting = waiting.slice(-MOST_WAITING / 2);
    },
    close: async () => {
      clearInterval(timer);
      await sending;
      await flush();
    },
  };
}
