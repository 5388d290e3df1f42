import { booleanAt, isObject, listAt, textAt, valueAt } from '../kube/json.ts';
import {
  externalGroup,
  externalSecretKeys,
  externalSpec,
  generatorGroup,
  type ValueSource,
  valueSources,
} from '../kube/external-secret.ts';
import { annotationsOf, type KubeObject, labelsOf } from '../kube/object.ts';
import { type ProducedSecret, producedSecrets } from '../kube/secret-producers.ts';
import { namespaceLabels } from '../kube/namespace.ts';
import { readSelector, selects } from '../kube/selector.ts';
import { formatRef, refKey } from '../model/object-ref.ts';
import { certificates, type Certificates } from './certificates.ts';
import { completenessOfCustom } from './custom-kinds.ts';
import { fact } from './fact.ts';
import { type Inventory, inventory, type Lookup } from './inventory.ts';

/** An object that brings a Secret about. */
export interface SecretProducer extends ProducedSecret {
  readonly object: KubeObject;
  /** A live dump shows that the producer does not succeed; the condition's type and reason. */
  readonly failing: string | undefined;
}

/** A store or generator that a producer names, looked up. */
export interface SourceLookup {
  readonly source: ValueSource;
  readonly lookup: Lookup;
  /** It exists, and cannot serve: `fake` values for tests, a namespace that it refuses, not ready in a live dump. */
  readonly problem: { readonly kind: 'fake' | 'refused' | 'not-ready'; readonly detail: string } | undefined;
}

export interface SecretProducers {
  of(namespace: string, name: string): readonly SecretProducer[];
  /** Producers under review, in the order of objects. */
  readonly system: readonly SecretProducer[];
  /** Stores and generators of an ExternalSecret; empty for other producers. */
  sourcesOf(producer: SecretProducer): readonly SourceLookup[];
}

/** What makes each Secret of the launch environment. */
export const secretProducers = fact('secret-producers', [inventory, certificates], secretProducersOf);

function secretProducersOf(known: Inventory, certified: Certificates): SecretProducers {
  const byName = new Map<string, SecretProducer[]>();
  const byLabels: SecretProducer[] = [];
  const reviewed = new Set(known.system.map(({ ref }) => refKey(ref)));
  const system: SecretProducer[] = [];
  for (const object of known.objects) {
    const failing = failureOf(known.liveOf(object) ?? object);
    for (const found of [...producedSecrets(object), ...annotated(object, certified)]) {
      const producer: SecretProducer = { ...found, keys: keysOf(found, object, known), object, failing };
      if (reviewed.has(refKey(object.ref))) system.push(producer);
      if (producer.namespace === undefined) byLabels.push(producer);
      else add(byName, `${producer.namespace}/${producer.name}`, producer);
    }
  }
  return {
    of: (namespace, name) => [
      ...(byName.get(`${namespace}/${name}`) ?? []),
      ...byLabels.filter((producer) => producer.name === name && choosesNamespace(producer.object, namespace, known)),
    ],
    system,
    sourcesOf: (producer) => sourcesOf(producer, known),
  };
}

function add<T>(map: Map<string, T[]>, key: string, item: T): void {
  const list = map.get(key);
  if (list) list.push(item);
  else map.set(key, [item]);
}

/** cert-manager's ingress-shim: an annotated Ingress or Gateway gets the Secrets that it names. */
function annotated(object: KubeObject, certified: Certificates): readonly ProducedSecret[] {
  const { kind } = object.ref;
  if (kind !== 'Ingress' && kind !== 'Gateway') return [];
  const asked = certified.annotationOf(object).kind;
  if (asked !== 'issuer' && asked !== 'default') return [];
  const namespace = object.ref.namespace ?? 'default';
  const entry = (name: string | undefined, path: ProducedSecret['path']): readonly ProducedSecret[] =>
    name ? [{ namespace, name, keys: ['tls.crt', 'tls.key', 'ca.crt'], means: 'certificate', path }] : [];
  if (kind === 'Ingress')
    return listAt(object.value, 'spec', 'tls').flatMap((item, index) =>
      entry(textAt(item, 'secretName'), ['spec', 'tls', index]),
    );
  return listAt(object.value, 'spec', 'listeners').flatMap((listener, index) =>
    listAt(listener, 'tls', 'certificateRefs').flatMap((item) =>
      textAt(item, 'namespace') === undefined || textAt(item, 'namespace') === namespace
        ? entry(textAt(item, 'name'), ['spec', 'listeners', index, 'tls'])
        : [],
    ),
  );
}

function keysOf(found: ProducedSecret, object: KubeObject, known: Inventory): ProducedSecret['keys'] {
  if (found.means !== 'external' || object.group !== externalGroup) return found.keys;
  return externalSecretKeys(externalSpec(object).spec, (source) =>
    generatorKeys(lookupSource(source, found.namespace, known), source),
  );
}

/** The names of a generator's values: `password`, unless it lists others. */
export function generatorKeys(lookup: Lookup, source: ValueSource): readonly string[] | undefined {
  const object = lookup.status === 'found' ? lookup.object : undefined;
  const kind = source.kind === 'ClusterGenerator' ? object && textAt(object.value, 'spec', 'kind') : source.kind;
  const spec =
    source.kind === 'ClusterGenerator'
      ? valueAt(object?.value, 'spec', 'generator', 'passwordSpec')
      : valueAt(object?.value, 'spec');
  const listed = listAt(spec, 'secretKeys').flatMap((item) => (typeof item === 'string' ? [item] : []));
  if (kind === 'Password') return listed.length > 0 ? listed : ['password'];
  return kind === 'UUID' ? ['uuid'] : undefined;
}

function choosesNamespace(object: KubeObject, namespace: string, known: Inventory): boolean {
  const found = known.lookup('', 'Namespace', undefined, namespace);
  const labels = namespaceLabels(namespace, found.status === 'found' ? found.object : undefined);
  const written = [valueAt(object.value, 'spec', 'namespaceSelector'), ...listAt(object.value, 'spec', 'namespaceSelectors')];
  return written.some((value) => {
    const selector = readSelector(value);
    return selector !== undefined && selects(selector, labels);
  });
}

/** Looks up a store or generator from a namespace. Generators share one group, stores another. */
export function lookupSource(source: ValueSource, namespace: string | undefined, known: Inventory): Lookup {
  const place = source.clusterScoped ? undefined : (namespace ?? 'default');
  const found = known.lookup(source.group, source.kind, place, source.name);
  if (found.status !== 'unseen') return found;
  return completenessOfCustom(known, source.group, source.kind).complete ? { status: 'absent' } : found;
}

function sourcesOf({ object, namespace, means }: SecretProducer, known: Inventory): readonly SourceLookup[] {
  if (means !== 'external' || object.group !== externalGroup) return [];
  const { spec, path } = externalSpec(object);
  return valueSources(spec, path).map((source) => {
    const lookup = lookupSource(source, namespace, known);
    const problem = lookup.status === 'found' ? problemOf(lookup.object, source, namespace, known) : undefined;
    return { source, lookup, problem };
  });
}

function problemOf(
  object: KubeObject,
  source: ValueSource,
  namespace: string | undefined,
  known: Inventory,
): SourceLookup['problem'] {
  const kind = source.kind === 'ClusterGenerator' ? textAt(object.value, 'spec', 'kind') : source.kind;
  if (kind === 'Fake' || isObject(valueAt(object.value, 'spec', 'provider', 'fake')))
    return { kind: 'fake', detail: `${formatRef(object.ref)} gives test values that are written into it` };
  const conditions = listAt(object.value, 'spec', 'conditions');
  const names = conditions.flatMap((item) => listAt(item, 'namespaces'));
  const others = conditions.some(
    (item) => isObject(valueAt(item, 'namespaceSelector')) || listAt(item, 'namespaceRegexes').length > 0,
  );
  // Labels and regular expressions may admit the namespace: only a list of names refuses for certain.
  if (
    source.group !== generatorGroup &&
    conditions.length > 0 &&
    !others &&
    namespace !== undefined &&
    !names.includes(namespace)
  )
    return { kind: 'refused', detail: `${formatRef(object.ref)} does not admit namespace ${namespace}` };
  const failing = failureOf(known.liveOf(object) ?? object);
  return failing === undefined ? undefined : { kind: 'not-ready', detail: `${formatRef(object.ref)} is not ready (${failing})` };
}

/** The condition by which the live object says that it does not work. Manifests have no status. */
function failureOf(object: KubeObject): string | undefined {
  if (!object.source.live) return undefined;
  for (const condition of listAt(object.value, 'status', 'conditions')) {
    const type = textAt(condition, 'type');
    if ((type === 'Ready' || type === 'Synced') && textAt(condition, 'status') === 'False')
      return `${type} is False${textAt(condition, 'reason') === undefined ? '' : `: ${textAt(condition, 'reason')}`}`;
  }
  return undefined;
}

/** What a Secret object itself says of where its data comes from. */
export type SecretOrigin =
  /** Encrypted by SOPS in the file. */
  | { readonly kind: 'encrypted' }
  /** A controller fills it: its own sign says which. */
  | { readonly kind: 'controlled'; readonly by: string }
  /** A live Secret that a pipeline applied; whether its source is encrypted is not seen. */
  | { readonly kind: 'deployed'; readonly by: string }
  /** A live Secret without any sign. */
  | { readonly kind: 'unsigned' }
  /** Written out in a manifest, or applied from one by hand. */
  | { readonly kind: 'plain' };

/** Annotations by which a manifest asks some controller to fill its Secret. */
const requests: readonly (readonly [string, string])[] = [
  ['secret-generator.v1.mittwald.de/autogenerate', 'kubernetes-secret-generator'],
  ['reflector.v1.k8s.emberstack.com/reflects', 'Reflector'],
  ['replicator.v1.mittwald.de/replicate-from', 'kubernetes-replicator'],
  ['avp.kubernetes.io/path', 'Argo CD Vault Plugin'],
  ['vault.security.banzaicloud.io/vault-addr', 'the Bank-Vaults webhook'],
];
/** Labels and annotations that controllers put on the Secrets they write: `key` or `key=value`. */
const marks: readonly (readonly [string, string])[] = [
  ['reconcile.external-secrets.io/managed=true', 'External Secrets'],
  ['reconcile.external-secrets.io/created-by', 'External Secrets'],
  ['cert-manager.io/certificate-name', 'cert-manager'],
  ['secrets-store.csi.k8s.io/managed=true', 'the Secrets Store CSI driver'],
  ['app.kubernetes.io/managed-by=hashicorp-vso', 'the Vault operator'],
];
const pipelines: readonly (readonly [string, string])[] = [
  ['kustomize.toolkit.fluxcd.io/name', 'Flux'],
  ['helm.toolkit.fluxcd.io/name', 'Flux'],
  ['argocd.argoproj.io/tracking-id', 'Argo CD'],
  ['argocd.argoproj.io/instance', 'Argo CD'],
  ['meta.helm.sh/release-name', 'Helm'],
];

/** Reads the signs on a Secret object. */
export function originOf(secret: KubeObject): SecretOrigin {
  const mac = textAt(secret.value, 'sops', 'mac');
  if (mac?.startsWith('ENC[') === true) return { kind: 'encrypted' };
  const signs = new Map([...labelsOf(secret), ...annotationsOf(secret)]);
  if (textAt(secret.value, 'type') === 'kubernetes.io/service-account-token' && signs.has('kubernetes.io/service-account.name'))
    return { kind: 'controlled', by: 'the control plane' };
  const asked = requests.find(([key]) => signs.has(key));
  if (asked !== undefined) return { kind: 'controlled', by: asked[1] };
  if (!secret.source.live) return { kind: 'plain' };
  const owner = listAt(secret.value, 'metadata', 'ownerReferences').find((item) => booleanAt(item, 'controller') === true);
  if (owner !== undefined)
    return { kind: 'controlled', by: `${textAt(owner, 'kind') ?? 'its owner'} ${textAt(owner, 'name') ?? ''}`.trim() };
  const has = ([sign]: readonly [string, string]) => {
    const [key = '', value] = sign.split('=');
    return signs.has(key) && (value === undefined || signs.get(key) === value);
  };
  const marked = marks.find(has);
  if (marked !== undefined) return { kind: 'controlled', by: marked[1] };
  const pipeline = pipelines.find(has);
  if (pipeline !== undefined) return { kind: 'deployed', by: pipeline[1] };
  return signs.has('kubectl.kubernetes.io/last-applied-configuration') ? { kind: 'plain' } : { kind: 'unsigned' };
}
