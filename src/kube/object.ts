import type { Path } from '../model/judgement.ts';
import { type Mask, type MaskTable, maskKey } from '../model/mask.ts';
import type { ObjectRef } from '../model/object-ref.ts';
import { type JsonObject, objectAt, textAt, textEntries } from './json.ts';

/** Where an object was read. Line and column are derived from it on demand, from the (masked) text in the bundle. */
export interface ObjectSource {
  /** Id of the evidence slot. */
  readonly slot: string;
  /** Path as the user gave it, with `/`. */
  readonly file: string;
  /** Index of the document in the file's stream. */
  readonly document: number;
  /** Path of the object in its document: empty, or `['items', 3]` in a List. */
  readonly path: Path;
  /** Rendered by Helm or Kustomize: the file is the template or kustomization, and no line of it can be named. */
  readonly rendered: boolean;
  /** Read from a live cluster (`kubectl get -o json`): status and defaults are real. */
  readonly live: boolean;
  /** Unused by facts that mix nothing: which environment and role the slot has. */
  readonly environment: string;
  readonly role: 'system' | 'platform' | 'comparison';
}

/** One object of the Kubernetes API as it was written, with secret values masked. */
export interface KubeObject {
  readonly ref: ObjectRef;
  readonly group: string;
  readonly value: JsonObject;
  readonly source: ObjectSource;
  /** Masks of the document that holds this object, by path in the document. Use `maskOf`. */
  readonly masks: MaskTable;
}

export const labelsOf = (object: KubeObject): ReadonlyMap<string, string> =>
  textEntries(objectAt(object.value, 'metadata', 'labels'));
export const annotationsOf = (object: KubeObject): ReadonlyMap<string, string> =>
  textEntries(objectAt(object.value, 'metadata', 'annotations'));

/** The mask of the value at a path inside the object, if it was masked. */
export function maskOf(object: KubeObject, path: Path): Mask | undefined {
  const key = maskKey([...object.source.path, ...path]);
  return Object.hasOwn(object.masks, key) ? object.masks[key] : undefined;
}

/** True for an object of this kind in this API group, whatever the version. */
export const isKind = (object: KubeObject, group: string, kind: string): boolean =>
  object.ref.kind === kind && object.group === group;

/**
 * Identity of an object read from a manifest, or the reason why it has none.
 * A namespaced object without `metadata.namespace` gets `defaultNamespace`, as kubectl does.
 */
export function identify(
  value: JsonObject,
  namespaced: (apiVersion: string, kind: string) => boolean | undefined,
  defaultNamespace: string,
): { readonly ok: true; readonly ref: ObjectRef } | { readonly ok: false; readonly problem: string; readonly at: Path } {
  const apiVersion = textAt(value, 'apiVersion');
  const kind = textAt(value, 'kind');
  if (!kind) return { ok: false, problem: 'the object has no kind', at: [] };
  if (!apiVersion) return { ok: false, problem: `the ${kind} has no apiVersion`, at: ['kind'] };
  const name = textAt(value, 'metadata', 'name') ?? generatedName(value) ?? namelessKinds.get(kind);
  if (name === undefined) return { ok: false, problem: `the ${kind} has no metadata.name`, at: ['metadata'] };
  const given = textAt(value, 'metadata', 'namespace');
  const scope = namespaced(apiVersion, kind);
  if (scope === false) return { ok: true, ref: { apiVersion, kind, name } };
  // A custom kind of unknown scope keeps what is written: a namespace shows that it is namespaced.
  const namespace = given ?? (scope === true ? defaultNamespace : undefined);
  return { ok: true, ref: namespace === undefined ? { apiVersion, kind, name } : { apiVersion, kind, namespace, name } };
}

/** Files of the control plane that have no name of their own: one cluster has one. */
const namelessKinds: ReadonlyMap<string, string> = new Map([['EncryptionConfiguration', 'encryption']]);

function generatedName(value: JsonObject): string | undefined {
  const prefix = textAt(value, 'metadata', 'generateName');
  return prefix === undefined ? undefined : `${prefix}*`;
}
