import { createServer as createHttps } from 'node:https';
import {
  createSecureServer,
  createServer as createPlainH2,
  type Http2SecureServer,
  type Http2Server,
  type Http2Session,
} from 'node:http2';
import { describe, expect, it } from 'vitest';
import { quantile, totalOf } from '../../src/evidence/load-tests/distribution.ts';
import type { Measurement } from '../../src/load/engine.ts';
import { aPlan, aRequest, measure } from './plans.ts';
import { listen, selfSigned } from './servers.ts';

const pair = selfSigned();
const short = { rate: 50, durationMs: 400 };
const serveTls = async () => `https://127.0.0.1:${await listen(createHttps(pair, (_, response) => response.end('ok')))}/`;
const p = (measurement: Measurement, share: number) =>
  (quantile(measurement.response ?? { buckets: [], minUs: 0, maxUs: 0, sumUs: 0 }, share) ?? 0) / 1000;

describe('TLS', () => {
  it('a certificate that nobody vouches for is refused, and named', async () => {
    const { counts } = await measure(aPlan(await serveTls(), short));
    expect(counts).toMatchObject({ ok: 0, failed: 20, byError: { DEPTH_ZERO_SELF_SIGNED_CERT: 20 } });
  });

  it('an authority of the plan is trusted', async () => {
    const { counts, notes } = await measure(aPlan(await serveTls(), { ...short, ca: pair.cert }));
    expect(counts).toMatchObject({ ok: 20, failed: 0 });
    expect(notes).toEqual([]);
  });

  it('a certificate for another name is refused, whoever vouches for it', async () => {
    const port = await listen(
      createHttps(pair, (_, response) => response.end('ok')),
      '127.0.0.2',
    );
    const { counts } = await measure(aPlan(`https://127.0.0.2:${port}/`, { ...short, ca: pair.cert }));
    expect(counts).toMatchObject({ ok: 0, byError: { ERR_TLS_CERT_ALTNAME_INVALID: 20 } });
  });

  it('without verification it is measured, and the record says so', async () => {
    const { counts, notes } = await measure(aPlan(await serveTls(), { ...short, scenario: { tls: { verify: false } } }));
    expect(counts).toMatchObject({ ok: 20, failed: 0 });
    expect(notes).toEqual(['Certificates were not verified.']);
  });

  it('plain HTTP on a port that expects TLS is an error, not a wait', async () => {
    const url = (await serveTls()).replace('https', 'http');
    const { counts } = await measure(aPlan(url, short));
    expect(counts).toMatchObject({ ok: 0, failed: 20 });
  });
});

describe('HTTP/2', () => {
  interface Served {
    readonly url: string;
    readonly connections: () => number;
    readonly sessions: Set<Http2Session>;
  }

  async function serve(server: Http2Server | Http2SecureServer, scheme: string, delayMs: number): Promise<Served> {
    const sessions = new Set<Http2Session>();
    let connections = 0;
    server.on('session', (session) => {
      connections += 1;
      sessions.add(session);
    });
    server.on('stream', (stream) => {
      stream.on('error', () => {});
      setTimeout(() => {
        if (stream.destroyed) return;
        stream.respond({ ':status': 200 });
        stream.end('ok');
      }, delayMs);
    });
    return { url: `${scheme}://127.0.0.1:${await listen(server)}/`, connections: () => connections, sessions };
  }

  it.each(['GET', 'POST'])(
    '%s does not wait in the client: 400 a second over four connections, each answered after 50 ms',
    async (method) => {
      const { url, connections } = await serve(createSecureServer(pair), 'https', 50);
      const requests = [aRequest({ method, ...(method === 'POST' ? { body: 'x' } : {}) })];
      const parts = {
        rate: 400,
        durationMs: 1_500,
        ca: pair.cert,
        scenario: { protocol: 'h2' as const, connections: 4, requests },
      };
      const measurement = await measure(aPlan(url, parts));
      expect(measurement.counts).toMatchObject({ planned: 600, ok: 600 });
      expect(connections()).toBeLessThanOrEqual(4);
      // One stream at a time would be 80 a second: six seconds of waiting at the end, three in the middle.
      expect(p(measurement, 0.5)).toBeLessThan(400);
      expect(p(measurement, 0.95)).toBeLessThan(1_200);
    },
  );

  it('works without TLS, by prior knowledge', async () => {
    const { url } = await serve(createPlainH2(), 'http', 0);
    expect((await measure(aPlan(url, { ...short, scenario: { protocol: 'h2' } }))).counts).toMatchObject({ ok: 20 });
  });

  it('a server that speaks HTTP/1.1 alone is an error: its requests would go down one line', async () => {
    const { counts } = await measure(aPlan(await serveTls(), { ...short, ca: pair.cert, scenario: { protocol: 'h2' } }));
    expect(counts).toMatchObject({ ok: 0, failed: 20 });
    expect(Object.keys(counts?.byError ?? {})).not.toContain('other');
  });

  it('a time limit ends one stream and leaves the connection', async () => {
    const server = createPlainH2();
    let streams = 0;
    server.on('stream', (stream) => {
      stream.on('error', () => {});
      streams += 1;
      if (streams % 2 === 0) return;
      stream.respond({ ':status': 200 });
      stream.end('ok');
    });
    let connections = 0;
    server.on('session', () => (connections += 1));
    const url = `http://127.0.0.1:${await listen(server)}/`;
    const { counts } = await measure(aPlan(url, { ...short, scenario: { protocol: 'h2', connections: 1, timeoutMs: 300 } }));
    expect(counts).toMatchObject({ ok: 10, timeouts: 10 });
    expect(connections).toBe(1);
  });

  async function serveTenPerSession(): Promise<string> {
    const server = createPlainH2();
    const served = new WeakMap<object, number>();
    server.on('stream', (stream) => {
      stream.on('error', () => {});
      const { session } = stream;
      if (session === undefined) return;
      const count = (served.get(session) ?? 0) + 1;
      served.set(session, count);
      if (count === 10) session.goaway(0, stream.id ?? 0);
      if (stream.destroyed) return;
      stream.respond({ ':status': 200 });
      stream.end('ok');
    });
    return `http://127.0.0.1:${await listen(server)}/`;
  }

  it('a server that asks for a new connection now and then loses nothing', async () => {
    const parts = { rate: 500, scenario: { protocol: 'h2' as const, connections: 1 } };
    const { counts } = await measure(aPlan(await serveTenPerSession(), parts));
    expect(counts).toMatchObject({ planned: 500, ok: 500, failed: 0 });
    expect(counts?.retried).toBeGreaterThan(0);
  });

  it('a POST that is given up with its connection is not sent again, and the record says whose doing it was', async () => {
    const requests = [aRequest({ method: 'POST', body: 'x' })];
    const parts = { rate: 500, scenario: { protocol: 'h2' as const, connections: 1, requests } };
    const { counts, notes } = await measure(aPlan(await serveTenPerSession(), parts));
    expect(counts?.retried).toBe(0);
    expect(counts?.byError).toEqual({ goaway: counts?.failed });
    expect(notes.join()).toContain('HTTP/2 GOAWAY');
  });

  it('a server that ends every session shows as errors', async () => {
    const server = createPlainH2();
    server.on('stream', (stream) => {
      stream.on('error', () => {});
      stream.session?.destroy();
    });
    server.on('sessionError', () => {});
    const url = `http://127.0.0.1:${await listen(server)}/`;
    const measurement = await measure(aPlan(url, { ...short, scenario: { protocol: 'h2' } }));
    expect(measurement.counts).toMatchObject({ ok: 0, failed: 20 });
    expect(totalOf(measurement.response ?? { buckets: [], minUs: 0, maxUs: 0, sumUs: 0 })).toBe(20);
  });
});
