import { describe, expect, it } from 'vitest';
import { account, bind, can, everything, grant, yaml } from '../../facts/access/testing.ts';
import { examine } from '../testing.ts';
import { clusterScopeWrite } from './cluster-scope-write.ts';

const judge = (objects: readonly object[], complete: readonly string[] = everything) =>
  examine(clusterScopeWrite, { objects: yaml(account('shop/a'), ...objects), complete }).map(
    ({ outcome, messageId, target }) => `${outcome} ${messageId} ${target.name}`,
  );

describe('cluster-scope-write', () => {
  it.each<[string, readonly object[], string[]]>([
    ['objects of every namespace', grant('sa shop/a', [can('patch', 'configmaps')]), ['fail writes a']],
    ['cluster-scoped objects', grant('sa shop/a', [can('create', 'storage.k8s.io:storageclasses')]), ['fail writes a']],
    [
      'the same rule by a RoleBinding stays in its namespace',
      grant('sa shop/a', [can('patch', 'configmaps')], 'shop'),
      ['pass none a'],
    ],
    ['reading the cluster', grant('sa shop/a', [can('get,list,watch', 'nodes')]), ['pass reads a']],
    [
      'asking the API server who somebody is stores nothing',
      grant('sa shop/a', [can('create', 'authentication.k8s.io:tokenreviews')]),
      ['pass reads a'],
    ],
  ])('%s', (_, objects, expected) => {
    expect(judge(objects)).toEqual(expected);
  });

  it('an unseen role counts where its binding gives the whole cluster', () => {
    expect(judge([bind('b', 'ClusterRole vendor', 'sa shop/a')], ['ClusterRoleBinding'])).toEqual(['unknown role-unseen a']);
    expect(judge([bind('shop/b', 'ClusterRole vendor', 'sa shop/a')], ['ClusterRoleBinding'])).toEqual(['pass none a']);
  });
});
