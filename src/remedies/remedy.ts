import type { Hours } from '../model/result.ts';

/** Who does a remedy. One person of each role can work at the same time as the others. */
const ownerRoles = ['platform', 'security', 'developer', 'sre', 'data', 'release'] as const;
export type OwnerRole = (typeof ownerRoles)[number];

/** What to do about findings. Several checks may share one. */
export interface Remedy {
  /** Kebab-case, imperative: `install-cert-manager`. Never reused. */
  readonly id: string;
  /** Imperative sentence without a full stop. */
  readonly title: string;
  readonly owner: OwnerRole;
  /** Hours of work for the first target; `min <= likely <= max`. */
  readonly effort: Hours;
  /** Where the hours come from, for the reader who doubts them. */
  readonly effortBasis: string;
  /** True where doing it is what makes the evidence: a load test, a drill, a document. Of others an unknown may only lack evidence. */
  readonly proves?: true;
  /** Ids of the remedies that must be done before. */
  readonly after: readonly string[];
  readonly steps: readonly string[];
  /** Hours for each further object with a finding; absent where one change mends all. */
  readonly perTarget?: Hours;
}
