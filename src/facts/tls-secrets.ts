import { objectAt, textAt } from '../kube/json.ts';
import type { KubeObject } from '../kube/object.ts';
import type { Path } from '../model/judgement.ts';
import { compareText } from '../model/object-ref.ts';
import { exposures } from './exposure.ts';
import type { Exposures } from './exposure.ts';
import { fact } from './fact.ts';
import { type Inventory, inventory } from './inventory.ts';
import { type SecretProducers, secretProducers } from './secret-producers.ts';

/** A Secret of the system that holds the key of a certificate. */
export interface TlsSecret {
  readonly namespace: string;
  readonly name: string;
  /** The Secret, or the first object that says that there is one. */
  readonly object: KubeObject;
  readonly path: Path;
}

/** TLS Secrets under review: by type or key, by the Certificate that makes them, or because a host is served from them. Sorted. */
export const tlsSecrets = fact('tls-secrets', [inventory, exposures, secretProducers], tlsSecretsOf);

function tlsSecretsOf(known: Inventory, exposed: Exposures, producers: SecretProducers): readonly TlsSecret[] {
  const found = new Map<string, TlsSecret>();
  const add = (namespace: string, name: string, object: KubeObject, path: Path) => {
    const id = `${namespace}/${name}`;
    if (!found.has(id)) found.set(id, { namespace, name, object, path });
  };
  for (const object of known.systemOfKind('', 'Secret'))
    if (holdsKey(object)) add(object.ref.namespace ?? 'default', object.ref.name, object, []);
  // An ACME account key is no key of a certificate.
  for (const { means, namespace, name, object, path } of producers.system)
    if (means === 'certificate' && namespace !== undefined && object.ref.kind !== 'Issuer') add(namespace, name, object, path);
  for (const { termination, object, path } of exposed.target.exposures)
    if (termination.kind === 'secret') add(termination.namespace, termination.name, object, path);
  return [...found.values()].sort((a, b) => compareText(`${a.namespace}/${a.name}`, `${b.namespace}/${b.name}`));
}

const holdsKey = ({ value }: KubeObject): boolean =>
  textAt(value, 'type') === 'kubernetes.io/tls' ||
  ['data', 'stringData'].some((field) => Object.hasOwn(objectAt(value, field), 'tls.key'));
