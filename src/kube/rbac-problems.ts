import type { Path } from '../model/judgement.ts';
import { isObject, type JsonObject, type JsonValue, listAt, textAt, texts, valueAt } from './json.ts';
import { type KubeObject, maskOf } from './object.ts';
import { selectorProblems } from './selector.ts';

/** A place in an RBAC object that the API server refuses, and why. Wrong types and unknown fields are told elsewhere. */
export interface RbacProblem {
  readonly path: Path;
  readonly problem: string;
}

const group = 'rbac.authorization.k8s.io';

/**
 * What the API server refuses in a Role, ClusterRole, RoleBinding or ClusterRoleBinding (kubernetes pkg/apis/rbac/validation, after
 * the defaults of pkg/apis/rbac/v1). Empty for other kinds.
 */
export function rbacProblems(object: KubeObject): readonly RbacProblem[] {
  if (object.group !== group) return [];
  switch (object.ref.kind) {
    case 'Role':
      return ruleProblems(object);
    case 'ClusterRole':
      return [...ruleProblems(object), ...aggregationProblems(object.value)];
    case 'RoleBinding':
    case 'ClusterRoleBinding':
      return [
        ...roleRefProblems(object),
        ...listAt(object.value, 'subjects').flatMap((item, index) => subjectProblems(object, item, index)),
      ];
    default:
      return [];
  }
}

function ruleProblems(object: KubeObject): readonly RbacProblem[] {
  return listAt(object.value, 'rules').flatMap((rule, index): readonly RbacProblem[] => {
    const path = ['rules', index];
    if (!isObject(rule)) return [{ path, problem: 'a rule must be an object' }];
    const filled = (field: string) => texts(rule[field]).length > 0;
    const problems: RbacProblem[] = [];
    if (!filled('verbs')) problems.push({ path, problem: 'the rule names no verbs' });
    if (filled('nonResourceURLs')) {
      const at = [...path, 'nonResourceURLs'];
      if (object.ref.kind === 'Role') problems.push({ path: at, problem: 'a Role cannot allow paths (nonResourceURLs)' });
      if (['apiGroups', 'resources', 'resourceNames'].some(filled))
        problems.push({ path: at, problem: 'one rule cannot allow both resources and paths (nonResourceURLs)' });
      return problems;
    }
    if (!filled('apiGroups')) problems.push({ path, problem: 'the rule names no apiGroups (the core group is "")' });
    if (!filled('resources')) problems.push({ path, problem: 'the rule names no resources' });
    return problems;
  });
}

function aggregationProblems(value: JsonObject): readonly RbacProblem[] {
  const rule = valueAt(value, 'aggregationRule');
  if (!isObject(rule)) return [];
  const at = ['aggregationRule', 'clusterRoleSelectors'];
  const selectors = listAt(rule, 'clusterRoleSelectors');
  if (selectors.length === 0)
    return [{ path: ['aggregationRule'], problem: 'an aggregationRule needs at least one clusterRoleSelector' }];
  return selectors.flatMap((selector, index) => selectorProblems(selector, [...at, index]));
}

function roleRefProblems({ ref, value }: KubeObject): readonly RbacProblem[] {
  const given = valueAt(value, 'roleRef');
  if (!isObject(given)) return [{ path: [], problem: 'it has no roleRef' }];
  const problems: RbacProblem[] = [];
  const apiGroup = textAt(given, 'apiGroup') || group;
  if (apiGroup !== group)
    problems.push({ path: ['roleRef', 'apiGroup'], problem: `roleRef.apiGroup must be ${group}, not ${apiGroup}` });
  const kind = textAt(given, 'kind') ?? '';
  const kinds = ref.kind === 'RoleBinding' ? ['Role', 'ClusterRole'] : ['ClusterRole'];
  if (!kinds.includes(kind))
    problems.push({
      path: kind === '' ? ['roleRef'] : ['roleRef', 'kind'],
      problem: `roleRef.kind must be ${kinds.join(' or ')}${kind === '' ? '' : `, not ${kind}`}`,
    });
  const name = textAt(given, 'name') ?? '';
  const wrong = nameProblem(name);
  if (wrong !== undefined)
    problems.push({ path: name === '' ? ['roleRef'] : ['roleRef', 'name'], problem: `roleRef.name ${wrong}` });
  return problems;
}

/** A name becomes a segment of a path. */
function nameProblem(name: string): string | undefined {
  if (name === '') return 'is missing';
  if (name === '.' || name === '..') return `may not be ${name}`;
  return /[/%]/.test(name) ? 'may not hold / or %' : undefined;
}

const kindsOfSubjects = ['User', 'Group', 'ServiceAccount'];

function subjectProblems(object: KubeObject, subject: JsonValue, index: number): readonly RbacProblem[] {
  const path: Path = ['subjects', index];
  if (!isObject(subject)) return maskOf(object, path) === undefined ? [{ path, problem: 'a subject must be an object' }] : [];
  const kind = textAt(subject, 'kind') ?? '';
  if (!kindsOfSubjects.includes(kind))
    return [
      {
        path: kind === '' ? path : [...path, 'kind'],
        problem: `a subject is a User, a Group or a ServiceAccount${kind === '' ? '; this one has no kind' : `, not a ${kind}`}`,
      },
    ];
  const problems: RbacProblem[] = [];
  if ((textAt(subject, 'name') ?? '') === '') problems.push({ path, problem: `the ${kind} has no name` });
  const apiGroup = textAt(subject, 'apiGroup') ?? '';
  if (apiGroup !== '' && apiGroup !== (kind === 'ServiceAccount' ? '' : group))
    problems.push({
      path: [...path, 'apiGroup'],
      problem: `apiGroup of a ${kind} must be ${kind === 'ServiceAccount' ? 'empty' : group}, not ${apiGroup}`,
    });
  const placeless = kind === 'ServiceAccount' && (textAt(subject, 'namespace') ?? '') === '';
  if (placeless && object.ref.kind === 'ClusterRoleBinding')
    problems.push({ path, problem: 'a ServiceAccount in a ClusterRoleBinding needs its namespace' });
  return problems;
}
