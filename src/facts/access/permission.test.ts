import { expect, test } from 'vitest';
import { permit } from './permission.ts';
import { user } from './subject.ts';
import { bind, can, clusterRole, grant, world, yaml } from './testing.ts';

test.each([
  ['shop', 'all'],
  ['other', undefined],
  [undefined, undefined],
])('a RoleBinding of shop permits in %s: %s', (place, names) => {
  const { model } = world(yaml(...grant('user a', [can('get', 'pods')], 'shop')));
  expect(permit(model.grantsOf(user('a')), place, ['get'], '', 'pods')?.names).toBe(names);
});

test('2.1.4 a subject of another kind is nobody', () => {
  const binding = { ...bind('b', 'ClusterRole view', 'user a'), subjects: [{ kind: 'Robot', name: 'x', namespace: 'shop' }] };
  expect(world(yaml(binding)).model.bindings.find(({ builtin }) => !builtin)?.subjects).toEqual([]);
});

test('2.2.19 a role whose own label fits its selector is left out of itself, and decided', () => {
  const { model } = world(yaml(clusterRole('self', [can('get', 'pods')], { labels: { x: 'y' }, aggregates: { x: 'y' } })));
  const found = model.roles.find('ClusterRole', undefined, 'self');
  expect(found.status === 'found' && [found.role.rules, found.role.undecided]).toEqual([[], undefined]);
});
