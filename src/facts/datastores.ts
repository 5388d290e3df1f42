import type { DeclaredReview } from '../evidence/declared.ts';
import { readService } from '../kube/service.ts';
import type { Workload } from '../kube/workload.ts';
import { compareRefs } from '../model/object-ref.ts';
import { type Connection, connections } from './connections.ts';
import type { Datastore } from './datastore.ts';
import { isMadeFor, operatedStore, storeAt, storeOfWorkload } from './datastores-local.ts';
import { aliases, declareAll, hiddenStore, outside, unseen } from './datastores-remote.ts';
import { fact } from './fact.ts';
import { serviceOfHost } from './hosts.ts';
import { declaredReview, type Inventory, inventory } from './inventory.ts';
import { references, type References } from './references.ts';
import { storage, type Storage } from './storage.ts';
import { type Workloads, workloads } from './workloads.ts';

export type { Datastore } from './datastore.ts';

/** The datastores of the system, each once: sorted by ref. */
export const datastores = fact(
  'datastores',
  [inventory, workloads, references, storage, connections, declaredReview],
  datastoresOf,
);

export function datastoresOf(
  known: Inventory,
  running: Workloads,
  refs: References,
  volumes: Storage,
  found: readonly Connection[],
  review: DeclaredReview,
): readonly Datastore[] {
  const operated = known.system.flatMap(operatedStore);
  const own = running.system.flatMap((workload) =>
    isMadeFor(workload, operated) ? [] : storeOfWorkload(workload, volumes, refs),
  );
  const inSources = [...operated, ...own];
  const reached = found.map((connection) => ({
    connection,
    stores: resolve(connection, known, running, refs, volumes, inSources),
  }));
  const seen = new Map(inSources.map((store) => [keyOf(store), store]));
  for (const { stores } of reached) for (const store of stores) if (!seen.has(keyOf(store))) seen.set(keyOf(store), store);
  for (const store of aliases(known)) if (!seen.has(keyOf(store))) seen.set(keyOf(store), store);
  const clients = new Map(
    [...seen.keys()].map((key) => [
      key,
      new Set(
        reached.flatMap(({ connection, stores }) => (stores.some((store) => keyOf(store) === key) ? [connection.workload] : [])),
      ),
    ]),
  );
  const all = [...seen.entries()].map(([key, store]): Datastore => ({ ...store, clients: [...(clients.get(key) ?? [])] }));
  const declared = declareAll(all, review.datastores);
  const hidden = reached.flatMap(({ connection, stores }) =>
    stores.length === 0 && connection.host === undefined ? hiddenStore(connection, declared) : [],
  );
  const unresolved = [...new Map(hidden.map((store) => [keyOf(store), store])).values()];
  return [...declared, ...unresolved].sort((a, b) => compareRefs(a.ref, b.ref));
}

const keyOf = ({ ref }: Datastore) => `${ref.apiVersion}|${ref.kind}|${ref.namespace ?? ''}|${ref.name}`;

/** The stores that a connection leads to. Empty where its value cannot be seen. */
function resolve(
  connection: Connection,
  known: Inventory,
  running: Workloads,
  refs: References,
  volumes: Storage,
  stores: readonly Datastore[],
): readonly Datastore[] {
  const { host, workload } = connection;
  if (host === undefined) return [];
  const place = serviceOfHost(host, workload.namespace);
  if (place === undefined) return [outside(connection, host)];
  const lookup = known.lookup('', 'Service', place.namespace, place.name);
  const service = lookup.status === 'found' ? readService(lookup.object) : undefined;
  if (service === undefined && !place.certain) return [outside(connection, host)];
  const operated = stores.filter(
    (store) => store.hosting === 'operator' && store.namespace === place.namespace && store.hosts.includes(place.name),
  );
  if (operated.length > 0) return operated;
  if (service?.externalName !== undefined) return [outside(connection, service.externalName)];
  // A Service without selector has endpoints that somebody wrote by hand: addresses outside, usually.
  if (service !== undefined && service.selector === undefined) return [outside(connection, `${place.name}.${place.namespace}`)];
  const behind = service === undefined ? [] : refs.workloadsOf(service);
  if (behind.length === 0) return [unseen(connection, `${place.name}.${place.namespace}`, place.namespace)];
  return behind.flatMap((target) => {
    const existing = stores.find((store) => store.workload?.object === target.object);
    // A proxy in front of a store (PgBouncer) is no store; what it leads to is found by its own variables.
    if (existing !== undefined) return [existing];
    const isSystem = running.system.some(({ object }) => object === target.object);
    if (isSystem && connection.engine === undefined) return [];
    const own = storeOfWorkload(target, volumes, refs);
    return own.length > 0
      ? own
      : isProxy(target)
        ? []
        : [storeAt(target, connection.engine?.name ?? 'database', 'unknown', volumes.claimsOf(target), refs)];
  });
}

const isProxy = (workload: Workload): boolean =>
  workload.containers.some(({ image = '' }) =>
    /(?:pgbouncer|pgpool|proxysql|cloud-sql-proxy|cloudsql-proxy|gce-proxy|haproxy|envoy|odyssey)/.test(image),
  );
