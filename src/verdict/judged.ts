import type { AnyCheck } from '../checks/define-check.ts';
import type { Assessment, Level, Outcome } from '../model/judgement.ts';
import type { CheckResult } from '../model/result.ts';

/** A check, the level that the standard gives it, and what was concluded about each of its targets. */
export interface Judged {
  readonly check: AnyCheck;
  readonly level: Level;
  readonly assessments: readonly Assessment[];
}

/** The outcome of a check: fail if any target fails, else unknown, else pass, else not applicable. */
function outcomeOf(assessments: readonly Pick<Assessment, 'outcome'>[]): Outcome {
  for (const outcome of ['fail', 'unknown', 'pass'] as const)
    if (assessments.some((assessment) => assessment.outcome === outcome)) return outcome;
  return 'not-applicable';
}

/** Is the assessment a finding: something that did not pass although it applies? */
export const isFinding = ({ outcome }: Pick<Assessment, 'outcome'>): boolean => outcome === 'fail' || outcome === 'unknown';

/** The result of one check. Waivers never change its outcome. */
export function checkResultOf({ check, level, assessments }: Judged): CheckResult {
  const { id, gate, title, rationale, references, attestable } = check;
  const findings = assessments.filter(isFinding);
  const waived = findings.length > 0 && findings.every((finding) => finding.waiver !== undefined);
  return { id, gate, level, title, rationale, references, outcome: outcomeOf(assessments), waived, attestable, assessments };
}
