import { repositoryOf } from './network/well-known.ts';

/**
 * What losing the volume means. `database`: it exists to keep data. `cache`: it may keep data, where it has a volume.
 * `telemetry`: logs, metrics and traces, where it has a volume.
 */
export type StoreNature = 'database' | 'cache' | 'telemetry';

export interface Engine {
  readonly name: string;
  readonly nature: StoreNature;
  /** Has a schema that releases migrate. */
  readonly schema: boolean;
  /** Last segments of image repositories of the server itself, not of clients, exporters and proxies. */
  readonly images: readonly string[];
  /** URL schemes, without `jdbc:`. */
  readonly schemes: readonly string[];
  /** Words of variable names. */
  readonly words: readonly string[];
}

const engine = (
  name: string,
  nature: StoreNature,
  images: readonly string[],
  words: readonly string[] = [],
  schemes: readonly string[] = [],
  schema = false,
): Engine => ({
  name,
  nature,
  schema,
  images,
  schemes,
  words,
});

/** The servers that are recognised. Anything else that keeps a volume is a datastore of engine `volume`. */
export const engines: readonly Engine[] = [
  engine(
    'postgres',
    'database',
    [
      'postgres',
      'postgresql',
      'postgis',
      'pgvector',
      'timescaledb',
      'timescaledb-ha',
      'spilo',
      'spilo-15',
      'spilo-16',
      'spilo-17',
      'crunchy-postgres',
      'postgresql-repmgr',
      'alloydbomni',
      'cnpg-postgresql',
    ],
    ['POSTGRES', 'POSTGRESQL', 'PG', 'PGHOST', 'PGSQL'],
    ['postgres', 'postgresql', 'postgis'],
    true,
  ),
  engine(
    'mysql',
    'database',
    ['mysql', 'mysql-server', 'community-server', 'percona', 'percona-server', 'percona-xtradb-cluster'],
    ['MYSQL'],
    ['mysql', 'mysql2'],
    true,
  ),
  engine('mariadb', 'database', ['mariadb', 'mariadb-galera'], ['MARIADB'], ['mariadb'], true),
  engine(
    'sqlserver',
    'database',
    ['server', 'mssql-server', 'azure-sql-edge'],
    ['MSSQL', 'SQLSERVER'],
    ['sqlserver', 'mssql'],
    true,
  ),
  engine('oracle', 'database', ['oracle-free', 'oracle-xe', 'oracledb'], ['ORACLE'], ['oracle'], true),
  engine('cockroach', 'database', ['cockroach'], ['COCKROACH', 'COCKROACHDB'], ['cockroachdb'], true),
  engine(
    'mongo',
    'database',
    ['mongo', 'mongodb', 'mongodb-sharded', 'percona-server-mongodb', 'mongodb-community-server'],
    ['MONGO', 'MONGODB'],
    ['mongodb', 'mongodb+srv'],
  ),
  engine('cassandra', 'database', ['cassandra', 'scylla', 'dse-server'], ['CASSANDRA', 'SCYLLA'], ['cassandra']),
  engine('clickhouse', 'database', ['clickhouse', 'clickhouse-server'], ['CLICKHOUSE'], ['clickhouse']),
  engine('influxdb', 'database', ['influxdb'], ['INFLUX', 'INFLUXDB']),
  engine('neo4j', 'database', ['neo4j'], ['NEO4J'], ['neo4j', 'bolt', 'neo4j+s']),
  engine('couchdb', 'database', ['couchdb'], ['COUCHDB']),
  engine('etcd', 'database', ['etcd'], ['ETCD']),
  engine(
    'elasticsearch',
    'database',
    ['elasticsearch', 'elasticsearch-oss', 'opensearch'],
    ['ELASTICSEARCH', 'ELASTIC', 'OPENSEARCH'],
  ),
  engine('minio', 'database', ['minio'], ['MINIO']),
  engine('kafka', 'cache', ['kafka', 'cp-kafka', 'redpanda'], ['KAFKA']),
  engine('rabbitmq', 'cache', ['rabbitmq'], ['RABBITMQ', 'AMQP'], ['amqp', 'amqps']),
  engine('nats', 'cache', ['nats', 'nats-server'], ['NATS'], ['nats']),
  engine(
    'redis',
    'cache',
    ['redis', 'redis-stack', 'redis-stack-server', 'redis-cluster', 'valkey', 'keydb', 'dragonfly'],
    ['REDIS', 'VALKEY'],
    ['redis', 'rediss', 'valkey'],
  ),
  engine('memcached', 'cache', ['memcached'], ['MEMCACHED', 'MEMCACHE']),
  engine('loki', 'telemetry', ['loki']),
  engine('tempo', 'telemetry', ['tempo']),
  engine('mimir', 'telemetry', ['mimir']),
  engine('prometheus', 'telemetry', ['prometheus', 'prometheus-server']),
  engine('victoria-metrics', 'telemetry', ['victoria-metrics', 'vmstorage', 'victoria-logs', 'vlstorage']),
];

const byImage = new Map(engines.flatMap((entry) => entry.images.map((image) => [image, entry] as const)));
const byScheme = new Map(engines.flatMap((entry) => entry.schemes.map((scheme) => [scheme, entry] as const)));
const byWord = new Map(engines.flatMap((entry) => entry.words.map((word) => [word, entry] as const)));
const byName = new Map(engines.map((entry) => [entry.name, entry]));

/** The engine whose server an image is. `server` alone is SQL Server only below `mssql`. */
export function engineOfImage(image: string): Engine | undefined {
  const repository = repositoryOf(image);
  const last = repository.slice(repository.lastIndexOf('/') + 1);
  if (last === 'server' && !/(^|\/)mssql(\/|$)/.test(repository)) return undefined;
  return byImage.get(last);
}

/** The engine of a URL scheme; `jdbc:` is looked through. */
export const engineOfScheme = (scheme: string): Engine | undefined => byScheme.get(scheme.toLowerCase().replace(/^jdbc:/, ''));
export const engineOfWord = (word: string): Engine | undefined => byWord.get(word);

/** The engine of a name that a person wrote (`spec.datastores[].kind`). */
export function engineNamed(name: string): Engine | undefined {
  const plain = name.toLowerCase();
  return byName.get(plain) ?? byImage.get(plain) ?? byWord.get(plain.toUpperCase());
}

/** Objects of operators and cloud controllers that stand for a datastore, by `group|kind`. */
export interface StoreKind {
  readonly engine: string;
  /** The data lives outside the cluster. */
  readonly managed: boolean;
}

const operated = (engineName: string): StoreKind => ({ engine: engineName, managed: false });
const managed = (engineName: string): StoreKind => ({ engine: engineName, managed: true });

export const storeKinds: ReadonlyMap<string, StoreKind> = new Map([
  ['postgresql.cnpg.io|Cluster', operated('postgres')],
  ['acid.zalan.do|postgresql', operated('postgres')],
  ['postgres-operator.crunchydata.com|PostgresCluster', operated('postgres')],
  ['pgv2.percona.com|PerconaPGCluster', operated('postgres')],
  ['kubegres.reactive-tech.io|Kubegres', operated('postgres')],
  ['mysql.oracle.com|InnoDBCluster', operated('mysql')],
  ['pxc.percona.com|PerconaXtraDBCluster', operated('mysql')],
  ['k8s.mariadb.com|MariaDB', operated('mariadb')],
  ['psmdb.percona.com|PerconaServerMongoDB', operated('mongo')],
  ['mongodbcommunity.mongodb.com|MongoDBCommunity', operated('mongo')],
  ['cassandra.datastax.com|CassandraDatacenter', operated('cassandra')],
  ['k8ssandra.io|K8ssandraCluster', operated('cassandra')],
  ['crdb.cockroachlabs.com|CrdbCluster', operated('cockroach')],
  ['clickhouse.altinity.com|ClickHouseInstallation', operated('clickhouse')],
  ['elasticsearch.k8s.elastic.co|Elasticsearch', operated('elasticsearch')],
  ['opensearch.opster.io|OpenSearchCluster', operated('elasticsearch')],
  ['kafka.strimzi.io|Kafka', operated('kafka')],
  ['rabbitmq.com|RabbitmqCluster', operated('rabbitmq')],
  ['minio.min.io|Tenant', operated('minio')],
  ['databases.spotahome.com|RedisFailover', operated('redis')],
  ['redis.redis.opstreelabs.in|Redis', operated('redis')],
  ['redis.redis.opstreelabs.in|RedisCluster', operated('redis')],
  ['loki.grafana.com|LokiStack', operated('loki')],
  ['rds.services.k8s.aws|DBInstance', managed('database')],
  ['rds.services.k8s.aws|DBCluster', managed('database')],
  ['rds.aws.upbound.io|Instance', managed('database')],
  ['rds.aws.upbound.io|Cluster', managed('database')],
  ['sql.cnrm.cloud.google.com|SQLInstance', managed('database')],
  ['sql.gcp.upbound.io|DatabaseInstance', managed('database')],
]);
