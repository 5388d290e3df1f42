import { booleanAt, isObject, textAt, valueAt } from '../kube/json.ts';
import { annotationsOf, type KubeObject } from '../kube/object.ts';
import type { Path } from '../model/judgement.ts';
import type { Exposure } from './exposure/model.ts';
import { fact } from './fact.ts';
import { type Inventory, inventory, type Lookup } from './inventory.ts';

const group = 'cert-manager.io';

/** An object names an issuer. */
export interface IssuerReference {
  readonly group: string;
  readonly kind: string;
  /** Undefined for cluster-scoped kinds. */
  readonly namespace: string | undefined;
  readonly name: string;
  readonly object: KubeObject;
  readonly path: Path;
}

/** Who keeps a TLS Secret fresh. */
export type Producer =
  | {
      readonly kind: 'certificate';
      readonly object: KubeObject;
      readonly issuer: IssuerReference | undefined;
      readonly authority: boolean;
    }
  /** An operator copies it from a store; who renews it there is not seen. */
  | { readonly kind: 'copied'; readonly object: KubeObject };

/** What the annotations of an Ingress or Gateway ask of cert-manager. */
export type IssuerAnnotation =
  | { readonly kind: 'issuer'; readonly reference: IssuerReference }
  /** `kubernetes.io/tls-acme`: the issuer is a default of cert-manager's own configuration. */
  | { readonly kind: 'default'; readonly path: Path }
  | { readonly kind: 'contradictory'; readonly path: Path }
  | { readonly kind: 'none' };

export interface Issuer {
  readonly object: KubeObject;
  readonly type: 'acme' | 'ca' | 'vault' | 'venafi' | 'self-signed' | 'other';
  /** ACME: the server's URL as written. */
  readonly server?: string;
  /** True for test servers, whose certificates no browser trusts. */
  readonly staging: boolean;
  /** Condition Ready of a live object; undefined where no dump shows it. */
  readonly ready: boolean | undefined;
  readonly readyMessage?: string;
}

/** How the certificate of one exposure is kept fresh. */
export type Automation =
  | { readonly kind: 'certificate'; readonly object: KubeObject; readonly issuer: IssuerReference | undefined }
  | { readonly kind: 'annotation'; readonly object: KubeObject; readonly issuer: IssuerReference | undefined }
  | { readonly kind: 'platform'; readonly by: string }
  | { readonly kind: 'copied'; readonly object: KubeObject }
  /** Nothing makes the Secret: somebody made it by hand. `secret` is set where it is in the sources. */
  | { readonly kind: 'manual'; readonly name: string; readonly secret: KubeObject | undefined }
  | { readonly kind: 'inline' }
  | { readonly kind: 'no-tls' }
  | { readonly kind: 'unknown'; readonly why: string };

export interface Certificates {
  producersOf(namespace: string, secret: string): readonly Producer[];
  annotationOf(object: KubeObject): IssuerAnnotation;
  automationOf(exposure: Exposure): Automation;
  lookupIssuer(reference: IssuerReference): Lookup;
  /** Issuers and ClusterIssuers of the sources that a workload of the system could use, sorted by ref. */
  readonly issuers: readonly Issuer[];
}

/** Certificates, their issuers and what they make, in the launch environment. */
export const certificates = fact('certificates', [inventory], certificatesOf);

function certificatesOf(known: Inventory): Certificates {
  const producers = new Map<string, Producer[]>();
  const add = (namespace: string, secret: string | undefined, producer: Producer) => {
    if (!secret) return;
    const list = producers.get(`${namespace}/${secret}`);
    if (list) list.push(producer);
    else producers.set(`${namespace}/${secret}`, [producer]);
  };
  for (const object of known.ofKind(group, 'Certificate')) {
    const issuer = issuerReference(object);
    add(object.ref.namespace ?? 'default', textAt(object.value, 'spec', 'secretName'), {
      kind: 'certificate',
      object,
      issuer,
      authority: booleanAt(object.value, 'spec', 'isCA') === true,
    });
  }
  for (const object of known.ofKind('external-secrets.io', 'ExternalSecret'))
    add(object.ref.namespace ?? 'default', textAt(object.value, 'spec', 'target', 'name') ?? object.ref.name, {
      kind: 'copied',
      object,
    });
  const producersOf = (namespace: string, secret: string) => producers.get(`${namespace}/${secret}`) ?? [];
  const namespaces = new Set(known.namespaces);
  return {
    producersOf,
    annotationOf,
    automationOf: (exposure) => automationOf(exposure, producersOf, known),
    lookupIssuer: (reference) => known.lookup(reference.group, reference.kind, reference.namespace, reference.name),
    issuers: [
      ...known.ofKind(group, 'ClusterIssuer'),
      ...known.ofKind(group, 'Issuer').filter(({ ref }) => namespaces.has(ref.namespace ?? 'default')),
    ].map((object) => readIssuer(object, known.liveOf(object))),
  };
}

function issuerReference(certificate: KubeObject): IssuerReference | undefined {
  const written = valueAt(certificate.value, 'spec', 'issuerRef');
  const name = textAt(written, 'name');
  if (!name) return undefined;
  const kind = textAt(written, 'kind') || 'Issuer';
  return {
    group: textAt(written, 'group') || group,
    kind,
    namespace: isClusterScoped(kind) ? undefined : (certificate.ref.namespace ?? 'default'),
    name,
    object: certificate,
    path: ['spec', 'issuerRef'],
  };
}

/** Issuers of other vendors follow cert-manager's naming: AWSPCAClusterIssuer, StepClusterIssuer, GoogleCASClusterIssuer. */
const isClusterScoped = (kind: string): boolean => kind.endsWith('ClusterIssuer');

/**
 * What cert-manager reads from an Ingress or Gateway (its issuerForIngressLike): one of two annotations with a name, and kind and group
 * that replace the defaults. Both names together are refused.
 */
function annotationOf(object: KubeObject): IssuerAnnotation {
  const annotations = annotationsOf(object);
  const at = (key: string): Path => ['metadata', 'annotations', key];
  const namespaced = annotations.get('cert-manager.io/issuer');
  const cluster = annotations.get('cert-manager.io/cluster-issuer');
  if (namespaced !== undefined && cluster !== undefined) return { kind: 'contradictory', path: at('cert-manager.io/issuer') };
  const name = namespaced ?? cluster;
  if (name === undefined || name === '') {
    return annotations.get('kubernetes.io/tls-acme') === 'true'
      ? { kind: 'default', path: at('kubernetes.io/tls-acme') }
      : { kind: 'none' };
  }
  const kind = annotations.get('cert-manager.io/issuer-kind') ?? (cluster === undefined ? 'Issuer' : 'ClusterIssuer');
  return {
    kind: 'issuer',
    reference: {
      group: annotations.get('cert-manager.io/issuer-group') ?? group,
      kind,
      namespace: isClusterScoped(kind) ? undefined : (object.ref.namespace ?? 'default'),
      name,
      object,
      path: at(cluster === undefined ? 'cert-manager.io/issuer' : 'cert-manager.io/cluster-issuer'),
    },
  };
}

function automationOf(exposure: Exposure, producersOf: Certificates['producersOf'], known: Inventory): Automation {
  const { termination } = exposure;
  switch (termination.kind) {
    case 'none':
      return { kind: 'no-tls' };
    case 'inline':
      return { kind: 'inline' };
    case 'platform':
      return { kind: 'platform', by: termination.by };
    case 'pods':
      return { kind: 'unknown', why: 'the Pods themselves would terminate TLS, and no object shows their certificate' };
    case 'controller':
    case 'unseen':
      return { kind: 'unknown', why: termination.why };
    case 'secret':
      return automationOfSecret(exposure, termination.namespace, termination.name, producersOf, known);
  }
}

function automationOfSecret(
  { annotated }: Exposure,
  namespace: string,
  name: string,
  producersOf: Certificates['producersOf'],
  known: Inventory,
): Automation {
  const producers = producersOf(namespace, name);
  const certificate = producers.find((producer) => producer.kind === 'certificate');
  if (certificate !== undefined) return { kind: 'certificate', object: certificate.object, issuer: certificate.issuer };
  const annotation = annotationOf(annotated);
  // cert-manager makes a Certificate only beside the annotated object: a Secret of another namespace is not its own.
  if (namespace === (annotated.ref.namespace ?? 'default')) {
    if (annotation.kind === 'issuer') return { kind: 'annotation', object: annotated, issuer: annotation.reference };
    if (annotation.kind === 'default') return { kind: 'annotation', object: annotated, issuer: undefined };
  }
  const [copied] = producers;
  if (copied !== undefined) return { kind: 'copied', object: copied.object };
  const secret = known.lookup('', 'Secret', namespace, name);
  if (secret.status === 'found') {
    return annotationsOf(secret.object).has('cert-manager.io/certificate-name')
      ? { kind: 'certificate', object: secret.object, issuer: undefined }
      : { kind: 'manual', name, secret: secret.object };
  }
  // A sealed Secret holds what somebody made once: nothing renews it.
  const sealed = known.lookup('bitnami.com', 'SealedSecret', namespace, name);
  if (sealed.status === 'found') return { kind: 'manual', name, secret: sealed.object };
  const complete = known.completeness(group, 'Certificate');
  if (!complete.complete)
    return { kind: 'unknown', why: `nothing in the sources makes Secret ${namespace}/${name}, and ${complete.why}` };
  return { kind: 'manual', name, secret: undefined };
}

/** Host names of test servers: Let's Encrypt `acme-staging-v02`, Google `test-api`, Buypass `test4`, and local ones such as Pebble. */
const testServer = /(^|[.-])(staging|test\d{0,4}|pebble|localhost)([.:-]|$)/;

/** Reads an Issuer or ClusterIssuer; readiness from its live twin. */
export function readIssuer(object: KubeObject, live: KubeObject | undefined): Issuer {
  const spec = valueAt(object.value, 'spec');
  const server = textAt(spec, 'acme', 'server');
  const has = (key: string) => isObject(valueAt(spec, key));
  const type = has('acme')
    ? 'acme'
    : has('selfSigned')
      ? 'self-signed'
      : has('ca')
        ? 'ca'
        : has('vault')
          ? 'vault'
          : has('venafi')
            ? 'venafi'
            : 'other';
  const conditions = valueAt((live ?? object).value, 'status', 'conditions');
  const ready =
    Array.isArray(conditions) && live !== undefined ? conditions.find((entry) => textAt(entry, 'type') === 'Ready') : undefined;
  const message = textAt(ready, 'message');
  return {
    object,
    type,
    ...(server === undefined ? {} : { server }),
    staging: server !== undefined && testServer.test(hostOf(server)),
    ready: ready === undefined ? undefined : textAt(ready, 'status') === 'True',
    ...(message === undefined ? {} : { readyMessage: message }),
  };
}

/** The host of a URL, lower-case; the text itself where it is none. */
function hostOf(url: string): string {
  const rest = url.slice(url.indexOf('://') < 0 ? 0 : url.indexOf('://') + 3);
  return (rest.split(/[/?#]/, 1)[0] ?? '').split('@').at(-1)?.toLowerCase() ?? '';
}
