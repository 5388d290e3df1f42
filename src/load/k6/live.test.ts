import { describe, expect, it } from 'vitest';
import { createLiveFigures } from './live.ts';

const request = (startMs: number, durationMs: number) => ({
  endMs: 1_000_000 + startMs + durationMs,
  durationMs,
  isAround: false,
});

describe('progress of a run of k6', () => {
  it('goes from setup through the warm-up and the steady window to the drain', () => {
    const live = createLiveFigures({ limitsMs: [200], warmupS: 2, plannedS: 5 });
    const phases = [live.progress(0.5, 0).phase];
    live.add(request(0, 10), false);
    for (const elapsedS of [1, 2.5, 3.5, 6.5]) phases.push(live.progress(elapsedS, 0).phase);
    expect(phases).toEqual(['setup', 'warm-up', 'warm-up', 'steady', 'drain']);
  });

  it('the last second begins anew; what nothing ended in has no latencies', () => {
    const live = createLiveFigures({ limitsMs: [200], warmupS: 0 });
    for (const durationMs of [10, 20, 300]) live.add(request(0, durationMs), durationMs > 200);
    expect(live.progress(2, 1)).toMatchObject({
      sent: 3,
      ok: 2,
      failed: 1,
      dropped: 1,
      lastSecond: { rate: 1.5, p50Ms: expect.closeTo(20, 0), maxMs: 300 },
    });
    expect(live.progress(3, 1).lastSecond).toEqual({ rate: 0 });
  });

  it('the steady window leaves the warm-up out, and counts limits exactly', () => {
    const live = createLiveFigures({ limitsMs: [200, 500], warmupS: 1 });
    live.add(request(0, 900), true);
    live.add(request(1000, 200), false);
    live.add(request(2000, 199.9), false);
    const { steady, sent } = live.progress(3, 0);
    expect(sent).toBe(3);
    expect(steady).toMatchObject({ n: 2, failed: 0, over: { '200': 1, '500': 0 }, seconds: expect.closeTo(1.2, 2) });
    expect(steady.p99Ms).toBeCloseTo(200, 0);
  });
});
