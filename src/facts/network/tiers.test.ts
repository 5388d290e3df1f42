import { describe, expect, test } from 'vitest';
import { admittedPorts } from './admitted-ports.ts';
import { isClosedTo } from './closed.ts';
import {
  adminPolicy,
  answer,
  answersTo,
  ask,
  baselinePolicy,
  clusterPolicy,
  end,
  namespace as ns,
  networkOf,
  pod,
  policy,
  type RuleRow,
  workload,
} from './fixture.ts';
import { formatPorts } from './ports.ts';
import { isolation } from './reach.ts';
import { barePod, tierDefault, tierOpenings } from './tier-default.ts';
import { unexpectedFlows } from './unexpected.ts';

const three = pod('a/web') + pod('a/db') + pod('b/web') + ns('a') + ns('b');
const container = (...ports: readonly string[]) => `{ containers: [{ name: main, image: x, ports: [${ports.join(', ')}] }] }`;
const host = pod('a/host', '', '{ hostNetwork: true, containers: [{ name: main, image: x }] }');

const everybody = '{ namespaces: {} }';
const inA = '{ namespaces: { matchLabels: { kubernetes.io/metadata.name: a } } }';
const inB = '{ namespaces: { matchLabels: { kubernetes.io/metadata.name: b } } }';
const all = '[0.0.0.0/0, "::/0"]';
const from = (action: string, peer = everybody, more = '') => `{ action: ${action}, from: [${peer}]${more} }`;
const to = (action: string, peer = everybody, more = '') => `{ action: ${action}, to: [${peer}]${more} }`;
/** An AdminNetworkPolicy on namespace a. */
const admin = (priority: number, rules: string, name = `p${priority}`) =>
  adminPolicy(name, `{ priority: ${priority}, subject: ${inA}, ${rules} }`);
const ingress = (...rules: readonly string[]) => `ingress: [${rules.join(', ')}]`;
const egress = (...rules: readonly string[]) => `egress: [${rules.join(', ')}]`;
const baseline = (rules: string) => baselinePolicy(`{ subject: ${inA}, ${rules} }`);
const cluster = (tier: string, priority: number, rules: string, name = `c${priority}`) =>
  clusterPolicy(name, `{ tier: ${tier}, priority: ${priority}, subject: ${inA}, ${rules} }`);
const denyAll = policy('a/deny', '{ podSelector: {} }');
const allowAll = policy('a/allow', '{ podSelector: {}, ingress: [{}] }');
const named = ', ports: [{ namedPort: http }]';

const rows: readonly RuleRow[] = [
  [
    '1.7.46 the lower priority wins, in whatever order the objects come',
    three + admin(20, ingress(from('Deny'))) + admin(3, ingress(from('Allow'))) + denyAll,
    { 'b/web -> a/db : TCP 1': 'allowed' },
  ],
  [
    '1.7.46 rules of one policy are taken in the order of the list',
    three + admin(1, ingress(from('Deny', inB), from('Allow'))),
    { 'b/web -> a/db : TCP 1': 'denied', 'a/web -> a/db : TCP 1': 'allowed' },
  ],
  [
    '1.7.46 same tier and priority that decide differently: undefined',
    three + admin(5, ingress(from('Allow')), 'x') + admin(5, ingress(from('Deny', inB)), 'y'),
    { 'b/web -> a/db : TCP 1': 'depends on tier-order', 'a/web -> a/db : TCP 1': 'allowed' },
  ],
  [
    '1.7.46 same priority that decides alike is no question',
    three + admin(5, ingress(from('Deny')), 'x') + admin(5, ingress(from('Deny', inB)), 'y') + allowAll,
    { 'b/web -> a/db : TCP 1': 'denied' },
  ],
  [
    '1.7.46 same priority: Pass against Deny is open only where NetworkPolicy allows',
    three + admin(5, ingress(from('Pass')), 'x') + admin(5, ingress(from('Deny', inB)), 'y'),
    { 'b/web -> a/db : TCP 1': 'depends on tier-order' },
  ],
  [
    '1.7.46 same priority: Pass against Deny where NetworkPolicy denies too',
    three + admin(5, ingress(from('Pass')), 'x') + admin(5, ingress(from('Deny', inB)), 'y') + denyAll,
    { 'b/web -> a/db : TCP 1': 'denied' },
  ],
  [
    '1.7.46 same priority in different tiers has its order',
    three + cluster('Admin', 5, ingress(from('Accept')), 'x') + cluster('Baseline', 5, ingress(from('Deny')), 'y'),
    { 'b/web -> a/db : TCP 1': 'allowed' },
  ],
  [
    '1.7.46 same priority on subjects that do not meet',
    three +
      admin(5, ingress(from('Deny')), 'x') +
      adminPolicy('y', `{ priority: 5, subject: ${inB}, ${ingress(from('Allow'))} }`),
    { 'b/web -> a/db : TCP 1': 'denied', 'a/db -> b/web : TCP 1': 'allowed' },
  ],
  [
    '1.7.46 both generations in one tier have no order among each other',
    three + admin(1, ingress(from('Allow'))) + cluster('Admin', 9, ingress(from('Deny', inB))),
    { 'b/web -> a/db : TCP 1': 'depends on tier-order', 'a/web -> a/db : TCP 1': 'allowed' },
  ],
  [
    '1.7.46 a priority out of range is refused: not known to be in force',
    three + admin(1001, ingress(from('Deny'))),
    { 'b/web -> a/db : TCP 1': 'depends on invalid-policy' },
  ],
  [
    '1.7.46 the singleton is named default',
    three + baselinePolicy(`{ subject: ${inA}, ${ingress(from('Deny'))} }`, 'other'),
    { 'b/web -> a/db : TCP 1': 'depends on invalid-policy' },
  ],
  [
    '1.7.47 Allow of the Admin tier is final: no NetworkPolicy takes it back',
    three + admin(1, ingress(from('Allow', inB))) + denyAll,
    { 'b/web -> a/db : TCP 1': 'allowed', 'a/web -> a/db : TCP 1': 'denied' },
  ],
  [
    '1.7.47 Deny of the Admin tier is final: no NetworkPolicy opens it',
    three + admin(1, ingress(from('Deny', inB))) + allowAll,
    { 'b/web -> a/db : TCP 1': 'denied', 'a/web -> a/db : TCP 1': 'allowed' },
  ],
  [
    '1.7.47 Pass leaves the tier: later Admin rules are skipped, NetworkPolicy decides',
    three + admin(1, ingress(from('Pass', inB), from('Deny', inB))) + admin(2, ingress(from('Deny'))) + allowAll,
    { 'b/web -> a/db : TCP 1': 'allowed', 'a/web -> a/db : TCP 1': 'denied' },
  ],
  [
    '1.7.47 Pass goes on to the Baseline tier where no NetworkPolicy isolates',
    three + admin(1, ingress(from('Pass', inB))) + baseline(ingress(from('Deny', inB))),
    { 'b/web -> a/db : TCP 1': 'denied', 'a/web -> a/db : TCP 1': 'allowed' },
  ],
  [
    '1.7.47 a NetworkPolicy that isolates is final: the Baseline tier is not asked',
    three + baseline(ingress(from('Deny'))) + policy('a/p', `{ podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] }`),
    { 'a/web -> a/db : TCP 1': 'allowed', 'b/web -> a/db : TCP 1': 'denied' },
  ],
  [
    '1.7.47 a Baseline Allow opens nothing that a NetworkPolicy isolates',
    three + baseline(ingress(from('Allow'))) + denyAll,
    { 'b/web -> a/db : TCP 1': 'denied' },
  ],
  [
    '1.7.47 isolation is per direction: a NetworkPolicy for egress leaves ingress to the Baseline tier',
    three + baseline(ingress(from('Deny'))) + policy('a/p', '{ podSelector: {}, policyTypes: [Egress], egress: [{}] }'),
    { 'b/web -> a/db : TCP 1': 'denied', 'a/db -> b/web : TCP 1': 'allowed' },
  ],
  [
    '1.7.47 Pass of a Baseline policy leaves the tier: allowed',
    three + cluster('Baseline', 1, ingress(from('Pass', inB), from('Deny'))),
    { 'b/web -> a/db : TCP 1': 'allowed', 'a/web -> a/db : TCP 1': 'denied' },
  ],
  [
    '1.7.47 a tier policy does not isolate: what no rule names is allowed',
    three + admin(1, `${ingress(from('Allow', inB))}, ${egress(to('Allow', inB))}`) + baseline(ingress(from('Allow', inB))),
    { 'a/web -> a/db : TCP 1': 'allowed', '8.8.8.8 -> a/db : TCP 1': 'allowed', 'a/db -> 8.8.8.8 : TCP 1': 'allowed' },
  ],
  [
    '1.7.47 Accept of a ClusterNetworkPolicy is the Allow of the Admin tier',
    three + cluster('Admin', 1, ingress(from('Accept', inB))) + denyAll,
    { 'b/web -> a/db : TCP 1': 'allowed' },
  ],
  [
    '1.7.47 a NetworkPolicy that perhaps isolates leaves the Baseline tier in question',
    three + baseline(ingress(from('Deny'))) + policy('a/p', '{ podSelector: {}, ingress: [{}], extra: 1 }'),
    { 'b/web -> a/db : TCP 1': 'depends on invalid-policy' },
  ],
  [
    '1.7.47 … and not where all of its outcomes agree',
    three + baseline(ingress(from('Deny'))) + policy('a/p', '{ podSelector: {}, extra: 1 }'),
    { 'b/web -> a/db : TCP 1': 'denied' },
  ],
  [
    '1.7.47 a NetworkPolicy that perhaps isolates, beside a tier that says nothing',
    three + admin(1, ingress(from('Deny', inA))) + policy('a/p', '{ podSelector: {}, extra: 1 }'),
    { 'b/web -> a/db : TCP 1': 'depends on invalid-policy', 'a/web -> a/db : TCP 1': 'denied' },
  ],
  [
    '1.7.48 Allow at the egress of the source still needs the ingress of the destination',
    three + admin(1, egress(to('Allow', inB))) + policy('b/deny', '{ podSelector: {} }'),
    { 'a/web -> b/web : TCP 1': 'denied' },
  ],
  [
    '1.7.48 a Deny of one direction says nothing of the other',
    three + admin(1, egress(to('Deny', inB))),
    { 'b/web -> a/db : TCP 1': 'allowed', 'a/db -> b/web : TCP 1': 'denied' },
  ],
  [
    '1.7.49 a subject of namespaces and Pods: both selectors must match',
    three +
      adminPolicy(
        'p',
        `{ priority: 1, subject: { pods: { namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: a } }, podSelector: { matchLabels: { app: db } } } }, ${ingress(from('Deny'))} }`,
      ),
    { 'b/web -> a/db : TCP 1': 'denied', 'b/web -> a/web : TCP 1': 'allowed', 'a/db -> b/web : TCP 1': 'allowed' },
  ],
  [
    '1.7.49 an empty selector is every Pod of every namespace',
    three + adminPolicy('p', `{ priority: 1, subject: { namespaces: {} }, ${ingress(from('Deny', inB))} }`),
    { 'b/web -> a/db : TCP 1': 'denied', 'b/web -> b/web : TCP 1': 'denied', 'a/db -> b/web : TCP 1': 'allowed' },
  ],
  [
    '1.7.49 a peer of Pods: both selectors must match, and addresses outside never do',
    three + admin(1, ingress(from('Deny', '{ pods: { namespaceSelector: {}, podSelector: { matchLabels: { app: web } } } }'))),
    { 'b/web -> a/db : TCP 1': 'denied', 'a/db -> a/web : TCP 1': 'allowed', '8.8.8.8 -> a/db : TCP 1': 'allowed' },
  ],
  [
    '1.7.49 NotIn and DoesNotExist match where the key is absent',
    three +
      admin(1, ingress(from('Deny', '{ namespaces: { matchExpressions: [{ key: env, operator: NotIn, values: [prod] }] } }'))),
    { 'b/web -> a/db : TCP 1': 'denied' },
  ],
  [
    '1.7.49 labels of a namespace that is not in the sources',
    pod('a/web') + pod('c/db') + ns('a') + admin(1, ingress(from('Deny', '{ namespaces: { matchLabels: { env: dev } } }'))),
    { 'c/db -> a/web : TCP 1': 'depends on namespace-labels-assumed' },
  ],
  [
    '1.7.49 Pods on the host network are no peers of Pod selectors',
    three + host + ns('c') + pod('c/job') + admin(1, ingress(from('Deny'))) + admin(2, egress(to('Deny'))),
    { 'a/host -> a/db : TCP 1': 'allowed', 'a/db -> a/host : TCP 1': 'allowed', 'c/job -> a/db : TCP 1': 'denied' },
  ],
  [
    '1.7.49 Pods on the host network are never subject',
    three + host + admin(1, `${ingress(from('Deny'))}, ${egress(to('Deny', `{ networks: ${all} }`))}`),
    { 'b/web -> a/host : TCP 1': 'allowed', 'a/host -> 8.8.8.8 : TCP 1': 'allowed', 'b/web -> a/db : TCP 1': 'denied' },
  ],
  [
    '1.7.49 nodes: every node has the Pods on the host network, nodes by label perhaps',
    three + host + admin(1, egress(to('Allow', '{ nodes: {} }'), to('Deny', `{ networks: ${all} }`))),
    {
      'a/db -> a/host : TCP 1': 'allowed',
      'a/db -> b/web : TCP 1': 'denied',
      'a/db -> 10.0.0.1 : TCP 1': 'depends on node-addresses',
    },
  ],
  [
    '1.7.49 nodes by label: which node a Pod runs on is not known',
    three +
      host +
      admin(1, egress(to('Allow', '{ nodes: { matchLabels: { role: edge } } }'), to('Deny', `{ networks: ${all} }`))),
    { 'a/db -> a/host : TCP 1': 'depends on node-addresses' },
  ],
  [
    '1.7.49 domain names: the DNS decides what they match',
    three + admin(1, egress(to('Allow', '{ domainNames: ["*.example.org"] }'), to('Deny', `{ networks: ${all} }`))),
    { 'a/db -> 8.8.8.8 : TCP 1': 'depends on domain-names', 'a/db -> b/web : TCP 1': 'depends on domain-names' },
  ],
  [
    '1.7.49 domain names open nothing that is open anyway',
    three + admin(1, egress(to('Allow', '{ domainNames: [example.org] }'))),
    { 'a/db -> 8.8.8.8 : TCP 1': 'allowed' },
  ],
  [
    '1.7.49 both or neither in a subject: refused, and nobody is guessed at',
    three + adminPolicy('p', `{ priority: 1, subject: {}, ${ingress(from('Deny'))} }`),
    { 'b/web -> a/db : TCP 1': 'depends on invalid-policy' },
  ],
  [
    '1.7.50 networks match Pods: every address of both families is every Pod',
    three + host + admin(1, egress(to('Deny', `{ networks: ${all} }`))),
    {
      'a/db -> b/web : TCP 1': 'denied',
      'a/db -> 8.8.8.8 : TCP 1': 'denied',
      'a/db -> 2001:db8::1 : TCP 1': 'denied',
      'a/db -> a/host : TCP 1': 'depends on host-network',
    },
  ],
  [
    '1.7.50 networks count together: halves of a family are all of it',
    three + admin(1, egress(to('Deny', '{ networks: [0.0.0.0/1, 128.0.0.0/1] }, { networks: ["::/1", "8000::/1", "::/3"] }'))),
    { 'a/db -> b/web : TCP 1': 'denied' },
  ],
  [
    '1.7.50 one family leaves a Pod of two families reachable by the other',
    three + admin(1, egress(to('Deny', '{ networks: [0.0.0.0/0] }'))),
    { 'a/db -> b/web : TCP 1': 'depends on pod-addresses', 'a/db -> 8.8.8.8 : TCP 1': 'denied' },
  ],
  [
    '1.7.50 a narrower network: manifests do not say which Pods are in it',
    three + host + admin(1, egress(to('Deny', '{ networks: [10.0.0.0/8] }'))),
    {
      'a/db -> b/web : TCP 1': 'depends on pod-addresses',
      'a/db -> a/host : TCP 1': 'depends on node-addresses',
      'a/db -> 10.1.2.3 : TCP 1': 'denied',
      'a/db -> 11.1.2.3 : TCP 1': 'allowed',
      'a/db -> 10.0.0.0/7 : TCP 1': 'depends on address-range',
    },
  ],
  [
    '1.7.50 a Pass of all Pods before the networks keeps them out',
    three + admin(1, egress(to('Pass'), to('Deny', `{ networks: ${all} }`))),
    { 'a/db -> b/web : TCP 1': 'allowed', 'a/db -> 8.8.8.8 : TCP 1': 'denied' },
  ],
  [
    '1.7.51 Allow with an unknown peer matches nothing',
    three + admin(1, ingress(from('Allow', `{ services: {} }, ${everybody}`))) + denyAll,
    { 'b/web -> a/db : TCP 1': 'denied' },
  ],
  [
    '1.7.51 Deny with an empty peer denies everything, as far as the policy is in force',
    three +
      admin(
        1,
        `${ingress(from('Deny', '{}'))}, ${egress(to('Deny', '{ services: {} }', ', ports: [{ portNumber: { port: 80 } }]'))}`,
      ),
    {
      'b/web -> a/db : TCP 1': 'depends on invalid-policy',
      '8.8.8.8 -> a/db : TCP 1': 'depends on invalid-policy',
      'a/db -> 8.8.8.8 : UDP 53': 'depends on invalid-policy',
    },
  ],
  [
    '1.7.51 Pass that cannot be read is a Deny of everything, not a way past later rules',
    three + admin(1, ingress(from('Pass', '{}'), from('Deny'))) + allowAll,
    { 'b/web -> a/db : TCP 1': 'depends on invalid-policy', '8.8.8.8 -> a/db : TCP 1': 'depends on invalid-policy' },
  ],
  [
    '1.7.51 Pass that cannot be read before a Deny of a sound policy: denied whatever it is',
    three + admin(1, ingress(from('Pass', '{}'))) + admin(2, ingress(from('Deny'))) + allowAll,
    { 'b/web -> a/db : TCP 1': 'denied' },
  ],
  [
    '1.7.51 an unknown field of a rule is not skipped over',
    three + admin(1, ingress(from('Allow', everybody, ', sources: []'))) + denyAll,
    { 'b/web -> a/db : TCP 1': 'denied' },
  ],
  [
    '1.7.52 ports: TCP unless another protocol is named; a range has both ends',
    three +
      admin(
        1,
        ingress(
          from(
            'Deny',
            everybody,
            ', ports: [{ portNumber: { port: 80 } }, { portNumber: { protocol: SCTP, port: 9 } }, { portRange: { protocol: UDP, start: 5, end: 7 } }]',
          ),
        ),
      ),
    {
      'b/web -> a/db : TCP 80': 'denied',
      'b/web -> a/db : UDP 80': 'allowed',
      'b/web -> a/db : SCTP 9': 'denied',
      'b/web -> a/db : UDP 4': 'allowed',
      'b/web -> a/db : UDP 5': 'denied',
      'b/web -> a/db : UDP 7': 'denied',
      'b/web -> a/db : UDP 8': 'allowed',
      'b/web -> a/db : TCP 6': 'allowed',
    },
  ],
  [
    '1.7.52 without ports every port of every protocol',
    three + admin(1, ingress(from('Deny'))),
    { 'b/web -> a/db : SCTP 65535': 'denied', 'b/web -> a/db : UDP 1': 'denied' },
  ],
  [
    '1.7.52 ClusterNetworkPolicy: protocols',
    three +
      cluster(
        'Admin',
        1,
        ingress(
          from(
            'Deny',
            everybody,
            ', protocols: [{ tcp: { destinationPort: { number: 80 } } }, { udp: { destinationPort: { range: { start: 5, end: 7 } } } }]',
          ),
        ),
      ),
    {
      'b/web -> a/db : TCP 80': 'denied',
      'b/web -> a/db : TCP 81': 'allowed',
      'b/web -> a/db : UDP 6': 'denied',
      'b/web -> a/db : SCTP 6': 'allowed',
    },
  ],
  [
    '1.7.52 a named port has the protocol that the container declares',
    pod('a/web', '', container('{ name: http, containerPort: 80 }', '{ name: http, containerPort: 81, protocol: UDP }')) +
      pod('b/web') +
      ns('a') +
      ns('b') +
      admin(1, ingress(from('Deny', everybody, named))),
    {
      'b/web -> a/web : TCP 80': 'denied',
      'b/web -> a/web : UDP 81': 'denied',
      'b/web -> a/web : UDP 80': 'allowed',
      'b/web -> a/web : TCP 81': 'allowed',
    },
  ],
  [
    '1.7.52 a named port of an egress rule is looked up at each destination',
    pod('a/web') +
      pod('b/web', '', container('{ name: http, containerPort: 80 }')) +
      pod('b/db', '', container('{ name: http, containerPort: 90 }')) +
      ns('a') +
      ns('b') +
      admin(1, egress(to('Deny', everybody, named))),
    { 'a/web -> b/web : TCP 80': 'denied', 'a/web -> b/db : TCP 80': 'allowed', 'a/web -> b/db : TCP 90': 'denied' },
  ],
  [
    '1.7.52 named ports with networks are refused',
    three + admin(1, egress(to('Deny', '{ networks: [10.0.0.0/8] }', named))),
    { 'a/db -> 10.0.0.1 : TCP 1': 'allowed', 'b/web -> a/db : TCP 1': 'allowed' },
  ],
  [
    '1.7.53 a Pod reaches itself at its own address',
    `---\napiVersion: v1\nkind: Pod\nmetadata: { name: one, namespace: a, labels: { app: one } }\nspec: { containers: [{ name: main, image: x }] }\n` +
      ns('a') +
      admin(1, `${ingress(from('Deny'))}, ${egress(to('Deny', `{ networks: ${all} }`))}`),
    { 'a/Pod/one -> a/Pod/one : TCP 1': 'allowed given hairpin' },
  ],
  [
    '1.7.53 replicas of one workload are different Pods, and subject',
    three + admin(1, ingress(from('Deny'))),
    { 'a/web -> a/web : TCP 1': 'denied' },
  ],
  [
    '1.7.53 sameLabels, which the API has no more, is refused',
    three + admin(1, ingress(from('Allow', '{ namespaces: { sameLabels: [tenant] } }'))) + denyAll,
    { 'b/web -> a/db : TCP 1': 'denied' },
  ],
  [
    '1.7.54 a rule that perhaps matches keeps both branches, and a later certain one ends the question where they agree',
    pod('a/web') +
      pod('c/db') +
      ns('a') +
      admin(
        1,
        ingress(
          from('Deny', '{ namespaces: { matchLabels: { env: dev } } }'),
          from('Deny', everybody, ', ports: [{ portNumber: { port: 80 } }]'),
        ),
      ) +
      policy('a/p', '{ podSelector: {}, ingress: [{ ports: [{ port: 81 }] }] }'),
    {
      'c/db -> a/web : TCP 80': 'denied',
      'c/db -> a/web : TCP 81': 'depends on namespace-labels-assumed',
      'c/db -> a/web : TCP 82': 'denied',
    },
  ],
  [
    '1.7.54 what a rule misses by a declared label is taken for granted',
    pod('a/web') + ns('a') + admin(1, ingress(from('Deny', '{ namespaces: { matchLabels: { env: dev } } }'))) + pod('c/db'),
    { 'c/db -> a/web : TCP 1': 'allowed given declared-labels' },
    { provided: [{ name: 'c', labels: { env: 'prod' } }] },
  ],
  [
    '1.7.54 what a rule matches by a declared label is taken for granted',
    pod('a/web') + ns('a') + admin(1, ingress(from('Deny', '{ namespaces: { matchLabels: { env: dev } } }'))) + pod('c/db'),
    { 'c/db -> a/web : TCP 1': 'denied given declared-labels' },
    { provided: [{ name: 'c', labels: { env: 'dev' } }] },
  ],
  [
    '1.7.54 Pods that are in no source may have policies between the tiers',
    three + baselinePolicy(`{ subject: { namespaces: {} }, ${egress(to('Deny', `{ networks: ${all} }`))} }`),
    { '?b/job -> a/db : TCP 1': 'denied given unseen-peer', 'b/web -> a/db : TCP 1': 'denied' },
  ],
  [
    '1.7.55 another layer may still open or close: the tiers do not settle it',
    three +
      '---\napiVersion: projectcalico.org/v3\nkind: GlobalNetworkPolicy\nmetadata: { name: c }\nspec: {}\n' +
      admin(1, ingress(from('Deny'))),
    { 'b/web -> a/db : TCP 1': 'depends on vendor-policies' },
  ],
];

describe('admin tiers', () => {
  test.each(rows.map((row) => ({ rule: row[0], row })))('$rule', ({ row }) => expect(answersTo(row)).toEqual(row[2]));

  test('1.7.47 a tier policy does not isolate, though it denies', () => {
    const network = networkOf(three + admin(1, ingress(from('Deny'))));
    expect(isolation(network, workload(network, 'a/web'), 'ingress').isolated).toBe(false);
    expect(ask(network, 'b/web -> a/web : TCP 1').ingress).toMatchObject({ answer: 'denied', isolated: 'no', implicit: false });
  });

  test('allowed by a rule is not implicit; allowed by no rule is', () => {
    const network = networkOf(three + admin(1, ingress(from('Allow', inB))));
    expect(ask(network, 'b/web -> a/db : TCP 1').ingress.implicit).toBe(false);
    expect(ask(network, 'a/web -> a/db : TCP 1').ingress.implicit).toBe(true);
  });

  test('what the Baseline tier decides would give way to a NetworkPolicy; what the Admin tier decides would not', () => {
    const network = networkOf(three + admin(1, ingress(from('Allow', inB))) + baseline(ingress(from('Allow', inA))));
    const half = (question: string) => ask(network, question).ingress;
    expect([half('b/web -> a/db : TCP 1'), half('a/web -> a/db : TCP 1'), half('8.8.8.8 -> a/db : TCP 1')]).toMatchObject([
      { answer: 'allowed', implicit: false, yields: false },
      { answer: 'allowed', implicit: false, yields: true },
      { answer: 'allowed', implicit: true, yields: true },
    ]);
  });

  test('no enforcement: the tiers are ignored with the rest', () => {
    const network = networkOf(three + admin(1, ingress(from('Deny'))), { profile: { 'no-enforcement': 'yes' } });
    expect(answer(network, 'b/web -> a/db : TCP 1')).toBe('allowed given no-enforcement');
  });
});

describe('the proof names policy, rule and place', () => {
  const network = networkOf(
    three +
      admin(
        3,
        ingress(
          from('Pass', inB, ', ports: [{ portNumber: { port: 7 } }]'),
          from('Deny', inB, ', ports: [{ portNumber: { port: 8 } }]'),
        ),
      ) +
      cluster('Baseline', 4, ingress(from('Deny', inB, ', protocols: [{ tcp: { destinationPort: { number: 7 } } }]'))) +
      policy('a/p', '{ podSelector: { matchLabels: { app: web } } }'),
  );
  test.each<[string, readonly (readonly [string, string, readonly (string | number)[]])[]]>([
    ['b/web -> a/db : TCP 8', [['ingress rule 2 of AdminNetworkPolicy p3 (priority 3) denies it', 'p3', ['spec', 'ingress', 1]]]],
    [
      'b/web -> a/db : TCP 7',
      [
        ['ingress rule 1 of AdminNetworkPolicy p3 (priority 3) passes it on to NetworkPolicy', 'p3', ['spec', 'ingress', 0]],
        ['ingress rule 1 of ClusterNetworkPolicy c4 (Baseline, priority 4) denies it', 'c4', ['spec', 'ingress', 0]],
      ],
    ],
    [
      'b/web -> a/web : TCP 7',
      [
        ['ingress rule 1 of AdminNetworkPolicy p3 (priority 3) passes it on to NetworkPolicy', 'p3', ['spec', 'ingress', 0]],
        ['NetworkPolicy a/p isolates a/Deployment/web for ingress: it admits nothing', 'p', ['spec']],
      ],
    ],
    [
      'b/web -> a/db : TCP 9',
      [
        ['no NetworkPolicy selects b/Deployment/web for egress', 'web', ['spec', 'template', 'spec']],
        ['no NetworkPolicy selects a/Deployment/db for ingress', 'db', ['spec', 'template', 'spec']],
        ['no ingress rule of AdminNetworkPolicy p3 (priority 3) and of 1 more decides it', 'p3', ['spec', 'ingress']],
      ],
    ],
  ])('%s', (question, expected) => {
    expect(ask(network, question).because.map(({ note, object, at }) => [note, object.ref.name, at])).toEqual(expected);
  });

  test('what fails closed says so', () => {
    const closed = networkOf(three + admin(1, ingress(from('Deny', '{}'))));
    expect(ask(closed, 'b/web -> a/db : TCP 1').because.map(({ note }) => note)).toContain(
      'ingress rule 1 of AdminNetworkPolicy p1 (priority 1) may deny it, as all else: a part of it cannot be read, and it fails closed',
    );
  });
});

describe('ports of a pair', () => {
  const of = (yaml: string, pair: string) => {
    const network = networkOf(three + yaml);
    const [a = '', b = ''] = pair.split(' -> ');
    const { allowed, depends, open } = admittedPorts(network, end(network, a), end(network, b));
    return [formatPorts(allowed), formatPorts(depends), open.join()];
  };
  test.each<[string, string, readonly [string, string, string]]>([
    [
      'a hole in what NetworkPolicy admits',
      admin(1, ingress(from('Deny', inB, ', ports: [{ portRange: { start: 80, end: 90 } }]'))) + allowAll,
      ['SCTP * and TCP 1-79,91-65535 and UDP *', 'no port', ''],
    ],
    [
      'an opening in what NetworkPolicy closes',
      admin(1, ingress(from('Allow', inB, ', ports: [{ portNumber: { port: 80 } }]'))) + denyAll,
      ['TCP 80', 'no port', ''],
    ],
    [
      'policies of one priority that meet on some ports',
      admin(1, ingress(from('Allow', inB, ', ports: [{ portRange: { start: 80, end: 90 } }]')), 'x') +
        admin(1, ingress(from('Deny', inB, ', ports: [{ portRange: { start: 85, end: 99 } }]')), 'y'),
      ['SCTP * and TCP 1-84,100-65535 and UDP *', 'TCP 85-90', 'tier-order'],
    ],
  ])('%s', (_, yaml, expected) => {
    expect(of(yaml, 'b/web -> a/db')).toEqual(expected);
  });

  test('a named port bounds an interval', () => {
    const network = networkOf(
      pod('a/web', '', container('{ name: http, containerPort: 80, protocol: UDP }')) +
        pod('b/web') +
        ns('a') +
        ns('b') +
        admin(1, ingress(from('Deny', everybody, named))),
    );
    const { allowed } = admittedPorts(network, workload(network, 'b/web'), workload(network, 'a/web'));
    expect(formatPorts(allowed)).toBe('SCTP * and TCP * and UDP 1-79,81-65535');
  });
});

describe('the short cut for closed pairs', () => {
  test.each<[string, string, boolean]>([
    ['NetworkPolicy alone closes', '', true],
    ['an Admin Allow from there opens', admin(1, ingress(from('Allow', inB))), false],
    ['an Admin Allow from elsewhere does not', admin(1, ingress(from('Allow', inA))), true],
    ['nor does one that cannot be read', admin(1, ingress(from('Allow', '{}'))), true],
    ['nor a Deny or Pass', admin(1, ingress(from('Deny', inB), from('Pass'))), true],
    ['nor a Baseline Allow', baseline(ingress(from('Allow'))), true],
    [
      'an Admin Allow on other Pods does not',
      adminPolicy('p', `{ priority: 1, subject: ${inB}, ${ingress(from('Allow'))} }`),
      true,
    ],
  ])('%s', (_, yaml, closed) => {
    const network = networkOf(three + denyAll + yaml);
    const [to, source] = [workload(network, 'a/db'), workload(network, 'b/web')];
    expect(isClosedTo(network, to, source)).toBe(closed);
    expect(ask(network, 'b/web -> a/db : TCP 1').answer === 'denied').toBe(closed);
  });
});

describe('what is denied by default', () => {
  const closed = `{ networks: ${all} }`;
  test.each<[string, string, 'ingress' | 'egress', readonly [string, string, string] | undefined]>([
    ['no cluster-wide policy', '', 'ingress', undefined],
    ['rules of the other direction alone', admin(1, egress(to('Deny', closed))), 'ingress', undefined],
    ['1.7.49 ingress: Pods alone can be denied', baseline(ingress(from('Deny'))), 'ingress', ['no', 'yes', '']],
    ['1.7.50 egress: every network is every Pod too', baseline(egress(to('Deny', closed))), 'egress', ['no', 'no', '']],
    ['a denial of some Pods', baseline(ingress(from('Deny', inB))), 'ingress', ['yes', 'yes', '']],
    [
      'a denial on some ports',
      baseline(egress(to('Deny', closed, ', ports: [{ portRange: { start: 1, end: 65534 } }]'))),
      'egress',
      ['yes', 'yes', ''],
    ],
    [
      'a way past it for one network',
      admin(1, egress(to('Pass', '{ networks: [10.0.0.0/8] }'), to('Deny', closed))),
      'egress',
      ['maybe', 'yes', 'pod-addresses'],
    ],
    [
      'an Allow before it is somebody’s decision',
      admin(1, egress(to('Allow', '{ networks: [10.0.0.0/8] }'), to('Deny', closed))),
      'egress',
      ['no', 'no', ''],
    ],
    [
      'same priority: perhaps passed on',
      admin(1, egress(to('Pass', closed)), 'x') + admin(1, egress(to('Deny', closed)), 'y'),
      'egress',
      ['maybe', 'maybe', 'tier-order'],
    ],
  ])('%s', (_, yaml, direction, expected) => {
    const network = networkOf(three + yaml);
    const found = tierDefault(network, workload(network, 'a/web'), direction);
    expect(found && [found.openToPods, found.openOutside, found.doubts.join()]).toEqual(expected);
  });

  test('rests on declared labels of the namespace', () => {
    const yaml = adminPolicy(
      'p',
      `{ priority: 1, subject: { namespaces: { matchLabels: { env: x } } }, ${egress(to('Deny', closed))} }`,
    );
    const network = networkOf(pod('c/web') + yaml, { provided: [{ name: 'c', labels: { env: 'x' } }] });
    expect(tierDefault(network, workload(network, 'c/web'), 'egress')).toMatchObject({
      openToPods: 'no',
      openOutside: 'no',
      given: ['declared-labels'],
    });
  });
});

describe('what the Admin tier opens to any Pod of a namespace', () => {
  const openings = (yaml: string) => {
    const network = networkOf(three + yaml);
    return tierOpenings(network, barePod(network, 'c'), 'ingress').map(
      ({ policy: { ref }, rule, certain }) => `${ref.name} ${rule.index} ${certain}`,
    );
  };
  const on = (priority: number, name: string, subject: string, ...list: readonly string[]) =>
    adminPolicy(name, `{ priority: ${priority}, subject: ${subject}, ${ingress(...list)} }`);
  test.each<[string, string, readonly string[]]>([
    ['an Allow', on(1, 'x', everybody, from('Allow', inB)), ['x 0 true']],
    ['Deny and Pass open nothing', on(1, 'x', everybody, from('Deny', inB), from('Pass')), []],
    ['nothing behind a rule for all', on(1, 'x', everybody, from('Deny')) + on(2, 'y', everybody, from('Allow', inB)), []],
    [
      'a rule for some ports leaves the others',
      on(1, 'x', everybody, from('Deny', everybody, ', ports: [{ portNumber: { port: 1 } }]')) +
        on(2, 'y', everybody, from('Allow')),
      ['y 0 true'],
    ],
    [
      'of the same priority, either may come first',
      on(1, 'x', everybody, from('Deny')) + on(1, 'y', everybody, from('Allow', inB)),
      ['y 0 true'],
    ],
    [
      'a policy that perhaps acts on it hides nothing',
      on(1, 'x', '{ namespaces: { matchLabels: { env: x } } }', from('Deny')) + on(2, 'y', everybody, from('Allow', inB)),
      ['y 0 true'],
    ],
    ['and opens perhaps', on(1, 'x', '{ namespaces: { matchLabels: { env: x } } }', from('Allow')), ['x 0 false']],
    [
      'nor does the other generation hide anything',
      on(1, 'x', everybody, from('Deny')) +
        clusterPolicy('y', `{ tier: Admin, priority: 9, subject: ${everybody}, ${ingress(from('Accept'))} }`),
      ['y 0 true'],
    ],
    [
      'the Baseline tier is not asked where NetworkPolicy isolates',
      clusterPolicy('y', `{ tier: Baseline, priority: 9, subject: ${everybody}, ${ingress(from('Accept'))} }`),
      [],
    ],
  ])('%s', (_, yaml, expected) => {
    expect(openings(yaml)).toEqual(expected);
  });
});

describe('flows that nobody intended', () => {
  const found = (yaml: string) => {
    const unexpected = unexpectedFlows(networkOf(three + yaml, { traffic: [] }));
    return {
      open: unexpected?.open.map(({ namespace }) => namespace),
      flows: unexpected?.flows.map(({ from: source, to: end, certain }) => `${source} ${end.id} ${certain}`),
    };
  };
  test('a Baseline that denies every Pod leaves addresses outside', () => {
    expect(found(baseline(ingress(from('Deny'))))).toEqual({
      open: ['b'],
      flows: ['0.0.0.0/0, ::/0 a/Deployment/db true', '0.0.0.0/0, ::/0 a/Deployment/web true'],
    });
  });
  test('a denial of some is open to all others', () => {
    expect(found(admin(1, ingress(from('Deny', inB))))).toEqual({ open: ['a', 'b'], flows: [] });
  });
  test('an Allow of the Admin tier opens what NetworkPolicy isolates', () => {
    expect(found(denyAll + policy('b/deny', '{ podSelector: {} }') + admin(1, ingress(from('Allow', inB))))).toEqual({
      open: [],
      flows: ['b/Deployment/web a/Deployment/db true', 'b/Deployment/web a/Deployment/web true'],
    });
  });
});
