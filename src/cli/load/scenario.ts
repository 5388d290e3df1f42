import { maskPairs, maskScenario } from '../../config/mask-load-test.ts';
import { defaultRequest, scenarioDefaults } from '../../config/scenario.ts';
import type { LoadScenario } from '../../evidence/declared.ts';
import { steadyMs } from '../../load/run.ts';
import { loadCaps } from '../../load/plan.ts';
import { SeaworthyError } from '../../model/errors.ts';
import { countOption, lengthOption, type LoadOptions, numberOption } from './options.ts';

/** A scenario to run, and what the command line changed in the declared one. */
export interface ChosenScenario {
  readonly scenario: LoadScenario;
  /** Names of what was changed, in words. Not empty: the result is not of the declared test. */
  readonly changed: readonly string[];
}

const day = 86_400_000;

/**
 * The declared scenario with what the command line changes, or one from the command line alone: a constant rate on one path. Throws
 * SW_USAGE where neither says what to run.
 */
export function chooseScenario(declared: LoadScenario | undefined, options: LoadOptions, path: string): ChosenScenario {
  const base = declared ?? adHoc(options, path);
  const changes: readonly (readonly [string, Partial<LoadScenario> | undefined])[] = [
    ['rate or duration', stagesChange(base, options)],
    ['warm-up', given(options.warmup, (text) => ({ warmupMs: lengthOption('--warmup', text, day, true) }))],
    ['timeout', given(options.timeout, (text) => ({ timeoutMs: lengthOption('--timeout', text, 120_000) }))],
    ['connections', given(options.connections, (text) => ({ connections: countOption('--connections', text, 20_000) }))],
    ['protocol', given(options.protocol, (protocol) => ({ protocol }))],
    ['TLS', options.insecure === true ? { tls: { ...base.tls, verify: false } } : undefined],
  ];
  const real = changes.filter(
    ([, change]) => change !== undefined && JSON.stringify({ ...base, ...change }) !== JSON.stringify(base),
  );
  const scenario = real.reduce((whole, [, change]) => ({ ...whole, ...change }), base);
  return { scenario, changed: declared === undefined ? [] : real.map(([name]) => name) };
}

const given = <T>(text: T | undefined, change: (text: T) => Partial<LoadScenario>): Partial<LoadScenario> | undefined =>
  text === undefined ? undefined : change(text);

function stagesChange(base: LoadScenario, options: LoadOptions): Partial<LoadScenario> | undefined {
  const { rate, duration } = options;
  if (rate === undefined && duration === undefined) return undefined;
  requireOneStage(base, options);
  const constant = rate === undefined ? (base.stages[0]?.from ?? 0) : numberOption('--rate', rate, 1_000_000);
  const durationMs = duration === undefined ? steadyMs(base) : lengthOption('--duration', duration, 7 * day);
  return { stages: [{ from: constant, to: constant, durationMs }] };
}

function requireOneStage({ stages }: LoadScenario, { rate, duration }: LoadOptions): void {
  const [first] = stages;
  if (stages.length === 1 && first !== undefined && first.from === first.to) return;
  if (rate !== undefined && duration !== undefined) return;
  throw new SeaworthyError('SW_USAGE', 'The scenario has stages of different rates; one number cannot change them.', {
    hint: 'Give both --rate and --duration for one constant rate, or change the scenario.',
  });
}

function adHoc({ rate, duration }: LoadOptions, path: string): LoadScenario {
  if (rate === undefined || duration === undefined)
    throw new SeaworthyError('SW_USAGE', 'There is no scenario to run.', {
      hint: 'Describe one under spec.loadTest.scenario, or give --target, --rate and --duration: seaworthy load --target http://127.0.0.1:3000/healthz --rate 120 --duration 60s',
    });
  const constant = numberOption('--rate', rate, 1_000_000);
  const { success: _, ...defaults } = scenarioDefaults;
  return {
    ...defaults,
    stages: [{ from: constant, to: constant, durationMs: lengthOption('--duration', duration, 7 * day) }],
    setup: [],
    requests: [{ ...defaultRequest, name: maskPairs(`GET ${path}`), path }],
  };
}

/** Refuses what is above the caps, which the command line may raise. Throws SW_LOAD_PLAN. */
export function requireWithinCaps(scenario: LoadScenario, options: LoadOptions): void {
  const mostRate = options.maxRate === undefined ? loadCaps.rate : numberOption('--max-rate', options.maxRate, 1_000_000);
  const mostMs =
    options.maxDuration === undefined ? loadCaps.durationMs : lengthOption('--max-duration', options.maxDuration, 8 * day);
  const peak = Math.max(...scenario.stages.flatMap(({ from, to }) => [from, to]));
  if (peak > mostRate)
    throw new SeaworthyError('SW_LOAD_PLAN', `The scenario sends up to ${peak} requests a second; the most is ${mostRate}.`, {
      hint: `If that is meant, add: --max-rate ${Math.ceil(peak)}`,
    });
  const length = scenario.warmupMs + steadyMs(scenario);
  if (length > mostMs)
    throw new SeaworthyError(
      'SW_LOAD_PLAN',
      `The scenario runs for ${length / 1000}s with its warm-up; the longest is ${mostMs / 1000}s.`,
      {
        hint: `If that is meant, add: --max-duration ${Math.ceil(length / 1000)}s`,
      },
    );
}

/** The form of a scenario that records and digests are about. */
export const recordedForm = maskScenario;
