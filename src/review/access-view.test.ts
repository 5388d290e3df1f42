import { describe, expect, it } from 'vitest';
import { aBundle } from '../evidence/testing.ts';
import { account, bind, can, deployment, everything, grant, namespace, star, yaml } from '../facts/access/testing.ts';
import { createFacts } from '../facts/fact.ts';
import { accessView } from './access-view.ts';
import { placeFinder } from './places.ts';

const shop = namespace('shop');
const view = (objects: readonly object[], platform?: string) => {
  const bundle = aBundle({ objects: yaml(...objects), complete: everything, ...(platform === undefined ? {} : { platform }) });
  const facts = createFacts(bundle);
  return accessView(facts, bundle.collectedAt, placeFinder(facts));
};

describe('the access view', () => {
  it('shows subjects of the system first, with permissions and the steps of their paths', () => {
    const { subjects, more } = view(
      [shop, account('shop/deployer'), ...grant('sa shop/deployer', [can('create', 'apps:deployments')], 'shop')],
      yaml(...grant('sa ops/agent', [star])),
    );
    expect([subjects.map(({ subject, underReview }) => [subject, underReview]), more]).toEqual([
      [
        ['ServiceAccount shop/default', true],
        ['ServiceAccount shop/deployer', true],
        ['ServiceAccount ops/agent', false],
      ],
      0,
    ]);
    const deployer = subjects[1];
    expect(deployer?.permissions).toEqual([
      {
        namespace: 'shop',
        rule: 'create on apps/deployments',
        role: 'Role r-sa-shop-deployer-shop',
        binding: 'RoleBinding r-sa-shop-deployer-shop',
        effective: true,
      },
    ]);
    expect(deployer?.escalations.map(({ target, scope, certain }) => [target, scope, certain])).toEqual([
      ['node', 'cluster', true],
      ['namespace:shop', 'namespace', true],
    ]);
    expect(deployer?.escalations[0]?.steps[0]).toMatchObject({
      object: { kind: 'RoleBinding', namespace: 'shop' },
      path: 'roleRef',
      location: { file: expect.any(String), line: expect.any(Number), column: expect.any(Number), path: 'roleRef' },
    });
    expect(deployer?.escalations[0]?.cuts[0]).toContain('create on apps/deployments');
  });

  it('is plain JSON, and the order of objects does not show', () => {
    const objects = [
      shop,
      deployment('shop/web'),
      ...grant('user alice', [can('get', 'secrets')], 'shop'),
      bind('b', 'ClusterRole view', 'group devs'),
    ];
    const one = view(objects);
    expect(JSON.parse(JSON.stringify(one))).toEqual(one);
    const withoutPlaces = (value: unknown) =>
      JSON.stringify(value, (key, item: unknown) => (key === 'location' ? undefined : item));
    expect(withoutPlaces(view([...objects].reverse()))).toBe(withoutPlaces(one));
  });

  it('is capped and counts the rest', () => {
    const accounts = Array.from({ length: 520 }, (_, index) => account(`shop/a${index}`));
    const rules = Array.from({ length: 60 }, (_, index) => can('get', 'configmaps', `c${index}`));
    const { subjects, more } = view([shop, ...accounts, ...grant('sa shop/a0', rules, 'shop')]);
    expect([subjects.length, more]).toEqual([500, 21]);
    const [first] = subjects.filter(({ name }) => name === 'a0');
    expect([first?.permissions.length, first?.morePermissions]).toEqual([50, 10]);
  });
});
