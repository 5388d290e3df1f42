import type { SlotOf } from '../evidence/bundle.ts';
import type { KubeObject } from '../kube/object.ts';
import type { Path } from '../model/judgement.ts';
import type { Mask, MaskTable } from '../model/mask.ts';
import { fact } from './fact.ts';
import { inventory } from './inventory.ts';
import { objectSlots } from './objects.ts';

/** A value of an object that was hidden, with what stays known of it. */
export interface MaskedField {
  /** Path inside the object. */
  readonly path: Path;
  readonly mask: Mask;
}

export interface MaskedValues {
  /** Hidden values of an object, in the order of the source. */
  of(object: KubeObject): readonly MaskedField[];
  /** A template draws the value anew at each rendering: what is known of it is of one sample, and no file holds it. */
  isDrawn(object: KubeObject, path: Path): boolean;
}

/** Hidden values by object. A document may hold a list of thousands of objects: its table is read once for all of them. */
export const maskedValues = fact('masked-values', [inventory, objectSlots], ({ objects }, slots): MaskedValues => {
  const tables = new Map<MaskTable, KubeObject[]>();
  for (const object of objects) {
    const list = tables.get(object.masks);
    if (list) list.push(object);
    else tables.set(object.masks, [object]);
  }
  const fields = new Map<KubeObject, MaskedField[]>();
  for (const [table, owners] of tables) assign(table, owners, fields);
  const drawn = drawnPaths(slots);
  return {
    of: (object) => fields.get(object) ?? [],
    isDrawn: ({ source }, path) =>
      source.rendered && drawn.has(drawnKey(source.slot, source.document, [...source.path, ...path])),
  };
});

const drawnKey = (slot: string, document: number, path: Path): string => JSON.stringify([slot, document, path]);

/** A rendered slot holds one stream, so that slot and document name a place in it. */
function drawnPaths(slots: readonly SlotOf<'objects'>[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const slot of slots) {
    if (slot.status !== 'collected') continue;
    for (const file of slot.data.files)
      for (const { document, path } of file.generatedAtRender ?? []) found.add(drawnKey(slot.id, document, path));
  }
  return found;
}

function assign(table: MaskTable, owners: readonly KubeObject[], fields: Map<KubeObject, MaskedField[]>): void {
  const byPath = new Map(owners.map((owner) => [JSON.stringify(owner.source.path), owner]));
  const depths = [...new Set(owners.map((owner) => owner.source.path.length))].sort((a, b) => b - a);
  for (const [key, mask] of Object.entries(table)) {
    const path = JSON.parse(key) as Path;
    for (const depth of depths) {
      const owner = byPath.get(JSON.stringify(path.slice(0, depth)));
      if (owner === undefined) continue;
      const list = fields.get(owner) ?? [];
      list.push({ path: path.slice(depth), mask });
      fields.set(owner, list);
      break;
    }
  }
}

/** Whether a hidden value is a real one: not template text, and in a file with several leaves at least one that is not. */
export function isReal({ placeholder, contains }: Mask): boolean {
  if (contains?.kind === 'config' || contains?.kind === 'alertmanager') return realLeaves(contains).length > 0;
  return !placeholder;
}

/** Paths of the leaves that hold a credential which is no template text. */
export function realLeaves(contains: Extract<Mask['contains'], { kind: 'config' | 'alertmanager' }>): readonly string[] {
  return (contains.credentialLeaves ?? []).filter((leaf) => !leaf.placeholder).map(({ path }) => path);
}

/**
 * Whether every value of a Secret was read and is none: public certificates, and configuration without a leaf that holds a credential. Such
 * a Secret (a Grafana or Alertmanager configuration) needs nobody to produce or replace it. Placeholders stand for credentials.
 */
export function holdsOnlySettings(fields: readonly MaskedField[]): boolean {
  const data = fields.filter(({ path }) => path[0] === 'data' || path[0] === 'stringData');
  return data.length > 0 && data.every(({ mask }) => isSettings(mask));
}

function isSettings({ contains }: Mask): boolean {
  if (contains?.kind === 'certificate' || contains?.kind === 'public-key') return true;
  return (contains?.kind === 'config' || contains?.kind === 'alertmanager') && contains.credentialLeaves?.length === 0;
}
