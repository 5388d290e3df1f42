import { listAt, numberAt, textAt, texts, valueAt } from '../kube/json.ts';
import { dayMs, momentMs, parseMoment } from '../model/time.ts';
import type { Datastore } from './datastores.ts';
import { type DeclaredDocument, documentGaps, type Documents, documents } from './documents.ts';
import { fact } from './fact.ts';
import { type Inventory, inventory } from './inventory.ts';

/** A record that data was restored. */
export interface Drill {
  /** RFC 3339; undefined: the record has no date. */
  readonly at: string | undefined;
  /** names: it says by its title or file name that it is about this store. general: it may be about any. */
  readonly about: 'names' | 'general';
  readonly source:
    | { readonly kind: 'document'; readonly document: DeclaredDocument; readonly unfinished: boolean }
    | { readonly kind: 'restore'; readonly name: string };
}

export interface Drills {
  /** Records for a datastore, the best first: those that name it, then the latest. */
  of(store: Datastore): readonly Drill[];
}

/** Restore drills: documents of kind `restore-drill`, and restores that a dump of the cluster shows complete. */
export const drills = fact(
  'drills',
  [documents, inventory],
  (written, known): Drills => ({
    of: (store) =>
      [...fromDocuments(store, written), ...fromRestores(store, known)].sort(
        (a, b) => Number(b.about === 'names') - Number(a.about === 'names') || momentOf(b) - momentOf(a),
      ),
  }),
);

const momentOf = ({ at }: Drill) => (at === undefined ? 0 : momentMs(at));

function fromDocuments(store: Datastore, written: Documents): readonly Drill[] {
  return written.ofKind('restore-drill').flatMap((document) => {
    if (document.state.status !== 'read') return [];
    const { data } = document.state;
    const label = `${document.path.slice(document.path.lastIndexOf('/') + 1)} ${data.title ?? ''}`.toLowerCase();
    const words = new Set(label.split(/[^a-z0-9]+/));
    const isNamed = label.includes(store.name.toLowerCase()) || words.has(store.engine);
    const unfinished = documentGaps(data, { minWords: 30, minSections: 2 }).length > 0;
    return [{ at: dateIn(label), about: isNamed ? 'names' : 'general', source: { kind: 'document', document, unfinished } }];
  });
}

/** The latest date `2026-03-05` in a text. */
function dateIn(text: string): string | undefined {
  const dates = [...text.matchAll(/\d{4}-\d{2}-\d{2}/g)].flatMap(([date]) => {
    const parsed = parseMoment(date);
    return parsed.ok ? [parsed.text] : [];
  });
  return dates.sort().at(-1);
}

/** A Velero Restore that completed without errors and took this store's namespace. */
function fromRestores(store: Datastore, known: Inventory): readonly Drill[] {
  const { namespace } = store;
  if (namespace === undefined) return [];
  return known.ofKind('velero.io', 'Restore').flatMap((object) => {
    const { value } = known.liveOf(object) ?? object;
    const at = textAt(value, 'status', 'completionTimestamp');
    const included = texts(valueAt(value, 'spec', 'includedNamespaces'));
    const takesIt =
      (included.length === 0 || included.includes('*') || included.includes(namespace)) &&
      listAt(value, 'spec', 'includedResources').length === 0;
    const isWhole = textAt(value, 'status', 'phase') === 'Completed' && (numberAt(value, 'status', 'errors') ?? 0) === 0;
    const parsed = at === undefined ? undefined : parseMoment(at);
    if (!object.source.live || !takesIt || !isWhole || parsed?.ok !== true) return [];
    return [{ at: parsed.text, about: 'names', source: { kind: 'restore', name: object.ref.name } }];
  });
}

/** Age of a record in whole days; negative: it is dated after the review. */
export const ageInDays = (at: string, asOf: string): number => Math.floor((momentMs(asOf) - momentMs(at)) / dayMs);
