/** The apiVersion of targets that are no Kubernetes objects: Image, Document, Host, Subject, Datastore, LoadTest, Source. */
export const ownApiVersion = 'seaworthy.dev/v1alpha1';

/** Identity of a thing in the Kubernetes API, or of one of our own targets. `container` narrows a workload to one of its containers. */
export interface ObjectRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly container?: string;
}

/** The API group of an apiVersion: `apps/v1` -> `apps`, `v1` -> `` (the core group). */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/**
 * Key of an object in an index: group, kind, namespace and name. The version is left out: the API server serves one object under
 * every version of its group, so `apps/v1` and `apps/v1beta1` name the same Deployment.
 */
export function refKey(ref: Omit<ObjectRef, 'container'>): string {
  return `${groupOf(ref.apiVersion)}|${ref.kind}|${ref.namespace ?? ''}|${ref.name}`;
}

/** For people: `Deployment gravl-prod/backend`, `Deployment gravl-prod/backend (container api)`. */
export function formatRef(ref: ObjectRef): string {
  const place = ref.namespace === undefined ? ref.name : `${ref.namespace}/${ref.name}`;
  return `${ref.kind} ${place}${ref.container === undefined ? '' : ` (container ${ref.container})`}`;
}

/** Total order over refs by code unit, so that output never depends on a locale or on input order. */
export function compareRefs(a: ObjectRef, b: ObjectRef): number {
  return (
    compareText(a.namespace ?? '', b.namespace ?? '') ||
    compareText(a.kind, b.kind) ||
    compareText(a.name, b.name) ||
    compareText(a.apiVersion, b.apiVersion) ||
    compareText(a.container ?? '', b.container ?? '')
  );
}

/** Compares by UTF-16 code unit: -1, 0 or 1. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
