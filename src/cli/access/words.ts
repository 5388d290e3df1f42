import type { Grant } from '../../facts/access/access.ts';
import type { Binding } from '../../facts/access/bindings.ts';
import type { Escalation } from '../../facts/access/escalation.ts';
import type { PolicyRule } from '../../facts/access/rules.ts';
import { takeoverOf } from '../../facts/access/witness.ts';
import type { KubeObject } from '../../kube/object.ts';
import { formatPlace } from '../../model/errors.ts';
import type { Location, Path } from '../../model/judgement.ts';

/** Finds a place in the sources. */
export type Find = (place: { readonly object: KubeObject; readonly path: Path }) => Location;

/** `file:line:column`; `by default` for what Kubernetes itself brings and no source holds. */
export const placeText = (find: Find, object: KubeObject | undefined, path: Path): string =>
  object === undefined ? 'a default of Kubernetes' : formatPlace(find({ object, path }));

export const bindingPlace = (find: Find, { object }: Binding): string => placeText(find, object, ['roleRef']);
export const rulePlace = (find: Find, { rule }: Grant): string => placeText(find, rule.object, rule.rule.path);

/** `deployments.apps (web), pods/exec`: what a rule is about, as people write resources. */
export function resourcesText({ apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule): string {
  const named = apiGroups.flatMap((group) =>
    resources.map((resource) => {
      const [plural = '', ...sub] = resource.split('/');
      if (plural === '*' && group === '*') return ['everything', ...sub].join('/');
      return [`${plural === '*' ? 'everything' : plural}${group === '' ? '' : ` of ${group}`}`, ...sub].join('/');
    }),
  );
  const short = named.map((text) =>
    text.replace(/^([^ ]+) of ([^ /]+)(.*)$/, (_, plural, group, rest) =>
      plural === 'everything' ? `everything of ${group === '*' ? 'every group' : group}${rest}` : `${plural}.${group}${rest}`,
    ),
  );
  const names = resourceNames.length === 0 ? '' : ` named ${resourceNames.join(', ')}`;
  return [...(short.length === 0 ? [] : [`${short.join(', ')}${names}`]), ...nonResourceURLs].join(', ');
}

/** Where a path ends, as a reader sees it. */
export function targetText(path: Escalation): string {
  const { target } = path;
  if (target === 'cluster-admin') return 'the whole cluster';
  if (target === 'node') return 'root on a node';
  const place = target.slice(target.indexOf(':') + 1);
  const where = place === '*' ? 'every namespace' : place;
  if (target.startsWith('secrets:')) return `every Secret of ${where}`;
  if (target.startsWith('policy:')) return `the policies of ${where}`;
  if (target.startsWith('subject:')) return `acting as ${place}`;
  const takeover = takeoverOf(path);
  if (takeover === undefined) return `namespace ${where}`;
  return `every ServiceAccount, ${takeover === 'every-secret' ? 'Secret and Pod' : 'with the Secrets that it lists, and Pod'} of ${where}`;
}
