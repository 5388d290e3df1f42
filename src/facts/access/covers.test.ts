import { expect, test } from 'vitest';
import { covers } from './covers.ts';
import { readRules } from './rules.ts';
import { can, star, type WrittenRule } from './testing.ts';

const rules = (...written: readonly WrittenRule[]) => readRules({ rules: written as never });

test.each<[string, readonly WrittenRule[], readonly WrittenRule[], boolean]>([
  [
    'atoms may lie in different rules',
    [can('get', 'pods'), can('list', 'secrets')],
    [can('get', 'pods'), can('list', 'secrets')],
    true,
  ],
  ['one rule with two verbs is two atoms', [can('get', 'pods'), can('list', 'pods')], [can('get,list', 'pods')], true],
  ['an atom needs one single rule', [can('get', 'pods'), can('list', 'secrets')], [can('get', 'secrets')], false],
  [
    'a wanted * needs a *',
    [can('get,list,watch,create,update,patch,delete,deletecollection', 'pods')],
    [can('*', 'pods')],
    false,
  ],
  ['* covers everything', [star], [can('escalate', 'a:b')], true],
  ['* over objects covers no path', [star], [{ verbs: ['get'], nonResourceURLs: ['/x'] }], false],
  ['names do not cover a nameless atom', [can('get', 'secrets', 'a')], [can('get', 'secrets')], false],
  ['names cover themselves', [can('get', 'secrets', 'a', 'b')], [can('get', 'secrets', 'b')], true],
  ['*/scale covers deployments/scale', [can('get', 'apps:*/scale')], [can('get', 'apps:deployments/scale')], true],
  ['pods does not cover pods/log', [can('get', 'pods')], [can('get', 'pods/log')], false],
  [
    'a path prefix covers deeper paths',
    [{ verbs: ['get'], nonResourceURLs: ['/a/*'] }],
    [{ verbs: ['get'], nonResourceURLs: ['/a/b/*'] }],
    true,
  ],
  [
    'a path does not cover deeper paths',
    [{ verbs: ['get'], nonResourceURLs: ['/a'] }],
    [{ verbs: ['get'], nonResourceURLs: ['/a/b'] }],
    false,
  ],
])('2.3.24 %s', (_name, owner, wanted, expected) => {
  expect(covers(rules(...owner), rules(...wanted))).toBe(expected);
});
