import { isClusterScoped, type ScopeOf } from './resource-scope.ts';
import type { ResourceRequest } from './rules.ts';

/** Verbs of requests that name a Namespace in their path. A list with a field selector carries the name and no namespace. */
const byName: readonly string[] = ['get', 'update', 'patch', 'delete', 'watch'];

/**
 * The namespace attribute that the authorizer sees, whatever the caller says. Requests for one Namespace are authorised in that
 * namespace (kubernetes apiserver requestinfo.go; `watch` by its old path /api/v1/watch/namespaces/<name>). Other cluster-scoped
 * objects have none, save for the verbs of `namespacedVerbs`.
 */
export function requestNamespace(request: ResourceRequest, scopeOf: ScopeOf = isClusterScoped): string | undefined {
  const { group, resource, verb } = request;
  if (group === '' && resource === 'namespaces') return byName.includes(verb) ? request.name : undefined;
  if (scopeOf(group, resource) === true && !namespacedVerbs(group, resource).includes(verb)) return undefined;
  return request.namespace === '' ? undefined : request.namespace;
}

/**
 * Verbs on a cluster-scoped resource that are authorised in a namespace: those on one Namespace, `bind` on a ClusterRole, which a
 * RoleBinding names (escalation_check.go), and `use` of a policy over a Pod (PodSecurityPolicy, OpenShift's SecurityContextConstraints).
 */
export function namespacedVerbs(group: string, resource: string): readonly string[] {
  return verbsInNamespace[`${group}|${resource}`] ?? [];
}

const verbsInNamespace: Readonly<Record<string, readonly string[]>> = {
  '|namespaces': byName,
  'rbac.authorization.k8s.io|clusterroles': ['bind'],
  'policy|podsecuritypolicies': ['use'],
  'extensions|podsecuritypolicies': ['use'],
  'security.openshift.io|securitycontextconstraints': ['use'],
};
