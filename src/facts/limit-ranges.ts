import { type LimitRange, readLimitRange } from '../kube/limit-range.ts';
import { fact } from './fact.ts';
import { type Inventory, inventory } from './inventory.ts';

export interface LimitRanges {
  /** The LimitRanges of a namespace, which admission applies to every container created there. */
  in(namespace: string): readonly LimitRange[];
}

export const limitRanges = fact('limit-ranges', [inventory], limitRangesOf);

/** The LimitRanges of one environment. */
export function limitRangesOf(known: Inventory): LimitRanges {
  const byNamespace = Map.groupBy(
    known.ofKind('', 'LimitRange').flatMap((object) => readLimitRange(object) ?? []),
    (range) => range.object.ref.namespace ?? '',
  );
  return { in: (namespace) => byNamespace.get(namespace) ?? [] };
}
