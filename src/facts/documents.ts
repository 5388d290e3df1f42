import { type DocumentData, type DocumentSection, type SlotOf, slotsOf } from '../evidence/bundle.ts';
import type { DeclaredReview, Place } from '../evidence/declared.ts';
import { compareText, type ObjectRef, ownApiVersion } from '../model/object-ref.ts';
import { evidence, fact } from './fact.ts';
import { declaredReview } from './inventory.ts';

/** One document that was declared or gathered. */
export interface DeclaredDocument {
  readonly ref: ObjectRef;
  readonly path: string;
  readonly state:
    | { readonly status: 'read'; readonly data: DocumentData }
    /** Nobody wrote it. */
    | { readonly status: 'missing'; readonly reason: string }
    /** It is there and could not be read. */
    | { readonly status: 'failed'; readonly reason: string };
  /** Where the review file declares it. */
  readonly place?: Place;
}

export interface Documents {
  /** Documents of a kind, sorted by path. Empty: nobody declared one. */
  ofKind(kind: string): readonly DeclaredDocument[];
}

const documentSlots = evidence('document-slots', (bundle) =>
  slotsOf(bundle, 'document').filter(({ role }) => role !== 'comparison'),
);

/** The documents of the review. */
export const documents = fact('documents', [documentSlots, declaredReview], documentsOf);

export function documentsOf(slots: readonly SlotOf<'document'>[], declared: DeclaredReview): Documents {
  return {
    ofKind(kind) {
      const found = new Map<string, DeclaredDocument>();
      const entries = declared.documents.filter((entry) => entry.kind === kind);
      for (const slot of slots) {
        // A slot without data does not say its kind; the declaration that asked for it does.
        const entry = entries.find(({ path }) => isUnder(slot.source, path));
        const isOfKind = slot.status === 'collected' ? slot.data.documentKind === kind : entry !== undefined;
        if (isOfKind) found.set(slot.source, documentOf(slot, entry?.place));
      }
      for (const { path, place } of entries) {
        if ([...found.keys()].some((known) => isUnder(known, path))) continue;
        const state = { status: 'missing', reason: `${path} was not found` } as const;
        found.set(path, { ref: refOf(path), path, state, ...(place === undefined ? {} : { place }) });
      }
      return [...found.values()].sort((a, b) => compareText(a.path, b.path));
    },
  };
}

const refOf = (path: string): ObjectRef => ({ apiVersion: ownApiVersion, kind: 'Document', name: path });
const isUnder = (path: string, declared: string): boolean =>
  path === declared || path.startsWith(`${declared.replace(/\/+$/, '')}/`);

function documentOf(slot: SlotOf<'document'>, place: Place | undefined): DeclaredDocument {
  const state: DeclaredDocument['state'] =
    slot.status === 'collected'
      ? { status: 'read', data: slot.data }
      : { status: slot.status === 'absent' ? 'missing' : 'failed', reason: slot.reason.replace(/\.$/, '') };
  return { ref: refOf(slot.source), path: slot.source, state, ...(place === undefined ? {} : { place }) };
}

/** What a document lacks. `line` is 1-based. */
export type DocumentGap =
  | { readonly gap: 'empty' }
  | { readonly gap: 'short'; readonly words: number }
  | { readonly gap: 'unstructured'; readonly sections: number }
  | { readonly gap: 'hollow'; readonly heading: string; readonly line: number; readonly count: number }
  | { readonly gap: 'open'; readonly marker: string; readonly line: number; readonly count: number };

/**
 * What a document lacks to be of use: text, headings, text under each heading, nothing left open. Headings over nothing are the usual
 * template, so a heading counts only with words below it. An empty list: nothing is missing.
 */
export function documentGaps(
  data: DocumentData,
  rule: { readonly minWords: number; readonly minSections: number },
): readonly DocumentGap[] {
  if (data.words === 0) return [{ gap: 'empty' }];
  const gaps: DocumentGap[] = [];
  const hollow = data.sections.filter((section, index) => section.words === 0 && !hasSubsection(data.sections, index));
  const [firstHollow] = hollow;
  const [firstOpen] = data.openMarkers;
  if (firstOpen) gaps.push({ gap: 'open', marker: firstOpen.marker, line: firstOpen.line, count: data.openMarkers.length });
  if (firstHollow) gaps.push({ gap: 'hollow', heading: firstHollow.heading, line: firstHollow.line, count: hollow.length });
  if (data.sections.length < rule.minSections) gaps.push({ gap: 'unstructured', sections: data.sections.length });
  // What is unfinished is short because of it: one cause, one finding.
  if (gaps.length === 0 && data.words < rule.minWords) gaps.push({ gap: 'short', words: data.words });
  return gaps;
}

const hasSubsection = (sections: readonly DocumentSection[], index: number): boolean =>
  (sections[index + 1]?.level ?? 0) > (sections[index]?.level ?? 0);
