/** One thing that a rule may allow and that leads somewhere: one of the verbs on a resource of a group. */
export interface Need {
  readonly verbs: readonly string[];
  /** API group, empty for core. */
  readonly group: string;
  /** `pods`, `pods/exec`; `*` is any resource of the group. */
  readonly resource: string;
}

/** `need('update,patch', 'apps', 'deployments')`. */
export const need = (verbs: string, group: string, resource: string): Need => ({ verbs: verbs.split(','), group, resource });

const rbac = 'rbac.authorization.k8s.io';
const csr = 'certificates.k8s.io';
const admission = 'admissionregistration.k8s.io';
const changing = 'update,patch';
const writing = 'create,update,patch';
const removing = 'update,patch,delete,deletecollection';
const altering = 'create,update,patch,delete,deletecollection';
/** A request through a proxy subresource has the verb of its HTTP method. */
const proxying = 'get,create,update,patch,delete';

/** Everything that some row of the catalogue asks for, by name; the kinds that are data of their own (templates, operators) add theirs. */
export const needs = {
  escalateClusterRoles: need('escalate', rbac, 'clusterroles'),
  changeClusterRoles: need(changing, rbac, 'clusterroles'),
  createClusterRoles: need('create', rbac, 'clusterroles'),
  bindClusterRoles: need('bind', rbac, 'clusterroles'),
  createClusterBindings: need('create', rbac, 'clusterrolebindings'),
  changeClusterBindings: need(changing, rbac, 'clusterrolebindings'),
  escalateRoles: need('escalate', rbac, 'roles'),
  changeRoles: need(changing, rbac, 'roles'),
  createRoles: need('create', rbac, 'roles'),
  bindRoles: need('bind', rbac, 'roles'),
  createBindings: need('create', rbac, 'rolebindings'),
  changeBindings: need(changing, rbac, 'rolebindings'),
  impersonateUsers: need('impersonate', '', 'users'),
  impersonateGroups: need('impersonate', '', 'groups'),
  impersonateAccounts: need('impersonate', '', 'serviceaccounts'),
  impersonateIds: need('impersonate', 'authentication.k8s.io', 'uids'),
  impersonateExtras: need('impersonate', 'authentication.k8s.io', 'userextras'),
  constrainedUsers: need('impersonate:user-info', 'authentication.k8s.io', 'users'),
  constrainedAccounts: need('impersonate:serviceaccount', 'authentication.k8s.io', 'serviceaccounts'),
  constrainedNodes: need('impersonate:arbitrary-node,impersonate:associated-node', 'authentication.k8s.io', 'nodes'),
  createTokens: need('create', '', 'serviceaccounts/token'),
  changeAccounts: need(changing, '', 'serviceaccounts'),
  readSecrets: need('list,watch,get', '', 'secrets'),
  createSecrets: need('create', '', 'secrets'),
  changeSecrets: need(changing, '', 'secrets'),
  createPods: need('create', '', 'pods'),
  changePods: need(changing, '', 'pods'),
  createExec: need('create', '', 'pods/exec'),
  getExec: need('get', '', 'pods/exec'),
  createAttach: need('create', '', 'pods/attach'),
  getAttach: need('get', '', 'pods/attach'),
  changeEphemeral: need(changing, '', 'pods/ephemeralcontainers'),
  createPortForward: need('create', '', 'pods/portforward'),
  getPortForward: need('get', '', 'pods/portforward'),
  proxyPods: need(proxying, '', 'pods/proxy'),
  proxyServices: need(proxying, '', 'services/proxy'),
  getLogs: need('get', '', 'pods/log'),
  changePodStatus: need(changing, '', 'pods/status'),
  deletePods: need('delete,deletecollection', '', 'pods'),
  evictPods: need('create', '', 'pods/eviction'),
  proxyNodes: need('get,create', '', 'nodes/proxy'),
  writeNodes: need(writing, '', 'nodes'),
  changeNodeStatus: need(changing, '', 'nodes/status'),
  createVolumes: need('create', '', 'persistentvolumes'),
  createClaims: need('create', '', 'persistentvolumeclaims'),
  createSnapshots: need('create', 'snapshot.storage.k8s.io', 'volumesnapshots'),
  createSigningRequests: need('create', csr, 'certificatesigningrequests'),
  changeApproval: need(changing, csr, 'certificatesigningrequests/approval'),
  approveSigners: need('approve', csr, 'signers'),
  writeMutatingWebhooks: need(writing, admission, 'mutatingwebhookconfigurations'),
  writeValidatingWebhooks: need(writing, admission, 'validatingwebhookconfigurations'),
  deleteMutatingWebhooks: need('delete,deletecollection', admission, 'mutatingwebhookconfigurations'),
  deleteValidatingWebhooks: need('delete,deletecollection', admission, 'validatingwebhookconfigurations'),
  writeMutatingPolicies: need(writing, admission, 'mutatingadmissionpolicies'),
  createMutatingPolicyBindings: need('create', admission, 'mutatingadmissionpolicybindings'),
  removeValidatingPolicies: need(removing, admission, 'validatingadmissionpolicies'),
  removeValidatingPolicyBindings: need(removing, admission, 'validatingadmissionpolicybindings'),
  removeKyvernoClusterPolicies: need(removing, 'kyverno.io', 'clusterpolicies'),
  removeKyvernoPolicies: need(removing, 'kyverno.io', 'policies'),
  writeKyvernoExceptions: need(writing, 'kyverno.io', 'policyexceptions'),
  removeGatekeeperTemplates: need(removing, 'templates.gatekeeper.sh', 'constrainttemplates'),
  removeGatekeeperConstraints: need(removing, 'constraints.gatekeeper.sh', '*'),
  writeGatekeeperConfig: need(writing, 'config.gatekeeper.sh', 'configs'),
  writeApiServices: need(writing, 'apiregistration.k8s.io', 'apiservices'),
  changeDefinitions: need(changing, 'apiextensions.k8s.io', 'customresourcedefinitions'),
  changeNamespaces: need(changing, '', 'namespaces'),
  writeQuotas: need(removing, '', 'resourcequotas'),
  writeLimitRanges: need(altering, '', 'limitranges'),
  writePriorities: need(altering, 'scheduling.k8s.io', 'priorityclasses'),
  changeServiceStatus: need(changing, '', 'services/status'),
  writeServices: need(writing, '', 'services'),
  writeEndpoints: need(writing, '', 'endpoints'),
  writeEndpointSlices: need(writing, 'discovery.k8s.io', 'endpointslices'),
  writeIngresses: need(writing, 'networking.k8s.io', 'ingresses'),
  writeGateways: need(writing, 'gateway.networking.k8s.io', 'gateways'),
  writeRoutes: need(writing, 'gateway.networking.k8s.io', 'httproutes'),
  writeConfigMaps: need(writing, '', 'configmaps'),
  writeLeases: need('update,patch,delete,deletecollection', 'coordination.k8s.io', 'leases'),
  writeCertificates: need(writing, 'cert-manager.io', 'certificates'),
  writeExternalSecrets: need(writing, 'external-secrets.io', 'externalsecrets'),
  deleteEvents: need('delete,deletecollection', '', 'events'),
  deleteNewEvents: need('delete,deletecollection', 'events.k8s.io', 'events'),
  alterNetworkPolicies: need(altering, 'networking.k8s.io', 'networkpolicies'),
  alterCiliumPolicies: need(altering, 'cilium.io', 'ciliumnetworkpolicies'),
  alterCalicoPolicies: need(altering, 'projectcalico.org', 'networkpolicies'),
  alterCalicoPolicyObjects: need(altering, 'crd.projectcalico.org', 'networkpolicies'),
  alterAdminPolicies: need(altering, 'policy.networking.k8s.io', 'adminnetworkpolicies'),
  alterBaselinePolicies: need(altering, 'policy.networking.k8s.io', 'baselineadminnetworkpolicies'),
  alterClusterPolicies: need(altering, 'policy.networking.k8s.io', 'clusternetworkpolicies'),
  alterCiliumClusterPolicies: need(altering, 'cilium.io', 'ciliumclusterwidenetworkpolicies'),
  alterCalicoGlobalPolicies: need(altering, 'projectcalico.org', 'globalnetworkpolicies'),
  alterCalicoGlobalPolicyObjects: need(altering, 'crd.projectcalico.org', 'globalnetworkpolicies'),
} as const satisfies Readonly<Record<string, Need>>;
