import * as fc from 'fast-check';
import {
  account,
  bind,
  can,
  clusterRole,
  deployment,
  namespace,
  role,
  star,
  type WrittenRule,
} from '../../src/facts/access/testing.ts';

const rbac = 'rbac.authorization.k8s.io';
const places = ['a', 'b', 'kube-system'] as const;
const names = ['default', 'x', 'y'] as const;

const rules: readonly WrittenRule[] = [
  star,
  { ...star, resourceNames: ['x'] },
  can('get,list', 'pods'),
  can('create', 'pods'),
  can('patch', 'pods'),
  can('create', 'pods/exec'),
  can('get', 'pods/attach'),
  can('create', 'pods/exec', 'web'),
  can('patch', 'pods/ephemeralcontainers'),
  can('create,patch', 'apps:deployments'),
  can('patch', 'apps:deployments', 'web'),
  can('create', 'batch:jobs'),
  can('create', 'argoproj.io:rollouts,applications'),
  can('create', 'kustomize.toolkit.fluxcd.io:kustomizations'),
  can('create', 'serviceaccounts/token', 'x'),
  can('create', 'serviceaccounts/token'),
  can('impersonate', 'serviceaccounts', 'y'),
  can('impersonate', 'users', 'alice'),
  can('impersonate', 'groups', 'devs'),
  can('get', 'secrets'),
  can('get', 'secrets', 't'),
  can('create', 'secrets'),
  can('update', 'secrets'),
  can('escalate,patch', `${rbac}:roles,clusterroles`),
  can('bind', `${rbac}:clusterroles`, 'one'),
  can('bind', `${rbac}:roles,clusterroles`, 'two', 'inner'),
  can('create', `${rbac}:rolebindings,clusterrolebindings`),
  can('get', 'nodes/proxy'),
  can('create', 'persistentvolumes,persistentvolumeclaims'),
  can('patch', 'namespaces', 'a'),
  can('patch', 'namespaces'),
  can('delete', 'networking.k8s.io:networkpolicies'),
  can('delete', 'constraints.gatekeeper.sh:k8srequiredlabels'),
  can('update', 'configmaps', 'aws-auth'),
  can('patch', 'admissionregistration.k8s.io:mutatingwebhookconfigurations', 'hook'),
];

const someRules = fc.subarray([...rules], { minLength: 1, maxLength: 3 });
const subject = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(fc.constantFrom(...places), fc.constantFrom(...names)).map(([place, name]) => `sa ${place}/${name}`),
  },
  { weight: 2, arbitrary: fc.constantFrom('user alice', 'user bob', 'group devs') },
  { weight: 1, arbitrary: fc.constantFrom('group system:serviceaccounts', 'group system:serviceaccounts:a') },
);
const place = fc.constantFrom(...places);

const clusterRoles = fc
  .tuple(someRules, someRules, fc.boolean())
  .map(([one, two, joined]) => [
    role('one', ...one),
    clusterRole('two', two, joined ? { labels: { part: 'all' } } : {}),
    clusterRole('all', [], { aggregates: { part: 'all' } }),
  ]);
const roles = fc.tuple(someRules, someRules).map(([a, b]) => [role('a/inner', ...a), role('b/inner', ...b)]);
const roleName = fc.constantFrom(
  'ClusterRole one',
  'ClusterRole two',
  'ClusterRole all',
  'ClusterRole edit',
  'ClusterRole gone',
  'Role inner',
);

/** One more binding, of the name. */
export const bindingNamed = (name: string): fc.Arbitrary<object> =>
  fc
    .tuple(fc.option(place, { nil: undefined, freq: 4 }), roleName, subject)
    .map(([where, roleRef, who]) =>
      bind(
        where === undefined ? name : `${where}/${name}`,
        where === undefined && roleRef.startsWith('Role ') ? 'ClusterRole one' : roleRef,
        who,
      ),
    );

const bindings = fc
  .integer({ min: 1, max: 7 })
  .chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => bindingNamed(`b${index}`))));
const namespaces = fc
  .tuple(...['a', 'b'].map((name) => fc.constantFrom(undefined, namespace(name), namespace(name, 'restricted'))))
  .map((list) => list.filter((item) => item !== undefined));
const accounts = fc.subarray([
  account('a/x'),
  account('a/y', { automountServiceAccountToken: false }),
  account('b/x'),
  account('b/argocd-application-controller'),
]);
const workloads = fc.subarray([
  deployment('a/web', { serviceAccountName: 'x' }),
  deployment('b/web', {
    serviceAccountName: 'y',
    containers: [{ name: 'c', image: 'i', securityContext: { privileged: true } }],
  }),
  { ...deployment('b/agent', { serviceAccountName: 'x' }), kind: 'DaemonSet' },
]);
const token = {
  apiVersion: 'v1',
  kind: 'Secret',
  type: 'kubernetes.io/service-account-token',
  metadata: { namespace: 'a', name: 't', annotations: { 'kubernetes.io/service-account.name': 'y' } },
};

/** Ten namespaces of which one account may make Pods: more than are told of a subject by name. Behind the last one is a role of the cluster. */
const fan: readonly object[] = [
  ...Array.from({ length: 10 }, (_, index) => [
    namespace(`f${index}`, 'restricted'),
    role(`f${index}/pods`, can('create', 'pods')),
    bind(`f${index}/pods`, 'Role pods', 'sa a/x'),
  ]).flat(),
  account('f9/z'),
  bind('f9', 'ClusterRole one', 'sa f9/z', 'group devs'),
];

/** A small cluster in which much leads to much. */
export const cluster: fc.Arbitrary<readonly object[]> = fc
  .tuple(clusterRoles, roles, bindings, namespaces, accounts, workloads, fc.subarray([token]), fc.constantFrom([], fan))
  .map((parts) => parts.flat());
