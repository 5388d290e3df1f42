import type { Measurement, RunHooks } from '../../load/engine.ts';
import type { K6Run } from '../../load/k6/run.ts';
import type { Engine } from '../../load/run.ts';

/** What runs tests. Tests of the command hand in others. */
export interface LoadEngines {
  readonly embedded: Engine;
  readonly k6: (run: K6Run, hooks: RunHooks) => Promise<Measurement>;
}

/** The real ones, each loaded when it is used. */
export const loadEngines: LoadEngines = {
  embedded: async (plan, hooks) => (await import('../../load/embedded/embedded.ts')).runEmbedded(plan, hooks),
  k6: async (run, hooks) => (await import('../../load/k6/run.ts')).runK6(run, hooks),
};
