import { checks } from '../../checks/index.ts';
import { loadTest } from '../../checks/performance/load-test.ts';
import type { System } from '../../config/load.ts';
import type { LoadLimits } from '../../evidence/declared.ts';
import { strictestLimits } from '../../facts/load-figures.ts';
import { resolveStandard } from '../../standard/standard.ts';
import { type LoadOptions, withThresholds } from './options.ts';

/** What a run is held against. */
export interface Demand {
  readonly limits: LoadLimits;
  readonly rules: Pick<
    typeof loadTest.parameters,
    'minSeconds' | 'minRequests' | 'minBlocks' | 'minBlockSeconds' | 'acceptClosedModel'
  >;
}

/** What the review would ask of the run: the stricter of standard and review file, and what the command line changes for this run. */
export function demandOf(system: System | undefined, options: Pick<LoadOptions, 'threshold'>): Demand {
  const resolved =
    system === undefined ? undefined : resolveStandard(checks, system.standard).checks.get(loadTest.id)?.parameters;
  const parameters = (resolved ?? loadTest.parameters) as typeof loadTest.parameters;
  return {
    limits: withThresholds(strictestLimits(parameters, system?.loadTest?.thresholds), options.threshold),
    rules: parameters,
  };
}
