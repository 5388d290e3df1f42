import type { Bundle, Slot } from '../src/evidence/bundle.ts';
import type { ReviewResult } from '../src/model/result.ts';
import { review } from '../src/review.ts';
import { asOf } from './gravl.ts';
import { gravl, type Overlay } from './gravl-edits.ts';
import { mutations } from './mutations/mutations.ts';

export const environments = ['staging', 'production'] as const;
export type BundleName = (typeof environments)[number] | 'spoilt';
export const bundleNames: readonly BundleName[] = [...environments, 'spoilt'];

/** Production with as many rows of the mutation tables at once as fit together: most checks fail or are unknown. */
function spoilt(): Overlay {
  let overlay = gravl;
  for (const { check, edits } of mutations) {
    // Unreadable input would leave nothing to judge; files that are gone take other rows along.
    if (check === 'readable-input' || edits.some((edit) => 'remove' in edit)) continue;
    try {
      overlay = overlay.with(edits);
    } catch {
      // Another row has changed this place already.
    }
  }
  return overlay;
}

/** The three bundles, and their results. */
export async function gatherAll(): Promise<{
  readonly bundles: Readonly<Record<BundleName, Bundle>>;
  readonly results: Readonly<Record<BundleName, ReviewResult>>;
}> {
  const bundles = {
    staging: await gravl.bundle('staging'),
    production: await gravl.bundle('production'),
    spoilt: await spoilt().bundle('production'),
  };
  const { staging, production } = bundles;
  const of = (bundle: Bundle) => review(bundle, { asOf });
  return { bundles, results: { staging: of(staging), production: of(production), spoilt: of(bundles.spoilt) } };
}

/** The bundle with a change to what each source of objects holds. */
export const changeObjects = (
  bundle: Bundle,
  change: (data: Extract<Slot, { kind: 'objects'; status: 'collected' }>['data']) => object,
): Bundle => ({
  ...bundle,
  slots: bundle.slots.map((slot) =>
    slot.kind === 'objects' && slot.status === 'collected' ? { ...slot, data: { ...slot.data, ...change(slot.data) } } : slot,
  ),
});
