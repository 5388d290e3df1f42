import { compareText } from '../../model/object-ref.ts';
import { type AddressRange, everyAddress, splitRange } from '../../kube/address.ts';
import { type AdmittedPorts, admittedPorts } from './admitted-ports.ts';
import type { AssumptionId } from './assumptions.ts';
import type { NetworkModel } from './network.ts';
import { type Endpoint, type ExternalEndpoint, externalEndpoint } from './peers.ts';
import { formatRanges, protocols, type Protocol } from './ports.ts';

/** Some flow between two ends, by protocol. `ports`: `80,443-445`, or `*` for every port. */
export interface MatrixRow {
  readonly source: string;
  readonly destination: string;
  readonly protocol: Protocol;
  readonly ports: string;
  readonly verdict: 'allowed' | 'depends';
  readonly assumptions: readonly AssumptionId[];
}

/** Parts of a range of addresses that no policy tells apart, in order. IPv6 stays whole where no policy names an IPv6 block. */
export function externalAtoms(network: NetworkModel, range: AddressRange): readonly ExternalEndpoint[] {
  return splitRange(range, network.blocks).map(externalEndpoint);
}

/** Every ordered pair with some flow; a workload is paired with itself, since its replicas are different Pods. */
export function* flows(
  network: NetworkModel,
  options: { readonly external?: boolean } = {},
): Generator<{ readonly from: Endpoint; readonly to: Endpoint; readonly ports: AdmittedPorts }> {
  const outside =
    options.external === true ? [everyAddress[4], everyAddress[6]].flatMap((range) => externalAtoms(network, range)) : [];
  for (const from of [...network.endpoints, ...outside]) {
    for (const to of from.kind === 'external' ? network.endpoints : [...network.endpoints, ...outside]) {
      if (from.id === to.id && from.kind === 'workload' && from.workload.ref.kind === 'Pod') continue;
      const ports = admittedPorts(network, from, to);
      if (protocols.some((protocol) => ports.allowed[protocol].length + ports.depends[protocol].length > 0))
        yield { from, to, ports };
    }
  }
}

/** All flows as rows, sorted by source, destination, protocol and verdict. `external` adds rows from and to addresses. */
export function matrix(network: NetworkModel, options: { readonly external?: boolean } = {}): readonly MatrixRow[] {
  const rows: MatrixRow[] = [];
  for (const { from, to, ports } of flows(network, options)) {
    for (const protocol of protocols) {
      const row = { source: from.id, destination: to.id, protocol };
      if (ports.allowed[protocol].length > 0)
        rows.push({ ...row, ports: formatRanges(ports.allowed[protocol]), verdict: 'allowed', assumptions: ports.given });
      if (ports.depends[protocol].length > 0)
        rows.push({ ...row, ports: formatRanges(ports.depends[protocol]), verdict: 'depends', assumptions: ports.open });
    }
  }
  return rows.sort(
    (a, b) =>
      compareText(a.source, b.source) ||
      compareText(a.destination, b.destination) ||
      compareText(a.protocol, b.protocol) ||
      compareText(a.verdict, b.verdict),
  );
}
