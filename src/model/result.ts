import type { GateId, GateStatus } from './gate.ts';
import type { Assessment, Level, Location, Outcome } from './judgement.ts';

export const resultSchemaVersion = '1.0';

export type Verdict = 'launch' | 'launch-with-conditions' | 'do-not-launch' | 'no-verdict';
/** What a do-not-launch rests on: something is proven wrong, evidence is missing, a signature is missing. */
export type Basis = 'refuted' | 'unproven' | 'unsigned';

/** Counts of check outcomes; `waived` counts findings that a waiver covers and is not part of the other numbers' sum. */
export interface Counts {
  readonly pass: number;
  readonly fail: number;
  readonly unknown: number;
  readonly notApplicable: number;
  readonly waived: number;
}

export interface SignOffState {
  readonly role: string;
  readonly state: 'missing' | 'signed' | 'lapsed' | 'expired';
  readonly by?: string;
  readonly at?: string;
}

export interface GateResult {
  readonly id: GateId;
  readonly title: string;
  readonly status: GateStatus;
  /** One sentence: what decides the status, with names and denominators. */
  readonly summary: string;
  readonly counts: Counts;
  readonly signOffs: readonly SignOffState[];
  /** Fingerprints (or `sign-off/<gate>/<role>`) that give the gate its status. */
  readonly decidedBy: readonly string[];
}

export interface CheckResult {
  readonly id: string;
  readonly gate: GateId;
  readonly level: Level;
  readonly title: string;
  readonly rationale: string;
  readonly references: readonly string[];
  readonly outcome: Outcome;
  /** True when every finding of the check is waived. */
  readonly waived: boolean;
  /** The path from claim to proof: what would settle an unknown of this check. */
  readonly attestable: boolean;
  readonly assessments: readonly Assessment[];
}

export interface Condition {
  readonly fingerprint: string;
  readonly check: string;
  readonly message: string;
  readonly owner: string;
  /** RFC 3339; absent when the review has no launchAt to count from. */
  readonly due?: string;
}

export interface Hours {
  readonly min: number;
  readonly likely: number;
  readonly max: number;
}

/** Tiers in the words of hand-written reviews: block launch, should block, launch + 24 h. */
export const tiers = ['immediate', 'high', 'medium'] as const;
export type Tier = (typeof tiers)[number];
export const tierTitles: Readonly<Record<Tier, string>> = {
  immediate: 'Immediate (block launch)',
  high: 'High priority (should block)',
  medium: 'Medium priority (launch + 24 h)',
};

export interface PlanTask {
  readonly remedy: string;
  readonly tier: Tier;
  readonly title: string;
  readonly owner: string;
  readonly hours: Hours;
  /** Remedies of this plan that must be done before. */
  readonly after: readonly string[];
  /** Earliest start in likely hours from the beginning of the plan, with as many people as wanted. */
  readonly start: number;
  /** Likely hours that the task may slip without moving the end. */
  readonly slack: number;
  readonly critical: boolean;
  readonly findings: readonly string[];
  readonly steps: readonly string[];
  /** Where the hours come from. */
  readonly effortBasis: string;
  /** YAML of objects to add or change, where the remedy can be computed. */
  readonly manifest?: string;
}

export interface Plan {
  /** Total work. */
  readonly effort: Hours;
  /** Finish with one person for each owner role working in parallel; the range is min/likely/max. */
  readonly hours: Hours;
  /** Until the last task of tier `immediate` is done. */
  readonly hoursToLaunch: Hours;
  /** Finish time in likely hours for 1..n people. */
  readonly byPeople: readonly { readonly people: number; readonly hours: Hours }[];
  readonly tasks: readonly PlanTask[];
  /** Remedy ids of the longest chain, in order. */
  readonly chain: readonly string[];
}

export interface EvidenceItem {
  readonly kind: string;
  readonly status: 'collected' | 'absent' | 'failed';
  readonly source: string;
  readonly collectedAt?: string;
  readonly digest?: string;
  readonly reason?: string;
}

/** Something about the review itself that a reader must know: an assumption, an unused waiver, an expired attestation. */
export interface Note {
  readonly id: string;
  readonly message: string;
  readonly location?: Location;
}

export interface ReviewResult {
  readonly schemaVersion: typeof resultSchemaVersion;
  readonly tool: { readonly version: string };
  readonly review: {
    readonly name: string;
    readonly title?: string;
    readonly phase?: string;
    readonly owner?: string;
    readonly environment: string;
    readonly environmentAssumed: boolean;
    readonly launchAt?: string;
    readonly status?: string;
    readonly documentVersion?: string;
  };
  readonly standard: { readonly id: string; readonly digest: string };
  readonly asOf: string;
  /** The horizon: the earliest moment at which time alone can move the verdict. */
  readonly validUntil?: string;
  readonly verdict: Verdict;
  readonly basis: readonly Basis[];
  readonly decidedBy: readonly string[];
  readonly gates: readonly GateResult[];
  readonly conditions: readonly Condition[];
  readonly checks: readonly CheckResult[];
  readonly plan: Plan;
  readonly views: Readonly<Record<string, unknown>>;
  readonly evidence: readonly EvidenceItem[];
  readonly notes: readonly Note[];
  /** Objects looked at, by kind, in the launch environment. */
  readonly inventory: { readonly objects: number; readonly workloads: number; readonly byKind: Readonly<Record<string, number>> };
}

/** One row for reporters: a finding with its check. */
export interface Finding {
  readonly check: CheckResult;
  readonly assessment: Assessment;
}

/** Every finding (fail or unknown), in the result's own order. */
export function findingsOf(result: ReviewResult): readonly Finding[] {
  return result.checks.flatMap((check) =>
    check.assessments
      .filter((assessment) => assessment.outcome === 'fail' || assessment.outcome === 'unknown')
      .map((assessment) => ({ check, assessment })),
  );
}
