import { array, assert, constant, double, integer, oneof, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LoadScenario } from '../evidence/declared.ts';
import { planSchedule, workerOf } from './schedule.ts';

type Stages = LoadScenario['stages'];

const rates = oneof(constant(0), integer({ min: 1, max: 200 }), double({ min: 0.1, max: 50, noNaN: true }));
const scenarios = record({
  stages: array(record({ from: rates, to: rates, durationMs: integer({ min: 1, max: 20_000 }) }), { minLength: 1, maxLength: 5 }),
  warmupMs: integer({ min: 0, max: 10_000 }),
});

/** Integral of the rate from the beginning of the stages: requests that are due by then. */
function due(stages: Stages, ms: number): number {
  let sum = 0;
  let left = ms;
  for (const { from, to, durationMs } of stages) {
    const t = Math.max(0, Math.min(left, durationMs)) / 1000;
    sum += from * t + ((to - from) / (durationMs / 1000)) * (t * t) * 0.5;
    left -= durationMs;
  }
  return sum;
}

describe('planSchedule', () => {
  it('a constant rate is evenly spaced, from the first moment on', () => {
    const schedule = planSchedule({ stages: [{ from: 120, to: 120, durationMs: 300_000 }], warmupMs: 30_000 });
    expect(schedule).toMatchObject({ warmup: 3_600, steady: 36_000, warmupMs: 30_000, steadyMs: 300_000, peakRate: 120 });
    expect(schedule.startMs(0)).toBe(0);
    expect(schedule.startMs(1)).toBeCloseTo(1000 / 120, 9);
    expect(schedule.startMs(3_600)).toBe(30_000);
    expect(schedule.startMs(39_599)).toBeCloseTo(330_000 - 1000 / 120, 6);
  });

  it.each([
    ['a whole number of starts is not one more by rounding', [{ from: 0.1, to: 0.1, durationMs: 30_000 }], 3],
    ['a rest is a start of its own', [{ from: 1, to: 1, durationMs: 2_500 }], 3],
    ['a ramp has the starts of its mean', [{ from: 0, to: 100, durationMs: 10_000 }], 500],
    ['a pause has none', [{ from: 0, to: 0, durationMs: 10_000 }], 0],
    ['no time, no start', [{ from: 100, to: 100, durationMs: 0 }], 0],
    ['nothing planned', [], 0],
  ])('%s', (_, stages, steady) => {
    expect(planSchedule({ stages, warmupMs: 0 }).steady).toBe(steady);
  });

  it('a ramp from nothing begins at once and quickens: half of the starts come in the last 30 % of the time', () => {
    const schedule = planSchedule({ stages: [{ from: 0, to: 100, durationMs: 10_000 }], warmupMs: 0 });
    expect(schedule.startMs(0)).toBe(0);
    expect(schedule.startMs(250)).toBeCloseTo(10_000 * Math.SQRT1_2, 6);
  });

  it('nothing starts in a pause, and the next start waits for its end', () => {
    const stages = [
      { from: 1, to: 1, durationMs: 2_000 },
      { from: 0, to: 0, durationMs: 5_000 },
      { from: 1, to: 1, durationMs: 2_000 },
    ];
    const schedule = planSchedule({ stages, warmupMs: 0 });
    expect([0, 1, 2, 3].map(schedule.startMs)).toEqual([0, 1_000, 7_000, 8_000]);
  });

  it('each start lies where the integral of the rate reaches its number', () => {
    assert(
      property(scenarios, ({ stages, warmupMs }) => {
        const schedule = planSchedule({ stages, warmupMs });
        for (let number = 0; number < schedule.steady; number += 1 + Math.floor(schedule.steady / 50)) {
          const at = schedule.startMs(schedule.warmup + number) - warmupMs;
          expect(Math.abs(due(stages, at) - number)).toBeLessThan(1e-6 * Math.max(1, number));
          expect(at).toBeLessThanOrEqual(schedule.steadyMs);
        }
      }),
    );
  });

  it('plans every start that the rate makes due, and never goes back in time', () => {
    assert(
      property(scenarios, ({ stages, warmupMs }) => {
        const schedule = planSchedule({ stages, warmupMs });
        const total = due(stages, schedule.steadyMs);
        expect(schedule.steady).toBeGreaterThanOrEqual(total - 1e-6);
        expect(schedule.steady).toBeLessThan(total + 1);
        let last = 0;
        for (let start = 0; start < schedule.warmup + schedule.steady; start += 1) {
          const at = schedule.startMs(start);
          expect(at >= last && (start < schedule.warmup ? at < warmupMs : at >= warmupMs)).toBe(true);
          last = at;
        }
      }),
      { numRuns: 50 },
    );
  });

  it('counts what is due before a moment as its starts say', () => {
    assert(
      property(scenarios, double({ min: 0, max: 120_000, noNaN: true }), (scenario, ms) => {
        const schedule = planSchedule(scenario);
        const count = schedule.dueBefore(ms);
        if (count > 0) expect(schedule.startMs(count - 1)).toBeLessThan(ms);
        if (count < schedule.warmup + schedule.steady) expect(schedule.startMs(count)).toBeGreaterThanOrEqual(ms);
      }),
    );
  });

  it('workers share the starts by turns, and miss none', () => {
    const owners = Array.from({ length: 12 }, (_, start) => workerOf(start, 3));
    expect(owners).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2]);
  });
});
