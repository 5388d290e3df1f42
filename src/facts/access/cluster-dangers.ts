import type { Grant } from './access.ts';
import { bindableRules } from './bindable.ts';
import { clusterAdmin, type Danger, node } from './danger.ts';
import { impersonating, naming } from './identity-dangers.ts';
import { grantsIn, permit, reaches, reachesAll } from './permission.ts';
import { isStar } from './rules.ts';
import type { Surroundings } from './surroundings.ts';

const rbac = 'rbac.authorization.k8s.io';
const csr = 'certificates.k8s.io';
const admission = 'admissionregistration.k8s.io';
const writing = ['create', 'update', 'patch'] as const;
const changing = ['update', 'patch'] as const;

/** What the cluster-wide grants of a subject lead to in one step; grants of RoleBindings only support them. */
export function clusterDangers(all: readonly Grant[], around: Surroundings, followBind = true): readonly Danger[] {
  const grants = all.filter((grant) => grant.namespace === undefined);
  const star = grants.find((grant) => isStar(grant.rule.rule));
  if (star) return [{ edge: 'E01', gain: clusterAdmin, note: 'do everything in the cluster', grants: [star] }];
  return [
    ...escalating(grants, all),
    ...(followBind ? bindingRoles(grants, all, around) : []),
    ...impersonating(grants, all, around),
    ...naming(grants, around),
    ...readingSecrets(grants),
    ...certifying(grants),
    ...changingAdmission(grants, around),
    ...reachingNodes(grants, all),
  ];
}

/** E03: `escalate` lifts the check that a new rule is covered, so a role that is bound to the subject may get any rule. */
function escalating(grants: readonly Grant[], all: readonly Grant[]): readonly Danger[] {
  const escalate = permit(grants, undefined, ['escalate'], rbac, 'clusterroles');
  const change = permit(grants, undefined, changing, rbac, 'clusterroles');
  const create = permit(grants, undefined, ['create'], rbac, 'clusterroles');
  if (escalate === undefined || (change === undefined && create === undefined)) return [];
  const own = all.find(
    (grant) =>
      grant.namespace === undefined &&
      grant.role.kind === 'ClusterRole' &&
      reaches(escalate, grant.role.name) &&
      reaches(change, grant.role.name),
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
function bindingRoles(grants: readonly Grant[], all: readonly Grant[], around: Surroundings): readonly Danger[] {
  const bind = permit(grants, undefined, ['bind'], rbac, 'clusterroles');
  const create = permit(grants, undefined, ['create'], rbac, 'clusterrolebindings');
  // The default binding cluster-admin is always there to get one more subject.
  const change = permit(grants, undefined, changing, rbac, 'clusterrolebindings');
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
  const bound = bindableRules(all, undefined, around, used);
  if (bound.any)
    return [{ edge: 'E04', gain: clusterAdmin, note: 'bind any ClusterRole to itself, cluster-admin too', grants: used }];
  const next = clusterDangers([...all, ...bound.grants], around, false).filter((danger) =>
    danger.grants.some((grant) => bound.grants.includes(grant)),
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
function readingSecrets(grants: readonly Grant[]): readonly Danger[] {
  const read = permit(grants, undefined, ['list', 'watch', 'get'], '', 'secrets');
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

const clientSigners = ['kubernetes.io/kube-apiserver-client', 'kubernetes.io/legacy-unknown', 'kubernetes.io/*'] as const;

/** E24: a client certificate for any user name; only system:masters is refused by the signer's admission. */
function certifying(grants: readonly Grant[]): readonly Danger[] {
  const create = permit(grants, undefined, ['create'], csr, 'certificatesigningrequests');
  const approval = permit(grants, undefined, changing, csr, 'certificatesigningrequests/approval');
  const approve = permit(grants, undefined, ['approve'], csr, 'signers');
  if (!create || !approval || !clientSigners.some((signer) => reaches(approve, signer))) return [];
  return [
    {
      edge: 'E24',
      gain: clusterAdmin,
      note: 'request and approve a client certificate in any name',
      grants: grantsIn(create, approval, approve),
    },
  ];
}

function changingAdmission(grants: readonly Grant[], around: Surroundings): readonly Danger[] {
  const found: Danger[] = [];
  const hooks = [
    {
      plural: 'mutatingwebhookconfigurations',
      kind: 'MutatingWebhookConfiguration',
      gain: clusterAdmin,
      note: 'alter every object on its way into the API by a mutating webhook',
    },
    {
      plural: 'validatingwebhookconfigurations',
      kind: 'ValidatingWebhookConfiguration',
      gain: { kind: 'secrets', namespace: '*' },
      note: 'read every written object, Secrets too, by a validating webhook',
    },
  ] as const;
  for (const { plural, kind, gain, note } of hooks) {
    const write = permit(grants, undefined, writing, admission, plural);
    if (!write) continue;
    const exists = write.names === 'all' || write.names.some((name) => around.has(admission, kind, undefined, name));
    const names = write.names === 'all' ? '' : write.names.join(', ');
    found.push({ edge: 'E30', gain, note, grants: write.grants, ...(exists ? {} : { assumption: `a ${kind} ${names} exists` }) });
  }
  const policies = permit(grants, undefined, writing, admission, 'mutatingadmissionpolicies');
  const policyBindings = permit(grants, undefined, ['create'], admission, 'mutatingadmissionpolicybindings');
  if (policies && policyBindings)
    found.push({
      edge: 'E31',
      gain: clusterAdmin,
      note: 'alter every object on its way into the API by a MutatingAdmissionPolicy',
      grants: grantsIn(policies, policyBindings),
      assumption: 'the cluster serves MutatingAdmissionPolicy',
    });
  const services = permit(grants, undefined, writing, 'apiregistration.k8s.io', 'apiservices');
  if (services)
    found.push({
      edge: 'E32',
      gain: clusterAdmin,
      note: 'serve an API group itself by an APIService',
      grants: services.grants,
      assumption: 'a client with more rights uses an API group that it may take over',
    });
  return found;
}

/** E20, E25: ways to the nodes that go around admission. */
function reachingNodes(grants: readonly Grant[], all: readonly Grant[]): readonly Danger[] {
  const found: Danger[] = [];
  // `get` is enough for exec: the kubelet maps a websocket's GET to it, and no newer check covers this path.
  const proxy = permit(grants, undefined, ['get', 'create'], '', 'nodes/proxy');
  if (proxy)
    found.push({
      edge: 'E20',
      gain: node,
      note: 'run commands in every Pod of a node by the kubelet API (nodes/proxy)',
      grants: proxy.grants,
    });
  const volumes = permit(grants, undefined, ['create'], '', 'persistentvolumes');
  if (!volumes) return found;
  const places = [undefined, ...new Set(all.flatMap((grant) => grant.namespace ?? []))];
  for (const place of places) {
    const claims = permit(all, place, ['create'], '', 'persistentvolumeclaims');
    const pods =
      permit(all, place, ['create'], '', 'pods') ??
      permit(all, place, ['create'], 'apps', 'deployments') ??
      permit(all, place, ['create'], 'batch', 'jobs');
    if (claims && pods)
      return [
        ...found,
        {
          edge: 'E25',
          gain: node,
          note: 'mount any path of a node by a hostPath PersistentVolume',
          grants: grantsIn(volumes, claims, pods),
        },
      ];
  }
  return [
    ...found,
    {
      edge: 'E25',
      gain: node,
      note: 'create hostPath PersistentVolumes',
      grants: volumes.grants,
      assumption: 'it can make a Pod mount one',
    },
  ];
}
