import { describe, expect, it } from 'vitest';
import { examine, verdicts } from '../testing.ts';
import { backupSchedule } from './backup-schedule.ts';

const stateful = (name: string, image: string, storage = true) => `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: ${name}, namespace: shop }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [{ name: main, image: "${image}", ports: [{ containerPort: 5432 }] }] }
${storage ? '  volumeClaimTemplates: [{ metadata: { name: data }, spec: { storageClassName: fast } }]' : ''}
---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop }
spec: { selector: { app: ${name} }, ports: [{ port: 5432 }] }
`;
const postgres = stateful('postgres', 'postgres:17');
const cronJob = (container: string, more = '', volumes = '', name = 'backup') => `---
apiVersion: batch/v1
kind: CronJob
metadata: { name: ${name}, namespace: shop }
spec:
  schedule: "0 2 * * *"
${more}
  jobTemplate: { spec: { template: { metadata: { labels: { app: ${name} } }, spec: { restartPolicy: Never, containers: [${container}]${volumes === '' ? '' : `, volumes: [${volumes}]`} } } } }
`;
const velero = (template: string, more = '') => `---
apiVersion: velero.io/v1
kind: Schedule
metadata: { name: daily, namespace: velero }
spec: { schedule: "0 1 * * *", template: ${template}${more} }
`;
const api = (env: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: api, namespace: shop }
spec:
  selector: { matchLabels: { app: api } }
  template:
    metadata: { labels: { app: api } }
    spec: { containers: [{ name: api, image: "acme/api:1", env: [${env}] }] }
`;
const cluster = (spec: string, backup: string) => `
apiVersion: postgresql.cnpg.io/v1
kind: Cluster
metadata: { name: pg, namespace: shop }
spec: { instances: 3, storage: { size: 5Gi }${spec} }
---
apiVersion: postgresql.cnpg.io/v1
kind: ScheduledBackup
metadata: { name: nightly, namespace: shop }
spec: { schedule: "0 0 2 * * *", cluster: { name: pg }${backup} }
`;
const complete = ['CronJob', 'Schedule', 'StatefulSet', 'Deployment', 'DaemonSet', 'PersistentVolumeClaim', 'StorageClass'];
const s3 = 'args: ["pg_dump -h postgres shop | aws s3 cp - s3://b/"], image: "acme/pg-backup:1", name: dump';

describe('backup-schedule', () => {
  it.each<[string, string, readonly string[]]>([
    [
      'a CronJob that is suspended does not count',
      `${postgres}${cronJob(`{ ${s3} }`, '  suspend: true')}`,
      ['fail suspended StatefulSet/postgres'],
    ],
    [
      'a dump of another host is none of this one, whatever user it logs in as',
      `${postgres}${cronJob('{ name: dump, image: "postgres:17", args: ["pg_dump -h other -U postgres shop | aws s3 cp - s3://b/"] }')}`,
      ['fail none StatefulSet/postgres'],
    ],
    [
      'a fully qualified host is the same host',
      `${postgres}${cronJob('{ name: dump, image: "acme/pg-backup:1", env: [{ name: PGHOST, value: postgres.shop.svc.cluster.local }] }')}`,
      ['pass scheduled StatefulSet/postgres'],
    ],
    [
      'a Service of the same name in another namespace is another host',
      `${postgres}${cronJob('{ name: dump, image: "acme/pg-backup:1", env: [{ name: PGHOST, value: postgres.blog.svc }] }')}`,
      ['pass scheduled Datastore/postgres.blog', 'fail none StatefulSet/postgres'],
    ],
    [
      'a dump of MySQL does not cover PostgreSQL',
      `${postgres}${cronJob('{ name: dump, image: "acme/tools:1", command: [sh, -c, "mysqldump -h postgres | aws s3 cp - s3://b/"] }')}`,
      ['fail none StatefulSet/postgres'],
    ],
    [
      'a job that tests restores makes no backup',
      `${postgres}${cronJob('{ name: test, image: "acme/backup-tools:1", env: [{ name: PGHOST, value: postgres }] }', '', '', 'restore-test')}`,
      ['fail none StatefulSet/postgres'],
    ],
    [
      'a dump into the Pod alone is gone with it',
      `${postgres}${cronJob('{ name: dump, image: "postgres:17", command: [sh, -c, "pg_dump -h postgres shop > /tmp/shop.sql"] }')}`,
      ['unknown perhaps StatefulSet/postgres'],
    ],
    [
      'a host in a Secret may be this one',
      `${postgres}${cronJob('{ name: dump, image: "acme/pg-backup:1", env: [{ name: PGHOST, valueFrom: { secretKeyRef: { name: db, key: host } } }] }')}`,
      ['unknown perhaps StatefulSet/postgres'],
    ],
    [
      'a backup whose own claim cannot be bound does not count',
      `${postgres}${cronJob('{ name: dump, image: "postgres:17", command: [pg_dump, --host=postgres, --file=/b/x] }', '', '{ name: b, persistentVolumeClaim: { claimName: b } }')}---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: b, namespace: shop }
spec: { storageClassName: gone }
`,
      ['fail unbound StatefulSet/postgres'],
    ],
    [
      'nor one whose claim does not exist',
      `${postgres}${cronJob('{ name: dump, image: "postgres:17", command: [pg_dump, --host=postgres, --file=/b/x] }', '', '{ name: b, persistentVolumeClaim: { claimName: b } }')}`,
      ['fail broken StatefulSet/postgres'],
    ],
    [
      'a backup that the network policies keep out does not count',
      `${postgres}${cronJob(`{ ${s3} }`)}---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: postgres, namespace: shop }
spec: { podSelector: { matchLabels: { app: postgres } }, policyTypes: [Ingress], ingress: [{ from: [{ podSelector: { matchLabels: { app: api } } }] }] }
`,
      ['fail cut StatefulSet/postgres'],
    ],
    ['Velero: every namespace by default', `${postgres}${velero('{}')}`, ['pass scheduled StatefulSet/postgres']],
    ['Velero: paused', `${postgres}${velero('{}', ', paused: true')}`, ['fail suspended StatefulSet/postgres']],
    ['Velero: another namespace', `${postgres}${velero('{ includedNamespaces: [blog] }')}`, ['fail none StatefulSet/postgres']],
    [
      'Velero: excluded',
      `${postgres}${velero('{ includedNamespaces: ["*"], excludedNamespaces: [shop] }')}`,
      ['fail none StatefulSet/postgres'],
    ],
    ['Velero: patterns', `${postgres}${velero('{ includedNamespaces: ["sh*"] }')}`, ['pass scheduled StatefulSet/postgres']],
    [
      'Velero: objects without volumes',
      `${postgres}${velero('{ snapshotVolumes: false }')}`,
      ['fail no-volumes StatefulSet/postgres'],
    ],
    [
      'Velero: volumes as files instead of snapshots',
      `${postgres}${velero('{ snapshotVolumes: false, defaultVolumesToFsBackup: true }')}`,
      ['pass scheduled StatefulSet/postgres'],
    ],
    [
      'Velero: labels that the store does not have',
      `${postgres}${velero('{ labelSelector: { matchLabels: { app: api } } }')}`,
      ['fail none StatefulSet/postgres'],
    ],
    [
      'CloudNativePG: a scheduled backup with a place to go',
      cluster(', backup: { barmanObjectStore: { destinationPath: "s3://b" } }', ''),
      ['pass scheduled Cluster/pg'],
    ],
    [
      'CloudNativePG: suspended',
      cluster(', backup: { barmanObjectStore: {} }', ', suspend: true'),
      ['fail suspended Cluster/pg'],
    ],
    ['CloudNativePG: no place to back up to', cluster('', ''), ['fail broken Cluster/pg']],
    [
      'a database on an emptyDir is still a database',
      stateful('postgres', 'postgres:17', false),
      ['fail none StatefulSet/postgres'],
    ],
    ['a cache with a volume keeps data', stateful('redis', 'redis:8'), ['fail none StatefulSet/redis']],
    ['a cache without one does not', stateful('redis', 'redis:8', false), ['not-applicable ephemeral StatefulSet/redis']],
    ['a volume of unknown content is for a person', stateful('wiki', 'acme/wiki:3'), ['unknown volume StatefulSet/wiki']],
    [
      'proxies and exporters are no databases',
      `${stateful('pgbouncer', 'bitnami/pgbouncer:1', false)}---${stateful('exporter', 'prometheuscommunity/postgres-exporter:1', false)}`,
      ['not-applicable no-target Source/production'],
    ],
    [
      'an image behind a registry with a port, by digest',
      stateful('db', `registry.example:5000/mirror/postgres@sha256:${'a'.repeat(64)}`),
      ['fail none StatefulSet/db'],
    ],
    [
      'a managed database has no StatefulSet',
      api('{ name: DATABASE_URL, value: "postgres://app@db.abc.eu-north-1.rds.amazonaws.com:5432/shop" }'),
      ['unknown managed Datastore/db.abc.eu-north-1.rds.amazonaws.com'],
    ],
    [
      'an ExternalName Service leads to one',
      `${api('{ name: DB_HOST, value: database }')}---
apiVersion: v1
kind: Service
metadata: { name: database, namespace: shop }
spec: { type: ExternalName, externalName: shop.abc.eu-north-1.rds.amazonaws.com }
`,
      ['unknown managed Datastore/shop.abc.eu-north-1.rds.amazonaws.com'],
    ],
    [
      'a masked URL in a Secret tells its host',
      `${api('{ name: DATABASE_URL, valueFrom: { secretKeyRef: { name: db, key: url } } }')}---
apiVersion: v1
kind: Secret
metadata: { name: db, namespace: shop }
stringData: { url: "postgres://app:kV9xQ2mZ7pLwR4tY@db.example.net:5432/shop" }
`,
      ['unknown managed Datastore/db.example.net'],
    ],
    [
      'a variable whose Secret nobody shows is not passed over',
      api('{ name: DATABASE_URL, valueFrom: { secretKeyRef: { name: db, key: url } } }'),
      ['unknown hidden Datastore/api/DATABASE_URL'],
    ],
    [
      'a variable with the path of a file names no host',
      api('{ name: DATABASE_URL_FILE, value: /run/secrets/db/url }'),
      ['not-applicable no-target Source/production'],
    ],
    [
      'a connection to a store of the sources adds none',
      `${postgres}---${api('{ name: DB_HOST, value: postgres }, { name: REDIS_HOST, value: localhost }')}${cronJob(`{ ${s3} }`)}`,
      ['pass scheduled StatefulSet/postgres'],
    ],
    [
      'the StatefulSet that an operator made is its store, once',
      `${cluster(', backup: { barmanObjectStore: {} }', '')}---
apiVersion: v1
kind: Pod
metadata: { name: pg-1, namespace: shop, ownerReferences: [{ apiVersion: postgresql.cnpg.io/v1, kind: Cluster, name: pg, uid: a, controller: true }] }
spec: { containers: [{ name: postgres, image: "ghcr.io/cloudnative-pg/postgresql:17" }], volumes: [{ name: d, persistentVolumeClaim: { claimName: pg-1 } }] }
`,
      ['pass scheduled Cluster/pg'],
    ],
    [
      'a container that waits for the database is none',
      `
apiVersion: apps/v1
kind: Deployment
metadata: { name: api, namespace: shop }
spec: { template: { spec: { initContainers: [{ name: wait, image: "postgres:17", command: [pg_isready] }], containers: [{ name: api, image: "acme/api:1" }] } } }
`,
      ['not-applicable no-target Source/production'],
    ],
  ])('%s', (_, objects, expected) => {
    expect(verdicts(examine(backupSchedule, { objects, complete }))).toEqual(expected);
  });

  it('what may back it up elsewhere leaves it open', () => {
    expect(verdicts(examine(backupSchedule, { objects: postgres, complete: ['CronJob'] }))).toEqual([
      'unknown unseen StatefulSet/postgres',
    ]);
  });

  it('a cluster that does not know the kind has no Schedule', () => {
    const parts = { objects: postgres, complete: ['CronJob', 'CustomResourceDefinition'] };
    expect(verdicts(examine(backupSchedule, parts))).toEqual(['fail none StatefulSet/postgres']);
    const definition = `---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: schedules.velero.io }
spec: { group: velero.io, names: { kind: Schedule }, scope: Namespaced }
`;
    expect(verdicts(examine(backupSchedule, { ...parts, objects: `${postgres}${definition}` }))).toEqual([
      'unknown unseen StatefulSet/postgres',
    ]);
  });

  it('a declared datastore is a target, and meets the one that is seen', () => {
    const datastores = [
      { name: 'postgres', kind: 'postgres', managed: false },
      { name: 'billing', kind: 'mysql', managed: true },
    ];
    expect(verdicts(examine(backupSchedule, { objects: postgres, complete, review: { datastores } }))).toEqual([
      'unknown managed Datastore/billing',
      'fail none StatefulSet/postgres',
    ]);
  });
});
