import { resourcesOf } from '../../kube/gvk.ts';
import { textAt } from '../../kube/json.ts';
import { nearest } from '../../model/suggest.ts';
import type { Inventory } from '../inventory.ts';

/** Resources that are no objects of a kind and stand in rules only: identities, signers. `impersonate` on a ServiceAccount has a namespace. */
const virtual: ReadonlyMap<string, 'cluster' | 'namespaced'> = new Map([
  ['|users', 'cluster'],
  ['|groups', 'cluster'],
  ['certificates.k8s.io|signers', 'cluster'],
  ['authentication.k8s.io|userextras', 'cluster'],
  ['authentication.k8s.io|uids', 'cluster'],
  // Constrained impersonation asks about every identity in one group (KEP-5284, apiserver filters/impersonation).
  ['authentication.k8s.io|users', 'cluster'],
  ['authentication.k8s.io|groups', 'cluster'],
  ['authentication.k8s.io|nodes', 'cluster'],
  ['authentication.k8s.io|serviceaccounts', 'namespaced'],
  ['coordination.k8s.io|leasecandidates', 'namespaced'],
  ['certificates.k8s.io|podcertificaterequests', 'namespaced'],
]);

/** Scopes by group and plural, read from the table of kinds once: data of the program, not of a review. */
const scopes = new Map<string, ReadonlyMap<string, boolean>>();

function scopesOf(group: string): ReadonlyMap<string, boolean> {
  let found = scopes.get(group);
  if (found === undefined) {
    found = new Map([
      ...(resourcesOf(group) ?? []).map(({ plural, namespaced }) => [plural, !namespaced] as const),
      ...[...virtual].flatMap(([key, scope]) => {
        const [owner, plural = ''] = key.split('|');
        return owner === group ? [[plural, scope === 'cluster'] as const] : [];
      }),
    ]);
    // A group that is not known comes from a manifest: nothing of it is kept.
    if (found.size > 0) scopes.set(group, found);
  }
  return found;
}

/** Whether objects of a resource have no namespace; undefined for a resource that is not known. */
export const isClusterScoped = (group: string, plural: string): boolean | undefined => scopesOf(group).get(plural);

/** Whether objects of a resource have no namespace, as `isClusterScoped` says it. */
export type ScopeOf = typeof isClusterScoped;

/** `isClusterScoped` that also knows the custom resources whose CustomResourceDefinitions are in the sources. */
export function scopesIn(known: Inventory): ScopeOf {
  const custom = new Map<string, boolean>();
  for (const { value } of known.ofKind('apiextensions.k8s.io', 'CustomResourceDefinition')) {
    const scope = textAt(value, 'spec', 'scope');
    const plural = textAt(value, 'spec', 'names', 'plural');
    if (plural !== undefined && (scope === 'Cluster' || scope === 'Namespaced'))
      custom.set(`${textAt(value, 'spec', 'group') ?? ''}|${plural}`, scope === 'Cluster');
  }
  return (group, plural) => isClusterScoped(group, plural) ?? custom.get(`${group}|${plural}`);
}

/** Groups of Kubernetes of which every resource is known. Others grow with each release, or belong to add-ons. */
const whole: ReadonlySet<string> = new Set([
  '',
  'apps',
  'autoscaling',
  'batch',
  'policy',
  'networking.k8s.io',
  'rbac.authorization.k8s.io',
  'storage.k8s.io',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'authorization.k8s.io',
  'certificates.k8s.io',
  'coordination.k8s.io',
  'discovery.k8s.io',
  'events.k8s.io',
  'flowcontrol.apiserver.k8s.io',
  'node.k8s.io',
]);

/** True where no API server has the resource in any of the groups; false also where a group may hold more than is known. */
export const isNowhere = (groups: readonly string[], plural: string): boolean =>
  groups.length > 0 && groups.every((group) => whole.has(group) && isClusterScoped(group, plural) === undefined);

/** Where a resource is that stands in the wrong group or in another spelling, as a hint; undefined where nothing is near. */
export function whereIs(groups: readonly string[], plural: string): string | undefined {
  const elsewhere = [...whole].filter((group) => isClusterScoped(group, plural) !== undefined);
  if (elsewhere.length > 0) return `${plural} are in the API group ${elsewhere.map((group) => group || '""').join(' and ')}`;
  const candidates = groups.flatMap((group) => (resourcesOf(group) ?? []).map((resource) => resource));
  const kind = candidates.find((resource) => resource.kind.toLowerCase() === plural);
  const close =
    kind?.plural ??
    nearest(
      plural,
      candidates.map((resource) => resource.plural),
    );
  return close === undefined ? undefined : `did you mean ${close}?`;
}
