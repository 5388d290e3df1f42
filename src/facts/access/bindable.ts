import type { Grant } from './access.ts';
import { needs } from './need.ts';
import type { Held } from './rights.ts';
import type { Role } from './roles.ts';
import type { Surroundings } from './surroundings.ts';

export interface Bindable {
  /** `bind` without names: any role, cluster-admin too. */
  readonly any: boolean;
  /** Names of the roles that may be bound, in order of discovery. */
  readonly names: readonly string[];
  /** The rules of these roles, as if they were bound. */
  readonly grants: readonly Grant[];
  /** Why there may be more. */
  readonly open: string | undefined;
}

/**
 * The rules that a subject gains when it binds every role that `bind` names to itself, again and again: a role may bring further
 * `bind` rules. Ends, since each role is taken once. `place`: namespace of the RoleBindings, or undefined for ClusterRoleBindings.
 */
export function bindableRules(held: Held, place: string | undefined, around: Surroundings, used: readonly Grant[]): Bindable {
  const base = used[0];
  const names: string[] = [];
  const taken = new Set<string>();
  const gained: Grant[] = [];
  let open: string | undefined;
  const take = (kind: Role['kind'], name: string) => {
    if (taken.has(`${kind}|${name}`) || base === undefined) return;
    taken.add(`${kind}|${name}`);
    const found = around.access.roles.find(kind, kind === 'Role' ? place : undefined, name);
    if (found.status === 'unseen') open ??= `${kind} ${name}, which it may bind, is not in the sources`;
    if (found.status !== 'found') return;
    open ??= found.role.undecided;
    names.push(name);
    for (const rule of found.role.rules)
      gained.push({ ...base, namespace: place, rule, role: found.role, effective: true, ineffective: [] });
  };
  for (let before = -1; before !== taken.size; ) {
    before = taken.size;
    const rights = held.plus(gained).at(place);
    const clusterRoles = rights.permit(needs.bindClusterRoles);
    if (clusterRoles?.names === 'all') return { any: true, names, grants: gained, open: undefined };
    for (const name of clusterRoles?.names ?? []) take('ClusterRole', name);
    if (place === undefined) continue;
    const roles = rights.permit(needs.bindRoles);
    const named = roles?.names === 'all' ? around.rolesIn(place) : (roles?.names ?? []);
    for (const name of named) take('Role', name);
  }
  return { any: false, names, grants: gained, open };
}
