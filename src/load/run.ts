import type { LoadScenario } from '../evidence/declared.ts';
import { type LoadTestRecord, sealRecord, type UnsealedRecord } from '../evidence/load-tests/record.ts';
import { scenarioDigest } from '../evidence/load-tests/scenario-digest.ts';
import type { Measurement, RunHooks } from './engine.ts';
import type { LoadPlan } from './plan.ts';

/** What runs a plan and measures. */
export type Engine = (plan: LoadPlan, hooks: RunHooks) => Promise<Measurement>;

/** Which test it was: a scenario in its masked form, or a script of somebody's own. */
export type Subject =
  | { readonly scenario: LoadScenario; readonly substituteFor?: string }
  | {
      readonly script: { readonly path: string; readonly sha256: string };
      readonly warmupS: number;
      /** Planned length of the measured part, where the script says it. */
      readonly steadyS?: number;
    };

/** Everything of a record that is known before the run. */
export interface RunHead {
  readonly subject: Subject;
  readonly target: string;
  readonly environment?: string;
  readonly images?: UnsealedRecord['images'];
  /** Names of the variables that the test uses. */
  readonly variables: readonly string[];
  /** RFC 3339, UTC. */
  readonly startedAt: string;
  /** What a reader should know, before what the engine has to say. */
  readonly notes: readonly string[];
}

/** Runs a test and gives its record. What the engine throws (it measured nothing) is thrown. */
export async function runLoadTest(head: RunHead, measure: () => Promise<Measurement>): Promise<LoadTestRecord> {
  const { model, sentTo = [], ...measured } = await measure();
  const elsewhere = sentTo.find((origin) => origin !== new URL(head.target).origin);
  return sealRecord({
    ...measured,
    test: { ...subjectOf(head.subject, measured.seconds), model, variables: [...head.variables] },
    target: elsewhere ?? head.target,
    notes: [...head.notes, ...(elsewhere === undefined ? [] : [elsewhereNote(head)]), ...measured.notes],
    startedAt: head.startedAt,
    // Environment and images are said of the declared target, and of no other.
    ...(head.environment === undefined || elsewhere !== undefined ? {} : { environment: head.environment }),
    ...(head.images === undefined || elsewhere !== undefined ? {} : { images: head.images }),
  });
}

const elsewhereNote = ({ target, environment }: RunHead): string =>
  `The script sent requests elsewhere than to ${target}${environment === undefined ? '' : `, so that this is no run in ${environment}`}.`;

function subjectOf(subject: Subject, seconds: number): Omit<UnsealedRecord['test'], 'model' | 'variables'> {
  if ('script' in subject)
    return { script: subject.script, warmupS: subject.warmupS, steadyS: subject.steadyS ?? seconds, requests: [] };
  const { scenario, substituteFor } = subject;
  return {
    scenario: scenarioDigest(scenario),
    ...(substituteFor === undefined ? {} : { substituteFor }),
    rate: meanRate(scenario.stages),
    warmupS: scenario.warmupMs / 1000,
    steadyS: steadyMs(scenario) / 1000,
    requests: scenario.requests.map(({ name, method, path, weight }) => ({ name, method, path, weight })),
  };
}

export const steadyMs = ({ stages }: Pick<LoadScenario, 'stages'>): number =>
  stages.reduce((sum, { durationMs }) => sum + durationMs, 0);

/** Planned requests a second, over all stages. */
export function meanRate(stages: LoadScenario['stages']): number {
  const starts = stages.reduce((sum, { from, to, durationMs }) => sum + ((from + to) / 2) * durationMs, 0);
  const length = steadyMs({ stages });
  return length === 0 ? 0 : starts / length;
}
