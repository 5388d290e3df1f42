import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { aPlan, aRequest, measure } from './plans.ts';
import { serveHttp, serveRaw } from './servers.ts';

/** Answers, and closes the connection once it was idle for 4 to 7 ms: at 200 a second often just as the next request arrives. */
async function impatientServer(): Promise<string> {
  let turn = 0;
  return serveRaw((socket: Socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: keep-alive\r\n\r\nok');
    const key = socket as Socket & { idle?: NodeJS.Timeout };
    clearTimeout(key.idle);
    turn += 1;
    key.idle = setTimeout(() => (turn % 2 === 0 ? socket.end() : socket.resetAndDestroy()), 4 + (turn % 4));
  });
}

/** Answers the first request of each connection and resets it at the second. */
async function serverOfOne(): Promise<string> {
  const served = new WeakSet<Socket>();
  return serveRaw((socket) => {
    if (served.has(socket)) socket.resetAndDestroy();
    else {
      served.add(socket);
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
    }
  });
}

describe('a connection that the server closes while a request is on its way', () => {
  it('gives no false errors', async () => {
    const { counts } = await measure(aPlan(await impatientServer(), { rate: 200, durationMs: 4_000 }));
    expect(counts).toMatchObject({ planned: 800, ok: 800, failed: 0 });
  });

  it.each(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])('%s is sent once more, and that is counted', async (method) => {
    const { counts, notes } = await measure(
      aPlan(await serverOfOne(), { rate: 50, durationMs: 400, scenario: { connections: 1, requests: [aRequest({ method })] } }),
    );
    expect(counts).toMatchObject({ planned: 20, sent: 20, ok: 20, failed: 0 });
    // undici opens a connection for each HEAD, so no connection is ever met idle.
    if (method === 'HEAD') return;
    expect(counts?.retried).toBe(10);
    expect(notes.join()).toContain('10 of 20 requests were sent a second time');
  });

  it.each(['POST', 'PATCH'])('%s is not sent again: it could act twice', async (method) => {
    const plan = aPlan(await serverOfOne(), {
      rate: 50,
      durationMs: 400,
      scenario: { connections: 1, requests: [aRequest({ method, body: 'x' })] },
    });
    const { counts } = await measure(plan);
    expect(counts).toMatchObject({ ok: 10, failed: 10, retried: 0, byError: { ECONNRESET: 10 } });
  });

  it('once any byte of an answer came, nothing is sent again', async () => {
    const served = new WeakSet<Socket>();
    const url = await serveRaw((socket) => {
      if (!served.has(socket)) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
      else socket.write('HTTP/1.1 2', () => setTimeout(() => socket.destroy(), 5));
      served.add(socket);
    });
    const { counts } = await measure(aPlan(url, { rate: 50, durationMs: 400, scenario: { connections: 1 } }));
    expect(counts).toMatchObject({ ok: 10, failed: 10, retried: 0 });
  });

  it('keeps the intended start of the first try', async () => {
    const seen = new Map<Socket, number>();
    const url = await serveHttp((request, response) => {
      const count = (seen.get(request.socket) ?? 0) + 1;
      seen.set(request.socket, count);
      if (count === 1) response.end('ok');
      else setTimeout(() => request.socket.resetAndDestroy(), 150);
    });
    const { counts, response } = await measure(aPlan(url, { rate: 5, scenario: { connections: 1 } }));
    expect(counts).toMatchObject({ ok: 5, retried: 2 });
    expect(response?.maxUs).toBeGreaterThan(150_000);
  });
});
