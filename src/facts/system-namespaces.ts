import type { KubeObject } from '../kube/object.ts';
import { compareText, type ObjectRef } from '../model/object-ref.ts';
import { fact } from './fact.ts';
import { type Inventory, inventory } from './inventory.ts';
import { type Workloads, workloads } from './workloads.ts';

/** A namespace that belongs to the system, whether its Namespace object is in the sources or not. */
export interface SystemNamespace {
  readonly ref: ObjectRef;
  readonly object: KubeObject | undefined;
}

export const systemNamespaces = fact('system-namespaces', [inventory, workloads], systemNamespacesOf);

/**
 * Namespaces in which workloads under review run, and those whose Namespace object is under review; sorted. A namespace that only
 * holds a Role or a ServiceMonitor of the system belongs to somebody else.
 */
export function systemNamespacesOf(known: Inventory, running: Workloads): readonly SystemNamespace[] {
  const names = new Set([
    ...running.system.map(({ namespace }) => namespace),
    ...known.systemOfKind('', 'Namespace').map(({ ref }) => ref.name),
  ]);
  return [...names].sort(compareText).map((name) => {
    const found = known.lookup('', 'Namespace', undefined, name);
    const object = found.status === 'found' ? found.object : undefined;
    return { ref: object?.ref ?? { apiVersion: 'v1', kind: 'Namespace', name }, object };
  });
}
