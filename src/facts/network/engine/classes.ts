import type { LabelSelector } from '../../../kube/selector.ts';
import type { Labels } from '../labels.ts';
import type { NetworkModel } from '../network.ts';
import { type NamespaceInfo, onHostNetwork, type WorkloadEndpoint } from '../peers.ts';

/** Workloads whose Pods no policy can tell apart: any of them stands for all. */
export interface PodClass {
  readonly representative: WorkloadEndpoint;
  readonly members: readonly WorkloadEndpoint[];
  /** Number of its namespace class. */
  readonly namespace: number;
}

/** Namespaces that no policy can tell apart, and in which none lives. */
export interface NamespaceClass {
  readonly representative: NamespaceInfo;
  /** Numbers of its Pod classes. */
  readonly pods: readonly number[];
}

export interface Classes {
  readonly pods: readonly PodClass[];
  readonly namespaces: readonly NamespaceClass[];
  /** Number of a namespace class by the name of one of its namespaces. */
  readonly byNamespace: ReadonlyMap<string, number>;
  /** Number of a Pod class by the id of one of its workloads. */
  readonly byWorkload: ReadonlyMap<string, number>;
}

/** What the policies can see of Pods and namespaces. */
export interface Vocabulary {
  readonly podSelectors: readonly LabelSelector[];
  readonly namespaceSelectors: readonly LabelSelector[];
  readonly portNames: ReadonlySet<string>;
  /** Namespaces that are told apart by more than labels, since a policy lives there. */
  readonly places: ReadonlySet<string>;
}

/** Collapses the workloads of a cluster to classes; numbers follow the order of the endpoints, so that they do not depend on input order. */
export function classify(network: NetworkModel, words: Vocabulary): Classes {
  const podLabels = new Projection(words.podSelectors);
  const namespaceLabels = new Projection(words.namespaceSelectors);
  const namespaceIds = new Map<string, number>();
  const byNamespace = new Map<string, number>();
  const namespaces: { readonly representative: NamespaceInfo; readonly pods: number[] }[] = [];
  const podIds = new Map<string, number>();
  const byWorkload = new Map<string, number>();
  const pods: { readonly representative: WorkloadEndpoint; readonly members: WorkloadEndpoint[]; readonly namespace: number }[] =
    [];
  const placeOf = (namespace: NamespaceInfo): number => {
    const known = byNamespace.get(namespace.name);
    if (known !== undefined) return known;
    const isPlace = words.places.has(namespace.name);
    const key = isPlace ? `name ${namespace.name}` : `labels ${namespaceLabels.of(namespace.labels)}`;
    let id = namespaceIds.get(key);
    if (id === undefined) {
      id = namespaces.length;
      namespaceIds.set(key, id);
      namespaces.push({ representative: namespace, pods: [] });
    }
    byNamespace.set(namespace.name, id);
    return id;
  };
  for (const endpoint of network.endpoints) {
    const namespace = placeOf(endpoint.namespace);
    const host = onHostNetwork(endpoint) ? 'host' : '';
    const key = `${namespace} ${host} ${podLabels.of(endpoint.labels)} ${portsOf(endpoint, words.portNames)}`;
    let id = podIds.get(key);
    if (id === undefined) {
      id = pods.length;
      podIds.set(key, id);
      pods.push({ representative: endpoint, members: [], namespace });
      namespaces[namespace]?.pods.push(id);
    }
    pods[id]?.members.push(endpoint);
    byWorkload.set(endpoint.id, id);
  }
  return { pods, namespaces, byNamespace, byWorkload };
}

/** The named ports that a policy names, with the numbers they have here. */
export function portsOf(endpoint: WorkloadEndpoint, names: ReadonlySet<string>): string {
  if (names.size === 0) return '';
  const found: string[] = [];
  for (const { ports } of endpoint.workload.containers)
    for (const { name, protocol, number } of ports)
      if (name !== undefined && names.has(name)) found.push(`${name}=${protocol} ${number}`);
  return found.length > 1 ? [...new Set(found)].sort().join(' ') : found.join('');
}

/** Labels as far as selectors look: of a key that none mentions nothing is kept, of a value that none mentions only that it is there. */
class Projection {
  readonly #values = new Map<string, Set<string>>();

  constructor(selectors: readonly LabelSelector[]) {
    for (const { requirements } of selectors)
      for (const { key, values } of requirements) {
        const known = this.#values.get(key) ?? new Set();
        for (const value of values) known.add(value);
        this.#values.set(key, known);
      }
  }

  of(labels: Labels): string {
    const parts: string[] = [];
    for (const [key, value] of labels.known) {
      const mentioned = this.#values.get(key);
      if (mentioned === undefined) continue;
      const seen = mentioned.has(value) ? JSON.stringify(value) : 'other';
      parts.push(`${key}=${seen}${labels.declared.has(key) ? ' declared' : ''}`);
    }
    for (const [key, presence] of labels.instance) if (this.#values.has(key)) parts.push(`${key} ${presence}`);
    if (parts.length > 1) parts.sort();
    return `${parts.join(' ')} ${labels.open ?? ''}`;
  }
}
