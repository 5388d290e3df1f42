import { type Need, need } from './need.ts';

/** A custom resource whose operator does for its author what the author may not do. */
export interface OperatorKind {
  readonly kind: string;
  readonly operator: string;
  readonly need: Need;
  readonly clusterScoped: boolean;
  /**
   * What its author gains: `operator` acts with the operator's own rights; `cluster` is any change to any object; `accounts` the
   * ServiceAccounts of the namespace; `secrets` its Secrets.
   */
  readonly effect: 'operator' | 'cluster' | 'accounts' | 'secrets';
  /** Names that the operator's ServiceAccount has when its own manifests or chart install it. */
  readonly accounts: readonly string[];
  /** What its administrators may have set against it; nobody reads that here. */
  readonly limit?: string;
  readonly source: string;
}

type Row = readonly [
  resource: string,
  kind: string,
  operator: string,
  effect: OperatorKind['effect'],
  accounts: string,
  source: string,
  limit?: string,
];

const rows: readonly Row[] = [
  [
    'argoproj.io/applications',
    'Application',
    'Argo CD',
    'operator',
    'argocd-application-controller argocd-server',
    'argo-cd.readthedocs.io/en/stable/operator-manual/app-any-namespace/',
    'the AppProject lets it deploy what it likes',
  ],
  [
    'argoproj.io/applicationsets',
    'ApplicationSet',
    'Argo CD',
    'operator',
    'argocd-application-controller',
    'argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Security/',
    'the AppProject lets it deploy what it likes',
  ],
  [
    'argoproj.io/appprojects',
    'AppProject',
    'Argo CD',
    'operator',
    'argocd-application-controller',
    'argo-cd.readthedocs.io/en/stable/user-guide/projects/',
    'an Application of the project is its own',
  ],
  [
    'kustomize.toolkit.fluxcd.io/kustomizations',
    'Kustomization',
    'Flux',
    'operator',
    'kustomize-controller',
    'fluxcd.io/flux/installation/configuration/multitenancy/',
    'Flux does not force a ServiceAccount of the namespace upon it',
  ],
  [
    'helm.toolkit.fluxcd.io/helmreleases',
    'HelmRelease',
    'Flux',
    'operator',
    'helm-controller',
    'fluxcd.io/flux/installation/configuration/multitenancy/',
    'Flux does not force a ServiceAccount of the namespace upon it',
  ],
  ['helm.cattle.io/helmcharts', 'HelmChart', "k3s' Helm controller", 'cluster', '', 'docs.k3s.io/helm'],
  [
    '!kubernetes.crossplane.io/objects',
    'Object',
    "Crossplane's Kubernetes provider",
    'cluster',
    '',
    'github.com/crossplane-contrib/provider-kubernetes',
    'a ProviderConfig of this cluster carries every right',
  ],
  [
    '!pkg.crossplane.io/providers',
    'Provider',
    'Crossplane',
    'cluster',
    'crossplane',
    'docs.crossplane.io/latest/packages/providers/',
    'a provider package may bring the rights that it asks for',
  ],
  [
    'velero.io/restores',
    'Restore',
    'Velero',
    'operator',
    'velero velero-server',
    'velero.io/docs/main/restore-reference/',
    'a backup of its making is there to restore',
  ],
  [
    'velero.io/backups',
    'Backup',
    'Velero',
    'operator',
    'velero velero-server',
    'velero.io/docs/main/backup-reference/',
    'it can read the backup location',
  ],
  [
    '!kyverno.io/clusterpolicies',
    'ClusterPolicy',
    'Kyverno',
    'cluster',
    '',
    'kyverno.io/docs/policy-types/cluster-policy/mutate/',
  ],
  ['kyverno.io/policies', 'Policy', 'Kyverno', 'accounts', '', 'kyverno.io/docs/policy-types/cluster-policy/mutate/'],
  [
    '!mutations.gatekeeper.sh/assign',
    'Assign',
    'Gatekeeper',
    'cluster',
    '',
    'open-policy-agent.github.io/gatekeeper/website/docs/mutation/',
  ],
  [
    '!mutations.gatekeeper.sh/modifyset',
    'ModifySet',
    'Gatekeeper',
    'cluster',
    '',
    'open-policy-agent.github.io/gatekeeper/website/docs/mutation/',
  ],
  [
    '!management.cattle.io/globalrolebindings',
    'GlobalRoleBinding',
    'Rancher',
    'cluster',
    '',
    'ranchermanager.docs.rancher.com/how-to-guides/new-user-guides/authentication-permissions-and-global-configuration/manage-role-based-access-control-rbac/global-permissions',
    "Rancher's own check of escalation lets it pass",
  ],
  [
    'operators.coreos.com/clusterserviceversions',
    'ClusterServiceVersion',
    'OLM',
    'cluster',
    'olm-operator-serviceaccount',
    'olm.operatorframework.io/docs/concepts/crds/clusterserviceversion/',
    'its OperatorGroup names no ServiceAccount that limits it',
  ],
  [
    'operators.coreos.com/subscriptions',
    'Subscription',
    'OLM',
    'cluster',
    'olm-operator-serviceaccount',
    'olm.operatorframework.io/docs/concepts/crds/subscription/',
    'a catalog holds an operator that leads further',
  ],
  [
    '!external-secrets.io/clustersecretstores',
    'ClusterSecretStore',
    'External Secrets',
    'cluster',
    'external-secrets',
    'external-secrets.io/latest/guides/security-best-practices/',
    'it can have the token of a ServiceAccount that holds the cluster sent to it',
  ],
  [
    'external-secrets.io/secretstores',
    'SecretStore',
    'External Secrets',
    'accounts',
    'external-secrets',
    'external-secrets.io/latest/provider/kubernetes/',
  ],
  [
    'external-secrets.io/pushsecrets',
    'PushSecret',
    'External Secrets',
    'secrets',
    'external-secrets',
    'external-secrets.io/latest/api/pushsecret/',
    'a store that it may push to is readable for it',
  ],
  [
    'monitoring.coreos.com/servicemonitors',
    'ServiceMonitor',
    'the Prometheus operator',
    'secrets',
    'prometheus-operator',
    'prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.Endpoint',
    'a Prometheus selects it',
  ],
  [
    'monitoring.coreos.com/podmonitors',
    'PodMonitor',
    'the Prometheus operator',
    'secrets',
    'prometheus-operator',
    'prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.PodMetricsEndpoint',
    'a Prometheus selects it',
  ],
];

/** `!` marks a cluster-scoped kind. What each operator does stands in its own documentation, named in the row. */
export const operatorKinds: readonly OperatorKind[] = rows.map(([resource, kind, operator, effect, accounts, source, limit]) => {
  const clusterScoped = resource.startsWith('!');
  const [group = '', plural = ''] = resource.slice(clusterScoped ? 1 : 0).split('/');
  return {
    kind,
    operator,
    need: need('create,update,patch', group, plural),
    clusterScoped,
    effect,
    accounts: accounts === '' ? [] : accounts.split(' '),
    source: `https://${source}`,
    ...(limit === undefined ? {} : { limit }),
  };
});

export const allOperatorNeeds: readonly Need[] = operatorKinds.map(({ need }) => need);
