import type { Danger } from './danger.ts';
import { type Need, needs } from './need.ts';
import type { Permission } from './permission.ts';
import { reaches } from './permission.ts';
import type { Rights } from './rights.ts';
import type { Surroundings } from './surroundings.ts';

interface PolicyRow {
  readonly edge: string;
  readonly need: Need;
  /** What is altered, in the plural. */
  readonly what: string;
  /** Kind by which a name is looked up. */
  readonly kind: string;
}

/** E42: policies of a namespace. Whoever may only create them opens flows too: allowed flows add up. */
const namespaced: readonly PolicyRow[] = [
  { edge: 'E42', need: needs.alterNetworkPolicies, what: 'NetworkPolicies', kind: 'NetworkPolicy' },
  { edge: 'E42', need: needs.alterCiliumPolicies, what: 'CiliumNetworkPolicies', kind: 'CiliumNetworkPolicy' },
  { edge: 'E42', need: needs.alterCalicoPolicies, what: 'NetworkPolicies of Calico', kind: 'NetworkPolicy' },
  { edge: 'E42', need: needs.alterCalicoPolicyObjects, what: 'NetworkPolicies of Calico', kind: 'NetworkPolicy' },
  { edge: 'E31', need: needs.removeKyvernoPolicies, what: 'Policies of Kyverno', kind: 'Policy' },
];

/** E42: policies of the cluster's administrators. */
const clusterWide: readonly PolicyRow[] = [
  { edge: 'E42', need: needs.alterAdminPolicies, what: 'AdminNetworkPolicies', kind: 'AdminNetworkPolicy' },
  { edge: 'E42', need: needs.alterBaselinePolicies, what: 'the BaselineAdminNetworkPolicy', kind: 'BaselineAdminNetworkPolicy' },
  { edge: 'E42', need: needs.alterClusterPolicies, what: 'ClusterNetworkPolicies', kind: 'ClusterNetworkPolicy' },
  {
    edge: 'E42',
    need: needs.alterCiliumClusterPolicies,
    what: 'CiliumClusterwideNetworkPolicies',
    kind: 'CiliumClusterwideNetworkPolicy',
  },
  { edge: 'E42', need: needs.alterCalicoGlobalPolicies, what: 'GlobalNetworkPolicies of Calico', kind: 'GlobalNetworkPolicy' },
  {
    edge: 'E42',
    need: needs.alterCalicoGlobalPolicyObjects,
    what: 'GlobalNetworkPolicies of Calico',
    kind: 'GlobalNetworkPolicy',
  },
];

/** E33, E42: ways to change what limits a namespace; undefined is every namespace. */
export function policyDangers(rights: Rights, place: string | undefined, around: Surroundings): readonly Danger[] {
  const where = place === undefined ? 'every namespace' : place;
  const gain = { kind: 'policy', namespace: place ?? '*' } as const;
  const rows = place === undefined ? [...namespaced, ...clusterWide] : namespaced;
  const found = rows.flatMap(({ edge, need, what, kind }): Danger[] => {
    const permission = rights.permit(need);
    if (permission === undefined) return [];
    const assumption = missing(permission, need, kind, place, around);
    const note = `change ${what} of ${where}${namesIn(permission)}`;
    return [{ edge, gain, note, grants: permission.grants, ...(assumption === undefined ? {} : { assumption }) }];
  });
  return [...found, ...relabelling(rights, place, around)];
}

const namesIn = ({ names }: Permission): string => (names === 'all' ? '' : ` (${names.join(', ')})`);

/** A right on single names is worth what is there: by name nothing can be created. */
function missing(
  { names }: Permission,
  { group }: Need,
  kind: string,
  place: string | undefined,
  around: Surroundings,
): string | undefined {
  if (names === 'all' || (place !== undefined && names.some((name) => around.has(group, kind, place, name)))) return undefined;
  return `a ${kind} ${names.join(' or ')} exists`;
}

/** E33: labels of a Namespace set its Pod Security level and let other namespaces' policies select it. */
function relabelling(rights: Rights, place: string | undefined, around: Surroundings): readonly Danger[] {
  const relabel = rights.permit(needs.changeNamespaces);
  if (relabel === undefined) return [];
  if (place !== undefined)
    return reaches(relabel, place)
      ? [
          {
            edge: 'E33',
            gain: { kind: 'policy', namespace: place },
            note: `change Namespace ${place}: its Pod Security level, and the labels that network policies select`,
            grants: relabel.grants,
          },
        ]
      : [];
  const places = relabel.names === 'all' ? ['*'] : relabel.names;
  return places.map((name) => ({
    edge: 'E33',
    gain: { kind: 'policy', namespace: name },
    note: `change ${name === '*' ? 'every Namespace' : `Namespace ${name}`}: its Pod Security level, and the labels that network policies select`,
    grants: relabel.grants,
    ...(name === '*' || around.has('', 'Namespace', undefined, name) ? {} : { assumption: `a Namespace ${name} exists` }),
  }));
}
