import type { DeclaredDatastore, DeclaredReview } from '../evidence/declared.ts';
import { booleanAt, listAt, numberAt, textAt } from '../kube/json.ts';
import type { Claim } from '../kube/claim.ts';
import type { KubeObject } from '../kube/object.ts';
import { readService } from '../kube/service.ts';
import type { Workload } from '../kube/workload.ts';
import { compareRefs, compareText, formatRef, type ObjectRef, ownApiVersion } from '../model/object-ref.ts';
import { type Connection, connections } from './connections.ts';
import { engineNamed, engineOfImage, engines, type StoreNature, storeKinds } from './datastore-kinds.ts';
import { fact } from './fact.ts';
import { serviceOfHost } from './hosts.ts';
import { declaredReview, type Inventory, inventory } from './inventory.ts';
import { references, type References } from './references.ts';
import { storage, type Storage } from './storage.ts';
import { type Workloads, workloads } from './workloads.ts';

/** Something that keeps data of the system under review. */
export interface Datastore {
  /** The workload or operator object; for others kind Datastore. */
  readonly ref: ObjectRef;
  readonly name: string;
  /** Undefined outside the cluster. */
  readonly namespace: string | undefined;
  /** `postgres`, `redis`, ...; `volume` for a volume of unknown content, `database` where nothing says which. */
  readonly engine: string;
  /** Has a schema that releases migrate, as far as is known. */
  readonly schema: boolean;
  /** unseen: something in or near the cluster that no source shows. */
  readonly hosting: 'workload' | 'operator' | 'managed' | 'unseen';
  /** ephemeral: a cache without a volume. unknown: what it keeps is for a person to say. */
  readonly durability: 'durable' | 'ephemeral' | 'unknown';
  /** What says that it exists. */
  readonly evidence: string;
  readonly object?: KubeObject;
  readonly workload?: Workload;
  readonly claims: readonly Claim[];
  /** Host names by which clients reach it, without namespace and domain where it is in the cluster. */
  readonly hosts: readonly string[];
  readonly clients: readonly Workload[];
  readonly declared?: DeclaredDatastore;
}

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
const empty = { claims: [], hosts: [], clients: [] } as const;
const schemaEngines: ReadonlySet<string> = new Set([
  'database',
  ...engines.filter(({ schema }) => schema).map(({ name }) => name),
]);
const natureOf = (engine: string): StoreNature => engines.find(({ name }) => name === engine)?.nature ?? 'database';

function operatedStore(object: KubeObject): readonly Datastore[] {
  const kind = storeKinds.get(`${object.group}|${object.ref.kind}`);
  if (kind === undefined) return [];
  const engine =
    kind.engine === 'database' ? (engineNamed(textAt(object.value, 'spec', 'engine') ?? '')?.name ?? 'database') : kind.engine;
  const { name, namespace } = object.ref;
  return [
    {
      ...empty,
      ref: object.ref,
      object,
      name,
      namespace: kind.managed ? undefined : namespace,
      engine,
      schema: schemaEngines.has(engine),
      hosting: kind.managed ? 'managed' : 'operator',
      durability: natureOf(engine) === 'database' ? 'durable' : operatedDurability(object),
      evidence: formatRef(object.ref),
      hosts: kind.managed ? [] : ['', '-rw', '-ro', '-r', '-primary', '-ha', '-repl'].map((ending) => `${name}${ending}`),
    },
  ];
}

/** Strimzi and others say whether they keep a volume; an operator that says nothing keeps one. */
function operatedDurability({ value }: KubeObject): Datastore['durability'] {
  const types = [textAt(value, 'spec', 'kafka', 'storage', 'type'), textAt(value, 'spec', 'storage', 'type')];
  return types.includes('ephemeral') || numberAt(value, 'spec', 'persistence', 'storage') === 0 ? 'ephemeral' : 'durable';
}

/** Pods and StatefulSets that an operator made for one of these stores: the store is the target, once. */
function isMadeFor(workload: Workload, stores: readonly Datastore[]): boolean {
  return listAt(workload.object.value, 'metadata', 'ownerReferences').some(
    (owner) =>
      booleanAt(owner, 'controller') === true &&
      stores.some(
        ({ ref }) =>
          ref.kind === textAt(owner, 'kind') && ref.name === textAt(owner, 'name') && ref.namespace === workload.namespace,
      ),
  );
}

/** Commands of clients that sit in a Pod and wait, in an image that also holds the server. */
const clientCommand =
  /(?:^|[\s/])(?:psql|pg_dump|pg_isready|mysqldump|mysqladmin|mongodump|mongosh|redis-cli|sleep|tail)(?:\s|$)/;

function storeOfWorkload(workload: Workload, volumes: Storage, refs: References): readonly Datastore[] {
  if (workload.runsToCompletion) return [];
  const claims = volumes.claimsOf(workload).filter((claim) => claim.template !== 'ephemeral');
  const mounted = workload.volumes.filter(({ source }) => booleanAt(source, 'readOnly') !== true);
  const readOnly = new Set(
    workload.volumes.flatMap(({ claim, source }) =>
      claim !== undefined && booleanAt(source, 'readOnly') === true ? [claim] : [],
    ),
  );
  const hasVolume =
    claims.some(({ template, name }) => template !== 'none' || !readOnly.has(name)) ||
    mounted.some(({ claim, type }) => claim !== undefined || networkVolumes.has(type));
  const keeps = hasVolume || mounted.some(({ type }) => type === 'hostPath');
  const servers = workload.containers.flatMap(({ role, image, ports, value }) => {
    if (role === 'init' || role === 'ephemeral' || image === undefined) return [];
    const words = [...listAt(value, 'command'), ...listAt(value, 'args')]
      .filter((word) => typeof word === 'string')
      .join(' ')
      .slice(0, 10_000);
    const isClient = ports.length === 0 && !keeps && refs.servicesOf(workload).length === 0 && clientCommand.test(words);
    return isClient ? [] : (engineOfImage(image) ?? []);
  });
  const [engine] = servers;
  if (engine === undefined && !hasVolume) return [];
  const isDurable = engine === undefined ? 'unknown' : engine.nature === 'database' || keeps ? 'durable' : 'ephemeral';
  return [storeAt(workload, engine?.name ?? 'volume', isDurable, claims, refs)];
}

const networkVolumes: ReadonlySet<string> = new Set([
  'nfs',
  'cephfs',
  'rbd',
  'glusterfs',
  'iscsi',
  'fc',
  'awsElasticBlockStore',
  'gcePersistentDisk',
  'azureDisk',
  'azureFile',
]);

const storeAt = (
  workload: Workload,
  engine: string,
  durability: Datastore['durability'],
  claims: readonly Claim[],
  refs: References,
): Datastore => ({
  ...empty,
  ref: workload.ref,
  object: workload.object,
  workload,
  name: workload.ref.name,
  namespace: workload.namespace,
  engine,
  schema: schemaEngines.has(engine),
  hosting: 'workload',
  durability,
  evidence: formatRef(workload.ref),
  claims,
  hosts: refs.servicesOf(workload).map(({ ref }) => ref.name),
});

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

const engineName = ({ engine }: Connection): string => engine?.name ?? 'database';
const said = ({ name, workload }: Connection): string => `${name} of ${formatRef(workload.ref)}`;

function outside(connection: Connection, host: string): Datastore {
  const engine = engineName(connection);
  return {
    ...empty,
    ref: { apiVersion: ownApiVersion, kind: 'Datastore', name: host },
    object: connection.object,
    name: host,
    namespace: undefined,
    engine,
    schema: schemaEngines.has(engine),
    hosting: 'managed',
    durability: natureOf(engine) === 'database' ? 'durable' : 'unknown',
    evidence: said(connection),
    hosts: [host],
  };
}

function unseen(connection: Connection, name: string, namespace: string): Datastore {
  const engine = engineName(connection);
  return { ...outside(connection, name), namespace, hosting: 'unseen', hosts: [name.split('.')[0] ?? name], engine };
}

/** A connection whose value is hidden leads to a store of its engine that is known, or else to one that nothing shows. */
function hiddenStore(connection: Connection, stores: readonly Datastore[]): readonly Datastore[] {
  const engine = engineName(connection);
  const isKnown = stores.some(
    (store) => store.engine === engine || ((engine === 'database' || store.engine === 'database') && store.schema),
  );
  if (isKnown) return [];
  return [
    {
      ...outside(connection, `${connection.workload.ref.name}/${connection.name}`),
      hosting: 'unseen',
      hosts: [],
      clients: [connection.workload],
    },
  ];
}

/** ExternalName Services that lead to a database of a cloud provider. */
function aliases(known: Inventory): readonly Datastore[] {
  return known.systemOfKind('', 'Service').flatMap((object) => {
    const host = readService(object)?.externalName;
    const engine = host === undefined ? undefined : engineOfCloudHost(host, object.ref.name);
    if (host === undefined || engine === undefined) return [];
    const ref = { apiVersion: ownApiVersion, kind: 'Datastore', name: host };
    const durability = natureOf(engine) === 'database' ? ('durable' as const) : ('unknown' as const);
    return [
      {
        ...empty,
        ref,
        object,
        name: host,
        namespace: undefined,
        engine,
        schema: schemaEngines.has(engine),
        hosting: 'managed' as const,
        durability,
        evidence: formatRef(object.ref),
        hosts: [host],
      },
    ];
  });
}

const cloudHosts: readonly (readonly [RegExp, string])[] = [
  [/\.rds\.amazonaws\.com(?:\.cn)?$/, 'database'],
  [/\.cache\.amazonaws\.com$/, 'redis'],
  [/\.docdb\.amazonaws\.com$/, 'mongo'],
  [/\.postgres\.database\.azure\.com$/, 'postgres'],
  [/\.mysql\.database\.azure\.com$/, 'mysql'],
  [/\.database\.windows\.net$/, 'sqlserver'],
  [/\.redis\.cache\.windows\.net$/, 'redis'],
  [/\.mongodb\.net$/, 'mongo'],
  [/\.(?:neon\.tech|supabase\.co|aivencloud\.com|db\.ondigitalocean\.com)$/, 'database'],
];

function engineOfCloudHost(host: string, service: string): string | undefined {
  const cloud = cloudHosts.find(([pattern]) => pattern.test(host))?.[1];
  if (cloud !== undefined && cloud !== 'database') return cloud;
  const words = service.split('-').slice(0, 10);
  const named = words.map(engineNamed).find((entry) => entry !== undefined)?.name;
  return named ?? cloud ?? (words.some((word) => word === 'db' || word === 'database') ? 'database' : undefined);
}

/** Declarations add what no object shows, and meet what one does by name, host or engine. */
function declareAll(stores: readonly Datastore[], declared: readonly DeclaredDatastore[]): readonly Datastore[] {
  const rest = [...stores];
  const added: Datastore[] = [];
  for (const item of declared) {
    const index = rest.findIndex(
      (store) =>
        store.declared === undefined &&
        (store.name === item.name || store.hosts.includes(item.name) || store.name.split('.')[0] === item.name),
    );
    const met = rest[index];
    if (met !== undefined) rest[index] = { ...met, declared: item };
    else added.push(declaredStore(item));
  }
  return [...rest, ...added.sort((a, b) => compareText(a.name, b.name))];
}

function declaredStore(item: DeclaredDatastore): Datastore {
  const engine = engineNamed(item.kind)?.name ?? item.kind;
  return {
    ...empty,
    ref: { apiVersion: ownApiVersion, kind: 'Datastore', name: item.name },
    name: item.name,
    namespace: undefined,
    engine,
    schema: schemaEngines.has(engine),
    hosting: item.managed ? 'managed' : 'unseen',
    durability: natureOf(engine) === 'database' ? 'durable' : 'unknown',
    evidence: 'the review file',
    hosts: [item.name],
    declared: item,
  };
}
