import { compareText } from '../../model/object-ref.ts';
import type { AssumptionId } from './assumptions.ts';
import type { MatrixRow } from './matrix.ts';
import type { NetworkModel } from './network.ts';
import { presentedOf } from './presented.ts';
import { formatTogether } from './rows.ts';

/** What several others may do with one end, or it with them, on the same ports. */
export interface SummaryLine {
  /** `TCP 80, 443`, `every port`. */
  readonly ports: string;
  readonly verdict: MatrixRow['verdict'];
  readonly assumptions: readonly AssumptionId[];
  /** Ids of the other ends, in order. */
  readonly others: readonly string[];
}

/** Ends with equal lines. */
export interface SummaryGroup {
  readonly ids: readonly string[];
  readonly lines: readonly SummaryLine[];
}

/** Rows by destination, ends with equal rows together. Every row is in exactly one line. */
export const byDestination = (network: NetworkModel, rows: Iterable<MatrixRow>): readonly SummaryGroup[] =>
  summarise(network, rows, ({ source, destination }) => [destination, source]);

/** Rows by source, ends with equal rows together. */
export const bySource = (network: NetworkModel, rows: Iterable<MatrixRow>): readonly SummaryGroup[] =>
  summarise(network, rows, ({ source, destination }) => [source, destination]);

function summarise(
  network: NetworkModel,
  rows: Iterable<MatrixRow>,
  endsOf: (row: MatrixRow) => readonly [subject: string, other: string],
): readonly SummaryGroup[] {
  const pairs = new Map<string, Map<string, MatrixRow[]>>();
  for (const row of rows) {
    const [subject, other] = endsOf(row);
    const others = pairs.get(subject) ?? new Map<string, MatrixRow[]>();
    pairs.set(subject, others);
    const list = others.get(other);
    if (list) list.push(row);
    else others.set(other, [row]);
  }
  const groups = new Map<string, { readonly ids: string[]; readonly lines: readonly SummaryLine[] }>();
  for (const [id, others] of pairs) {
    const lines = linesOf(others).map((line) => ({ ...line, others: withSelf(network, id, line.others) }));
    const key = JSON.stringify(lines);
    const group = groups.get(key);
    if (group) group.ids.push(id);
    else groups.set(key, { ids: [id], lines });
  }
  return [...groups.values()].sort((a, b) => compareText(a.ids[0] ?? '', b.ids[0] ?? ''));
}

function linesOf(others: ReadonlyMap<string, readonly MatrixRow[]>): readonly SummaryLine[] {
  const lines = new Map<string, { readonly line: Omit<SummaryLine, 'others'>; readonly others: string[] }>();
  for (const [other, rows] of others) {
    const byAnswer = Map.groupBy(rows, ({ verdict, assumptions }) => JSON.stringify([verdict, assumptions]));
    for (const same of byAnswer.values()) {
      const [first] = same;
      if (first === undefined) continue;
      const line = { ports: formatTogether(same), verdict: first.verdict, assumptions: first.assumptions };
      const key = JSON.stringify(line);
      const known = lines.get(key);
      if (known) known.others.push(other);
      else lines.set(key, { line, others: [other] });
    }
  }
  return [...lines.values()]
    .map(({ line, others: ends }) => ({ ...line, others: ends.sort(compareText) }))
    .sort(
      (a, b) => firstPort(a.ports) - firstPort(b.ports) || compareText(a.ports, b.ports) || compareText(a.verdict, b.verdict),
    );
}

/** `TCP 80, 443` -> 80; everything that names no number comes last. */
const firstPort = (ports: string): number => Number(/\d+/.exec(ports)?.[0] ?? 65_536);

/** A bare Pod has no row with itself; where all others are there, it counts as one of them, so that equal Pods are put together. */
function withSelf(network: NetworkModel, id: string, others: readonly string[]): readonly string[] {
  const { byId, endpoints, isSingle } = presentedOf(network);
  const own = byId.get(id);
  if (own === undefined || !isSingle(own) || others.includes(id)) return others;
  const inside = others.reduce((count, other) => count + (byId.has(other) ? 1 : 0), 0);
  return inside > 0 && inside === endpoints.length - 1 ? [...others, id].sort(compareText) : others;
}

/** Ends of one kind, put so that a reader sees what they have in common. */
export interface EndsInWords {
  /** Every known workload, or all of some namespaces: they are not listed one by one. */
  readonly everyWorkload: boolean;
  readonly namespaces: readonly { readonly name: string; readonly count: number; readonly without: readonly string[] }[];
  readonly workloads: readonly string[];
  /** All addresses of both families. */
  readonly everyAddress: boolean;
  readonly ranges: readonly string[];
  readonly controllers: readonly string[];
}

const mostExceptions = 2;

/** Sorts ids into whole namespaces, single workloads, addresses and controllers. */
export function inWords(network: NetworkModel, ids: readonly string[]): EndsInWords {
  const inside = ids.filter((id) => presentedOf(network).byId.has(id));
  const others = ids.filter((id) => !presentedOf(network).byId.has(id));
  const ranges = others.filter((id) => !id.startsWith('{'));
  const everyAddress = ranges.includes('0.0.0.0/0') && ranges.includes('::/0');
  const everyWorkload = inside.length > 1 && inside.length === presentedOf(network).endpoints.length;
  const namespaces: EndsInWords['namespaces'][number][] = [];
  const workloads: string[] = [];
  const byNamespace = Map.groupBy(everyWorkload ? [] : inside, (id) => presentedOf(network).byId.get(id)?.namespace.name ?? '');
  for (const [name, list] of byNamespace) {
    const all = presentedOf(network).byNamespace.get(name) ?? [];
    const listed = new Set(list);
    const without = all.filter(({ id }) => !listed.has(id)).map(({ id }) => id);
    const most = all.length > 2 && without.length <= mostExceptions && list.length >= 2 * without.length + 2;
    if (list.length > 1 && (without.length === 0 || most)) namespaces.push({ name, count: list.length, without });
    else workloads.push(...list);
  }
  return {
    everyWorkload,
    namespaces,
    workloads,
    everyAddress,
    ranges: everyAddress ? [] : ranges,
    controllers: others.filter((id) => id.startsWith('{')),
  };
}
