import { everyAddress } from '../../kube/address.ts';
import type { KubeObject } from '../../kube/object.ts';
import type { Path } from '../../model/judgement.ts';
import { entryFlows, entryRuling } from './entry-flows.ts';
import type { NetworkModel } from './network.ts';
import { externalEndpoint, type WorkloadEndpoint } from './peers.ts';
import type { Protocol } from './ports.ts';
import { reaches } from './reach.ts';
import { backendsOf } from './services.ts';

/** A way by which somebody outside the cluster reaches a workload's Pods. */
export interface OutsideWay {
  readonly workload: WorkloadEndpoint;
  readonly protocol: Protocol;
  readonly port: number;
  /** False: open only under assumptions. */
  readonly certain: boolean;
  /** The object that leads there, and where it says so. */
  readonly object: KubeObject;
  readonly at: Path;
}

/**
 * Who can be reached from outside the cluster, by workload id: through an Ingress or a route, a Service of type LoadBalancer or NodePort, or
 * a port of the node. The policies must let it happen. Of each workload the surest way; the first of equals.
 */
export const outsideWays = (network: NetworkModel): ReadonlyMap<string, OutsideWay> => network.once(findWays);

function findWays(network: NetworkModel): ReadonlyMap<string, OutsideWay> {
  const found = new Map<string, OutsideWay>();
  for (const way of [...byEntry(network), ...byService(network), ...byNode(network)]) {
    const known = found.get(way.workload.id);
    if (known === undefined || (!known.certain && way.certain)) found.set(way.workload.id, way);
  }
  return found;
}

const byEntry = (network: NetworkModel): readonly OutsideWay[] =>
  entryFlows(network).flatMap((flow) => {
    const { object, path, to, protocol, port } = flow;
    const { answer } = entryRuling(network, flow);
    return answer === 'denied' ? [] : [{ workload: to, protocol, port, certain: answer === 'allowed', object, at: path }];
  });

/** Where only some addresses get in, somebody outside gets in: that is certain too, and who is for other checks. */
const byService = (network: NetworkModel): readonly OutsideWay[] =>
  network.services
    .filter(({ type }) => type === 'LoadBalancer' || type === 'NodePort')
    .flatMap((service) =>
      backendsOf(network, service).flatMap(({ endpoint, protocol, port }): readonly OutsideWay[] => {
        const { answer } = reaches(network, externalEndpoint(everyAddress[4]), endpoint, { protocol, port });
        if (answer === 'denied') return [];
        return [
          { workload: endpoint, protocol, port, certain: answer === 'allowed', object: service.object, at: ['spec', 'type'] },
        ];
      }),
    );

/** Ports of the node lead to the Pod, for whoever can reach the node: manifests do not say who that is. */
const byNode = (network: NetworkModel): readonly OutsideWay[] =>
  network.endpoints.flatMap((workload) =>
    workload.workload.containers
      .flatMap(({ ports }) => ports)
      .filter(({ hostPort }) => workload.workload.hostNetwork || hostPort !== undefined)
      .map(({ number, protocol }): OutsideWay => {
        const { object, podPath } = workload.workload;
        return { workload, protocol, port: number, certain: false, object, at: podPath };
      }),
  );
