import { type ImageScanData, type SlotOf, slotsOf } from '../evidence/bundle.ts';
import { compareText } from '../model/object-ref.ts';
import { evidence, fact } from './fact.ts';

export interface ImageScans {
  /** Reports about an image, by digest alone: a tag may have meant another image when it was scanned. Newest first, undated last. */
  about(digest: string): readonly ImageScanData[];
  /** Declared reports that are missing or could not be read. */
  readonly unread: readonly { readonly source: string; readonly reason: string }[];
}

const scanSlots = evidence('image-scan-slots', (bundle) =>
  slotsOf(bundle, 'image-scan').filter(({ role }) => role !== 'comparison'),
);

/** The scanner reports of the review. */
export const imageScans = fact('image-scans', [scanSlots], imageScansOf);

function imageScansOf(slots: readonly SlotOf<'image-scan'>[]): ImageScans {
  const byDigest = new Map<string, ImageScanData[]>();
  const unread: { source: string; reason: string }[] = [];
  for (const slot of slots) {
    if (slot.status !== 'collected') {
      unread.push({ source: slot.source, reason: slot.reason.replace(/\.$/, '') });
      continue;
    }
    const { data } = slot;
    // A report that is cut names no image: it is as good as unread.
    if (!data.whole && data.digests.length === 0)
      unread.push({ source: data.path, reason: data.problem ?? 'the report is not whole' });
    for (const digest of data.digests) {
      const list = byDigest.get(digest);
      if (list) list.push(data);
      else byDigest.set(digest, [data]);
    }
  }
  for (const list of byDigest.values())
    list.sort((a, b) => compareText(b.scannedAt ?? '', a.scannedAt ?? '') || compareText(a.path, b.path));
  unread.sort((a, b) => compareText(a.source, b.source));
  return { about: (digest) => byDigest.get(digest) ?? [], unread };
}
