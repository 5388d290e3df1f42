import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { admittedPorts } from '../../src/facts/network/admitted-ports.ts';
import type { MatrixRow } from '../../src/facts/network/matrix.ts';
import type { NetworkModel } from '../../src/facts/network/network.ts';
import { type Endpoint, externalEndpoint } from '../../src/facts/network/peers.ts';
import { formatRanges, protocols } from '../../src/facts/network/ports.ts';
import { compareRows, externalId, networkRows, parseExternalId, parsePorts } from '../../src/facts/network/rows.ts';
import { type RowChange, rowsDiff } from '../../src/facts/network/rows-diff.ts';
import { byDestination, bySource } from '../../src/facts/network/row-summary.ts';
import { everyAddress, overlaps, splitRange } from '../../src/kube/address.ts';
import { clusters, networkFrom } from './arbitrary.ts';

/** One flow of one port interval between ends that no policy and no row cuts further: `source > destination TCP 80 allowed`. */
type Atoms = ReadonlySet<string>;

function brute(network: NetworkModel): Atoms {
  const outside = ([4, 6] as const).flatMap((family) => splitRange(everyAddress[family], network.blocks)).map(externalEndpoint);
  const found = new Set<string>();
  const add = (from: Endpoint, to: Endpoint) => {
    if (from.id === to.id && from.kind === 'workload' && from.workload.ref.kind === 'Pod') return;
    const { allowed, depends, given, open } = admittedPorts(network, from, to);
    const name = (end: Endpoint) => (end.kind === 'external' ? externalId(end.range) : end.id);
    for (const protocol of protocols) {
      const head = `${name(from)} > ${name(to)} ${protocol}`;
      if (allowed[protocol].length > 0) found.add(`${head} ${formatRanges(allowed[protocol])} allowed ${given.join()}`);
      if (depends[protocol].length > 0) found.add(`${head} ${formatRanges(depends[protocol])} depends ${open.join()}`);
    }
  };
  for (const from of network.endpoints) for (const to of [...network.endpoints, ...outside]) add(from, to);
  for (const from of outside) for (const to of network.endpoints) add(from, to);
  return found;
}

/** The rows, their ranges cut again into the parts that policies tell apart. */
function expanded(network: NetworkModel, rows: readonly MatrixRow[]): readonly string[] {
  const parts = (id: string) => {
    const range = parseExternalId(id);
    return range === undefined ? [id] : splitRange(range, network.blocks).map(externalId);
  };
  return rows.flatMap(({ source, destination, protocol, ports, verdict, assumptions }) =>
    parts(source).flatMap((from) =>
      parts(destination).map((to) => `${from} > ${to} ${protocol} ${ports} ${verdict} ${assumptions.join()}`),
    ),
  );
}

const settings = { numRuns: 60, seed: 20260306 } as const;

describe('rows of the network', () => {
  it('are what the pairwise evaluator says, each once', () => {
    fc.assert(
      fc.property(clusters(), (objects) => {
        const network = networkFrom(objects);
        const rows = expanded(network, [...networkRows(network)]);
        expect(new Set(rows)).toEqual(brute(network));
        expect(new Set(rows).size).toBe(rows.length);
      }),
      settings,
    );
  });

  it('are sorted, and no two neighbouring ranges have the same answer', () => {
    fc.assert(
      fc.property(clusters(), (objects) => {
        const rows = [...networkRows(networkFrom(objects))];
        expect(rows).toEqual([...rows].sort(compareRows));
        for (const end of ['source', 'destination'] as const) {
          const other = end === 'source' ? 'destination' : 'source';
          const alike = Map.groupBy(
            rows.filter((row) => parseExternalId(row[end]) !== undefined),
            (row) => JSON.stringify([row[other], row.protocol, row.ports, row.verdict, row.assumptions]),
          );
          for (const list of alike.values()) {
            const ranges = list.flatMap((row) => parseExternalId(row[end]) ?? []);
            for (const a of ranges) for (const b of ranges) expect(a.family === b.family && a.last + 1n === b.first).toBe(false);
          }
        }
      }),
      settings,
    );
  });

  it('an end that is not wanted is left out, and nothing else', () => {
    fc.assert(
      fc.property(clusters(), (objects) => {
        const network = networkFrom(objects);
        const wanted = (id: string) => id.length % 2 === 0;
        const all = [...networkRows(network)];
        expect([...networkRows(network, wanted)]).toEqual(all.filter(({ source }) => wanted(source)));
        expect([...networkRows(network, undefined, wanted)]).toEqual(all.filter(({ destination }) => wanted(destination)));
        const isEnd = (id: string) => network.byId.has(id) && wanted(id);
        expect([...networkRows(network, undefined, undefined, isEnd)]).toEqual(
          all.filter(({ source, destination }) => isEnd(source) || isEnd(destination)),
        );
      }),
      settings,
    );
  });

  it('every row is in exactly one line of a summary, whichever end it goes by', () => {
    fc.assert(
      fc.property(clusters(), (objects) => {
        const network = networkFrom(objects);
        const rows = [...networkRows(network)];
        const pairs = new Set(rows.map(({ source, destination }) => `${source} > ${destination}`));
        const isBarePod = (pair: string) => {
          const [from = '', to] = pair.split(' > ');
          return from === to && network.byId.get(from)?.workload.ref.kind === 'Pod';
        };
        for (const [groups, name] of [
          [byDestination(network, rows), (id: string, other: string) => `${other} > ${id}`],
          [bySource(network, rows), (id: string, other: string) => `${id} > ${other}`],
        ] as const) {
          const told = groups.flatMap(({ ids, lines }) =>
            ids.flatMap((id) => lines.flatMap((line) => line.others.map((other) => name(id, other)))),
          );
          // A bare Pod may be told with itself: it always reaches itself.
          expect(new Set(told.filter((pair) => pairs.has(pair) || !isBarePod(pair)))).toEqual(pairs);
        }
      }),
      settings,
    );
  });
});

describe('differences of rows', () => {
  const rowsOf = (objects: Parameters<typeof networkFrom>[0]) => [...networkRows(networkFrom(objects))];
  const mirrored = (change: RowChange['change']) => (change === 'added' ? 'removed' : change === 'removed' ? 'added' : change);

  it('of a network with itself there is none, however its ranges are cut', () => {
    fc.assert(
      fc.property(clusters(), clusters(), (objects, others) => {
        const rows = rowsOf(objects);
        const { blocks } = networkFrom(others);
        const cut = rows.flatMap((row) => {
          const parts = (id: string) => {
            const range = parseExternalId(id);
            return range === undefined ? [id] : splitRange(range, blocks).map(externalId);
          };
          return parts(row.source).flatMap((source) =>
            parts(row.destination).map((destination) => ({ ...row, source, destination })),
          );
        });
        expect(rowsDiff(rows, cut)).toEqual([]);
        expect(rowsDiff(cut, rows)).toEqual([]);
      }),
      settings,
    );
  });

  it('backwards what was added is removed', () => {
    fc.assert(
      fc.property(clusters(), clusters(), (before, after) => {
        const [old, now] = [rowsOf(before), rowsOf(after)];
        const key = (row: RowChange, change: string) =>
          JSON.stringify([change, row.source, row.destination, row.protocol, row.ports]);
        const forth = rowsDiff(old, now).map((row) => key(row, row.change));
        const back = rowsDiff(now, old).map((row) => key(row, mirrored(row.change)));
        expect(forth.sort()).toEqual(back.sort());
      }),
      settings,
    );
  });

  it('the old rows without the removed and with the added ones open what the new rows open', () => {
    fc.assert(
      fc.property(clusters(), clusters(), (before, after) => {
        const [old, now] = [rowsOf(before), rowsOf(after)];
        const changes = rowsDiff(old, now);
        const probes = [...old, ...now, ...changes];
        const opens = (rows: readonly MatrixRow[], probe: MatrixRow, port: number) =>
          rows.some(
            (row) =>
              sameEnd(row.source, probe.source) &&
              sameEnd(row.destination, probe.destination) &&
              row.protocol === probe.protocol &&
              parsePorts(row.ports).some(({ first, last }) => first <= port && port <= last),
          );
        for (const probe of probes.slice(0, 12)) {
          const point = pointOf(probe);
          for (const port of [1, 80, 81, 65535]) {
            const [was, is] = [opens(old, point, port), opens(now, point, port)];
            const told = (change: RowChange['change']) =>
              opens(
                changes.filter((item) => item.change === change),
                point,
                port,
              );
            expect([told('added'), told('removed')]).toEqual([!was && is, was && !is]);
          }
        }
      }),
      settings,
    );
  });
});

/** A row of single addresses: the first of each of its ranges. */
function pointOf(row: MatrixRow): MatrixRow {
  const point = (id: string) => {
    const range = parseExternalId(id);
    return range === undefined ? id : externalId({ ...range, last: range.first });
  };
  return { ...row, source: point(row.source), destination: point(row.destination) };
}

function sameEnd(a: string, b: string): boolean {
  const [x, y] = [parseExternalId(a), parseExternalId(b)];
  return x !== undefined && y !== undefined ? overlaps(x, y) : a === b;
}
