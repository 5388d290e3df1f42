import { isObject, type JsonObject, type JsonValue, listAt, objectAt, textAt, valueAt } from './json.ts';
import type { KubeObject } from './object.ts';
import type { Path } from '../model/judgement.ts';

export const externalGroup = 'external-secrets.io';
export const generatorGroup = 'generators.external-secrets.io';

/** An object from which an ExternalSecret takes values: a store, or a generator. */
export interface ValueSource {
  readonly group: string;
  readonly kind: string;
  /** Cluster-scoped sources have none. */
  readonly clusterScoped: boolean;
  readonly name: string;
  /** Path in the ExternalSecret. */
  readonly path: Path;
}

/** Where one key of the produced Secret comes from. */
export interface KeyOrigin {
  readonly key: string;
  /** Undefined: a template writes text that names no value, or several. */
  readonly source: ValueSource | undefined;
  /** Name of the value in what the source gives. */
  readonly property: string | undefined;
  /** The value is this value and nothing else; false: a template puts text around it. */
  readonly whole: boolean;
}

/** The spec of an ExternalSecret, and its path: a ClusterExternalSecret keeps one inside its own. */
export function externalSpec(object: KubeObject): { readonly spec: JsonObject; readonly path: Path } {
  const inner = valueAt(object.value, 'spec', 'externalSecretSpec');
  return isObject(inner)
    ? { spec: inner, path: ['spec', 'externalSecretSpec'] }
    : { spec: objectAt(object.value, 'spec'), path: ['spec'] };
}

/** Every store and generator that the spec names. A `data` entry without a store of its own uses the spec's. */
export function valueSources(spec: JsonObject, base: Path): readonly ValueSource[] {
  const fallback = storeAt(valueAt(spec, 'secretStoreRef'), [...base, 'secretStoreRef']);
  const found: ValueSource[] = [];
  const add = (source: ValueSource | undefined) => {
    if (source !== undefined && !found.some((known) => sameSource(known, source))) found.push(source);
  };
  for (const [field, list] of [
    ['data', listAt(spec, 'data')],
    ['dataFrom', listAt(spec, 'dataFrom')],
  ] as const)
    for (const [index, entry] of list.entries()) add(sourceOf(entry, [...base, field, index]) ?? fallback);
  return found;
}

const sameSource = (a: ValueSource, b: ValueSource): boolean => a.group === b.group && a.kind === b.kind && a.name === b.name;

function sourceOf(entry: JsonValue, path: Path): ValueSource | undefined {
  const generator = valueAt(entry, 'sourceRef', 'generatorRef');
  const name = textAt(generator, 'name');
  if (name) {
    const kind = textAt(generator, 'kind') ?? '';
    return {
      group: generatorGroup,
      kind,
      clusterScoped: kind === 'ClusterGenerator',
      name,
      path: [...path, 'sourceRef', 'generatorRef'],
    };
  }
  return storeAt(valueAt(entry, 'sourceRef', 'storeRef'), [...path, 'sourceRef', 'storeRef']);
}

function storeAt(value: JsonValue | undefined, path: Path): ValueSource | undefined {
  const name = textAt(value, 'name');
  if (!name) return undefined;
  const kind = textAt(value, 'kind') || 'SecretStore';
  return { group: externalGroup, kind, clusterScoped: kind === 'ClusterSecretStore', name, path };
}

/** Names that a generator gives its values; undefined: not known. */
export type GeneratorKeys = (source: ValueSource) => readonly string[] | undefined;

const usualGeneratorKeys: GeneratorKeys = ({ kind }) =>
  kind === 'Password' ? ['password'] : kind === 'UUID' ? ['uuid'] : undefined;

/** The keys of the Secret that the spec produces; undefined where the store or a file decides. */
export function externalSecretKeys(spec: JsonObject, generatorKeys: GeneratorKeys | undefined): readonly string[] | undefined {
  const origins = keyOrigins(spec, [], generatorKeys);
  return origins.complete ? origins.origins.map(({ key }) => key) : undefined;
}

/** Where each key comes from, as far as the spec says; `complete` false: there may be other keys. */
export function keyOrigins(
  spec: JsonObject,
  base: Path,
  generatorKeys: GeneratorKeys = usualGeneratorKeys,
): { readonly origins: readonly KeyOrigin[]; readonly complete: boolean } {
  const values = new Map<string, KeyOrigin>();
  const fallback = storeAt(valueAt(spec, 'secretStoreRef'), [...base, 'secretStoreRef']);
  let complete = true;
  for (const [index, entry] of listAt(spec, 'dataFrom').entries()) {
    const source = sourceOf(entry, [...base, 'dataFrom', index]) ?? fallback;
    const given = source?.group === generatorGroup ? generatorKeys(source) : undefined;
    const keys = given?.map((property) => ({ property, key: rewritten(property, listAt(entry, 'rewrite')) }));
    if (keys === undefined || keys.some(({ key }) => key === undefined)) complete = false;
    for (const { property, key } of keys ?? []) if (key !== undefined) values.set(key, { key, source, property, whole: true });
  }
  for (const [index, entry] of listAt(spec, 'data').entries()) {
    const key = textAt(entry, 'secretKey');
    const source = sourceOf(entry, [...base, 'data', index]) ?? fallback;
    if (key)
      values.set(key, {
        key,
        source,
        property: textAt(entry, 'remoteRef', 'property') ?? textAt(entry, 'remoteRef', 'key'),
        whole: true,
      });
  }
  return withTemplate(spec, values, complete);
}

/**
 * A template replaces the keys, unless its `mergePolicy` is `Merge`; `templateFrom` reads them from ConfigMaps.
 */
function withTemplate(spec: JsonObject, values: ReadonlyMap<string, KeyOrigin>, complete: boolean) {
  const template = objectAt(spec, 'target', 'template');
  const data = objectAt(template, 'data');
  const fromFiles = listAt(template, 'templateFrom').length > 0;
  if (!isObject(valueAt(template, 'data')) && !fromFiles) return { origins: [...values.values()], complete };
  const merged = textAt(template, 'mergePolicy') === 'Merge';
  const result = new Map<string, KeyOrigin>(merged ? values : []);
  for (const [key, text] of Object.entries(data))
    result.set(
      key,
      typeof text === 'string' ? templated(key, text, values) : { key, source: undefined, property: undefined, whole: false },
    );
  return { origins: [...result.values()], complete: !fromFiles && (!merged || complete) };
}

const credentialWord = /pass|pwd|secret|token|key/i;
/** Functions that keep every bit of a value: `trunc 8` and hashes of a part do not. */
const lossless = /^(?:\s{0,8}\|\s{0,8}(?:toString|quote|squote|b64enc|urlquery)\s{0,8}){0,4}$/;

function templated(key: string, text: string, values: ReadonlyMap<string, KeyOrigin>): KeyOrigin {
  const uses = [...text.slice(0, 20_000).matchAll(/\{\{-?([^{}]{0,400}?)-?\}\}/g)].map((match) => match[1] ?? '');
  const named = uses.flatMap((use) => {
    const [, name = '', rest = ''] = /^\s{0,8}\.([\w-]{1,128})(.{0,250})$/s.exec(use) ?? [];
    return name === '' ? [] : [{ name, kept: lossless.test(rest) || rest.trim() === '' }];
  });
  const names = [...new Set(named.map(({ name }) => name))];
  const likely = names.length > 1 ? names.filter((name) => credentialWord.test(name)) : names;
  const [only] = likely.length === 1 ? likely : [];
  const kept = named.every(({ name, kept: whole }) => name !== only || whole);
  const origin = only === undefined || !kept ? undefined : values.get(only);
  const whole = uses.length === 1 && /^\s{0,8}\{\{[^{}]{0,400}\}\}\s{0,8}$/.test(text.slice(0, 450));
  return { key, source: origin?.source, property: origin?.property, whole };
}

/** The key after `rewrite`. Only plain text as regular expression is followed: anything else depends on Go's syntax. */
function rewritten(key: string, steps: readonly JsonValue[]): string | undefined {
  let current = key;
  for (const step of steps) {
    const source = textAt(step, 'regexp', 'source');
    const target = textAt(step, 'regexp', 'target');
    if (source === undefined || target === undefined || source === '' || !/^\^?[\w-]+\$?$/.test(source) || target.includes('$'))
      return undefined;
    const word = source.replace(/^\^|\$$/g, '');
    const anchored = source.startsWith('^') || source.endsWith('$');
    if (!anchored) current = current.split(word).join(target);
    else if (current === word) current = target;
    else if (current.includes(word)) return undefined;
  }
  return current;
}
