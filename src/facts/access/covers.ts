import { type PolicyRule, splitResource } from './rules.ts';

/** One verb on one resource of one group, with one name or none, or one verb on one path. */
export type Atom =
  | { readonly verb: string; readonly group: string; readonly resource: string; readonly name?: string }
  | { readonly verb: string; readonly url: string };

/**
 * May somebody who holds the owner's rules write a role with the wanted ones, without `escalate` or `bind`? Every atom of the
 * wanted rules must lie in one single rule of the owner (kubernetes component-helpers auth/rbac/validation/policy_comparator.go).
 * A wanted `*` needs a `*`: an enumeration is not enough, since Kubernetes compares words and knows no resources here.
 */
export const covers = (owner: readonly PolicyRule[], wanted: readonly PolicyRule[]): boolean =>
  uncovered(owner, wanted, 1).length === 0;

/** The atoms of the wanted rules that no single rule of the owner covers, in the order of the rules; at most `limit` of them. */
export function uncovered(
  owner: readonly PolicyRule[],
  wanted: readonly PolicyRule[],
  limit = Number.POSITIVE_INFINITY,
): readonly Atom[] {
  const missing: Atom[] = [];
  for (const rule of wanted) {
    for (const atom of atomsOf(rule)) {
      if (owner.some((own) => coversAtom(own, atom))) continue;
      missing.push(atom);
      if (missing.length >= limit) return missing;
    }
  }
  return missing;
}

/** A rule broken down to atoms. A list that is empty leaves none: such a rule allows nothing, so everybody covers it. */
export function* atomsOf(rule: PolicyRule): Generator<Atom> {
  const names = rule.resourceNames.length === 0 ? [undefined] : rule.resourceNames;
  for (const group of rule.apiGroups)
    for (const resource of rule.resources)
      for (const verb of rule.verbs)
        for (const name of names) yield { verb, group, resource, ...(name === undefined ? {} : { name }) };
  for (const url of rule.nonResourceURLs) for (const verb of rule.verbs) yield { verb, url };
}

const holds = (list: readonly string[], item: string): boolean => list.includes('*') || list.includes(item);

function coversAtom(own: PolicyRule, atom: Atom): boolean {
  if (!holds(own.verbs, atom.verb)) return false;
  // An owner's names are compared for paths too: a rule with names covers nothing that has none.
  if ('url' in atom) return own.resourceNames.length === 0 && own.nonResourceURLs.some((pattern) => coversUrl(pattern, atom.url));
  return (
    holds(own.apiGroups, atom.group) &&
    coversResource(own, atom.resource) &&
    (own.resourceNames.length === 0 || (atom.name !== undefined && own.resourceNames.includes(atom.name)))
  );
}

function coversUrl(pattern: string, url: string): boolean {
  if (pattern === url) return true;
  return pattern.endsWith('*') && url.startsWith(pattern.replace(/\*+$/, ''));
}

function coversResource(own: PolicyRule, resource: string): boolean {
  const subresource = splitResource(resource)[1];
  return holds(own.resources, resource) || (subresource !== undefined && own.resources.includes(`*/${subresource}`));
}

/** For people: `create apps/deployments`, `get secrets (web)`, `get /metrics`. */
export function formatAtom(atom: Atom): string {
  if ('url' in atom) return `${atom.verb} ${atom.url}`;
  const resource = atom.group === '' ? atom.resource : `${atom.group}/${atom.resource}`;
  return `${atom.verb} ${resource}${atom.name === undefined ? '' : ` (${atom.name})`}`;
}
