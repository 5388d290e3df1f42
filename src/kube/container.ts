import type { Path } from '../model/judgement.ts';
import type { ObjectRef } from '../model/object-ref.ts';
import {
  booleanAt,
  isObject,
  type JsonObject,
  type JsonValue,
  listAt,
  numberAt,
  objectAt,
  textAt,
  texts,
  valueAt,
} from './json.ts';
import { type Protocol, readProtocol } from './protocol.ts';

/** sidecar: an init container with `restartPolicy: Always`, which keeps running beside the others. */
export type ContainerRole = 'container' | 'init' | 'sidecar' | 'ephemeral';

export interface ContainerPort {
  readonly name?: string;
  readonly number: number;
  readonly protocol: Protocol;
  readonly hostPort?: number;
}

/** One container of a Pod template, with the Pod's security settings inherited where the API inherits them. */
export interface Container {
  readonly role: ContainerRole;
  readonly name: string;
  readonly image: string | undefined;
  /** Path inside the workload object: `['spec', 'template', 'spec', 'containers', 0]`. */
  readonly path: Path;
  /** The container as written. */
  readonly value: JsonObject;
  /** The Pod spec that holds it, as written: some settings (Pod-level resources) reach every container. */
  readonly podSpec: JsonObject;
  /** The workload's ref with `container` set. */
  readonly ref: ObjectRef;
  readonly ports: readonly ContainerPort[];
  readonly env: readonly EnvVariable[];
  readonly security: ContainerSecurity;
}

export interface EnvVariable {
  readonly name: string;
  readonly path: Path;
  /** The literal; empty text where neither `value` nor `valueFrom` is written, as the API defaults it. */
  readonly value?: string;
  readonly from?: EnvReference;
}

/** Where a variable's value comes from. `key` is a field path for `field`, a resource name for `resource`. */
export interface EnvReference {
  readonly kind: 'Secret' | 'ConfigMap' | 'field' | 'resource';
  readonly name?: string;
  readonly key?: string;
  readonly optional: boolean;
}

export interface EnvFrom {
  readonly kind: 'Secret' | 'ConfigMap';
  readonly name: string;
  readonly prefix: string;
  readonly optional: boolean;
  readonly path: Path;
}

/** Effective security settings: the container's own, then the Pod's for the fields that exist on both. */
export interface ContainerSecurity {
  readonly privileged: boolean;
  /** Undefined: not written, which the runtime reads as allowed. True always when privileged or with CAP_SYS_ADMIN. */
  readonly allowPrivilegeEscalation: boolean | undefined;
  readonly runAsNonRoot: boolean | undefined;
  readonly runAsUser: number | undefined;
  readonly runAsGroup: number | undefined;
  readonly readOnlyRootFilesystem: boolean;
  readonly capabilities: { readonly add: readonly string[]; readonly drop: readonly string[] };
  readonly seccompType: string | undefined;
  /** `RuntimeDefault`, `Localhost`, `Unconfined`; from the field, else the deprecated annotation, else the Pod. */
  readonly appArmorType: string | undefined;
  readonly seLinux:
    | { readonly type?: string; readonly user?: string; readonly role?: string; readonly level?: string }
    | undefined;
  /** Windows HostProcess. */
  readonly hostProcess: boolean;
  readonly procMount: string | undefined;
}

/** Reads every container of a Pod spec: init and sidecar, then regular, then ephemeral. */
export function readContainers(
  podSpec: JsonObject,
  podPath: Path,
  ref: ObjectRef,
  annotations: ReadonlyMap<string, string>,
): readonly Container[] {
  const read = (field: string, roleOf: (value: JsonObject) => ContainerRole) =>
    listAt(podSpec, field).flatMap((value, index) =>
      isObject(value) ? [readContainer(value, [...podPath, field, index], roleOf(value), podSpec, ref, annotations)] : [],
    );
  return [
    ...read('initContainers', (value) => (textAt(value, 'restartPolicy') === 'Always' ? 'sidecar' : 'init')),
    ...read('containers', () => 'container'),
    ...read('ephemeralContainers', () => 'ephemeral'),
  ];
}

function readContainer(
  value: JsonObject,
  path: Path,
  role: ContainerRole,
  podSpec: JsonObject,
  owner: ObjectRef,
  annotations: ReadonlyMap<string, string>,
): Container {
  const name = textAt(value, 'name') ?? '';
  return {
    role,
    name,
    image: textAt(value, 'image'),
    path,
    value,
    podSpec,
    ref: { ...owner, container: name },
    ports: readPorts(value),
    env: readEnv(value, path),
    security: readSecurity(value, name, objectAt(podSpec, 'securityContext'), annotations),
  };
}

function readPorts(container: JsonObject): readonly ContainerPort[] {
  return listAt(container, 'ports').flatMap((item) => {
    const number = numberAt(item, 'containerPort');
    const protocol = readProtocol(valueAt(item, 'protocol'));
    if (number === undefined || protocol === undefined) return [];
    const name = textAt(item, 'name');
    const hostPort = numberAt(item, 'hostPort');
    return [{ number, protocol, ...(name ? { name } : {}), ...(hostPort ? { hostPort } : {}) }];
  });
}

function readEnv(container: JsonObject, path: Path): readonly EnvVariable[] {
  return listAt(container, 'env').flatMap((item, index) => {
    const name = textAt(item, 'name');
    if (name === undefined) return [];
    const at = { name, path: [...path, 'env', index] };
    const source = valueAt(item, 'valueFrom');
    if (isObject(source)) {
      const from = readEnvReference(source);
      return [from === undefined ? at : { ...at, from }];
    }
    const written = valueAt(item, 'value');
    if (written === undefined || written === null) return [{ ...at, value: '' }];
    // The API server refuses a number or boolean here; what it holds is not ours to guess.
    return [typeof written === 'string' ? { ...at, value: written } : at];
  });
}

function readEnvReference(source: JsonObject): EnvReference | undefined {
  const keyed = (kind: 'Secret' | 'ConfigMap', value: JsonValue | undefined): EnvReference => ({
    kind,
    ...present('name', textAt(value, 'name')),
    ...present('key', textAt(value, 'key')),
    optional: booleanAt(value, 'optional') === true,
  });
  if (isObject(source['secretKeyRef'])) return keyed('Secret', source['secretKeyRef']);
  if (isObject(source['configMapKeyRef'])) return keyed('ConfigMap', source['configMapKeyRef']);
  if (isObject(source['fieldRef']))
    return { kind: 'field', ...present('key', textAt(source, 'fieldRef', 'fieldPath')), optional: false };
  if (isObject(source['resourceFieldRef']))
    return { kind: 'resource', ...present('key', textAt(source, 'resourceFieldRef', 'resource')), optional: false };
  return undefined;
}

const present = <K extends string>(key: K, value: string | undefined): { readonly [P in K]?: string } =>
  (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: string };

/** Reads `envFrom`: whole Secrets and ConfigMaps as variables. */
export function readEnvFrom(container: Container): readonly EnvFrom[] {
  return listAt(container.value, 'envFrom').flatMap((item, index) => {
    const prefix = textAt(item, 'prefix') ?? '';
    const path = [...container.path, 'envFrom', index];
    return (['Secret', 'ConfigMap'] as const).flatMap((kind) => {
      const source = objectAt(item, kind === 'Secret' ? 'secretRef' : 'configMapRef');
      const name = textAt(source, 'name');
      return name ? [{ kind, name, prefix, optional: booleanAt(source, 'optional') === true, path }] : [];
    });
  });
}

/** Prefix of the AppArmor annotation that preceded the field (until 1.30); the API server copies it into an unset field. */
export const appArmorAnnotation = 'container.apparmor.security.beta.kubernetes.io/';

function readSecurity(
  container: JsonObject,
  name: string,
  pod: JsonObject,
  annotations: ReadonlyMap<string, string>,
): ContainerSecurity {
  const own = objectAt(container, 'securityContext');
  // A struct that is set on the container replaces the Pod's as a whole; Windows options merge field by field.
  const whole = (field: string) => (isObject(own[field]) ? objectAt(own, field) : objectAt(pod, field));
  const add = texts(valueAt(own, 'capabilities', 'add'));
  const privileged = booleanAt(own, 'privileged') === true;
  const overrides = privileged || add.some((capability) => capability === 'SYS_ADMIN' || capability === 'CAP_SYS_ADMIN');
  return {
    privileged,
    allowPrivilegeEscalation: overrides ? true : booleanAt(own, 'allowPrivilegeEscalation'),
    runAsNonRoot: booleanAt(own, 'runAsNonRoot') ?? booleanAt(pod, 'runAsNonRoot'),
    runAsUser: numberAt(own, 'runAsUser') ?? numberAt(pod, 'runAsUser'),
    runAsGroup: numberAt(own, 'runAsGroup') ?? numberAt(pod, 'runAsGroup'),
    readOnlyRootFilesystem: booleanAt(own, 'readOnlyRootFilesystem') === true,
    capabilities: { add, drop: texts(valueAt(own, 'capabilities', 'drop')) },
    seccompType: textAt(whole('seccompProfile'), 'type'),
    appArmorType: appArmorType(own, name, pod, annotations),
    seLinux: readSeLinux(whole('seLinuxOptions')),
    hostProcess: booleanAt(own, 'windowsOptions', 'hostProcess') ?? booleanAt(pod, 'windowsOptions', 'hostProcess') ?? false,
    procMount: textAt(own, 'procMount'),
  };
}

function appArmorType(
  own: JsonObject,
  name: string,
  pod: JsonObject,
  annotations: ReadonlyMap<string, string>,
): string | undefined {
  if (isObject(own['appArmorProfile'])) return textAt(own, 'appArmorProfile', 'type');
  const annotation = annotations.get(`${appArmorAnnotation}${name}`);
  if (annotation === undefined || annotation === '') return textAt(pod, 'appArmorProfile', 'type');
  if (annotation === 'runtime/default') return 'RuntimeDefault';
  if (annotation.startsWith('localhost/')) return 'Localhost';
  return annotation === 'unconfined' ? 'Unconfined' : annotation;
}

function readSeLinux(options: JsonObject): ContainerSecurity['seLinux'] {
  if (Object.keys(options).length === 0) return undefined;
  return {
    ...present('type', textAt(options, 'type')),
    ...present('user', textAt(options, 'user')),
    ...present('role', textAt(options, 'role')),
    ...present('level', textAt(options, 'level')),
  };
}
