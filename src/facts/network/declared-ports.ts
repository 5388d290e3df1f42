import { pairsOf } from './intended.ts';
import type { NetworkModel } from './network.ts';
import { type Endpoint, namedPorts, type WorkloadEndpoint } from './peers.ts';
import { noPorts, type PortSet, portSet, unitePorts } from './ports.ts';
import { resolveTrafficEnd } from './traffic-ends.ts';

/** What declared traffic opens from one end to one workload. */
export interface DeclaredPorts {
  readonly from: Endpoint;
  readonly to: WorkloadEndpoint;
  readonly ports: PortSet;
}

/** Every pair of the declared traffic with its ports, pairs that several flows name more than once. */
export const declaredPairs = (network: NetworkModel): readonly DeclaredPorts[] => network.once(findPairs);

/** The ports that declared traffic opens between two ends. */
export const declaredPorts = (network: NetworkModel, from: Endpoint, to: Endpoint): PortSet =>
  network.once(byPair).get(`${from.id} ${to.id}`) ?? noPorts;

function findPairs(network: NetworkModel): readonly DeclaredPorts[] {
  return (network.traffic ?? []).flatMap((flow) => {
    const from = resolveTrafficEnd(network, flow.from);
    const to = resolveTrafficEnd(network, flow.to);
    if (from.kind === 'nothing' || to.kind === 'nothing') return [];
    return pairsOf(from, to).flatMap((pair) => {
      if (pair.to.kind !== 'workload') return [];
      const numbers = typeof flow.port === 'string' ? (namedPorts(pair.to, flow.port, flow.protocol) ?? []) : [flow.port];
      return [
        { from: pair.from, to: pair.to, ports: numbers.map((port) => portSet(flow.protocol, port)).reduce(unitePorts, noPorts) },
      ];
    });
  });
}

function byPair(network: NetworkModel): ReadonlyMap<string, PortSet> {
  const ports = new Map<string, PortSet>();
  for (const pair of declaredPairs(network)) {
    const key = `${pair.from.id} ${pair.to.id}`;
    ports.set(key, unitePorts(ports.get(key) ?? noPorts, pair.ports));
  }
  return ports;
}
