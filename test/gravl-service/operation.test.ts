import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoPassword } from '../../examples/gravl/service/src/demo/data.ts';
import { databaseKinds, startLimitMs } from './databases.ts';
import { dana, type Gravl, startGravl } from './gravl.ts';
import { call, key, page } from './running.ts';

describe.each(databaseKinds)('operation of the Gravl service on $name', (kind) => {
  let gravl: Gravl;

  beforeAll(async () => {
    gravl = await startGravl(kind);
  }, startLimitMs);

  afterAll(() => gravl.stop(), startLimitMs);

  describe('metrics', () => {
    it('are on their own port, and on no other', async () => {
      expect((await gravl.running.call('GET', '/metrics')).status).toBe(404);
      expect(await gravl.running.metric('http_requests_total')).not.toEqual([]);
    });

    it('have the names of the alert rules and the dashboards', async () => {
      for (const name of [
        'http_requests_total{',
        'http_request_duration_seconds_bucket{le="0.2"',
        'http_requests_in_flight ',
        'nodejs_eventloop_lag_p99_seconds ',
        'process_start_time_seconds ',
        'db_pool_connections ',
        'db_pool_idle_connections ',
        'db_pool_waiting_requests ',
      ]) {
        expect(await gravl.running.metric(name), name).not.toEqual([]);
      }
    });

    it('count by route pattern and status, never by path, and leave probes out', async () => {
      await gravl.list(undefined);
      for (const path of ['/api/v1/workouts/12345', '/wp-login.php', '/healthz', '/readyz'])
        await gravl.running.call('GET', path);
      const labels = async (name: string) => {
        const found = (await gravl.running.metric('http_requests_total')).map(
          (line) => new RegExp(`${name}="([^"]*)"`).exec(line)?.[1],
        );
        return [...new Set(found)].sort();
      };
      // A request is counted when its connection is done with it, a moment after its answer.
      await expect.poll(() => labels('route')).toEqual(['/api/v1/sessions', '/api/v1/workouts', 'unmatched']);
      await expect.poll(() => labels('status')).toEqual(['201', '401', '404']);
    });

    it('count nothing in flight when nothing is', async () => {
      await expect.poll(() => gravl.running.metric('http_requests_in_flight ')).toEqual(['http_requests_in_flight 0']);
    });
  });

  it('gives a CPU profile on the metrics port, for at most half a minute', async () => {
    const get = (query: string) =>
      call(`http://127.0.0.1:${gravl.running.service.metricsPort}/debug/cpu-profile${query}`, 'GET', {});
    const [profile, second] = await Promise.all([get('?seconds=1'), get('?seconds=1')]);
    expect([profile.status, second.status].sort()).toEqual([200, 409]);
    expect(profile.text + second.text).toContain('"nodes"');
    for (const query of ['?seconds=0', '?seconds=31', '?seconds=x']) expect((await get(query)).status, query).toBe(400);
    expect((await gravl.running.call('GET', '/debug/cpu-profile')).status).toBe(404);
  });

  describe('answers', () => {
    it('carry the headers that keep them from being cached or sniffed', async () => {
      const { headers } = await gravl.list(gravl.danas, '?limit=1');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-powered-by')).toBeNull();
    });

    it('say in JSON that an address cannot be read', async () => {
      const { status, json } = await gravl.running.call('GET', '/%c0');
      expect([status, json.error?.code]).toEqual([400, 'invalid-request']);
    });

    it('let the page of CORS_ORIGIN in, and no other', async () => {
      const from = async (origin: string) =>
        (
          await gravl.running.call('OPTIONS', '/api/v1/workouts', {
            headers: { origin, 'access-control-request-method': 'POST' },
          })
        ).headers.get('access-control-allow-origin');
      expect(await from(page)).toBe(page);
      expect(await from('https://evil.example')).toBeNull();
      expect(await from(`${page}.evil.example`)).toBeNull();
    });
  });

  it('writes no secret into its log: no password, token, address or body', async () => {
    await gravl.signIn(dana.email, 'a-password-nobody-logs');
    await gravl.running.call('POST', '/api/v1/sessions', { body: '{"password":"a-password-nobody-logs"' });
    await gravl.list(gravl.danas);
    const log = gravl.running.logs.join('');
    expect(log).toContain('"route":"/api/v1/sessions","status":401');
    for (const secret of [
      gravl.danas,
      gravl.danas.split('.')[2] ?? '',
      'a-password-nobody-logs',
      demoPassword,
      dana.email,
      key.toString('hex'),
      'scrypt$',
    ]) {
      expect(log).not.toContain(secret);
    }
  });
});
