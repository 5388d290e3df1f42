import { type Assessment, levels, type Proof } from '../model/judgement.ts';
import type { CheckResult } from '../model/result.ts';
import { type State, stateOf, states } from './check-state.ts';

/** One finding for people: everything that one check says with one message, in one state, over N targets. */
export interface RootCause {
  readonly check: CheckResult;
  readonly state: State;
  /** The message when all targets share it word for word, else none: each target then has its own. */
  readonly message?: string;
  readonly first: Assessment;
  readonly assessments: readonly Assessment[];
}

const shown: readonly State[] = ['unknown', 'fail', 'waived', 'claimed', 'assumed'];

/**
 * Findings of some checks by root cause: unknown first (what is not proven is easily overlooked), then fail, waived, claimed and
 * assumed; within them by level, then in the order of the checks. Passes and not applicable are left to counts. Linear in assessments.
 */
export function rootCauses(checks: readonly CheckResult[]): readonly RootCause[] {
  const causes: RootCause[] = [];
  for (const check of checks) causes.push(...causesOf(check));
  const rank = (cause: RootCause) => shown.indexOf(cause.state) * levels.length + levels.indexOf(cause.check.level);
  return causes.sort((a, b) => rank(a) - rank(b));
}

function causesOf(check: CheckResult): readonly RootCause[] {
  const groups = new Map<string, { state: State; assessments: Assessment[] }>();
  for (const assessment of check.assessments) {
    const state = stateOf(assessment);
    if (!shown.includes(state)) continue;
    const { messageId, waiver, attestation } = assessment;
    const key = JSON.stringify([
      states.indexOf(state),
      messageId,
      waiver?.owner,
      waiver?.reason,
      waiver?.expires,
      attestation?.by,
      attestation?.statement,
    ]);
    const group = groups.get(key);
    if (group) group.assessments.push(assessment);
    else groups.set(key, { state, assessments: [assessment] });
  }
  return [...groups.values()].flatMap(({ state, assessments }) => {
    const [first] = assessments;
    if (first === undefined) return [];
    const same = assessments.every(({ message }) => message === first.message);
    return [{ check, state, first, assessments, ...(same ? { message: first.message } : {}) }];
  });
}

/** The proof that all of several assessments share, so that it is said once; none when they differ or there is but one. */
export function sharedProof(assessments: readonly Assessment[]): readonly Proof[] | undefined {
  const [first, ...others] = assessments;
  if (first?.because === undefined || others.length === 0) return undefined;
  const key = JSON.stringify(first.because);
  return others.every(({ because }) => JSON.stringify(because) === key) ? first.because : undefined;
}
