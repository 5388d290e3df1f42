import { isObject, listAt, textAt, texts, valueAt } from '../kube/json.ts';
import { isKind, type KubeObject } from '../kube/object.ts';
import type { Path } from '../model/judgement.ts';
import { formatRef } from '../model/object-ref.ts';
import { fact } from './fact.ts';
import { inventory } from './inventory.ts';

/** What one object says of the encryption of Secrets in etcd. `unproven`: it is switched on, and the provider is not seen. */
export interface ApiServerSign {
  readonly status: 'encrypted' | 'plain' | 'unproven';
  readonly text: string;
  readonly object: KubeObject;
  readonly path: Path;
}

/** Every sign of encryption at rest in the launch environment, in the order of objects. */
export const encryptionSigns = fact('encryption-signs', [inventory], ({ objects }): readonly ApiServerSign[] =>
  objects.flatMap(signsOf),
);

function signsOf(object: KubeObject): readonly ApiServerSign[] {
  if (isKind(object, 'apiserver.config.k8s.io', 'EncryptionConfiguration')) return [configurationSign(object)];
  if (isKind(object, 'config.openshift.io', 'APIServer')) return [openShiftSign(object)];
  if (isKind(object, 'controlplane.cluster.x-k8s.io', 'AWSManagedControlPlane')) return eksSign(object);
  if (isKind(object, 'container.cnrm.cloud.google.com', 'ContainerCluster')) return gkeSign(object);
  return isApiServer(object) ? apiServerSign(object) : [];
}

/** Of all entries that cover Secrets the first counts, and of its providers the first writes (kube-apiserver encryptionconfig). */
function configurationSign(object: KubeObject): ApiServerSign {
  const entries = listAt(object.value, 'resources');
  const index = entries.findIndex((entry) =>
    texts(valueAt(entry, 'resources')).some((name) => name === 'secrets' || name === '*.' || name === '*.*'),
  );
  const path: Path = index < 0 ? ['resources'] : ['resources', index, 'providers', 0];
  const first = listAt(entries[index], 'providers')[0];
  const provider = isObject(first) ? Object.keys(first)[0] : undefined;
  const known = provider === 'aescbc' || provider === 'aesgcm' || provider === 'secretbox' || provider === 'kms';
  if (known) return { status: 'encrypted', text: `the EncryptionConfiguration writes Secrets with ${provider}`, object, path };
  const why =
    provider === undefined
      ? 'the EncryptionConfiguration does not name Secrets'
      : `the first provider for Secrets is ${provider === 'identity' ? 'identity' : 'none that encrypts'}`;
  return { status: 'plain', text: why, object, path };
}

function openShiftSign(object: KubeObject): ApiServerSign {
  const type = textAt(object.value, 'spec', 'encryption', 'type') ?? '';
  const path: Path = ['spec', 'encryption', 'type'];
  return /^(?:aescbc|aesgcm|KMS)$/.test(type)
    ? { status: 'encrypted', text: `${formatRef(object.ref)} asks for ${type}`, object, path }
    : { status: 'plain', text: `${formatRef(object.ref)} asks for no encryption`, object, path };
}

function eksSign(object: KubeObject): readonly ApiServerSign[] {
  const path: Path = ['spec', 'encryptionConfig'];
  const covered = listAt(object.value, ...path, 'resources').includes('secrets');
  return covered
    ? [
        {
          status: 'encrypted',
          text: `${formatRef(object.ref)} encrypts Secrets with ${textAt(object.value, ...path, 'provider') ? 'a KMS key of its own' : 'KMS'}`,
          object,
          path,
        },
      ]
    : [];
}

function gkeSign(object: KubeObject): readonly ApiServerSign[] {
  const path: Path = ['spec', 'databaseEncryption', 'state'];
  return textAt(object.value, ...path) === 'ENCRYPTED'
    ? [{ status: 'encrypted', text: `${formatRef(object.ref)} has databaseEncryption ENCRYPTED`, object, path }]
    : [];
}

const isApiServer = ({ ref, source }: KubeObject): boolean =>
  source.live && ref.kind === 'Pod' && ref.namespace === 'kube-system' && ref.name.startsWith('kube-apiserver');

/** The static Pod of the API server: without the flag nothing is encrypted; with it, the file that it names decides. */
function apiServerSign(object: KubeObject): readonly ApiServerSign[] {
  const index = listAt(object.value, 'spec', 'containers').findIndex(
    (container) => textAt(container, 'name') === 'kube-apiserver',
  );
  if (index < 0) return [];
  const path: Path = ['spec', 'containers', index];
  const words = [...texts(valueAt(object.value, ...path, 'command')), ...texts(valueAt(object.value, ...path, 'args'))];
  const flagged = words.some((word) => /^--encryption-provider-config(?:=|$)/.test(word));
  return [
    flagged
      ? { status: 'unproven', text: 'the API server runs with --encryption-provider-config', object, path }
      : { status: 'plain', text: 'it runs without --encryption-provider-config', object, path },
  ];
}
