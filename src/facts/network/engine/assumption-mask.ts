import { type AssumptionId, assumptions } from '../assumptions.ts';

/** A set of assumptions as the bits of one integer. */
export type AssumptionMask = number;

const ids = (Object.keys(assumptions) as AssumptionId[]).sort();
const bits = new Map(ids.map((id, index) => [id, 1 << index]));
// Bit 31 is the sign: with more assumptions than bits, two of them would share one.
if (ids.length > 31) throw new Error('more assumptions than a mask has bits');

export const maskOf = (list: readonly AssumptionId[]): AssumptionMask => list.reduce((mask, id) => mask | (bits.get(id) ?? 0), 0);

/** Sorted by id. */
export const assumptionsOf = (mask: AssumptionMask): readonly AssumptionId[] =>
  ids.filter((id) => (mask & (bits.get(id) ?? 0)) !== 0);

/** How many assumptions a mask holds. */
export function sizeOfMask(mask: AssumptionMask): number {
  let size = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) size++;
  return size;
}
