import type { Grant } from './access.ts';
import { type Names, namesOf } from './rules.ts';

/** That some verb reaches some objects, and by which grants. */
export interface Permission {
  readonly names: Names;
  readonly grants: readonly Grant[];
}

/**
 * What the grants allow of one of the verbs on a resource (`pods/exec`). `place` is the namespace of the request: cluster-wide
 * grants count there too; undefined asks for the whole cluster, where only they count. Undefined: nothing is allowed.
 */
export function permit(
  grants: readonly Grant[],
  place: string | undefined,
  verbs: readonly string[],
  group: string,
  resource: string,
): Permission | undefined {
  const names = new Set<string>();
  const used: Grant[] = [];
  for (const grant of grants) {
    if (grant.namespace !== undefined && grant.namespace !== place) continue;
    let narrowed = false;
    for (const verb of verbs) {
      const found = namesOf(grant.rule.rule, verb, group, resource);
      if (found === 'all') return { names: 'all', grants: [grant] };
      if (found !== undefined) for (const name of found) names.add(name);
      narrowed ||= found !== undefined;
    }
    if (narrowed) used.push(grant);
  }
  return used.length === 0 ? undefined : { names: [...names].sort(), grants: used };
}

export const reaches = (permission: Permission | undefined, name: string): permission is Permission =>
  permission !== undefined && (permission.names === 'all' || permission.names.includes(name));

export const reachesAll = (permission: Permission | undefined): boolean => permission?.names === 'all';

/** The grants of several permissions, each once. */
export const grantsIn = (...permissions: readonly (Permission | undefined)[]): readonly Grant[] => [
  ...new Set(permissions.flatMap((permission) => permission?.grants ?? [])),
];
