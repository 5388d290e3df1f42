import { groupOf } from '../model/object-ref.ts';

interface Kind {
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

/** The kinds of the Kubernetes API (1.36) and of the add-ons that checks read, by group: `Kind plural`, cluster-scoped ones after `|`. */
const table: Readonly<Record<string, string>> = {
  '': 'ConfigMap configmaps, Endpoints endpoints, Event events, LimitRange limitranges, PersistentVolumeClaim persistentvolumeclaims, Pod pods, PodTemplate podtemplates, ReplicationController replicationcontrollers, ResourceQuota resourcequotas, Secret secrets, Service services, ServiceAccount serviceaccounts, Binding bindings | ComponentStatus componentstatuses, Namespace namespaces, Node nodes, PersistentVolume persistentvolumes',
  apps: 'ControllerRevision controllerrevisions, DaemonSet daemonsets, Deployment deployments, ReplicaSet replicasets, StatefulSet statefulsets |',
  extensions:
    'Ingress ingresses, Deployment deployments, DaemonSet daemonsets, ReplicaSet replicasets, NetworkPolicy networkpolicies | PodSecurityPolicy podsecuritypolicies',
  batch: 'CronJob cronjobs, Job jobs |',
  autoscaling: 'HorizontalPodAutoscaler horizontalpodautoscalers |',
  'autoscaling.k8s.io': 'VerticalPodAutoscaler verticalpodautoscalers |',
  policy: 'PodDisruptionBudget poddisruptionbudgets | PodSecurityPolicy podsecuritypolicies',
  'networking.k8s.io':
    'Ingress ingresses, NetworkPolicy networkpolicies | IngressClass ingressclasses, IPAddress ipaddresses, ServiceCIDR servicecidrs',
  'policy.networking.k8s.io':
    '| AdminNetworkPolicy adminnetworkpolicies, BaselineAdminNetworkPolicy baselineadminnetworkpolicies, ClusterNetworkPolicy clusternetworkpolicies',
  'rbac.authorization.k8s.io':
    'Role roles, RoleBinding rolebindings | ClusterRole clusterroles, ClusterRoleBinding clusterrolebindings',
  'storage.k8s.io':
    'CSIStorageCapacity csistoragecapacities | StorageClass storageclasses, CSIDriver csidrivers, CSINode csinodes, VolumeAttachment volumeattachments, VolumeAttributesClass volumeattributesclasses',
  'admissionregistration.k8s.io':
    '| MutatingWebhookConfiguration mutatingwebhookconfigurations, ValidatingWebhookConfiguration validatingwebhookconfigurations, ValidatingAdmissionPolicy validatingadmissionpolicies, ValidatingAdmissionPolicyBinding validatingadmissionpolicybindings, MutatingAdmissionPolicy mutatingadmissionpolicies, MutatingAdmissionPolicyBinding mutatingadmissionpolicybindings',
  'apiextensions.k8s.io': '| CustomResourceDefinition customresourcedefinitions',
  'apiregistration.k8s.io': '| APIService apiservices',
  'authentication.k8s.io': '| TokenReview tokenreviews, SelfSubjectReview selfsubjectreviews',
  'authorization.k8s.io':
    'LocalSubjectAccessReview localsubjectaccessreviews | SubjectAccessReview subjectaccessreviews, SelfSubjectAccessReview selfsubjectaccessreviews, SelfSubjectRulesReview selfsubjectrulesreviews',
  'certificates.k8s.io': '| CertificateSigningRequest certificatesigningrequests, ClusterTrustBundle clustertrustbundles',
  'coordination.k8s.io': 'Lease leases |',
  'discovery.k8s.io': 'EndpointSlice endpointslices |',
  'events.k8s.io': 'Event events |',
  'flowcontrol.apiserver.k8s.io': '| FlowSchema flowschemas, PriorityLevelConfiguration prioritylevelconfigurations',
  'node.k8s.io': '| RuntimeClass runtimeclasses',
  'scheduling.k8s.io': '| PriorityClass priorityclasses',
  'resource.k8s.io':
    'ResourceClaim resourceclaims, ResourceClaimTemplate resourceclaimtemplates | DeviceClass deviceclasses, ResourceSlice resourceslices',
  'snapshot.storage.k8s.io':
    'VolumeSnapshot volumesnapshots | VolumeSnapshotClass volumesnapshotclasses, VolumeSnapshotContent volumesnapshotcontents',
  'gateway.networking.k8s.io':
    'Gateway gateways, HTTPRoute httproutes, GRPCRoute grpcroutes, TLSRoute tlsroutes, TCPRoute tcproutes, UDPRoute udproutes, ReferenceGrant referencegrants, BackendTLSPolicy backendtlspolicies | GatewayClass gatewayclasses',
  'cert-manager.io':
    'Certificate certificates, CertificateRequest certificaterequests, Issuer issuers | ClusterIssuer clusterissuers',
  'acme.cert-manager.io': 'Challenge challenges, Order orders |',
  'external-secrets.io':
    'ExternalSecret externalsecrets, SecretStore secretstores, PushSecret pushsecrets | ClusterSecretStore clustersecretstores, ClusterExternalSecret clusterexternalsecrets',
  'generators.external-secrets.io':
    'Password passwords, UUID uuids, Webhook webhooks, ECRAuthorizationToken ecrauthorizationtokens, VaultDynamicSecret vaultdynamicsecrets | ClusterGenerator clustergenerators',
  'bitnami.com': 'SealedSecret sealedsecrets |',
  'secrets-store.csi.x-k8s.io': 'SecretProviderClass secretproviderclasses |',
  'secrets.hashicorp.com':
    'VaultStaticSecret vaultstaticsecrets, VaultDynamicSecret vaultdynamicsecrets, VaultPKISecret vaultpkisecrets, VaultAuth vaultauths, VaultConnection vaultconnections |',
  'monitoring.coreos.com':
    'Alertmanager alertmanagers, AlertmanagerConfig alertmanagerconfigs, PodMonitor podmonitors, Probe probes, Prometheus prometheuses, PrometheusAgent prometheusagents, PrometheusRule prometheusrules, ScrapeConfig scrapeconfigs, ServiceMonitor servicemonitors, ThanosRuler thanosrulers |',
  'velero.io':
    'Backup backups, BackupStorageLocation backupstoragelocations, Restore restores, Schedule schedules, VolumeSnapshotLocation volumesnapshotlocations |',
  'argoproj.io':
    'Application applications, ApplicationSet applicationsets, AppProject appprojects, Rollout rollouts, AnalysisTemplate analysistemplates, Workflow workflows, CronWorkflow cronworkflows, WorkflowTemplate workflowtemplates | ClusterAnalysisTemplate clusteranalysistemplates',
  'helm.toolkit.fluxcd.io': 'HelmRelease helmreleases |',
  'kustomize.toolkit.fluxcd.io': 'Kustomization kustomizations |',
  'source.toolkit.fluxcd.io':
    'GitRepository gitrepositories, HelmRepository helmrepositories, OCIRepository ocirepositories, Bucket buckets, HelmChart helmcharts |',
  'serving.knative.dev': 'Service services, Configuration configurations, Revision revisions, Route routes |',
  'postgresql.cnpg.io': 'Cluster clusters, Backup backups, ScheduledBackup scheduledbackups, Pooler poolers |',
  'route.openshift.io': 'Route routes |',
  'apps.openshift.io': 'DeploymentConfig deploymentconfigs |',
  'security.openshift.io': '| SecurityContextConstraints securitycontextconstraints',
  'traefik.io':
    'IngressRoute ingressroutes, IngressRouteTCP ingressroutetcps, Middleware middlewares, TLSOption tlsoptions, TLSStore tlsstores, ServersTransport serverstransports |',
  'projectcontour.io': 'HTTPProxy httpproxies |',
  'cilium.io': 'CiliumNetworkPolicy ciliumnetworkpolicies | CiliumClusterwideNetworkPolicy ciliumclusterwidenetworkpolicies',
  'crd.projectcalico.org': 'NetworkPolicy networkpolicies | GlobalNetworkPolicy globalnetworkpolicies',
  'projectcalico.org': 'NetworkPolicy networkpolicies | GlobalNetworkPolicy globalnetworkpolicies',
  'crd.antrea.io': 'NetworkPolicy networkpolicies | ClusterNetworkPolicy clusternetworkpolicies',
  'networking.istio.io':
    'VirtualService virtualservices, DestinationRule destinationrules, Gateway gateways, ServiceEntry serviceentries, Sidecar sidecars, EnvoyFilter envoyfilters |',
  'security.istio.io':
    'AuthorizationPolicy authorizationpolicies, PeerAuthentication peerauthentications, RequestAuthentication requestauthentications |',
  'networking.gke.io': 'ManagedCertificate managedcertificates, FrontendConfig frontendconfigs |',
  'cloud.google.com': 'BackendConfig backendconfigs |',
  'keda.sh':
    'ScaledObject scaledobjects, ScaledJob scaledjobs, TriggerAuthentication triggerauthentications | ClusterTriggerAuthentication clustertriggerauthentications',
};

const byGroup: ReadonlyMap<string, ReadonlyMap<string, Kind>> = new Map(
  Object.entries(table).map(([group, row]) => {
    const [namespaced = '', cluster = ''] = row.split('|');
    const kinds = [...readKinds(namespaced, true), ...readKinds(cluster, false)];
    return [group, new Map(kinds.map((kind) => [kind.kind, kind]))];
  }),
);

function readKinds(row: string, namespaced: boolean): readonly Kind[] {
  return row
    .split(',')
    .map((entry) => entry.trim().split(' '))
    .filter((words): words is [string, string] => words.length === 2)
    .map(([kind, plural]) => ({ kind, plural, namespaced }));
}

/** The groups that the table knows; the core group is empty. */
export const knownGroups: readonly string[] = [...byGroup.keys()];

/** Whether a kind lives in namespaces; undefined for kinds that the table does not know. */
export function isNamespaced(apiVersion: string, kind: string): boolean | undefined {
  return byGroup.get(groupOf(apiVersion))?.get(kind)?.namespaced;
}

/** Every known resource of a group: plural and scope. Undefined for an unknown group. */
export function resourcesOf(
  group: string,
): readonly { readonly kind: string; readonly plural: string; readonly namespaced: boolean }[] | undefined {
  const kinds = byGroup.get(group);
  return kinds && [...kinds.values()];
}
