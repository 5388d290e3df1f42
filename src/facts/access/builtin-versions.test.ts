import { describe, expect, test } from 'vitest';
import { aBundle } from '../../evidence/testing.ts';
import { createFacts } from '../fact.ts';
import { access } from './access.ts';
import { builtinRolesOf, strayDifferences } from './builtin-versions.ts';
import { user } from './subject.ts';
import { bind, clusterRole, can, world, yaml } from './testing.ts';

const node = (kubeletVersion: string) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: `n-${kubeletVersion}` },
  status: { nodeInfo: { kubeletVersion } },
});
const server = (image: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'kube-apiserver-a', namespace: 'kube-system', labels: { component: 'kube-apiserver' } },
  spec: { containers: [{ name: 'kube-apiserver', image }] },
});
const viewer = bind('shop/b', 'ClusterRole view', 'user a');
const modelOf = (...objects: readonly object[]) => world(yaml(viewer, ...objects)).model;
const reads = (model: ReturnType<typeof modelOf>, group: string, resource: string) =>
  model.can(user('a'), { verb: 'get', group, resource, namespace: 'shop' }).allowed;

describe('2.2.20 default roles by minor version', () => {
  test('every difference is one from the newest data', () => {
    expect(strayDifferences()).toEqual([]);
  });
  test.each([
    // kubernetes/kubernetes#133740, after 1.34.
    ['v1.36.1', 'events.k8s.io', 'events', true],
    ['v1.35.0', 'events.k8s.io', 'events', true],
    ['v1.34.2', 'events.k8s.io', 'events', false],
    ['v1.34.2', '', 'events', true],
    // kubernetes/kubernetes#130738, with a gate that is on since 1.34.
    ['v1.34.2', 'resource.k8s.io', 'resourceclaims', true],
    ['v1.33.9', 'resource.k8s.io', 'resourceclaims', false],
    ['v1.31.0', 'discovery.k8s.io', 'endpointslices', true],
  ])('view of a cluster of %s reads %s/%s: %s', (version, group, resource, expected) => {
    expect(reads(modelOf(server(`registry.k8s.io/kube-apiserver:${version}`)), group, resource)).toBe(expected);
  });
  test('monitoring reads kubelet metrics since 1.34, the kubelet role names single endpoints since 1.33', () => {
    const rows = (minor: number, role: string) => builtinRolesOf(minor).rows[role]?.join(' ');
    expect([rows(34, 'system:monitoring'), rows(33, 'system:monitoring')].map((text) => text?.includes('nodes/metrics'))).toEqual(
      [true, false],
    );
    expect([33, 32].map((minor) => rows(minor, 'system:kubelet-api-admin')?.includes('nodes/configz'))).toEqual([true, false]);
  });
  test.each<[string, readonly object[], number, readonly string[]]>([
    ['the image of the API server', [server('registry.k8s.io/kube-apiserver:v1.34.3'), node('v1.33.1')], 34, []],
    ['the newest kubelet', [node('v1.33.1'), node('v1.34.2-eks-1a2b')], 34, ['as the newest kubelet is']],
    ['nothing', [], 36, ['which no source shows']],
    ['a version that is not known', [server('kube-apiserver:v1.40.0')], 40, ['those of 1.36, the nearest version known']],
    ['a version before the data', [server('kube-apiserver:v1.24.0')], 24, ['those of 1.31, the nearest version known']],
  ])('the version comes from: %s', (_name, objects, minor, assumptions) => {
    const { kubernetes } = modelOf(...objects);
    expect(kubernetes).toEqual({ minor, assumptions: assumptions.map((text) => expect.stringContaining(text)) });
  });
  test('the target version of the standard counts where no source shows one', () => {
    const overlay = {
      origin: 'organisation' as const,
      id: 'ours',
      levels: {},
      parameters: { 'retired-apis': { targetVersion: '1.33' } },
      exemptGates: {},
      waivableUnknowns: [],
      signOffs: {},
    };
    const bundle = aBundle({ objects: yaml(viewer), standard: { base: 'recommended', overlays: [overlay] } });
    expect(createFacts(bundle)(access).kubernetes.minor).toBe(33);
  });
  test('the version is named as an assumption of the paths where somebody holds a default role', () => {
    const told = (...objects: readonly object[]) => world(yaml(...objects)).escalations.assumptions;
    expect(told(viewer)).toEqual([expect.stringContaining('Kubernetes 1.36')]);
    expect(told(clusterRole('mine', [can('get', 'pods')]), bind('b', 'ClusterRole mine', 'user a'))).toEqual([]);
    expect(told(viewer, server('kube-apiserver:v1.35.1'))).toEqual([]);
  });
  test('a vendor label widens the default roles of every version, and stored rules that differ are told', () => {
    const vendor = clusterRole('vendor', [can('get', 'example.com:things')], {
      labels: { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' },
    });
    expect(reads(modelOf(server('kube-apiserver:v1.32.0'), vendor), 'example.com', 'things')).toBe(true);
  });
});
