import { type AddressRange, formatRange, parseAddress, parseRange, uniteRanges } from '../../kube/address.ts';
import { compareText } from '../../model/object-ref.ts';
import { entryFlows, entryRuling } from './entry-flows.ts';
import { flowsFrom, flowsFromOutside, type MatrixRow, rowsOf } from './matrix.ts';
import type { NetworkModel } from './network.ts';
import { presentedOf } from './presented.ts';
import { formatRanges, normalRanges, type PortRange, type Protocol, protocols } from './ports.ts';

/**
 * The network as machines read it: workloads, addresses outside the cluster and entry controllers, in the order of `compareRows`.
 * Computed source by source, so that a large table is never in memory at once.
 * @param isFrom sources to leave out are not even computed. `isTo`: nor are rows of workloads as destinations. `isEnd`: one end at least
 * must be one of these workloads.
 */
export function* networkRows(
  network: NetworkModel,
  isFrom: (source: string) => boolean = () => true,
  isTo: (destination: string) => boolean = () => true,
  isEnd: (id: string) => boolean = () => true,
): Generator<MatrixRow> {
  const isInside = (destination: string) => isTo(destination) && isEnd(destination);
  const outside = [...flowsFromOutside(network)].filter(({ to }) => isInside(to.id)).flatMap(rowsOf);
  const entries = entryRows(network).filter(({ destination }) => isInside(destination));
  const rest = [...joinedEnds(outside, 'source'), ...entries].sort(compareRows);
  yield* merged(
    rowsOfWorkloads(network, isFrom, isTo, isEnd),
    rest.filter(({ source }) => isFrom(source)),
  );
}

function* rowsOfWorkloads(
  network: NetworkModel,
  isFrom: (source: string) => boolean,
  isTo: (destination: string) => boolean,
  isEnd: (id: string) => boolean,
): Generator<MatrixRow> {
  const { endpoints } = presentedOf(network);
  const to = endpoints.filter(({ id }) => isTo(id));
  const ends = new Set(to.filter(({ id }) => isEnd(id)));
  const all = to.length === endpoints.length ? undefined : new Set(to);
  for (const from of endpoints) {
    if (!isFrom(from.id)) continue;
    const isOne = isEnd(from.id);
    const only = isOne ? all : ends;
    const rows: MatrixRow[] = [];
    for (const flow of flowsFrom(network, from, { external: isOne, ...(only === undefined ? {} : { to: only }) }))
      rows.push(...rowsOf(flow));
    // Ranges are looked at when they are whole: a filter of one may overlap with a part of it.
    yield* [...joinedEnds(rows, 'destination')]
      .filter(({ destination }) => presentedOf(network).byId.has(destination) || isTo(destination))
      .sort(compareRows);
  }
}

/** Order of rows: by source, destination, protocol, verdict and what they rest on. */
export const compareRows = (a: MatrixRow, b: MatrixRow): number =>
  compareText(a.source, b.source) ||
  compareText(a.destination, b.destination) ||
  compareText(a.protocol, b.protocol) ||
  compareText(a.verdict, b.verdict) ||
  compareText(a.assumptions.join(), b.assumptions.join());

function* merged(a: Iterable<MatrixRow>, b: readonly MatrixRow[]): Generator<MatrixRow> {
  let at = 0;
  for (const row of a) {
    for (let next = b[at]; next !== undefined && compareRows(next, row) < 0; next = b[at]) {
      yield next;
      at += 1;
    }
    yield row;
  }
  yield* b.slice(at);
}

/**
 * Neighbouring ranges of addresses at one end become one where nothing but them differs.
 * @param more what tells rows apart beside their own fields.
 */
export function joinedEnds<T extends MatrixRow>(
  rows: Iterable<T>,
  end: 'source' | 'destination',
  more: (row: T) => string = () => '',
): readonly T[] {
  const kept: T[] = [];
  const groups = new Map<string, { readonly row: T; readonly ranges: AddressRange[] }>();
  for (const row of rows) {
    const range = parseExternalId(row[end]);
    if (range === undefined) {
      kept.push(row);
      continue;
    }
    const other = end === 'source' ? row.destination : row.source;
    const key = JSON.stringify([other, row.protocol, row.ports, row.verdict, row.assumptions, more(row)]);
    const group = groups.get(key);
    if (group) group.ranges.push(range);
    else groups.set(key, { row, ranges: [range] });
  }
  for (const { row, ranges } of groups.values())
    for (const range of uniteRanges(ranges)) kept.push({ ...row, [end]: externalId(range) });
  return kept;
}

/** A CIDR, or `first-last` where the range is none. One address is a CIDR too. */
export const externalId = (range: AddressRange): string =>
  range.first === range.last ? `${formatRange(range)}/${range.family === 4 ? 32 : 128}` : formatRange(range);

/** Reads a CIDR, an address or `first-last`. */
export function parseExternalId(id: string): AddressRange | undefined {
  const dash = id.indexOf('-');
  if (dash < 0) return parseRange(id);
  const [first, last] = [parseAddress(id.slice(0, dash)), parseAddress(id.slice(dash + 1))];
  return first === undefined || last === undefined || first.family !== last.family || first.value > last.value
    ? undefined
    : { family: first.family, first: first.value, last: last.value };
}

/** Flows of entry objects whose controller is in no source; a controller that is has its rows as a workload. */
function entryRows(network: NetworkModel): readonly MatrixRow[] {
  const found = new Map<string, { readonly row: Omit<MatrixRow, 'ports'>; readonly ports: Map<number, PortRange> }>();
  for (const flow of entryFlows(network)) {
    if (flow.from.seen) continue;
    const { answer, assumptions } = entryRuling(network, flow);
    if (answer === 'denied') continue;
    const destination = presentedOf(network).idOf(flow.to.id);
    const row = { source: flow.from.id, destination, protocol: flow.protocol, verdict: answer, assumptions };
    const key = JSON.stringify(row);
    const entry = found.get(key) ?? { row, ports: new Map<number, PortRange>() };
    entry.ports.set(flow.port, { first: flow.port, last: flow.port });
    found.set(key, entry);
  }
  return [...found.values()].map(({ row, ports }) => ({ ...row, ports: formatRanges(normalRanges([...ports.values()])) }));
}

/** Reads `80,443-445` or `*`. */
export function parsePorts(text: string): readonly PortRange[] {
  if (text === '*') return [{ first: 1, last: 65535 }];
  return text.split(',').map((part) => {
    const [first = 0, last = first] = part.split('-').map(Number);
    return { first, last };
  });
}

/** The protocols of several rows of one pair with the same answer, put together: `TCP 80, UDP 53`, or `every port`. */
export function formatTogether(rows: readonly { readonly protocol: Protocol; readonly ports: string }[]): string {
  const byPorts = new Map<string, Protocol[]>();
  for (const { protocol, ports } of rows) byPorts.set(ports, [...(byPorts.get(ports) ?? []), protocol]);
  return [...byPorts]
    .map(([ports, of]) => {
      const all = of.length === protocols.length;
      if (ports === '*') return all ? 'every port' : `every ${[...of].sort().join(' and ')} port`;
      return `${[...of].sort().join('/')} ${ports.replaceAll(',', ', ')}`;
    })
    .join('; ');
}
