import { describe, expect, it, test } from 'vitest';
import { dnsAccess } from './dns.ts';
import { derivedFlows, type DerivedKind, isDeclared, necessaryFlows } from './derived.ts';
import { eachOf } from './derived-flow.ts';
import { flowsCutByIsolation } from './egress.ts';
import { denyIngressManifests, dnsEgressManifests, missingFromEgress, missingFromIngress } from './remedy-manifests.ts';
import { unexpectedFlows } from './unexpected.ts';
import { answer, ask, type FixtureOptions, namespace as ns, networkOf, pod, policy, workload } from './fixture.ts';
import { type NetworkModel, withObjects } from './network.ts';
import { settledBy } from './profiles.ts';

const lines = (network: NetworkModel, kind: DerivedKind): readonly string[] =>
  derivedFlows(network)
    .filter((flow) => flow.kind === kind)
    .map(({ from, to, protocol, port, ruling, need }) => {
      const { answer, assumptions } = ruling;
      const on = assumptions.length === 0 ? '' : ` ${answer === 'depends' ? 'on' : 'given'} ${assumptions.join(', ')}`;
      return `${from.id} -> ${to.id} ${protocol} ${port ?? '?'}: ${answer}${on}${need === 'possible' ? ' (possible)' : ''}`;
    });

const account = (spec: string) => pod('a/op', '', `{ serviceAccountName: op${spec}, containers: [{ name: main, image: x }] }`);
const serviceAccount = (rest = '') =>
  `\n---\napiVersion: v1\nkind: ServiceAccount\nmetadata: { name: op, namespace: a }\n${rest}\n`;
const binding =
  '\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: { name: op }\nroleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view }\nsubjects: [{ kind: ServiceAccount, name: op, namespace: a }]\n';
const slice = (port: number, ...addresses: readonly string[]) =>
  `\n---\napiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: { name: kubernetes, namespace: default, labels: { kubernetes.io/service-name: kubernetes } }\naddressType: IPv4\nendpoints: [${addresses.map((address) => `{ addresses: [${address}] }`).join(', ')}]\nports: [{ name: https, port: ${port}, protocol: TCP }]\n`;
const egress = (rules: string) => policy('a/out', `{ podSelector: {}, policyTypes: [Egress], egress: [${rules}] }`);
const toBlock = (cidr: string, port: number) => `{ to: [{ ipBlock: { cidr: ${cidr} } }], ports: [{ port: ${port} }] }`;
const bound = ns('a') + account('') + serviceAccount() + binding;
const rbac = { complete: ['RoleBinding', 'ClusterRoleBinding'] };

type Row = readonly [rule: string, yaml: string, expected: readonly string[], options?: FixtureOptions];
const apiServer: readonly Row[] = [
  ['an egress that nothing isolates reaches it', bound, ['a/Deployment/op -> API server TCP ?: allowed']],
  ['no rule for any address denies it', bound + egress(''), ['a/Deployment/op -> API server TCP ?: denied']],
  [
    'a rule for Pods alone denies it: it is no Pod that a selector could name',
    bound + egress('{ to: [{ namespaceSelector: {} }] }'),
    ['a/Deployment/op -> API server TCP ?: denied'],
  ],
  [
    'a rule for addresses on a port where none listens denies it',
    bound + egress(toBlock('0.0.0.0/0', 5432)),
    ['a/Deployment/op -> API server TCP ?: denied'],
  ],
  [
    'a rule for some addresses leaves it open while nobody shows which are its own',
    bound + egress(toBlock('10.0.0.0/8', 443)),
    ['a/Deployment/op -> API server TCP ?: depends on control-plane-address'],
  ],
  [
    'a rule for every address on one of the usual ports leaves it open',
    bound + egress(toBlock('0.0.0.0/0', 443)),
    ['a/Deployment/op -> API server TCP ?: depends on control-plane-address'],
  ],
  [
    'a rule for every address on both usual ports reaches it',
    bound + egress('{ to: [{ ipBlock: { cidr: 0.0.0.0/0 } }] }'),
    ['a/Deployment/op -> API server TCP ?: allowed'],
  ],
  [
    'its EndpointSlice shows address and port',
    bound + slice(6443, '10.0.0.1', '10.0.0.2') + egress(toBlock('10.0.0.0/30', 6443)),
    ['a/Deployment/op -> API server TCP 6443: allowed'],
  ],
  [
    'every one of its addresses is needed',
    bound + slice(6443, '10.0.0.1', '10.0.0.9') + egress(toBlock('10.0.0.0/30', 6443)),
    ['a/Deployment/op -> API server TCP 6443: denied'],
  ],
  [
    'the port of Service kubernetes is not the port that policies see',
    bound + slice(6443, '10.0.0.1') + egress(toBlock('10.0.0.1/32', 443)),
    ['a/Deployment/op -> API server TCP 6443: denied'],
  ],
  [
    'its Endpoints show the same',
    bound +
      '\n---\napiVersion: v1\nkind: Endpoints\nmetadata: { name: kubernetes, namespace: default }\nsubsets: [{ addresses: [{ ip: 10.0.0.1 }], ports: [{ port: 6443 }] }]\n' +
      egress(toBlock('10.0.0.1/32', 6443)),
    ['a/Deployment/op -> API server TCP 6443: allowed'],
  ],
  [
    'the EndpointSlice of another Service is not its own',
    bound +
      slice(6443, '10.0.0.1').replaceAll('kubernetes,', 'other,').replace('name: kubernetes }', 'name: other }') +
      egress(''),
    ['a/Deployment/op -> API server TCP ?: denied'],
  ],
  [
    'a plugin that sees the Service before it is replaced wants its address',
    bound +
      slice(443, '10.0.0.1') +
      '\n---\napiVersion: v1\nkind: Service\nmetadata: { name: kubernetes, namespace: default }\nspec: { clusterIP: 172.20.0.1, ports: [{ port: 443 }] }\n' +
      egress(toBlock('10.0.0.1/32', 443)),
    ['a/Deployment/op -> API server TCP 443: denied'],
    { profile: settledBy('aws-vpc-cni') },
  ],
  [
    'without enforcement nothing denies it',
    bound + egress(''),
    ['a/Deployment/op -> API server TCP ?: allowed given no-enforcement'],
    { profile: settledBy('none') },
  ],

  [
    'a plugin that may leave nodes out of blocks may leave out the control plane',
    bound + slice(6443, '10.0.0.1') + egress(toBlock('10.0.0.0/30', 6443)),
    ['a/Deployment/op -> API server TCP 6443: depends on node-addresses'],
    { profile: settledBy('cilium') },
  ],
  [
    'and matches it where a rule names nobody',
    bound + slice(6443, '10.0.0.1') + egress('{ ports: [{ port: 6443 }] }'),
    ['a/Deployment/op -> API server TCP 6443: allowed'],
    { profile: settledBy('cilium') },
  ],
  [
    'and where nothing isolates',
    bound + slice(6443, '10.0.0.1'),
    ['a/Deployment/op -> API server TCP 6443: allowed'],
    { profile: settledBy('cilium') },
  ],
  [
    'a managed control plane is no node',
    bound + slice(443, '10.0.0.1') + egress(toBlock('10.0.0.0/30', 443)),
    ['a/Deployment/op -> API server TCP 443: allowed'],
    { profile: settledBy('gke-dataplane-v2') },
  ],
  [
    'a Pod that forbids the token needs it not',
    ns('a') + account(', automountServiceAccountToken: false') + binding + egress(''),
    [],
  ],
  [
    'an account that forbids the token needs it not',
    ns('a') + account('') + serviceAccount('automountServiceAccountToken: false') + binding + egress(''),
    [],
  ],
  [
    'the Pod overrides its account',
    ns('a') +
      account(', automountServiceAccountToken: true') +
      serviceAccount('automountServiceAccountToken: false') +
      binding +
      egress(''),
    ['a/Deployment/op -> API server TCP ?: denied'],
  ],
  [
    'an account that is in no source may forbid the token',
    ns('a') + account('') + binding + egress(''),
    ['a/Deployment/op -> API server TCP ?: denied (possible)'],
  ],
  [
    'a projected token needs no automount',
    ns('a') +
      account(
        ', automountServiceAccountToken: false, volumes: [{ name: t, projected: { sources: [{ serviceAccountToken: { path: t } }] } }]',
      ) +
      binding +
      egress(''),
    ['a/Deployment/op -> API server TCP ?: denied'],
  ],
  [
    'a projected token for another audience is for another server',
    ns('a') +
      account(
        ', automountServiceAccountToken: false, volumes: [{ name: t, projected: { sources: [{ serviceAccountToken: { path: t, audience: vault } }] } }]',
      ) +
      binding +
      egress(''),
    [],
  ],
  ['a token without rights is of no use', ns('a') + account('') + serviceAccount() + egress(''), [], rbac],
  [
    'rights that nobody shows may be there',
    ns('a') + account('') + serviceAccount() + egress(''),
    ['a/Deployment/op -> API server TCP ?: denied (possible)'],
  ],
  ['the token of the account default is everybody’s, and says nothing', ns('a') + pod('a/web') + egress(''), []],
  [
    'a binding of another namespace’s account gives nothing',
    ns('a') + account('') + serviceAccount() + binding.replace('namespace: a', 'namespace: b') + egress(''),
    [],
    rbac,
  ],
];

const named = (rows: readonly Row[]) => rows.map(([rule, yaml, expected, options]) => ({ rule, yaml, expected, options }));

describe('1.6.41 egress to the API server', () => {
  test.each(named(apiServer))('$rule', ({ yaml, expected, options }) => {
    expect(lines(networkOf(yaml, options), 'api-server')).toEqual(expected);
  });
});

const hook = pod('a/hook', '', '{ containers: [{ name: main, image: x, ports: [{ name: tls, containerPort: 9443 }] }] }');
const hookService =
  '\n---\napiVersion: v1\nkind: Service\nmetadata: { name: hook, namespace: a }\nspec: { selector: { app: hook }, ports: [{ port: 443, targetPort: tls }, { port: 8443, targetPort: 8443 }] }\n';
const validating = (port = '') =>
  `\n---\napiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata: { name: v }\nwebhooks: [{ name: v.example.com, clientConfig: { service: { name: hook, namespace: a${port} } } }]\n`;
const hooked = ns('a') + hook + hookService;
const ingress = (rules: string) => policy('a/in', `{ podSelector: {}, policyTypes: [Ingress], ingress: [${rules}] }`);
const from = (peer: string, port = 9443) => `{ from: [${peer}], ports: [{ port: ${port} }] }`;
const toHook = 'API server -> a/Deployment/hook TCP 9443';

const webhooks: readonly Row[] = [
  ['nothing isolates it', hooked + validating(), [`${toHook}: allowed`]],
  ['a denial of everybody denies it', hooked + validating() + ingress(''), [`${toHook}: denied`]],
  [
    'everybody is let in at the target port',
    hooked + validating() + ingress('{ ports: [{ port: 9443 }] }'),
    [`${toHook}: allowed`],
  ],
  [
    'the port of the Service is not the port that policies see',
    hooked + validating() + ingress('{ ports: [{ port: 443 }] }'),
    [`${toHook}: denied`],
  ],
  [
    'Pods of the own namespace are not the API server',
    hooked + validating() + ingress(from('{ podSelector: {} }')),
    [`${toHook}: denied`],
  ],
  [
    'Pods of kube-system may be the way of a managed control plane',
    hooked + validating() + ingress(from('{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } } }')),
    [`${toHook}: depends on control-plane-address, unseen-peer`],
  ],
  [
    'a block may hold the control plane',
    hooked + validating() + ingress(from('{ ipBlock: { cidr: 10.0.0.0/24 } }')),
    [`${toHook}: depends on control-plane-address`],
  ],
  [
    'a block of the addresses at which it listens lets it in, if it connects from them',
    hooked + validating() + slice(6443, '10.0.0.1') + ingress(from('{ ipBlock: { cidr: 10.0.0.0/24 } }')),
    [`${toHook}: allowed given control-plane-source`],
  ],
  [
    'a plugin that may leave nodes out of blocks may leave out the control plane',
    hooked + validating() + slice(6443, '10.0.0.1') + ingress(from('{ ipBlock: { cidr: 10.0.0.0/24 } }')),
    [`${toHook}: depends on control-plane-source, node-addresses`],
    { profile: settledBy('cilium') },
  ],
  [
    'a block without them may still hold where it connects from',
    hooked + validating() + slice(6443, '10.0.9.1') + ingress(from('{ ipBlock: { cidr: 10.0.0.0/24 } }')),
    [`${toHook}: depends on control-plane-source`],
  ],
  ['a port of its own', hooked + validating(', port: 8443') + ingress(''), ['API server -> a/Deployment/hook TCP 8443: denied']],
  ['a Service that is in no source is no flow', ns('a') + hook + validating() + ingress(''), []],
  ['a webhook of the platform is not under review', hooked + validating() + ingress(''), [], { platform: ['a'] }],
];

describe('1.6.42 ingress from the API server', () => {
  test.each(named(webhooks))('admission webhook: $rule', ({ yaml, expected, options }) => {
    expect(lines(networkOf(yaml, options), 'admission-webhook')).toEqual(expected);
  });

  it.each([
    [
      'aggregated-api',
      'apiVersion: apiregistration.k8s.io/v1\nkind: APIService\nmetadata: { name: v1.x }\nspec: { service: { name: hook, namespace: a } }',
    ],
    [
      'conversion-webhook',
      'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: { name: x }\nspec: { conversion: { strategy: Webhook, webhook: { clientConfig: { service: { name: hook, namespace: a } } } } }',
    ],
    [
      'admission-webhook',
      'apiVersion: admissionregistration.k8s.io/v1\nkind: MutatingWebhookConfiguration\nmetadata: { name: m }\nwebhooks: [{ name: m.example.com, clientConfig: { service: { name: hook, namespace: a } } }]',
    ],
  ] as const)('%s', (kind, object) => {
    expect(lines(networkOf(`${hooked}\n---\n${object}\n${ingress('')}`), kind)).toEqual([`${toHook}: denied`]);
  });

  it('an APIService that the API server answers itself, and a webhook by URL, need nothing', () => {
    const objects =
      '\n---\napiVersion: apiregistration.k8s.io/v1\nkind: APIService\nmetadata: { name: v1.apps }\nspec: { group: apps }\n---\napiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata: { name: v }\nwebhooks: [{ name: v.example.com, clientConfig: { url: "https://hook.example.com" } }]\n';
    expect(necessaryFlows(networkOf(hooked + objects + ingress('')))).toEqual([]);
  });
});

const three = ns('a') + pod('a/web');
const toOne = egress(toBlock('10.0.0.1/32', 443));
const dnsPods = pod('kube-system/coredns', 'k8s-app: kube-dns', '{ containers: [{ name: main, image: x }] }') + ns('kube-system');
const cache =
  '\n---\napiVersion: apps/v1\nkind: DaemonSet\nmetadata: { name: node-local-dns, namespace: kube-system }\nspec: { selector: { matchLabels: { k8s-app: node-local-dns } }, template: { metadata: { labels: { k8s-app: node-local-dns } }, spec: { hostNetwork: true, containers: [{ name: node-cache, image: x, args: [-localip, "169.254.25.10,10.96.0.10"] }] } } }\n';
const toDns = egress(
  '{ to: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } } }], ports: [{ port: 53, protocol: UDP }] }',
);

describe('1.6.40 DNS', () => {
  const here = { platform: ['kube-system'] };

  it('over UDP and TCP to the real Pods', () => {
    expect(lines(networkOf(ns('a') + pod('a/web') + dnsPods + toDns, here), 'dns')).toEqual([
      'a/Deployment/web -> kube-system/Deployment/coredns UDP 53: allowed',
      'a/Deployment/web -> kube-system/Deployment/coredns TCP 53: denied',
    ]);
  });

  it('to the cache on the node, at the address that it is told to listen at', () => {
    const network = networkOf(ns('a') + pod('a/web') + dnsPods + cache + toDns, here);
    expect(lines(network, 'dns')).toEqual([
      'a/Deployment/web -> 169.254.25.10 UDP 53: denied',
      'a/Deployment/web -> 169.254.25.10 TCP 53: denied',
    ]);
  });

  it('to the cache that a Pod names itself', () => {
    const own = pod(
      'a/web',
      '',
      '{ dnsPolicy: None, dnsConfig: { nameservers: [169.254.20.10] }, containers: [{ name: main, image: x }] }',
    );
    const network = networkOf(ns('a') + own + egress(toBlock('169.254.20.10/32', 53)), here);
    expect(lines(network, 'dns')).toEqual([
      'a/Deployment/web -> 169.254.20.10 UDP 53: denied',
      'a/Deployment/web -> 169.254.20.10 TCP 53: allowed',
    ]);
    // The own node is exempt with many plugins, so that a denial there is not certain.
    const { UDP, TCP, assumptions } = dnsAccess(network, workload(network, 'a/web'));
    expect([UDP, TCP, assumptions]).toEqual(['depends', 'explicit', ['host-network']]);
  });
});

describe('scrapes and entries', () => {
  const prometheus = pod('mon/prometheus', '', '{ containers: [{ name: main, image: prom/prometheus:v3 }] }') + ns('mon');
  const web = pod(
    'a/web',
    '',
    '{ containers: [{ name: main, image: x, ports: [{ name: metrics, containerPort: 9100 }, { name: http, containerPort: 8080 }] }] }',
  );
  const service =
    '\n---\napiVersion: v1\nkind: Service\nmetadata: { name: web, namespace: a }\nspec: { selector: { app: web }, ports: [{ port: 80, targetPort: http }] }\n';
  const route =
    '\n---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: { name: web, namespace: a }\nspec: { parentRefs: [{ name: gw, namespace: edge }], rules: [{ backendRefs: [{ name: web, port: 80 }] }] }\n';
  const proxy = pod('edge/proxy', 'gateway.networking.k8s.io/gateway-name: gw') + ns('edge');

  it('a scrape of a metrics port', () => {
    const network = networkOf(ns('a') + web + prometheus + ingress(''), { platform: ['mon'] });
    expect(lines(network, 'scrape')).toEqual(['mon/Deployment/prometheus -> a/Deployment/web TCP 9100: denied']);
  });

  it('a route of the Gateway API to the target port of its backend', () => {
    const network = networkOf(ns('a') + web + service + route + proxy + ingress(from('{ namespaceSelector: {} }', 8080)), {
      platform: ['edge'],
    });
    expect(lines(network, 'entry')).toEqual(['edge/Deployment/proxy -> a/Deployment/web TCP 8080: allowed']);
  });
});

describe('several addresses', () => {
  it('must all be allowed: a denial decides, then a doubt', () => {
    const network = networkOf(three + toOne);
    const of = (address: string) => ask(network, `a/web -> ${address} : TCP 443`);
    const [allowed, denied, open] = [of('10.0.0.1'), of('10.0.0.2'), of('10.0.0.0/30')];
    expect([allowed, denied, open].map((ruling) => ruling.answer)).toEqual(['allowed', 'denied', 'depends']);
    expect(eachOf([allowed, open]).answer).toBe('depends');
    expect(eachOf([open, denied]).answer).toBe('denied');
    expect(eachOf([allowed, allowed]).answer).toBe('allowed');
  });
});

describe('derived and declared', () => {
  it('a flow that somebody declared needs no second answer', () => {
    const yaml = bound + slice(6443, '10.0.0.1') + hooked.replace(ns('a'), '') + validating() + egress('');
    const declared = (traffic: NonNullable<FixtureOptions['traffic']>) =>
      necessaryFlows(networkOf(yaml, { traffic })).map((flow) => [flow.kind, isDeclared(networkOf(yaml, { traffic }), flow)]);
    expect(declared([{ from: 'a/op', to: '10.0.0.0/24', port: 6443 }])).toEqual([
      ['api-server', true],
      ['admission-webhook', false],
    ]);
    expect(declared([{ from: 'a/op', to: '10.0.0.0/24', port: 443 }])).toContainEqual(['api-server', false]);
    expect(declared([{ from: '10.0.0.1', to: 'a/hook', port: 9443 }])).toContainEqual(['admission-webhook', true]);
  });

  it('isolation would cut the API server, where its addresses are known', () => {
    const cut = (yaml: string) => {
      const network = networkOf(yaml);
      return flowsCutByIsolation(network, workload(network, 'a/op')).map(({ to, port }) => `${to.id} ${port}`);
    };
    expect(cut(bound + slice(6443, '10.0.0.1', '10.0.0.2'))).toEqual(['10.0.0.1 6443', '10.0.0.2 6443']);
    expect(cut(bound)).toEqual([]);
  });

  it('names the policy and the rule that decide', () => {
    const [flow] = necessaryFlows(networkOf(bound + egress('{ to: [{ ipBlock: { cidr: 0.0.0.0/0 } }] }')));
    expect(flow?.ruling.because.map(({ note, at }) => `${note} ${at.join('.')}`)).toContain(
      'egress rule 1 of NetworkPolicy a/out admits it spec.egress.0',
    );
  });
});

describe('what follows from derived flows', () => {
  const prometheus = pod('mon/prometheus', '', '{ containers: [{ name: main, image: prom/prometheus:v3 }] }') + ns('mon');
  const metrics = pod('a/web', '', '{ containers: [{ name: main, image: x, ports: [{ name: metrics, containerPort: 9100 }] }] }');
  const route =
    '\n---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: { name: web, namespace: a }\nspec: { parentRefs: [{ name: gw, namespace: edge }], rules: [{ backendRefs: [{ name: web, port: 80 }] }] }\n---\napiVersion: v1\nkind: Service\nmetadata: { name: web, namespace: a }\nspec: { selector: { app: web }, ports: [{ port: 80, targetPort: 8080 }] }\n';

  it('a proposed denial of ingress keeps scrapes and webhooks open', () => {
    const before = networkOf(hooked + validating() + metrics + prometheus, { platform: ['mon'] });
    const after = withObjects(before, denyIngressManifests(before));
    const answers = (network: NetworkModel) => derivedFlows(network).map(({ kind, ruling }) => `${kind} ${ruling.answer}`);
    expect(answers(after)).toEqual(answers(before));
    expect(answers(after)).toContain('admission-webhook allowed');
    expect(answers(after)).toContain('scrape allowed');
    expect(answer(after, 'mon/prometheus -> a/web : TCP 9101')).toBe('denied');
  });

  it('a proposed rule for the DNS keeps the API server open where its addresses are known, and says so where they are not', () => {
    const before = networkOf(bound + slice(6443, '10.0.0.1'));
    const after = withObjects(before, dnsEgressManifests(before));
    expect(lines(after, 'api-server')).toEqual(['a/Deployment/op -> API server TCP 6443: allowed']);
    expect(answer(after, 'a/op -> 10.0.0.2 : TCP 6443')).toBe('denied');
    expect(missingFromEgress(before)).toEqual([]);
    expect(missingFromEgress(networkOf(bound))).toEqual([expect.stringContaining('a/Deployment/op needs the API server')]);
  });

  it('a proposed denial says which entries it cannot name', () => {
    const network = networkOf(ns('a') + metrics + route);
    expect(missingFromIngress(network)).toEqual([expect.stringContaining('HTTPRoute a/web sends traffic there, to port 8080')]);
    expect(JSON.stringify(denyIngressManifests(network))).not.toContain('"kubernetes.io/metadata.name":""');
  });

  it('a webhook that everybody may reach is no flow that nobody intended; one that some Pods may reach is', () => {
    const sources = (yaml: string) => new Set(unexpectedFlows(networkOf(yaml, { traffic: [] }))?.flows.map((flow) => flow.from));
    const open = ingress('{ ports: [{ port: 9443 }] }');
    expect(sources(hooked + validating() + open)).toEqual(new Set());
    expect(sources(hooked + validating() + ingress('{ ports: [{ port: 9444 }] }'))).toContain('0.0.0.0/0, ::/0');
    expect(
      sources(hooked + validating() + pod('a/web') + ingress(from('{ podSelector: { matchLabels: { app: web } } }'))),
    ).toEqual(new Set(['a/Deployment/web']));
    expect(sources(hooked + open)).toContain('0.0.0.0/0, ::/0');
  });

  it('a backend of a route is expected', () => {
    const edge = pod('edge/proxy', 'gateway.networking.k8s.io/gateway-name: gw') + ns('edge');
    const open = ingress(from('{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: edge } } }', 8080));
    const network = networkOf(ns('a') + metrics + route + edge + open, { traffic: [], platform: ['edge'] });
    expect(unexpectedFlows(network)?.flows).toEqual([]);
  });
});
