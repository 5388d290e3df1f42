import type { Database } from '../../examples/gravl/service/src/database/database.ts';
import { logging } from '../../examples/gravl/service/src/logging.ts';
import { migrationsFolder, readMigrations } from '../../examples/gravl/service/src/migrations.ts';
import { type Service, startService } from '../../examples/gravl/service/src/service.ts';

export const migrations = readMigrations(migrationsFolder);
export const key = Buffer.from('8f1d7c3a0b5e92d6f4a1c8e37b60925d1f3a8c7e0b4d6925e8f1a7c3b0d49e62', 'hex');
export const page = 'http://127.0.0.1:8080';

/** The service on ports of the system's choice, and what it logged. */
export interface Running {
  readonly service: Service;
  readonly logs: string[];
  call(
    method: string,
    path: string,
    options?: { token?: string | undefined; body?: unknown; headers?: Record<string, string> },
  ): Promise<Answer>;
  /** What the metrics port says of the metric: one line per series. */
  metric(name: string): Promise<string[]>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Body;
}

/** Whatever the service may say, in one. */
export interface Body {
  readonly token?: string;
  readonly expiresAt?: string;
  readonly name?: string;
  readonly status?: string;
  readonly workouts?: readonly Workout[];
  readonly nextCursor?: string | null;
  readonly error?: { readonly code: string; readonly message: string };
}

export interface Workout {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly startedAt: string;
  readonly durationSeconds: number;
  readonly distanceMeters: number | null;
  readonly notes: string;
}

export async function run(db: Database, shutdownDelayMs = 0): Promise<Running> {
  const logs: string[] = [];
  const service = await startService({
    settings: { host: '127.0.0.1', port: 0, metricsPort: 0, corsOrigins: [page], shutdownDelayMs },
    db,
    migrations,
    key,
    logging: logging({}, 'info', (line) => logs.push(line)),
  });
  return {
    service,
    logs,
    call: (method, path, options = {}) => call(`http://127.0.0.1:${service.port}${path}`, method, options),
    metric: async (name) => {
      const { text } = await call(`http://127.0.0.1:${service.metricsPort}/metrics`, 'GET', {});
      return text.split('\n').filter((line) => line.startsWith(name));
    },
  };
}

export async function call(
  url: string,
  method: string,
  { token, body, headers }: { token?: string | undefined; body?: unknown; headers?: Record<string, string> },
): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parsed(text) };
}

function parsed(text: string): Body {
  try {
    return JSON.parse(text) as Body;
  } catch {
    return {};
  }
}
