import type { Outcome } from '../../src/model/judgement.ts';
import type { Edit } from '../gravl-edits.ts';

/** What decides a check in Gravl's production, and what the check says once it is gone. */
export interface Mutation {
  readonly check: string;
  /** What is taken away or spoilt. */
  readonly without: string;
  readonly edits: readonly Edit[];
  readonly outcome: Exclude<Outcome, 'pass'>;
  readonly message: string;
  /** Name of the target of which this is said; where the check does not pass on the whole, this target does before the edit. */
  readonly target?: string;
}

export const production = (name: string) => `k8s/production/${name}.yaml`;
export const reviewFile = 'production.seaworthy.yaml';

/** Takes the text, which stands once in the file, away. */
export const cut = (file: string, replace: string): Edit => ({ file, replace, by: '' });
export const swap = (file: string, replace: string, by: string): Edit => ({ file, replace, by });

/** Takes the attestation of a check out of the review file. */
export const unattested = (check: string): readonly Edit[] => [
  swap(reviewFile, `- check: ${check}\n      by:`, '- check: readable-input\n      by:'),
];
