import { compareText } from '../../model/object-ref.ts';
import { engineOf } from './engine/engine.ts';
import type { NetworkModel } from './network.ts';
import type { WorkloadEndpoint } from './peers.ts';

/**
 * Workloads as a reader knows them: live Pods whose controller no source holds are one workload by the controller's name, as long as
 * no policy tells them apart. Where one does, each Pod stands for itself.
 */
export interface Presented {
  /** Sorted by id. */
  readonly endpoints: readonly WorkloadEndpoint[];
  readonly byId: ReadonlyMap<string, WorkloadEndpoint>;
  readonly byNamespace: ReadonlyMap<string, readonly WorkloadEndpoint[]>;
  /** The same by class of the engine. */
  readonly byClass: readonly (readonly WorkloadEndpoint[])[];
  /** The id under which a workload of the model is presented. */
  idOf(id: string): string;
  /** One Pod, which is not compared with itself. */
  isSingle(endpoint: WorkloadEndpoint): boolean;
}

export const presentedOf = (network: NetworkModel): Presented => network.once(findPresented);

function findPresented(network: NetworkModel): Presented {
  const { pods, byWorkload } = engineOf(network).classes;
  const byOwner = Map.groupBy(network.endpoints, (endpoint) => ownerOf(endpoint) ?? '');
  byOwner.delete('');
  const ids = new Map<string, string>();
  for (const [owner, members] of byOwner) {
    const classes = new Set(members.map(({ id }) => byWorkload.get(id)));
    if (classes.size === 1 && !network.byId.has(owner)) for (const { id } of members) ids.set(id, owner);
  }
  const idOf = (id: string) => ids.get(id) ?? id;
  const byClass = pods.map(({ members }) => {
    const shown = new Map<string, WorkloadEndpoint>();
    for (const endpoint of members) {
      const id = idOf(endpoint.id);
      if (!shown.has(id)) shown.set(id, id === endpoint.id ? endpoint : { ...endpoint, id });
    }
    return [...shown.values()];
  });
  const endpoints = byClass.flat().sort((a, b) => compareText(a.id, b.id));
  return {
    endpoints,
    byId: new Map(endpoints.map((endpoint) => [endpoint.id, endpoint])),
    byNamespace: Map.groupBy(endpoints, ({ namespace }) => namespace.name),
    byClass,
    idOf,
    isSingle: ({ id, workload }) => workload.ref.kind === 'Pod' && id.endsWith(`/Pod/${workload.ref.name}`),
  };
}

/** `namespace/Kind/name` of the controller of a live Pod. */
function ownerOf({ namespace, workload }: WorkloadEndpoint): string | undefined {
  return workload.ref.kind === 'Pod' && workload.controller !== undefined
    ? `${namespace.name}/${workload.controller}`
    : undefined;
}
