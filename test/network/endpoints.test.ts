import { describe, expect, test } from 'vitest';
import { answer, namespace, networkOf, pod, policy } from '../../src/facts/network/fixture.ts';
import { backendsOf, serviceNamed } from '../../src/facts/network/services.ts';
import { run } from '../cli/host.ts';

const fromWeb = policy(
  'a/db',
  '{ podSelector: { matchLabels: { app: db } }, ingress: [{ from: [{ podSelector: { matchLabels: { app: web } } }] }] }',
);
const barePod = (name: string, labels: string, rest = '', owner = '') => `
---
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: a, labels: { ${labels} }${owner} }
spec: { containers: [{ name: c, image: x:1 }]${rest} }
`;
const owned = (kind: string, name: string) =>
  `, ownerReferences: [{ apiVersion: ${kind === 'Node' ? 'v1' : 'apps/v1'}, kind: ${kind}, name: ${name}, controller: true, uid: x }]`;

/** Sources of the matrix that the command line prints for these objects. */
async function sources(yaml: string): Promise<readonly string[]> {
  const { code, stdout, stderr } = await run(['network', 'k8s', '--format', 'json'], { 'k8s/app.yaml': yaml });
  if (code > 1) throw new Error(stderr);
  const rows = JSON.parse(stdout) as readonly { readonly source: string; readonly destination: string }[];
  return [...new Set(rows.filter(({ destination }) => destination === 'a/Deployment/db').map(({ source }) => source))].sort();
}

describe('who is a Pod', () => {
  test('1.5.34 Pods that have ended are no ends: their addresses are free again', async () => {
    const ended = (phase: string) => `${barePod(`job-${phase.toLowerCase()}`, 'app: web')}status: { phase: ${phase} }\n`;
    expect(
      await sources(namespace('a') + pod('a/db') + fromWeb + ended('Succeeded') + ended('Failed') + ended('Running')),
    ).toEqual(['a/Pod/job-running']);
  });

  test('1.5.34 Pods without an address, and those that are being deleted, still count', async () => {
    const pending = `${barePod('pending', 'app: web')}status: { phase: Pending }\n`;
    const ending = barePod('ending', 'app: web', '', ', deletionTimestamp: "2026-03-06T09:00:00Z"');
    expect(await sources(namespace('a') + pod('a/db') + fromWeb + pending + ending)).toEqual(['a/Pod/ending', 'a/Pod/pending']);
  });

  test('1.5.35 live Pods of one owner count by their own labels', () => {
    const network = networkOf(
      namespace('a') +
        pod('a/db') +
        fromWeb +
        barePod('web-1', 'app: web', '', owned('ReplicaSet', 'web-abc')) +
        barePod('web-2', 'app: relabelled', '', owned('ReplicaSet', 'web-abc')),
    );
    expect(answer(network, 'a/Pod/web-1 -> a/db : TCP 1')).toBe('allowed');
    expect(answer(network, 'a/Pod/web-2 -> a/db : TCP 1')).toBe('denied');
  });

  test('1.5.36 mirrors of static Pods are Pods, and on the host network they are open questions', () => {
    const network = networkOf(
      namespace('a') + pod('a/db') + fromWeb + barePod('etcd-node-1', 'app: web', ', hostNetwork: true', owned('Node', 'node-1')),
    );
    expect(answer(network, 'a/Pod/etcd-node-1 -> a/db : TCP 1')).toBe('depends on host-network');
  });
});

describe('1.6.37 what policies see of a Service', () => {
  const ports = (number: number) =>
    `{ containers: [{ name: c, image: x:1, ports: [{ name: http, containerPort: ${number} }] }] }`;
  const service = (spec: string) => `
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: a }
spec: ${spec}
`;
  test('a named targetPort is looked up at each Pod', () => {
    const network = networkOf(
      pod('a/blue', 'tier: web', ports(3000)) +
        pod('a/green', 'tier: web', ports(4000)) +
        service('{ selector: { tier: web }, ports: [{ port: 80, targetPort: http }] }'),
    );
    const found = serviceNamed(network, 'a', 'web');
    expect(found && backendsOf(network, found).map(({ endpoint, port }) => [endpoint.id, port])).toEqual([
      ['a/Deployment/blue', 3000],
      ['a/Deployment/green', 4000],
    ]);
  });

  test('a rule for the port of the Service is none for the port of the Pod', () => {
    const only80 = policy('a/p', '{ podSelector: {}, ingress: [{ ports: [{ port: 80 }] }] }');
    const network = networkOf(
      pod('a/web', '', ports(3000)) +
        pod('a/job') +
        only80 +
        service('{ selector: { app: web }, ports: [{ port: 80, targetPort: http }] }'),
    );
    expect(answer(network, 'a/job -> a/web : TCP 3000')).toBe('denied');
  });

  test('a headless Service changes nothing; one without a selector has no Pods of its own', () => {
    const network = networkOf(pod('a/web') + service('{ clusterIP: None, selector: { app: web }, ports: [{ port: 80 }] }'));
    const headless = serviceNamed(network, 'a', 'web');
    expect(headless && backendsOf(network, headless).map(({ port }) => port)).toEqual([80]);
    const bare = networkOf(pod('a/web') + service('{ ports: [{ port: 80 }] }'));
    const none = serviceNamed(bare, 'a', 'web');
    expect(none && backendsOf(bare, none)).toEqual([]);
  });
});
