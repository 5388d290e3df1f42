import type { LoadLimits, LoadScenario } from '../../evidence/declared.ts';
import { planBlocks } from '../embedded/blocks.ts';
import { latencyLimits } from '../plan.ts';
import { planSchedule } from '../schedule.ts';
import { bucketBoundsMs } from './buckets.ts';
import { decimal } from './literal.ts';

/** A scenario in the terms of k6. */
export interface Layout {
  readonly planned: { readonly warmup: number; readonly steady: number };
  readonly warmup: K6Scenario | undefined;
  readonly steady: K6Scenario;
  readonly thresholds: Readonly<Record<string, readonly string[]>>;
  readonly limitsMs: readonly number[];
  readonly blocks: { readonly count: number; readonly lengthMs: number };
  readonly bucketsMs: readonly number[];
  /** Time between two starts of the steady window, where it is the same throughout. */
  readonly periodMs: number | null;
  /** Virtual users that the whole rate would need if every request took its full time. More than there are: some may be dropped. */
  readonly wantedUsers: number;
  /** Virtual users of the warm-up and the steady window. */
  readonly users: number;
}

export type K6Scenario = Readonly<Record<string, unknown>>;

/** Each takes k6 about 0.3 MB. */
export const mostUsers = 2_000;

export function layOut(scenario: LoadScenario, limits: LoadLimits, runners: number): Layout {
  const schedule = planSchedule(scenario);
  const wantedUsers = usersFor(schedule.peakRate, scenario.timeoutMs, runners);
  const limitsMs = latencyLimits(limits);
  const first = scenario.stages[0]?.from ?? 0;
  // What is dropped of the warm-up harms nothing, so it has users for two seconds.
  const warmupUsers = schedule.warmup === 0 ? 0 : usersFor(first, 0, runners);
  const users = { warmup: atMost(warmupUsers, runners), steady: atMost(wantedUsers, runners) };
  return {
    planned: { warmup: schedule.warmup, steady: schedule.steady },
    warmup: schedule.warmup === 0 ? undefined : warmupOf(scenario, first, users.warmup),
    steady: steadyOf(scenario, users.steady),
    users: users.warmup + users.steady,
    thresholds: thresholdsOf(limits, schedule.steady, schedule.steadyMs, runners),
    limitsMs,
    blocks: planBlocks(schedule.steadyMs),
    bucketsMs: bucketBoundsMs(limitsMs),
    periodMs: isConstant(scenario.stages) && schedule.peakRate > 0 ? 1000 / schedule.peakRate : null,
    wantedUsers,
  };
}

/** One virtual user has one request under way: enough for every request to take its full time. k6 needs one for each runner. */
const usersFor = (rate: number, timeoutMs: number, runners: number): number =>
  Math.max(runners, 1, Math.ceil(rate * Math.max(2, timeoutMs / 1000)));

const atMost = (users: number, runners: number): number => Math.min(users, Math.max(mostUsers, runners));

function warmupOf({ warmupMs, timeoutMs }: LoadScenario, rate: number, users: number): K6Scenario {
  return {
    executor: 'constant-arrival-rate',
    exec: 'warmup',
    ...rateOf([rate]).of(([scaled]) => ({ rate: scaled })),
    duration: `${warmupMs}ms`,
    preAllocatedVUs: users,
    maxVUs: users,
    gracefulStop: graceOf(timeoutMs),
  };
}

function steadyOf({ stages, warmupMs, timeoutMs }: LoadScenario, users: number): K6Scenario {
  const common = {
    exec: 'steady',
    startTime: `${warmupMs}ms`,
    preAllocatedVUs: users,
    maxVUs: users,
    gracefulStop: graceOf(timeoutMs),
  };
  const [first] = stages;
  const rates = rateOf(stages.flatMap(({ from, to }) => [from, to]));
  if (first !== undefined && isConstant(stages)) {
    const durationMs = stages.reduce((sum, stage) => sum + stage.durationMs, 0);
    return {
      executor: 'constant-arrival-rate',
      ...rates.of(([rate]) => ({ rate })),
      duration: `${durationMs}ms`,
      ...common,
    };
  }
  return {
    executor: 'ramping-arrival-rate',
    ...rates.of(([startRate]) => ({ startRate })),
    stages: stages.flatMap(({ from, to, durationMs }, index) => [
      // k6 begins a stage where the one before ended; a step is a stage without length.
      ...(index > 0 && stages[index - 1]?.to !== from ? [{ target: rates.scaled(from), duration: '0s' }] : []),
      { target: rates.scaled(to), duration: `${durationMs}ms` },
    ]),
    ...common,
  };
}

const isConstant = (stages: LoadScenario['stages']): boolean =>
  stages.every(({ from, to }) => from === stages[0]?.from && to === from);

/** Longer than any request, so that none is cut off. */
const graceOf = (timeoutMs: number): string => `${timeoutMs + 2_000}ms`;

const scales = [1, 10, 100, 1_000, 10_000, 100_000];

/** k6 takes whole numbers of starts: rates with a fraction become starts in a longer unit of time. The spacing stays the same. */
function rateOf(rates: readonly number[]) {
  const isWhole = (value: number) => Math.abs(value - Math.round(value)) < 1e-9;
  const scale = scales.find((candidate) => rates.every((rate) => isWhole(rate * candidate))) ?? 100_000;
  const scaled = (rate: number) => Math.round(rate * scale);
  return {
    scaled,
    of: (fields: (scaled: readonly number[]) => Readonly<Record<string, unknown>>) => ({
      ...fields(rates.map(scaled)),
      timeUnit: `${scale}s`,
    }),
  };
}

/**
 * Each runner judges its own part, so what counts something is divided among them. `count` and not `rate`: k6 divides a rate by the whole
 * run with its warm-up and its end.
 */
function thresholdsOf(limits: LoadLimits, planned: number, steadyMs: number, runners: number): Layout['thresholds'] {
  const least = Math.floor((planned * 0.99) / runners);
  const successes = Math.floor((limits.minRps * steadyMs) / 1000 / runners);
  return {
    'http_req_duration{scenario:steady}': [`p(95)<${decimal(limits.p95Ms)}`, `p(99)<${decimal(limits.p99Ms)}`],
    'http_req_failed{scenario:steady}': [`rate<${decimal(limits.errorRate)}`],
    'dropped_iterations{scenario:steady}': ['count<1'],
    'http_reqs{scenario:steady}': [`count>=${least}`],
    sw_ok: [`count>${successes}`],
  };
}
