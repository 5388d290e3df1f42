import type { AnyCheck } from './define-check.ts';
import { readableInput } from './release/readable-input.ts';
import { memoryLimits } from './workloads/memory-limits.ts';

const all = [readableInput, memoryLimits] as const;

/** Every check: the explicit list from which the standard, the docs and the schema derive. */
export const checks: readonly AnyCheck[] = all;
export type CheckId = (typeof all)[number]['id'];
