import { describe, expect, it } from 'vitest';
import { examine, verdicts } from '../testing.ts';
import { tlsKeyAccess } from './tls-key-access.ts';

const ingress =
  '---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: i, namespace: shop }\nspec: { tls: [{ hosts: [a.example], secretName: tls }], rules: [{ host: a.example }] }\n';
const role = (rule: string, kind = 'Role') =>
  `---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ${kind}\nmetadata: { name: r${kind === 'Role' ? ', namespace: shop' : ''} }\nrules: [{ apiGroups: [""], ${rule} }]\n`;
const binding = (subject: string, kind = 'Role', bound = kind) =>
  `---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ${bound}Binding\nmetadata: { name: b${bound === 'Role' ? ', namespace: shop' : ''} }\nroleRef: { apiGroup: rbac.authorization.k8s.io, kind: ${kind}, name: r }\nsubjects: [${subject}]\n`;
const deployer = '{ kind: ServiceAccount, name: deployer, namespace: shop }';
const complete = ['Ingress', 'Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding'];
const said = (objects: string, parts: Partial<Parameters<typeof examine>[1]> = {}) =>
  verdicts(examine(tlsKeyAccess, { objects: ingress + objects, complete, ...parts }));
const controller = (image: string) =>
  `---\napiVersion: apps/v1\nkind: Deployment\nmetadata: { name: c, namespace: infra }\nspec: { selector: { matchLabels: { a: b } }, template: { metadata: { labels: { a: b } }, spec: { serviceAccountName: c, containers: [{ name: c, image: ${image} }] } } }\n`;

describe('tls-key-access', () => {
  it.each<[string, string, string]>([
    ['get of every Secret', role('resources: [secrets], verbs: [get]') + binding(deployer), 'fail readable Secret/tls'],
    ['list returns values', role('resources: [secrets], verbs: [list]') + binding(deployer), 'fail readable Secret/tls'],
    ['watch returns values', role('resources: [secrets], verbs: [watch]') + binding(deployer), 'fail readable Secret/tls'],
    ['create does not read', role('resources: [secrets], verbs: [create]') + binding(deployer), 'pass closed Secret/tls'],
    [
      'the name of another Secret',
      role('resources: [secrets], resourceNames: [other], verbs: [get]') + binding(deployer),
      'pass closed Secret/tls',
    ],
    [
      'its own name',
      role('resources: [secrets], resourceNames: [tls], verbs: [get]') + binding(deployer),
      'fail readable Secret/tls',
    ],
    [
      'a group of people',
      role('resources: [secrets], verbs: [get]') + binding('{ kind: Group, name: developers }'),
      'fail readable Secret/tls',
    ],
    [
      'everybody',
      role('resources: [secrets], verbs: [get]') + binding('{ kind: Group, name: "system:authenticated" }'),
      'fail audience Secret/tls',
    ],
    [
      'a ClusterRole bound in the namespace',
      role('resources: ["*"], verbs: ["*"]', 'ClusterRole') + binding(deployer, 'ClusterRole', 'Role'),
      'fail readable Secret/tls',
    ],
  ])('%s', (_, objects, expected) => {
    expect(said(objects)).toEqual([expected]);
  });

  it('a role that is in no source leaves the question open', () => {
    expect(
      said(binding(deployer, 'ClusterRole', 'Role'), { complete: ['Ingress', 'RoleBinding', 'ClusterRoleBinding'] }),
    ).toEqual(['unknown subject-unseen Secret/tls']);
  });

  it('bindings that nobody gathered leave the question open, and do not hide a proven reader', () => {
    for (const missing of ['RoleBinding', 'ClusterRoleBinding'])
      expect(said('', { complete: complete.filter((kind) => kind !== missing) })).toEqual(['unknown bindings-unseen Secret/tls']);
    expect(said('', { complete: ['Ingress'] })).toEqual(['unknown bindings-unseen Secret/tls']);
    expect(said(role('resources: [secrets], verbs: [get]') + binding(deployer), { complete: ['Ingress'] })).toContain(
      'fail readable Secret/tls',
    );
  });

  it('controllers of the platform are named, strangers are asked for', () => {
    const bound =
      role('resources: [secrets], verbs: [get]', 'ClusterRole') +
      binding('{ kind: ServiceAccount, name: c, namespace: infra }', 'ClusterRole');
    expect(said('', { platform: bound + controller('registry.example/operator:1') })).toEqual(['pass controllers Secret/tls']);
    expect(said('', { platform: bound })).toEqual(['unknown platform-unseen Secret/tls']);
    expect(said('', { platform: bound, parameters: { allowedSubjects: ['ServiceAccount infra/c'] } })).toEqual([
      'pass closed Secret/tls',
    ]);
  });

  it('a system that brings its own ingress controller may let it read', () => {
    const bound =
      role('resources: [secrets], verbs: [get]', 'ClusterRole') +
      binding('{ kind: ServiceAccount, name: c, namespace: infra }', 'ClusterRole');
    expect(said(bound + controller('registry.k8s.io/ingress-nginx/controller:v1.12.1'))).toEqual(['pass controllers Secret/tls']);
    expect(said(bound + controller('registry.example/mytraefik-tools:1'))).toEqual(['fail readable Secret/tls']);
  });

  it('the proof names the binding and the role', () => {
    const [answer] = examine(tlsKeyAccess, {
      objects: ingress + role('resources: [secrets], verbs: [get]') + binding(deployer),
      complete,
    });
    expect(answer?.because?.map(({ target }) => target.kind)).toEqual(['RoleBinding', 'Role']);
  });

  it('a Secret with a key and a Certificate are targets without any Ingress', () => {
    const objects =
      'apiVersion: v1\nkind: Secret\nmetadata: { name: s, namespace: shop }\ntype: kubernetes.io/tls\n---\napiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: { name: c, namespace: shop }\nspec: { secretName: made }\n';
    expect(verdicts(examine(tlsKeyAccess, { objects, complete }))).toEqual(['pass closed Secret/made', 'pass closed Secret/s']);
  });
});
