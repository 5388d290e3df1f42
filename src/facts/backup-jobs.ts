import { booleanAt, textAt, texts, valueAt } from '../kube/json.ts';
import type { Container, Workload } from '../kube/workload.ts';
import { type Setting, settingsOf } from './connections.ts';
import type { BackupProblem, Coverage } from './backups.ts';
import type { Datastore } from './datastores.ts';
import { engineOfImage } from './datastore-kinds.ts';
import { hostsIn, serviceOfHost } from './hosts.ts';
import type { Inventory } from './inventory.ts';
import type { NetworkModel } from './network/network.ts';
import { workloadId } from './network/peers.ts';
import { reaches } from './network/reach.ts';
import { repositoryOf } from './network/well-known.ts';
import type { Storage } from './storage.ts';
import type { Workloads } from './workloads.ts';

export interface Surroundings {
  readonly known: Inventory;
  readonly volumes: Storage;
  readonly network: NetworkModel;
}

/** A CronJob that makes backups. */
export interface BackupJob {
  readonly workload: Workload;
  cover(store: Datastore, around: Surroundings): readonly Coverage[];
}

/** Programs that make a backup, and the engine whose data they read; undefined: whatever they are pointed at. */
const tools: readonly (readonly [RegExp, readonly string[] | undefined])[] = [
  [/\b(?:pg_dump|pg_dumpall|pg_basebackup|wal-g|pgbackrest|barman)\b/, ['postgres', 'cockroach']],
  [/\b(?:mysqldump|mysqlpump|mydumper|mariadb-dump|mariabackup|xtrabackup)\b/, ['mysql', 'mariadb']],
  [/\bmongodump\b/, ['mongo']],
  [/\b(?:redis-cli\b[^\n]{0,200}--rdb|bgsave)\b/i, ['redis']],
  [/\betcdctl\b[^\n]{0,200}\bsnapshot\s+save\b/, ['etcd']],
  [/\binflux(?:d)?\s+backup\b/, ['influxdb']],
  [/\bclickhouse-backup\b/, ['clickhouse']],
  [/\bneo4j-admin\b/, ['neo4j']],
  [/\b(?:elasticdump|_snapshot)\b/, ['elasticsearch']],
  [/\bmc\s+mirror\b/, ['minio']],
  [
    /\b(?:restic|borg|kopia|duplicity|duplicati|velero\s+backup\s+create|rclone\s+(?:sync|copy)|aws\s+s3\s+(?:sync|cp)|gsutil|volumesnapshot)\b/i,
    undefined,
  ],
];

interface Reading {
  readonly text: string;
  readonly settings: readonly Setting[];
  /** Engines of the tools that are named; undefined: a tool that takes anything, or only a name that says backup. */
  readonly engines: readonly string[] | undefined;
}

/** The CronJobs of system and platform that make backups, as their command, image or name says. */
export function backupJobs(known: Inventory, running: Workloads): readonly BackupJob[] {
  return running.all
    .filter(({ ref }) => ref.kind === 'CronJob')
    .flatMap((workload) => {
      const reading = readJob(workload, known);
      return reading === undefined
        ? []
        : [{ workload, cover: (store: Datastore, around: Surroundings) => cover(workload, reading, store, around) }];
    });
}

function readJob(workload: Workload, known: Inventory): Reading | undefined {
  const text = workload.containers.map(wordsOf).join('\n').slice(0, 100_000);
  const settings = workload.containers.flatMap((container) => settingsOf(workload, container, known));
  const named = tools.filter(([pattern]) => pattern.test(text));
  const images = workload.containers.flatMap(({ image }) => (image === undefined ? [] : [repositoryOf(image)]));
  const saysBackup = [workload.ref.name, ...images].some((name) => /backup|dump|restic|kopia|snapshot/i.test(name));
  const saysOther = /restore|verif|check|prune|clean|rotat|expire/i.test(workload.ref.name);
  if (named.length === 0 && (!saysBackup || saysOther)) return undefined;
  const engines = named.flatMap(([, list]) => list ?? []);
  const imageEngines = images.flatMap((name) =>
    /(?:pg|postgres)[-_]?(?:backup|dump)|(?:backup|dump)[-_](?:pg|postgres)/i.test(name)
      ? ['postgres']
      : /mysql|mariadb/i.test(name)
        ? ['mysql', 'mariadb']
        : /mongo/i.test(name)
          ? ['mongo']
          : [],
  );
  const all = [...engines, ...(engines.length > 0 ? [] : imageEngines)];
  return { text, settings, engines: all.length > 0 ? all : undefined };
}

const wordsOf = ({ value }: Container): string =>
  [...texts(valueAt(value, 'command')), ...texts(valueAt(value, 'args'))].join(' ');

function cover(workload: Workload, reading: Reading, store: Datastore, around: Surroundings): readonly Coverage[] {
  const { engines } = reading;
  const mounts = mountsClaimOf(workload, store);
  // A dump tool of another engine reads this store only where it mounts the volume.
  if (!mounts && engines !== undefined && store.engine !== 'database' && !engines.includes(store.engine)) return [];
  const hosts = hostsOf(workload, reading);
  const points = mounts || hosts.some((host) => leadsTo(host, workload, store));
  if (!points && (hosts.length > 0 || !mayLeadTo(workload, reading, store))) return [];
  const problem = problemOf(workload, reading, store, mounts, around);
  const doubt = !points
    ? `no value in the sources says which host it reads`
    : keepsNothing(workload, reading, store)
      ? 'nothing says where it puts the copy'
      : undefined;
  return [
    {
      object: workload.object,
      schedule: textAt(workload.object.value, 'spec', 'schedule'),
      covers: doubt === undefined ? 'yes' : 'perhaps',
      ...(doubt === undefined ? {} : { doubt }),
      ...(problem === undefined ? {} : { problem }),
    },
  ];
}

/** Hosts that its options and variables name. Where it puts the copy is no host that it reads, but cannot be one of a store either. */
function hostsOf(workload: Workload, { text, settings }: Reading): readonly string[] {
  const inText = hostsIn(text, false).filter(
    ({ scheme }) => scheme === undefined || !/^(?:s3|gs|https?|azure|az|rclone|sftp)$/i.test(scheme),
  );
  const inSettings = settings.flatMap(({ name, text: value, url }) => {
    if (url !== undefined) return [{ host: url.host }];
    const isHost =
      /(?:HOST|HOSTNAME|SERVER|ADDR|ADDRESS|ENDPOINT|URL|URI|DSN)$/i.test(name) &&
      !/S3|BUCKET|AWS|MINIO|STORAGE|REPO|PUSHGATEWAY|WEBHOOK|SLACK/i.test(name);
    return value === undefined || !isHost ? [] : hostsIn(value, true);
  });
  return [...inText, ...inSettings].map(({ host }) => host).filter((host) => !host.startsWith('$') && host !== workload.ref.name);
}

function leadsTo(host: string, workload: Workload, store: Datastore): boolean {
  if (store.hosts.includes(host)) return store.namespace === undefined || store.namespace === workload.namespace;
  const place = serviceOfHost(host, workload.namespace);
  return (
    place !== undefined &&
    store.namespace !== undefined &&
    place.namespace === store.namespace &&
    store.hosts.includes(place.name)
  );
}

const mountsClaimOf = (workload: Workload, store: Datastore): boolean =>
  workload.namespace === store.namespace &&
  workload.volumes.some(
    ({ claim }) =>
      claim !== undefined &&
      store.claims.some((own) => (own.template === 'none' ? own.name === claim : isClaimOf(claim, `${own.name}-${store.name}`))),
  );

const isClaimOf = (claim: string, base: string): boolean =>
  claim.startsWith(`${base}-`) && /^\d{1,5}$/.test(claim.slice(base.length + 1));

/** Without a host in sight, a job of the namespace may mean a store of its tool's engine, or the one that it is named after. */
function mayLeadTo(workload: Workload, { engines }: Reading, store: Datastore): boolean {
  if (store.namespace !== undefined && store.namespace !== workload.namespace) return false;
  if (engines !== undefined) return engines.includes(store.engine);
  const rest = workload.ref.name.replace(/-?(?:backup|dump|snapshot)s?-?/g, '');
  return rest === '' || rest === store.name;
}

function problemOf(
  workload: Workload,
  reading: Reading,
  store: Datastore,
  mounts: boolean,
  { known, volumes, network }: Surroundings,
): BackupProblem | undefined {
  const { value } = workload.object;
  if (booleanAt(value, 'spec', 'suspend') === true) return { kind: 'suspended' };
  if ((textAt(value, 'spec', 'schedule') ?? '').trim() === '') return { kind: 'unscheduled' };
  for (const claim of volumes.claimsOf(workload)) {
    const binding = volumes.bindingOf(claim);
    const name = claim.name;
    if (binding.status === 'absent') return { kind: 'unbound', claim: name, storageClass: binding.name };
    if (binding.status === 'no-default')
      return { kind: 'unbound', claim: name, storageClass: 'the default, and the cluster has none' };
  }
  const missing = volumes
    .missingClaims(workload)
    .find((claim) => !mounts && known.lookup('', 'PersistentVolumeClaim', workload.namespace, claim).status === 'absent');
  if (missing !== undefined) return { kind: 'broken', what: `its PersistentVolumeClaim ${missing} does not exist` };
  return mounts ? undefined : cutOff(workload, reading, store, network);
}

const ports: Readonly<Record<string, number>> = {
  postgres: 5432,
  mysql: 3306,
  mariadb: 3306,
  mongo: 27017,
  redis: 6379,
  cockroach: 26257,
  elasticsearch: 9200,
  clickhouse: 9000,
};

/** Policies that deny the connection for certain make a backup that never succeeds. */
function cutOff(workload: Workload, { settings }: Reading, store: Datastore, network: NetworkModel): BackupProblem | undefined {
  const from = network.byId.get(workloadId(workload));
  const to = store.workload === undefined ? undefined : network.byId.get(workloadId(store.workload));
  const written = Number(settings.find(({ name }) => /^(?:PGPORT|(?:DB|DATABASE|POSTGRES|MYSQL|MONGO)_PORT)$/.test(name))?.text);
  const declared = store.workload?.containers.find(
    ({ image }) => image !== undefined && engineOfImage(image)?.name === store.engine,
  )?.ports[0]?.number;
  const port =
    written >= 1 && written <= 65535
      ? written
      : (declared ?? (Object.hasOwn(ports, store.engine) ? ports[store.engine] : undefined));
  if (from === undefined || to === undefined || port === undefined) return undefined;
  return reaches(network, from, to, { protocol: 'TCP', port }).answer === 'denied' ? { kind: 'cut', port } : undefined;
}

/** A dump by the database's own image into the Pod's own storage is gone with the Pod. An image made for backups knows where to put it. */
function keepsNothing(workload: Workload, { text, settings }: Reading, store: Datastore): boolean {
  const hasVolume = workload.volumes.some(
    ({ claim, type, source }) =>
      (claim !== undefined && booleanAt(source, 'readOnly') !== true && !store.claims.some((own) => own.name === claim)) ||
      ['nfs', 'hostPath', 'azureFile', 'cephfs'].includes(type),
  );
  const hasDestination =
    /\b(?:s3|gs|az|azure|sftp|rclone|b2|swift):|\/\/[a-z0-9.-]{1,200}\.(?:amazonaws|googleapis|windows)\b|\b(?:aws|gsutil|azcopy|rclone|restic|kopia|borg|mc|scp|rsync|curl|velero|gcloud)\b/i.test(
      text,
    ) ||
    settings.some(({ name }) => /BUCKET|S3_|RESTIC_REPOSITORY|STORAGE_ACCOUNT|BACKUP_(?:DEST|TARGET|URL)|RCLONE/i.test(name));
  const plain = workload.containers.every(({ image }) => image !== undefined && engineOfImage(image) !== undefined);
  return !hasVolume && !hasDestination && plain;
}
