import { describe, expect, test } from 'vitest';
import { defaultDeny } from './isolation.ts';
import { dnsAccess } from './dns.ts';
import { egressViews, flowsCutByIsolation, policiesForEgress } from './egress.ts';
import { answer, end, namespace as ns, networkOf, pod, policy, workload } from './fixture.ts';
import { ignoredParts } from './ignored.ts';
import { ingressControllers, ingressFlows } from './ingress-controller.ts';
import { intendedFlows } from './intended.ts';
import { matrix } from './matrix.ts';
import { metricsPorts } from './metrics-ports.ts';
import { monitoringReach } from './monitoring.ts';
import { withObjects } from './network.ts';
import { ownNode } from './peers.ts';
import { formatPorts } from './ports.ts';
import { isolation, reaches } from './reach.ts';
import { suggestedFlows } from './suggested.ts';
import { unexpectedFlows } from './unexpected.ts';
import { vacuousSelectors } from './vacuous.ts';

const containers = (ports: string, rest = '') => `{ containers: [{ name: main, image: x, ports: [${ports}]${rest} }] }`;
const service = (id: string, ports: string, selector = '') => {
  const [space, name] = id.split('/');
  return `\n---\napiVersion: v1\nkind: Service\nmetadata: { name: ${name}, namespace: ${space} }\nspec: { selector: { ${selector === '' ? `app: ${name}` : selector} }, ports: [${ports}] }\n`;
};
const dnsPods =
  pod(
    'kube-system/coredns',
    'k8s-app: kube-dns',
    containers('{ name: dns, containerPort: 5300, protocol: UDP }, { name: dns-tcp, containerPort: 5300 }'),
  ) + ns('kube-system');
const dnsService = service(
  'kube-system/kube-dns',
  '{ name: dns, port: 53, protocol: UDP, targetPort: dns }, { name: dns-tcp, port: 53, targetPort: dns-tcp }',
  'k8s-app: kube-dns',
);
const toDns = (port: number, protocols = '{ protocol: UDP, port: P }, { protocol: TCP, port: P }') =>
  `{ podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } }, podSelector: { matchLabels: { k8s-app: kube-dns } } }], ports: [${protocols.replaceAll('P }', `${port} }`)}] }] }`;

/** The system of the hand-written review, in one namespace. */
const gravl =
  ns('prod') +
  pod(
    'prod/backend',
    '',
    containers(
      '{ name: http, containerPort: 3000 }, { name: metrics, containerPort: 3001 }',
      ', env: [{ name: DATABASE_URL, value: "postgres://app@postgres:5432/app" }]',
    ),
  ) +
  pod('prod/frontend', '', containers('{ containerPort: 80 }')) +
  pod('prod/postgres', '', containers('{ containerPort: 5432 }')) +
  service('prod/backend', '{ port: 80, targetPort: http }') +
  service('prod/frontend', '{ port: 80 }') +
  service('prod/postgres', '{ port: 5432 }') +
  `\n---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: web, namespace: prod }\nspec: { ingressClassName: nginx, rules: [{ http: { paths: [{ path: /api, backend: { service: { name: backend, port: { number: 80 } } } }, { path: /, backend: { service: { name: frontend, port: { number: 80 } } } }] } }] }\n`;
const fromNamespace = (name: string) => `{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ${name} } } }`;
const gravlPolicies =
  policy('prod/default-deny', '{ podSelector: {}, policyTypes: [Ingress] }') +
  policy(
    'prod/backend',
    `{ podSelector: { matchLabels: { app: backend } }, ingress: [{ from: [${fromNamespace('ingress-nginx')}], ports: [{ port: 3000 }] }, { from: [${fromNamespace('gravl-monitoring')}], ports: [{ port: 3001 }] }] }`,
  ) +
  policy(
    'prod/frontend',
    `{ podSelector: { matchLabels: { app: frontend } }, ingress: [{ from: [${fromNamespace('ingress-nginx')}], ports: [{ port: 80 }] }] }`,
  ) +
  policy(
    'prod/postgres',
    '{ podSelector: { matchLabels: { app: postgres } }, ingress: [{ from: [{ podSelector: { matchLabels: { app: backend } } }], ports: [{ port: 5432 }] }] }',
  );
const traffic = [
  { from: 'ingress-nginx/*', to: 'backend', port: 3000 },
  { from: 'ingress-nginx/*', to: 'frontend', port: 80 },
  { from: 'backend', to: 'postgres', port: 5432 },
  { from: 'gravl-monitoring/*', to: 'backend', port: 3001 },
];

describe('isolation', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['no policy', '', 'not-isolated'],
    ['a policy for one workload', policy('a/p', '{ podSelector: { matchLabels: { app: web } } }'), 'not-isolated'],
    ['the empty selector without rules', policy('a/p', '{ podSelector: {} }'), 'denied'],
    [
      'a selector that an unlabelled Pod satisfies',
      policy('a/p', '{ podSelector: { matchExpressions: [{ key: app, operator: DoesNotExist }] } }'),
      'denied',
    ],
    [
      'an allow-all beside it voids it',
      policy('a/p', '{ podSelector: {} }') + policy('a/q', '{ podSelector: {}, ingress: [{}] }'),
      'opened',
    ],
    ['only egress is isolated', policy('a/p', '{ podSelector: {}, policyTypes: [Egress] }'), 'not-isolated'],
    ['a policy that the API server refuses', policy('a/p', '{ podSelector: {}, ingress: [{ from: [{}] }] }'), 'depends'],
    [
      'a policy of Cilium',
      policy('a/p', '{ podSelector: {} }') +
        '\n---\napiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: { name: c, namespace: a }\n',
      'depends',
    ],
  ];
  test.each(cases)('default deny for ingress: %s', (_, yaml, expected) => {
    expect(defaultDeny(networkOf(pod('a/web') + yaml), 'a', 'ingress').answer).toBe(expected);
  });
  test('openings name the policy and its width, and know rules for DNS alone', () => {
    const network = networkOf(
      pod('a/web') +
        policy(
          'a/p',
          '{ podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }], policyTypes: [Ingress, Egress], egress: [{ ports: [{ port: 53, protocol: UDP }] }] }',
        ),
    );
    expect(defaultDeny(network, 'a', 'ingress').openings).toMatchObject([
      { to: 'own-namespace', onlyDns: false, policy: { ref: { name: 'p' } } },
    ]);
    expect(defaultDeny(network, 'a', 'egress').openings).toMatchObject([{ to: 'everyone', onlyDns: true }]);
  });
  test('1.5.30 the own node always reaches its Pods', () => {
    const network = networkOf(pod('a/web') + policy('a/p', '{ podSelector: {} }'));
    expect(reaches(network, ownNode, workload(network, 'a/web'), { protocol: 'TCP', port: 80 }).answer).toBe('allowed');
    expect(isolation(network, workload(network, 'a/web'), 'ingress')).toMatchObject({
      isolated: true,
      by: [{ ref: { name: 'p' } }],
      perhaps: [],
    });
  });
});

describe('dns', () => {
  const web = pod('a/web') + ns('a');
  const cases: readonly (readonly [string, string, string, string])[] = [
    ['nothing isolates egress', web + dnsPods + dnsService, 'implicit', 'implicit'],
    ['a rule at the target port', web + dnsPods + dnsService + policy('a/p', toDns(5300)), 'explicit', 'explicit'],
    ['a rule at the Service port alone', web + dnsPods + dnsService + policy('a/p', toDns(53)), 'denied', 'denied'],
    ['UDP alone', web + dnsPods + dnsService + policy('a/p', toDns(5300, '{ protocol: UDP, port: P }')), 'explicit', 'denied'],
    ['no rule', web + dnsPods + dnsService + policy('a/p', '{ podSelector: {}, policyTypes: [Egress] }'), 'denied', 'denied'],
    ['DNS Pods in no source, the conventional rule', web + policy('a/p', toDns(53)), 'assumed', 'assumed'],
    [
      'DNS Pods in no source, a rule for port 53 to everyone',
      web +
        policy(
          'a/p',
          '{ podSelector: {}, policyTypes: [Egress], egress: [{ ports: [{ port: 53, protocol: UDP }, { port: 53 }] }] }',
        ),
      'assumed',
      'assumed',
    ],
    ['DNS Pods in no source, the port of another distribution', web + policy('a/p', toDns(5353)), 'depends', 'depends'],
    [
      'DNS Pods in no source, a namespace label that is not automatic',
      web +
        policy(
          'a/p',
          '{ podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ namespaceSelector: { matchLabels: { name: kube-system } } }], ports: [{ port: 53, protocol: UDP }, { port: 53 }] }] }',
        ),
      'depends',
      'depends',
    ],
    [
      'DNS Pods that admit nobody',
      web + dnsPods + dnsService + policy('a/p', toDns(5300)) + policy('kube-system/p', '{ podSelector: {} }'),
      'denied',
      'denied',
    ],
    [
      'the cache on every node',
      web +
        dnsPods +
        dnsService +
        '\n---\napiVersion: apps/v1\nkind: DaemonSet\nmetadata: { name: node-local-dns, namespace: kube-system }\nspec: { template: { metadata: { labels: { k8s-app: node-local-dns } }, spec: { hostNetwork: true, containers: [] } } }' +
        policy(
          'a/p',
          '{ podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: 169.254.20.10/32 } }], ports: [{ port: 53, protocol: UDP }, { port: 53 }] }] }',
        ),
      'explicit',
      'explicit',
    ],
    [
      'the resolver of the node',
      pod('a/web', '', '{ dnsPolicy: Default, containers: [] }') + policy('a/p', '{ podSelector: {}, policyTypes: [Egress] }'),
      'not-applicable',
      'not-applicable',
    ],
  ];
  test.each(cases)('%s', (_, yaml, udp, tcp) => {
    const network = networkOf(yaml, { platform: ['kube-system'] });
    const access = dnsAccess(network, workload(network, 'a/web'));
    expect([access.UDP, access.TCP]).toEqual([udp, tcp]);
    // The worse of the two answers for both: UDP alone is not DNS.
    expect(access.answer).toBe(tcp);
  });
});

describe('declared traffic', () => {
  const options = { traffic, complete: ['NetworkPolicy'] };
  test('every flow of the review is satisfied by its policies, and nothing else is open', () => {
    const network = networkOf(gravl + gravlPolicies, options);
    expect(intendedFlows(network)?.map(({ status }) => status)).toEqual(['satisfied', 'satisfied', 'satisfied', 'satisfied']);
    expect(unexpectedFlows(network)).toEqual({ flows: [], open: [], cut: new Set() });
  });
  test.each([
    ['backend', 0],
    ['frontend', 1],
    ['postgres', 2],
    ['backend', 3],
  ])('without the policy of %s flow %i is missing', (name, index) => {
    const network = networkOf(
      gravl +
        gravlPolicies
          .split('\n---')
          .filter((text) => !text.includes(`{ name: ${name},`))
          .join('\n---'),
      options,
    );
    expect(intendedFlows(network)?.[Number(index)]?.status).toBe('missing');
  });
  test('a name that nothing bears is vacuous, with the nearest names', () => {
    const network = networkOf(gravl + gravlPolicies, { traffic: [{ from: 'backed', to: 'postgres', port: 5432 }] });
    expect(intendedFlows(network)).toMatchObject([{ status: 'vacuous', vacuous: { end: 'from', suggestions: ['backend'] } }]);
  });
  test('a port that nobody declared and an address from outside are unexpected', () => {
    const network = networkOf(
      gravl +
        gravlPolicies +
        policy(
          'prod/more',
          '{ podSelector: { matchLabels: { app: postgres } }, ingress: [{ from: [{ podSelector: { matchLabels: { app: frontend } } }], ports: [{ port: 5432 }] }, { from: [{ ipBlock: { cidr: 192.0.2.0/24 } }] }] }',
        ),
      options,
    );
    const flows = unexpectedFlows(network)
      ?.flows.filter(({ certain }) => certain)
      .map(({ from, to, ports }) => `${from} ${to.id} ${formatPorts(ports)}`);
    expect(flows).toEqual([
      '192.0.2.0/24 prod/Deployment/postgres every port',
      'prod/Deployment/frontend prod/Deployment/postgres TCP 5432',
    ]);
  });
  test('a rule without ports opens more than was declared, also to Pods in no source', () => {
    const network = networkOf(gravl + gravlPolicies.replace(', ports: [{ port: 80 }]', ''), options);
    expect(
      unexpectedFlows(network)?.flows.map(({ from, to, listening }) => `${from} ${to.id} ${formatPorts(listening)}`),
    ).toEqual(['ingress-nginx/* prod/Deployment/frontend no port']);
  });
  test('workloads that nothing isolates are told by namespace', () => {
    expect(unexpectedFlows(networkOf(gravl, options))).toMatchObject({
      flows: [],
      open: [{ namespace: 'prod', workloads: [{}, {}, {}] }],
    });
  });
  test('without a declaration there are suggestions alone', () => {
    const network = networkOf(gravl);
    expect([intendedFlows(network), unexpectedFlows(network)]).toEqual([undefined, undefined]);
    expect(suggestedFlows(network).map(({ from, to, port }) => `${from.id} ${to.id} ${port}`)).toEqual([
      'ingress-nginx/* prod/Deployment/backend 3000',
      'ingress-nginx/* prod/Deployment/frontend 80',
      'prod/Deployment/backend prod/Deployment/postgres 5432',
    ]);
  });
});

describe('monitoring and ingress controllers', () => {
  const prometheus = `\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: { name: prom, namespace: gravl-monitoring }\nspec: { template: { metadata: { labels: { app: prom } }, spec: { containers: [{ name: p, image: "quay.io/prometheus/prometheus:v3" }] } } }\n`;
  test('what monitoring reaches is within the metrics ports', () => {
    const network = networkOf(gravl + gravlPolicies + prometheus);
    const reach = monitoringReach(network).filter(({ to }) => to.id === 'prod/Deployment/backend');
    expect(
      reach.map(({ from, metrics, beyond, cut }) => [from.id, formatPorts(metrics), formatPorts(beyond), formatPorts(cut)]),
    ).toEqual([['gravl-monitoring/Deployment/prom', 'TCP 3001', 'no port', 'no port']]);
  });
  test('what monitoring reaches beyond them is named, and what it lacks', () => {
    const network = networkOf(gravl + gravlPolicies.replace('port: 3001', 'port: 3000') + prometheus);
    const reach = monitoringReach(network).filter(({ to }) => to.id === 'prod/Deployment/backend');
    expect(reach.map(({ beyond, cut }) => [formatPorts(beyond), formatPorts(cut)])).toEqual([['TCP 3000', 'TCP 3001']]);
  });
  test('metrics ports come from ServiceMonitors and annotations', () => {
    const monitor =
      '\n---\napiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: { name: m, namespace: prod }\nspec: { selector: {}, endpoints: [{ port: web }] }\n';
    const network = networkOf(
      pod('prod/x', '', containers('{ name: http, containerPort: 8080 }')) +
        service('prod/x', '{ name: web, port: 80, targetPort: http }') +
        monitor,
    );
    expect(metricsPorts(network, workload(network, 'prod/x'))).toMatchObject([{ port: 8080, how: 'ServiceMonitor prod/m' }]);
  });
  test('1.6.39 the controller is found by its image, or stands in its usual namespace', () => {
    const seen =
      '\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: { name: ctl, namespace: edge }\nspec: { template: { spec: { containers: [{ name: c, image: "registry.k8s.io/ingress-nginx/controller:v1" }] } } }\n';
    expect(ingressControllers(networkOf(gravl + seen))).toMatchObject([{ endpoint: { id: 'edge/Deployment/ctl' }, seen: true }]);
    expect(ingressControllers(networkOf(gravl))).toMatchObject([
      { endpoint: { kind: 'unseen', namespace: { name: 'ingress-nginx' } }, seen: false },
    ]);
    expect(ingressFlows(networkOf(gravl)).map(({ to, port }) => `${to.id} ${port}`)).toEqual([
      'prod/Deployment/backend 3000',
      'prod/Deployment/frontend 80',
    ]);
  });
});

describe('policies without effect', () => {
  test('1.2.14 a selector that matches nothing is found, with the nearest label', () => {
    const network = networkOf(
      gravl +
        policy(
          'prod/p',
          '{ podSelector: { matchLabels: { app: backed } }, ingress: [{ from: [{ podSelector: { matchLabels: { app: postgre } } }, { podSelector: { matchLabels: { app: backend } } }] }] }',
        ),
    );
    expect(
      vacuousSelectors(network).map(({ part, selector, certain, suggestions }) => [part, selector, certain, suggestions[0]]),
    ).toEqual([
      ['podSelector', 'app=backed', true, 'app=backend'],
      ['peer-pods', 'app=postgre', true, 'app=postgres'],
    ]);
  });
  test('a namespace selector on a namespace outside the sources is not certain', () => {
    const network = networkOf(
      gravl + policy('prod/p', `{ podSelector: {}, ingress: [{ from: [${fromNamespace('ingress-nginx')}] }] }`),
    );
    expect(vacuousSelectors(network).map(({ part, certain }) => [part, certain])).toEqual([['peer-namespaces', false]]);
  });
  test('1.1.2 and 1.4.24 rules and ports without effect are named', () => {
    const network = networkOf(
      gravl +
        policy(
          'prod/p',
          '{ podSelector: {}, policyTypes: [Ingress], ingress: [{ ports: [{ port: grpc }, { port: http }, { port: 9999 }] }], egress: [{}] }',
        ) +
        policy(
          'prod/q',
          '{ podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: 192.0.2.0/24 } }], ports: [{ port: https }] }] }',
        ),
    );
    expect(ignoredParts(network).map(({ policy: { ref }, reason }) => `${ref.name} ${reason}`)).toEqual([
      'p direction',
      'p unresolved-port',
      'p undeclared-port',
      'q unresolved-outside',
    ]);
  });
});

describe('egress', () => {
  test('the remedy allows DNS and cuts nothing that was declared', () => {
    const before = networkOf(gravl + gravlPolicies + dnsPods + dnsService, { traffic, platform: ['kube-system'] });
    expect(flowsCutByIsolation(before, workload(before, 'prod/backend')).map(({ to, port }) => `${to.id} ${port}`)).toEqual([
      'prod/Deployment/postgres 5432',
    ]);
    const after = withObjects(before, policiesForEgress(before, before.reviewed));
    expect(after.reviewed.map((endpoint) => dnsAccess(after, endpoint).answer)).toEqual(['explicit', 'explicit', 'explicit']);
    expect(intendedFlows(after)?.map(({ status }) => status)).toEqual(['satisfied', 'satisfied', 'satisfied', 'satisfied']);
    expect(answer(after, 'prod/frontend -> 8.8.8.8 : TCP 443')).toBe('denied');
    expect(answer(before, 'prod/frontend -> 8.8.8.8 : TCP 443')).toBe('allowed');
  });
  test('who may reach the internet', () => {
    const network = networkOf(
      pod('a/web') +
        pod('a/db') +
        policy(
          'a/p',
          '{ podSelector: { matchLabels: { app: db } }, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: 10.0.0.0/8 } }] }] }',
        ),
    );
    expect(
      egressViews(network).map(({ endpoint, isolated, internet }) => [
        endpoint.id,
        isolated,
        internet.ranges.length > 0,
        internet.ports,
      ]),
    ).toEqual([
      ['a/Deployment/db', true, false, 'no port'],
      ['a/Deployment/web', false, true, 'every port'],
    ]);
  });
});

test('the matrix has a row for each pair with some flow', () => {
  const network = networkOf(gravl + gravlPolicies);
  expect(matrix(network)).toEqual([
    {
      source: 'prod/Deployment/backend',
      destination: 'prod/Deployment/postgres',
      protocol: 'TCP',
      ports: '5432',
      verdict: 'allowed',
      assumptions: [],
    },
  ]);
  expect(end(network, '10.0.0.0/8').id).toBe('10.0.0.0/8');
});
