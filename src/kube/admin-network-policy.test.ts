import { describe, expect, test } from 'vitest';
import { formatPath } from '../model/judgement.ts';
import { readTierPolicy, type TierPolicy } from './admin-network-policy.ts';
import { formatRange } from './address.ts';
import { formatSelector } from './selector.ts';
import { kubeObject } from './testing.ts';

const apis = {
  ANP: 'apiVersion: policy.networking.k8s.io/v1alpha1\nkind: AdminNetworkPolicy',
  BANP: 'apiVersion: policy.networking.k8s.io/v1alpha1\nkind: BaselineAdminNetworkPolicy',
  CNP: 'apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy',
} as const;
type Kind = keyof typeof apis;

function read(kind: Kind, spec: string, name = 'default'): TierPolicy {
  const policy = readTierPolicy(kubeObject(`${apis[kind]}\nmetadata: { name: ${name} }\nspec: ${spec}`));
  if (policy === undefined) throw new Error('no policy');
  return policy;
}

const heads: Readonly<Record<Kind, string>> = {
  ANP: 'priority: 5, subject: { namespaces: {} }',
  BANP: 'subject: { namespaces: {} }',
  CNP: 'tier: Admin, priority: 5, subject: { namespaces: {} }',
};
const withRule = (kind: Kind, direction: 'ingress' | 'egress', rule: string) =>
  read(kind, `{ ${heads[kind]}, ${direction}: [${rule}] }`);
const problems = (policy: TierPolicy) => policy.invalid.map(({ path }) => formatPath(path));

describe('the three kinds in one shape', () => {
  test.each<[Kind, string, Pick<TierPolicy, 'tier' | 'priority'>]>([
    ['ANP', '{ priority: 7, subject: { namespaces: {} } }', { tier: 'admin', priority: 7 }],
    ['BANP', '{ subject: { namespaces: {} } }', { tier: 'baseline', priority: 0 }],
    ['CNP', '{ tier: Admin, priority: 0, subject: { namespaces: {} } }', { tier: 'admin', priority: 0 }],
    ['CNP', '{ tier: Baseline, priority: 1000, subject: { namespaces: {} } }', { tier: 'baseline', priority: 1000 }],
  ])('%s %s', (kind, spec, expected) => {
    expect(read(kind, spec)).toMatchObject({ ...expected, invalid: [] });
  });

  test.each<[Kind, string, string]>([
    ['ANP', 'Allow', 'allow'],
    ['ANP', 'Pass', 'pass'],
    ['BANP', 'Deny', 'deny'],
    ['CNP', 'Accept', 'allow'],
    ['CNP', 'Pass', 'pass'],
  ])('%s action %s', (kind, action, expected) => {
    const policy = withRule(kind, 'ingress', `{ name: first, action: ${action}, from: [{ namespaces: {} }] }`);
    expect(policy.ingress).toMatchObject([{ index: 0, name: 'first', action: expected, ports: undefined }]);
    expect(policy.invalid).toEqual([]);
  });

  test('other groups and kinds are not read', () => {
    expect(
      readTierPolicy(kubeObject('apiVersion: crd.antrea.io/v1beta1\nkind: ClusterNetworkPolicy\nmetadata: { name: a }')),
    ).toBeUndefined();
    expect(
      readTierPolicy(kubeObject('apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: a }')),
    ).toBeUndefined();
  });
});

describe('subject', () => {
  const subject = (kind: Kind, text: string) => {
    const policy = read(kind, `{ ${heads[kind].replace('subject: { namespaces: {} }', `subject: ${text}`)} }`);
    const { namespaceSelector, podSelector } = policy.subject;
    return [formatSelector(namespaceSelector), formatSelector(podSelector), ...problems(policy)];
  };
  test.each<[string, Kind, string, readonly string[]]>([
    ['namespaces: every Pod of them', 'ANP', '{ namespaces: { matchLabels: { a: b } } }', ['a=b', '']],
    ['pods: both selectors', 'CNP', '{ pods: { namespaceSelector: {}, podSelector: { matchLabels: { a: b } } } }', ['', 'a=b']],
    ['v1alpha2 may leave out the namespaceSelector', 'CNP', '{ pods: { podSelector: {} } }', ['', '']],
    ['v1alpha1 may not', 'ANP', '{ pods: { podSelector: {} } }', ['', '', 'spec.subject.pods']],
    [
      'a podSelector is required, and nobody is guessed at',
      'CNP',
      '{ pods: { namespaceSelector: { matchLabels: { a: b } } } }',
      ['', '', 'spec.subject.pods'],
    ],
    ['both', 'ANP', '{ namespaces: {}, pods: { namespaceSelector: {}, podSelector: {} } }', ['', '', 'spec.subject']],
    ['neither', 'CNP', '{}', ['', '', 'spec.subject']],
    ['null is absent', 'CNP', '{ namespaces: null }', ['', '', 'spec.subject']],
    ['an unknown field', 'ANP', '{ namespaceSelector: {} }', ['', '', 'spec.subject.namespaceSelector']],
    [
      'sameLabels, which the API has no more',
      'ANP',
      '{ namespaces: { sameLabels: [tenant] } }',
      ['', '', 'spec.subject.namespaces.sameLabels'],
    ],
  ])('%s', (_, kind, text, expected) => {
    expect(subject(kind, text)).toEqual(expected);
  });
});

describe('peers', () => {
  const peersOf = (kind: Kind, direction: 'ingress' | 'egress', list: string, action = 'Deny') => {
    const field = direction === 'ingress' ? 'from' : 'to';
    const policy = withRule(kind, direction, `{ action: ${action}, ${field}: ${list} }`);
    const kinds = policy[direction][0]?.peers.map((peer) =>
      peer.kind === 'networks'
        ? peer.ranges.map(formatRange).join(' ')
        : peer.kind === 'domains'
          ? peer.names.join(' ')
          : peer.kind,
    );
    return [kinds, problems(policy)];
  };
  const at = 'spec.egress[0].to';
  test.each<[string, Parameters<typeof peersOf>, readonly [readonly string[], readonly string[]]]>([
    [
      'namespaces and pods',
      ['ANP', 'ingress', '[{ namespaces: {} }, { pods: { namespaceSelector: {}, podSelector: {} } }]'],
      [['pods', 'pods'], []],
    ],
    [
      'nodes and networks',
      ['ANP', 'egress', '[{ nodes: {} }, { networks: [10.1.2.3/8, "fd00::/8"] }]'],
      [['nodes', '10.0.0.0/8 fd00::/8'], []],
    ],
    [
      'domain names',
      ['CNP', 'egress', '[{ domainNames: [example.org, "*.example.org"] }]', 'Accept'],
      [['example.org *.example.org'], []],
    ],
    [
      'domain names are never denied',
      ['CNP', 'egress', '[{ domainNames: [example.org] }]'],
      [['example.org'], [`${at}[0].domainNames`]],
    ],
    [
      'the baseline of v1alpha1 has no domain names',
      ['BANP', 'egress', '[{ domainNames: [example.org] }]', 'Allow'],
      [['unreadable'], [`${at}[0].domainNames`]],
    ],
    [
      'a wildcard stands in front',
      ['CNP', 'egress', '[{ domainNames: ["a.*.org"] }]', 'Accept'],
      [['unreadable'], [`${at}[0].domainNames[0]`]],
    ],
    ['an empty peer', ['ANP', 'egress', '[{}]'], [['unreadable'], [`${at}[0]`]]],
    ['an unknown peer', ['CNP', 'egress', '[{ services: {} }]'], [['unreadable'], [`${at}[0].services`]]],
    ['two in one', ['CNP', 'egress', '[{ namespaces: {}, networks: [0.0.0.0/0] }]'], [['unreadable'], [`${at}[0]`]]],
    [
      'networks for ingress',
      ['CNP', 'ingress', '[{ networks: [0.0.0.0/0] }]'],
      [['unreadable'], ['spec.ingress[0].from[0].networks']],
    ],
    ['no peer', ['ANP', 'egress', '[]'], [['unreadable'], [at]]],
    [
      'notSameLabels',
      ['ANP', 'ingress', '[{ namespaces: { notSameLabels: [tenant] } }]'],
      [['unreadable'], ['spec.ingress[0].from[0].namespaces.notSameLabels']],
    ],
    ['a network that is an address', ['ANP', 'egress', '[{ networks: [10.0.0.1] }]'], [['unreadable'], [`${at}[0].networks[0]`]]],
    [
      'IPv4 inside of IPv6',
      ['ANP', 'egress', '[{ networks: ["::ffff:10.0.0.0/104"] }]'],
      [['unreadable'], [`${at}[0].networks[0]`]],
    ],
    ['leading zeros', ['ANP', 'egress', '[{ networks: ["010.0.0.0/8"] }]'], [['unreadable'], [`${at}[0].networks[0]`]]],
    ['no networks', ['ANP', 'egress', '[{ networks: [] }]'], [['unreadable'], [`${at}[0].networks`]]],
    [
      'a network twice',
      ['ANP', 'egress', '[{ networks: [10.0.0.0/8, 10.0.0.0/8] }]'],
      [['10.0.0.0/8 10.0.0.0/8'], [`${at}[0].networks`]],
    ],
    [
      '26 networks',
      ['ANP', 'egress', `[{ networks: [${Array.from({ length: 26 }, (_, i) => `10.${i}.0.0/16`).join(', ')}] }]`],
      [[expect.any(String) as string], [`${at}[0].networks`]],
    ],
  ])('%s', (_, parts, expected) => {
    expect(peersOf(...parts)).toEqual(expected);
  });
});

test('v1beta1 refuses a network with host bits', () => {
  const peers = (version: string) =>
    readTierPolicy(
      kubeObject(
        `${apis.CNP.replace('v1alpha2', version)}\nmetadata: { name: a }\nspec: { ${heads.CNP}, egress: [{ action: Deny, to: [{ networks: [10.1.2.3/8, 11.0.0.0/8, "fd00::/8"] }] }] }`,
      ),
    )?.invalid.map(({ path }) => formatPath(path));
  expect([peers('v1alpha2'), peers('v1beta1')]).toEqual([[], ['spec.egress[0].to[0].networks[0]']]);
});

describe('ports', () => {
  const portsOf = (kind: Kind, list: string, peer = '{ namespaces: {} }') => {
    const field = kind === 'CNP' ? 'protocols' : 'ports';
    const policy = withRule(kind, 'egress', `{ action: Deny, to: [${peer}], ${field}: ${list} }`);
    const found = policy.egress[0]?.ports?.map((port) =>
      port.kind === 'range'
        ? `${port.protocol} ${port.first}-${port.last}`
        : port.kind === 'protocol'
          ? `${port.protocol} *`
          : port.kind === 'named'
            ? port.name
            : port.kind,
    );
    return [found, problems(policy).map((path) => path.replace(`spec.egress[0].${field}`, '…'))];
  };
  test.each<[string, Parameters<typeof portsOf>, readonly [readonly string[] | undefined, readonly string[]]]>([
    ['null is absent: every port', ['ANP', 'null'], [undefined, []]],
    [
      'a number: TCP by default',
      ['ANP', '[{ portNumber: { port: 80 } }, { portNumber: { protocol: UDP, port: 53 } }]'],
      [['TCP 80-80', 'UDP 53-53'], []],
    ],
    ['a range', ['BANP', '[{ portRange: { start: 80, end: 90 } }]'], [['TCP 80-90'], []]],
    ['a name has no protocol', ['ANP', '[{ namedPort: web }]'], [['web'], []]],
    [
      'v1alpha2',
      [
        'CNP',
        '[{ tcp: { destinationPort: { number: 80 } } }, { sctp: { destinationPort: { range: { start: 1, end: 9 } } } }, { destinationNamedPort: web }]',
      ],
      [['TCP 80-80', 'SCTP 1-9', 'web'], []],
    ],
    ['a protocol without port', ['CNP', '[{ udp: {} }]'], [['UDP *'], ['…[0].udp']]],
    ['start must be less than end', ['ANP', '[{ portRange: { start: 80, end: 80 } }]'], [['unreadable'], ['…[0].portRange']]],
    [
      'start must be less than end (v1alpha2)',
      ['CNP', '[{ tcp: { destinationPort: { range: { start: 9, end: 8 } } } }]'],
      [['unreadable'], ['…[0].tcp.destinationPort.range']],
    ],
    ['port 0', ['ANP', '[{ portNumber: { port: 0 } }]'], [['unreadable'], ['…[0].portNumber']]],
    [
      'a port as text',
      ['CNP', '[{ tcp: { destinationPort: { number: "80" } } }]'],
      [['unreadable'], ['…[0].tcp.destinationPort']],
    ],
    [
      'number and range',
      ['CNP', '[{ tcp: { destinationPort: { number: 80, range: { start: 1, end: 9 } } } }]'],
      [['unreadable'], ['…[0].tcp.destinationPort']],
    ],
    [
      'protocols are written in capitals',
      ['ANP', '[{ portNumber: { protocol: tcp, port: 80 } }]'],
      [['unreadable'], ['…[0].portNumber.protocol']],
    ],
    ['an empty entry', ['ANP', '[{}]'], [['unreadable'], ['…[0]']]],
    ['an empty list', ['CNP', '[]'], [['unreadable'], ['…']]],
    ['a field of the other generation', ['CNP', '[{ portNumber: { port: 80 } }]'], [['unreadable'], ['…[0].portNumber', '…[0]']]],
    ['names do not go with networks', ['ANP', '[{ namedPort: web }]', '{ networks: [10.0.0.0/8] }'], [['web'], ['…[0]']]],
    ['names do not go with nodes', ['CNP', '[{ destinationNamedPort: web }]', '{ nodes: {} }'], [['web'], ['…[0]']]],
  ])('%s', (_, parts, expected) => {
    expect(portsOf(...parts)).toEqual(expected);
  });
});

describe('what the API refuses', () => {
  const rules = (count: number) => Array.from({ length: count }, () => '{ action: Deny, from: [{ namespaces: {} }] }').join(', ');
  const peers = (count: number) => Array.from({ length: count }, () => '{ namespaces: {} }').join(', ');
  test.each<[string, TierPolicy, readonly string[]]>([
    ['a priority below 0', read('ANP', '{ priority: -1, subject: { namespaces: {} } }'), ['spec.priority']],
    ['a priority over 1000', read('CNP', '{ tier: Admin, priority: 1001, subject: { namespaces: {} } }'), ['spec.priority']],
    ['no priority', read('ANP', '{ subject: { namespaces: {} } }'), ['spec.priority']],
    ['a priority of a BANP', read('BANP', '{ priority: 1, subject: { namespaces: {} } }'), ['spec.priority']],
    ['no tier', read('CNP', '{ priority: 1, subject: { namespaces: {} } }'), ['spec.tier']],
    ['another tier', read('CNP', '{ tier: admin, priority: 1, subject: { namespaces: {} } }'), ['spec.tier']],
    ['a BANP of another name', read('BANP', '{ subject: { namespaces: {} } }', 'other'), ['metadata.name']],
    ['Pass in a BANP', withRule('BANP', 'ingress', '{ action: Pass, from: [{ namespaces: {} }] }'), ['spec.ingress[0].action']],
    [
      'Accept in an ANP',
      withRule('ANP', 'ingress', '{ action: Accept, from: [{ namespaces: {} }] }'),
      ['spec.ingress[0].action'],
    ],
    ['Allow in a CNP', withRule('CNP', 'ingress', '{ action: Allow, from: [{ namespaces: {} }] }'), ['spec.ingress[0].action']],
    ['no action', withRule('CNP', 'ingress', '{ from: [{ namespaces: {} }] }'), ['spec.ingress[0].action']],
    ['100 rules of an ANP', withRule('ANP', 'ingress', rules(100)), []],
    ['101 rules of an ANP', withRule('ANP', 'ingress', rules(101)), ['spec.ingress']],
    ['26 rules of a CNP', withRule('CNP', 'ingress', rules(26)), ['spec.ingress']],
    ['101 peers of an ANP', withRule('ANP', 'ingress', `{ action: Deny, from: [${peers(101)}] }`), ['spec.ingress[0].from']],
    ['26 peers of a CNP', withRule('CNP', 'ingress', `{ action: Deny, from: [${peers(26)}] }`), ['spec.ingress[0].from']],
    [
      'a long name',
      withRule('ANP', 'ingress', `{ name: ${'a'.repeat(101)}, action: Deny, from: [{ namespaces: {} }] }`),
      ['spec.ingress[0].name'],
    ],
    [
      'policyTypes, which this API does not have',
      read('ANP', '{ priority: 1, subject: { namespaces: {} }, policyTypes: [Ingress] }'),
      ['spec.policyTypes'],
    ],
  ])('%s', (_, policy, expected) => {
    expect(problems(policy)).toEqual(expected);
  });

  test('an unknown field of a rule makes the rule unreadable', () => {
    const policy = withRule('ANP', 'ingress', '{ action: Allow, from: [{ namespaces: {} }], sources: [] }');
    expect(policy.ingress[0]?.peers.map(({ kind }) => kind)).toEqual(['pods', 'unreadable']);
    expect(problems(policy)).toEqual(['spec.ingress[0].sources']);
  });

  test('an unknown action fails closed', () => {
    expect(withRule('CNP', 'ingress', '{ action: Log, from: [{ namespaces: {} }] }').ingress[0]?.action).toBe('deny');
  });
});
