import type { Path } from '../model/judgement.ts';
import type { ObjectRef } from '../model/object-ref.ts';
import { listAt, numberAt, objectAt, textAt, valueAt } from './json.ts';
import { isKind, type KubeObject } from './object.ts';
import { type Protocol, readProtocol } from './protocol.ts';
import { type LabelSelector, selectorFromLabels } from './selector.ts';
import type { Workload } from './workload.ts';

export interface ServicePort {
  readonly name?: string;
  readonly port: number;
  /** Number or name of a container port; the Service's own port by default. */
  readonly targetPort: number | string;
  readonly protocol: Protocol;
  readonly nodePort?: number;
  readonly path: Path;
}

/** A core/v1 Service after API defaulting. */
export interface Service {
  readonly ref: ObjectRef;
  readonly object: KubeObject;
  readonly namespace: string;
  /** ClusterIP, NodePort, LoadBalancer or ExternalName. */
  readonly type: string;
  /** Undefined: its endpoints are managed by hand, or it has none. An ExternalName Service selects nothing. */
  readonly selector: LabelSelector | undefined;
  readonly ports: readonly ServicePort[];
  /** `clusterIP: None`: names resolve to Pod addresses. */
  readonly headless: boolean;
  readonly externalName?: string;
}

/** Reads a core/v1 Service. Undefined for other kinds (a Knative Service is a workload). */
export function readService(object: KubeObject): Service | undefined {
  if (!isKind(object, '', 'Service')) return undefined;
  const spec = objectAt(object.value, 'spec');
  const type = textAt(spec, 'type') || 'ClusterIP';
  const externalName = textAt(spec, 'externalName');
  return {
    ref: object.ref,
    object,
    namespace: object.ref.namespace ?? 'default',
    type,
    // The API ignores the selector of an ExternalName Service: it is a DNS alias.
    selector: type === 'ExternalName' ? undefined : selectorFromLabels(valueAt(spec, 'selector')),
    ports: listAt(spec, 'ports').flatMap((item, index) => {
      const port = numberAt(item, 'port');
      const protocol = readProtocol(valueAt(item, 'protocol'));
      if (port === undefined || protocol === undefined) return [];
      const name = textAt(item, 'name');
      const nodePort = numberAt(item, 'nodePort');
      // 0 and '' are the unset IntOrString.
      const targetPort = numberAt(item, 'targetPort') || textAt(item, 'targetPort') || port;
      return [
        {
          ...(name ? { name } : {}),
          port,
          targetPort,
          protocol,
          ...(nodePort ? { nodePort } : {}),
          path: ['spec', 'ports', index],
        },
      ];
    }),
    headless: textAt(spec, 'clusterIP') === 'None',
    ...(type === 'ExternalName' && externalName ? { externalName } : {}),
  };
}

/**
 * The number of a port on the Pods of a workload. A name resolves by name and protocol over regular containers and sidecars, as
 * the EndpointSlice controller does (k8s.io/kubernetes pkg/api/v1/pod FindPort). Undefined: the name resolves to nothing.
 */
export function targetPortOn(workload: Workload, port: Pick<ServicePort, 'targetPort' | 'protocol'>): number | undefined {
  if (typeof port.targetPort === 'number') return port.targetPort;
  return namedPorts(workload, port.targetPort, port.protocol)[0];
}

/** Every number that a port name and protocol have on a workload's Pods, in container order: regular containers, then sidecars. */
export function namedPorts(workload: Workload, name: string, protocol: Protocol): readonly number[] {
  const running = [
    ...workload.containers.filter((container) => container.role === 'container'),
    ...workload.containers.filter((container) => container.role === 'sidecar'),
  ];
  return running.flatMap((container) =>
    container.ports.filter((port) => port.name === name && port.protocol === protocol).map((port) => port.number),
  );
}

/** The port that a backend names by number or name. */
export function findServicePort(service: Service, wanted: number | string): ServicePort | undefined {
  return service.ports.find((port) => (typeof wanted === 'number' ? port.port === wanted : port.name === wanted));
}
