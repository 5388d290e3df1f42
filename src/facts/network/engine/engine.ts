import type { PodSet } from '../../../kube/admin-network-peers.ts';
import type { LabelSelector } from '../../../kube/selector.ts';
import type { NetworkModel } from '../network.ts';
import { toldApart } from '../selection.ts';
import { AddressAtoms } from './address-atoms.ts';
import { byNetwork, PeerSets } from './peer-sets.ts';
import { type Classes, classify, type Vocabulary } from './classes.ts';
import { buildRows, type Row, type RowContext, type Rows } from './rows.ts';
import { TierSets } from './tier-sets.ts';
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
  /** Whom peers of policies stand for. */
  readonly peers: PeerSets;
  readonly egress: Rows;
  readonly ingress: Rows;
  /** What one class may open on another. */
  cell(source: number, destination: number): ValueId;
  /** Every class that a class may reach on some port, perhaps; in no order. */
  destinations(source: number): readonly { readonly destination: number; readonly value: ValueId }[];
  /**
   * The same without naming each: classes that either end's row lists, whatever their value, and for all others one value by the
   * background of their ingress row.
   */
  walk(
    source: number,
    listed: (destination: number, value: ValueId) => void,
    rest: (background: ValueId, value: ValueId) => void,
  ): void;
  /** The background of a class's ingress row. */
  backgroundOf(destination: number): ValueId;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** The engine of a network, built once. */
export const engineOf = (network: NetworkModel): Engine => network.once(buildEngine);

export function buildEngine(network: NetworkModel): Engine {
  const classes = classify(network, vocabularyOf(network));
  const atoms = new AddressAtoms(network.blocks);
  const values = new ValueTable();
  const peers = new PeerSets(network, classes, atoms);
  const host = byNetwork(classes).find((kind) => kind.host)?.set ?? { negated: false, ids: new Int32Array(0) };
  const shared = { classes, atoms, values, ports: values.ports, host, tiers: new TierSets(classes, atoms) };
  const apart = once((): RowContext => {
    const known = network.once(toldApart);
    return { ...shared, network: known, peers: new PeerSets(known, classes, atoms), apart };
  });
  const context: RowContext = { ...shared, network, peers, apart };
  const egress = buildRows(context, 'egress');
  const ingress = buildRows(context, 'ingress');
  const byIngress = groups(ingress, classes.pods.length);
  const listing = transpose(ingress, classes.pods.length);
  const backgroundOf = (destination: number) => rowAt(ingress, destination).background;
  const byBackground = Map.groupBy(classes.pods.keys(), backgroundOf);
  // Which walk has seen a class last.
  const stamps = new Int32Array(classes.pods.length);
  let turn = 0;
  const cell = (source: number, destination: number): ValueId =>
    values.join(valueIn(rowAt(egress, source), destination), valueIn(rowAt(ingress, destination), source));

  const walk: Engine['walk'] = (source, listed, rest) => {
    const row = rowAt(egress, source);
    turn++;
    const visit = (destination: number): void => {
      if (stamps[destination] === turn) return;
      stamps[destination] = turn;
      listed(destination, cell(source, destination));
    };
    row.classes.forEach(visit);
    for (const other of listing[source] ?? []) byIngress[other]?.forEach(visit);
    for (const background of byBackground.keys()) rest(background, values.join(row.background, background));
  };

  const destinations: Engine['destinations'] = (source) => {
    const found: { destination: number; value: ValueId }[] = [];
    const seen = new Set<number>();
    walk(
      source,
      (destination, value) => {
        seen.add(destination);
        if (isOpen(values, value)) found.push({ destination, value });
      },
      (background, value) => {
        if (!isOpen(values, value)) return;
        for (const destination of byBackground.get(background) ?? [])
          if (!seen.has(destination)) found.push({ destination, value });
      },
    );
    return found;
  };
  return { classes, atoms, values, peers, egress, ingress, cell, destinations, walk, backgroundOf };
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
  const addSet = (set: PodSet) => {
    podSelectors.push(set.podSelector);
    namespaceSelectors.push(set.namespaceSelector);
  };
  for (const { subject, ingress, egress } of network.tierPolicies) {
    addSet(subject);
    for (const rule of [...ingress, ...egress]) {
      for (const peer of rule.peers) if (peer.kind === 'pods') addSet(peer);
      for (const port of rule.ports ?? []) if (port.kind === 'named') portNames.add(port.name);
    }
  }
  const places = new Set([...network.policiesByNamespace.keys(), ...network.vendor.flatMap(({ namespace }) => namespace ?? [])]);
  return { podSelectors, namespaceSelectors, portNames, places };
}
