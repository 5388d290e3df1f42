import type { LabelSelector } from '../../../kube/selector.ts';
import type { NetworkModel } from '../network.ts';
import { AddressAtoms } from './address-atoms.ts';
import { byNetwork, PeerSets } from './peer-sets.ts';
import { type Classes, classify, type Vocabulary } from './classes.ts';
import { buildRows, type Row, type Rows } from './rows.ts';
import { type ValueId, ValueTable } from './value-table.ts';

/**
 * Who can reach whom in a whole cluster, without a look at each pair: Pods collapse to classes, addresses to atoms, the policies on a
 * class to a row that others share, and a row says only where it differs from its background. Answers equal those of
 * `directionRuling`, which explains them one by one.
 */
export interface Engine {
  readonly classes: Classes;
  readonly atoms: AddressAtoms;
  readonly values: ValueTable;
  readonly egress: Rows;
  readonly ingress: Rows;
  /** What one class may open on another. */
  cell(source: number, destination: number): ValueId;
  /** Every class that a class may reach on some port, perhaps. In no order. */
  destinations(source: number): Generator<{ readonly destination: number; readonly value: ValueId }>;
  /** The classes with each row of the ingress direction. */
  readonly byIngress: readonly (readonly number[])[];
}

/** The engine of a network, built once. */
export const engineOf = (network: NetworkModel): Engine => network.once(buildEngine);

export function buildEngine(network: NetworkModel): Engine {
  const classes = classify(network, vocabularyOf(network));
  const atoms = new AddressAtoms(network.blocks);
  const values = new ValueTable();
  const peers = new PeerSets(network, classes, atoms);
  const host = byNetwork(classes).find((kind) => kind.host)?.set ?? { negated: false, ids: new Int32Array(0) };
  const context = { network, classes, atoms, values, ports: values.ports, peers, host };
  const egress = buildRows(context, 'egress');
  const ingress = buildRows(context, 'ingress');
  const byIngress = groups(ingress, classes.pods.length);
  const byBackground = Map.groupBy(ingress.rows.keys(), (row) => ingress.rows[row]?.background ?? values.denied);
  const listed = transpose(ingress, classes.pods.length);
  const cell = (source: number, destination: number): ValueId =>
    values.join(valueIn(rowAt(egress, source), destination), valueIn(rowAt(ingress, destination), source));

  function* destinations(source: number): ReturnType<Engine['destinations']> {
    const row = rowAt(egress, source);
    const seen = new Set<number>();
    const exceptional = function* () {
      yield* row.classes;
      for (const other of listed[source] ?? []) yield* byIngress[other] ?? [];
    };
    for (const destination of exceptional()) {
      if (seen.has(destination)) continue;
      seen.add(destination);
      const value = cell(source, destination);
      if (value !== values.denied && isOpen(values, value)) yield { destination, value };
    }
    for (const [background, rows] of byBackground) {
      const value = values.join(row.background, background);
      if (!isOpen(values, value)) continue;
      for (const other of rows)
        for (const destination of byIngress[other] ?? []) if (!seen.has(destination)) yield { destination, value };
    }
  }
  return { classes, atoms, values, egress, ingress, cell, destinations, byIngress };
}

const isOpen = (values: ValueTable, id: ValueId): boolean => values.valueOf(id).may !== values.ports.none;

function rowAt({ rows, rowOf }: Rows, id: number): Row {
  const row = rows[rowOf[id] ?? -1];
  if (row === undefined) throw new Error(`no class ${id}`);
  return row;
}

function valueIn(row: Row, id: number): ValueId {
  let low = 0;
  let high = row.classes.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = row.classes[middle] ?? 0;
    if (found === id) return row.values[middle] ?? row.background;
    if (found < id) low = middle + 1;
    else high = middle - 1;
  }
  return row.background;
}

function groups({ rows, rowOf }: Rows, total: number): readonly (readonly number[])[] {
  const lists: number[][] = rows.map(() => []);
  for (let id = 0; id < total; id++) lists[rowOf[id] ?? 0]?.push(id);
  return lists;
}

/** The rows that list a class, by class. */
function transpose({ rows }: Rows, total: number): readonly (readonly number[])[] {
  const lists: number[][] = Array.from({ length: total }, () => []);
  for (const [row, { classes }] of rows.entries()) for (const id of classes) lists[id]?.push(row);
  return lists;
}

/** Everything that some policy can see. */
function vocabularyOf(network: NetworkModel): Vocabulary {
  const podSelectors: LabelSelector[] = [];
  const namespaceSelectors: LabelSelector[] = [];
  const portNames = new Set<string>();
  for (const policy of network.policies) {
    podSelectors.push(policy.podSelector);
    for (const rule of [...policy.ingress, ...policy.egress]) {
      for (const peer of rule.peers ?? []) {
        if (peer.podSelector) podSelectors.push(peer.podSelector);
        if (peer.namespaceSelector) namespaceSelectors.push(peer.namespaceSelector);
      }
      for (const { port } of rule.ports ?? []) if (typeof port === 'string') portNames.add(port);
    }
  }
  const places = new Set([...network.policiesByNamespace.keys(), ...network.vendor.flatMap(({ namespace }) => namespace ?? [])]);
  return { podSelectors, namespaceSelectors, portNames, places };
}
