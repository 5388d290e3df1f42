import { type PolicyRule, splitResource } from './rules.ts';

/**
 * May somebody who holds the owner's rules write a role with the wanted ones, without `escalate` or `bind`? Every atom of the
 * wanted rules (one verb, group, resource and name, or one verb and path) must lie in one single rule of the owner
 * (kubernetes component-helpers auth/rbac/validation/policy_comparator.go). A wanted `*` needs a `*`: an enumeration is not enough.
 */
export function covers(owner: readonly PolicyRule[], wanted: readonly PolicyRule[]): boolean {
  return wanted.every((rule) => rule.verbs.every((verb) => coversPaths(owner, rule, verb) && coversObjects(owner, rule, verb)));
}

const holds = (list: readonly string[], item: string): boolean => list.includes('*') || list.includes(item);

const coversPaths = (owner: readonly PolicyRule[], rule: PolicyRule, verb: string): boolean =>
  rule.nonResourceURLs.every((url) =>
    owner.some((own) => holds(own.verbs, verb) && own.nonResourceURLs.some((pattern) => coversUrl(pattern, url))),
  );

const coversUrl = (pattern: string, url: string): boolean =>
  pattern === url || (pattern.endsWith('*') && url.startsWith(pattern.slice(0, -1)));

function coversObjects(owner: readonly PolicyRule[], rule: PolicyRule, verb: string): boolean {
  const names = rule.resourceNames.length === 0 ? [undefined] : rule.resourceNames;
  return rule.apiGroups.every((group) =>
    rule.resources.every((resource) =>
      names.every((name) =>
        owner.some(
          (own) =>
            holds(own.verbs, verb) &&
            holds(own.apiGroups, group) &&
            coversResource(own, resource) &&
            (own.resourceNames.length === 0 || (name !== undefined && own.resourceNames.includes(name))),
        ),
      ),
    ),
  );
}

function coversResource(own: PolicyRule, resource: string): boolean {
  const subresource = splitResource(resource)[1];
  return holds(own.resources, resource) || (subresource !== undefined && own.resources.includes(`*/${subresource}`));
}
