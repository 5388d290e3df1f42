import { bindableRules } from './bindable.ts';
import { clusterAdmin, type Danger, type Gain } from './danger.ts';
import { needs } from './need.ts';
import { operatorDangers } from './operator-dangers.ts';
import { grantsIn, reaches, reachesAll } from './permission.ts';
import { podDangers } from './pod-dangers.ts';
import { policyDangers } from './policy-dangers.ts';
import type { Held, Rights } from './rights.ts';
import { serviceAccount } from './subject.ts';
import type { Surroundings } from './surroundings.ts';

/** What grants lead to in one namespace, in one step. Cluster-wide grants count in it; those of other namespaces are left aside. */
export function namespaceDangers(held: Held, place: string, around: Surroundings, followBind = true): readonly Danger[] {
  const rights = held.at(place);
  const star = rights.star();
  if (star) {
    const owner = { edge: 'E02', note: `do everything in ${place}`, grants: [star] };
    return [
      { ...owner, gain: { kind: 'namespace', namespace: place } },
      { ...owner, gain: { kind: 'policy', namespace: place } },
      ...podDangers(rights, place, around, true),
    ];
  }
  return [
    ...escalating(rights, place),
    ...(followBind ? bindingRoles(held, place, around) : []),
    ...identityDangers(rights, place),
    ...secretDangers(rights, place, around),
    ...(place === 'kube-system' ? identityMapDangers(rights, around) : []),
    ...podDangers(rights, place, around, false),
    ...policyDangers(rights, place, around),
    ...operatorDangers(rights, place, around),
  ];
}

/** E03 inside a namespace: the subject makes itself the owner of the namespace. */
function escalating(rights: Rights, place: string): readonly Danger[] {
  const gain: Gain = { kind: 'namespace', namespace: place };
  const escalate = rights.permit(needs.escalateRoles);
  const change = rights.permit(needs.changeRoles);
  const create = rights.permit(needs.createRoles);
  if (!escalate || !(change || create)) return [];
  const own = rights.grants.find(
    ({ role, namespace }) =>
      role.kind === 'Role' && namespace === place && reaches(escalate, role.name) && reaches(change, role.name),
  );
  const note = `put any rule into a Role of ${place} (escalate)`;
  if (own)
    return [{ edge: 'E03', gain, note: `${note}, also into its own, ${own.role.name}`, grants: grantsIn(escalate, change) }];
  return [
    {
      edge: 'E03',
      gain,
      note,
      grants: grantsIn(escalate, change, create),
      assumption: 'a Role that it may change is, or will be, bound to it',
    },
  ];
}

/** E04 inside a namespace. */
function bindingRoles(held: Held, place: string, around: Surroundings): readonly Danger[] {
  const gain: Gain = { kind: 'namespace', namespace: place };
  const rights = held.at(place);
  const bind = rights.permit(needs.bindClusterRoles) ?? rights.permit(needs.bindRoles);
  const write = rights.permit(needs.createBindings);
  const join = rights.permit(needs.changeBindings);
  if (!bind || !(write ?? join)) return [];
  const used = grantsIn(bind, write ?? join);
  if (write === undefined)
    return [
      {
        edge: 'E04',
        gain,
        note: `add itself to RoleBindings of ${place} (bind)`,
        grants: used,
        assumption: 'a RoleBinding that it may change carries a role that leads further',
      },
    ];
  const bound = bindableRules(held, place, around, used);
  if (bound.any)
    return [{ edge: 'E04', gain, note: `bind any ClusterRole in ${place} to itself, cluster-admin too`, grants: used }];
  const gained = new Set(bound.grants);
  const next = namespaceDangers(held.plus(bound.grants), place, around, false).filter((danger) =>
    danger.grants.some((grant) => gained.has(grant)),
  );
  const open: readonly Danger[] =
    bound.open === undefined
      ? []
      : [{ edge: 'E04', gain, note: `bind roles in ${place} to itself`, grants: used, assumption: bound.open }];
  return [
    ...next.map((danger) => ({
      ...danger,
      edge: 'E04',
      note: `bind ${bound.names.join(', ')} in ${place} to itself, and then ${danger.note}`,
      grants: used,
    })),
    ...open,
  ];
}

/** E05, E06: other ServiceAccounts of the namespace. Neither is limited by what the subject itself may do. */
function identityDangers(rights: Rights, place: string): readonly Danger[] {
  const steps = [
    { edge: 'E05', need: needs.impersonateAccounts, note: 'act as' },
    { edge: 'E06', need: needs.createTokens, note: 'get a token of' },
  ] as const;
  return steps.flatMap(({ edge, need, note }): readonly Danger[] => {
    const permission = rights.permit(need);
    if (permission === undefined) return [];
    if (permission.names === 'all')
      return [
        {
          edge,
          gain: { kind: 'namespace', namespace: place },
          note: `${note} every ServiceAccount of ${place}`,
          grants: permission.grants,
        },
      ];
    return permission.names.map((name) => ({
      edge,
      gain: { kind: 'subject', subject: serviceAccount(place, name) },
      note: `${note} ServiceAccount ${place}/${name}`,
      grants: permission.grants,
    }));
  });
}

/** E07, E08: reading Secrets, and making a token Secret that is then read. */
function secretDangers(rights: Rights, place: string, around: Surroundings): readonly Danger[] {
  const found: Danger[] = [];
  const read = rights.permit(needs.readSecrets);
  if (!read) return found;
  if (reachesAll(read))
    found.push({
      edge: 'E07',
      gain: { kind: 'secrets', namespace: place },
      note: `read every Secret of ${place}`,
      grants: read.grants,
    });
  const tokens = around.tokenSecrets(place).filter(({ name }) => reaches(read, name));
  for (const token of tokens)
    found.push({
      edge: 'E07',
      gain: { kind: 'subject', subject: token.account },
      note: `read Secret ${place}/${token.name}, a token of ${token.account.name}`,
      grants: read.grants,
      at: { object: token.object, path: ['type'] },
    });
  const gain: Gain = { kind: 'namespace', namespace: place };
  const create = rights.permit(needs.createSecrets);
  // The type of a Secret is fixed once it exists: update and patch make no token of another one, but a token's account can be changed.
  const change = rights.permit(needs.changeSecrets);
  const turned = tokens.find(({ name }) => reaches(change, name));
  if (create)
    found.push({
      edge: 'E08',
      gain,
      note: `make and read a token Secret of any ServiceAccount of ${place}`,
      grants: grantsIn(create, read),
    });
  else if (turned)
    found.push({
      edge: 'E08',
      gain,
      note: `turn token Secret ${place}/${turned.name} to any ServiceAccount of ${place}, and read it`,
      grants: grantsIn(change, read),
      at: { object: turned.object, path: ['metadata', 'annotations'] },
      assumption: 'the token controller fills a token Secret again whose annotations were changed',
    });
  return found;
}

/** E44: EKS reads from a ConfigMap which cloud identity is in which group. */
function identityMapDangers(rights: Rights, around: Surroundings): readonly Danger[] {
  const write = rights.permit(needs.writeConfigMaps);
  if (!reaches(write, 'aws-auth')) return [];
  const found = around.has('', 'ConfigMap', 'kube-system', 'aws-auth');
  const note = 'put itself into system:masters by ConfigMap kube-system/aws-auth';
  return [
    {
      edge: 'E44',
      gain: clusterAdmin,
      note,
      grants: write.grants,
      ...(found ? {} : { assumption: 'the cluster reads ConfigMap kube-system/aws-auth, as EKS does' }),
    },
  ];
}
