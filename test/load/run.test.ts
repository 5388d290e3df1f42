import { describe, expect, it } from 'vitest';
import { addDistributions, totalOf } from '../../src/evidence/load-tests/distribution.ts';
import type { LoadProgress } from '../../src/load/engine.ts';
import { version } from '../../src/model/version.ts';
import { aPlan, measure } from './plans.ts';
import { serveHttp, serveRaw } from './servers.ts';

const serveOk = () => serveHttp((_, response) => response.end('ok'));

describe('a run', () => {
  it('keeps the warm-up out of the figures, and says what failed in it', async () => {
    let count = 0;
    const url = await serveHttp((_, response) => response.writeHead((count += 1) > 50 ? 200 : 503).end());
    const { counts, notes, seconds, blocks } = await measure(aPlan(url, { scenario: { warmupMs: 500 } }));
    expect(counts).toMatchObject({ planned: 100, sent: 100, ok: 100, byStatus: { 200: 100 } });
    expect(notes).toEqual(['50 of 50 requests of the warm-up failed: status 503 (50).']);
    expect(seconds).toBeCloseTo(1, 1);
    expect(blocks).toHaveLength(1);
  });

  it('merges workers exactly: blocks add up to the whole, bucket by bucket', async () => {
    const url = await serveHttp((_, response) => void setTimeout(() => response.end(), Math.random() * 20));
    const measurement = await measure(aPlan(url, { workers: 2, rate: 200, durationMs: 2_000 }));
    expect(measurement.counts).toMatchObject({ planned: 400, sent: 400, ok: 400 });
    expect(addDistributions(measurement.blocks.flatMap(({ response }) => response ?? []))).toEqual(measurement.response);
    expect(totalOf(measurement.sendLag ?? { buckets: [], minUs: 0, maxUs: 0, sumUs: 0 })).toBe(400);
    expect(totalOf(measurement.service ?? { buckets: [], minUs: 0, maxUs: 0, sumUs: 0 })).toBe(400);
    expect(measurement.engine).toMatchObject({ name: 'embedded', version, runners: 1 });
    expect(measurement.engine.runtime).toMatch(/^node \d+\.\d+\.\d+, undici 7\.\d+\.\d+$/);
    expect(measurement.generator).toMatchObject({ startedShare: 1 });
  });

  it('counts exactly what takes a limit or longer', async () => {
    let count = 0;
    const url = await serveHttp((_, response) => {
      count += 1;
      if (count % 10 === 0) setTimeout(() => response.end(), 300);
      else response.end();
    });
    const limits = { p95Ms: 250, p99Ms: 10_000, errorRate: 1, minRps: 1 };
    const { limitsMs, blocks } = await measure(aPlan(url, { limits }));
    expect(limitsMs).toEqual([250, 10_000]);
    expect(blocks[0]?.over).toEqual({ 250: 10, 10000: 0 });
  });

  it('never opens more connections than the scenario allows, over all workers', async () => {
    const open = new Set<unknown>();
    let most = 0;
    const url = await serveHttp(
      (_, response) => void setTimeout(() => response.end(), 100),
      (server) =>
        server.on('connection', (socket) => {
          open.add(socket);
          most = Math.max(most, open.size);
          socket.on('close', () => open.delete(socket));
        }),
    );
    const { counts } = await measure(aPlan(url, { workers: 2, scenario: { connections: 5, timeoutMs: 8_000 } }));
    expect(counts?.ok).toBe(100);
    expect(most).toBe(5);
  });

  it('says how many starts it could not afford to send', async () => {
    const url = await serveRaw(() => {});
    const { counts, generator } = await measure(aPlan(url, { scenario: { timeoutMs: 1_500 } }), { maxInFlight: 30 });
    expect(counts).toMatchObject({ planned: 100, sent: 30, dropped: 70, timeouts: 30 });
    expect(generator?.startedShare).toBeCloseTo(0.3);
  });

  it('drops nothing only because no answer comes', async () => {
    const { counts } = await measure(
      aPlan(await serveRaw(() => {}), { rate: 200, scenario: { timeoutMs: 300, connections: 300 } }),
    );
    expect(counts).toMatchObject({ sent: 200, dropped: 0, timeouts: 200 });
  });

  it('reports progress once a second, merged', async () => {
    const seen: LoadProgress[] = [];
    const plan = aPlan(await serveOk(), { workers: 2, durationMs: 2_200, scenario: { warmupMs: 1_100 } });
    await measure(plan, { onProgress: (progress) => seen.push(progress) });
    expect(seen.length).toBeGreaterThanOrEqual(3);
    expect(seen[0]).toMatchObject({ phase: 'warm-up', totalS: 3.3, failed: 0, dropped: 0, steady: { n: 0, failed: 0 } });
    const last = seen.at(-1);
    expect(last).toMatchObject({ sent: 330, ok: 330, inFlight: 0, steady: { n: 220, failed: 0, over: { 200: 0, 500: 0 } } });
    expect(last?.steady.p95Ms).toBeGreaterThan(0);
    const second = seen[1]?.lastSecond;
    expect(second?.rate).toBeGreaterThan(50);
    expect(second?.p50Ms).toBeGreaterThan(0);
  });
});
