import { groupOf } from '../model/object-ref.ts';

/** An API version that a release stopped, or will stop, serving. */
export interface RetiredApi {
  readonly apiVersion: string;
  /** Kinds that went; undefined: all kinds of the version. */
  readonly kinds?: readonly string[];
  /** Whose release counts: Kubernetes, or the add-on that serves the kinds. */
  readonly product: string;
  /** The first release without it, `1.22`. */
  readonly removedIn: string;
  /** Where the kinds live now; undefined: there is no successor under another version. */
  readonly successor?: string;
}

const entry = (product: string, removedIn: string, apiVersion: string, successor?: string, kinds?: string): RetiredApi => ({
  apiVersion,
  ...(kinds === undefined ? {} : { kinds: kinds.split(' ') }),
  product,
  removedIn,
  ...(successor === undefined ? {} : { successor }),
});
const kubernetes = (removedIn: string, apiVersion: string, successor?: string, kinds?: string) =>
  entry('Kubernetes', removedIn, apiVersion, successor, kinds);

/**
 * What Kubernetes and common add-ons no longer serve. Sources: kubernetes.io/docs/reference/using-api/deprecation-guide and the
 * release notes of the alpha versions' releases; cert-manager.io/docs/releases/upgrading/upgrading-1.5-1.6; the release notes of
 * External Secrets 0.16 and 0.17; doc.traefik.io migration from v2 to v3; keda, Argo and Flux release notes.
 */
export const retiredApis: readonly RetiredApi[] = [
  kubernetes('1.16', 'extensions/v1beta1', 'apps/v1', 'DaemonSet Deployment ReplicaSet'),
  kubernetes('1.16', 'extensions/v1beta1', 'networking.k8s.io/v1', 'NetworkPolicy'),
  kubernetes('1.16', 'extensions/v1beta1', undefined, 'PodSecurityPolicy'),
  kubernetes('1.22', 'extensions/v1beta1', 'networking.k8s.io/v1', 'Ingress'),
  kubernetes('1.16', 'apps/v1beta1', 'apps/v1'),
  kubernetes('1.16', 'apps/v1beta2', 'apps/v1'),
  kubernetes('1.20', 'settings.k8s.io/v1alpha1', undefined, 'PodPreset'),
  kubernetes('1.21', 'batch/v2alpha1', 'batch/v1', 'CronJob'),
  kubernetes(
    '1.22',
    'admissionregistration.k8s.io/v1beta1',
    'admissionregistration.k8s.io/v1',
    'MutatingWebhookConfiguration ValidatingWebhookConfiguration',
  ),
  kubernetes('1.22', 'apiextensions.k8s.io/v1beta1', 'apiextensions.k8s.io/v1'),
  kubernetes('1.22', 'apiregistration.k8s.io/v1beta1', 'apiregistration.k8s.io/v1'),
  kubernetes('1.22', 'authentication.k8s.io/v1beta1', 'authentication.k8s.io/v1', 'TokenReview'),
  kubernetes('1.22', 'authorization.k8s.io/v1beta1', 'authorization.k8s.io/v1'),
  kubernetes('1.22', 'certificates.k8s.io/v1beta1', 'certificates.k8s.io/v1', 'CertificateSigningRequest'),
  kubernetes('1.22', 'coordination.k8s.io/v1beta1', 'coordination.k8s.io/v1', 'Lease'),
  kubernetes('1.22', 'networking.k8s.io/v1beta1', 'networking.k8s.io/v1', 'Ingress IngressClass'),
  kubernetes('1.22', 'rbac.authorization.k8s.io/v1beta1', 'rbac.authorization.k8s.io/v1'),
  kubernetes('1.23', 'rbac.authorization.k8s.io/v1alpha1', 'rbac.authorization.k8s.io/v1'),
  kubernetes('1.22', 'scheduling.k8s.io/v1beta1', 'scheduling.k8s.io/v1'),
  kubernetes('1.23', 'scheduling.k8s.io/v1alpha1', 'scheduling.k8s.io/v1', 'PriorityClass'),
  kubernetes('1.22', 'storage.k8s.io/v1beta1', 'storage.k8s.io/v1', 'CSIDriver CSINode StorageClass VolumeAttachment'),
  kubernetes('1.25', 'autoscaling/v2beta1', 'autoscaling/v2'),
  kubernetes('1.26', 'autoscaling/v2beta2', 'autoscaling/v2'),
  kubernetes('1.25', 'batch/v1beta1', 'batch/v1', 'CronJob'),
  kubernetes('1.25', 'discovery.k8s.io/v1beta1', 'discovery.k8s.io/v1'),
  kubernetes('1.25', 'events.k8s.io/v1beta1', 'events.k8s.io/v1'),
  kubernetes('1.25', 'node.k8s.io/v1beta1', 'node.k8s.io/v1'),
  kubernetes('1.25', 'policy/v1beta1', 'policy/v1', 'PodDisruptionBudget'),
  kubernetes('1.25', 'policy/v1beta1', undefined, 'PodSecurityPolicy'),
  kubernetes('1.26', 'flowcontrol.apiserver.k8s.io/v1beta1', 'flowcontrol.apiserver.k8s.io/v1'),
  kubernetes('1.29', 'flowcontrol.apiserver.k8s.io/v1beta2', 'flowcontrol.apiserver.k8s.io/v1'),
  kubernetes('1.32', 'flowcontrol.apiserver.k8s.io/v1beta3', 'flowcontrol.apiserver.k8s.io/v1'),
  kubernetes('1.27', 'storage.k8s.io/v1beta1', 'storage.k8s.io/v1', 'CSIStorageCapacity'),
  ...['v1alpha2', 'v1alpha3', 'v1beta1'].flatMap((version) => [
    entry('cert-manager', '1.6', `cert-manager.io/${version}`, 'cert-manager.io/v1'),
    entry('cert-manager', '1.6', `acme.cert-manager.io/${version}`, 'acme.cert-manager.io/v1'),
  ]),
  entry('cert-manager', '0.11', 'certmanager.k8s.io/v1alpha1', 'cert-manager.io/v1'),
  entry(
    'External Secrets',
    '0.16',
    'external-secrets.io/v1alpha1',
    'external-secrets.io/v1',
    'ExternalSecret SecretStore ClusterSecretStore ClusterExternalSecret',
  ),
  entry(
    'External Secrets',
    '0.17',
    'external-secrets.io/v1beta1',
    'external-secrets.io/v1',
    'ExternalSecret SecretStore ClusterSecretStore ClusterExternalSecret',
  ),
  entry('External Secrets', '0.1', 'kubernetes-client.io/v1', 'external-secrets.io/v1', 'ExternalSecret'),
  entry('Traefik', '3.0', 'traefik.containo.us/v1alpha1', 'traefik.io/v1alpha1'),
  entry('KEDA', '2.0', 'keda.k8s.io/v1alpha1', 'keda.sh/v1alpha1'),
];

/**
 * Versions that a Kubernetes API server serves by default in 1.36, by group. Beta APIs introduced since 1.24 are off by default, so
 * none stands here; a group that is not here belongs to an add-on.
 */
const served: Readonly<Record<string, readonly string[]>> = {
  '': ['v1'],
  'admissionregistration.k8s.io': ['v1'],
  'apiextensions.k8s.io': ['v1'],
  'apiregistration.k8s.io': ['v1'],
  apps: ['v1'],
  'authentication.k8s.io': ['v1'],
  'authorization.k8s.io': ['v1'],
  autoscaling: ['v1', 'v2'],
  batch: ['v1'],
  'certificates.k8s.io': ['v1'],
  'coordination.k8s.io': ['v1'],
  'discovery.k8s.io': ['v1'],
  'events.k8s.io': ['v1'],
  extensions: [],
  'flowcontrol.apiserver.k8s.io': ['v1'],
  'networking.k8s.io': ['v1'],
  'node.k8s.io': ['v1'],
  policy: ['v1'],
  'rbac.authorization.k8s.io': ['v1'],
  'resource.k8s.io': ['v1'],
  'scheduling.k8s.io': ['v1'],
  'storage.k8s.io': ['v1'],
};

const byVersion: ReadonlyMap<string, readonly RetiredApi[]> = Map.groupBy(retiredApis, ({ apiVersion }) => apiVersion);

/** The table's entry for a kind under an API version, whatever the release. Undefined: the table does not know it as retired. */
export function retiredApi(apiVersion: string, kind: string): RetiredApi | undefined {
  return byVersion.get(apiVersion)?.find(({ kinds }) => kinds === undefined || kinds.includes(kind));
}

/** Whether Kubernetes serves an API version by default: undefined for groups of add-ons, which only a CustomResourceDefinition can tell. */
export function servedByKubernetes(apiVersion: string): boolean | undefined {
  const group = groupOf(apiVersion);
  if (!Object.hasOwn(served, group)) return undefined;
  const version = group === '' ? apiVersion : apiVersion.slice(group.length + 1);
  return served[group]?.includes(version) === true;
}

/** Compares releases by major and minor number: negative when `a` is earlier. Text that is no release sorts as 0.0. */
export function compareReleases(a: string, b: string): number {
  const [aMajor, aMinor] = readRelease(a);
  const [bMajor, bMinor] = readRelease(b);
  return aMajor - bMajor || aMinor - bMinor;
}

function readRelease(text: string): readonly [number, number] {
  const match = /^v?([0-9]{1,4})\.([0-9]{1,4})/.exec(text);
  return match === null ? [0, 0] : [Number(match[1]), Number(match[2])];
}
