import { expect, test } from 'vitest';
import type { ReviewResult } from '../../src/model/result.ts';
import { run } from '../cli/host.ts';

/** Reviews one file; what the two checks of written input find, as `check message file:line:column`. */
async function found(text: string): Promise<readonly string[]> {
  const { code, stdout, stderr } = await run(['review', 'k8s', '-f', 'json', '--as-of', '2026-03-06T09:00:00Z'], {
    'k8s/app.yaml': text,
  });
  if (code > 1) throw new Error(stderr);
  const { checks } = JSON.parse(stdout) as ReviewResult;
  return checks
    .filter(({ id }) => id === 'ignored-policy-rules' || id === 'readable-input')
    .flatMap(({ id, assessments }) =>
      assessments
        .filter(({ outcome }) => outcome === 'fail')
        .map(({ messageId, location }) => `${id} ${messageId} ${location?.file}:${location?.line}:${location?.column}`),
    )
    .sort();
}

/** Line 7 is the first of the spec. */
const policy = (spec: string, name = 'rules') => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: ${name}
  namespace: shop
spec:
${spec}`;
const ingress = (rule: string) => policy(`  podSelector: {}\n  ingress:\n    - ${rule}\n`);
const egress = (rule: string) => policy(`  podSelector: {}\n  policyTypes: [Egress]\n  egress:\n    - ${rule}\n`);
const block = (fields: string) => ingress(`from: [{ ipBlock: { ${fields} } }]`);
const pod = `apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop, labels: { app: web } }
spec: { containers: [{ name: web, image: web:1 }] }
`;

test.each<[rule: string, text: string, expected: readonly string[]]>([
  ['1.2.11 an empty peer', ingress('from: [{}]'), ['ignored-policy-rules refused k8s/app.yaml:9:14']],
  [
    '1.2.11 an ipBlock beside a selector',
    ingress('from: [{ ipBlock: { cidr: 10.0.0.0/8 }, podSelector: {} }]'),
    ['ignored-policy-rules refused k8s/app.yaml:9:14'],
  ],
  [
    '1.2.13 In without values',
    ingress('from: [{ podSelector: { matchExpressions: [{ key: app, operator: In, values: [] }] } }]'),
    ['ignored-policy-rules refused k8s/app.yaml:9:50'],
  ],
  [
    '1.2.13 an operator that does not exist',
    policy('  podSelector:\n    matchExpressions:\n      - { key: app, operator: in, values: [web] }\n'),
    ['ignored-policy-rules refused k8s/app.yaml:9:9'],
  ],
  [
    '1.3.17 an exception outside of its block',
    block('cidr: 10.0.0.0/8, except: [192.168.0.0/16]'),
    ['ignored-policy-rules refused k8s/app.yaml:9:16'],
  ],
  [
    '1.3.17 an exception that is all of its block',
    block('cidr: 10.0.0.0/8, except: [10.0.0.0/8]'),
    ['ignored-policy-rules refused k8s/app.yaml:9:16'],
  ],
  ['1.3.19 no block at all', block('cidr: 10.0.0.0'), ['ignored-policy-rules refused k8s/app.yaml:9:16']],
  ['1.3.19 leading zeros', block('cidr: 010.0.0.0/8'), ['ignored-policy-rules refused k8s/app.yaml:9:16']],
  ['1.3.19 host bits of a block', block('cidr: 10.1.2.3/16'), ['ignored-policy-rules host-bits k8s/app.yaml:9:27']],
  [
    '1.3.19 host bits of an exception',
    block('cidr: 10.0.0.0/8, except: [10.1.0.0/16, 10.2.3.4/16]'),
    ['ignored-policy-rules host-bits k8s/app.yaml:9:67'],
  ],
  ['1.3.19 IPv4 written as IPv6', block('cidr: "::ffff:10.0.0.0/104"'), ['ignored-policy-rules refused k8s/app.yaml:9:16']],
  [
    '1.4.26 endPort below port',
    ingress('ports: [{ port: 90, endPort: 80 }]'),
    ['ignored-policy-rules refused k8s/app.yaml:9:27'],
  ],
  [
    '1.4.26 endPort of a name',
    ingress('ports: [{ port: http, endPort: 80 }]'),
    ['ignored-policy-rules refused k8s/app.yaml:9:29'],
  ],
  ['1.4.26 endPort alone', ingress('ports: [{ endPort: 80 }]'), ['ignored-policy-rules refused k8s/app.yaml:9:17']],
  ['1.4.27 a protocol in lower case', ingress('ports: [{ protocol: tcp }]'), ['ignored-policy-rules refused k8s/app.yaml:9:17']],
  ['1.4.28 a port number as text', ingress('ports: [{ port: "80" }]'), ['ignored-policy-rules refused k8s/app.yaml:9:17']],
  ['1.4.28 port 0', ingress('ports: [{ port: 0 }]'), ['ignored-policy-rules refused k8s/app.yaml:9:17']],
  ['1.4.28 a port beyond the last', ingress('ports: [{ port: 65536 }]'), ['ignored-policy-rules refused k8s/app.yaml:9:17']],
  [
    '1.6.45 podselector',
    policy('  podselector: {}\n'),
    ['ignored-policy-rules refused k8s/app.yaml:7:3', 'readable-input unknown-field k8s/app.yaml:7:3'],
  ],
  [
    '1.6.45 form instead of from',
    ingress('form: [{ podSelector: {} }]'),
    ['ignored-policy-rules refused k8s/app.yaml:9:7', 'readable-input unknown-field k8s/app.yaml:9:7'],
  ],
  [
    '1.6.45 from under egress',
    egress('from: [{ podSelector: {} }]'),
    ['ignored-policy-rules refused k8s/app.yaml:10:7', 'readable-input unknown-field k8s/app.yaml:10:7'],
  ],
  [
    '1.6.45 a peer that is a list instead of an element of one',
    ingress('from: { podSelector: {} }'),
    ['ignored-policy-rules refused k8s/app.yaml:9:7', 'readable-input wrong-type k8s/app.yaml:9:7'],
  ],
  [
    '1.1.1 a policy type that does not exist',
    policy('  podSelector: {}\n  policyTypes: [ingress]\n'),
    ['ignored-policy-rules refused k8s/app.yaml:8:17'],
  ],
  [
    '1.1.2 rules of a direction that policyTypes leaves out',
    policy('  podSelector: {}\n  policyTypes: [Egress]\n  ingress:\n    - {}\n'),
    ['ignored-policy-rules ignored k8s/app.yaml:9:3'],
  ],
  [
    'a policy that is defined twice: the first is lost',
    `${policy('  podSelector: {}\n')}---\n${policy('  podSelector: {}\n  ingress:\n    - {}\n')}`,
    ['readable-input duplicate k8s/app.yaml:1:1'],
  ],
  [
    '1.2.15 a forged kubernetes.io/metadata.name',
    'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    kubernetes.io/metadata.name: kube-system\n',
    ['readable-input replaced k8s/app.yaml:6:5'],
  ],
])('%s is found, and where it is', async (_, text, expected) => {
  expect(await found(`${text}---\n${pod}`)).toEqual(expected);
});

test('1.2.15 the label that a Namespace has anyway is no forgery', async () => {
  const own = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { kubernetes.io/metadata.name: shop } }\n';
  expect(await found(`${own}---\n${pod}`)).toEqual([]);
});
