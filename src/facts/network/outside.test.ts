import { describe, expect, test } from 'vitest';
import { parseRange } from '../../kube/address.ts';
import { addressParts } from './address-parts.ts';
import { networkOf, pod, policy, workload } from './fixture.ts';
import { outsideWays } from './outside.ts';

const service = (type: string) => `
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: a }
spec: { type: ${type}, selector: { app: web }, ports: [{ port: 80, targetPort: 8080 }] }
`;
const ingress = `
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, namespace: a }
spec: { rules: [{ http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] } }] }
`;
const deny = policy('a/deny', '{ podSelector: {}, policyTypes: [Ingress] }');
const fromOffice = policy('a/office', '{ podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: 192.0.2.0/24 } }] }] }');
const host = (more: string) => pod('a/web', '', `{ ${more} }`);

describe('workloads that somebody outside the cluster reaches', () => {
  test.each<[string, string, string | undefined]>([
    ['through an Ingress', pod('a/web') + service('ClusterIP') + ingress, 'Ingress 8080 certain'],
    [
      'through an Ingress whose controller no policy lets in: not',
      pod('a/web') + service('ClusterIP') + ingress + deny,
      undefined,
    ],
    ['through a LoadBalancer', pod('a/web') + service('LoadBalancer'), 'Service 8080 certain'],
    ['through a NodePort', pod('a/web') + service('NodePort'), 'Service 8080 certain'],
    ['by some addresses alone', pod('a/web') + service('LoadBalancer') + fromOffice, 'Service 8080 perhaps'],
    ['through a LoadBalancer that a policy closes: not', pod('a/web') + service('LoadBalancer') + deny, undefined],
    ['a Service inside is no way', pod('a/web') + service('ClusterIP'), undefined],
    [
      'perhaps on a port of the node',
      host('containers: [{ name: main, image: x, ports: [{ containerPort: 80, hostPort: 80 }] }]'),
      'Deployment 80 perhaps',
    ],
    [
      'perhaps on the host’s network',
      host('hostNetwork: true, containers: [{ name: main, image: x, ports: [{ containerPort: 80 }] }]'),
      'Deployment 80 perhaps',
    ],
    [
      'a declared port alone is no way',
      host('containers: [{ name: main, image: x, ports: [{ containerPort: 80 }] }]'),
      undefined,
    ],
    [
      'by the surest of several ways',
      host('containers: [{ name: main, image: x, ports: [{ containerPort: 80, hostPort: 80 }] }]') + service('LoadBalancer'),
      'Service 8080 certain',
    ],
  ])('%s', (_, yaml, expected) => {
    const way = outsideWays(networkOf(yaml)).get('a/Deployment/web');
    expect(way && `${way.object.ref.kind} ${way.port} ${way.certain ? 'certain' : 'perhaps'}`).toBe(expected);
  });
});

describe('parts of a range of addresses', () => {
  const network = networkOf(
    pod('a/web') +
      pod('b/db') +
      policy('a/p', '{ podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: 10.0.0.0/8, except: [10.1.0.0/16] } }] }] }') +
      policy('b/p', '{ podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: 10.128.0.0/9 } }] }] }'),
  );
  const range = parseRange('10.0.0.0/8');
  const parts = (id: string, direction: 'ingress' | 'egress') =>
    range && addressParts(network, range, workload(network, id), direction).map((part) => part.id);

  test('are cut by blocks and exceptions of policies on the other end, in their direction', () => {
    expect(parts('a/web', 'ingress')).toEqual(['10.0.0.0/16', '10.1.0.0/16', '10.2.0.0-10.255.255.255']);
    expect(parts('a/web', 'egress')).toEqual(['10.0.0.0/8']);
    expect(parts('b/db', 'egress')).toEqual(['10.0.0.0/9', '10.128.0.0/9']);
  });
});
