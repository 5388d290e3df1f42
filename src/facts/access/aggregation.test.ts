import { describe, expect, test } from 'vitest';
import { readSelector } from '../../kube/selector.ts';
import { type Aggregating, aggregations } from './aggregation.ts';
import { bind, can, clusterRole, world, yaml } from './testing.ts';
import { user } from './subject.ts';

/** `labels` and `takes` as `a=1`; without `takes` the role aggregates nothing. */
const role = (name: string, labels: readonly string[], takes?: readonly string[]): Aggregating => ({
  name,
  labels: new Map(labels.map((text) => text.split('=') as [string, string])),
  selectors: takes?.map((text) => {
    const [key = '', value = ''] = text.split('=');
    return readSelector({ matchLabels: { [key]: value } }) ?? { requirements: [] };
  }),
});
const of = (...roles: readonly Aggregating[]) => aggregations(new Map(roles.map((entry) => [entry.name, entry])));

describe('2.2.19 aggregation as a least fixpoint', () => {
  test('reaches plain roles through others, and takes no rules from roles with an aggregationRule', () => {
    const aggregate = of(role('top', [], ['to=top']), role('mid', ['to=top'], ['to=mid']), role('leaf', ['to=mid']));
    expect(aggregate('top')).toEqual({ members: ['leaf'], through: undefined, cycle: undefined, selectsItself: false });
    expect(aggregate('leaf').members).toEqual([]);
  });
  test('a role that only selects itself is no cycle', () => {
    expect(of(role('a', ['x=1'], ['x=1']), role('leaf', ['x=1']))('a')).toEqual({
      members: ['leaf'],
      through: undefined,
      cycle: undefined,
      selectsItself: true,
    });
  });
  test('two roles with the same selector, of which one fits it, are no cycle', () => {
    const aggregate = of(role('a', ['x=1'], ['x=1']), role('b', [], ['x=1']));
    expect([aggregate('a').through, aggregate('b').through, aggregate('b').cycle]).toEqual([undefined, undefined, undefined]);
  });
  test('two roles with the same selector that both fit it are a cycle', () => {
    const aggregate = of(role('a', ['x=1'], ['x=1']), role('b', ['x=1'], ['x=1']));
    expect([aggregate('a').through, aggregate('b').through]).toEqual(['b', 'a']);
  });
  test('a longer cycle is one, and a role outside that takes it in knows of it', () => {
    const aggregate = of(
      role('a', ['to=c'], ['to=a']),
      role('b', ['to=a'], ['to=b']),
      role('c', ['to=b', 'to2=out'], ['to=c']),
      role('out', [], ['to2=out']),
      role('leaf', ['to=b']),
    );
    expect([aggregate('a').through, aggregate('c').through]).toEqual(['c', 'b']);
    expect(aggregate('out')).toMatchObject({ members: ['leaf'], through: undefined, cycle: 'a' });
  });
  test('what a role outside a cycle gets from it is unknown, never a plain no', () => {
    const model = world(
      yaml(
        clusterRole('a', [can('get', 'secrets')], { labels: { x: 'b', out: 'yes' }, aggregates: { x: 'a' } }),
        clusterRole('b', [], { labels: { x: 'a' }, aggregates: { x: 'b' } }),
        clusterRole('out', [], { aggregates: { out: 'yes' } }),
        bind('b', 'ClusterRole out', 'user u'),
      ),
    ).model;
    expect(model.can(user('u'), { verb: 'get', group: '', resource: 'secrets' }).allowed).toBe('unknown');
  });
  test('a null selector is the empty one, which selects every ClusterRole', () => {
    const all = { ...clusterRole('all', []), aggregationRule: { clusterRoleSelectors: [null] } };
    const { model } = world(yaml(all, clusterRole('leaf', [can('get', 'pods')]), bind('b', 'ClusterRole all', 'user u')));
    expect(model.can(user('u'), { verb: 'get', group: '', resource: 'pods' }).allowed).toBe(true);
  });
  test('thousands of roles that take in each other, and a chain of thousands, end', () => {
    const dense = Array.from({ length: 1000 }, (_, index) => role(`r${index}`, ['x=1', `y=${index}`], ['x=1', `y=${index + 1}`]));
    expect(of(...dense, role('leaf', ['x=1']))('r0')).toMatchObject({ members: ['leaf'], through: 'r1' });
    const chain = Array.from({ length: 1000 }, (_, index) => role(`r${index}`, [`y=${index}`], [`y=${index + 1}`]));
    const aggregate = of(...chain, role('leaf', ['y=1000']));
    expect(
      chain.map(({ name }) => aggregate(name)).every(({ members, through }) => members[0] === 'leaf' && through === undefined),
    ).toBe(true);
  });
});
