import { load } from 'js-yaml';
import { groupOf } from '../model/object-ref.ts';
import { isNamespaced } from './gvk.ts';
import { isObject, type JsonObject, type JsonValue } from './json.ts';
import { identify, type KubeObject, type ObjectSource } from './object.ts';

/** Where test objects come from unless a test says otherwise: a manifest of the system in production. */
export const testSource: ObjectSource = {
  slot: 'objects:test',
  file: 'test.yaml',
  document: 0,
  path: [],
  rendered: false,
  live: false,
  environment: 'production',
  role: 'system',
};

/**
 * A KubeObject from YAML text or a value, for tests. Namespaced kinds without a namespace get `default`.
 * Throws when the value is no object with kind, apiVersion and name.
 */
export function kubeObject(written: string | JsonObject, source: Partial<ObjectSource> = {}): KubeObject {
  const value = (typeof written === 'string' ? load(written) : written) as JsonValue;
  if (!isObject(value)) throw new Error('a test object must be an object');
  const identity = identify(value, isNamespaced, 'default');
  if (!identity.ok) throw new Error(`test object: ${identity.problem}`);
  return { ref: identity.ref, group: groupOf(identity.ref.apiVersion), value, source: { ...testSource, ...source }, masks: {} };
}

export interface WorkloadParts {
  readonly kind?: 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'ReplicaSet' | 'Job' | 'CronJob' | 'Pod';
  readonly name?: string;
  readonly namespace?: string;
  /** Labels of the Pods; `{ app: name }` by default. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Fields of the workload's spec beside the template. */
  readonly spec?: JsonObject;
  /** Fields of the Pod spec; its containers default to one that is called like the workload. */
  readonly pod?: JsonObject;
  /** Fields of the only container, where `pod` names none. */
  readonly container?: JsonObject;
}

/** The value of a workload object, a Deployment `default/web` with one container unless the parts say otherwise. */
export function workloadValue(parts: WorkloadParts = {}): JsonObject {
  const { kind = 'Deployment', name = 'web', namespace = 'default', labels = { app: name } } = parts;
  const podMetadata: JsonObject = { labels, ...(parts.annotations ? { annotations: parts.annotations } : {}) };
  const podSpec: JsonObject = { containers: [{ name, image: `registry.example/${name}:1.0`, ...parts.container }], ...parts.pod };
  const head = (apiVersion: string): JsonObject => ({ apiVersion, kind, metadata: { name, namespace } });
  const template: JsonObject = { metadata: podMetadata, spec: podSpec };
  switch (kind) {
    case 'Pod':
      return { apiVersion: 'v1', kind, metadata: { name, namespace, ...podMetadata }, spec: podSpec };
    case 'Job':
      return { ...head('batch/v1'), spec: { ...parts.spec, template } };
    case 'CronJob':
      return { ...head('batch/v1'), spec: { schedule: '0 3 * * *', ...parts.spec, jobTemplate: { spec: { template } } } };
    default:
      return { ...head('apps/v1'), spec: { selector: { matchLabels: labels }, ...parts.spec, template } };
  }
}

/** A workload object for tests: `workloadObject({ name: 'api', pod: { hostNetwork: true } })`. */
export const workloadObject = (parts: WorkloadParts = {}, source: Partial<ObjectSource> = {}): KubeObject =>
  kubeObject(workloadValue(parts), source);
