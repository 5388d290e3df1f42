import type { ProvidedObject } from '../../evidence/declared.ts';
import { namespaceLabels } from '../../kube/namespace.ts';
import type { KubeObject } from '../../kube/object.ts';
import type { Workload } from '../../kube/workload.ts';
import { type AddressRange, formatRange } from '../../kube/address.ts';
import type { AssumptionId, Profile } from './assumptions.ts';
import { closedLabels, type Labels, openLabels, podLabels } from './labels.ts';
import type { Protocol } from './ports.ts';

/** A namespace with what is known of its labels. `object` is absent where no source holds the Namespace. */
export interface NamespaceInfo {
  readonly name: string;
  readonly labels: Labels;
  readonly object?: KubeObject;
}

/** The Pods of one workload. `id`: `namespace/Kind/name`. */
export interface WorkloadEndpoint {
  readonly kind: 'workload';
  readonly id: string;
  readonly namespace: NamespaceInfo;
  readonly labels: Labels;
  readonly workload: Workload;
}

/** Pods that are in no source: declared by a person, or known by convention. `ports`: named ports as far as they are known. */
export interface UnseenEndpoint {
  readonly kind: 'unseen';
  readonly id: string;
  readonly namespace: NamespaceInfo;
  readonly labels: Labels;
  readonly ports: ReadonlyMap<string, number>;
}

/** Addresses outside the cluster. */
export interface ExternalEndpoint {
  readonly kind: 'external';
  readonly id: string;
  readonly range: AddressRange;
}

/** The node of the Pod at the other end: kubelet probes, and the exemption that every Pod grants its own node. */
export interface NodeEndpoint {
  readonly kind: 'node';
  readonly id: string;
}

export type PodEndpoint = WorkloadEndpoint | UnseenEndpoint;
export type Endpoint = PodEndpoint | ExternalEndpoint | NodeEndpoint;

/** The own node of the Pod at the other end of a question. */
export const ownNode: NodeEndpoint = { kind: 'node', id: 'its own node' };

/** `namespace/Kind/name`. */
export const workloadId = (workload: Workload): string => `${workload.namespace}/${workload.ref.kind}/${workload.ref.name}`;

export const workloadEndpoint = (workload: Workload, namespace: NamespaceInfo): WorkloadEndpoint => ({
  kind: 'workload',
  id: workloadId(workload),
  namespace,
  labels: podLabels(workload),
  workload,
});

export const externalEndpoint = (range: AddressRange): ExternalEndpoint => ({ kind: 'external', id: formatRange(range), range });

/**
 * Pods outside the sources.
 * @param known labels that these Pods carry for certain, or by `declared` ones, by somebody's word.
 */
export function unseenEndpoint(
  namespace: NamespaceInfo,
  name: string,
  known: ReadonlyMap<string, string> = new Map(),
  options: { readonly declared?: boolean; readonly why?: AssumptionId; readonly ports?: ReadonlyMap<string, number> } = {},
): UnseenEndpoint {
  const labels = openLabels(known, options.why ?? 'unseen-peer', options.declared === true ? new Set(known.keys()) : new Set());
  return { kind: 'unseen', id: `${namespace.name}/${name}`, namespace, labels, ports: options.ports ?? new Map() };
}

/** What is known of a namespace: its object, what providedElsewhere says of it, or its name alone. */
export function namespaceInfo(
  name: string,
  object: KubeObject | undefined,
  provided: ProvidedObject | undefined,
  profile: Profile,
): NamespaceInfo {
  if (object) return { name, labels: closedLabels(namespaceLabels(name, object)), object };
  const certain = namespaceLabels(name, undefined);
  const said = Object.entries(provided?.labels ?? {}).filter(([key]) => !certain.has(key));
  const known = new Map([...said, ...certain]);
  const declared = new Set(said.map(([key]) => key));
  if (profile['namespace-labels-assumed'] === 'yes') return { name, labels: { ...closedLabels(known), declared } };
  return { name, labels: openLabels(known, 'namespace-labels-assumed', declared) };
}

export const isPod = (endpoint: Endpoint): endpoint is PodEndpoint => endpoint.kind === 'workload' || endpoint.kind === 'unseen';
export const onHostNetwork = (endpoint: Endpoint): boolean => endpoint.kind === 'workload' && endpoint.workload.hostNetwork;

/**
 * Port numbers that a name stands for at an endpoint, by name and protocol over every container: NetworkPolicy says nothing of
 * roles, and a sidecar's port is a port of the Pod. Undefined where the ports are not known.
 */
export function namedPorts(endpoint: Endpoint, name: string, protocol: Protocol): readonly number[] | undefined {
  if (endpoint.kind === 'workload') {
    const ports = endpoint.workload.containers.flatMap((container) => container.ports);
    return [...new Set(ports.filter((port) => port.name === name && port.protocol === protocol).map((port) => port.number))].sort(
      (a, b) => a - b,
    );
  }
  if (endpoint.kind !== 'unseen') return [];
  const known = endpoint.ports.get(name);
  return known === undefined ? undefined : [known];
}
