import { describe, expect, test } from 'vitest';
import { readNetworkPolicy } from './network-policy.ts';
import { kubeObject } from './testing.ts';

const policy = (spec: string, head = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy') => {
  const read = readNetworkPolicy(kubeObject(`${head}\nmetadata: { name: p, namespace: n }\nspec: ${spec}`));
  if (read === undefined) throw new Error('no policy');
  return read;
};

describe('policyTypes', () => {
  test.each<[string, string, [boolean, boolean]]>([
    ['absent: ingress only', '{ podSelector: {} }', [true, false]],
    ['empty: as absent', '{ podSelector: {}, policyTypes: [] }', [true, false]],
    ['absent with an egress rule: both', '{ podSelector: {}, egress: [{}] }', [true, true]],
    ['absent with an empty egress list: ingress only', '{ podSelector: {}, egress: [] }', [true, false]],
    ['Egress alone does not isolate ingress', '{ podSelector: {}, policyTypes: [Egress] }', [false, true]],
  ])('%s', (_, spec, [ingress, egress]) => {
    expect(policy(spec).types).toEqual({ ingress, egress });
  });

  test('rules of a direction that is not in policyTypes are ignored and named', () => {
    const read = policy('{ podSelector: {}, policyTypes: [Egress], ingress: [{}] }');
    expect(read.ingress).toEqual([]);
    expect(read.ignored).toEqual([{ direction: 'ingress', path: ['spec', 'ingress'] }]);
  });
});

describe('rules', () => {
  test.each<[string, string, 'everyone' | number, 'every port' | number]>([
    ['an empty rule allows everything', '[{}]', 'everyone', 'every port'],
    ['a null rule is the empty rule', '[null]', 'everyone', 'every port'],
    ['an empty from is every peer', '[{ from: [] }]', 'everyone', 'every port'],
    ['a null from is every peer', '[{ from: null, ports: [{ port: 80 }] }]', 'everyone', 1],
    ['empty ports are every port', '[{ from: [{ podSelector: {} }], ports: [] }]', 1, 'every port'],
    ['two list elements are two peers', '[{ from: [{ podSelector: {} }, { namespaceSelector: {} }] }]', 2, 'every port'],
    ['a misspelt from lets nobody in', '[{ form: [{ podSelector: {} }] }]', 0, 'every port'],
    ['a from of the wrong type lets nobody in', '[{ from: { podSelector: {} } }]', 0, 'every port'],
    ['a rule whose only peer is invalid lets nobody in', '[{ from: [{}] }]', 0, 'every port'],
    ['a rule whose only port is invalid opens no port', '[{ ports: [{ port: "80" }] }]', 'everyone', 0],
  ])('%s', (_, ingress, peers, ports) => {
    const [rule] = policy(`{ podSelector: {}, ingress: ${ingress} }`).ingress;
    expect(rule?.peers?.length ?? 'everyone').toBe(peers);
    expect(rule?.ports?.length ?? 'every port').toBe(ports);
  });

  test.each(['{ podSelector: {} }', '{ podSelector: {}, ingress: [] }', '{ podSelector: {}, ingress: null }'])(
    '%s isolates and allows nothing',
    (spec) => {
      const read = policy(spec);
      expect([read.types.ingress, read.ingress.length, read.invalid]).toEqual([true, 0, []]);
    },
  );

  test('one element with both selectors is one peer with both', () => {
    const [peer] =
      policy('{ podSelector: {}, ingress: [{ from: [{ podSelector: { matchLabels: { a: b } }, namespaceSelector: {} }] }] }')
        .ingress[0]?.peers ?? [];
    expect(peer?.podSelector?.requirements).toEqual([{ key: 'a', operator: 'In', values: ['b'] }]);
    expect(peer?.namespaceSelector?.requirements).toEqual([]);
  });

  test('an egress rule reads `to`', () => {
    const [rule] = policy(
      '{ podSelector: {}, egress: [{ to: [{ ipBlock: { cidr: 10.0.0.0/8, except: [10.1.0.0/16] } }] }] }',
    ).egress;
    expect(rule?.peers?.[0]).toEqual({
      path: ['spec', 'egress', 0, 'to', 0],
      ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] },
    });
  });

  test('an absent podSelector selects every Pod of the namespace', () => {
    expect(policy('{ policyTypes: [Ingress] }').podSelector.requirements).toEqual([]);
  });
});

describe('ports', () => {
  test.each<[string, string, object]>([
    ['an empty entry is all of TCP', '{}', { protocol: 'TCP' }],
    ['a protocol alone is all of it', '{ protocol: UDP }', { protocol: 'UDP' }],
    ['a name stays a name', '{ port: http }', { protocol: 'TCP', port: 'http' }],
    ['a range', '{ port: 1000, endPort: 2000, protocol: SCTP }', { protocol: 'SCTP', port: 1000, endPort: 2000 }],
  ])('%s', (_, port, expected) => {
    const read = policy(`{ podSelector: {}, ingress: [{ ports: [${port}] }] }`);
    expect(read.ingress[0]?.ports).toEqual([{ ...expected, path: ['spec', 'ingress', 0, 'ports', 0] }]);
    expect(read.invalid).toEqual([]);
  });
});

describe('what the API server refuses is invalid and allows nothing', () => {
  test.each<[string, string, string]>([
    ['a peer without a selector', '{ podSelector: {}, ingress: [{ from: [{}] }] }', 'spec.ingress.0.from.0'],
    [
      'an ipBlock beside a selector',
      '{ podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: 10.0.0.0/8 }, podSelector: {} }] }] }',
      'spec.ingress.0.from.0',
    ],
    ['port 0', '{ podSelector: {}, ingress: [{ ports: [{ port: 0 }] }] }', 'spec.ingress.0.ports.0.port'],
    ['a number in quotes', '{ podSelector: {}, ingress: [{ ports: [{ port: "80" }] }] }', 'spec.ingress.0.ports.0.port'],
    [
      'a lower-case protocol',
      '{ podSelector: {}, ingress: [{ ports: [{ protocol: tcp }] }] }',
      'spec.ingress.0.ports.0.protocol',
    ],
    [
      'an endPort without a numeric port',
      '{ podSelector: {}, ingress: [{ ports: [{ port: http, endPort: 90 }] }] }',
      'spec.ingress.0.ports.0.endPort',
    ],
    [
      'an endPort below the port',
      '{ podSelector: {}, ingress: [{ ports: [{ port: 90, endPort: 80 }] }] }',
      'spec.ingress.0.ports.0.endPort',
    ],
    ['a misspelt podSelector', '{ podselector: { matchLabels: { a: b } } }', 'spec.podselector'],
    ['a misspelt matchLabels', '{ podSelector: { matchlabels: { a: b } } }', 'spec.podSelector.matchlabels'],
    [
      'a peer with an unknown field',
      '{ podSelector: {}, ingress: [{ from: [{ podSelector: {}, nameSpaceSelector: {} }] }] }',
      'spec.ingress.0.from.0.nameSpaceSelector',
    ],
    [
      'an except that is no text',
      '{ podSelector: {}, egress: [{ to: [{ ipBlock: { cidr: 10.0.0.0/8, except: [1] } }] }] }',
      'spec.egress.0.to.0.ipBlock.except',
    ],
    [
      'a cidr that is none',
      '{ podSelector: {}, egress: [{ to: [{ ipBlock: { cidr: 10.0.0.0/33 } }] }] }',
      'spec.egress.0.to.0.ipBlock',
    ],
    [
      'an exception outside of its cidr',
      '{ podSelector: {}, egress: [{ to: [{ ipBlock: { cidr: 10.0.0.0/8, except: [192.168.0.0/16] } }] }] }',
      'spec.egress.0.to.0.ipBlock',
    ],
    [
      'an exception as large as its cidr',
      '{ podSelector: {}, egress: [{ to: [{ ipBlock: { cidr: 10.0.0.0/8, except: [10.0.0.0/8] } }] }] }',
      'spec.egress.0.to.0.ipBlock',
    ],
    ['an unknown policy type', '{ podSelector: {}, policyTypes: [ingress] }', 'spec.policyTypes.0'],
  ])('%s', (_, spec, path) => {
    expect(policy(spec).invalid.map((entry) => entry.path.join('.'))).toEqual([path]);
  });
});

test("vendors' NetworkPolicy kinds are not read as Kubernetes ones", () => {
  expect(
    readNetworkPolicy(kubeObject('apiVersion: crd.projectcalico.org/v1\nkind: NetworkPolicy\nmetadata: { name: p }')),
  ).toBeUndefined();
});
