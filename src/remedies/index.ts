import { accessRemedies } from './access.ts';
import { deliveryRemedies } from './delivery.ts';
import { networkRemedies } from './network.ts';
import { operationsRemedies } from './operations.ts';
import type { Remedy } from './remedy.ts';
import { secretRemedies } from './secrets.ts';
import { tlsRemedies } from './tls.ts';
import { workloadRemedies } from './workloads.ts';

/** Every remedy, by gate. Prerequisites form a DAG; a test proves it. */
export const remedies: readonly Remedy[] = [
  ...secretRemedies,
  ...accessRemedies,
  ...networkRemedies,
  ...tlsRemedies,
  ...workloadRemedies,
  ...deliveryRemedies,
  ...operationsRemedies,
];

const byId: ReadonlyMap<string, Remedy> = new Map(remedies.map((remedy) => [remedy.id, remedy]));

export const remedyById = (id: string): Remedy | undefined => byId.get(id);
