import { describe, expect, it } from 'vitest';
import { totalOf } from '../../src/evidence/load-tests/distribution.ts';
import { aPlan, aRequest, measure } from './plans.ts';
import { closedPort, serveHttp, serveRaw } from './servers.ts';

const short = { rate: 50, durationMs: 400, scenario: { timeoutMs: 600 } };

/** Every one of the 20 requests failed, each has its latency, and each is named. */
async function allFail(url: string, parts: Parameters<typeof aPlan>[1] = short) {
  const measurement = await measure(aPlan(url, parts));
  expect(measurement.counts).toMatchObject({ planned: 20, sent: 20, ok: 0, failed: 20 });
  expect(totalOf(measurement.response ?? { buckets: [], minUs: 0, maxUs: 0, sumUs: 0 })).toBe(20);
  return measurement;
}

describe('what goes wrong counts as failed, under a name', () => {
  it('a port on which nothing listens', async () => {
    const { counts } = await allFail(`http://127.0.0.1:${await closedPort()}/`);
    expect(counts?.byError).toEqual({ ECONNREFUSED: 20 });
  });

  it('a name that does not resolve', async () => {
    const { counts } = await allFail('http://no-such-host.invalid/', { ...short, scenario: { timeoutMs: 4_000 } });
    // Without any name server the resolver says that it could not ask.
    expect(Object.keys(counts?.byError ?? {})).toHaveLength(1);
    expect(['ENOTFOUND', 'EAI_AGAIN']).toContain(Object.keys(counts?.byError ?? {})[0]);
  });

  it('a server that never answers: each takes its whole time limit, from its intended start', async () => {
    const { counts, response } = await allFail(await serveRaw(() => {}));
    expect(counts).toMatchObject({ byError: { timeout: 20 }, timeouts: 20, byStatus: {} });
    expect(response?.minUs).toBeGreaterThanOrEqual(600_000);
    expect(response?.minUs).toBeLessThan(1_200_000);
  });

  it('a server that never answers, with few connections: those that waited in the client time out as well', async () => {
    const { counts, response } = await allFail(await serveRaw(() => {}), {
      ...short,
      scenario: { timeoutMs: 600, connections: 2 },
    });
    expect(counts?.timeouts).toBe(20);
    expect(response?.minUs).toBeGreaterThanOrEqual(600_000);
    // From the moment of sending, the last would have waited for nine others on its connection.
    expect(response?.maxUs).toBeLessThan(1_500_000);
  });

  it('a server that resets every connection: sending again does not hide it', async () => {
    const { counts } = await allFail(await serveRaw((socket) => socket.resetAndDestroy()));
    expect(counts?.byError).toEqual({ ECONNRESET: 20 });
    expect(counts?.retried).toBe(0);
  });

  it('a server that hangs up without an answer', async () => {
    const { counts } = await allFail(await serveRaw((socket) => socket.end()));
    expect(counts?.byError).toEqual({ closed: 20 });
  });

  it('garbage', async () => {
    const { counts } = await allFail(await serveRaw((socket) => socket.end('\u0000garbage\r\n\r\n')));
    expect(counts?.byError).toEqual({ protocol: 20 });
  });

  it('half a body', async () => {
    const { counts } = await allFail(
      await serveRaw((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf')),
    );
    expect(counts).toMatchObject({ byStatus: {}, failed: 20 });
    expect(Object.keys(counts?.byError ?? {}).every((name) => name === 'closed' || name === 'half-body')).toBe(true);
  });

  it('a chunked body that breaks off', async () => {
    const { counts } = await allFail(
      await serveRaw((socket) => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhel')),
    );
    expect(counts?.byError).toEqual({ closed: 20 });
  });

  it('a body that never ends runs out of time', async () => {
    const { counts } = await allFail(
      await serveRaw((socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf')),
    );
    expect(counts).toMatchObject({ timeouts: 20, byError: { timeout: 20 } });
  });

  it('a header that undici refuses to send', async () => {
    const requests = [aRequest({ headers: { 'x-user': '${data.user}' } })];
    const { counts } = await allFail(await serveHttp((_, response) => response.end()), {
      ...short,
      rows: [{ user: 'a\nb' }],
      scenario: { requests },
    });
    expect(counts?.byError).toEqual({ 'invalid-request': 20 });
  });

  it('a status outside the ranges of success is no error of the network', async () => {
    const url = await serveHttp((_, response) => response.writeHead(503).end());
    const { counts } = await allFail(url);
    expect(counts).toMatchObject({ byStatus: { 503: 20 }, byError: {} });
  });

  it('a redirect is an answer and is not followed', async () => {
    let elsewhere = 0;
    const url = await serveHttp((request, response) => {
      if (request.url !== '/') elsewhere += 1;
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    const { counts } = await measure(aPlan(url, short));
    expect(counts).toMatchObject({ ok: 20, byStatus: { 302: 20 } });
    expect(elsewhere).toBe(0);
    expect(
      (await measure(aPlan(url, { ...short, scenario: { requests: [aRequest({ success: [[200, 299]] })] } }))).counts?.failed,
    ).toBe(20);
  });

  it('an announcement before the answer is not the answer', async () => {
    const url = await serveRaw((socket) =>
      socket.write('HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'),
    );
    expect((await measure(aPlan(url, short))).counts).toMatchObject({ ok: 20, byStatus: { 200: 20 } });
  });
});
