import type { LoadTestRecord } from '../../evidence/load-tests/record.ts';
import { type LoadFigures, loadFigures } from '../../facts/load-figures.ts';
import { invalidityOf } from '../../facts/load-validity.ts';
import type { Demand } from './demand.ts';

/** What a run says about its limits: by the facts that the gate judges by, with nothing of the command's own. */
export interface RunJudgement {
  readonly state: 'kept' | 'not-kept' | 'invalid' | 'inconclusive';
  readonly figures: LoadFigures;
  /** Why an invalid run says nothing, as the end of a sentence. */
  readonly invalid?: string;
}

export function judgeRun(record: LoadTestRecord, { limits, rules }: Demand): RunJudgement {
  const figures = loadFigures(record, limits, rules);
  const invalid = invalidityOf(record, figures, limits, rules);
  if (invalid !== undefined) return { state: 'invalid', figures, invalid };
  const states = [...figures.shares, figures.throughput].map(({ state }) => state);
  if (states.includes('exceeded')) return { state: 'not-kept', figures };
  const isOpen = record.test.model === 'open' || rules.acceptClosedModel;
  return { state: states.includes('inconclusive') || !isOpen ? 'inconclusive' : 'kept', figures };
}
