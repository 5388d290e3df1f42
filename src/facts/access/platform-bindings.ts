import type { Binding } from './bindings.ts';
import { formatSubject } from './subject.ts';

/**
 * Bindings that installers write into every cluster that they make: kind and name, role, subjects. Only the exact identity counts, so
 * that nobody hides one subject more behind a known name. Those of Kubernetes itself are `builtin`.
 * Sources: kubernetes cmd/kubeadm/app/phases (bootstraptoken, kubelet, uploadconfig, addons, kubeconfig), the CoreDNS manifests,
 * docs.aws.amazon.com/eks/latest/userguide/default-roles-users.html.
 */
const rows: readonly (readonly [maker: string, binding: string, role: string, ...subjects: readonly string[]])[] = [
  ['kubeadm', 'ClusterRoleBinding kubeadm:cluster-admins', 'ClusterRole cluster-admin', 'Group kubeadm:cluster-admins'],
  [
    'kubeadm',
    'ClusterRoleBinding kubeadm:get-nodes',
    'ClusterRole kubeadm:get-nodes',
    'Group system:bootstrappers:kubeadm:default-node-token',
  ],
  [
    'kubeadm',
    'ClusterRoleBinding kubeadm:kubelet-bootstrap',
    'ClusterRole system:node-bootstrapper',
    'Group system:bootstrappers:kubeadm:default-node-token',
  ],
  [
    'kubeadm',
    'ClusterRoleBinding kubeadm:node-autoapprove-bootstrap',
    'ClusterRole system:certificates.k8s.io:certificatesigningrequests:nodeclient',
    'Group system:bootstrappers:kubeadm:default-node-token',
  ],
  [
    'kubeadm',
    'ClusterRoleBinding kubeadm:node-autoapprove-certificate-rotation',
    'ClusterRole system:certificates.k8s.io:certificatesigningrequests:selfnodeclient',
    'Group system:nodes',
  ],
  [
    'kubeadm',
    'ClusterRoleBinding kubeadm:node-proxier',
    'ClusterRole system:node-proxier',
    'ServiceAccount kube-system/kube-proxy',
  ],
  [
    'kubeadm',
    'RoleBinding kube-system/kubeadm:kubelet-config',
    'Role kubeadm:kubelet-config',
    'Group system:nodes',
    'Group system:bootstrappers:kubeadm:default-node-token',
  ],
  [
    'kubeadm',
    'RoleBinding kube-system/kubeadm:nodes-kubeadm-config',
    'Role kubeadm:nodes-kubeadm-config',
    'Group system:nodes',
    'Group system:bootstrappers:kubeadm:default-node-token',
  ],
  ['kubeadm', 'RoleBinding kube-system/kube-proxy', 'Role kube-proxy', 'Group system:bootstrappers:kubeadm:default-node-token'],
  [
    'kubeadm',
    'RoleBinding kube-public/kubeadm:bootstrap-signer-clusterinfo',
    'Role kubeadm:bootstrap-signer-clusterinfo',
    'User system:anonymous',
  ],
  ['CoreDNS', 'ClusterRoleBinding system:coredns', 'ClusterRole system:coredns', 'ServiceAccount kube-system/coredns'],
  ['Amazon EKS', 'ClusterRoleBinding eks:fargate-manager', 'ClusterRole eks:fargate-manager', 'User eks:fargate-manager'],
  ['Amazon EKS', 'ClusterRoleBinding aws-node', 'ClusterRole aws-node', 'ServiceAccount kube-system/aws-node'],
];

const known: ReadonlyMap<string, (typeof rows)[number]> = new Map(rows.map((row) => [row[1], row]));

/** Who makes this very binding in every cluster of theirs; undefined for most. */
export function platformMaker({ kind, namespace, name, roleRef, subjects }: Binding): string | undefined {
  const row = known.get(`${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`);
  if (row === undefined) return undefined;
  const [maker, , role, ...named] = row;
  const expected = new Set<string>(named);
  const same =
    role === `${roleRef.kind} ${roleRef.name}` && subjects.every(({ subject }) => expected.has(formatSubject(subject)));
  return same ? maker : undefined;
}

/** Who made all bindings that give somebody rights; undefined where one of them is not an installer's. */
export function platformMakerOf(bindings: readonly Binding[]): string | undefined {
  const makers = bindings.map(platformMaker);
  return makers.every((maker) => maker !== undefined) ? makers[0] : undefined;
}
