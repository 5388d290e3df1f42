import type { LoadLimits, LoadScenario } from '../evidence/declared.ts';

/** One run, ready to go: everything is known and nothing is looked up any more. Holds secrets; never written anywhere. */
export interface LoadPlan {
  /** Base URL; request paths are appended. */
  readonly target: URL;
  readonly scenario: LoadScenario;
  readonly limits: LoadLimits;
  /** Values of the environment variables that templates name. */
  readonly variables: Readonly<Record<string, string>>;
  /** Rows of the data file; empty where there is none. */
  readonly rows: readonly Readonly<Record<string, string>>[];
  /** PEM of further certificate authorities to trust. */
  readonly ca?: string;
  /** Sent with each request, so that the other side can tell the run apart. */
  readonly runId: string;
  readonly workers: number;
}

/** Limits of latency in ms above which requests are counted, ascending. */
export const latencyLimits = ({ p95Ms, p99Ms }: LoadLimits): readonly number[] =>
  [...new Set([p95Ms, p99Ms])].sort((a, b) => a - b);

/** Bounds that hold unless the command line raises them. */
export const loadCaps = { rate: 2_000, durationMs: 3_600_000 } as const;
