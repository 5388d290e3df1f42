import { accessMutations } from './access.ts';
import { operationsMutations } from './operations.ts';
import { platformMutations } from './platform.ts';
import type { Mutation } from './row.ts';
import { secretMutations } from './secrets.ts';
import { workloadMutations } from './workloads.ts';

/** What decides each check in Gravl's production; at least one row a check. */
export const mutations: readonly Mutation[] = [
  ...secretMutations,
  ...accessMutations,
  ...platformMutations,
  ...workloadMutations,
  ...operationsMutations,
];
