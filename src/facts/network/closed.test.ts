import { expect, test } from 'vitest';
import { isClosedTo } from './closed.ts';
import { end, namespace as ns, networkOf, pod, policy } from './fixture.ts';
import { reaches } from './reach.ts';

const rule = (peer: string) => policy('a/p', `{ podSelector: { matchLabels: { app: web } }, ingress: [{ from: [${peer}] }] }`);
const deny = policy('a/deny', '{ podSelector: {} }');
const pods =
  ns('a') +
  ns('b', '{ team: x }') +
  ns('c') +
  pod('a/web') +
  pod('a/db') +
  pod('b/job') +
  pod('c/node', '', '{ hostNetwork: true, containers: [{ name: main, image: x }] }');
const vendor = (kind: string) =>
  `\n---\napiVersion: ${kind.split(' ')[0]}\nkind: ${kind.split(' ')[1]}\nmetadata: { name: c, namespace: a }\n`;

test.each([
  ['a denial without rules', deny],
  ['a peer of the own namespace', deny + rule('{ podSelector: {} }')],
  ['a peer of one namespace', deny + rule('{ namespaceSelector: { matchLabels: { team: x } } }')],
  ['labels of a namespace that is not known', deny + rule('{ namespaceSelector: { matchLabels: { unknown: y } } }')],
  ['a block', deny + rule('{ ipBlock: { cidr: 10.0.0.0/8 } }')],
  ['a part that the API server refuses', deny + rule('{}')],
  ['a vendor that opens', deny + vendor('cilium.io/v2 CiliumNetworkPolicy')],
  ['a vendor that closes', deny + vendor('security.istio.io/v1 AuthorizationPolicy')],
  ['nothing', ''],
])('what is called closed is denied on every port: %s', (_, yaml) => {
  const network = networkOf(pods + yaml);
  let closed = 0;
  for (const from of ['a/web', 'a/db', 'b/job', 'c/node', '?d/agent', '10.1.1.1', '8.8.8.8'].map((text) => end(network, text))) {
    for (const to of network.endpoints) {
      if (!isClosedTo(network, to, from)) continue;
      closed += 1;
      for (const port of [1, 80, 65535]) expect(reaches(network, from, to, { protocol: 'TCP', port }).answer).toBe('denied');
    }
  }
  expect(closed > 0).toBe(yaml !== '' && !yaml.includes('cilium'));
});
