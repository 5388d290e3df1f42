import { admissionDangers } from './admission-dangers.ts';
import { bindableRules } from './bindable.ts';
import { clusterAdmin, type Danger, node } from './danger.ts';
import { impersonating, naming } from './identity-dangers.ts';
import { needs } from './need.ts';
import { nodeDangers } from './node-dangers.ts';
import { operatorDangers } from './operator-dangers.ts';
import { grantsIn, reaches, reachesAll } from './permission.ts';
import { policyDangers } from './policy-dangers.ts';
import type { Held, Rights } from './rights.ts';
import type { Surroundings } from './surroundings.ts';

/** What the cluster-wide grants of a subject lead to in one step; grants of RoleBindings only support them. */
export function clusterDangers(held: Held, around: Surroundings, followBind = true): readonly Danger[] {
  const rights = held.at(undefined);
  const star = rights.star();
  if (star) return [{ edge: 'E01', gain: clusterAdmin, note: 'do everything in the cluster', grants: [star] }];
  return [
    ...escalating(rights),
    ...(followBind ? bindingRoles(held, around) : []),
    ...impersonating(held, around),
    ...naming(rights, around),
    ...readingSecrets(rights),
    ...certifying(rights),
    ...admissionDangers(rights, around),
    ...nodeDangers(held),
    ...policyDangers(rights, undefined, around),
    ...operatorDangers(rights, undefined, around),
  ];
}

/** E03: `escalate` lifts the check that a new rule is covered, so a role that is bound to the subject may get any rule. */
function escalating(rights: Rights): readonly Danger[] {
  const escalate = rights.permit(needs.escalateClusterRoles);
  const change = rights.permit(needs.changeClusterRoles);
  const create = rights.permit(needs.createClusterRoles);
  if (escalate === undefined || (change === undefined && create === undefined)) return [];
  const own = rights.grants.find(
    ({ role }) => role.kind === 'ClusterRole' && reaches(escalate, role.name) && reaches(change, role.name),
  );
  const note = 'put any rule into a ClusterRole (escalate)';
  if (own)
    return [
      {
        edge: 'E03',
        gain: clusterAdmin,
        note: `${note}, also into its own, ${own.role.name}`,
        grants: grantsIn(escalate, change),
      },
    ];
  return [
    {
      edge: 'E03',
      gain: clusterAdmin,
      note,
      grants: grantsIn(escalate, change, create),
      assumption: 'a ClusterRole that it may change is, or will be, bound to it',
    },
  ];
}

/** E04: `bind` lifts the check that the rules of a role are covered when it is bound. */
function bindingRoles(held: Held, around: Surroundings): readonly Danger[] {
  const rights = held.at(undefined);
  const bind = rights.permit(needs.bindClusterRoles);
  const create = rights.permit(needs.createClusterBindings);
  // The default binding cluster-admin is always there to get one more subject.
  const change = rights.permit(needs.changeClusterBindings);
  if (bind === undefined || (create === undefined && change === undefined)) return [];
  const used = grantsIn(bind, create ?? change);
  if (create === undefined && !(reaches(change, 'cluster-admin') && reaches(bind, 'cluster-admin')))
    return [
      {
        edge: 'E04',
        gain: clusterAdmin,
        note: 'add itself to ClusterRoleBindings (bind)',
        grants: used,
        assumption: 'a ClusterRoleBinding that it may change carries a role that leads further',
      },
    ];
  const bound = bindableRules(held, undefined, around, used);
  if (bound.any)
    return [{ edge: 'E04', gain: clusterAdmin, note: 'bind any ClusterRole to itself, cluster-admin too', grants: used }];
  const gained = new Set(bound.grants);
  const next = clusterDangers(held.plus(bound.grants), around, false).filter((danger) =>
    danger.grants.some((grant) => gained.has(grant)),
  );
  const open: readonly Danger[] =
    bound.open === undefined
      ? []
      : [{ edge: 'E04', gain: clusterAdmin, note: 'bind ClusterRoles to itself', grants: used, assumption: bound.open }];
  return [
    ...next.map((danger) => ({
      ...danger,
      edge: 'E04',
      note: `bind ClusterRole ${bound.names.join(', ')} to itself, and then ${danger.note}`,
      grants: used,
    })),
    ...open,
  ];
}

/** E07: get, list and watch each return whole Secrets; names of Secrets stand in Pod specs. */
function readingSecrets(rights: Rights): readonly Danger[] {
  const read = rights.permit(needs.readSecrets);
  return reachesAll(read)
    ? [
        {
          edge: 'E07',
          gain: { kind: 'secrets', namespace: '*' },
          note: 'read the Secrets of every namespace',
          grants: grantsIn(read),
        },
      ]
    : [];
}

const anyClient = ['kubernetes.io/kube-apiserver-client', 'kubernetes.io/legacy-unknown', 'kubernetes.io/*'] as const;
const kubeletClient = 'kubernetes.io/kube-apiserver-client-kubelet';

/**
 * E24: a client certificate for any user name (only system:masters is refused by the signer's admission), or for any node's.
 * `sign` alone is no way: a certificate that the cluster's CA has not signed convinces nobody.
 */
function certifying(rights: Rights): readonly Danger[] {
  const create = rights.permit(needs.createSigningRequests);
  const approval = rights.permit(needs.changeApproval);
  const approve = rights.permit(needs.approveSigners);
  if (!create || !approval || !approve) return [];
  const grants = grantsIn(create, approval, approve);
  if (anyClient.some((signer) => reaches(approve, signer)))
    return [{ edge: 'E24', gain: clusterAdmin, note: 'request and approve a client certificate in any name', grants }];
  return reaches(approve, kubeletClient)
    ? [{ edge: 'E24', gain: node, note: 'request and approve the client certificate of any node', grants }]
    : [];
}
