import { booleanAt, isObject, type JsonValue, listAt, numberAt, objectAt, textAt, valueAt } from '../kube/json.ts';
import { type KubeObject, labelsOf } from '../kube/object.ts';
import { readSelector, selects } from '../kube/selector.ts';
import type { BackupProblem, Coverage } from './backups.ts';
import type { Datastore } from './datastores.ts';
import type { Inventory } from './inventory.ts';

/** Backups that operators make: a schedule inside the datastore's own object, or an object that points at it or at its volumes. */
export function operatorBackups(store: Datastore, known: Inventory): readonly Coverage[] {
  return [...ownSchedule(store), ...pointingAt(store, known), ...volumeSchedules(store, known)];
}

const covered = (object: KubeObject, schedule: string | undefined, problem?: BackupProblem): Coverage => ({
  object,
  schedule,
  covers: 'yes',
  ...(problem !== undefined
    ? { problem }
    : schedule === undefined || schedule.trim() === ''
      ? { problem: { kind: 'unscheduled' } as const }
      : {}),
});

/** Where objects of each kind keep their own schedule. */
const ownSchedules: ReadonlyMap<string, (value: JsonValue) => string | undefined> = new Map<
  string,
  (value: JsonValue) => string | undefined
>([
  [
    'postgres-operator.crunchydata.com|PostgresCluster',
    (value) =>
      firstText(
        listAt(value, 'spec', 'backups', 'pgbackrest', 'repos').map((repo) => Object.values(objectAt(repo, 'schedules'))[0]),
      ),
  ],
  [
    'acid.zalan.do|postgresql',
    (value) =>
      booleanAt(value, 'spec', 'enableLogicalBackup') === true
        ? (textAt(value, 'spec', 'logicalBackupSchedule') ?? 'the default of the operator')
        : undefined,
  ],
  [
    'pxc.percona.com|PerconaXtraDBCluster',
    (value) => firstText(listAt(value, 'spec', 'backup', 'schedule').map((entry) => valueAt(entry, 'schedule'))),
  ],
  [
    'psmdb.percona.com|PerconaServerMongoDB',
    (value) =>
      firstText(
        listAt(value, 'spec', 'backup', 'tasks')
          .filter((task) => booleanAt(task, 'enabled') !== false)
          .map((task) => valueAt(task, 'schedule')),
      ),
  ],
  [
    'pgv2.percona.com|PerconaPGCluster',
    (value) =>
      firstText(
        listAt(value, 'spec', 'backups', 'pgbackrest', 'repos').map((repo) => Object.values(objectAt(repo, 'schedules'))[0]),
      ),
  ],
  [
    'mysql.oracle.com|InnoDBCluster',
    (value) =>
      firstText(
        listAt(value, 'spec', 'backupSchedules')
          .filter((entry) => booleanAt(entry, 'enabled') !== false)
          .map((entry) => valueAt(entry, 'schedule')),
      ),
  ],
  ['kubegres.reactive-tech.io|Kubegres', (value) => textAt(value, 'spec', 'backup', 'schedule')],
  ['rds.services.k8s.aws|DBInstance', (value) => retention(numberAt(value, 'spec', 'backupRetentionPeriod'))],
  ['rds.services.k8s.aws|DBCluster', (value) => retention(numberAt(value, 'spec', 'backupRetentionPeriod'))],
  ['rds.aws.upbound.io|Instance', (value) => retention(numberAt(value, 'spec', 'forProvider', 'backupRetentionPeriod'))],
  ['rds.aws.upbound.io|Cluster', (value) => retention(numberAt(value, 'spec', 'forProvider', 'backupRetentionPeriod'))],
  [
    'sql.cnrm.cloud.google.com|SQLInstance',
    (value) => (booleanAt(value, 'spec', 'settings', 'backupConfiguration', 'enabled') === true ? 'daily' : undefined),
  ],
]);

const firstText = (values: readonly (JsonValue | undefined)[]): string | undefined =>
  values.find((value): value is string => typeof value === 'string' && value !== '');
const retention = (days: number | undefined): string | undefined =>
  days !== undefined && days > 0 ? `daily, kept ${days} days` : undefined;

function ownSchedule({ object }: Datastore): readonly Coverage[] {
  if (object === undefined) return [];
  const schedule = ownSchedules.get(`${object.group}|${object.ref.kind}`)?.(object.value);
  return schedule === undefined ? [] : [covered(object, schedule)];
}

function pointingAt(store: Datastore, known: Inventory): readonly Coverage[] {
  const isOf = (object: KubeObject, name: string | undefined) =>
    object.ref.namespace === store.ref.namespace && name === store.name;
  if (store.object?.group === 'postgresql.cnpg.io') {
    const { value } = store.object;
    // Plugins (barman-cloud) take the place of spec.backup; WAL archiving without a base backup restores nothing.
    const hasTarget = isObject(valueAt(value, 'spec', 'backup')) || listAt(value, 'spec', 'plugins').length > 0;
    return known.ofKind('postgresql.cnpg.io', 'ScheduledBackup').flatMap((object) => {
      if (!isOf(object, textAt(object.value, 'spec', 'cluster', 'name'))) return [];
      if (booleanAt(object.value, 'spec', 'suspend') === true) return [covered(object, undefined, { kind: 'suspended' })];
      const toSnapshot = textAt(object.value, 'spec', 'method') === 'volumeSnapshot';
      return [
        covered(
          object,
          textAt(object.value, 'spec', 'schedule'),
          hasTarget || toSnapshot
            ? undefined
            : { kind: 'broken', what: `its Cluster ${store.name} names no place to back up to` },
        ),
      ];
    });
  }
  if (store.object?.group === 'k8s.mariadb.com') {
    return known.ofKind('k8s.mariadb.com', 'Backup').flatMap((object) => {
      if (!isOf(object, textAt(object.value, 'spec', 'mariaDbRef', 'name'))) return [];
      return [
        covered(
          object,
          textAt(object.value, 'spec', 'schedule', 'cron'),
          booleanAt(object.value, 'spec', 'schedule', 'suspend') === true ? { kind: 'suspended' } : undefined,
        ),
      ];
    });
  }
  return [];
}

/** Objects that snapshot or copy claims on a schedule. */
function volumeSchedules(store: Datastore, known: Inventory): readonly Coverage[] {
  const { namespace, claims } = store;
  if (namespace === undefined || claims.length === 0) return [];
  const isClaim = (name: string | undefined) =>
    name !== undefined &&
    claims.some((claim) =>
      mayBe(claim.template === 'none' ? claim.name : `${claim.name}-${store.name}`, name, claim.template !== 'none'),
    );
  const here = (group: string, kind: string) => known.ofKind(group, kind).filter(({ ref }) => ref.namespace === namespace);
  const suspended = (is: boolean): BackupProblem | undefined => (is ? { kind: 'suspended' } : undefined);
  return [
    ...here('snapscheduler.backube', 'SnapshotSchedule').flatMap((object) => {
      const selector = readSelector(valueAt(object.value, 'spec', 'claimSelector'));
      const matches = selector === undefined || claims.some((claim) => selects(selector, labelsOf(claim.object)));
      return matches
        ? [
            covered(
              object,
              textAt(object.value, 'spec', 'schedule'),
              suspended(booleanAt(object.value, 'spec', 'disabled') === true),
            ),
          ]
        : [];
    }),
    ...here('gemini.fairwinds.com', 'SnapshotGroup').flatMap((object) =>
      isClaim(textAt(object.value, 'spec', 'persistentVolumeClaim', 'claimName'))
        ? [covered(object, firstText(listAt(object.value, 'spec', 'schedule').map((entry) => valueAt(entry, 'every'))))]
        : [],
    ),
    ...here('volsync.backube', 'ReplicationSource').flatMap((object) =>
      isClaim(textAt(object.value, 'spec', 'sourcePVC'))
        ? [
            covered(
              object,
              textAt(object.value, 'spec', 'trigger', 'schedule'),
              suspended(booleanAt(object.value, 'spec', 'paused') === true),
            ),
          ]
        : [],
    ),
    ...here('k8up.io', 'Schedule').flatMap((object) => {
      const schedule = textAt(object.value, 'spec', 'backup', 'schedule');
      return schedule === undefined ? [] : [covered(object, schedule)];
    }),
    ...here('stash.appscode.com', 'BackupConfiguration').flatMap((object) => {
      const target = objectAt(object.value, 'spec', 'target', 'ref');
      const isTarget =
        (textAt(target, 'kind') === store.ref.kind && textAt(target, 'name') === store.name) ||
        (textAt(target, 'kind') === 'PersistentVolumeClaim' && isClaim(textAt(target, 'name')));
      return isTarget
        ? [
            covered(
              object,
              textAt(object.value, 'spec', 'schedule'),
              suspended(booleanAt(object.value, 'spec', 'paused') === true),
            ),
          ]
        : [];
    }),
  ];
}

/** Claims of a StatefulSet are named `<template>-<set>-<index>`. */
const mayBe = (base: string, name: string, indexed: boolean): boolean =>
  name === base || (indexed && name.startsWith(`${base}-`) && /^\d{1,5}$/.test(name.slice(base.length + 1)));
