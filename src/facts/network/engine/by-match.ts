import type { Match } from '../assumptions.ts';
import { type AssumptionMask, maskOf } from './assumption-mask.ts';

/** Numbers that match alike. */
export interface MatchGroup {
  readonly ids: readonly number[];
  readonly certain: boolean;
  readonly on: AssumptionMask;
}

/** Those that match, for certain or perhaps, by how they do. Order is kept. */
export function byMatch(matches: Iterable<readonly [id: number, match: Match]>): readonly MatchGroup[] {
  const groups = new Map<string, MatchGroup & { readonly ids: number[] }>();
  for (const [id, { truth, assumptions }] of matches) {
    if (truth === 'no') continue;
    const on = maskOf(assumptions);
    const key = `${truth} ${on}`;
    const group = groups.get(key) ?? { ids: [], certain: truth === 'yes', on };
    group.ids.push(id);
    groups.set(key, group);
  }
  return [...groups.values()];
}
