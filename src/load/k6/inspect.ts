import { SeaworthyError } from '../../model/errors.ts';
import { complaintOf } from './complaint.ts';
import { k6Environment, secretsIn } from './environment.ts';
import { goDurationMs } from './go-duration.ts';
import type { Environment, K6Program, RunProgram } from './program.ts';

/** What a script would do, as k6 itself reads it. */
export interface ScriptPlan {
  /** open: every scenario starts iterations by a plan. closed: one at least waits for answers before it goes on. */
  readonly model: 'open' | 'closed' | 'unknown';
  readonly scenarios: readonly { readonly name: string; readonly executor: string }[];
  /** From the first planned start to the last, where every scenario says how long it takes. */
  readonly plannedMs?: number;
  /** How long the longest scenario may still wait for answers after that. */
  readonly gracefulStopMs: number;
  /** The longest that k6 lets the scenarios run. */
  readonly totalMs?: number;
  readonly maxVUs?: number;
  /** Thresholds of the script, as expressions by metric. */
  readonly thresholds: readonly { readonly metric: string; readonly expression: string; readonly abortOnFail: boolean }[];
}

/** What runs a script: the k6 that was found, in the environment in which the test runs. */
export interface ScriptContext {
  readonly k6: K6Program;
  readonly script: string;
  readonly cwd: string;
  readonly env: Environment;
  readonly variables: Readonly<Record<string, string>>;
}

const limits = { timeoutMs: 60_000, maxOutputBytes: 8 << 20 } as const;
const openExecutors = ['constant-arrival-rate', 'ramping-arrival-rate'];
/** Where a scenario does not say. */
const defaultGracefulStopMs = 30_000;

/** A path that is no flag and not standard input, whatever it begins with. */
export const asArgument = (script: string): string => (script.startsWith('-') ? `./${script}` : script);

/** `k6 run` lets scripts read the environment, `k6 inspect` only when it is told to. */
const inspection = (script: string): readonly string[] => [
  'inspect',
  '--execution-requirements',
  '--include-system-env-vars',
  asArgument(script),
];

/**
 * Asks k6 what a script would do, without load. The script's top level is executed for that, as it is by every run. Throws SW_LOAD_ENGINE
 * where k6 cannot read the script.
 */
export async function inspectScript({ k6, script, cwd, env, variables }: ScriptContext, run: RunProgram): Promise<ScriptPlan> {
  const result = await run(k6.command, inspection(script), {
    ...limits,
    cwd,
    env: k6Environment(env, variables),
  });
  const fail = (why: string) =>
    new SeaworthyError('SW_LOAD_ENGINE', `k6 cannot read the script ${script}: ${why}`, {
      where: script,
      hint: `Try \`k6 inspect ${script}\`.`,
    });
  if (!result.ok)
    throw fail(
      result.problem === 'timeout'
        ? 'it took longer than a minute.'
        : complaintOf(result.stderr, secretsIn(env, variables)) || `it said nothing (${result.problem}).`,
    );
  const options = parse(new TextDecoder().decode(result.stdout));
  if (options === undefined) throw fail('it printed no options.');
  return planOf(options);
}

type Options = Readonly<Record<string, unknown>>;

function parse(text: string): Options | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isOptions(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isOptions = (value: unknown): value is Options => typeof value === 'object' && value !== null && !Array.isArray(value);

function planOf(options: Options): ScriptPlan {
  const scenarios = Object.entries(isOptions(options['scenarios']) ? options['scenarios'] : {}).flatMap(([name, value]) =>
    isOptions(value) ? [{ name, value, executor: String(value['executor']) }] : [],
  );
  const ends = scenarios.map(({ value, executor }) => endMs(value, executor));
  const totalMs = goDurationMs(options['totalDuration']);
  const { maxVUs } = options;
  return {
    model: modelOf(scenarios.map(({ executor }) => executor)),
    scenarios: scenarios.map(({ name, executor }) => ({ name: name.slice(0, 200), executor: executor.slice(0, 60) })),
    ...(ends.length > 0 && ends.every((end) => end !== undefined) ? { plannedMs: Math.max(...ends) } : {}),
    gracefulStopMs: Math.max(0, ...scenarios.map(({ value }) => goDurationMs(value['gracefulStop']) ?? defaultGracefulStopMs)),
    ...(totalMs === undefined ? {} : { totalMs }),
    ...(typeof maxVUs === 'number' ? { maxVUs } : {}),
    thresholds: thresholdsIn(options['thresholds']),
  };
}

function modelOf(executors: readonly string[]): ScriptPlan['model'] {
  if (executors.length === 0) return 'unknown';
  return executors.every((executor) => openExecutors.includes(executor)) ? 'open' : 'closed';
}

/** When a scenario ends by its plan; undefined for those that end when their work is done. */
function endMs(scenario: Options, executor: string): number | undefined {
  if (executor.endsWith('-iterations')) return undefined;
  const startMs = goDurationMs(scenario['startTime']) ?? 0;
  const { stages } = scenario;
  if (!Array.isArray(stages)) {
    const duration = goDurationMs(scenario['duration']);
    return duration === undefined ? undefined : startMs + duration;
  }
  return (stages as readonly unknown[]).reduce<number>(
    (sum, stage) => sum + (goDurationMs(isOptions(stage) ? stage['duration'] : undefined) ?? 0),
    startMs,
  );
}

function thresholdsIn(value: unknown): ScriptPlan['thresholds'] {
  return Object.entries(isOptions(value) ? value : {}).flatMap(([metric, list]) =>
    (Array.isArray(list) ? (list as readonly unknown[]) : []).flatMap((threshold) => {
      if (typeof threshold === 'string') return [{ metric, expression: threshold, abortOnFail: false }];
      if (!isOptions(threshold) || typeof threshold['threshold'] !== 'string') return [];
      return [{ metric, expression: threshold['threshold'], abortOnFail: threshold['abortOnFail'] === true }];
    }),
  );
}
