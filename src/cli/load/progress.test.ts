import { describe, expect, it } from 'vitest';
import type { LoadProgress } from '../../load/engine.ts';
import { progressText } from './progress.ts';

const limits = { p95Ms: 200, p99Ms: 500, errorRate: 0.001, minRps: 100 };
const progress = (changes: Partial<LoadProgress> = {}): LoadProgress => ({
  phase: 'steady',
  elapsedS: 3725,
  totalS: 7200,
  sent: 447_000,
  ok: 446_000,
  failed: 1000,
  dropped: 3,
  inFlight: 12,
  lastSecond: { rate: 119.6, p50Ms: 12.34, p95Ms: 187.6, maxMs: 900 },
  steady: { n: 440_000, failed: 1000, seconds: 3695, over: { 200: 30_000, 500: 100 } },
  lagP99Ms: 0.92,
  ...changes,
});

describe('the progress line', () => {
  it('tells time, rate, latencies, failures, lag and the limits so far', () => {
    expect(progressText(progress(), limits, 160, false)).toBe(
      'steady 1:02:05/2:00:00  120/s  p50 12.3 ms  p95 188 ms  failed 1000  dropped 3  lag 0.92 ms  p95<200 ms OVER  p99<500 ms ok  errors<0.1% OVER  >100/s ok',
    );
  });
  it('says in words what colours say', () => {
    const plain = progressText(progress(), limits, 160, false);
    // oxlint-disable-next-line no-control-regex
    expect(progressText(progress(), limits, 160, true).replace(/\u001b\[\d+m/g, '')).toBe(plain);
  });
  it('at its limit a limit is not kept', () => {
    const at = progress({ steady: { n: 1000, failed: 1, seconds: 10, over: { 200: 50, 500: 10 } } });
    const text = progressText(at, { ...limits, minRps: 99.9 }, 160, false);
    expect(text).toContain('p95<200 ms OVER  p99<500 ms OVER  errors<0.1% OVER  >99.9/s UNDER');
  });
  it('before the measured part and for counts that are unknown there is no state', () => {
    const warmup = progress({ phase: 'warm-up', steady: { n: 0, failed: 0, seconds: 0, over: {} } });
    expect(progressText(warmup, limits, 160, false)).not.toMatch(/ok|OVER|UNDER/);
    const other = progress({ steady: { n: 10, failed: 0, seconds: 1, over: { 300: 1 } } });
    expect(progressText(other, limits, 160, false)).not.toContain('p95<');
  });
  it.each([20, 40, 60, 72, 80, 100, 120, 140, 160])('fits %i columns, and keeps what matters longest', (width) => {
    const text = progressText(progress(), limits, width, false);
    expect(text.length).toBeLessThanOrEqual(Math.max(width, 'steady 1:02:05/2:00:00'.length));
    expect(text).toMatch(/^steady 1:02:05\/2:00:00/);
    if (width >= 60) expect(text).toContain('p95 188 ms  failed 1000');
    if (width >= 100) expect(text).toContain('p95<200 ms OVER');
  });
});
