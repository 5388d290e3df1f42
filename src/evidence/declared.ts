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
  /** A k6 script. It is run by k6 and by nothing else. */
  readonly script?: string;
  /** A URL; may hold `${NAME}`, which the environment of `seaworthy load` fills in. */
  readonly target?: string;
  /** What the target is: `staging`. */
  readonly environment?: string;
  /** `auto`: k6 where a script is named, the embedded engine otherwise. */
  readonly engine: 'auto' | 'embedded' | 'k6';
  /** `under-review`: whoever runs the test states that the target runs the images under review. */
  readonly images?: 'under-review';
  readonly scenario?: LoadScenario;
  readonly results: readonly DeclaredResult[];
  /** Those that the review file names; the others are the standard's. */
  readonly thresholds: Partial<LoadLimits>;
  readonly place?: Place;
}

/** A file or glob of results. What a foreign result does not say of itself, the review file may state. */
export interface DeclaredResult {
  readonly path: string;
  readonly startedAt?: string;
  readonly environment?: string;
  readonly images?: readonly string[];
  readonly model?: 'open' | 'closed';
}

/** What a load test must keep within; each strictly. */
export interface LoadLimits {
  readonly p95Ms: number;
  readonly p99Ms: number;
  /** Share of requests, 0 to 1. */
  readonly errorRate: number;
  /** Successful requests a second. */
  readonly minRps: number;
}

/** What to send, and when. Texts hold templates (`${NAME}`, `${data.column}`, `${setup.name}`, `${run.iteration}`) unexpanded. */
export interface LoadScenario {
  /** Rates in requests a second, changing linearly from `from` to `to`. Starts follow this plan whatever the server does. */
  readonly stages: readonly { readonly from: number; readonly to: number; readonly durationMs: number }[];
  /** Before the first stage, at its first rate; measured apart. */
  readonly warmupMs: number;
  /** Of one request, from its intended start. */
  readonly timeoutMs: number;
  /** Most connections at one time, over all workers. */
  readonly connections: number;
  readonly protocol: 'http/1.1' | 'h2';
  readonly tls: { readonly verify: boolean; readonly ca?: string };
  /** Once, in this order, before the first request: sign-in. What is captured counts as secret. */
  readonly setup: readonly LoadSetup[];
  readonly requests: readonly LoadRequest[];
  /** A CSV or JSON file of rows; each request takes the next one. As `tls.ca`, relative to the review file: the scenario is the same wherever it runs. */
  readonly data?: string;
}

export interface LoadRequest {
  readonly name: string;
  readonly method: string;
  /** Appended to the target. */
  readonly path: string;
  readonly weight: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Ranges of statuses that count as success. */
  readonly success: readonly (readonly [number, number])[];
}

export interface LoadSetup extends Omit<LoadRequest, 'weight'> {
  /** Name to JSON pointer (RFC 6901) into the answer's body. */
  readonly capture: Readonly<Record<string, string>>;
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
