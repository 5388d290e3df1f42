import type { LoadLimits } from '../../evidence/declared.ts';
import type { LoadTestRecord } from '../../evidence/load-tests/record.ts';
import { type LoadFigures, loadFigures } from '../../facts/load-figures.ts';
import { invalidityOf } from '../../facts/load-validity.ts';

/** What a run says about its limits: by the facts that the gate judges by, with nothing of the command's own. */
export interface RunJudgement {
  readonly state: 'kept' | 'not-kept' | 'invalid' | 'inconclusive';
  readonly figures: LoadFigures;
  /** Why an invalid run says nothing, as the end of a sentence. */
  readonly invalid?: string;
}

/** What a run must have. The gate's parameters have the same values unless the standard changes them. */
export interface RunRules {
  readonly minSeconds: number;
  readonly minRequests: number;
  readonly minBlocks: number;
  readonly minBlockSeconds: number;
}

export function judgeRun(record: LoadTestRecord, limits: LoadLimits, rules: RunRules): RunJudgement {
  const figures = loadFigures(record, limits, rules);
  const invalid = invalidityOf(record, figures, limits, rules);
  if (invalid !== undefined) return { state: 'invalid', figures, invalid };
  const states = [...figures.shares, figures.throughput].map(({ state }) => state);
  const state = states.includes('exceeded') ? 'not-kept' : states.includes('inconclusive') ? 'inconclusive' : 'kept';
  return { state, figures };
}
