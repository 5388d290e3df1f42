import { type AssumptionId, assumptions as sentences } from './assumptions.ts';
import type { NetworkModel } from './network.ts';
import { type Endpoint, isPod } from './peers.ts';

/** Assumptions that stand for objects which nobody showed: somebody's word, or a convention. What rests on them is assumed, not proven. */
const granted: ReadonlySet<AssumptionId> = new Set<AssumptionId>(['declared-labels', 'unseen-peer', 'dns-conventional']);

/** Whether an answer is proven by objects. `until`: when the first declaration about these ends ends, RFC 3339. */
export interface Standing {
  readonly assumed: boolean;
  readonly until?: string;
}

/** How firmly an answer about these ends stands. */
export function standingOf(network: NetworkModel, ends: readonly Endpoint[], assumptions: readonly AssumptionId[]): Standing {
  if (!assumptions.some((id) => granted.has(id))) return { assumed: false };
  const namespaces = new Set(ends.flatMap((end) => (isPod(end) ? end.namespace.name : [])));
  const behind = network.inputs.provided.filter((item) =>
    namespaces.has(item.kind === 'Namespace' ? item.name : (item.namespace ?? '')),
  );
  const [until] = behind.map(({ expires }) => expires).sort();
  return until === undefined ? { assumed: true } : { assumed: true, until };
}

/** Each assumption with the sentence that explains it, for a reader: `unseen-peer (The Pods at one end ...)`. */
export const explain = (assumptions: readonly AssumptionId[]): string =>
  assumptions.map((id) => `${id} (${sentences[id].replace(/\.$/, '')})`).join('; ');

/** Why policies may exist that no source shows; undefined where all are there. Then nothing that is open is known to stay open, and nothing that is closed to stay closed. */
export function unseenPolicies({ inputs }: NetworkModel): string | undefined {
  const known = inputs.completeness('networking.k8s.io', 'NetworkPolicy');
  return known.complete ? undefined : known.why;
}
