/** What a check says of a file, at its worst. */
export type Answer = 'pass' | 'fail' | 'unknown' | 'not-applicable';

/** A file about which the corpus and our checks disagree, argued with the rule of Kubernetes. */
export interface Divergence {
  readonly file: string;
  readonly theirs: Answer;
  readonly ours: Answer;
  readonly why: string;
}

/** Why we disagree; each reason holds for all the files that name it. */
const reasons = {
  websocket:
    '`get` alone opened exec and attach over a websocket until Kubernetes 1.34; since 1.35 the upgrade asks for `create` too (AuthorizePodWebsocketUpgradeCreatePermission). Which release runs is not known, so neither answer is certain',
  createPods:
    'whoever creates Pods runs as any ServiceAccount of the namespace and mounts any of its Secrets, which is more than exec gives; cluster-wide that includes kube-system (kubernetes.io: RBAC good practices, workload creation)',
  exemptName:
    'a name exempts nothing: RBAC evaluates the rules, and whoever writes manifests may choose `system:`, `gce:` or `admin` as a name. What the control plane itself brings is recognised by its content and subjects',
  coreGroup:
    'every verb on every object of the core group includes impersonation of users, every Secret, and tokens of every ServiceAccount: the narrow list of groups narrows nothing',
  allPods:
    'every verb on Pods includes creating them, in kube-system too where the binding is for the cluster, with any ServiceAccount there',
  readNodes:
    'reading everything includes every Secret of every namespace and `nodes/proxy`, whose `get` runs commands by the kubelet API',
  everythingHere:
    'the RoleBinding gives every right in its namespace, and exec is one of them; that another check of that tool reports it does not make the question true here',
  noSuchKind:
    '`v1` has no Deployment, so no API server accepts the file and there is no workload to judge; `retired-apis` fails on it',
  defaultMinimum: '`minReplicas` is optional and the API server sets 1, so leaving it out is the case that the failure shows',
  dropAllExactly: 'the admission controller compares with `ALL`, in capitals (pod-security-admission, capabilities_restricted)',
  dropList:
    'restricted asks for `ALL`: a list of names leaves out what the next kernel or runtime adds, and names are case-sensitive',
  podUnconfined:
    'the Pod field itself may not be Unconfined at baseline, whatever its containers set: an ephemeral container inherits it (pod-security-admission, seccompProfile_baseline)',
  singleReplica: 'the autoscaler beside it is in another namespace, so one replica runs: a budget for it could only block drains',
  noService:
    'its Pods have no label that a Service could select: no request is lost while they move, so no budget is asked for. That the budget selects nothing is agreed',
  overHundred:
    'a percentage above 100 is refused by the API server (ValidatePodDisruptionBudgetSpec), so what it allows cannot be computed: unknown, which passes nowhere',
  allAtOnce: '`maxUnavailable: 5` of at least 5 Pods lets all of them be evicted at once: the budget protects nothing',
  equalBlocks:
    '`minAvailable: 5` of 5 Pods allows 5 - 5 = 0 evictions: a drain waits for as long as the autoscaler stays at its minimum',
  onePod:
    'one Pod runs (`replicas` and `minReplicas` default to 1) and the budget keeps more than that available: no eviction is ever allowed',
  placeholder:
    '`xxxxx` is a placeholder: whoever reads it has no credential. With a value that could be one, none of the three keys passes (complaints.test.ts)',
  noKey: 'three dashes open no PEM block, and `xxxxx` is no key: no tool that reads keys would read this one',
  otherHost:
    'the rule has no host, so it serves every host, and the certificate covers one of them: the others answer in the open',
  otherPods:
    'the constraint selects `app: foo`, which its own Pods do not have: the scheduler counts other Pods and spreads nothing (and matchLabelKeys only narrows that)',
  noRulesDeny: 'a policy of type Egress without rules denies every connection: the strictest isolation there is',
} as const;

type Row = readonly [file: string, theirs: Answer, ours: Answer, reason: keyof typeof reasons];

const rows: readonly Row[] = [
  ['clusterrolePodExecAttach/failure.get_attach_using_apigroup_wildcard.yaml', 'fail', 'unknown', 'websocket'],
  ['clusterrolePodExecAttach/failure.get_exec_using_apigroup_wildcard.yaml', 'fail', 'unknown', 'websocket'],
  ['clusterrolePodExecAttach/success.allow_unrelated_perms.yaml', 'pass', 'fail', 'createPods'],
  ['clusterrolePodExecAttach/success.defaultclusterrole_admin.yaml', 'pass', 'fail', 'exemptName'],
  ['clusterrolePodExecAttach/success.defaultclusterrole_clusteradmin.yaml', 'pass', 'fail', 'exemptName'],
  ['clusterrolePodExecAttach/success.gce_calico_clusterrole.yaml', 'pass', 'fail', 'exemptName'],
  ['clusterrolePodExecAttach/success.system_prefix.yaml', 'pass', 'fail', 'exemptName'],
  ['clusterrolebindingClusterAdmin/success.explicit_apigroups.yaml', 'pass', 'fail', 'coreGroup'],
  ['clusterrolebindingClusterAdmin/success.explicit_resources.yaml', 'pass', 'fail', 'allPods'],
  ['clusterrolebindingClusterAdmin/success.explicit_verbs.yaml', 'pass', 'fail', 'readNodes'],
  ['clusterrolebindingClusterAdmin/success.gce_calico_binding.yaml', 'pass', 'fail', 'exemptName'],
  ['clusterrolebindingClusterAdmin/success.system_prefix_binding.yaml', 'pass', 'fail', 'exemptName'],
  ['clusterrolebindingPodExecAttach/failure.get_attach_using_apigroup_wildcard.yaml', 'fail', 'unknown', 'websocket'],
  ['clusterrolebindingPodExecAttach/failure.get_exec_using_apigroup_wildcard.yaml', 'fail', 'unknown', 'websocket'],
  ['clusterrolebindingPodExecAttach/success.allow_unrelated_perms.yaml', 'pass', 'fail', 'createPods'],
  ['clusterrolebindingPodExecAttach/success.defaultclusterrolebinding_clusteradmin.yaml', 'pass', 'fail', 'exemptName'],
  [
    'clusterrolebindingPodExecAttach/success.defaultclusterrolebinding_system-controller-generic-garbage-collector.yaml',
    'pass',
    'fail',
    'exemptName',
  ],
  ['clusterrolebindingPodExecAttach/success.gce_calico_binding.yaml', 'pass', 'fail', 'exemptName'],
  ['clusterrolebindingPodExecAttach/success.system_prefix_binding.yaml', 'pass', 'fail', 'exemptName'],
  ['deploymentMissingReplicas/failure.yaml', 'fail', 'not-applicable', 'noSuchKind'],
  ['hpaMinAvailability/success.minReplicaAbsent.yaml', 'pass', 'fail', 'defaultMinimum'],
  ['insecureCapabilities/success.all.yaml', 'pass', 'fail', 'dropAllExactly'],
  ['insecureCapabilities/success.case.yaml', 'pass', 'fail', 'dropList'],
  ['insecureCapabilities/success.pod.yaml', 'pass', 'fail', 'dropList'],
  ['insecureCapabilities/success.yaml', 'pass', 'fail', 'dropList'],
  ['linuxHardening/success.seccomp_profile_unconfined_for_pod_but_set_for_container.yaml', 'pass', 'fail', 'podUnconfined'],
  ['missingNetworkPolicy/failure.netpol_missing_egress_rules.yaml', 'fail', 'pass', 'noRulesDeny'],
  ['missingPodDisruptionBudget/failure-bad-ns.yaml', 'fail', 'not-applicable', 'singleReplica'],
  ['missingPodDisruptionBudget/failure.bad-name.yaml', 'fail', 'not-applicable', 'noService'],
  ['missingPodDisruptionBudget/failure.empty-labels.yaml', 'fail', 'not-applicable', 'noService'],
  ['missingPodDisruptionBudget/failure.no-labels.yaml', 'fail', 'not-applicable', 'noService'],
  ['missingPodDisruptionBudget/failure.no-metadata.yaml', 'fail', 'not-applicable', 'noService'],
  ['missingPodDisruptionBudget/failure.wrong-place.yaml', 'fail', 'not-applicable', 'noService'],
  ['missingPodDisruptionBudget/failure.yaml', 'fail', 'not-applicable', 'noService'],
  ['pdbMinAvailableGreaterThanHPAMinReplicas/failure-gt-percent.yaml', 'fail', 'unknown', 'overHundred'],
  ['pdbMinAvailableGreaterThanHPAMinReplicas/success-maxUnavailable.yaml', 'pass', 'fail', 'allAtOnce'],
  ['pdbMinAvailableGreaterThanHPAMinReplicas/success.equals.yaml', 'pass', 'fail', 'equalBlocks'],
  ['pdbMinAvailableGreaterThanHPAMinReplicas/success.hpa-no-match.yaml', 'pass', 'fail', 'onePod'],
  ['pdbMinAvailableGreaterThanHPAMinReplicas/success.no-hpa.yaml', 'pass', 'fail', 'onePod'],
  ['pdbMinAvailableGreaterThanHPAMinReplicas/success.no-min-replicas.yaml', 'pass', 'fail', 'onePod'],
  ['rolePodExecAttach/failure.get_attach_and_exec_using_resource_wildcard.yaml', 'fail', 'unknown', 'websocket'],
  ['rolePodExecAttach/failure.get_attach_using_apigroup_wildcard.yaml', 'fail', 'unknown', 'websocket'],
  ['rolePodExecAttach/failure.get_exec_using_apigroup_wildcard.yaml', 'fail', 'unknown', 'websocket'],
  ['rolePodExecAttach/success.allow_unrelated_perms.yaml', 'pass', 'fail', 'createPods'],
  ['rolePodExecAttach/success.gce_calico_binding.yaml', 'pass', 'fail', 'exemptName'],
  ['rolePodExecAttach/success.system_prefix_binding.yaml', 'pass', 'fail', 'exemptName'],
  ['rolebindingClusterAdminClusterRole/success.binding_references_role.yaml', 'pass', 'fail', 'createPods'],
  ['rolebindingClusterAdminClusterRole/success.explicit_apigroups.yaml', 'pass', 'fail', 'coreGroup'],
  ['rolebindingClusterAdminClusterRole/success.explicit_resources.yaml', 'pass', 'fail', 'allPods'],
  ['rolebindingClusterAdminClusterRole/success.explicit_verbs.yaml', 'pass', 'unknown', 'websocket'],
  ['rolebindingClusterAdminClusterRole/success.gce_calico_binding.yaml', 'pass', 'fail', 'exemptName'],
  ['rolebindingClusterAdminClusterRole/success.system_prefix_binding.yaml', 'pass', 'fail', 'exemptName'],
  ['rolebindingClusterAdminRole/success.binding_references_clusterrole.yaml', 'pass', 'fail', 'createPods'],
  ['rolebindingClusterAdminRole/success.explicit_apigroups.yaml', 'pass', 'fail', 'coreGroup'],
  ['rolebindingClusterAdminRole/success.explicit_resources.yaml', 'pass', 'fail', 'allPods'],
  ['rolebindingClusterAdminRole/success.explicit_verbs.yaml', 'pass', 'unknown', 'websocket'],
  ['rolebindingClusterAdminRole/success.gce_calico_binding.yaml', 'pass', 'fail', 'exemptName'],
  ['rolebindingClusterAdminRole/success.system_prefix_binding.yaml', 'pass', 'fail', 'exemptName'],
  [
    'rolebindingClusterRolePodExecAttach/failure.get_attach_and_exec_using_resource_wildcard.yaml',
    'fail',
    'unknown',
    'websocket',
  ],
  ['rolebindingClusterRolePodExecAttach/failure.get_attach_using_apigroup_wildcard.yaml', 'fail', 'unknown', 'websocket'],
  ['rolebindingClusterRolePodExecAttach/failure.get_exec_using_apigroup_wildcard.yaml', 'fail', 'unknown', 'websocket'],
  ['rolebindingClusterRolePodExecAttach/success.allow_unrelated_perms.yaml', 'pass', 'fail', 'createPods'],
  ['rolebindingClusterRolePodExecAttach/success.binding_references_role.yaml', 'pass', 'fail', 'createPods'],
  ['rolebindingClusterRolePodExecAttach/success.gce_calico_binding.yaml', 'pass', 'fail', 'exemptName'],
  ['rolebindingClusterRolePodExecAttach/success.system_prefix_binding.yaml', 'pass', 'fail', 'exemptName'],
  ['rolebindingRolePodExecAttach/failure.get_attach_and_exec_using_resource_wildcard.yaml', 'fail', 'unknown', 'websocket'],
  ['rolebindingRolePodExecAttach/failure.get_attach_using_apigroup_wildcard.yaml', 'fail', 'unknown', 'websocket'],
  ['rolebindingRolePodExecAttach/failure.get_exec_using_apigroup_wildcard.yaml', 'fail', 'unknown', 'websocket'],
  ['rolebindingRolePodExecAttach/success.allow_unrelated_perms.yaml', 'pass', 'fail', 'createPods'],
  ['rolebindingRolePodExecAttach/success.binding_references_role.yaml', 'pass', 'fail', 'createPods'],
  ['rolebindingRolePodExecAttach/success.gce_calico_binding.yaml', 'pass', 'fail', 'exemptName'],
  ['rolebindingRolePodExecAttach/success.role_binding_cluster_role_binding.yaml', 'pass', 'fail', 'everythingHere'],
  ['rolebindingRolePodExecAttach/success.system_prefix_binding.yaml', 'pass', 'fail', 'exemptName'],
  ['runAsRootAllowed/failure.yaml', 'fail', 'pass', 'noSuchKind'],
  ['sensitiveConfigmapContent/failure.key_aws_secret_access_key.yaml', 'fail', 'pass', 'placeholder'],
  ['sensitiveConfigmapContent/failure.key_azure_batch_key.yaml', 'fail', 'pass', 'placeholder'],
  ['sensitiveConfigmapContent/failure.key_oci_cli_key_content.yaml', 'fail', 'pass', 'placeholder'],
  ['sensitiveContainerEnvVar/failure.value_private_key.yaml', 'fail', 'pass', 'noKey'],
  ['tlsSettingsMissing/success.yaml', 'pass', 'fail', 'otherHost'],
  ['topologySpreadConstraint/success.yaml', 'pass', 'fail', 'otherPods'],
];

/** Every disagreement with the corpus; the test fails on one that is missing here, and on one that is no longer true. */
export const divergences: readonly Divergence[] = rows.map(([file, theirs, ours, reason]) => ({
  file,
  theirs,
  ours,
  why: reasons[reason],
}));
