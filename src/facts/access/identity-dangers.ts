import { clusterAdmin, type Danger } from './danger.ts';
import { needs } from './need.ts';
import { grantsIn, reaches, reachesAll } from './permission.ts';
import type { Held, Rights } from './rights.ts';
import { group, user } from './subject.ts';
import type { Surroundings } from './surroundings.ts';

/** E05: groups can only be impersonated together with a user or a ServiceAccount. */
export function impersonating(held: Held, around: Surroundings): readonly Danger[] {
  const rights = held.at(undefined);
  const users = rights.permit(needs.impersonateUsers);
  if (reachesAll(users))
    return [{ edge: 'E05', gain: clusterAdmin, note: 'act as any user (impersonate)', grants: grantsIn(users) }];
  const found: Danger[] = [];
  const accounts = [undefined, ...held.places]
    .map((place) => held.at(place).permit(needs.impersonateAccounts))
    .find((permission) => permission !== undefined);
  const groups = rights.permit(needs.impersonateGroups);
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
  const named = rights.permit(needs.impersonateAccounts);
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
export function naming(rights: Rights, around: Surroundings): readonly Danger[] {
  const token = rights.permit(needs.createTokens);
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
