import { booleanAt, listAt, numberAt, textAt } from '../kube/json.ts';
import type { Claim } from '../kube/claim.ts';
import type { KubeObject } from '../kube/object.ts';
import type { Workload } from '../kube/workload.ts';
import { formatRef } from '../model/object-ref.ts';
import { type Datastore, empty, natureOf, schemaEngines } from './datastore.ts';
import { engineNamed, engineOfImage, storeKinds } from './datastore-kinds.ts';
import type { References } from './references.ts';
import type { Storage } from './storage.ts';

/** A store that stands as an object of an operator or a cloud controller. */
export function operatedStore(object: KubeObject): readonly Datastore[] {
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
export function isMadeFor(workload: Workload, stores: readonly Datastore[]): boolean {
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

/** A store that runs as a workload: a known server by its image, or anything that keeps a volume. Empty for everything else. */
export function storeOfWorkload(workload: Workload, volumes: Storage, refs: References): readonly Datastore[] {
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

/** A workload as a store. */
export const storeAt = (
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
