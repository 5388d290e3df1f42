/**
 * A made-up cluster for the access analysis: ten ServiceAccounts, twenty bindings and five roles a namespace, on the scale of `accounts`.
 * Deterministic, and in it what real clusters hold: shared ClusterRoles bound in many namespaces, aggregated roles, teams as groups,
 * deployers that reach into the next namespace (chains of twenty, and one ring), operators with cluster-wide rights, and workloads.
 */
export interface AccessSize {
  readonly accounts: number;
  readonly bindings: number;
  readonly roles: number;
}

type Json = Readonly<Record<string, unknown>>;
type RuleText = readonly [verbs: string, group: string, resources: string, names?: string];

const rbac = 'rbac.authorization.k8s.io';
const read = 'get,list,watch';
const write = 'create,update,patch,delete';

const rule = ([verbs, group, resources, names]: RuleText): Json => ({
  verbs: verbs.split(','),
  apiGroups: [group],
  resources: resources.split(','),
  ...(names === undefined ? {} : { resourceNames: names.split(',') }),
});

const metadata = (name: string, namespace?: string, labels?: Json): Json => ({
  name,
  ...(namespace === undefined ? {} : { namespace }),
  ...(labels === undefined ? {} : { labels }),
});

const role = (name: string, namespace: string | undefined, rules: readonly RuleText[], labels?: Json): Json => ({
  apiVersion: `${rbac}/v1`,
  kind: namespace === undefined ? 'ClusterRole' : 'Role',
  metadata: metadata(name, namespace, labels),
  rules: rules.map(rule),
});

const subject = (text: string): Json => {
  const [kind = '', name = ''] = text.split(' ');
  const [namespace, account] = name.split('/');
  return kind === 'sa'
    ? { kind: 'ServiceAccount', namespace, name: account }
    : { kind: kind === 'user' ? 'User' : 'Group', name, apiGroup: rbac };
};

const binding = (name: string, namespace: string | undefined, roleRef: string, ...subjects: readonly string[]): Json => {
  const [kind, roleName] = roleRef.split(' ');
  return {
    apiVersion: `${rbac}/v1`,
    kind: namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding',
    metadata: metadata(name, namespace),
    roleRef: { apiGroup: rbac, kind, name: roleName },
    subjects: subjects.map(subject),
  };
};

/** ClusterRoles that every platform team writes once and binds everywhere. */
const shared: Readonly<Record<string, readonly RuleText[]>> = {
  'app-reader': [
    [read, '', 'pods,services,configmaps,endpoints'],
    [read, 'apps', 'deployments,statefulsets,replicasets'],
  ],
  'app-deployer': [
    [`${read},${write}`, 'apps', 'deployments,statefulsets'],
    [`${read},${write}`, '', 'services,configmaps'],
    [`${read},${write}`, 'networking.k8s.io', 'ingresses'],
  ],
  'app-debugger': [
    [read, '', 'pods,pods/log'],
    ['create', '', 'pods/exec'],
  ],
  'secret-reader': [[read, '', 'secrets']],
  'config-reader': [[read, '', 'configmaps']],
  'job-runner': [['create,get,list,watch,delete', 'batch', 'jobs']],
  'policy-editor': [[`${read},${write}`, 'networking.k8s.io', 'networkpolicies']],
  'token-minter': [['create', '', 'serviceaccounts/token', 'account-1,account-2']],
};
const sharedNames = Object.keys(shared);

/** Rights of cluster-wide operators, a few of them enough for everything. */
const operators: readonly (readonly RuleText[])[] = [
  [[read, '', 'pods,nodes,namespaces,services,endpoints']],
  [[read, '', 'secrets,configmaps']],
  [['get', '', 'nodes/proxy,nodes/metrics']],
  [['impersonate', '', 'users,groups']],
  [[`${read},${write}`, 'cert-manager.io', 'certificates,certificaterequests']],
  [
    ['bind,escalate', rbac, 'clusterroles'],
    [write, rbac, 'clusterroles,clusterrolebindings'],
  ],
  [['patch', '', 'nodes,nodes/status']],
  [[`${read},patch`, 'admissionregistration.k8s.io', 'mutatingwebhookconfigurations']],
];

const placeOf = (index: number) => `team-${index}`;
const accountOf = (place: number, index: number) => `sa ${placeOf(place)}/account-${index % 10}`;

/** The objects of one namespace. */
function* namespaceObjects(place: number, places: number): Generator<Json> {
  const namespace = placeOf(place);
  const level = ['restricted', 'baseline', undefined][place % 3];
  yield {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: metadata(namespace, undefined, level === undefined ? {} : { 'pod-security.kubernetes.io/enforce': level }),
  };
  for (let index = 0; index < 10; index++)
    yield { apiVersion: 'v1', kind: 'ServiceAccount', metadata: metadata(`account-${index}`, namespace) };
  yield role('leader', namespace, [
    [`${read},${write}`, 'coordination.k8s.io', 'leases'],
    ['create,patch', '', 'events'],
  ]);
  yield role('config', namespace, [[read, '', 'configmaps', `config-${place}`]]);
  yield role('scaler', namespace, [
    ['get,update,patch', 'apps', 'deployments/scale'],
    [read, 'metrics.k8s.io', 'pods'],
  ]);
  yield role('own-secret', namespace, [['get', '', 'secrets', `secret-${place}`]]);
  // Nineteen RoleBindings and one ClusterRoleBinding.
  for (let index = 0; index < 10; index++)
    yield binding(`own-${index}`, namespace, `Role ${ownRoles[index % 4]}`, accountOf(place, index));
  for (let index = 0; index < 6; index++)
    yield binding(
      `shared-${index}`,
      namespace,
      `ClusterRole ${sharedNames[(place + index) % sharedNames.length]}`,
      accountOf(place, index + 2),
    );
  yield binding(
    'team',
    namespace,
    `ClusterRole ${place % 5 === 0 ? 'admin' : 'edit'}`,
    `group team-${place}`,
    `user lead-${place % 97}`,
  );
  yield binding('viewers', namespace, 'ClusterRole view', `group system:serviceaccounts:${namespace}`);
  const next = place % 20 === 19 ? place - 19 : Math.min(place + 1, places - 1);
  yield binding('neighbour', placeOf(next), 'ClusterRole app-deployer', accountOf(place, 0));
  yield* clusterPart(place, namespace);
  for (const index of [0, 3]) yield deployment(namespace, `app-${index}`, `account-${index}`);
}

const ownRoles = ['leader', 'config', 'scaler', 'own-secret'];

/** The fifth role and the twentieth binding of a namespace belong to the cluster. */
function* clusterPart(place: number, namespace: string): Generator<Json> {
  const operator = `operator-${place}`;
  const rules = place % 10 === 3 ? operators[((place / 10) % operators.length) | 0] : undefined;
  const labels = { [`part-of/${Math.floor(place / 50)}`]: 'true' };
  yield role(operator, undefined, rules ?? [[read, `team${place % 40}.example`, 'widgets']], place % 4 === 0 ? labels : {});
  const bound = place % 200 === 7 ? 'cluster-admin' : place % 50 === 11 ? `aggregate-${Math.floor(place / 50)}` : operator;
  yield binding(
    operator,
    undefined,
    `ClusterRole ${bound}`,
    accountOf(place, 9),
    ...(place % 25 === 0 ? [`group ops-${namespace}`] : []),
  );
}

const deployment = (namespace: string, name: string, serviceAccountName: string): Json => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: metadata(name, namespace),
  spec: {
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { serviceAccountName, containers: [{ name, image: `registry.internal/${name}:1` }] },
    },
  },
});

/** All objects of a cluster of that many ServiceAccounts. */
export function generateAccess(accounts: number): { readonly objects: readonly Json[]; readonly size: AccessSize } {
  const places = Math.max(1, Math.round(accounts / 10));
  const objects: Json[] = sharedNames.map((name) => role(name, undefined, shared[name] ?? []));
  for (let block = 0; block * 50 < places; block++)
    objects.push({
      ...role(`aggregate-${block}`, undefined, []),
      aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [`part-of/${block}`]: 'true' } }] },
    });
  for (let place = 0; place < places; place++) objects.push(...namespaceObjects(place, places));
  const count = (...kinds: readonly string[]) => objects.filter(({ kind }) => kinds.includes(String(kind))).length;
  return {
    objects,
    size: {
      accounts: count('ServiceAccount'),
      bindings: count('RoleBinding', 'ClusterRoleBinding'),
      roles: count('Role', 'ClusterRole'),
    },
  };
}
