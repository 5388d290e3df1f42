import type { Grant } from './access.ts';
import { bindableRules } from './bindable.ts';
import { clusterAdmin, type Danger, type Gain } from './danger.ts';
import { grantsIn, permit, reaches, reachesAll } from './permission.ts';
import { podDangers } from './pod-dangers.ts';
import { isStar } from './rules.ts';
import { serviceAccount } from './subject.ts';
import type { Surroundings } from './surroundings.ts';

const rbac = 'rbac.authorization.k8s.io';
const changing = ['update', 'patch'] as const;

/** What grants lead to in one namespace, in one step. Cluster-wide grants count in it; those of other namespaces are left aside. */
export function namespaceDangers(
  all: readonly Grant[],
  place: string,
  around: Surroundings,
  followBind = true,
): readonly Danger[] {
  const grants = all.filter((grant) => grant.namespace === undefined || grant.namespace === place);
  const whole: Gain = { kind: 'namespace', namespace: place };
  const found: Danger[] = [];
  const add = (edge: string, note: string, used: readonly Grant[], gain: Gain, assumption?: string) =>
    found.push({ edge, gain, note, grants: used, ...(assumption === undefined ? {} : { assumption }) });

  const star = grants.find((grant) => isStar(grant.rule.rule));
  if (star) add('E02', `do everything in ${place}`, [star], whole);
  else {
    found.push(...roleDangers(grants, place, around, followBind));
    found.push(...identityDangers(grants, place));
    found.push(...secretDangers(grants, place, around));
    if (place === 'kube-system') found.push(...identityMapDangers(grants, around));
  }
  found.push(...podDangers(grants, place, around, star !== undefined));
  return found;
}

/** E03, E04 inside a namespace: the subject makes itself the owner of the namespace. */
function roleDangers(grants: readonly Grant[], place: string, around: Surroundings, followBind: boolean): readonly Danger[] {
  const gain: Gain = { kind: 'namespace', namespace: place };
  const found: Danger[] = [];
  const escalate = permit(grants, place, ['escalate'], rbac, 'roles');
  const change = permit(grants, place, changing, rbac, 'roles');
  const create = permit(grants, place, ['create'], rbac, 'roles');
  if (escalate && (change || create)) {
    const own = grants.find(
      (grant) =>
        grant.role.kind === 'Role' &&
        grant.namespace === place &&
        reaches(escalate, grant.role.name) &&
        reaches(change, grant.role.name),
    );
    const note = `put any rule into a Role of ${place} (escalate)`;
    if (own)
      found.push({ edge: 'E03', gain, note: `${note}, also into its own, ${own.role.name}`, grants: grantsIn(escalate, change) });
    else
      found.push({
        edge: 'E03',
        gain,
        note,
        grants: grantsIn(escalate, change, create),
        assumption: 'a Role that it may change is, or will be, bound to it',
      });
  }
  const bind = permit(grants, place, ['bind'], rbac, 'clusterroles') ?? permit(grants, place, ['bind'], rbac, 'roles');
  const write = permit(grants, place, ['create'], rbac, 'rolebindings');
  const join = permit(grants, place, changing, rbac, 'rolebindings');
  if (!followBind || !bind || !(write ?? join)) return found;
  const used = grantsIn(bind, write ?? join);
  if (write === undefined) {
    found.push({
      edge: 'E04',
      gain,
      note: `add itself to RoleBindings of ${place} (bind)`,
      grants: used,
      assumption: 'a RoleBinding that it may change carries a role that leads further',
    });
    return found;
  }
  const bound = bindableRules(grants, place, around, used);
  if (bound.any)
    found.push({ edge: 'E04', gain, note: `bind any ClusterRole in ${place} to itself, cluster-admin too`, grants: used });
  else {
    const next = namespaceDangers([...grants, ...bound.grants], place, around, false).filter((danger) =>
      danger.grants.some((grant) => bound.grants.includes(grant)),
    );
    for (const danger of next)
      found.push({
        ...danger,
        edge: 'E04',
        note: `bind ${bound.names.join(', ')} in ${place} to itself, and then ${danger.note}`,
        grants: used,
      });
    if (bound.open !== undefined)
      found.push({ edge: 'E04', gain, note: `bind roles in ${place} to itself`, grants: used, assumption: bound.open });
  }
  return found;
}

/** E05, E06: other ServiceAccounts of the namespace. Neither is limited by what the subject itself may do. */
function identityDangers(grants: readonly Grant[], place: string): readonly Danger[] {
  const found: Danger[] = [];
  const steps = [
    { edge: 'E05', verb: 'impersonate', resource: 'serviceaccounts', note: 'act as' },
    { edge: 'E06', verb: 'create', resource: 'serviceaccounts/token', note: 'get a token of' },
  ] as const;
  for (const { edge, verb, resource, note } of steps) {
    const permission = permit(grants, place, [verb], '', resource);
    if (permission === undefined) continue;
    if (permission.names === 'all')
      found.push({
        edge,
        gain: { kind: 'namespace', namespace: place },
        note: `${note} every ServiceAccount of ${place}`,
        grants: permission.grants,
      });
    else
      for (const name of permission.names)
        found.push({
          edge,
          gain: { kind: 'subject', subject: serviceAccount(place, name) },
          note: `${note} ServiceAccount ${place}/${name}`,
          grants: permission.grants,
        });
  }
  return found;
}

/** E07, E08: reading Secrets, and making a token Secret that is then read. */
function secretDangers(grants: readonly Grant[], place: string, around: Surroundings): readonly Danger[] {
  const found: Danger[] = [];
  const read = permit(grants, place, ['list', 'watch', 'get'], '', 'secrets');
  if (!read) return found;
  if (reachesAll(read))
    found.push({
      edge: 'E07',
      gain: { kind: 'secrets', namespace: place },
      note: `read every Secret of ${place}`,
      grants: read.grants,
    });
  for (const token of around.tokenSecrets) {
    if (token.namespace !== place || !reaches(read, token.name)) continue;
    found.push({
      edge: 'E07',
      gain: { kind: 'subject', subject: token.account },
      note: `read Secret ${place}/${token.name}, a token of ${token.account.name}`,
      grants: read.grants,
      at: { object: token.object, path: ['type'] },
    });
  }
  // The type of a Secret is fixed once it exists, so update and patch do not turn one into a token.
  const create = permit(grants, place, ['create'], '', 'secrets');
  if (create)
    found.push({
      edge: 'E08',
      gain: { kind: 'namespace', namespace: place },
      note: `make and read a token Secret of any ServiceAccount of ${place}`,
      grants: grantsIn(create, read),
    });
  return found;
}

/** E44: EKS reads from a ConfigMap which cloud identity is in which group. */
function identityMapDangers(grants: readonly Grant[], around: Surroundings): readonly Danger[] {
  const write = permit(grants, 'kube-system', ['create', 'update', 'patch'], '', 'configmaps');
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
