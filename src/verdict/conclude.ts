import type { AnyCheck } from '../checks/define-check.ts';
import type { DeclaredReview } from '../evidence/declared.ts';
import { type GateId, gateIds } from '../model/gate.ts';
import { type Assessment, levels } from '../model/judgement.ts';
import { compareText } from '../model/object-ref.ts';
import type { Note, ReviewResult } from '../model/result.ts';
import type { Remedy } from '../remedies/remedy.ts';
import type { Standard } from '../standard/standard.ts';
import { layAttestations } from './attestations.ts';
import { decide } from './decision.ts';
import { gatesOf } from './gates.ts';
import { horizonOf } from './horizon.ts';
import { checkResultOf, type Judged } from './judged.ts';
import { planOf, unassigned } from './plan.ts';
import { layWaivers } from './waivers.ts';

/** All that a conclusion depends on. */
export interface ConclusionInput {
  /** The whole registry: also what the standard leaves out, so that a waiver of it is no mistake. */
  readonly checks: readonly AnyCheck[];
  readonly remedies: readonly Remedy[];
  readonly standard: Standard;
  /** By check id, one list for each check of the standard; never empty. */
  readonly assessments: ReadonlyMap<string, readonly Assessment[]>;
  readonly review: DeclaredReview;
  /** RFC 3339, UTC. */
  readonly asOf: string;
}

export interface Conclusion
  extends Pick<ReviewResult, 'validUntil' | 'verdict' | 'basis' | 'decidedBy' | 'gates' | 'conditions' | 'checks' | 'plan'> {
  /** About waivers and attestations that did not do what their author meant. */
  readonly notes: readonly Note[];
}

/**
 * From assessments to the decision: attestations settle unknowns, waivers are laid over what is left, gates and verdict follow, and
 * the plan is made of the open findings.
 * @throws SeaworthyError SW_REVIEW_FILE where the review file's plan does not fit together.
 */
export function conclude({ checks, remedies, standard, assessments, review, asOf }: ConclusionInput): Conclusion {
  const knownChecks = new Set(checks.map(({ id }) => id));
  const judged = judgedOf(checks, standard, assessments);
  const demands = { requiredSignOffs: signOffsOf(standard, review), exemptGates: standard.exemptGates };
  const attested = layAttestations(judged, review.attestations, { asOf, knownChecks });
  const { waivableUnknowns } = standard;
  const waived = layWaivers(attested.judged, review.waivers, { asOf, waivableUnknowns, knownChecks });
  const results = waived.judged.map(checkResultOf);
  const gates = gatesOf(results, demands);
  const plan = planOf({ checks: results, remedies, declared: review.plan });
  const owners = new Map(plan.tasks.filter(({ owner }) => owner !== unassigned).map(({ remedy, owner }) => [remedy, owner]));
  const decision = decide(results, gates, {
    exemptGates: standard.exemptGates,
    launchVerdict: standard.launchVerdict,
    ...(review.launchAt === undefined ? {} : { launchAt: review.launchAt }),
    ...(review.owner === undefined ? {} : { reviewOwner: review.owner }),
    ownerOf: (remedy) => owners.get(remedy),
  });
  const { waivers, attestations } = review;
  const validUntil = standard.launchVerdict
    ? horizonOf({ judged, waivers, attestations, waivableUnknowns, asOf, ...demands })
    : undefined;
  return {
    ...decision,
    ...(validUntil === undefined ? {} : { validUntil }),
    gates,
    checks: results,
    plan,
    notes: [...attested.notes, ...waived.notes],
  };
}

/** The checks of the standard by gate, level and id: the order of every list that follows. */
function judgedOf(
  checks: readonly AnyCheck[],
  standard: Standard,
  assessments: ReadonlyMap<string, readonly Assessment[]>,
): readonly Judged[] {
  return checks
    .flatMap((check): readonly Judged[] => {
      const demanded = standard.checks.get(check.id);
      if (demanded === undefined) return [];
      const list = assessments.get(check.id) ?? [];
      // An empty list would read as not applicable, which nobody concluded.
      if (list.length === 0) throw new Error(`The check ${check.id} was not assessed.`);
      return [{ check, level: demanded.level, assessments: list }];
    })
    .sort(
      (a, b) =>
        gateIds.indexOf(a.check.gate) - gateIds.indexOf(b.check.gate) ||
        levels.indexOf(a.level) - levels.indexOf(b.level) ||
        compareText(a.check.id, b.check.id),
    );
}

/** A role that the standard or the review file names must sign. A standard without a launch verdict has nothing to sign. */
function signOffsOf(standard: Standard, review: DeclaredReview): ReadonlyMap<GateId, readonly string[]> {
  if (!standard.launchVerdict) return new Map();
  return new Map(
    gateIds.flatMap((gate) => {
      const roles = new Set([...(standard.requiredSignOffs.get(gate) ?? []), ...(review.signOffs.gates[gate] ?? [])]);
      return roles.size === 0 ? [] : [[gate, [...roles].sort(compareText)] as const];
    }),
  );
}
