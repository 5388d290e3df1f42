import type { GateId } from '../model/gate.ts';
import { gateTitles } from '../model/gate.ts';
import type { Assessment } from '../model/judgement.ts';
import type { CheckResult, GateResult, ReviewResult } from '../model/result.ts';

/**
 * What a reader may take from a check or an assessment. `pass` is proven; `waived`, `claimed` and `assumed` are never shown as
 * passes. Worst first: a check is in the worst state of its targets.
 */
export const states = ['fail', 'unknown', 'waived', 'claimed', 'assumed', 'pass', 'not-applicable'] as const;
export type State = (typeof states)[number];

/** The state of one target. */
export function stateOf(assessment: Assessment): State {
  const { outcome, reason, waiver } = assessment;
  if (outcome === 'fail' || outcome === 'unknown') return waiver === undefined ? outcome : 'waived';
  if (outcome === 'pass' && (reason === 'claimed' || reason === 'assumed')) return reason;
  return outcome;
}

/** The state of a check: the worst of its targets, and never better than the outcome that the review gave it. */
export function checkState(check: CheckResult): State {
  if (check.waived) return 'waived';
  let worst = states.length - 1;
  for (const assessment of check.assessments) worst = Math.min(worst, states.indexOf(stateOf(assessment)));
  const open = check.outcome === 'fail' || check.outcome === 'unknown';
  if (check.assessments.length === 0 || (open && worst > states.indexOf('waived'))) return check.outcome;
  return states[worst] ?? 'unknown';
}

/** How many targets of a check are in each state. */
export function countStates(check: CheckResult): Readonly<Record<State, number>> {
  const counts = { fail: 0, unknown: 0, waived: 0, claimed: 0, assumed: 0, pass: 0, 'not-applicable': 0 };
  for (const assessment of check.assessments) counts[stateOf(assessment)] += 1;
  return counts;
}

/** A gate with its checks. */
export interface GateSection {
  readonly gate: GateResult;
  readonly checks: readonly CheckResult[];
}

/** Every gate with its checks, in the result's order. A check whose gate is missing is shown under a gate that nobody assessed: nothing is dropped. */
export function gateSections(result: ReviewResult): readonly GateSection[] {
  const byGate = new Map<GateId, CheckResult[]>();
  for (const check of result.checks) {
    const known = byGate.get(check.gate);
    if (known) known.push(check);
    else byGate.set(check.gate, [check]);
  }
  const sections: GateSection[] = result.gates.map((gate) => ({ gate, checks: byGate.get(gate.id) ?? [] }));
  const present = new Set(result.gates.map(({ id }) => id));
  for (const [id, checks] of byGate) if (!present.has(id)) sections.push({ gate: notAssessed(id), checks });
  return sections;
}

const notAssessed = (id: GateId): GateResult => ({
  id,
  title: gateTitles[id],
  status: 'not-assessed',
  summary: 'The result has no status for this gate.',
  counts: { pass: 0, fail: 0, unknown: 0, notApplicable: 0, waived: 0 },
  signOffs: [],
  decidedBy: [],
});
