import { assumptions, type AssumptionId } from '../../facts/network/assumptions.ts';
import type { NetworkModel } from '../../facts/network/network.ts';
import { presentedOf } from '../../facts/network/presented.ts';
import { inWords } from '../../facts/network/row-summary.ts';
import { externalId, parseExternalId } from '../../facts/network/rows.ts';
import { everyAddress, joinRanges, overlaps, splitRange } from '../../kube/address.ts';
import { count } from '../columns.ts';

const mostNames = 6;

/**
 * Ends in words: `every workload of shop (4), ops/agent and every address outside the cluster`.
 * @param near the namespace that the reader is looking at: its workloads go without it.
 * @param kinds whether workloads go with their kind where their name alone says which is meant.
 */
export function endsText(
  network: NetworkModel,
  ids: readonly string[],
  near?: string,
  kinds: 'kept' | 'dropped' = 'dropped',
): string {
  const words = inWords(network, ids);
  const named = (id: string) => (kinds === 'kept' ? id : withoutKind(network, id));
  const whole = words.namespaces.map(
    ({ name, count: size, without }) =>
      `${name} ${without.length === 0 ? `(${size})` : `(${size}, all but ${listed(without.map((id) => shortId(named(id), name)))})`}`,
  );
  return listed([
    ...words.controllers,
    ...(words.everyWorkload ? [`every workload (${presentedOf(network).endpoints.length})`] : []),
    ...(whole.length === 0 ? [] : [`every workload of ${listed(capped(whole, 'namespace'))}`]),
    ...capped(
      words.workloads.map((id) => shortId(named(id), near)),
      'workload',
    ),
    ...(words.everyAddress ? ['every address outside the cluster'] : rangesText(words.ranges)),
  ]);
}

/** `shop/Deployment/web` as `shop/web`, which the command line takes too; as it is where another kind has the name. */
export function withoutKind(network: NetworkModel, id: string): string {
  if (!presentedOf(network).byId.has(id)) return id;
  const short = shortOf(id);
  return network.once(shared).has(short) ? id : short;
}

const shortOf = (id: string): string => {
  const [namespace, , ...name] = id.split('/');
  return name.length === 0 ? id : `${namespace}/${name.join('/')}`;
};

/** Short names that several workloads have. */
function shared(network: NetworkModel): ReadonlySet<string> {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const { id } of presentedOf(network).endpoints) {
    const short = shortOf(id);
    if (seen.has(short)) twice.add(short);
    seen.add(short);
  }
  return twice;
}

/** Ranges in their order; where that is shorter, as all addresses of their family but some. */
function rangesText(ids: readonly string[]): readonly string[] {
  const ranges = ids.flatMap((id) => parseExternalId(id) ?? []);
  return ([4, 6] as const).flatMap((family): readonly string[] => {
    const own = ranges.filter((range) => range.family === family).sort((a, b) => (a.first < b.first ? -1 : 1));
    if (own.length === 0) return [];
    const rest = joinRanges(splitRange(everyAddress[family], own).filter((part) => !own.some((range) => overlaps(range, part))));
    if (rest.length === 0) return [`every IPv${family} address`];
    if (rest.length >= own.length) return capped(own.map(externalId), 'range');
    return [`every IPv${family} address but ${listed(capped(rest.map(externalId), 'range'))}`];
  });
}

function capped(names: readonly string[], noun: string): readonly string[] {
  if (names.length <= mostNames + 1) return names;
  return [...names.slice(0, mostNames), count(names.length - mostNames, `more ${noun}`)];
}

/** `a, b and c`. */
export const listed = (parts: readonly string[]): string =>
  parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;

/** Without the namespace, where it is the one that the reader is looking at. */
export const shortId = (id: string, near: string | undefined): string =>
  near !== undefined && id.startsWith(`${near}/`) ? id.slice(near.length + 1) : id;

/** Letters for the assumptions that a page names, in the order of their first use. */
export interface Footnotes {
  /** ` [a,b]`, or nothing. */
  mark(ids: readonly AssumptionId[]): string;
  /** Each used assumption once: its letter and its sentence. */
  readonly used: () => readonly (readonly [letter: string, id: AssumptionId, sentence: string])[];
}

export function footnotes(): Footnotes {
  const letters = new Map<AssumptionId, string>();
  const letterOf = (id: AssumptionId): string => {
    const known = letters.get(id) ?? String.fromCharCode(97 + (letters.size % 26));
    letters.set(id, known);
    return known;
  };
  return {
    mark: (ids) => (ids.length === 0 ? '' : ` [${ids.map(letterOf).join(',')}]`),
    used: () => [...letters].map(([id, letter]) => [letter, id, assumptions[id]]),
  };
}
