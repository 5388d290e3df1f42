import type { KubeObject } from '../kube/object.ts';
import { compareRefs } from '../model/object-ref.ts';
import { type BackupJob, backupJobs } from './backup-jobs.ts';
import { operatorBackups } from './backup-objects.ts';
import { veleroBackups } from './backup-velero.ts';
import { type Datastore, datastores } from './datastores.ts';
import { fact } from './fact.ts';
import { inventory } from './inventory.ts';
import { network } from './network/network.ts';
import { storage } from './storage.ts';
import { workloads } from './workloads.ts';

/** Why a backup that is there does not run, or does not keep what it makes. */
export type BackupProblem =
  | { readonly kind: 'suspended' }
  | { readonly kind: 'unscheduled' }
  /** Its own volume cannot be bound. */
  | { readonly kind: 'unbound'; readonly claim: string; readonly storageClass: string }
  /** The network policies keep it from the datastore. */
  | { readonly kind: 'cut'; readonly port: number }
  | { readonly kind: 'no-volumes' }
  | { readonly kind: 'broken'; readonly what: string };

/** Something that backs up on a schedule, and whether it covers one datastore. */
export interface Coverage {
  readonly object: KubeObject;
  readonly schedule: string | undefined;
  /** perhaps: `doubt` says what is not seen. */
  readonly covers: 'yes' | 'perhaps';
  readonly doubt?: string;
  readonly problem?: BackupProblem;
}

export interface Backups {
  /** What backs up a datastore, working and broken, in the order of refs. */
  of(datastore: Datastore): readonly Coverage[];
}

/** The scheduled backups of the launch environment, in system and platform. */
export const backups = fact(
  'backups',
  [inventory, workloads, storage, datastores, network],
  (known, running, volumes, stores, net): Backups => {
    const jobs: readonly BackupJob[] = backupJobs(known, running);
    const found = new Map(
      stores.map((store) => [
        store,
        [
          ...jobs.flatMap((job) => job.cover(store, { known, volumes, network: net })),
          ...veleroBackups(store, known),
          ...operatorBackups(store, known),
        ].sort((a, b) => compareRefs(a.object.ref, b.object.ref)),
      ]),
    );
    return { of: (store) => found.get(store) ?? [] };
  },
);

/** Kinds whose objects back up volumes or databases of others: only where all of them are known to be absent is there no backup. */
export const backupKinds: readonly string[] = ['CronJob.batch', 'Schedule.velero.io'];
