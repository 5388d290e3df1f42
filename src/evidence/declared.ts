import type { GateId } from '../model/gate.ts';
import type { Level } from '../model/judgement.ts';

/**
 * The review file and the standard, as evidence: normalised (every list present, every moment in UTC), variables unexpanded.
 * `config/` writes these from what a person wrote.
 */
export interface DeclaredReview {
  readonly name: string;
  readonly title?: string;
  readonly phase?: string;
  readonly owner?: string;
  readonly status?: string;
  readonly documentVersion?: string;
  readonly environment: string;
  readonly environmentAssumed: boolean;
  readonly launchAt?: string;
  /** Path of the review file; absent when there is none. */
  readonly file?: string;
  readonly select?: { readonly namespaces: readonly string[] };
  /** Absent: nobody said which network plugin the cluster has. */
  readonly network?: { readonly profile?: NetworkProfile };
  readonly providedElsewhere: readonly ProvidedObject[];
  /** Absent: nobody declared which flows are intended. An empty list declares that none is. */
  readonly traffic?: readonly IntendedFlow[];
  readonly datastores: readonly DeclaredDatastore[];
  readonly loadTest?: DeclaredLoadTest;
  readonly documents: readonly { readonly kind: string; readonly path: string; readonly place?: Place }[];
  readonly attestations: readonly Attestation[];
  readonly waivers: readonly Waiver[];
  readonly signOffs: {
    readonly roles: Readonly<Record<string, readonly string[]>>;
    readonly gates: Readonly<Partial<Record<GateId, readonly string[]>>>;
  };
  readonly plan: { readonly overrides: readonly PlanOverride[]; readonly tasks: readonly PlanTaskDeclaration[] };
}

/** Network plugins whose answers to what Kubernetes leaves open are known. `none`: nothing enforces policies. */
export const networkProfiles = ['calico', 'cilium', 'ovn-kubernetes', 'gke-dataplane-v2', 'aws-vpc-cni', 'none'] as const;
export type NetworkProfile = (typeof networkProfiles)[number];

/** Position in the review file. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A platform object that is in no source: an assumption with an owner and an end. */
export interface ProvidedObject {
  readonly apiVersion?: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly owner: string;
  readonly reason: string;
  readonly expires: string;
  readonly place?: Place;
}

/** `from`/`to`: `workload`, `namespace/workload`, `namespace/*`, a CIDR, or `internet`. */
export interface IntendedFlow {
  readonly from: string;
  readonly to: string;
  /** Number, name, or absent for any. */
  readonly port?: number | string;
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
  readonly place?: Place;
}

export interface DeclaredDatastore {
  readonly name: string;
  readonly kind: string;
  /** `managed` by a cloud provider, or `self` hosted. */
  readonly managed: boolean;
  readonly owner?: string;
  readonly place?: Place;
}

export interface DeclaredLoadTest {
  readonly script?: string;
  readonly target?: string;
  readonly environment?: string;
  readonly results: readonly string[];
  readonly thresholds: { readonly p95Ms: number; readonly p99Ms: number; readonly errorRate: number; readonly minRps: number };
  readonly place?: Place;
}

export interface Attestation {
  readonly check: string;
  /** `Kind/name` or `Kind/namespace/name`; absent: every target of the check. */
  readonly target?: string;
  readonly by: string;
  readonly at: string;
  readonly expires: string;
  readonly statement: string;
  readonly evidence?: string;
  readonly place?: Place;
}

export interface Waiver {
  readonly check: string;
  /** One of fingerprint or target; neither: every finding of the check. */
  readonly fingerprint?: string;
  readonly target?: string;
  readonly owner: string;
  readonly reason: string;
  readonly expires: string;
  readonly compensatingControl?: string;
  readonly place?: Place;
}

export interface PlanOverride {
  readonly remedy: string;
  readonly effort?: { readonly min: number; readonly likely: number; readonly max: number };
  readonly owner?: string;
  readonly after?: readonly string[];
  readonly place?: Place;
}

export interface PlanTaskDeclaration {
  readonly id: string;
  readonly title: string;
  readonly tier: 'immediate' | 'high' | 'medium';
  readonly owner: string;
  readonly effort: { readonly min: number; readonly likely: number; readonly max: number };
  readonly after: readonly string[];
  readonly place?: Place;
}

/** What to demand. Built-in levels and parameters come from the checks; these are overlaid in order. */
export interface DeclaredStandard {
  readonly base: 'recommended' | 'manifests';
  readonly overlays: readonly StandardOverlay[];
}

export interface StandardOverlay {
  /** An organisation may loosen; a review file may only tighten. */
  readonly origin: 'organisation' | 'review';
  readonly id: string;
  readonly levels: Readonly<Record<string, Level>>;
  readonly parameters: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Gates that may stay not-assessed, with the reason. Organisation only. */
  readonly exemptGates: Readonly<Partial<Record<GateId, string>>>;
  /** Checks whose unknowns a waiver may cover. Organisation only. */
  readonly waivableUnknowns: readonly string[];
  /** Roles that must sign a gate. */
  readonly signOffs: Readonly<Partial<Record<GateId, readonly string[]>>>;
  readonly place?: Place;
}

/** The review of a path without a review file. */
export function emptyReview(name: string, environment?: string): DeclaredReview {
  return {
    name,
    environment: environment ?? 'production',
    environmentAssumed: environment === undefined,
    providedElsewhere: [],
    datastores: [],
    documents: [],
    attestations: [],
    waivers: [],
    signOffs: { roles: {}, gates: {} },
    plan: { overrides: [], tasks: [] },
  };
}
