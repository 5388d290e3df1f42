import type { MatrixRow } from '../../facts/network/matrix.ts';
import { type NamedEnd, namedEnd } from '../../facts/network/named-ends.ts';
import type { NetworkModel } from '../../facts/network/network.ts';
import { presentedOf } from '../../facts/network/presented.ts';
import { parseExternalId } from '../../facts/network/rows.ts';
import { overlaps } from '../../kube/address.ts';
import { SeaworthyError } from '../../model/errors.ts';
import { printable } from '../render-error.ts';

export type FoundEnd = Extract<NamedEnd, { kind: 'found' }>;

const mostCandidates = 10;

/** What `--from` or `--to` names. Throws SW_UNKNOWN_NAME with the nearest names, or with all that it may stand for. */
export function resolveEnd(network: NetworkModel, option: '--from' | '--to', text: string, within: string | undefined): FoundEnd {
  const found = namedEnd(network, text, within);
  if (found.kind === 'found') return found;
  const head = `${option} ${printable(text)}`;
  if (found.kind === 'ambiguous') {
    const rest = found.candidates.length - mostCandidates;
    throw new SeaworthyError('SW_UNKNOWN_NAME', `${head} may be any of ${found.candidates.length}.`, {
      hint: `Say which: ${found.candidates.slice(0, mostCandidates).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}.`,
    });
  }
  throw new SeaworthyError('SW_UNKNOWN_NAME', `${head}: ${found.why}.`, {
    hint:
      found.suggestions.length > 0
        ? `Did you mean ${found.suggestions.join(', or ')}?`
        : 'Name a workload (shop/web, Deployment/web), a Service (svc/db), an address, a CIDR, or internet.',
  });
}

/** Which rows have this end at one side: the workload or controller itself, or addresses that overlap with it. */
export function rowFilter<S extends 'source' | 'destination'>(
  network: NetworkModel,
  end: FoundEnd,
  side: S,
): (row: Pick<MatrixRow, S>) => boolean {
  const ids = new Set([end.id, ...end.ends.map(({ id }) => presentedOf(network).idOf(id))]);
  const ranges = end.ends.flatMap((item) => (item.kind === 'external' ? [item.range] : []));
  return (row) => {
    if (ids.has(row[side])) return true;
    if (ranges.length === 0) return false;
    const range = parseExternalId(row[side]);
    return range !== undefined && ranges.some((wanted) => overlaps(wanted, range));
  };
}

/** Throws SW_UNKNOWN_NAME for a namespace in which nothing runs. */
export function requireNamespaces(network: NetworkModel, names: readonly string[]): void {
  for (const name of names)
    if (!network.byNamespace.has(name))
      throw new SeaworthyError('SW_UNKNOWN_NAME', `--namespace ${printable(name)}: no workload of the sources is there.`, {
        hint: `Namespaces with workloads: ${[...network.byNamespace.keys()].slice(0, mostCandidates).join(', ')}.`,
      });
}
