import { everyAddress } from '../../kube/address.ts';
import { textAt } from '../../kube/json.ts';
import type { Service } from '../../kube/service.ts';
import { unite } from './assumptions.ts';
import type { NetworkModel } from './network.ts';
import { type Endpoint, externalEndpoint, type WorkloadEndpoint } from './peers.ts';
import { type PortQuery, reaches, type Ruling } from './reach.ts';
import { backendsOf, servicesIn } from './services.ts';

/**
 * What outside addresses reach through a Service: with externalTrafficPolicy Cluster (the default) kube-proxy may replace the
 * client's address by that of a node (kubernetes.io, tutorials, "Using Source IP"). Then a rule for addresses is asked about an
 * address that manifests do not show, and no answer that differs between addresses is certain.
 */
export function withSourceNat(network: NetworkModel, from: Endpoint, to: Endpoint, query: PortQuery, ruling: Ruling): Ruling {
  if (from.kind !== 'external' || to.kind !== 'workload' || ruling.answer === 'depends') return ruling;
  if (!losesAddress(network, to, query)) return ruling;
  const anybody = reaches(network, externalEndpoint(everyAddress[from.range.family]), to, query);
  if (anybody.answer === ruling.answer) return ruling;
  return { ...ruling, answer: 'depends', assumptions: unite(ruling.assumptions, ['service-source-nat']) };
}

/** Is the port reached from outside only through Services that may replace the client's address? */
function losesAddress(network: NetworkModel, to: WorkloadEndpoint, query: PortQuery): boolean {
  const entries = servicesIn(network, to.namespace.name).filter(
    (service) =>
      (service.type === 'LoadBalancer' || service.type === 'NodePort') &&
      backendsOf(network, service).some(
        ({ endpoint, protocol, port }) =>
          endpoint.id === to.id && protocol === query.protocol && (typeof query.port === 'string' || port === query.port),
      ),
  );
  return entries.length > 0 && !entries.some(keepsAddress);
}

const keepsAddress = ({ object }: Service): boolean => textAt(object.value, 'spec', 'externalTrafficPolicy') === 'Local';
