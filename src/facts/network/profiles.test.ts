import { describe, expect, it, test } from 'vitest';
import { networkProfiles } from '../../evidence/declared.ts';
import { assumptions } from './assumptions.ts';
import { answer, type FixtureOptions, namespace as ns, networkOf, pod, policy } from './fixture.ts';
import { ignoredParts } from './ignored.ts';
import { intendedFlows } from './intended.ts';
import { defaultDeny } from './isolation.ts';
import { matrix } from './matrix.ts';
import { profiles, settledBy } from './profiles.ts';

const three = pod('a/web') + pod('a/db') + pod('b/web') + ns('a') + ns('b');
const host = pod('a/host', '', '{ hostNetwork: true, containers: [] }');
const fromBlock = (cidr: string, rest = '') =>
  policy('a/p', `{ podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: ${cidr}${rest} } }] }] }`);
const deny = policy('a/deny', '{ podSelector: {}, policyTypes: [Ingress, Egress] }');
const adminDeny = `
---
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: { name: shut }
spec: { priority: 1, subject: { namespaces: {} }, ingress: [{ action: Deny, from: [{ namespaces: {} }] }] }
`;
const fromHost = policy(
  'a/p',
  '{ podSelector: { matchLabels: { app: db } }, ingress: [{ from: [{ podSelector: { matchLabels: { app: host } } }] }] }',
);
const ports = policy('a/p', '{ podSelector: {}, ingress: [{ ports: [{ port: 80, endPort: 90 }] }] }');
const sctp = policy('a/p', '{ podSelector: {}, ingress: [{ ports: [{ protocol: SCTP, port: 80 }] }] }');

type Row = readonly [rule: string, yaml: string, question: string, byProfile: Readonly<Record<string, string>>];
const pods = 'ipblock-matches-pods, ipv4-pods';
const rows: readonly Row[] = [
  [
    '1.3.20 a block of every address and Pods',
    three + fromBlock('0.0.0.0/0'),
    'b/web -> a/db : TCP 1',
    {
      '': 'depends on ipblock-matches-pods',
      calico: `allowed given ${pods}`,
      'ovn-kubernetes': `allowed given ${pods}`,
      'aws-vpc-cni': `allowed given ${pods}`,
      cilium: 'denied given ipblock-matches-pods',
      'gke-dataplane-v2': 'denied given ipblock-matches-pods',
      none: 'allowed given no-enforcement',
    },
  ],
  [
    '1.3.20 a block of some addresses and Pods: manifests do not say which Pods get',
    three + fromBlock('10.0.0.0/8'),
    'b/web -> a/db : TCP 1',
    { calico: 'depends on pod-addresses', cilium: 'denied given ipblock-matches-pods' },
  ],
  [
    '1.3.20 a hole in the block of every address may hold the Pod',
    three + fromBlock('0.0.0.0/0', ', except: [10.0.0.0/8]'),
    'b/web -> a/db : TCP 1',
    { calico: 'depends on pod-addresses' },
  ],
  [
    '1.3.18 every IPv6 address is not an address of every Pod',
    three + fromBlock('"::/0"'),
    'b/web -> a/db : TCP 1',
    { calico: 'depends on pod-addresses' },
  ],
  [
    '1.5.29 no policy selects a Pod on the host network',
    three + host + deny,
    'b/web -> a/host : TCP 1',
    {
      '': 'depends on host-network',
      calico: 'allowed given host-network',
      cilium: 'allowed given host-network',
      'ovn-kubernetes': 'allowed given host-network',
      'aws-vpc-cni': 'allowed given host-network',
    },
  ],
  [
    '1.5.29 no selector lets a Pod on the host network in',
    three + host + fromHost,
    'a/host -> a/db : TCP 1',
    {
      '': 'depends on host-network',
      calico: 'depends on host-network, own-node',
      // It names them as peers by some selectors, and not by others.
      'ovn-kubernetes': 'depends on host-network',
      'aws-vpc-cni': 'depends on host-network',
    },
  ],
  [
    '1.5.30 a denial of a Pod on the host network is firm but for its own node',
    three + host + deny,
    'a/host -> a/db : TCP 1',
    { '': 'depends on host-network', calico: 'depends on host-network, own-node', none: 'allowed given no-enforcement' },
  ],
  [
    '1.5.29 a block may hold the address of the node',
    three + host + fromBlock('0.0.0.0/0'),
    'a/host -> a/db : TCP 1',
    { '': 'depends on host-network', cilium: 'depends on node-addresses' },
  ],
  ['1.4.26 endPort: the first port is open whatever the plugin', three + ports, 'b/web -> a/db : TCP 80', { cilium: 'allowed' }],
  [
    '1.4.26 endPort: the ports after the first need its support',
    three + ports,
    'b/web -> a/db : TCP 81',
    { '': 'allowed', calico: 'allowed', cilium: 'depends on end-port' },
  ],
  ['1.4.26 endPort: beyond the last port nothing is open', three + ports, 'b/web -> a/db : TCP 91', { cilium: 'denied' }],
  ['1.4.27 SCTP rules need its support', three + sctp, 'b/web -> a/db : SCTP 80', { '': 'allowed', cilium: 'depends on sctp' }],
  ['1.4.27 what is denied over SCTP stays denied', three + sctp, 'b/web -> a/db : SCTP 81', { cilium: 'denied' }],
  [
    '1.6.43 without a plugin that enforces them, policies deny nothing',
    three + deny,
    '1.2.3.4 -> a/db : TCP 1',
    { '': 'denied', none: 'allowed given no-enforcement' },
  ],
  [
    '1.6.43 nor does what only they could make invalid',
    three + policy('a/p', '{ podSelector: {}, ingress: [{ from: [{ }] }] }'),
    'b/web -> a/db : TCP 1',
    { none: 'allowed given no-enforcement' },
  ],
  [
    '1.7.46 plugins may ignore the admin tiers, which are an add-on',
    three + adminDeny,
    'b/web -> a/db : TCP 1',
    {
      '': 'denied',
      'ovn-kubernetes': 'denied',
      calico: 'depends on tier-support',
      cilium: 'depends on tier-support',
      none: 'allowed given no-enforcement',
    },
  ],
  [
    '1.7.46 what NetworkPolicy denies too is denied whether the tiers are in force or not',
    three + deny + adminDeny,
    'b/web -> a/db : TCP 1',
    { calico: 'denied' },
  ],
  [
    '1.7.55 a mesh filters without the network plugin',
    `${three}${deny}\n---\napiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: { name: x, namespace: a }\nspec: {}\n`,
    'b/web -> a/db : TCP 1',
    { none: 'depends on no-enforcement, vendor-policies' },
  ],
  [
    '1.7.55 policies of a plugin that is not there filter nothing',
    `${three}${deny}\n---\napiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: { name: x, namespace: a }\nspec: {}\n`,
    'b/web -> a/db : TCP 1',
    { none: 'allowed given no-enforcement' },
  ],
];

const cases = rows.flatMap(([rule, yaml, question, byProfile]) =>
  Object.entries(byProfile).map(([name, expected]) => ({ rule, name, yaml, question, expected })),
);

describe('profiles', () => {
  test.each(cases)('$rule ($name)', ({ name, yaml, question, expected }) => {
    const network = networkOf(yaml, { profile: settledBy(name) });
    expect(answer(network, question)).toBe(expected);
  });

  it('every profile of the review file is there, and each answer has a source and a note', () => {
    expect(Object.keys(profiles).sort()).toEqual([...networkProfiles].sort());
    for (const answers of Object.values(profiles)) {
      for (const { sources, note } of Object.values(answers)) {
        expect(sources.length).toBeGreaterThan(0);
        for (const source of sources) expect(source).toMatch(/^https:\/\//);
        expect(note).toMatch(/\.$/);
      }
    }
  });

  it('an unknown or absent profile settles nothing', () => {
    expect(settledBy(undefined)).toEqual({});
    expect(settledBy('constructor')).toEqual({});
  });

  it('without enforcement the matrix denies nothing, isolates nobody and names why', () => {
    const network = networkOf(three + deny, { profile: settledBy('none') });
    expect(defaultDeny(network, 'a', 'ingress')).toMatchObject({ answer: 'not-isolated', assumptions: ['no-enforcement'] });
    const baseline =
      '\n---\napiVersion: policy.networking.k8s.io/v1alpha1\nkind: BaselineAdminNetworkPolicy\nmetadata: { name: default }\nspec: { subject: { namespaces: {} }, ingress: [{ action: Deny, from: [{ namespaces: {} }] }] }\n';
    const tiers = networkOf(three + baseline, { profile: settledBy('none') });
    expect(defaultDeny(tiers, 'a', 'ingress')).toMatchObject({ answer: 'not-isolated', assumptions: ['no-enforcement'] });
    expect(answer(tiers, 'b/web -> a/db : TCP 1')).toBe('allowed given no-enforcement');
    const rows = matrix(network).filter(({ destination }) => destination === 'a/Deployment/db');
    // Three sources, its own replicas among them, by three protocols.
    expect(rows).toHaveLength(9);
    for (const row of rows) expect(row).toMatchObject({ ports: '*', verdict: 'allowed', assumptions: ['no-enforcement'] });
    expect(Object.keys(assumptions)).toContain('no-enforcement');
  });

  it('1.4.26 the matrix splits a range where the plugin may take its first port alone', () => {
    const network = networkOf(three + ports, { profile: settledBy('cilium') });
    const rows = matrix(network).filter(({ source, destination }) => source.startsWith('b/') && destination.endsWith('/db'));
    expect(rows.map(({ protocol, ports: open, verdict }) => `${protocol} ${open} ${verdict}`)).toEqual([
      'TCP 80 allowed',
      'TCP 81-90 depends',
    ]);
  });
});

const service = (type: string, rest = '') => `
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: a }
spec: { type: ${type}, selector: { app: web }, ports: [{ port: 443, targetPort: 8080 }]${rest} }
`;
const publicOnly = fromBlock('0.0.0.0/0', ', except: [10.0.0.0/8]');
const traffic = [{ from: '203.0.113.0/24', to: 'a/web', port: 8080 }];

describe('1.6.38 traffic through a Service of type LoadBalancer or NodePort', () => {
  it.each([
    ['may arrive from a node', service('LoadBalancer'), publicOnly, 'depends', ['service-source-nat']],
    ['may arrive from a node (NodePort)', service('NodePort'), publicOnly, 'depends', ['service-source-nat']],
    [
      'may be admitted as a node’s where the client is not',
      service('NodePort'),
      fromBlock('10.0.0.0/8'),
      'depends',
      ['service-source-nat'],
    ],
    ['keeps its address with policy Local', service('LoadBalancer', ', externalTrafficPolicy: Local'), publicOnly, 'allowed', []],
    ['is nobody’s concern where every address is let in', service('LoadBalancer'), fromBlock('0.0.0.0/0'), 'allowed', []],
    ['is no traffic of a ClusterIP', service('ClusterIP'), publicOnly, 'allowed', []],
    ['is none of another port', service('LoadBalancer').replace('8080', '9090'), publicOnly, 'allowed', []],
  ] as const)('%s', (_, objects, rules, expected, on) => {
    const [result] = intendedFlows(networkOf(three + objects + rules, { traffic })) ?? [];
    expect(result?.pairs.map(({ ruling }) => [ruling.answer, ruling.assumptions])).toEqual([[expected, on]]);
  });
});

describe('1.3.21 a block of nothing but addresses of Services', () => {
  const clusterIp = service('ClusterIP', ', clusterIP: 10.96.0.12');
  const range =
    '\n---\napiVersion: networking.k8s.io/v1\nkind: ServiceCIDR\nmetadata: { name: kubernetes }\nspec: { cidrs: [10.96.0.0/16] }\n';
  const apiServer =
    '\n---\napiVersion: v1\nkind: Pod\nmetadata: { name: kube-apiserver-n1, namespace: kube-system }\nspec: { containers: [{ name: a, command: [kube-apiserver, "--service-cluster-ip-range=10.96.0.0/16,fd00::/108"] }] }\n';
  const to = (cidr: string) =>
    policy('a/p', `{ podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: ${cidr} } }] }] }`);
  const found = (yaml: string, options: FixtureOptions = {}) =>
    ignoredParts(networkOf(three + yaml, options)).map(({ reason, path }) => `${reason} ${path.join('.')}`);
  const at = 'service-addresses spec.egress.0.to.0.ipBlock';

  it.each([
    ['the address of one', clusterIp + to('10.96.0.12/32'), [at]],
    ['an address of none', clusterIp + to('10.96.0.13/32'), []],
    ['a part of the range that a ServiceCIDR shows', range + to('10.96.4.0/24'), [at]],
    ['more than that range', range + to('10.0.0.0/8'), []],
    ['the range that a flag of the API server shows', apiServer + to('"fd00::/112"'), [at]],
    ['no range is known', to('10.96.0.12/32'), []],
  ])('%s', (_, yaml, expected) => {
    expect(found(yaml)).toEqual(expected);
  });

  it('is in force where the plugin sees the address of the Service', () => {
    expect(found(clusterIp + to('10.96.0.12/32'), { profile: settledBy('aws-vpc-cni') })).toEqual([]);
  });
});
