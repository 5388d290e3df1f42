import type { Engine } from '../../load/run.ts';

/** What runs tests. Tests of the command hand in others. */
export interface LoadEngines {
  readonly embedded: Engine;
}

/** The real ones, each loaded when it is used. */
export const loadEngines: LoadEngines = {
  embedded: async (plan, hooks) => (await import('../../load/embedded/embedded.ts')).runEmbedded(plan, hooks),
};
