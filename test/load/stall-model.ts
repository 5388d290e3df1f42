import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A server that freezes once, and the load on it. All times in ms. */
export interface StallCase {
  readonly rate: number;
  readonly warmupMs: number;
  readonly steadyMs: number;
  readonly serviceMs: number;
  /** From the first request. */
  readonly stallAtMs: number;
  readonly stallMs: number;
  readonly workers: number;
  readonly connections: number;
}

/** What the server did: when it was frozen, from start 0, and how long it took over a request otherwise. */
export interface Stall {
  readonly fromMs: number;
  readonly toMs: number;
  readonly serviceMs: number;
  /** How long after the stall the server took up each request that had waited: accepting connections and reading them takes its time. */
  readonly takenUp: readonly number[];
}

export interface StallServer {
  readonly url: string;
  stall(): Promise<Stall>;
  stop(): void;
}

export async function startStallServer({
  rate,
  serviceMs,
  stallAtMs,
  stallMs,
}: Omit<StallCase, 'workers' | 'connections' | 'warmupMs' | 'steadyMs'>): Promise<StallServer> {
  const child = fork(join(import.meta.dirname, 'stall-server.ts'), [rate, serviceMs, stallAtMs, stallMs].map(String), {
    execArgv: [],
  });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return {
    url: `http://127.0.0.1:${port}/`,
    stall: async () => {
      child.send('stall');
      const [stall] = (await once(child, 'message')) as [Stall];
      return stall;
    },
    stop: () => void child.kill('SIGKILL'),
  };
}

/**
 * The latencies in ms, ascending, that a perfect generator would measure in the steady window. Each start takes the connection of its worker
 * that is free first. What the server had taken up before the stall ends with it; what came meanwhile is taken up then,
 * oldest first, as fast as the server says that it did.
 */
export function expectedLatencies(load: StallCase, { fromMs, toMs, serviceMs, takenUp }: Stall): readonly number[] {
  let waiting = 0;
  const free = Array.from({ length: load.workers }, (_, worker) => {
    const connections = Math.floor(load.connections / load.workers) + (worker < load.connections % load.workers ? 1 : 0);
    return Array.from({ length: connections }, () => 0);
  });
  const finish = (begin: number): number => {
    if (begin + serviceMs <= fromMs || begin >= toMs) return begin + serviceMs;
    return begin < fromMs ? toMs : toMs + (takenUp[waiting++] ?? 0) + serviceMs;
  };
  const latencies: number[] = [];
  const total = Math.round(((load.warmupMs + load.steadyMs) / 1000) * load.rate);
  for (let start = 0; start < total; start += 1) {
    const intended = (start / load.rate) * 1000;
    const connections = free[start % load.workers] ?? [];
    const soonest = connections.indexOf(Math.min(...connections));
    const end = finish(Math.max(intended, connections[soonest] ?? 0));
    connections[soonest] = end;
    if (intended >= load.warmupMs) latencies.push(end - intended);
  }
  return latencies.sort((a, b) => a - b);
}

/** Nearest rank, of values in ascending order. */
export const rank = (values: readonly number[], share: number): number =>
  values[Math.ceil(share * values.length - 1e-9) - 1] ?? 0;
