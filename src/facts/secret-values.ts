import { isPath } from '../evidence/masking/literal.ts';
import { isReference } from '../evidence/masking/placeholder.ts';
import { strengthOf } from '../evidence/masking/strength.ts';
import { externalGroup, externalSpec, keyOrigins, type ValueSource } from '../kube/external-secret.ts';
import { objectAt, textAt, valueAt } from '../kube/json.ts';
import { type KubeObject, maskOf } from '../kube/object.ts';
import type { Path } from '../model/judgement.ts';
import type { MaskedContent, Strength } from '../model/mask.ts';
import { compareText, formatRef, type ObjectRef } from '../model/object-ref.ts';
import { type CredentialRole, isDatabaseScheme, roleOf, roleOfKey } from './credential-names.ts';
import { generatorStrength, sealedLength, sopsLength } from './credential-strength.ts';
import { fact } from './fact.ts';
import { type Inventory, inventory } from './inventory.ts';
import { generatorKeys, lookupSource, type SecretProducer, type SecretProducers, secretProducers } from './secret-producers.ts';
import { type NamedKey, secretKeys, type UnlistedSecret } from './secret-keys.ts';
import { type Workloads, workloads } from './workloads.ts';

/** What is known of one value without knowing it. */
export type KnownValue =
  | {
      readonly kind: 'value';
      readonly strength: Strength;
      readonly contains: MaskedContent | undefined;
      readonly object: KubeObject;
      readonly path: Path;
    }
  | {
      readonly kind: 'generated';
      readonly length: number;
      readonly bits: number;
      readonly object: KubeObject;
      readonly by: string;
    }
  /** Ciphertext: how long the value is at most, and nothing else. */
  | { readonly kind: 'length'; readonly length: number; readonly object: KubeObject; readonly path: Path; readonly by: string }
  /** Kept or made elsewhere. */
  | { readonly kind: 'remote'; readonly object: KubeObject; readonly by: string }
  | { readonly kind: 'unseen'; readonly why: string };

/** One credential of the system: a key of a Secret, or a literal in a workload or ConfigMap. */
export interface Credential {
  /** The Secret, or the object that holds the literal. */
  readonly ref: ObjectRef;
  /** The key of the Secret or ConfigMap, or the variable. */
  readonly key: string;
  /** Every name under which it goes: the key, and the variables that read it. */
  readonly names: readonly string[];
  readonly role: CredentialRole;
  /** Where to point. */
  readonly object: KubeObject | undefined;
  readonly path: Path;
  readonly values: readonly [KnownValue, ...KnownValue[]];
  /** Workloads that read it. */
  readonly users: readonly { readonly object: KubeObject; readonly path: Path }[];
}

export interface SecretValues {
  /** Credentials that have a role, sorted by object, key. */
  readonly credentials: readonly Credential[];
  /** Secrets that workloads take whole while nothing says which keys they have. */
  readonly unlisted: readonly UnlistedSecret[];
}

/** Strength of the credentials that the system uses, as far as it can be known. */
export const secretValues = fact('secret-values', [inventory, workloads, secretProducers], secretValuesOf);

function secretValuesOf(known: Inventory, running: Workloads, producers: SecretProducers): SecretValues {
  const { keys, unlisted } = secretKeys(known, running, producers);
  const fromSecrets = keys.flatMap((named) => credentialOf(named, known, producers) ?? []);
  const literals = [...envLiterals(running), ...configLiterals(known)];
  const credentials = [...fromSecrets, ...literals].sort(
    (a, b) => compareText(formatRef(a.ref), formatRef(b.ref)) || compareText(a.key, b.key),
  );
  return { credentials, unlisted };
}

function credentialOf(named: NamedKey, known: Inventory, producers: SecretProducers): Credential | undefined {
  const { namespace, name, key, variables, users } = named;
  const found = known.lookup('', 'Secret', namespace, name);
  const secret = found.status === 'found' ? found.object : undefined;
  const made = producers.of(namespace, name);
  const stored = secret === undefined ? undefined : storedValue(secret, key);
  const values = [
    ...(stored === undefined ? [] : [stored]),
    ...made.flatMap((producer) => producedValue(producer, namespace, key, known) ?? []),
  ];
  const real = values.filter((value) => value.kind !== 'value' || !value.strength.placeholder);
  const [first, ...rest] = real.length > 0 ? real : values;
  const role =
    roleByContent(stored) ??
    [key, ...variables].map((each) => (each === key ? roleOfKey(name, each) : roleOf(each))).find((each) => each !== undefined);
  if (role === undefined) return undefined;
  const why = found.status === 'unseen' ? found.why : secret === undefined ? 'no source has it' : `it has no key ${key}`;
  const at = stored !== undefined && 'path' in stored ? stored.path : [];
  return {
    ref: { apiVersion: 'v1', kind: 'Secret', namespace, name },
    key,
    names: [key, ...variables],
    role,
    object: secret ?? made[0]?.object ?? users[0]?.object,
    path: secret !== undefined ? at : (made[0]?.path ?? users[0]?.path ?? []),
    values: first === undefined ? [{ kind: 'unseen', why }] : [first, ...rest],
    users,
  };
}

/** A URL of a database is one whatever its key is called. */
function roleByContent(value: KnownValue | undefined): CredentialRole | undefined {
  return value?.kind === 'value' && value.contains?.kind === 'url' && isDatabaseScheme(value.contains.scheme)
    ? 'database-url'
    : undefined;
}

function storedValue(secret: KubeObject, key: string): KnownValue | undefined {
  for (const field of ['stringData', 'data'] as const) {
    const data = objectAt(secret.value, field);
    if (!Object.hasOwn(data, key)) continue;
    const path = [field, key];
    const mask = maskOf(secret, path);
    if (mask !== undefined) return { kind: 'value', strength: mask, contains: mask.contains, object: secret, path };
    const text = textAt(data, key) ?? '';
    const length = sopsLength(text, field === 'data');
    if (length !== undefined) return { kind: 'length', length, object: secret, path, by: 'SOPS' };
    return { kind: 'value', strength: strengthOf(text), contains: undefined, object: secret, path };
  }
  return undefined;
}

function producedValue(producer: SecretProducer, namespace: string, key: string, known: Inventory): KnownValue | undefined {
  const { object, means, keys } = producer;
  if (keys !== undefined && !keys.includes(key)) return undefined;
  const remote: KnownValue = { kind: 'remote', object, by: formatRef(object.ref) };
  if (means === 'sealed' && object.ref.kind === 'SealedSecret') return sealedValue(object, key) ?? remote;
  if (means !== 'external' || object.group !== externalGroup) return remote;
  const { spec, path } = externalSpec(object);
  const origin = keyOrigins(spec, path, (source) => generatorKeys(lookupSource(source, namespace, known), source)).origins.find(
    (entry) => entry.key === key,
  );
  return origin?.source === undefined ? remote : (generatedValue(origin.source, namespace, known) ?? remote);
}

function generatedValue(source: ValueSource, namespace: string, known: Inventory): KnownValue | undefined {
  const lookup = lookupSource(source, namespace, known);
  if (lookup.status !== 'found') return undefined;
  const strength = generatorStrength(source.kind, valueAt(lookup.object.value, 'spec'));
  return strength === undefined
    ? undefined
    : { kind: 'generated', ...strength, object: lookup.object, by: formatRef(lookup.object.ref) };
}

function sealedValue(object: KubeObject, key: string): KnownValue | undefined {
  const sealed = textAt(object.value, 'spec', 'encryptedData', key);
  const path: Path = ['spec', 'encryptedData', key];
  if (sealed !== undefined) {
    const length = sealedLength(sealed);
    return length === undefined ? undefined : { kind: 'length', length, object, path, by: 'the SealedSecret' };
  }
  const plain: Path = ['spec', 'template', 'data', key];
  const mask = maskOf(object, plain);
  return mask === undefined ? undefined : { kind: 'value', strength: mask, contains: mask.contains, object, path: plain };
}

function envLiterals(running: Workloads): readonly Credential[] {
  return running.system.flatMap((workload) =>
    workload.containers.flatMap((container) =>
      container.env.flatMap(({ name, path, value }) => {
        const found = value === undefined ? undefined : literal(workload.object, [...path, 'value'], name, value);
        return found === undefined ? [] : [{ ...found, ref: container.ref, key: name, names: [name], users: [] }];
      }),
    ),
  );
}

function configLiterals(known: Inventory): readonly Credential[] {
  return known.systemOfKind('', 'ConfigMap').flatMap((object) =>
    Object.entries(objectAt(object.value, 'data')).flatMap(([key, value]) => {
      const found = typeof value === 'string' ? literal(object, ['data', key], key, value) : undefined;
      return found === undefined ? [] : [{ ...found, ref: object.ref, key, names: [key], users: [] }];
    }),
  );
}

/** A literal that a name or its own form calls a credential. References to other variables are none. */
function literal(
  object: KubeObject,
  path: Path,
  name: string,
  text: string,
): Pick<Credential, 'role' | 'object' | 'path' | 'values'> | undefined {
  if (text === '' || isReference(text) || isPath(text)) return undefined;
  const mask = maskOf(object, path);
  const value: KnownValue = { kind: 'value', strength: mask ?? strengthOf(text), contains: mask?.contains, object, path };
  const role = roleByContent(value) ?? roleOf(name);
  // A URL without a password stays readable: there is nothing to judge.
  if (role === undefined || (role === 'database-url' && mask === undefined)) return undefined;
  return { role, object, path, values: [value] };
}
