import type { EscalationTarget } from './danger.ts';

export type AccessSeverity = 'critical' | 'high' | 'medium' | 'low';

/** One row of the catalogue of escalation edges. */
export interface CatalogueRow {
  readonly id: string;
  /** What the subject may do. */
  readonly condition: string;
  /** What it gains. */
  readonly result: string;
  /** `path`: leads on, and is followed. `hazard`: makes nobody more than he was, and is told beside the paths. */
  readonly kind: 'path' | 'hazard' | 'both';
  /** With reach over the cluster, and inside one namespace. */
  readonly cluster: AccessSeverity;
  readonly namespace: AccessSeverity;
}

const levels: Readonly<Record<string, AccessSeverity>> = { C: 'critical', H: 'high', M: 'medium', L: 'low' };
const kinds: Readonly<Record<string, CatalogueRow['kind']>> = { path: 'path', hazard: 'hazard', both: 'both' };

/** id, severity in the cluster and in a namespace, kind, condition, result. */
const rows: readonly (readonly [string, string, string, string, string])[] = [
  ['E01', 'C H', 'path', '* on */* by a ClusterRoleBinding', 'every right in the cluster'],
  [
    'E02',
    'C H',
    'path',
    '* on */* by a RoleBinding',
    'the namespace with its policies; its nodes too where nothing refuses privileged Pods',
  ],
  ['E03', 'C H', 'path', 'escalate and create, update or patch on roles or clusterroles', 'any rule in a role of its own'],
  ['E04', 'C H', 'path', 'bind on roles, and create, update or patch on bindings', 'what the roles that it may bind allow'],
  ['E05', 'C H', 'both', 'impersonate users, groups, serviceaccounts; uids and userextras are a hazard', 'whoever it may name'],
  ['E06', 'C H', 'path', 'create on serviceaccounts/token', 'each ServiceAccount that it may name'],
  ['E07', 'C H', 'path', 'get, list or watch on secrets', 'the Secrets; the ServiceAccounts whose tokens they hold'],
  ['E08', 'C H', 'path', 'create and read secrets', 'a token of any ServiceAccount of the namespace'],
  [
    'E10',
    'C H',
    'path',
    'create on pods',
    'every ServiceAccount and Secret of the namespace; the node where nothing refuses privileged Pods',
  ],
  ['E11', 'C H', 'path', 'create, update or patch on what carries a Pod template', 'as E10'],
  ['E12', 'C H', 'path', 'update or patch on pods', 'code in running Pods'],
  ['E13', 'C H', 'path', 'create on pods/exec or pods/attach; get alone before Kubernetes 1.35', 'code in running Pods'],
  ['E14', 'C H', 'path', 'update or patch on pods/ephemeralcontainers', 'code in running Pods'],
  ['E15', 'M M', 'hazard', 'pods/portforward, pods/proxy, services/proxy', 'traffic to Pods past every network policy'],
  ['E16', 'M M', 'hazard', 'get on pods/log', 'what applications log'],
  ['E20', 'C C', 'path', 'get or create on nodes/proxy', 'code in every Pod of a node'],
  [
    'E21',
    'H H',
    'hazard',
    'create, update or patch on nodes, update or patch on nodes/status',
    'where Pods run, by labels, taints and capacity',
  ],
  ['E22', 'M M', 'hazard', 'delete or evict Pods, and change nodes', 'Pods moved to a node of its choice'],
  [
    'E23',
    'M M',
    'hazard',
    'update or patch on pods/status',
    'labels and readiness of Pods: which Service and policy takes them in',
  ],
  ['E24', 'C C', 'path', 'create and approve certificate signing requests', 'a client certificate in any name, or of any node'],
  ['E25', 'H H', 'path', 'create on persistentvolumes', "a node's files"],
  ['E30', 'C C', 'path', 'create, update or patch on webhook configurations', 'every object on its way into the API'],
  [
    'E31',
    'H H',
    'path',
    'mutating admission policies; update or delete of policies and webhooks that refuse',
    'every object on its way into the API; no guardrails',
  ],
  [
    'E32',
    'C H',
    'path',
    'write on apiservices, update or patch on customresourcedefinitions',
    'an API group, or the conversion of its objects',
  ],
  ['E33', 'H H', 'path', 'update or patch on namespaces', 'the Pod Security level, and what policies select'],
  ['E34', 'M M', 'hazard', 'write on resourcequotas, limitranges, priorityclasses', 'room for its own Pods and none for others'],
  [
    'E40',
    'M M',
    'hazard',
    'update or patch on services/status, write on services',
    'traffic to addresses of its choice (external addresses)',
  ],
  ['E41', 'M M', 'hazard', 'write on endpoints or endpointslices', 'the traffic of Services'],
  ['E42', 'H H', 'path', 'write or delete network policies', 'the policy of the namespace, or of all'],
  ['E43', 'M M', 'hazard', 'write on ingresses, gateways, httproutes', 'what is published, and under which name'],
  ['E44', 'C H', 'both', 'write on ConfigMaps of kube-system', 'the cluster (aws-auth); names and proxying are a hazard'],
  ['E45', 'H H', 'hazard', 'update or patch on serviceaccounts', "another workload's cloud identity"],
  ['E46', 'M M', 'hazard', 'roles or bindings without escalate or bind', 'its own rights in the hands of others'],
  ['E47', 'C H', 'both', "write on an operator's custom resources", 'what the operator may do (operator-kinds.ts)'],
  ['E48', 'L L', 'hazard', 'write on leases, delete events', 'controllers without a leader, tracks covered'],
  ['E49', 'C H', 'path', 'rights of everybody, or of every ServiceAccount', 'what the group may do, for all of it'],
  ['E50', 'C C', 'path', 'proxies and forwarding to Pods of kube-system; a shell in them is E13', 'the control plane'],
  ['E51', 'M M', 'hazard', 'create on persistentvolumeclaims or volumesnapshots', "copies of the namespace's volumes"],
  [
    'E52',
    'H H',
    'path',
    'code in a Pod that is privileged, mounts its node or holds a capability over it',
    'the node, and the tokens of DaemonSets',
  ],
];

/** The catalogue, in order. */
export const catalogue: readonly CatalogueRow[] = rows.map(([id, severity, kind, condition, result]) => {
  const [cluster = '', namespace = ''] = severity.split(' ');
  return {
    id,
    condition,
    result,
    kind: kinds[kind] ?? 'path',
    cluster: levels[cluster] ?? 'critical',
    namespace: levels[namespace] ?? 'critical',
  };
});

const byId: ReadonlyMap<string, CatalogueRow> = new Map(catalogue.map((row) => [row.id, row]));
const order: readonly AccessSeverity[] = ['critical', 'high', 'medium', 'low'];

/** How grave a path is: by how far it reaches and by its row, never by the text of a role. */
export function severityOf(edge: string, target: EscalationTarget, scope: 'cluster' | 'namespace'): AccessSeverity {
  const byTarget: AccessSeverity =
    target === 'cluster-admin' || target === 'node' || target === 'secrets:*'
      ? 'critical'
      : scope === 'cluster'
        ? 'high'
        : 'medium';
  const row = byId.get(edge);
  // A row is as grave as its table says within a namespace; beyond it, what is reached decides.
  const byRow = scope === 'namespace' ? row?.namespace : row?.namespace === 'critical' ? 'critical' : 'high';
  return order[Math.min(order.indexOf(byTarget), order.indexOf(byRow ?? 'high'))] ?? 'critical';
}
