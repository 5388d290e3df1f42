import { describe, expect, test } from 'vitest';
import { answersTo, ask, networkOf, namespace as ns, pod, policy, type RuleRow } from './fixture.ts';

const three = pod('a/web') + pod('a/db') + pod('b/web') + ns('a') + ns('b');
const ports = (list: string) => `{ containers: [{ name: main, image: x, ports: [${list}] }] }`;
const fromWeb = '{ from: [{ podSelector: { matchLabels: { app: web } } }] }';

const rows: readonly RuleRow[] = [
  [
    '1.1.1 policyTypes absent without egress rules isolates ingress alone',
    three + policy('a/p', '{ podSelector: {}, egress: [] }'),
    { 'b/web -> a/db : TCP 1': 'denied', 'a/db -> b/web : TCP 1': 'allowed' },
  ],
  [
    '1.1.1 policyTypes absent with an egress rule isolates both',
    three + policy('a/p', '{ podSelector: {}, egress: [{ ports: [{ port: 53 }] }] }'),
    { 'b/web -> a/db : TCP 1': 'denied', 'a/db -> b/web : TCP 1': 'denied', 'a/db -> b/web : TCP 53': 'allowed' },
  ],
  [
    '1.1.1 policyTypes [Egress] without rules denies egress and leaves ingress open',
    three + policy('a/p', '{ podSelector: {}, policyTypes: [Egress] }'),
    { 'b/web -> a/db : TCP 1': 'allowed', 'a/db -> b/web : TCP 1': 'denied' },
  ],
  [
    '1.1.2 a rule list outside policyTypes has no effect',
    three + policy('a/p', '{ podSelector: {}, policyTypes: [Egress], ingress: [], egress: [{}] }'),
    { 'b/web -> a/db : TCP 1': 'allowed', 'a/db -> b/web : TCP 1': 'allowed' },
  ],
  [
    '1.1.3 a missing protocol is TCP',
    three + policy('a/p', '{ podSelector: {}, ingress: [{ ports: [{ port: 80 }] }] }'),
    { 'b/web -> a/db : TCP 80': 'allowed', 'b/web -> a/db : UDP 80': 'denied' },
  ],
  [
    '1.1.4 a Pod that no policy selects is open',
    three + policy('a/p', '{ podSelector: { matchLabels: { app: db } } }'),
    { 'b/web -> a/web : TCP 1': 'allowed', 'b/web -> a/db : TCP 1': 'denied' },
  ],
  [
    '1.1.4 policies add up and never take away',
    three +
      policy('a/deny', '{ podSelector: {} }') +
      policy('a/allow', `{ podSelector: { matchLabels: { app: db } }, ingress: [${fromWeb}] }`),
    { 'a/web -> a/db : TCP 1': 'allowed', 'b/web -> a/db : TCP 1': 'denied', 'a/db -> a/web : TCP 1': 'denied' },
  ],
  [
    '1.1.5 egress of the source and ingress of the destination must both admit',
    three +
      policy('a/in', `{ podSelector: { matchLabels: { app: db } }, ingress: [${fromWeb}] }`) +
      policy('a/out', '{ podSelector: { matchLabels: { app: web } }, policyTypes: [Egress] }'),
    { 'a/web -> a/db : TCP 1': 'denied' },
  ],
  [
    '1.1.5 replies need no rule',
    three + policy('a/in', `{ podSelector: {}, policyTypes: [Ingress, Egress], ingress: [${fromWeb}] }`),
    { 'b/web -> a/db : TCP 1': 'denied', 'a/db -> b/web : TCP 1': 'denied' },
  ],
  [
    '1.1.6 ingress absent, null and [] isolate and admit nothing',
    three +
      pod('c/x') +
      pod('d/x') +
      policy('a/p', '{ podSelector: {}, policyTypes: [Ingress] }') +
      policy('c/p', '{ podSelector: {}, policyTypes: [Ingress], ingress: null }') +
      policy('d/p', '{ podSelector: {}, policyTypes: [Ingress], ingress: [] }'),
    {
      'b/web -> a/db : TCP 1': 'denied',
      'b/web -> c/x : TCP 1': 'denied',
      'b/web -> d/x : TCP 1': 'denied',
      '1.2.3.4 -> d/x : TCP 1': 'denied',
    },
  ],
  [
    '1.1.6 the empty rule admits everything',
    three + policy('a/p', '{ podSelector: {}, ingress: [{}] }'),
    { 'b/web -> a/db : UDP 9': 'allowed', '1.2.3.4 -> a/db : SCTP 9': 'allowed' },
  ],
  [
    '1.1.6 from [] is everyone, ports [] is every port and protocol',
    three + policy('a/p', '{ podSelector: {}, ingress: [{ from: [], ports: [] }] }'),
    { '1.2.3.4 -> a/db : SCTP 9': 'allowed', 'b/web -> a/db : UDP 9': 'allowed' },
  ],
  [
    '1.1.7 ports [{}] is all of TCP alone',
    three + policy('a/p', '{ podSelector: {}, ingress: [{ ports: [{}] }] }'),
    { 'b/web -> a/db : TCP 65535': 'allowed', 'b/web -> a/db : UDP 1': 'denied', 'b/web -> a/db : SCTP 1': 'denied' },
  ],
  [
    '1.1.7 ports [{protocol: UDP}] is all of UDP alone',
    three + policy('a/p', '{ podSelector: {}, ingress: [{ ports: [{ protocol: UDP }] }] }'),
    { 'b/web -> a/db : UDP 65535': 'allowed', 'b/web -> a/db : TCP 1': 'denied' },
  ],
  [
    '1.1.8 an absent podSelector is every Pod of the namespace, and of no other',
    three + policy('a/p', '{ ingress: [] }'),
    { 'b/web -> a/db : TCP 1': 'denied', 'b/web -> a/web : TCP 1': 'denied', 'a/web -> b/web : TCP 1': 'allowed' },
  ],

  [
    '1.2.9 both selectors in one peer are ANDed',
    three +
      policy(
        'a/p',
        '{ podSelector: {}, ingress: [{ from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: b } }, podSelector: { matchLabels: { app: web } } }] }] }',
      ) +
      pod('b/other'),
    { 'b/web -> a/db : TCP 1': 'allowed', 'b/other -> a/db : TCP 1': 'denied', 'a/web -> a/db : TCP 1': 'denied' },
  ],
  [
    '1.2.9 two peers are ORed',
    three +
      policy(
        'a/p',
        '{ podSelector: {}, ingress: [{ from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: b } } }, { podSelector: { matchLabels: { app: web } } }] }] }',
      ) +
      pod('b/other') +
      pod('a/other'),
    { 'b/other -> a/db : TCP 1': 'allowed', 'a/web -> a/db : TCP 1': 'allowed', 'a/other -> a/db : TCP 1': 'denied' },
  ],
  [
    '1.2.10 a podSelector alone is the own namespace',
    three + policy('a/p', `{ podSelector: {}, ingress: [${fromWeb}] }`),
    { 'a/web -> a/db : TCP 1': 'allowed', 'b/web -> a/db : TCP 1': 'denied' },
  ],
  [
    '1.2.10 namespaceSelector {} is every namespace and no address',
    three + policy('a/p', '{ podSelector: {}, ingress: [{ from: [{ namespaceSelector: {} }] }] }') + pod('kube-system/x'),
    { 'a/web -> a/db : TCP 1': 'allowed', 'kube-system/x -> a/db : TCP 1': 'allowed', '1.2.3.4 -> a/db : TCP 1': 'denied' },
  ],
  [
    '1.2.11 an invalid peer is not evaluated on a guess',
    three + policy('a/p', '{ podSelector: {}, ingress: [{ from: [{}] }] }'),
    { 'b/web -> a/db : TCP 1': 'depends on invalid-policy' },
  ],
  [
    '1.2.11 ipBlock with a selector is invalid',
    three + policy('a/p', '{ podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: 0.0.0.0/0 }, podSelector: {} }] }] }'),
    { '1.2.3.4 -> a/db : TCP 1': 'depends on invalid-policy' },
  ],
  [
    '1.2.11 a valid policy beside an invalid one keeps what it admits',
    three + policy('a/p', '{ podSelector: {}, ingress: [{ from: [{}] }] }') + policy('a/q', '{ podSelector: {}, ingress: [{}] }'),
    { 'b/web -> a/db : TCP 1': 'allowed' },
  ],
  [
    '1.2.12 NotIn and DoesNotExist match an absent key',
    three +
      policy(
        'a/p',
        '{ podSelector: {}, ingress: [{ from: [{ podSelector: { matchExpressions: [{ key: tier, operator: NotIn, values: [x] }, { key: zone, operator: DoesNotExist }] } }] }] }',
      ) +
      pod('a/x', 'tier: x') +
      pod('a/z', 'zone: ""'),
    { 'a/web -> a/db : TCP 1': 'allowed', 'a/x -> a/db : TCP 1': 'denied', 'a/z -> a/db : TCP 1': 'denied' },
  ],
  [
    '1.2.12 In and Exists need the key; Exists matches an empty value',
    three +
      policy(
        'a/p',
        '{ podSelector: {}, ingress: [{ from: [{ podSelector: { matchExpressions: [{ key: zone, operator: Exists }] } }, { podSelector: { matchExpressions: [{ key: tier, operator: In, values: [x, y] }] } }] }] }',
      ) +
      pod('a/y', 'tier: y') +
      pod('a/z', 'zone: ""'),
    { 'a/web -> a/db : TCP 1': 'denied', 'a/y -> a/db : TCP 1': 'allowed', 'a/z -> a/db : TCP 1': 'allowed' },
  ],
  [
    '1.2.13 a malformed selector leaves the question open',
    three +
      policy(
        'a/p',
        '{ podSelector: {}, ingress: [{ from: [{ podSelector: { matchExpressions: [{ key: app, operator: In, values: [] }] } }] }] }',
      ),
    { 'a/web -> a/db : TCP 1': 'depends on invalid-policy' },
  ],
  [
    '1.2.14 a peer that matches nothing isolates all the same',
    three + policy('a/p', '{ podSelector: {}, ingress: [{ from: [{ podSelector: { matchLabels: { app: wbe } } }] }] }'),
    { 'a/web -> a/db : TCP 1': 'denied' },
  ],
  [
    '1.2.15 kubernetes.io/metadata.name is known without a Namespace object',
    pod('a/db') +
      pod('c/web') +
      policy(
        'a/p',
        '{ podSelector: {}, ingress: [{ from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: c } } }] }] }',
      ),
    { 'c/web -> a/db : TCP 1': 'allowed', 'a/db -> a/db : TCP 1': 'denied' },
  ],
  [
    '1.2.15 a label name=<namespace> is not automatic',
    three +
      policy('a/p', '{ podSelector: {}, ingress: [{ from: [{ namespaceSelector: { matchLabels: { name: b } } }] }] }') +
      pod('c/web'),
    { 'b/web -> a/db : TCP 1': 'denied', 'c/web -> a/db : TCP 1': 'depends on namespace-labels-assumed' },
  ],
  [
    '1.2.15 a profile settles labels of namespaces without an object',
    pod('a/db') +
      pod('c/web') +
      policy('a/p', '{ podSelector: {}, ingress: [{ from: [{ namespaceSelector: { matchLabels: { name: c } } }] }] }'),
    { 'c/web -> a/db : TCP 1': 'denied' },
    { profile: { 'namespace-labels-assumed': 'yes' } },
  ],
  [
    '1.2.16 declared namespace labels settle it, as assumed',
    pod('a/db') +
      ns('a') +
      pod('c/web') +
      policy('a/p', '{ podSelector: {}, ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: c } } }] }] }'),
    { 'c/web -> a/db : TCP 1': 'allowed given declared-labels' },
    { provided: [{ kind: 'Namespace', name: 'c', labels: { team: 'c' } }] },
  ],

  [
    '1.3.17 except takes away from its own block alone',
    three +
      policy(
        'a/p',
        '{ podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: 10.0.0.0/8, except: [10.1.0.0/16] } }] }, { from: [{ ipBlock: { cidr: 10.1.2.0/24 } }] }] }',
      ),
    {
      '10.0.0.1 -> a/db : TCP 1': 'allowed',
      '10.1.0.1 -> a/db : TCP 1': 'denied',
      '10.1.2.9 -> a/db : TCP 1': 'allowed',
      '11.0.0.0 -> a/db : TCP 1': 'denied',
      '10.0.0.0/8 -> a/db : TCP 1': 'depends on address-range',
      '10.2.0.0/16 -> a/db : TCP 1': 'allowed',
    },
  ],
  [
    '1.3.18 0.0.0.0/0 covers no IPv6',
    three + policy('a/p', '{ podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: 0.0.0.0/0 } }] }] }'),
    { '1.2.3.4 -> a/db : TCP 1': 'allowed', '2001:db8::1 -> a/db : TCP 1': 'denied' },
  ],
  [
    '1.3.18 an IPv6 block covers no IPv4',
    three + policy('a/p', '{ podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: "::/0" } }] }] }'),
    { '1.2.3.4 -> a/db : TCP 1': 'denied', '2001:db8::1 -> a/db : TCP 1': 'allowed' },
  ],
  [
    '1.3.19 leading zeros in a block leave it open',
    three + policy('a/p', '{ podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: 010.0.0.0/8 } }] }] }'),
    { '10.0.0.1 -> a/db : TCP 1': 'depends on invalid-policy' },
  ],
  [
    '1.3.19 host bits are cleared: stored objects that have them mean the block around',
    three + policy('a/p', '{ podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: 10.1.2.3/16 } }] }] }'),
    { '10.1.255.255 -> a/db : TCP 1': 'allowed', '10.1.0.0 -> a/db : TCP 1': 'allowed', '10.2.0.0 -> a/db : TCP 1': 'denied' },
  ],
  [
    '1.3.19 IPv4 inside of IPv6 is read differently by programs, so it is open',
    three + policy('a/p', '{ podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: "::ffff:10.0.0.0/104" } }] }] }'),
    { '10.0.0.1 -> a/db : TCP 1': 'depends on invalid-policy' },
  ],
  [
    '1.3.20 whether a block matches Pods is open',
    three +
      policy(
        'a/p',
        '{ podSelector: { matchLabels: { app: web } }, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: 0.0.0.0/0 } }] }] }',
      ),
    { 'a/web -> b/web : TCP 1': 'depends on ipblock-matches-pods', 'a/web -> 8.8.8.8 : TCP 1': 'allowed' },
  ],
  [
    '1.3.20 a profile settles that blocks do not match Pods',
    three +
      policy(
        'a/p',
        '{ podSelector: { matchLabels: { app: web } }, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: 0.0.0.0/0 } }] }] }',
      ),
    { 'a/web -> b/web : TCP 1': 'denied given ipblock-matches-pods' },
    { profile: { 'ipblock-matches-pods': 'no' } },
  ],
  [
    '1.3.21 the metadata address is an address like others',
    three +
      policy(
        'a/p',
        '{ podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: 0.0.0.0/0, except: [169.254.169.254/32] } }] }] }',
      ),
    { 'a/web -> 169.254.169.254 : TCP 80': 'denied', 'a/web -> 169.254.169.253 : TCP 80': 'allowed' },
  ],

  [
    "1.4.22 a named port is the destination Pod's, by name and protocol",
    pod('a/web', '', ports('{ name: http, containerPort: 8080 }, { name: q, containerPort: 53, protocol: UDP }')) +
      pod('a/db', '', ports('{ name: http, containerPort: 9090 }')) +
      policy('a/p', '{ podSelector: {}, ingress: [{ ports: [{ port: http }, { port: q, protocol: UDP }] }] }'),
    {
      'a/db -> a/web : TCP 8080': 'allowed',
      'a/db -> a/web : TCP 9090': 'denied',
      'a/web -> a/db : TCP 9090': 'allowed',
      'a/db -> a/web : UDP 53': 'allowed',
      'a/db -> a/web : TCP 53': 'denied',
      'a/db -> a/web : TCP http': 'allowed',
      'a/db -> a/web : TCP grpc': 'denied',
    },
  ],
  [
    '1.4.22 a named egress port is resolved on each destination, whatever its namespace',
    pod('a/web') +
      pod('b/one', '', ports('{ name: http, containerPort: 1111 }')) +
      pod('b/two', '', ports('{ name: http, containerPort: 2222 }')) +
      policy('a/p', '{ podSelector: {}, policyTypes: [Egress], egress: [{ ports: [{ port: http }] }] }'),
    { 'a/web -> b/one : TCP 1111': 'allowed', 'a/web -> b/one : TCP 2222': 'denied', 'a/web -> b/two : TCP 2222': 'allowed' },
  ],
  [
    '1.4.22 a port name of another protocol is another name',
    pod('a/web', '', ports('{ name: q, containerPort: 53, protocol: UDP }')) +
      pod('a/db') +
      policy('a/p', '{ podSelector: {}, ingress: [{ ports: [{ port: q }] }] }'),
    { 'a/db -> a/web : TCP 53': 'denied', 'a/db -> a/web : UDP 53': 'denied' },
  ],
  [
    '1.4.23 ports of sidecars and init containers count',
    pod(
      'a/web',
      '',
      '{ initContainers: [{ name: mesh, image: x, restartPolicy: Always, ports: [{ name: admin, containerPort: 15000 }] }, { name: init, image: x, ports: [{ name: setup, containerPort: 77 }] }], containers: [{ name: c, image: x }] }',
    ) +
      pod('a/db') +
      policy('a/p', '{ podSelector: {}, ingress: [{ ports: [{ port: admin }, { port: setup }] }] }'),
    { 'a/db -> a/web : TCP 15000': 'allowed', 'a/db -> a/web : TCP 77': 'allowed', 'a/db -> a/web : TCP 78': 'denied' },
  ],
  [
    '1.4.24 a name that resolves to nothing admits nothing and isolates',
    three + policy('a/p', '{ podSelector: {}, ingress: [{ ports: [{ port: http }] }] }'),
    { 'b/web -> a/db : TCP 80': 'denied' },
  ],
  [
    '1.4.24 a named egress port matches no address',
    three + policy('a/p', '{ podSelector: {}, policyTypes: [Egress], egress: [{ ports: [{ port: http }] }] }'),
    { 'a/web -> 1.2.3.4 : TCP 80': 'denied' },
  ],
  [
    '1.4.25 ports need not be declared',
    pod('a/web', '', ports('{ containerPort: 80 }')) +
      pod('a/db') +
      policy('a/p', '{ podSelector: {}, ingress: [{ ports: [{ port: 81 }] }] }'),
    { 'a/db -> a/web : TCP 81': 'allowed', 'a/db -> a/web : TCP 80': 'denied' },
  ],
  [
    '1.4.26 endPort is inclusive',
    three + policy('a/p', '{ podSelector: {}, ingress: [{ ports: [{ port: 80, endPort: 82 }] }] }'),
    {
      'b/web -> a/db : TCP 79': 'denied',
      'b/web -> a/db : TCP 80': 'allowed',
      'b/web -> a/db : TCP 82': 'allowed',
      'b/web -> a/db : TCP 83': 'denied',
    },
  ],
  [
    '1.4.26 endPort below port is invalid',
    three + policy('a/p', '{ podSelector: {}, ingress: [{ ports: [{ port: 80, endPort: 70 }] }] }'),
    { 'b/web -> a/db : TCP 75': 'depends on invalid-policy' },
  ],
  [
    '1.4.27 an SCTP rule isolates TCP',
    three + policy('a/p', '{ podSelector: {}, ingress: [{ ports: [{ port: 80, protocol: SCTP }] }] }'),
    { 'b/web -> a/db : SCTP 80': 'allowed', 'b/web -> a/db : TCP 80': 'denied' },
  ],
  [
    '1.4.28 port "80" as text and port 0 are invalid',
    three +
      policy('a/p', '{ podSelector: { matchLabels: { app: db } }, ingress: [{ ports: [{ port: "80" }] }] }') +
      policy('a/q', '{ podSelector: { matchLabels: { app: web } }, ingress: [{ ports: [{ port: 0 }] }] }'),
    { 'b/web -> a/db : TCP 80': 'depends on invalid-policy', 'b/web -> a/web : TCP 80': 'depends on invalid-policy' },
  ],

  [
    '1.5.29 a Pod on the host network as subject is open',
    three +
      pod('a/host', '', '{ hostNetwork: true, containers: [] }') +
      policy('a/p', '{ podSelector: {}, policyTypes: [Ingress, Egress] }'),
    { 'b/web -> a/host : TCP 1': 'depends on host-network' },
  ],
  [
    '1.5.29 a Pod on the host network as peer is open',
    three +
      pod('a/host', '', '{ hostNetwork: true, containers: [] }') +
      policy(
        'a/p',
        '{ podSelector: { matchLabels: { app: db } }, ingress: [{ from: [{ podSelector: { matchLabels: { app: host } } }] }] }',
      ),
    { 'a/host -> a/db : TCP 1': 'depends on host-network' },
  ],
  [
    '1.5.29 a Pod on the host network is admitted where everyone is',
    three +
      pod('a/host', '', '{ hostNetwork: true, containers: [] }') +
      policy('a/p', '{ podSelector: { matchLabels: { app: db } }, ingress: [{}] }'),
    { 'a/host -> a/db : TCP 1': 'allowed' },
  ],
  [
    '1.5.29 a Pod on the host network is reached where it is not selected, and where the policies that select it admit it',
    three +
      pod('a/host', '', '{ hostNetwork: true, containers: [] }') +
      policy('a/deny', '{ podSelector: {} }') +
      policy('a/allow', `{ podSelector: { matchLabels: { app: host } }, ingress: [${fromWeb}] }`),
    { 'a/web -> a/host : TCP 1': 'allowed', 'b/web -> a/host : TCP 1': 'depends on host-network' },
  ],
  [
    '1.5.29 port names are those of Pods: at the address of a node there are none',
    three +
      pod('a/host', '', ports('{ name: http, containerPort: 8080 }').replace('{', '{ hostNetwork: true,')) +
      policy(
        'a/p',
        '{ podSelector: { matchLabels: { app: web } }, policyTypes: [Egress], egress: [{ ports: [{ port: http }] }] }',
      ),
    { 'a/web -> a/host : TCP 8080': 'depends on host-network' },
  ],
  [
    '1.5.30 traffic of the own node may come from a Pod on the host network',
    three +
      pod('a/host', '', '{ hostNetwork: true, containers: [] }') +
      policy('a/p', '{ podSelector: { matchLabels: { app: db } } }'),
    { 'a/host -> a/db : TCP 1': 'depends on host-network', 'b/web -> a/db : TCP 1': 'denied' },
  ],
  [
    '1.5.31 replicas of one workload are different Pods',
    three + policy('a/p', '{ podSelector: { matchLabels: { app: db } } }'),
    { 'a/db -> a/db : TCP 1': 'denied', 'a/web -> a/web : TCP 1': 'allowed' },
  ],
  [
    '1.5.31 a single Pod reaches itself',
    '---\napiVersion: v1\nkind: Pod\nmetadata: { name: x, namespace: a, labels: { app: x } }\nspec: { containers: [] }' +
      policy('a/p', '{ podSelector: {} }'),
    { 'a/Pod/x -> a/Pod/x : TCP 1': 'allowed given hairpin' },
  ],
  [
    '1.5.32 labels count as the template has them, not the workload',
    '---\napiVersion: apps/v1\nkind: Deployment\nmetadata: { name: w, namespace: a, labels: { app: db } }\nspec: { template: { metadata: { labels: { app: w } }, spec: { containers: [] } } }' +
      three +
      policy('a/p', '{ podSelector: { matchLabels: { app: db } } }'),
    { 'b/web -> a/w : TCP 1': 'allowed', 'b/web -> a/db : TCP 1': 'denied' },
  ],
  [
    '1.5.32 a selector on pod-template-hash is open',
    three +
      policy('a/p', '{ podSelector: { matchLabels: { app: db, pod-template-hash: abc } } }') +
      policy('a/q', '{ podSelector: { matchLabels: { app: web, pod-template-hash: abc } }, ingress: [{}] }'),
    { 'b/web -> a/db : TCP 1': 'depends on instance-labels', 'b/web -> a/web : TCP 1': 'allowed' },
  ],
  [
    '1.5.32 Exists on a label that the controller sets is certain',
    three + policy('a/p', '{ podSelector: { matchExpressions: [{ key: pod-template-hash, operator: Exists }] } }'),
    { 'b/web -> a/db : TCP 1': 'denied' },
  ],
  [
    '1.5.32 a Job names its Pods',
    '---\napiVersion: batch/v1\nkind: Job\nmetadata: { name: migrate, namespace: a }\nspec: { template: { spec: { containers: [] } } }' +
      three +
      policy(
        'a/p',
        '{ podSelector: { matchLabels: { app: db } }, ingress: [{ from: [{ podSelector: { matchLabels: { job-name: migrate } } }] }] }',
      ),
    { 'a/Job/migrate -> a/db : TCP 1': 'allowed', 'a/web -> a/db : TCP 1': 'denied' },
  ],
  [
    '1.5.33 Pods of a suspended CronJob and of zero replicas are potential',
    '---\napiVersion: batch/v1\nkind: CronJob\nmetadata: { name: c, namespace: a }\nspec: { suspend: true, jobTemplate: { spec: { template: { metadata: { labels: { app: web } }, spec: { containers: [] } } } } }' +
      three +
      policy('a/p', `{ podSelector: { matchLabels: { app: db } }, ingress: [${fromWeb}] }`),
    { 'a/CronJob/c -> a/db : TCP 1': 'allowed' },
  ],
  [
    '1.5.33 Pods that are in no source have unknown labels',
    three +
      policy('a/p', `{ podSelector: { matchLabels: { app: db } }, ingress: [${fromWeb}] }`) +
      policy(
        'a/q',
        '{ podSelector: { matchLabels: { app: web } }, ingress: [{ from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: c } } }] }] }',
      ),
    {
      '?a/x -> a/db : TCP 1': 'depends on unseen-peer',
      '?c/x -> a/db : TCP 1': 'denied',
      '?c/x -> a/web : TCP 1': 'allowed given unseen-peer',
    },
  ],

  [
    '1.6.37 policies see the target port',
    three + policy('a/p', '{ podSelector: {}, ingress: [{ ports: [{ port: 80 }] }] }'),
    { 'b/web -> a/db : TCP 3000': 'denied' },
  ],
  [
    '1.7.55 a policy that is not analysed leaves the question open',
    three +
      '---\napiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: { name: c, namespace: a }\nspec: {}' +
      policy('a/p', '{ podSelector: { matchLabels: { app: db } } }'),
    {
      'b/web -> a/db : TCP 1': 'depends on vendor-policies',
      'a/db -> b/web : TCP 1': 'depends on vendor-policies',
      'b/web -> b/web : TCP 1': 'allowed',
    },
  ],
  [
    '1.7.55 a policy that only narrows opens nothing',
    three +
      '---\napiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: { name: c, namespace: a }\nspec: {}' +
      policy('a/p', '{ podSelector: { matchLabels: { app: db } } }'),
    { 'b/web -> a/db : TCP 1': 'denied', 'b/web -> a/web : TCP 1': 'depends on vendor-policies' },
  ],
];

describe('NetworkPolicy', () => {
  test.each(rows.map((row) => ({ rule: row[0], row })))('$rule', ({ row }) => expect(answersTo(row)).toEqual(row[2]));

  test('the proof names the rule that admits, and the policies that isolate', () => {
    const network = networkOf(
      three +
        policy('a/deny', '{ podSelector: {} }') +
        policy('a/allow', `{ podSelector: { matchLabels: { app: db } }, ingress: [{ ports: [{ port: 9 }] }, ${fromWeb}] }`),
    );
    const allowed = ask(network, 'a/web -> a/db : TCP 5432');
    expect(allowed.because.map(({ note, at }) => [note, at])).toEqual([
      ['no NetworkPolicy selects a/Deployment/web for egress', ['spec', 'template', 'spec']],
      ['ingress rule 2 of NetworkPolicy a/allow admits it', ['spec', 'ingress', 1]],
    ]);
    const denied = ask(network, 'b/web -> a/db : TCP 5432');
    expect(denied.because.map(({ object }) => object.ref.name)).toEqual(['allow', 'deny']);
    expect(denied.egress.implicit).toBe(true);
  });
});
