import type { Grant } from './access.ts';
import { clusterAdmin, type Danger } from './danger.ts';
import { grantsIn, permit, reaches, reachesAll } from './permission.ts';
import { group, user } from './subject.ts';
import type { Surroundings } from './surroundings.ts';

/** E05: groups can only be impersonated together with a user or a ServiceAccount. */
export function impersonating(grants: readonly Grant[], all: readonly Grant[], around: Surroundings): readonly Danger[] {
  const users = permit(grants, undefined, ['impersonate'], '', 'users');
  if (reachesAll(users))
    return [{ edge: 'E05', gain: clusterAdmin, note: 'act as any user (impersonate)', grants: grantsIn(users) }];
  const found: Danger[] = [];
  const accounts = [undefined, ...new Set(all.map((grant) => grant.namespace))]
    .map((place) => permit(all, place, ['impersonate'], '', 'serviceaccounts'))
    .find((permission) => permission !== undefined);
  const groups = permit(grants, undefined, ['impersonate'], '', 'groups');
  const carrier = users ?? accounts;
  if (groups && carrier && reaches(groups, 'system:masters'))
    return [
      {
        edge: 'E05',
        gain: clusterAdmin,
        note: 'act as a member of system:masters (impersonate)',
        grants: grantsIn(groups, carrier),
      },
    ];
  for (const name of users?.names ?? [])
    found.push({
      edge: 'E05',
      gain: { kind: 'subject', subject: user(name) },
      note: `act as the user ${name} (impersonate)`,
      grants: grantsIn(users),
    });
  if (groups && carrier && groups.names !== 'all')
    for (const name of groups.names)
      found.push({
        edge: 'E05',
        gain: { kind: 'subject', subject: group(name) },
        note: `act as a member of ${name} (impersonate)`,
        grants: grantsIn(groups, carrier),
      });
  const named = permit(grants, undefined, ['impersonate'], '', 'serviceaccounts');
  if (named && named.names !== 'all')
    for (const name of named.names)
      for (const subject of around.accountsNamed(name))
        found.push({
          edge: 'E05',
          gain: { kind: 'subject', subject },
          note: `act as ServiceAccount ${subject.namespace}/${name} (impersonate)`,
          grants: named.grants,
        });
  return found;
}

/** E06 with names: tokens of the ServiceAccounts of that name in every namespace. */
export function naming(grants: readonly Grant[], around: Surroundings): readonly Danger[] {
  const token = permit(grants, undefined, ['create'], '', 'serviceaccounts/token');
  if (token === undefined || token.names === 'all') return [];
  return token.names.flatMap((name) =>
    around.accountsNamed(name).map(
      (subject): Danger => ({
        edge: 'E06',
        gain: { kind: 'subject', subject },
        note: `get a token of ServiceAccount ${subject.namespace}/${name}`,
        grants: token.grants,
      }),
    ),
  );
}
