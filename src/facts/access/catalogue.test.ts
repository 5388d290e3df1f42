import { describe, expect, it, test } from 'vitest';
import { catalogue, severityOf } from './catalogue.ts';
import { group, user } from './subject.ts';
import { account, bind, can, deployment, grant, namespace, star, world, type WrittenRule, yaml } from './testing.ts';

const rbac = 'rbac.authorization.k8s.io';
const csr = 'certificates.k8s.io';
const admission = 'admissionregistration.k8s.io';
const network = 'networking.k8s.io';

/** Where the rules count, and what else is there. */
interface Row {
  readonly rules: readonly WrittenRule[];
  /** Undefined: by a ClusterRoleBinding. */
  readonly in?: string;
  readonly beside?: readonly object[];
  /** `E10 namespace:shop`, `hazard E16 data:shop`; `?` marks what needs an assumption. */
  readonly leads: readonly string[];
  /** The nearest rules that do not lead there: no line of the row may be told. */
  readonly not: readonly WrittenRule[];
}

const shop = namespace('shop', 'restricted');
const system = namespace('kube-system', 'restricted');

/** What is told of user a, hazards too, of one row. */
function told(id: string, rules: readonly WrittenRule[], row: Row): readonly string[] {
  const { escalations } = world(yaml(shop, system, ...(row.beside ?? []), ...grant('user a', rules, row.in)));
  const paths = escalations.of(user('a')).map(({ edge, target, certain }) => `${edge} ${target}${certain ? '' : '?'}`);
  const hazards = escalations
    .hazardsOf(user('a'))
    .map(({ edge, effect, namespace, certain }) => `hazard ${edge} ${effect}:${namespace}${certain ? '' : '?'}`);
  return [...new Set([...paths, ...hazards])].filter((line) => line.includes(`${id} `));
}

const web = deployment('shop/web', { serviceAccountName: 'web' });
const operator = [account('shop/operator'), bind('op', 'ClusterRole cluster-admin', 'sa shop/operator')];
const mount = (volume: object, container: object = {}) =>
  deployment('shop/agent', { volumes: [{ name: 'v', ...volume }], containers: [{ name: 'c', image: 'i', ...container }] });

const rows: Readonly<Record<string, Row>> = {
  E01: { rules: [star], leads: ['E01 cluster-admin'], not: [{ ...star, verbs: ['get', 'list', 'watch'] }] },
  E02: { rules: [star], in: 'shop', leads: ['E02 namespace:shop', 'E02 policy:shop'], not: [{ ...star, apiGroups: ['apps'] }] },
  E03: {
    rules: [can('escalate,update', `${rbac}:clusterroles`)],
    leads: ['E03 cluster-admin'],
    not: [can('update', `${rbac}:clusterroles`)],
  },
  E04: {
    rules: [can('bind', `${rbac}:clusterroles`), can('create', `${rbac}:rolebindings`)],
    in: 'shop',
    leads: ['E04 namespace:shop'],
    not: [can('bind', `${rbac}:clusterroles`)],
  },
  E05: {
    rules: [can('impersonate', 'users', 'bob'), can('impersonate', 'authentication.k8s.io:uids,userextras')],
    leads: ['E05 subject:bob', 'hazard E05 identity:*'],
    not: [can('impersonate', 'groups')],
  },
  E06: {
    rules: [can('create', 'serviceaccounts/token')],
    in: 'shop',
    leads: ['E06 namespace:shop'],
    not: [can('create', 'serviceaccounts')],
  },
  E07: {
    rules: [can('watch', 'secrets')],
    in: 'shop',
    leads: ['E07 secrets:shop'],
    not: [can('create,update,delete', 'secrets')],
  },
  E08: { rules: [can('create,list', 'secrets')], in: 'shop', leads: ['E08 namespace:shop'], not: [can('update,get', 'secrets')] },
  E10: { rules: [can('create', 'pods')], in: 'shop', leads: ['E10 namespace:shop'], not: [can('delete,get', 'pods')] },
  E11: {
    rules: [can('create', 'apps:replicasets')],
    in: 'shop',
    leads: ['E11 namespace:shop'],
    not: [can('delete', 'apps:replicasets')],
  },
  E12: { rules: [can('update', 'pods')], in: 'shop', leads: ['E12 namespace:shop'], not: [can('update', 'pods/status')] },
  E13: { rules: [can('create', 'pods/attach')], in: 'shop', leads: ['E13 namespace:shop'], not: [can('delete', 'pods/attach')] },
  E14: {
    rules: [can('update', 'pods/ephemeralcontainers')],
    in: 'shop',
    leads: ['E14 namespace:shop'],
    not: [can('get', 'pods/ephemeralcontainers')],
  },
  E15: {
    rules: [can('create', 'pods/portforward'), can('get', 'pods/proxy,services/proxy')],
    in: 'shop',
    leads: ['hazard E15 traffic:shop'],
    not: [can('delete', 'pods/portforward')],
  },
  E16: { rules: [can('get', 'pods/log')], in: 'shop', leads: ['hazard E16 data:shop'], not: [can('get', 'pods')] },
  E20: { rules: [can('get', 'nodes/proxy')], leads: ['E20 node'], not: [can('get', 'nodes')] },
  E21: { rules: [can('patch', 'nodes/status')], leads: ['hazard E21 placement:*'], not: [can('get,delete', 'nodes')] },
  E22: {
    rules: [can('patch', 'nodes'), can('create', 'pods/eviction')],
    leads: ['hazard E22 placement:*'],
    not: [can('create', 'pods/eviction')],
  },
  E23: { rules: [can('patch', 'pods/status')], in: 'shop', leads: ['hazard E23 traffic:shop'], not: [can('get', 'pods/status')] },
  E24: {
    rules: [
      can('create', `${csr}:certificatesigningrequests`),
      can('update', `${csr}:certificatesigningrequests/approval`),
      can('approve', `${csr}:signers`, 'kubernetes.io/kube-apiserver-client'),
    ],
    leads: ['E24 cluster-admin'],
    not: [can('create', `${csr}:certificatesigningrequests`), can('sign', `${csr}:signers`)],
  },
  E25: {
    rules: [can('create', 'persistentvolumes')],
    beside: grant('user a', [can('create', 'persistentvolumeclaims'), can('create', 'batch:jobs')], 'shop'),
    leads: ['E25 node'],
    not: [can('create', 'persistentvolumeclaims')],
  },
  E30: {
    rules: [can('create', `${admission}:mutatingwebhookconfigurations`)],
    leads: ['E30 cluster-admin'],
    not: [can('get', `${admission}:mutatingwebhookconfigurations`)],
  },
  E31: {
    rules: [can('delete', `${admission}:validatingadmissionpolicybindings`)],
    leads: ['E31 policy:*'],
    not: [can('create', `${admission}:validatingadmissionpolicies`)],
  },
  E32: {
    rules: [can('patch', 'apiextensions.k8s.io:customresourcedefinitions')],
    leads: ['E32 cluster-admin?'],
    not: [can('create', 'apiextensions.k8s.io:customresourcedefinitions')],
  },
  E33: { rules: [can('patch', 'namespaces')], in: 'shop', leads: ['E33 policy:shop'], not: [can('delete', 'namespaces')] },
  E34: {
    rules: [can('patch', 'resourcequotas')],
    in: 'shop',
    leads: ['hazard E34 denial:shop'],
    not: [can('list', 'resourcequotas')],
  },
  E40: {
    rules: [can('patch', 'services/status')],
    in: 'shop',
    leads: ['hazard E40 traffic:shop'],
    not: [can('get', 'services')],
  },
  E41: {
    rules: [can('update', 'discovery.k8s.io:endpointslices')],
    in: 'shop',
    leads: ['hazard E41 traffic:shop'],
    not: [can('get', 'endpoints')],
  },
  E42: {
    rules: [can('delete', `${network}:networkpolicies`)],
    in: 'shop',
    leads: ['E42 policy:shop'],
    not: [can('get', `${network}:networkpolicies`)],
  },
  E43: {
    rules: [can('create', `${network}:ingresses`)],
    in: 'shop',
    leads: ['hazard E43 traffic:shop'],
    not: [can('delete', `${network}:ingresses`)],
  },
  E44: {
    rules: [can('update', 'configmaps')],
    in: 'kube-system',
    leads: ['E44 cluster-admin?', 'hazard E44 traffic:kube-system', 'hazard E44 identity:kube-system'],
    not: [can('update', 'configmaps', 'leader')],
  },
  E45: {
    rules: [can('patch', 'serviceaccounts')],
    in: 'shop',
    leads: ['hazard E45 identity:shop?'],
    not: [can('create', 'serviceaccounts')],
  },
  E46: {
    rules: [can('create', `${rbac}:rolebindings`), can('patch', `${rbac}:roles`)],
    in: 'shop',
    leads: ['hazard E46 persistence:shop'],
    not: [can('delete', `${rbac}:rolebindings,roles`)],
  },
  E47: {
    rules: [can('create', 'kustomize.toolkit.fluxcd.io:kustomizations')],
    in: 'shop',
    leads: ['E47 cluster-admin?'],
    not: [can('get', 'kustomize.toolkit.fluxcd.io:kustomizations')],
  },
  E48: {
    rules: [can('update', 'coordination.k8s.io:leases')],
    in: 'shop',
    leads: ['hazard E48 denial:shop'],
    not: [can('get', 'events')],
  },
  E49: { rules: [can('get', 'configmaps')], leads: [], not: [] },
  E50: {
    rules: [can('get', 'pods/proxy')],
    in: 'kube-system',
    leads: ['E50 cluster-admin?'],
    not: [can('get', 'pods/log')],
  },
  E51: {
    rules: [can('create', 'snapshot.storage.k8s.io:volumesnapshots')],
    in: 'shop',
    leads: ['hazard E51 data:shop'],
    not: [can('get', 'persistentvolumeclaims')],
  },
  E52: { rules: [can('get', 'configmaps')], leads: [], not: [] },
};

describe('each row of the catalogue, and the nearest that does not lead there', () => {
  it('has a line here', () => {
    expect(Object.keys(rows)).toEqual(catalogue.map(({ id }) => id));
  });
  test.each(catalogue.map((row) => [`${row.id} ${row.condition}`, row.id] as const))('%s', (_, id) => {
    const row = rows[id];
    if (row === undefined) throw new Error(`no line for ${id}`);
    expect(told(id, row.rules, row)).toEqual(row.leads);
    expect(told(id, row.not, row)).toEqual([]);
  });
  test.each([
    ['system:authenticated', 'E01 cluster-admin'],
    ['system:unauthenticated', 'E01 cluster-admin'],
    ['system:serviceaccounts', 'E01 cluster-admin'],
    ['system:serviceaccounts:shop', 'E01 cluster-admin'],
  ])('E49 %s bound to everything is told of the group', (name, expected) => {
    const { escalations } = world(yaml(shop, account('shop/web'), ...grant(`group ${name}`, [star])));
    expect(escalations.all.map(({ subject, edge, target }) => [subject, `${edge} ${target}`])).toEqual([[group(name), expected]]);
  });
  test.each<[string, object, string | undefined]>([
    ['a privileged container', mount({ emptyDir: {} }, { securityContext: { privileged: true } }), 'E13 node'],
    ['the root of the node', mount({ hostPath: { path: '/' } }), 'E13 node'],
    ['the socket of the runtime', mount({ hostPath: { path: '/var/run/docker.sock' } }), 'E13 node'],
    ['tokens of all Pods of the node', mount({ hostPath: { path: '/var/lib/kubelet/pods/' } }), 'E13 node'],
    ['CAP_SYS_ADMIN', mount({ emptyDir: {} }, { securityContext: { capabilities: { add: ['CAP_SYS_ADMIN'] } } }), 'E13 node'],
    ['not a directory of data', mount({ hostPath: { path: '/data/shop' } }), undefined],
    [
      'not a harmless capability',
      mount({ emptyDir: {} }, { securityContext: { capabilities: { add: ['NET_BIND_SERVICE'] } } }),
      undefined,
    ],
  ])('E52 exec into a Pod with %s', (_, workload, expected) => {
    const { escalations } = world(yaml(shop, workload, ...grant('user a', [can('create', 'pods/exec')], 'shop')));
    const nodes = escalations.of(user('a')).filter(({ target }) => target === 'node');
    expect(nodes.map(({ edge, target }) => `${edge} ${target}`)).toEqual(expected === undefined ? [] : [expected]);
  });
  test('E52 a node has the tokens of DaemonSets that run on every node, of no other workload', () => {
    const agent = (kind: string, more: object = {}) => ({
      ...deployment('ops/agent', { serviceAccountName: 'agent', ...more }),
      kind,
    });
    const admin = [account('ops/agent'), bind('agent', 'ClusterRole cluster-admin', 'sa ops/agent')];
    const ends = (workload: object) =>
      world(yaml(workload, ...admin, ...grant('user a', [can('get', 'nodes/proxy')])))
        .escalations.of(user('a'))
        .map(({ target }) => target);
    expect(ends(agent('DaemonSet'))).toEqual(['cluster-admin']);
    expect(ends(agent('Deployment'))).toEqual(['node']);
    expect(ends(agent('DaemonSet', { nodeSelector: { gpu: 'yes' } }))).toEqual(['node']);
  });
});

describe('E47 operators', () => {
  const argo = account('argocd/argocd-application-controller');
  const ends = (...documents: readonly object[]) =>
    world(yaml(shop, ...documents, ...grant('user a', [can('create', 'argoproj.io:applications')], 'argocd')))
      .escalations.of(user('a'))
      .map(({ edge, target, certain }) => `${edge} ${target}${certain ? '' : '?'}`);
  it('are taken to hold the cluster where the sources do not show them', () => {
    expect(ends()).toEqual(['E47 cluster-admin?']);
  });
  it('are followed by their real rights where the sources show them', () => {
    expect(ends(argo)).toEqual(['E47 subject:argocd/argocd-application-controller?']);
    expect(ends(argo, bind('argo', 'ClusterRole cluster-admin', 'sa argocd/argocd-application-controller'))).toEqual([
      'E47 cluster-admin?',
      'E47 subject:argocd/argocd-application-controller?',
    ]);
  });
  it('are not there by a binding alone', () => {
    expect(ends(bind('argo', 'ClusterRole view', 'sa argocd/argocd-application-controller'))).toEqual(['E47 cluster-admin?']);
  });
  it.each([
    ['a SecretStore sends tokens of its namespace', 'external-secrets.io:secretstores', 'E47 namespace:shop?'],
    ['a ServiceMonitor sends Secrets of its namespace', 'monitoring.coreos.com:servicemonitors', 'E47 secrets:shop?'],
    ['a Prometheus carries containers', 'monitoring.coreos.com:prometheuses', 'E11 namespace:shop?'],
    ['a TaskRun carries containers', 'tekton.dev:taskruns', 'E11 namespace:shop?'],
  ])('%s', (_, resource, expected) => {
    const { escalations } = world(yaml(shop, ...grant('user a', [can('create', resource)], 'shop')));
    expect(escalations.of(user('a')).map(({ edge, target, certain }) => `${edge} ${target}${certain ? '' : '?'}`)).toEqual([
      expected,
    ]);
  });
});

describe('31 severity is by reach, and by row within a namespace', () => {
  it.each([
    ['E10', 'namespace:shop', 'namespace', 'high'],
    ['E10', 'namespace:vault', 'cluster', 'high'],
    ['E10', 'node', 'cluster', 'critical'],
    ['E06', 'cluster-admin', 'cluster', 'critical'],
    ['E42', 'policy:shop', 'namespace', 'high'],
    ['E07', 'secrets:*', 'cluster', 'critical'],
  ] as const)('%s %s %s: %s', (edge, target, scope, expected) => {
    expect(severityOf(edge, target, scope)).toBe(expected);
  });
});

describe('hazards', () => {
  it('feed no path, are told once where they hold everywhere, and not beside everything', () => {
    const rules = [can('get', 'pods/log'), can('create', `${network}:ingresses`)];
    const { escalations } = world(yaml(shop, web, ...operator, ...grant('user a', rules), ...grant('user a', rules, 'shop')));
    expect(escalations.of(user('a'))).toEqual([]);
    expect(escalations.hazardsOf(user('a')).map(({ note }) => note)).toEqual([
      'read the logs of Pods in every namespace',
      'publish Services in every namespace by Ingresses',
    ]);
    const all = world(yaml(shop, ...grant('user a', [star]))).escalations;
    expect(all.hazardsOf(user('a'))).toEqual([]);
  });
  it('of default bindings and of groups are not told of their members', () => {
    const { escalations } = world(
      yaml(shop, account('shop/web'), ...grant('group system:serviceaccounts', [can('get', 'pods/log')])),
    );
    expect(escalations.hazardsOf({ kind: 'ServiceAccount', namespace: 'shop', name: 'web' })).toEqual([]);
    expect(escalations.hazardsOf(group('system:serviceaccounts')).map(({ edge }) => edge)).toEqual(['E16']);
  });
  it('carry their proof', () => {
    const { escalations } = world(yaml(shop, ...grant('user a', [can('get', 'pods/log')], 'shop')));
    const [first] = escalations.hazardsOf(user('a'));
    expect(first?.steps.map(({ note, object }) => [note, object?.ref.kind])).toEqual([
      ['RoleBinding r-user-a-shop binds User a to Role r-user-a-shop', 'RoleBinding'],
      ['r-user-a-shop allows get on pods/log', 'Role'],
      ['so User a can read the logs of Pods in shop', 'Role'],
    ]);
  });
});
