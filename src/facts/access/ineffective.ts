import { resourcesOf } from '../../kube/gvk.ts';
import { type PolicyRule, splitResource } from './rules.ts';

export interface IneffectivePart {
  /** What is written: a resource, a verb, a path. */
  readonly part: string;
  readonly why: string;
}

const verbs = new Set(
  [
    '* get list watch create update patch delete deletecollection proxy',
    'bind escalate impersonate approve sign attest use',
    'head post put options',
  ].flatMap((row) => row.split(' ')),
);

/** Resources of core and RBAC's own world that are no objects of a kind: they stand in rules only. */
const virtual: ReadonlySet<string> = new Set([
  '|users',
  '|groups',
  '|componentstatuses',
  'certificates.k8s.io|signers',
  'authentication.k8s.io|userextras',
  'authentication.k8s.io|uids',
]);
/** Cluster-wide virtual resources; `impersonate` on serviceaccounts is checked in the ServiceAccount's namespace. */
const clusterVirtual: ReadonlySet<string> = new Set([
  '|users',
  '|groups',
  'certificates.k8s.io|signers',
  'authentication.k8s.io|userextras',
  'authentication.k8s.io|uids',
]);

/**
 * The parts of a rule that never allow a request when a binding of this kind grants a role of that kind. `effective` is false
 * when nothing is left. A rule over an unknown group or resource counts as effective: a custom kind may have it.
 */
export function ineffectiveParts(
  rule: PolicyRule,
  roleKind: 'Role' | 'ClusterRole',
  bindingKind: 'RoleBinding' | 'ClusterRoleBinding',
): { readonly parts: readonly IneffectivePart[]; readonly effective: boolean } {
  const parts: IneffectivePart[] = [];
  const liveVerbs = rule.verbs.filter((verb) => {
    if (!isUnknownVerb(verb)) return true;
    parts.push({
      part: verb,
      why: verbs.has(verb.toLowerCase()) ? `verbs are lower case: ${verb} allows nothing` : `no API request has the verb ${verb}`,
    });
    return false;
  });
  const liveUrls = rule.nonResourceURLs.filter((url) => {
    if (roleKind === 'ClusterRole' && bindingKind === 'ClusterRoleBinding') return true;
    parts.push({
      part: url,
      why: roleKind === 'Role' ? 'a Role cannot allow paths' : 'paths count only through a ClusterRoleBinding',
    });
    return false;
  });
  const liveResources = rule.resources.filter((resource) => {
    const why = deadResource(resource, rule, bindingKind);
    if (why !== undefined) parts.push({ part: resource, why });
    return why === undefined;
  });
  const forObjects = liveResources.length > 0 && rule.apiGroups.length > 0;
  return { parts, effective: liveVerbs.length > 0 && (forObjects || liveUrls.length > 0) };
}

// Operators may define verbs of their own (a SubjectAccessReview takes any text), so only odd spellings are called dead.
const isUnknownVerb = (verb: string): boolean => verb === '' || (verb !== verb.toLowerCase() && verbs.has(verb.toLowerCase()));

function deadResource(resource: string, rule: PolicyRule, bindingKind: 'RoleBinding' | 'ClusterRoleBinding'): string | undefined {
  if (resource === '*') return undefined;
  if (resource.endsWith('/*')) return `${resource} is no wildcard: it names a subresource that is called *`;
  const [plural, subresource] = splitResource(resource);
  if (plural === '*') return subresource === '' ? 'the subresource is missing' : undefined;
  if (plural !== plural.toLowerCase()) return 'resources are plural and lower case';
  if (bindingKind === 'ClusterRoleBinding' || rule.apiGroups.includes('*')) return undefined;
  const scopes = rule.apiGroups.map((group) => isClusterScoped(group, plural));
  if (scopes.length === 0 || !scopes.every((scope) => scope === true)) return undefined;
  // One Namespace is authorised in itself, and `bind` on a ClusterRole in the namespace of the RoleBinding that names it.
  if (plural === 'namespaces' && rule.verbs.some((verb) => ['*', 'get', 'update', 'patch', 'delete'].includes(verb)))
    return undefined;
  if (plural === 'clusterroles' && rule.verbs.some((verb) => verb === '*' || verb === 'bind')) return undefined;
  return `${plural} are cluster-scoped: a RoleBinding allows nothing on them`;
}

/** Whether objects of a resource have no namespace; undefined for a resource that is not known. */
export function isClusterScoped(group: string, plural: string): boolean | undefined {
  const key = `${group}|${plural}`;
  if (virtual.has(key)) return clusterVirtual.has(key);
  const known = resourcesOf(group)?.find((resource) => resource.plural === plural);
  return known === undefined ? undefined : !known.namespaced;
}
