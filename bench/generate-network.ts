import type { JsonObject } from '../src/kube/json.ts';

const podsPerNamespace = 20;
const teams = 25;

/**
 * A made-up cluster as a dump would hold it: live Pods, twenty a namespace in four applications, and four policies a namespace (default
 * denial of both directions, traffic inside, from the ingress controller and the monitoring, to DNS, to a neighbour's API and to addresses
 * outside). Some namespaces are open, some allow a whole team, one Pod uses the host's network. Deterministic.
 */
export function* generateNetwork(pods: number): Generator<JsonObject> {
  yield* platform();
  const namespaces = Math.ceil(pods / podsPerNamespace);
  for (let index = 0; index < namespaces; index++) {
    const name = `team-${index % teams}-${index}`;
    yield object('v1', 'Namespace', { name, labels: { team: `t${index % teams}`, 'kubernetes.io/metadata.name': name } });
    for (let pod = 0; pod < Math.min(podsPerNamespace, pods - index * podsPerNamespace); pod++) yield podOf(name, index, pod);
    yield* policies(name, index, namespaces);
  }
}

const object = (apiVersion: string, kind: string, metadata: JsonObject, rest: JsonObject = {}): JsonObject => ({
  apiVersion,
  kind,
  metadata,
  ...rest,
});

function* platform(): Generator<JsonObject> {
  for (const name of ['ingress-nginx', 'monitoring', 'kube-system'])
    yield object('v1', 'Namespace', { name, labels: { 'kubernetes.io/metadata.name': name } });
  const system: readonly (readonly [string, string, JsonObject, boolean])[] = [
    ['ingress-nginx', 'controller', { 'app.kubernetes.io/name': 'ingress-nginx' }, false],
    ['monitoring', 'prometheus', { app: 'prometheus' }, false],
    ['kube-system', 'coredns', { 'k8s-app': 'kube-dns' }, false],
    ['kube-system', 'node-exporter', { app: 'node-exporter' }, true],
  ];
  for (const [namespace, name, labels, hostNetwork] of system)
    yield object('v1', 'Pod', { name, namespace, labels }, { spec: { hostNetwork, containers: [container('main', 9153)] } });
}

const container = (name: string, port: number): JsonObject => ({
  name,
  image: `registry.example/${name}@sha256:${'a'.repeat(64)}`,
  ports: [
    { name: 'http', containerPort: port },
    { name: 'metrics', containerPort: 9090 },
  ],
});

function podOf(namespace: string, index: number, pod: number): JsonObject {
  const app = ['frontend', 'api', 'worker', 'db'][pod % 4] ?? 'api';
  const hash = ((index * 31 + pod) % 0xfffff).toString(16);
  const labels = {
    app,
    tier: app === 'db' ? 'data' : 'web',
    version: `v${index % 7}`,
    'pod-template-hash': hash,
    'app.kubernetes.io/part-of': namespace,
  };
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${app}-${hash}`, uid: `${index}-${pod}`, controller: true };
  return object(
    'v1',
    'Pod',
    { name: `${app}-${hash}-${pod}`, namespace, labels, ownerReferences: [owner] },
    {
      spec: { serviceAccountName: app, containers: [container(app, 8000 + (pod % 4)), container('proxy', 15001)] },
      status: { phase: 'Running' },
    },
  );
}

function* policies(namespace: string, index: number, total: number): Generator<JsonObject> {
  const policy = (name: string, spec: JsonObject) =>
    object('networking.k8s.io/v1', 'NetworkPolicy', { name, namespace }, { spec });
  const app = (value: string): JsonObject => ({ podSelector: { matchLabels: { app: value } } });
  const named = (value: string): JsonObject => ({
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': value } },
  });
  const neighbour = (index + 1) % total;
  // One namespace in ten isolates nothing but its database.
  const isOpen = index % 10 === 0;
  const selecting = (selector: JsonObject): JsonObject => (isOpen ? { matchLabels: { app: 'db' } } : selector);
  yield policy('default-deny', {
    podSelector: selecting({}),
    policyTypes: ['Ingress', 'Egress'],
  });
  yield policy('frontend', {
    podSelector: selecting({ matchLabels: { app: 'frontend' } }),
    policyTypes: ['Ingress', 'Egress'],
    ingress: [{ from: [named('ingress-nginx')], ports: [{ port: 'http' }] }],
    egress: [{ to: [app('api')], ports: [{ port: 8001 }] }],
  });
  yield policy('api', {
    podSelector: selecting({ matchExpressions: [{ key: 'app', operator: 'In', values: ['api', 'worker'] }] }),
    policyTypes: ['Ingress', 'Egress'],
    ingress: [
      { from: [app('frontend'), app('worker')], ports: [{ port: 8001 }] },
      { from: [{ namespaceSelector: { matchLabels: { team: `t${index % teams}` } }, ...app('api') }], ports: [{ port: 8001 }] },
    ],
    egress: [
      { to: [app('db')], ports: [{ port: 5432 }] },
      { to: [{ ...named(`team-${neighbour % teams}-${neighbour}`), ...app('api') }], ports: [{ port: 8001, endPort: 8010 }] },
      ...(index % 5 === 0
        ? [
            {
              to: [{ ipBlock: { cidr: `203.0.${index % 256}.0/24`, except: [`203.0.${index % 256}.128/25`] } }],
              ports: [{ port: 443 }],
            },
          ]
        : []),
    ],
  });
  yield policy('shared', {
    podSelector: selecting({}),
    policyTypes: ['Ingress', 'Egress'],
    ingress: [
      { from: [{ ...named('monitoring'), ...app('prometheus') }], ports: [{ port: 'metrics' }] },
      {
        from: [{ podSelector: { matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['data'] }] } }],
        ports: [{ port: 5432 }],
      },
    ],
    egress: [
      {
        to: [{ ...named('kube-system'), podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } }],
        ports: [
          { port: 53, protocol: 'UDP' },
          { port: 53, protocol: 'TCP' },
        ],
      },
    ],
  });
}
