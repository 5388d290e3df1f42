import { isObject, type JsonObject, listAt, texts } from '../../kube/json.ts';
import type { Path } from '../../model/judgement.ts';

/** One PolicyRule of a Role or ClusterRole. Lists that are absent are empty, and an empty list of verbs, groups or resources grants nothing. */
export interface PolicyRule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  /** `pods`, `pods/log`, `*`, `*` + `/scale`. */
  readonly resources: readonly string[];
  /** Empty: every name. */
  readonly resourceNames: readonly string[];
  readonly nonResourceURLs: readonly string[];
  /** Path of the rule in its role: `['rules', 2]`. */
  readonly path: Path;
}

/** A request for an object, as the API server's authorizer sees it. */
export interface ResourceRequest {
  readonly verb: string;
  /** API group, empty for core. */
  readonly group: string;
  /** Plural, lower case. */
  readonly resource: string;
  readonly subresource?: string;
  /** Absent for top-level create, deletecollection, and list or watch without a field selector on the name. */
  readonly name?: string;
  /** Absent: a cluster-wide request, which RoleBindings never allow. */
  readonly namespace?: string;
}

/** A request for a path that is no object: `/healthz`, `/metrics`. Verbs are lower-case HTTP methods. */
export interface UrlRequest {
  readonly verb: string;
  readonly url: string;
}

export type AccessRequest = ResourceRequest | UrlRequest;

export const isUrlRequest = (request: AccessRequest): request is UrlRequest => 'url' in request;

/** Reads `rules` of a Role or ClusterRole; entries that are no objects are left out. */
export function readRules(value: JsonObject): readonly PolicyRule[] {
  return listAt(value, 'rules').flatMap((rule, index): PolicyRule[] =>
    isObject(rule)
      ? [
          {
            verbs: texts(rule['verbs']),
            apiGroups: texts(rule['apiGroups']),
            resources: texts(rule['resources']),
            resourceNames: texts(rule['resourceNames']),
            nonResourceURLs: texts(rule['nonResourceURLs']),
            path: ['rules', index],
          },
        ]
      : [],
  );
}

/**
 * Does the rule allow the request? The rule of the RBAC authorizer (kubernetes pkg/apis/rbac/v1/evaluation_helpers.go):
 * everything case-sensitive, `*` alone is a wildcard, and `pods` + `/*` is a literal.
 */
export function allows(rule: PolicyRule, request: AccessRequest): boolean {
  if (!matchesVerb(rule, request.verb)) return false;
  if (isUrlRequest(request)) return rule.nonResourceURLs.some((pattern) => matchesUrl(pattern, request.url));
  return matchesResource(rule, request.group, request.resource, request.subresource) && matchesName(rule, request.name ?? '');
}

const matchesVerb = (rule: PolicyRule, verb: string): boolean => rule.verbs.some((own) => own === '*' || own === verb);

function matchesResource(rule: PolicyRule, group: string, resource: string, subresource: string | undefined): boolean {
  if (!rule.apiGroups.some((own) => own === '*' || own === group)) return false;
  const combined = subresource === undefined || subresource === '' ? resource : `${resource}/${subresource}`;
  return rule.resources.some((own) => own === '*' || own === combined || (combined !== resource && own === `*/${subresource}`));
}

/** A request without a name has the empty name: only a rule without names, or one that lists the empty name, allows it. */
const matchesName = (rule: PolicyRule, name: string): boolean =>
  rule.resourceNames.length === 0 || rule.resourceNames.includes(name);

function matchesUrl(pattern: string, url: string): boolean {
  if (pattern === '*' || pattern === url) return true;
  if (!pattern.endsWith('*')) return false;
  let end = pattern.length;
  while (end > 0 && pattern[end - 1] === '*') end--;
  return url.startsWith(pattern.slice(0, end));
}

/** The objects that a rule lets a verb reach: all of them, or those with a name. */
export type Names = 'all' | readonly string[];

/**
 * Which objects of a resource the rule lets the verb reach, or undefined for none. `resource` may carry a subresource (`pods/exec`).
 * Requests that carry no name (top-level create, deletecollection) are not allowed by a rule with names; list and watch are,
 * one name at a time, by a field selector on metadata.name (kubernetes apiserver requestinfo.go).
 */
export function namesOf(rule: PolicyRule, verb: string, group: string, resource: string): Names | undefined {
  const [plural, subresource] = splitResource(resource);
  if (!matchesVerb(rule, verb) || !matchesResource(rule, group, plural, subresource)) return undefined;
  if (rule.resourceNames.length === 0) return 'all';
  const nameless = (verb === 'create' && subresource === undefined) || verb === 'deletecollection';
  const lists = verb === 'list' || verb === 'watch';
  if ((nameless || lists) && rule.resourceNames.includes('')) return 'all';
  const names = rule.resourceNames.filter((name) => name !== '');
  return nameless || names.length === 0 ? undefined : names;
}

/** `pods/exec` -> `['pods', 'exec']`; `pods` -> `['pods', undefined]`. */
export function splitResource(resource: string): readonly [string, string | undefined] {
  const slash = resource.indexOf('/');
  return slash < 0 ? [resource, undefined] : [resource.slice(0, slash), resource.slice(slash + 1)];
}

/** Every verb on everything: what makes a role equal to cluster-admin as far as objects go. */
export const isStar = (rule: PolicyRule): boolean =>
  rule.verbs.includes('*') && rule.apiGroups.includes('*') && rule.resources.includes('*') && rule.resourceNames.length === 0;

/** For people: `create,get on apps/deployments (web)`; groups that are core are left out. */
export function formatRule(rule: PolicyRule): string {
  const verbs = rule.verbs.join(',');
  if (rule.nonResourceURLs.length > 0) return `${verbs} on ${rule.nonResourceURLs.join(', ')}`;
  const resources = rule.apiGroups.flatMap((group) =>
    rule.resources.map((resource) => (group === '' ? resource : `${group}/${resource}`)),
  );
  const names = rule.resourceNames.length === 0 ? '' : ` (${rule.resourceNames.join(', ')})`;
  return `${verbs} on ${resources.join(', ')}${names}`;
}
