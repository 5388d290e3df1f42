import type { DeclaredDatastore } from '../evidence/declared.ts';
import type { Claim } from '../kube/claim.ts';
import type { KubeObject } from '../kube/object.ts';
import type { Workload } from '../kube/workload.ts';
import type { ObjectRef } from '../model/object-ref.ts';
import { engines, type StoreNature } from './datastore-kinds.ts';

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

/** What a store starts with before its claims, hosts and clients are known. */
export const empty = { claims: [], hosts: [], clients: [] } as const;

/** Engines with a schema; `database` where nothing says which. */
export const schemaEngines: ReadonlySet<string> = new Set([
  'database',
  ...engines.filter(({ schema }) => schema).map(({ name }) => name),
]);

export const natureOf = (engine: string): StoreNature => engines.find(({ name }) => name === engine)?.nature ?? 'database';
