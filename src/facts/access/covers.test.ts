import { describe, expect, test } from 'vitest';
import { covers, formatAtom, uncovered } from './covers.ts';
import { readRules } from './rules.ts';
import { can, star, type WrittenRule } from './testing.ts';

const rules = (...written: readonly WrittenRule[]) => readRules({ rules: written as never });
const url = (verbs: string, ...nonResourceURLs: readonly string[]): WrittenRule => ({ verbs: verbs.split(','), nonResourceURLs });
const groups = (written: WrittenRule, ...apiGroups: readonly string[]): WrittenRule => ({ ...written, apiGroups });

// kubernetes component-helpers auth/rbac/validation/policy_comparator.go
describe('2.3.24', () => {
  test.each<[string, readonly WrittenRule[], readonly WrittenRule[], boolean]>([
    ['nothing covers nothing', [], [], true],
    ['nothing covers no rule', [], [can('get', 'pods')], false],
    ['the same rule', [can('get', 'pods')], [can('get', 'pods')], true],
    [
      'atoms may lie in different rules',
      [can('get', 'pods'), can('list', 'secrets')],
      [can('get', 'pods'), can('list', 'secrets')],
      true,
    ],
    ['one rule with two verbs is two atoms', [can('get', 'pods'), can('list', 'pods')], [can('get,list', 'pods')], true],
    ['resources too', [can('get', 'pods'), can('get', 'secrets')], [can('get', 'pods,secrets')], true],
    ['groups too', [can('get', 'pods'), can('get', 'apps:pods')], [groups(can('get', 'pods'), '', 'apps')], true],
    ['an atom needs one single rule', [can('get', 'pods'), can('list', 'secrets')], [can('get', 'secrets')], false],
    [
      'the group of one rule and the resource of another',
      [can('get', 'pods'), can('get', 'apps:deployments')],
      [can('get', 'apps:pods')],
      false,
    ],
    ['another group', [can('get', 'apps:pods')], [can('get', 'pods')], false],
    ['the case counts', [can('get', 'pods')], [can('Get', 'pods')], false],
    [
      'a wanted * needs a *: all verbs written out are not enough',
      [can('get,list,watch,create,update,patch,delete,deletecollection', 'pods')],
      [can('*', 'pods')],
      false,
    ],
    ['a wanted * of groups needs a *', [groups(can('get', 'pods'), '', 'apps')], [groups(can('get', 'pods'), '*')], false],
    ['a wanted * of resources needs a *', [can('get', 'pods,secrets')], [can('get', '*')], false],
    ['a * covers a *', [star], [star], true],
    ['* covers everything', [star], [can('escalate', 'a:b')], true],
    ['* of resources covers subresources', [can('get', '*')], [can('get', 'pods/log')], true],
    ['pods does not cover pods/log', [can('get', 'pods')], [can('get', 'pods/log')], false],
    ['pods/log does not cover pods', [can('get', 'pods/log')], [can('get', 'pods')], false],
    ['*/scale covers deployments/scale', [can('get', 'apps:*/scale')], [can('get', 'apps:deployments/scale')], true],
    ['*/scale covers itself', [can('get', 'apps:*/scale')], [can('get', 'apps:*/scale')], true],
    ['*/scale does not cover deployments', [can('get', 'apps:*/scale')], [can('get', 'apps:deployments')], false],
    ['deployments/scale does not cover */scale', [can('get', 'apps:deployments/scale')], [can('get', 'apps:*/scale')], false],
    ['pods/* is a word', [can('get', 'pods/*')], [can('get', 'pods/log')], false],
    ['names do not cover a nameless atom', [can('get', 'secrets', 'a')], [can('get', 'secrets')], false],
    ['names cover themselves', [can('get', 'secrets', 'a', 'b')], [can('get', 'secrets', 'b')], true],
    ['names of two rules', [can('get', 'secrets', 'a'), can('get', 'secrets', 'b')], [can('get', 'secrets', 'a', 'b')], true],
    ['one name too many', [can('get', 'secrets', 'a')], [can('get', 'secrets', 'a', 'b')], false],
    ['a rule without names covers names', [can('get', 'secrets')], [can('get', 'secrets', 'a')], true],
    ['* is a name like others', [can('get', 'secrets', '*')], [can('get', 'secrets', 'a')], false],
    ['a wanted rule without verbs has no atom', [], [can('get', 'pods')].map((rule) => ({ ...rule, verbs: [] })), true],
    ['an owner without verbs covers nothing', [{ ...can('get', 'pods'), verbs: [] }], [can('get', 'pods')], false],
    ['* over objects covers no path', [star], [url('get', '/x')], false],
    ['paths cover no objects', [url('*', '*')], [can('get', 'pods')], false],
    ['a path', [url('get', '/a')], [url('get', '/a')], true],
    ['another verb on a path', [url('get', '/a')], [url('post', '/a')], false],
    ['a path prefix covers deeper paths', [url('get', '/a/*')], [url('get', '/a/b')], true],
    ['a path prefix covers deeper prefixes', [url('get', '/a/*')], [url('get', '/a/b/*')], true],
    ['a prefix does not cover the path above', [url('get', '/a/*')], [url('get', '/a')], false],
    ['a deeper prefix does not cover one above', [url('get', '/a/b/*')], [url('get', '/a/*')], false],
    ['stars at the end count once', [url('get', '/a/**')], [url('get', '/a/b')], true],
    ['a star within is none', [url('get', '/*/b')], [url('get', '/a/b')], false],
    ['a path does not cover deeper paths', [url('get', '/a')], [url('get', '/a/b')], false],
    ['a rule with names covers no path', [{ ...url('get', '/a'), resourceNames: ['x'] }], [url('get', '/a')], false],
    ['paths of two rules', [url('get', '/a'), url('get', '/b')], [url('get', '/a', '/b')], true],
  ])('%s', (_name, owner, wanted, expected) => {
    expect(covers(rules(...owner), rules(...wanted))).toBe(expected);
  });
  test('what is not covered is told atom by atom, in order, up to a limit', () => {
    const missing = uncovered(rules(can('get', 'pods')), rules(can('get,list', 'pods,apps', 'x'), url('get', '/a')));
    expect(missing.map(formatAtom)).toEqual(['list pods (x)', 'get apps (x)', 'list apps (x)', 'get /a']);
    expect(uncovered([], rules(can('get,list', 'apps:pods')), 1).map(formatAtom)).toEqual(['get apps/pods']);
  });
});
