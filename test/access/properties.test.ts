import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AccessModel } from '../../src/facts/access/access.ts';
import { covers } from '../../src/facts/access/covers.ts';
import { type AccessRequest, allows, readRules } from '../../src/facts/access/rules.ts';
import {
  formatSubject,
  group,
  impliedGroups,
  serviceAccount,
  type Subject,
  subjectKey,
  user,
} from '../../src/facts/access/subject.ts';
import { world, yaml } from '../../src/facts/access/testing.ts';
import {
  aggregated,
  authorize,
  hasCycle,
  type RawBinding,
  type RawObject,
  type RawRole,
  type RawRule,
  type RawUser,
} from './oracle.ts';

const apiVersion = 'rbac.authorization.k8s.io/v1';
const names = ['a', 'b', 'c'] as const;
const namespaces = ['shop', 'bank'] as const;
const verbs = ['get', 'list', 'create', 'watch', 'delete', 'deletecollection', 'bind', 'impersonate', '*', 'Get'] as const;
const resources = [
  'pods',
  'pods/exec',
  'pods/log',
  'pods/*',
  '*/exec',
  '*',
  'secrets',
  'nodes',
  'namespaces',
  'users',
  'clusterroles',
  'deployments',
  'deployments/scale',
  '*/scale',
] as const;
const groups = ['', 'apps', 'rbac.authorization.k8s.io', '*'] as const;
const urls = ['/metrics', '/logs/*', '/logs/a', '/lo**', '*'] as const;

const some = <T>(list: readonly T[], max: number) => fc.array(fc.constantFrom(...list), { maxLength: max });
const objectRule: fc.Arbitrary<RawRule> = fc.record({
  // Mostly wide rules: with narrow ones nearly every answer is no.
  verbs: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(['*'], ['get', 'create', 'list']) },
    { weight: 3, arbitrary: some(verbs, 3) },
  ),
  apiGroups: fc.oneof({ weight: 3, arbitrary: fc.constantFrom([''], ['*']) }, { weight: 1, arbitrary: some(groups, 2) }),
  resources: fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom(['*'], ['pods', 'secrets', 'namespaces']) },
    { weight: 3, arbitrary: some(resources, 4) },
  ),
  resourceNames: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: some(['x', 'shop', '*', ''], 2) }),
});
const urlRule: fc.Arbitrary<RawRule> = fc.record({
  verbs: some(['get', '*', 'post'], 2),
  nonResourceURLs: some(urls, 2),
});
const rules = fc.array(fc.oneof({ weight: 4, arbitrary: objectRule }, { weight: 1, arbitrary: urlRule }), { maxLength: 3 });
const labels = fc.dictionary(fc.constantFrom('l', 'm'), fc.constantFrom('1', '2'), { maxKeys: 2 });

const clusterRole: fc.Arbitrary<RawRole> = fc
  .record({
    name: fc.constantFrom(...names),
    labels,
    rules,
    selectors: fc.option(fc.array(labels, { minLength: 1, maxLength: 2 }), { freq: 2, nil: undefined }),
  })
  .map(({ name, labels: own, rules: written, selectors }) => ({
    apiVersion,
    kind: 'ClusterRole',
    metadata: { name, labels: own },
    rules: written,
    ...(selectors === undefined
      ? {}
      : {
          // A selector with a label of its own keeps Kubernetes' roles, which the oracle does not know, out of it.
          aggregationRule: {
            clusterRoleSelectors: selectors.map((selector) => ({
              matchLabels: Object.keys(selector).length > 0 ? selector : { l: '1' },
            })),
          },
        }),
  }));
const namespacedRole: fc.Arbitrary<RawRole> = fc
  .record({ name: fc.constantFrom(...names), namespace: fc.constantFrom(...namespaces), rules })
  .map(({ name, namespace, rules: written }) => ({ apiVersion, kind: 'Role', metadata: { name, namespace }, rules: written }));

const subject = fc.constantFrom<RawBinding['subjects'][number]>(
  { kind: 'User', name: 'alice' },
  { kind: 'User', name: 'Alice' },
  { kind: 'User', name: '*' },
  { kind: 'User', name: 'system:serviceaccount:shop:web' },
  { kind: 'Group', name: 'devs' },
  { kind: 'Group', name: 'system:authenticated' },
  { kind: 'Group', name: 'system:authenticated' },
  { kind: 'Group', name: 'system:unauthenticated' },
  { kind: 'Group', name: 'system:serviceaccounts' },
  { kind: 'Group', name: 'system:serviceaccounts:shop' },
  { kind: 'ServiceAccount', name: 'web', namespace: 'shop' },
  { kind: 'ServiceAccount', name: 'web', namespace: 'bank' },
  { kind: 'ServiceAccount', name: 'web' },
  { kind: 'Robot', name: 'alice' },
);
const binding: fc.Arbitrary<RawBinding> = fc
  .record({
    name: fc.constantFrom('b1', 'b2', 'b3', 'b4'),
    namespace: fc.constantFrom(undefined, undefined, 'shop', 'shop', 'bank'),
    roleKind: fc.constantFrom('ClusterRole', 'ClusterRole', 'Role'),
    role: fc.constantFrom(...names, ...names, 'gone'),
    subjects: fc.array(subject, { minLength: 1, maxLength: 3 }),
  })
  .map(({ name, namespace, roleKind, role, subjects }) => ({
    apiVersion,
    kind: namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding',
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: roleKind, name: role },
    subjects,
  }));

const identity = ({ kind, metadata }: RawObject) => `${kind}|${metadata.namespace ?? ''}|${metadata.name}`;
/** A cluster holds one object of each kind and name. */
const cluster: fc.Arbitrary<readonly RawObject[]> = fc
  .record({
    bindings: fc.array(binding, { minLength: 2, maxLength: 6 }),
    roles: fc.array(fc.oneof({ weight: 3, arbitrary: clusterRole }, { weight: 1, arbitrary: namespacedRole }), {
      minLength: 3,
      maxLength: 7,
    }),
  })
  .map(({ bindings, roles }) => [...new Map([...roles, ...bindings].map((object) => [identity(object), object])).values()]);

const askers: readonly { readonly subject: Subject; readonly as: RawUser; readonly groups?: readonly string[] }[] = [
  { subject: user('alice'), as: { name: 'alice', groups: ['system:authenticated'] } },
  { subject: user('alice'), groups: ['devs'], as: { name: 'alice', groups: ['system:authenticated', 'devs'] } },
  { subject: user('system:anonymous'), as: { name: 'system:anonymous', groups: ['system:unauthenticated'] } },
  ...namespaces.map((namespace) => ({
    subject: serviceAccount(namespace, 'web'),
    as: {
      name: `system:serviceaccount:${namespace}:web`,
      groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
    },
  })),
  // A group stands for a member of whom nothing else is known.
  { subject: group('devs'), as: { name: '', groups: ['devs', 'system:authenticated'] } },
];

const request: fc.Arbitrary<AccessRequest> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .record({
        verb: fc.constantFrom(
          'get',
          'get',
          'get',
          'list',
          'list',
          'create',
          'create',
          'watch',
          'delete',
          'deletecollection',
          'bind',
          'impersonate',
          'patch',
        ),
        resource: fc.constantFrom(
          ['', 'pods'],
          ['', 'pods'],
          ['', 'pods', 'exec'],
          ['', 'pods', 'log'],
          ['', 'secrets'],
          ['', 'nodes'],
          ['', 'namespaces'],
          ['', 'users'],
          ['apps', 'deployments'],
          ['apps', 'deployments', 'scale'],
          ['rbac.authorization.k8s.io', 'clusterroles'],
          ['example.com', 'things'],
        ),
        name: fc.constantFrom(undefined, 'x', 'y', 'shop'),
        namespace: fc.constantFrom(undefined, 'shop', 'shop', 'bank', 'other'),
      })
      .map(({ verb, resource: [apiGroup = '', resource = '', subresource], name, namespace }) => ({
        verb,
        group: apiGroup,
        resource,
        ...(subresource === undefined ? {} : { subresource }),
        ...(name === undefined ? {} : { name }),
        ...(namespace === undefined ? {} : { namespace }),
      })),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      verb: fc.constantFrom('get', 'post'),
      url: fc.constantFrom('/metrics', '/logs', '/logs/a', '/logs/b'),
    }),
  },
);
const requests = fc.array(request, { minLength: 4, maxLength: 8 });

const modelOf = (objects: readonly object[]): AccessModel => world(yaml(...objects)).model;
const answersOf = (model: AccessModel, asked: readonly AccessRequest[]) =>
  askers.flatMap(({ subject: asker, groups: more }) => asked.map((one) => model.can(asker, one, more).allowed));

describe('what RBAC allows, against a brute-force authorizer', () => {
  test('can() equals it on every cluster without a cycle of aggregation', () => {
    let allowed = 0;
    fc.assert(
      fc.property(cluster, requests, (objects, asked) => {
        fc.pre(!hasCycle(objects));
        const model = modelOf(objects);
        const rulesOf = aggregated(objects, 'stored');
        for (const { subject: asker, as, groups: more } of askers) {
          for (const one of asked) {
            const expected = authorize(objects, as, one, rulesOf);
            if (expected) allowed++;
            expect([formatSubject(asker), one, model.can(asker, one, more).allowed]).toEqual([
              formatSubject(asker),
              one,
              expected,
            ]);
          }
        }
      }),
      { numRuns: 300 },
    );
    // The property says something only while both answers come up.
    expect(allowed).toBeGreaterThan(100);
  });
  test('with a cycle, a yes holds whatever the controller starts from, and a no too', () => {
    fc.assert(
      fc.property(cluster, requests, (objects, asked) => {
        fc.pre(hasCycle(objects));
        const model = modelOf(objects);
        const least = aggregated(objects, 'nothing');
        const stored = aggregated(objects, 'stored');
        for (const { subject: asker, as, groups: more } of askers) {
          for (const one of asked) {
            const answer = model.can(asker, one, more).allowed;
            if (answer === true) expect(authorize(objects, as, one, least)).toBe(true);
            if (answer === false && stored !== 'endless') expect(authorize(objects, as, one, stored)).toBe(false);
          }
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe('2.3.24 Covers', () => {
  test('whoever covers rules may do all that they allow', () => {
    let covered = 0;
    const written = fc.array(fc.oneof(objectRule, urlRule), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(written, written, requests, (owner, wanted, asked) => {
        const read = (list: readonly RawRule[]) => readRules({ rules: list as never });
        if (!covers(read(owner), read(wanted))) return;
        for (const one of asked) {
          const may = (list: readonly RawRule[]) => read(list).some((rule) => allows(rule, one));
          if (!may(wanted)) continue;
          covered++;
          expect([one, may(owner)]).toEqual([one, true]);
        }
      }),
      { numRuns: 3000 },
    );
    expect(covered).toBeGreaterThan(50);
  });
});

describe('properties of the model', () => {
  test('the order of objects changes no answer', () => {
    fc.assert(
      fc.property(
        cluster.chain((objects) =>
          fc.tuple(fc.constant(objects), fc.shuffledSubarray([...objects], { minLength: objects.length })),
        ),
        requests,
        ([objects, shuffled], asked) => {
          expect(answersOf(modelOf(shuffled), asked)).toEqual(answersOf(modelOf(objects), asked));
        },
      ),
      { numRuns: 60 },
    );
  });
  test('an unrelated namespace changes nothing', () => {
    fc.assert(
      fc.property(cluster, cluster, requests, (objects, more, asked) => {
        const elsewhere = more
          .filter(({ kind }) => kind === 'Role' || kind === 'RoleBinding')
          .map((object) => ({ ...object, metadata: { ...object.metadata, namespace: 'unrelated' } }));
        // A ServiceAccount without a namespace is another one there; no request asks about it.
        expect(answersOf(modelOf([...objects, ...elsewhere]), asked)).toEqual(answersOf(modelOf(objects), asked));
      }),
      { numRuns: 60 },
    );
  });
  test('adding a binding never removes a right', () => {
    fc.assert(
      fc.property(cluster, binding, requests, (objects, added, asked) => {
        const more = { ...added, metadata: { ...added.metadata, name: 'added' } };
        const before = answersOf(modelOf(objects), asked);
        const after = answersOf(modelOf([...objects, more]), asked);
        expect(before.every((answer, index) => answer !== true || after[index] === true)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
  test('whoCan names a subject, or a group that it is in, exactly where can() allows', () => {
    fc.assert(
      fc.property(cluster, requests, (objects, asked) => {
        const model = modelOf(objects);
        for (const one of asked) {
          const who = new Map(model.whoCan(one).map(({ subject: found, decision }) => [subjectKey(found), decision.allowed]));
          for (const known of model.subjects) {
            const identities = [known, ...impliedGroups(known).map(group)].map((entry) => who.get(subjectKey(entry)));
            const expected = identities.includes(true) ? true : identities.includes('unknown') ? 'unknown' : false;
            expect([formatSubject(known), one, model.can(known, one).allowed]).toEqual([formatSubject(known), one, expected]);
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});
