import { textAt } from '../kube/json.ts';
import type { Completeness, Inventory } from './inventory.ts';

const crdGroup = 'apiextensions.k8s.io';

/**
 * May absence of objects of a custom kind be read as absence? Where a source is complete for the kind, and also where a source is
 * complete for CustomResourceDefinitions and has none of it: the API server stores no object of a kind that it does not know.
 */
export function completenessOfCustom(known: Inventory, group: string, kind: string): Completeness {
  const direct = known.completeness(group, kind);
  if (direct.complete) return direct;
  const definitions = known.completeness(crdGroup, 'CustomResourceDefinition');
  if (!definitions.complete || definesKind(known, group, kind)) return direct;
  return { complete: true };
}

function definesKind(known: Inventory, group: string, kind: string): boolean {
  return known
    .ofKind(crdGroup, 'CustomResourceDefinition')
    .some(({ value }) => textAt(value, 'spec', 'group') === group && textAt(value, 'spec', 'names', 'kind') === kind);
}

/** The first of several kinds (`Kind` of the core group or `Kind.group`) whose absence proves nothing, with the reason. */
export function unseenKind(
  known: Inventory,
  kinds: readonly string[],
): { readonly kind: string; readonly why: string } | undefined {
  for (const entry of kinds) {
    const dot = entry.indexOf('.');
    const kind = dot < 0 ? entry : entry.slice(0, dot);
    const completeness = completenessOfCustom(known, dot < 0 ? '' : entry.slice(dot + 1), kind);
    if (!completeness.complete) return { kind, why: completeness.why };
  }
  return undefined;
}
