import { describe, expect, test } from 'vitest';
import { adminPolicy, clusterPolicy, namespace as ns, networkOf, pod } from './fixture.ts';
import { tierConflicts } from './tier-conflicts.ts';

const three = pod('a/web') + pod('a/db') + pod('b/web') + ns('a') + ns('b');
const named = (name: string) => `{ namespaces: { matchLabels: { kubernetes.io/metadata.name: ${name} } } }`;
const rule = (action: string, peer = '{ namespaces: {} }', ports = '') =>
  `{ action: ${action}, from: [${peer}]${ports === '' ? '' : `, ports: [${ports}]`} }`;
const admin = (name: string, rules: readonly string[], options: { readonly priority?: number; readonly subject?: string } = {}) =>
  adminPolicy(
    name,
    `{ priority: ${options.priority ?? 5}, subject: ${options.subject ?? named('a')}, ingress: [${rules.join(', ')}] }`,
  );

describe('1.7.46 policies of the same tier and priority', () => {
  test.each<[string, string, readonly string[]]>([
    [
      'Allow and Deny of one connection',
      admin('x', [rule('Allow')]) + admin('y', [rule('Deny', named('b'))]),
      ['x y b/Deployment/web -> a/Deployment/db TCP 1 true'],
    ],
    [
      'Pass and Deny',
      admin('x', [rule('Pass')]) + admin('y', [rule('Deny', named('b'))]),
      ['x y b/Deployment/web -> a/Deployment/db TCP 1 true'],
    ],
    ['the same action', admin('x', [rule('Deny')]) + admin('y', [rule('Deny', named('b'))]), []],
    ['other peers', admin('x', [rule('Allow', named('a'))]) + admin('y', [rule('Deny', named('b'))]), []],
    ['other subjects', admin('x', [rule('Allow')]) + admin('y', [rule('Deny')], { subject: named('b') }), []],
    ['another priority', admin('x', [rule('Allow')]) + admin('y', [rule('Deny')], { priority: 6 }), []],
    [
      'other ports',
      admin('x', [rule('Allow', undefined, '{ portNumber: { port: 80 } }')]) +
        admin('y', [rule('Deny', undefined, '{ portNumber: { port: 81 } }')]),
      [],
    ],
    [
      'ports that meet',
      admin('x', [rule('Allow', named('b'), '{ portRange: { protocol: UDP, start: 80, end: 90 } }')]) +
        admin('y', [rule('Deny', undefined, '{ portRange: { protocol: UDP, start: 85, end: 99 } }')]),
      ['x y b/Deployment/web -> a/Deployment/db UDP 85 true'],
    ],
    [
      'an earlier rule of one of them agrees with the other',
      admin('x', [rule('Deny', named('b')), rule('Allow', named('b'))]) + admin('y', [rule('Deny', named('b'))]),
      [],
    ],
    [
      'labels of a namespace that is not in the sources',
      pod('c/job') +
        admin('x', [rule('Allow', '{ namespaces: { matchLabels: { env: dev } } }')]) +
        admin('y', [rule('Deny', named('c'))]),
      ['x y c/Deployment/job -> a/Deployment/db TCP 1 false'],
    ],
    [
      'nobody in the sources is a peer of both, but everybody else is',
      admin('x', [
        rule(
          'Allow',
          '{ pods: { namespaceSelector: {}, podSelector: { matchExpressions: [{ key: app, operator: DoesNotExist }] } } }',
        ),
      ]) + admin('y', [rule('Deny')]),
      ['x y any Pod of any namespace -> a/Deployment/db TCP 1 true'],
    ],
    [
      'three of them: each pair',
      admin('x', [rule('Allow')]) + admin('y', [rule('Deny')]) + admin('z', [rule('Pass')]),
      ['x y', 'x z', 'y z'].map((pair) => `${pair} a/Deployment/db -> a/Deployment/db TCP 1 true`),
    ],
    [
      'both generations, whatever the priority',
      admin('x', [rule('Allow')]) +
        clusterPolicy('y', `{ tier: Admin, priority: 900, subject: ${named('a')}, ingress: [${rule('Deny', named('b'))}] }`),
      ['x y b/Deployment/web -> a/Deployment/db TCP 1 true'],
    ],
    [
      'one tier after the other',
      admin('x', [rule('Allow')]) +
        clusterPolicy('y', `{ tier: Baseline, priority: 5, subject: ${named('a')}, ingress: [${rule('Deny')}] }`),
      [],
    ],
    [
      'addresses outside, for egress',
      adminPolicy('x', `{ priority: 5, subject: ${named('a')}, egress: [{ action: Allow, to: [{ networks: [10.0.0.0/8] }] }] }`) +
        adminPolicy(
          'y',
          `{ priority: 5, subject: ${named('a')}, egress: [{ action: Deny, to: [{ networks: [10.1.0.0/16, "::/0"] }] }] }`,
        ),
      ['x y a/Deployment/db -> 10.1.0.0/16 TCP 1 true'],
    ],
  ])('%s', (_, yaml, expected) => {
    const found = tierConflicts(networkOf(three + yaml));
    expect(
      found.map(({ policies: [a, b], direction, subject, peer, port, certain }) => {
        const ends = direction === 'ingress' ? [peer.id, subject.id] : [subject.id, peer.id];
        return `${a.ref.name} ${b.ref.name} ${ends.join(' -> ')} ${port.protocol} ${port.port} ${certain}`;
      }),
    ).toEqual(expected);
  });
});
