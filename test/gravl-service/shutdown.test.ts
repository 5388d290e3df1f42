import { describe, expect, it } from 'vitest';
import type { Database } from '../../examples/gravl/service/src/database/database.ts';
import { createFrontend } from '../../examples/gravl/service/src/http/frontend.ts';
import { logging } from '../../examples/gravl/service/src/logging.ts';
import { drain } from '../../examples/gravl/service/src/shutdown.ts';
import { key, run } from './running.ts';
import { signed } from './tokens.ts';

/** A database that answers when told to, and says what happened to it. */
function slowDatabase(): { db: Database; events: string[]; release: () => void } {
  const events: string[] = [];
  let release = (): void => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const db: Database = {
    query: async () => {
      events.push('query');
      await gate;
      events.push('answered');
      return [];
    },
    transaction: () => Promise.reject(new Error('not used')),
    close: async () => {
      events.push('closed');
    },
    connections: () => ({ open: 1, idle: 0, waiting: 0 }),
  };
  return { db, events, release };
}

describe('stopping', () => {
  it('is not ready at once, answers what is in flight, takes nothing new, then closes the database', async () => {
    const now = Math.floor(Date.now() / 1_000);
    const token = signed({ iss: 'gravl', aud: 'gravl-api', sub: '1', iat: now, exp: now + 60 }, key);
    const { db, events, release } = slowDatabase();
    const running = await run(db, 400);
    const inFlight = running.call('GET', '/api/v1/workouts', { token });
    await expect.poll(() => events).toEqual(['query']);

    const stopped = running.service.stop();
    expect((await running.call('GET', '/readyz')).status).toBe(503);
    expect((await running.call('GET', '/healthz')).status).toBe(200);
    // The delay is over: the port no longer answers, and the request still may.
    await expect
      .poll(
        () =>
          running.call('GET', '/healthz').then(
            () => 'taken',
            () => 'refused',
          ),
        { timeout: 10_000 },
      )
      .toBe('refused');
    expect(events).toEqual(['query']);
    release();
    expect((await inFlight).status).toBe(200);
    await stopped;
    expect(events).toEqual(['query', 'answered', 'closed']);
  });

  it('does not wait for a connection that is kept alive, and cuts off a request that never ends', async () => {
    const app = createFrontend('http://127.0.0.1:3000', logging({ LOG_LEVEL: 'silent' }));
    app.get('/never', () => new Promise(() => {}));
    const base = await app.listen({ host: '127.0.0.1', port: 0 });
    await fetch(`${base}/healthz`).then((response) => response.text());
    const stuck = fetch(`${base}/never`).then(
      () => 'answered',
      () => 'cut off',
    );
    await expect
      .poll(() => fetch(`${base}/stub_status`).then((response) => response.text()))
      .toMatch(/^Active connections: [2-9]/);
    const startedAt = performance.now();
    await drain(app, 300);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    expect(await stuck).toBe('cut off');
  });
});
