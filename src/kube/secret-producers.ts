import { booleanAt, isObject, listAt, objectAt, textAt, valueAt } from './json.ts';
import type { KubeObject } from './object.ts';
import type { Path } from '../model/judgement.ts';
import { externalSecretKeys } from './external-secret.ts';

/** How a Secret comes to be without anybody writing its value into a manifest. `literal`: it is a plain Secret after all. */
export type Means = 'external' | 'sealed' | 'csi' | 'vault' | 'certificate' | 'operator' | 'generated' | 'literal';

/** A Secret that an object of another kind brings about. */
export interface ProducedSecret {
  /** Undefined: in namespaces that labels choose. */
  readonly namespace: string | undefined;
  readonly name: string;
  /** The keys that it will have; undefined where the object does not say. */
  readonly keys: readonly string[] | undefined;
  readonly means: Means;
  /** Where the object says so. */
  readonly path: Path;
}

type Named = Omit<ProducedSecret, 'namespace' | 'means'> & { readonly namespace?: string | undefined; readonly means?: Means };
type Reader = (object: KubeObject) => readonly Named[];

const specName = (object: KubeObject, ...path: Path): string | undefined => textAt(object.value, 'spec', ...path) || undefined;
const named = (name: string | undefined, path: Path, keys?: readonly string[], namespace?: string): readonly Named[] =>
  name === undefined ? [] : [{ name, path, keys, ...(namespace === undefined ? {} : { namespace }) }];
const own: Reader = ({ ref }) => named(ref.name, ['metadata', 'name']);
const at =
  (...path: Path): Reader =>
  (object) =>
    named(specName(object, ...path), ['spec', ...path]);
/** Names that an operator builds from the name of its object. */
const suffixed =
  (...suffixes: readonly string[]): Reader =>
  ({ ref }) =>
    suffixes.flatMap((suffix) => named(`${ref.name}-${suffix}`, ['metadata', 'name']));

/**
 * Kinds that make Secrets, by `group|kind`. To know another operator, add a row: how it makes the Secret, and where its name stands.
 */
const rows: ReadonlyMap<string, readonly [Means, Reader]> = new Map<string, readonly [Means, Reader]>([
  ['bitnami.com|SealedSecret', ['sealed', sealedSecret]],
  ['isindir.github.com|SopsSecret', ['sealed', templates('secretTemplates')]],
  ['external-secrets.io|ExternalSecret', ['external', externalSecret]],
  ['external-secrets.io|ClusterExternalSecret', ['external', clusterExternalSecret]],
  ['kubernetes-client.io|ExternalSecret', ['external', own]],
  ['secrets-store.csi.x-k8s.io|SecretProviderClass', ['csi', csiSecrets]],
  ['secrets.hashicorp.com|VaultStaticSecret', ['vault', at('destination', 'name')]],
  ['secrets.hashicorp.com|VaultDynamicSecret', ['vault', at('destination', 'name')]],
  ['secrets.hashicorp.com|VaultPKISecret', ['vault', at('destination', 'name')]],
  ['secrets.hashicorp.com|HCPVaultSecretsApp', ['vault', at('destination', 'name')]],
  ['ricoberger.de|VaultSecret', ['vault', own]],
  ['redhatcop.redhat.io|VaultSecret', ['vault', at('output', 'name')]],
  ['onepassword.com|OnePasswordItem', ['external', own]],
  ['k8s.bitwarden.com|BitwardenSecret', ['external', at('secretName')]],
  ['secrets.doppler.com|DopplerSecret', ['external', inNamespace('managedSecret', 'name', 'namespace')]],
  ['secrets.infisical.com|InfisicalSecret', ['external', inNamespace('managedSecretReference', 'secretName', 'secretNamespace')]],
  ['cert-manager.io|Certificate', ['certificate', certificate]],
  ['cert-manager.io|Issuer', ['certificate', at('acme', 'privateKeySecretRef', 'name')]],
  ['secretgen.k14s.io|Password', ['generated', own]],
  ['secretgen.k14s.io|Certificate', ['generated', own]],
  ['secretgen.k14s.io|RSAKey', ['generated', own]],
  ['secretgen.k14s.io|SSHKey', ['generated', own]],
  ['secretgenerator.mittwald.de|StringSecret', ['generated', own]],
  ['secretgenerator.mittwald.de|BasicAuth', ['generated', own]],
  ['secretgenerator.mittwald.de|SSHKeyPair', ['generated', own]],
  ['postgresql.cnpg.io|Cluster', ['operator', cloudNativePg]],
  ['acid.zalan.do|postgresql', ['operator', zalando]],
  ['postgres-operator.crunchydata.com|PostgresCluster', ['operator', crunchy]],
  ['mongodbcommunity.mongodb.com|MongoDBCommunity', ['operator', mongoCommunity]],
  ['psmdb.percona.com|PerconaServerMongoDB', ['operator', percona('secrets', 'users')]],
  ['pxc.percona.com|PerconaXtraDBCluster', ['operator', percona('secretsName')]],
  ['k8s.mariadb.com|MariaDB', ['operator', mariaDb]],
  ['kafka.strimzi.io|KafkaUser', ['operator', own]],
  ['kafka.strimzi.io|Kafka', ['operator', suffixed('cluster-ca-cert', 'cluster-ca', 'clients-ca-cert', 'clients-ca')]],
  ['rabbitmq.com|RabbitmqCluster', ['operator', suffixed('default-user', 'erlang-cookie')]],
  ['rabbitmq.com|User', ['operator', suffixed('user-credentials')]],
  [
    'elasticsearch.k8s.elastic.co|Elasticsearch',
    ['operator', suffixed('es-elastic-user', 'es-http-certs-public', 'es-http-certs-internal')],
  ],
  ['kibana.k8s.elastic.co|Kibana', ['operator', suffixed('kb-http-certs-public', 'kb-http-certs-internal')]],
  ['k8s.keycloak.org|Keycloak', ['operator', suffixed('initial-admin')]],
  ['monitoring.coreos.com|Prometheus', ['operator', monitoring('prometheus', 'tls-assets-0', 'web-config')]],
  [
    'monitoring.coreos.com|Alertmanager',
    ['operator', monitoring('alertmanager', 'generated', 'tls-assets-0', 'web-config', 'cluster-tls-config')],
  ],
  ['kustomize.config.k8s.io|Kustomization', ['literal', templates('secretGenerator')]],
]);

/** Groups and kinds whose absence must be known before "nothing makes this Secret" is proven. */
export const commonProducers: readonly string[] = ['ExternalSecret.external-secrets.io', 'SealedSecret.bitnami.com'];

/** The Secrets that an object brings about. Empty for most objects; never throws. */
export function producedSecrets(object: KubeObject): readonly ProducedSecret[] {
  const row = rows.get(`${object.group}|${object.ref.kind}`);
  const found: readonly Named[] = row === undefined ? [] : row[1](object);
  const place = object.ref.namespace ?? 'default';
  return [
    ...found.map((entry) => ({
      means: row?.[0] ?? 'operator',
      namespace: 'namespace' in entry ? entry.namespace : place,
      name: entry.name,
      keys: entry.keys,
      path: entry.path,
      ...(entry.means ? { means: entry.means } : {}),
    })),
    ...connectionSecret(object, place),
  ];
}

/** Crossplane and those who follow it: `spec.writeConnectionSecretToRef` on any custom kind. */
function connectionSecret(object: KubeObject, place: string): readonly ProducedSecret[] {
  const path = ['spec', 'writeConnectionSecretToRef'];
  const name = textAt(object.value, ...path, 'name');
  if (!name || object.group === '' || !object.group.includes('.')) return [];
  return [{ namespace: textAt(object.value, ...path, 'namespace') ?? place, name, keys: undefined, means: 'operator', path }];
}

/** The controller names the Secret after the SealedSecret; its template adds keys. */
function sealedSecret({ ref, value }: KubeObject): readonly Named[] {
  const keys = [
    ...Object.keys(objectAt(value, 'spec', 'encryptedData')),
    ...Object.keys(objectAt(value, 'spec', 'template', 'data')),
  ];
  return [{ name: ref.name, keys: [...new Set(keys)], path: ['spec', 'encryptedData'] }];
}

function externalSecret({ ref, value }: KubeObject): readonly Named[] {
  // `None` writes nothing.
  if (textAt(value, 'spec', 'target', 'creationPolicy') === 'None') return [];
  const name = textAt(value, 'spec', 'target', 'name') || ref.name;
  return [{ name, keys: externalSecretKeys(objectAt(value, 'spec'), undefined), path: ['spec', 'target'] }];
}

function clusterExternalSecret({ ref, value }: KubeObject): readonly Named[] {
  const spec = objectAt(value, 'spec', 'externalSecretSpec');
  if (textAt(spec, 'target', 'creationPolicy') === 'None') return [];
  const name = textAt(spec, 'target', 'name') || textAt(value, 'spec', 'externalSecretName') || ref.name;
  const entry = { name, keys: externalSecretKeys(spec, undefined), path: ['spec', 'externalSecretSpec'] };
  const byLabels =
    isObject(valueAt(value, 'spec', 'namespaceSelector')) || listAt(value, 'spec', 'namespaceSelectors').length > 0;
  const namespaces = listAt(value, 'spec', 'namespaces').flatMap((item) => (typeof item === 'string' ? [item] : []));
  return [...namespaces.map((namespace) => ({ ...entry, namespace })), ...(byLabels ? [{ ...entry, namespace: undefined }] : [])];
}

/** The driver makes these only while some Pod mounts the class. */
function csiSecrets({ value }: KubeObject): readonly Named[] {
  return listAt(value, 'spec', 'secretObjects').flatMap((item, index) => {
    const keys = listAt(item, 'data').flatMap((entry) => textAt(entry, 'key') ?? []);
    return named(textAt(item, 'secretName'), ['spec', 'secretObjects', index], keys);
  });
}

function certificate(object: KubeObject): readonly Named[] {
  // Keystores and additional output formats add keys.
  const extra =
    isObject(valueAt(object.value, 'spec', 'keystores')) || listAt(object.value, 'spec', 'additionalOutputFormats').length > 0;
  return named(specName(object, 'secretName'), ['spec', 'secretName'], extra ? undefined : ['tls.crt', 'tls.key', 'ca.crt']);
}

function templates(field: string): Reader {
  return ({ value }) => {
    const inSpec = listAt(value, 'spec', field);
    const list = inSpec.length > 0 ? inSpec : listAt(value, field);
    const path: Path = inSpec.length > 0 ? ['spec', field] : [field];
    return list.flatMap((item, index) => named(textAt(item, 'name'), [...path, index]));
  };
}

function inNamespace(field: string, name: string, namespace: string): Reader {
  return (object) =>
    named(
      specName(object, field, name),
      ['spec', field],
      undefined,
      specName(object, field, namespace) ?? object.ref.namespace ?? 'default',
    );
}

/** CloudNativePG keeps the Secret that `bootstrap.initdb.secret` names, which is somebody else's. */
function cloudNativePg(object: KubeObject): readonly Named[] {
  const { name } = object.ref;
  const given = specName(object, 'bootstrap', 'initdb', 'secret', 'name');
  const superuser =
    booleanAt(object.value, 'spec', 'enableSuperuserAccess') === true &&
    specName(object, 'superuserSecret', 'name') === undefined;
  const suffixes = [...(given === undefined ? ['app'] : []), ...(superuser ? ['superuser'] : []), 'ca', 'server', 'replication'];
  return suffixes.flatMap((suffix) => named(`${name}-${suffix}`, ['metadata', 'name']));
}

function zalando({ ref, value }: KubeObject): readonly Named[] {
  const users = [...Object.keys(objectAt(value, 'spec', 'users')), 'postgres', 'standby'];
  return users.flatMap((user) =>
    named(`${user.replaceAll('_', '-')}.${ref.name}.credentials.postgresql.acid.zalan.do`, ['spec', 'users']),
  );
}

function crunchy({ ref, value }: KubeObject): readonly Named[] {
  const users = listAt(value, 'spec', 'users').flatMap((user) => textAt(user, 'name') ?? []);
  return (users.length > 0 ? users : [ref.name]).flatMap((user) => named(`${ref.name}-pguser-${user}`, ['spec', 'users']));
}

function mongoCommunity({ ref, value }: KubeObject): readonly Named[] {
  return listAt(value, 'spec', 'users').flatMap((user, index) =>
    named(
      textAt(user, 'connectionStringSecretName') ?? `${ref.name}-${textAt(user, 'db') ?? 'admin'}-${textAt(user, 'name') ?? ''}`,
      ['spec', 'users', index],
    ),
  );
}

/** Percona's operators fill the named Secret when it is missing. */
function percona(...path: readonly string[]): Reader {
  return (object) => named(specName(object, ...path) ?? `${object.ref.name}-secrets`, ['spec', ...path]);
}

function mariaDb(object: KubeObject): readonly Named[] {
  return ['rootPasswordSecretKeyRef', 'passwordSecretKeyRef'].flatMap((field) =>
    booleanAt(object.value, 'spec', field, 'generate') === true ? named(specName(object, field, 'name'), ['spec', field]) : [],
  );
}

function monitoring(prefix: string, ...suffixes: readonly string[]): Reader {
  return ({ ref }) => [
    ...(prefix === 'prometheus' ? named(`prometheus-${ref.name}`, ['metadata', 'name']) : []),
    ...suffixes.flatMap((suffix) => named(`${prefix}-${ref.name}-${suffix}`, ['metadata', 'name'])),
  ];
}
