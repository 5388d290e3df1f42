import type { Worker } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import { aPlan, measure } from './plans.ts';
import { closedPort, serveHttp } from './servers.ts';

const serveOk = () => serveHttp((_, response) => response.end('ok'));

describe('a run that ends early', () => {
  it('an interrupt lets what is under way end, and keeps it', async () => {
    const controller = new AbortController();
    const url = await serveHttp((_, response) => void setTimeout(() => response.end(), 200));
    const onProgress = () => controller.abort();
    const measurement = await measure(aPlan(url, { durationMs: 20_000 }), { signal: controller.signal, onProgress });
    const { counts, stopped, seconds, blocks, generator } = measurement;
    expect(stopped).toMatchObject({ reason: 'interrupted', message: 'The run was interrupted.' });
    expect(stopped?.afterS).toBeGreaterThan(0.5);
    expect(stopped?.afterS).toBeLessThan(5);
    expect(seconds).toBeCloseTo(stopped?.afterS ?? 0, 1);
    expect(counts).toMatchObject({ sent: counts?.planned, ok: counts?.planned, failed: 0 });
    expect(generator?.startedShare).toBe(1);
    expect(blocks).toHaveLength(1);
  });

  it('an interrupt before the first start, or before anything, measures nothing and fails nothing', async () => {
    const { counts, stopped, blocks } = await measure(aPlan(await serveOk()), { signal: AbortSignal.abort() });
    expect(stopped).toMatchObject({ reason: 'interrupted', afterS: 0 });
    expect(counts).toMatchObject({ planned: 0, sent: 0, ok: 0, failed: 0 });
    expect(blocks).toEqual([]);
  });

  it('an interrupt in the warm-up leaves an empty steady window', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 800);
    const { counts, seconds, blocks } = await measure(aPlan(await serveOk(), { scenario: { warmupMs: 20_000 } }), {
      signal: controller.signal,
    });
    expect(counts).toMatchObject({ planned: 0, sent: 0 });
    expect(seconds).toBe(0);
    expect(blocks).toEqual([]);
  });

  it('more errors than successes over ten seconds end it, also in the warm-up', async () => {
    const plan = aPlan(`http://127.0.0.1:${await closedPort()}/`, {
      rate: 20,
      durationMs: 60_000,
      scenario: { warmupMs: 30_000 },
    });
    const { stopped, counts, notes } = await measure(plan);
    expect(stopped).toMatchObject({ reason: 'errors' });
    expect(stopped?.afterS).toBeLessThan(14);
    expect(counts?.planned).toBe(0);
    expect(notes.join()).toMatch(/requests of the warm-up failed: ECONNREFUSED \(\d+\)/);
  });

  it('a worker that dies leaves what the others measured', async () => {
    const workers: Worker[] = [];
    const remember = (worker: Worker) => void workers.push(worker);
    process.on('worker', remember);
    onTestFinished(() => void process.off('worker', remember));
    const onProgress = () => void workers[1]?.terminate();
    const { stopped, counts, notes, generator } = await measure(aPlan(await serveOk(), { workers: 2, durationMs: 20_000 }), {
      onProgress,
    });
    expect(stopped).toMatchObject({ reason: 'engine-failed' });
    expect(stopped?.afterS).toBeLessThan(5);
    expect(counts?.ok).toBeGreaterThan(10);
    expect(counts?.sent).toBe(counts?.ok);
    expect(generator?.startedShare).toBeLessThan(0.6);
    expect(notes).toContain('1 of 2 workers ended early; what they had measured is missing here.');
  });
});
