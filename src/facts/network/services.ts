import { type Service, type ServicePort, targetPortOn } from '../../kube/service.ts';
import { matchLabels } from './labels.ts';
import type { NetworkModel } from './network.ts';
import type { WorkloadEndpoint } from './peers.ts';
import type { Protocol } from './ports.ts';

/** A Pod port behind a Service: policies see the Pod and its target port, never the Service's own address and port. */
export interface Backend {
  readonly endpoint: WorkloadEndpoint;
  readonly protocol: Protocol;
  readonly port: number;
}

/** The Services of a namespace, in the order of the inventory. */
export const servicesIn = (network: NetworkModel, namespace: string): readonly Service[] =>
  network.once(byNamespace).get(namespace) ?? [];

const byNamespace = ({ services }: NetworkModel) => Map.groupBy(services, (service) => service.namespace);

/** The Service of a name. */
export const serviceNamed = (network: NetworkModel, namespace: string, name: string): Service | undefined =>
  servicesIn(network, namespace).find((service) => service.ref.name === name);

/** Workloads whose Pods a Service selects, in its own namespace. A Service without selector selects nobody. */
export function selectedBy(network: NetworkModel, service: Service): readonly WorkloadEndpoint[] {
  const { selector } = service;
  if (selector === undefined) return [];
  return (network.byNamespace.get(service.namespace) ?? []).filter(({ labels }) => matchLabels(selector, labels).truth === 'yes');
}

/** Every Pod port behind a Service, or behind those of its ports that `only` keeps. */
export function backendsOf(
  network: NetworkModel,
  service: Service,
  only: (port: ServicePort) => boolean = () => true,
): readonly Backend[] {
  return selectedBy(network, service).flatMap((endpoint) =>
    service.ports.filter(only).flatMap((port) => {
      const target = targetPortOn(endpoint.workload, port);
      return target === undefined ? [] : [{ endpoint, protocol: port.protocol, port: target }];
    }),
  );
}
