import { knownGroups, resourcesOf } from '../../kube/gvk.ts';
import { nearest } from '../../model/suggest.ts';
import { splitResource } from './rules.ts';

/** What a person asks for by `pods`, `pods/exec`, `deployments.apps`, `deployments.apps/scale` or a path. */
export type NamedResource =
  | { readonly kind: 'url'; readonly url: string }
  | {
      readonly kind: 'resource';
      readonly group: string;
      readonly resource: string;
      readonly subresource?: string;
      /** Undefined where the resource is not known. */
      readonly namespaced: boolean | undefined;
    }
  | { readonly kind: 'unknown'; readonly suggestions: readonly string[] };

/** Resources that are no kinds: they stand in rules only. */
const virtual: Readonly<Record<string, string>> = {
  users: '',
  groups: '',
  signers: 'certificates.k8s.io',
  userextras: 'authentication.k8s.io',
  uids: 'authentication.k8s.io',
};

/** Groups of old: their resources are served by others, which are meant by a bare name. */
const retired = new Set(['extensions']);

/** Reads a resource; without a group, that of the first group that serves it, core and Kubernetes' own before add-ons. */
export function namedResource(text: string): NamedResource {
  if (text.startsWith('/')) return { kind: 'url', url: text };
  const [named, subresource] = splitResource(text);
  const dot = named.indexOf('.');
  const tail = subresource === undefined ? {} : { subresource };
  if (dot > 0) {
    const resource = named.slice(0, dot);
    const group = named.slice(dot + 1);
    const entry = resourcesOf(group)?.find(({ plural }) => plural === resource);
    return { kind: 'resource', group, resource, ...tail, namespaced: entry?.namespaced };
  }
  if (named === '*') return { kind: 'resource', group: '*', resource: '*', ...tail, namespaced: undefined };
  if (Object.hasOwn(virtual, named))
    return { kind: 'resource', group: virtual[named] ?? '', resource: named, ...tail, namespaced: false };
  for (const group of knownGroups) {
    if (retired.has(group)) continue;
    const entry = resourcesOf(group)?.find(({ plural, kind }) => plural === named || kind.toLowerCase() === named.toLowerCase());
    if (entry !== undefined) return { kind: 'resource', group, resource: entry.plural, ...tail, namespaced: entry.namespaced };
  }
  const near = nearest(
    named,
    knownGroups.flatMap((group) => (resourcesOf(group) ?? []).map(({ plural }) => plural)),
  );
  return { kind: 'unknown', suggestions: near === undefined ? [] : [near] };
}

/** `deployments.apps/scale`, as a person writes it. */
export const resourceText = ({ group, resource, subresource }: Extract<NamedResource, { kind: 'resource' }>): string =>
  `${resource}${group === '' || group === '*' ? '' : `.${group}`}${subresource === undefined ? '' : `/${subresource}`}`;
