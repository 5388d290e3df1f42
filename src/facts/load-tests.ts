import { type LoadTestData, type SlotOf, slotsOf } from '../evidence/bundle.ts';
import { compareText } from '../model/object-ref.ts';
import { evidence, fact } from './fact.ts';

export interface LoadTests {
  /** Runs, newest first; undated ones last. */
  readonly runs: readonly LoadTestData[];
  /** Declared results that are missing or could not be read. */
  readonly unread: readonly { readonly source: string; readonly reason: string }[];
}

const loadTestSlots = evidence('load-test-slots', (bundle) =>
  slotsOf(bundle, 'load-test').filter(({ role }) => role !== 'comparison'),
);

/** The load-test runs of the review. */
export const loadTests = fact('load-tests', [loadTestSlots], loadTestsOf);

function loadTestsOf(slots: readonly SlotOf<'load-test'>[]): LoadTests {
  const runs = slots.flatMap((slot) => (slot.status === 'collected' ? [slot.data] : []));
  const unread = slots.flatMap((slot) =>
    slot.status === 'collected' ? [] : [{ source: slot.source, reason: slot.reason.replace(/\.$/, '') }],
  );
  return {
    runs: runs.sort((a, b) => compareText(b.startedAt ?? '', a.startedAt ?? '') || compareText(a.path, b.path)),
    unread: unread.sort((a, b) => compareText(a.source, b.source)),
  };
}
