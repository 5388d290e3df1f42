import { type AddressRange, joinRanges } from '../../kube/address.ts';
import { compareText } from '../../model/object-ref.ts';
import { assumptionsOf } from './engine/assumption-mask.ts';
import { type Engine, engineOf } from './engine/engine.ts';
import type { AddressValue, Rows } from './engine/rows.ts';
import type { ValueId } from './engine/value-table.ts';
import type { AdmittedPorts } from './admitted-ports.ts';
import type { AssumptionId } from './assumptions.ts';
import type { NetworkModel } from './network.ts';
import { type Endpoint, externalEndpoint, type WorkloadEndpoint, workloadId } from './peers.ts';
import { presentedOf } from './presented.ts';
import { formatRanges, protocols, type Protocol, subtractPorts } from './ports.ts';

/** Some flow between two ends, by protocol. `ports`: `80,443-445`, or `*` for every port. */
export interface MatrixRow {
  readonly source: string;
  readonly destination: string;
  readonly protocol: Protocol;
  readonly ports: string;
  readonly verdict: 'allowed' | 'depends';
  readonly assumptions: readonly AssumptionId[];
}

/** An ordered pair of ends with the ports that one may open on the other. */
export interface Flow {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly ports: AdmittedPorts;
}

export interface FlowOptions {
  /** Also flows from and to addresses outside the cluster; neighbouring addresses with the same answer are one range. */
  readonly external?: boolean;
  /** Only flows to these workloads. Few of them are found without a look at all others. */
  readonly to?: ReadonlySet<WorkloadEndpoint>;
}

/**
 * Every ordered pair with some flow, by source and destination id, addresses last. A workload is paired with itself, since its
 * replicas are different Pods; a bare Pod is not. Live Pods go by their controller: see `presentedOf`.
 */
export function* flows(network: NetworkModel, options: FlowOptions = {}): Generator<Flow> {
  for (const from of presentedOf(network).endpoints) yield* flowsFrom(network, from, options);
  if (options.external === true) yield* flowsFromOutside(network);
}

/** The flows of `flows` that one workload opens. */
export function* flowsFrom(network: NetworkModel, from: WorkloadEndpoint, options: FlowOptions = {}): Generator<Flow> {
  const engine = engineOf(network);
  const presented = presentedOf(network);
  const source = engine.classes.byWorkload.get(workloadId(from.workload));
  if (source === undefined) return;
  const targets: { readonly to: WorkloadEndpoint; readonly value: ValueId }[] = [];
  const add = (to: WorkloadEndpoint, value: ValueId) => {
    if (to.id !== from.id || !presented.isSingle(to)) targets.push({ to, value });
  };
  if (options.to === undefined)
    for (const { destination, value } of engine.destinations(source))
      for (const to of presented.byClass[destination] ?? []) add(to, value);
  else
    for (const to of options.to) {
      const value = engine.cell(source, engine.classes.byWorkload.get(workloadId(to.workload)) ?? -1);
      if (engine.values.valueOf(value).may !== engine.values.ports.none) add(to, value);
    }
  targets.sort((a, b) => compareText(a.to.id, b.to.id));
  for (const { to, value } of targets) yield { from, to, ports: admittedBy(engine, value) };
  if (options.external !== true) return;
  for (const { range, value } of outside(engine, engine.egress, source))
    yield { from, to: externalEndpoint(range), ports: admittedBy(engine, value) };
}

/** The flows of `flows` that come from addresses outside the cluster. */
export function* flowsFromOutside(network: NetworkModel): Generator<Flow> {
  const engine = engineOf(network);
  for (const [destination, endpoints] of presentedOf(network).byClass.entries())
    for (const { range, value } of outside(engine, engine.ingress, destination))
      for (const to of endpoints) yield { from: externalEndpoint(range), to, ports: admittedBy(engine, value) };
}

/** Ranges of addresses with some flow from or to a class. */
function* outside(
  engine: Engine,
  { rows, rowOf }: Rows,
  id: number,
): Generator<{ readonly range: AddressRange; readonly value: ValueId }> {
  for (const { first, last, value } of rows[rowOf[id] ?? -1]?.addresses ?? []) {
    if (value === engine.values.denied || engine.values.valueOf(value).may === engine.values.ports.none) continue;
    for (const range of rangesOf(engine, first, last)) yield { range, value };
  }
}

/** A run of atoms as ranges: one, or two where it spans both families. */
const rangesOf = (engine: Engine, first: AddressValue['first'], last: AddressValue['last']): readonly AddressRange[] =>
  joinRanges(engine.atoms.ranges.slice(first, last + 1));

function admittedBy({ values }: Engine, id: ValueId): AdmittedPorts {
  const { must, may, given, open } = values.valueOf(id);
  const allowed = values.ports.setOf(must);
  return {
    allowed,
    depends: subtractPorts(values.ports.setOf(may), allowed),
    given: assumptionsOf(given),
    open: assumptionsOf(open),
  };
}

/** The rows of one flow, by protocol. */
export function rowsOf({ from, to, ports }: Flow): readonly MatrixRow[] {
  return protocols.flatMap((protocol) => {
    const row = { source: from.id, destination: to.id, protocol };
    const rows: MatrixRow[] = [];
    if (ports.allowed[protocol].length > 0)
      rows.push({ ...row, ports: formatRanges(ports.allowed[protocol]), verdict: 'allowed', assumptions: ports.given });
    if (ports.depends[protocol].length > 0)
      rows.push({ ...row, ports: formatRanges(ports.depends[protocol]), verdict: 'depends', assumptions: ports.open });
    return rows;
  });
}

/** All flows as rows, sorted by source, destination, protocol and verdict. For a large cluster walk `flows` instead. */
export function matrix(network: NetworkModel, options: FlowOptions = {}): readonly MatrixRow[] {
  const rows = [...flows(network, options)].flatMap(rowsOf);
  return rows.sort(
    (a, b) =>
      compareText(a.source, b.source) ||
      compareText(a.destination, b.destination) ||
      compareText(a.protocol, b.protocol) ||
      compareText(a.verdict, b.verdict),
  );
}
