import type { Bundle } from '../evidence/bundle.ts';
import type { EvidenceItem } from '../model/result.ts';

/** What was gathered, for the report: one line a slot. */
export function evidenceOf(bundle: Bundle): readonly EvidenceItem[] {
  return bundle.slots.map((slot) => {
    const { source, status } = slot;
    const kind = slot.kind === 'objects' && slot.status === 'collected' ? `objects (${slot.data.form}, ${slot.role})` : slot.kind;
    if (slot.status === 'collected')
      return { kind, status, source: describe(slot) ?? source, collectedAt: slot.collectedAt, digest: slot.digest };
    return { kind, status, source, reason: slot.reason };
  });
}

function describe(slot: Bundle['slots'][number]): string | undefined {
  if (slot.kind !== 'git' || slot.status !== 'collected') return undefined;
  return `git commit ${slot.data.commit.slice(0, 12)}${slot.data.dirty ? ' with uncommitted changes' : ''}`;
}
