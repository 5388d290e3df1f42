import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Connections } from './database/database.ts';

/** Bounds in seconds; 0.2 and 0.5 are the limits that alerts and load tests ask about. */
const buckets = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2, 5, 10];
const labelNames = ['method', 'route', 'status'] as const;

export interface Metrics {
  readonly contentType: string;
  /** In Prometheus' text format. */
  text(): Promise<string>;
  /** Counts the request in; call the answer once when it is over. `route` is the pattern, never the path. */
  started(): (request: { method: string; route: string; status: number; seconds: number }) => void;
}

export function createMetrics(connections: () => Connections): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const total = new Counter({ name: 'http_requests_total', help: 'Requests answered', labelNames, registers });
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the request line to the last byte of the answer',
    labelNames,
    buckets,
    registers,
  });
  const inFlight = new Gauge({ name: 'http_requests_in_flight', help: 'Requests being answered now', registers });
  const pool: [string, string, (now: Connections) => number][] = [
    ['db_pool_connections', 'Open database connections', ({ open }) => open],
    ['db_pool_idle_connections', 'Open database connections that nobody uses', ({ idle }) => idle],
    ['db_pool_waiting_requests', 'Requests waiting for a database connection', ({ waiting }) => waiting],
  ];
  for (const [name, help, value] of pool) {
    void new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value(connections()));
      },
    });
  }
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    started: () => {
      inFlight.inc();
      return ({ method, route, status, seconds }) => {
        inFlight.dec();
        const labels = { method, route, status };
        total.inc(labels);
        durations.observe(labels, seconds);
      };
    },
  };
}
