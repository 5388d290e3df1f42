import type { Level } from '../model/judgement.ts';
import type { Basis, CheckResult, Condition, GateResult, Verdict } from '../model/result.ts';
import { addDays } from '../model/time.ts';
import type { GateDemands } from './gates.ts';
import { fingerprintsOf, unsignedOf } from './gates.ts';
import { unassigned } from './plan.ts';
import { blocksLaunch, type Standing, standingOf, verdictOf } from './standing.ts';

/** What a decision needs beside checks and gates. */
interface DecisionContext extends Pick<GateDemands, 'exemptGates'> {
  readonly launchVerdict: boolean;
  readonly launchAt?: string;
  /** Owner of the review; `unassigned` stands where nobody is named. */
  readonly reviewOwner?: string;
  /** Who does a remedy, by its id. */
  ownerOf(remedy: string): string | undefined;
}

/** The verdict and what it rests on. */
export interface Decision {
  readonly verdict: Verdict;
  /** Refuted, unproven, unsigned: in this order. Empty unless something stands in the way of launching. */
  readonly basis: readonly Basis[];
  /**
   * Do not launch: every item that forbids it, so that settling all of them moves the verdict. Launch with conditions: the
   * conditions. No verdict: the blockers that fail.
   */
  readonly decidedBy: readonly string[];
  readonly conditions: readonly Condition[];
}

/** Decides over gates that `gatesOf` made of the same checks. */
export function decide(checks: readonly CheckResult[], gates: readonly GateResult[], context: DecisionContext): Decision {
  const refuted = fingerprintsOf(checks, ['refuted']);
  if (!context.launchVerdict)
    return { verdict: 'no-verdict', basis: refuted.length > 0 ? ['refuted'] : [], decidedBy: refuted, conditions: [] };
  const conditions = conditionsOf(checks, context);
  const verdict = verdictOf(
    gates.map(({ id, status }) => ({
      status,
      exempt: context.exemptGates.has(id),
      due: dueItems(checks.filter((check) => check.gate === id)),
    })),
  );
  if (verdict !== 'do-not-launch')
    return { verdict, basis: [], decidedBy: conditions.map(({ fingerprint }) => fingerprint), conditions };
  const notAssessed = gates
    .filter(({ id, status }) => status === 'not-assessed' && blocksLaunch({ status, exempt: context.exemptGates.has(id) }))
    .flatMap((gate) => gate.decidedBy);
  const unproven = [...fingerprintsOf(checks, ['unproven']), ...notAssessed];
  const unsigned = gates.flatMap((gate) => unsignedOf(gate.id, gate.signOffs));
  const groups: readonly (readonly [Basis, readonly string[]])[] = [
    ['refuted', refuted],
    ['unproven', unproven],
    ['unsigned', unsigned],
  ];
  const present = groups.filter(([, items]) => items.length > 0);
  return { verdict, basis: present.map(([basis]) => basis), decidedBy: present.flatMap(([, items]) => items), conditions };
}

const conditional: readonly Standing[] = ['condition', 'due'];

function dueItems(checks: readonly CheckResult[]): number {
  return fingerprintsOf(checks, ['due']).length;
}

function conditionsOf(checks: readonly CheckResult[], context: DecisionContext): readonly Condition[] {
  return checks.flatMap((check) => {
    const byFingerprint = new Map(
      check.assessments
        .filter((assessment) => conditional.includes(standingOf(check.level, assessment)))
        .map((assessment) => [assessment.fingerprint, assessment]),
    );
    return fingerprintsOf([check], conditional).flatMap((fingerprint) => {
      const assessment = byFingerprint.get(fingerprint);
      return assessment === undefined ? [] : [conditionOf(check, assessment, context)];
    });
  });
}

/**
 * Who owes what until when: a waiver its owner until it expires, a claim its author until it expires, an assumption the review's
 * owner until it ends; an open finding who does its remedy, before launch (high) or a day after it (medium).
 */
function conditionOf(check: CheckResult, assessment: CheckResult['assessments'][number], context: DecisionContext): Condition {
  const { fingerprint, message, waiver, attestation, remedy, until, outcome } = assessment;
  const reviewOwner = context.reviewOwner ?? unassigned;
  const make = (owner: string, due: string | undefined): Condition => ({
    fingerprint,
    check: check.id,
    message,
    owner,
    ...(due === undefined ? {} : { due }),
  });
  if (waiver !== undefined) return make(waiver.owner, waiver.expires);
  if (attestation !== undefined) return make(attestation.by, attestation.expires);
  if (outcome === 'pass') return make(reviewOwner, until ?? context.launchAt);
  const owner = remedy === undefined ? undefined : context.ownerOf(remedy);
  return make(owner ?? reviewOwner, dueOf(check.level, context.launchAt));
}

function dueOf(level: Level, launchAt: string | undefined): string | undefined {
  if (launchAt === undefined) return undefined;
  return level === 'medium' ? addDays(launchAt, 1) : launchAt;
}
