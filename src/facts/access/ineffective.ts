import { namespacedVerbs } from './request-namespace.ts';
import { isClusterScoped, isNowhere, type ScopeOf, whereIs } from './resource-scope.ts';
import { type PolicyRule, splitResource } from './rules.ts';

export { isClusterScoped } from './resource-scope.ts';

/** A list of a rule. */
export type RuleField = 'verbs' | 'resources' | 'resourceNames' | 'nonResourceURLs' | 'apiGroups';

export interface IneffectivePart {
  /** What is written: a resource, a verb, a path. */
  readonly part: string;
  readonly why: string;
  /** Where in the rule it stands. */
  readonly field: RuleField;
  readonly index: number;
}

const verbs = new Set(
  [
    '* get list watch create update patch delete deletecollection proxy',
    'bind escalate impersonate approve sign attest use',
    'head post put options',
  ].flatMap((row) => row.split(' ')),
);

/** What a rule can do: what never allows a request is left out, with the reason. */
interface Living {
  readonly parts: readonly IneffectivePart[];
  readonly left: readonly string[];
}

/**
 * The parts of a rule that never allow a request when a binding of this kind grants a role of that kind. `effective` is false
 * when nothing is left. A rule over a group of an add-on counts as effective: a custom kind may have the resource.
 */
export function ineffectiveParts(
  rule: PolicyRule,
  roleKind: 'Role' | 'ClusterRole',
  bindingKind: 'RoleBinding' | 'ClusterRoleBinding',
  scopeOf: ScopeOf = isClusterScoped,
): { readonly parts: readonly IneffectivePart[]; readonly effective: boolean } {
  const resources = living('resources', rule.resources, (resource) => deadResource(resource, rule, bindingKind, scopeOf));
  const names = living('resourceNames', rule.resourceNames, (name) => deadName(name, rule));
  const urls = living('nonResourceURLs', rule.nonResourceURLs, () =>
    roleKind === 'ClusterRole' && bindingKind === 'ClusterRoleBinding'
      ? undefined
      : roleKind === 'Role'
        ? 'a Role cannot allow paths'
        : 'paths count only through a ClusterRoleBinding',
  );
  const spelt = living('verbs', rule.verbs, deadVerb);
  const named = living('verbs', rule.verbs, (verb) => (spelt.left.includes(verb) ? namelessVerb(verb, rule) : undefined));
  const forObjects =
    resources.left.length > 0 &&
    rule.apiGroups.length > 0 &&
    (rule.resourceNames.length === 0 || names.left.length > 0) &&
    spelt.left.some((verb) => named.left.includes(verb));
  return {
    parts: [...spelt.parts, ...named.parts, ...urls.parts, ...resources.parts, ...names.parts],
    effective: forObjects || (spelt.left.length > 0 && urls.left.length > 0),
  };
}

function living(field: RuleField, list: readonly string[], dead: (item: string) => string | undefined): Living {
  const parts: IneffectivePart[] = [];
  const left = list.filter((part, index) => {
    const why = dead(part);
    if (why !== undefined) parts.push({ part, why, field, index });
    return why === undefined;
  });
  return { parts, left };
}

/**
 * Operators may define verbs of their own (a SubjectAccessReview takes any text, and so does constrained impersonation with
 * `impersonate-on:user-info:list`), so only odd spellings are called dead.
 */
function deadVerb(verb: string): string | undefined {
  if (verb === '') return 'no API request has an empty verb';
  if (verb !== verb.toLowerCase() && verbs.has(verb.toLowerCase())) return `verbs are lower case: ${verb} allows nothing`;
  return undefined;
}

/** With resourceNames, a request that carries no name is never allowed, unless the empty name is listed. */
function namelessVerb(verb: string, rule: PolicyRule): string | undefined {
  if (rule.resourceNames.length === 0 || rule.resourceNames.includes('') || rule.resources.length === 0) return undefined;
  // `create` of a subresource (pods/exec, serviceaccounts/token) carries the name of its object; `*` has subresources too.
  const carries = rule.resources.some((resource) => resource === '*' || resource.includes('/'));
  if (verb === 'deletecollection' || (verb === 'create' && !carries))
    return `a ${verb} request carries no name, so resourceNames never fit it`;
  return undefined;
}

// Objects of RBAC itself may have any name; a signer or a user may be called anything.
const freeNames: readonly string[] = ['rbac.authorization.k8s.io', 'authentication.k8s.io', 'certificates.k8s.io'];

const deadName = (name: string, rule: PolicyRule): string | undefined =>
  name === '*' && !rule.apiGroups.some((group) => group === '*' || freeNames.includes(group))
    ? '* in resourceNames is a name and no wildcard: leave the list out to allow every name'
    : undefined;

function deadResource(
  resource: string,
  rule: PolicyRule,
  bindingKind: 'RoleBinding' | 'ClusterRoleBinding',
  scopeOf: ScopeOf,
): string | undefined {
  if (resource === '*') return undefined;
  if (resource.endsWith('/*')) return 'it is no wildcard, but a subresource that is called *';
  const [plural, subresource] = splitResource(resource);
  if (plural === '*') return subresource === '' ? 'the subresource is missing' : undefined;
  if (plural !== plural.toLowerCase()) return 'resources are plural and lower case';
  if (isNowhere(rule.apiGroups, plural)) {
    const hint = whereIs(rule.apiGroups, plural);
    const groups = rule.apiGroups.map((group) => group || '""').join(', ');
    return `the API group ${groups} has no resource ${plural}${hint === undefined ? '' : ` (${hint.replace(/\?$/, '')})`}`;
  }
  if (bindingKind === 'ClusterRoleBinding' || rule.apiGroups.includes('*')) return undefined;
  if (rule.apiGroups.length === 0 || !rule.apiGroups.every((group) => scopeOf(group, plural) === true)) return undefined;
  const inNamespace = rule.apiGroups.flatMap((group) => namespacedVerbs(group, plural));
  if (inNamespace.length > 0 && rule.verbs.some((verb) => verb === '*' || inNamespace.includes(verb))) return undefined;
  return `${plural} are cluster-scoped, and a RoleBinding allows nothing on them`;
}
