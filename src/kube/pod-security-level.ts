import type { Path } from '../model/judgement.ts';

/** Levels of the Pod Security Standards, from no restriction to the strictest. */
export type PssLevel = 'privileged' | 'baseline' | 'restricted';

/** A field that a Pod Security Standard forbids or demands otherwise. */
export interface PssViolation {
  /** Name of the control, as the official page heads it. */
  readonly control: string;
  /** The lowest level that forbids it; restricted includes all of baseline. */
  readonly level: 'baseline' | 'restricted';
  readonly message: string;
  /** The field that violates, or what lacks a field that must be there. */
  readonly path: Path;
  readonly container?: string;
}
