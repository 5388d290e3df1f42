import type { Condition, ReviewResult } from '../model/result.ts';

/** A condition on eight images is one condition with eight targets: grouped by check, owner and due time, in the result's order. */
export interface ConditionGroup {
  readonly first: Condition;
  /** Further targets of the same condition. */
  readonly others: number;
}

export function conditionGroups(result: ReviewResult): readonly ConditionGroup[] {
  const groups = Map.groupBy(result.conditions, ({ check, owner, due }) => JSON.stringify([check, owner, due]));
  return [...groups.values()].flatMap(([first, ...others]) => (first === undefined ? [] : [{ first, others: others.length }]));
}
