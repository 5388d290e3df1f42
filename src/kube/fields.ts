import type { Path } from '../model/judgement.ts';
import { nearest } from '../model/suggest.ts';
import table from './generated/fields.json' with { type: 'json' };
import { isObject, type JsonValue } from './json.ts';
import { type KubeObject, maskOf } from './object.ts';

/** A field that the API server would refuse under strict validation, which is kubectl's default since 1.25. */
export interface FieldProblem {
  readonly path: Path;
  /** The field, as a path of names: `spec.podselector`. */
  readonly field: string;
  /** Set for a value of a wrong type: what it should be. Absent: the field does not exist. */
  readonly expected?: string;
  readonly suggestion?: string;
}

/** Nodes of one object that are looked at, and problems that are kept: beyond it the object is hostile. */
const maxNodes = 200_000;
const maxProblems = 20;

type Fields = ReadonlyMap<string, string>;
const decoded = new Map<string, Fields | undefined>();

/** Fields of a model by name, decoded once: data of the program, not of a review. */
function fieldsOf(model: string): Fields | undefined {
  if (decoded.has(model)) return decoded.get(model);
  const row = (table.models as Readonly<Record<string, string>>)[model];
  // Types hold commas nowhere, so a row splits safely.
  const fields =
    row === undefined
      ? undefined
      : new Map(row.split(',').map((entry) => [entry.slice(0, entry.indexOf(':')), entry.slice(entry.indexOf(':') + 1)]));
  decoded.set(model, fields);
  return fields;
}

/** The API versions under which Kubernetes 1.36 has a kind; empty for kinds that it does not know. */
export function homesOf(kind: string): readonly string[] {
  homes ??= Map.groupBy(
    Object.keys(table.kinds).map((key) => key.split('|')),
    ([, name]) => name ?? '',
  );
  return (homes.get(kind) ?? []).map(([apiVersion]) => apiVersion ?? '');
}

let homes: ReadonlyMap<string, readonly (readonly string[])[]> | undefined;

/** Quantities are text in the OpenAPI document, and the API server takes numbers for them (apimachinery resource.Quantity). */
const quantityFields: ReadonlySet<string> = new Set([
  'limits',
  'requests',
  'capacity',
  'allocatable',
  'hard',
  'used',
  'default',
  'defaultRequest',
  'max',
  'min',
  'maxLimitRequestRatio',
  'overhead',
  'podFixed',
  'sizeLimit',
  'divisor',
  'averageValue',
  'value',
  'allocatedResources',
  'resourceFieldRef',
]);
const quantityModels =
  /^(V1ResourceRequirements|V1VolumeResourceRequirements|V1ResourceFieldSelector|V1LimitRangeItem|V1ResourceQuota(Spec|Status)|V1EmptyDirVolumeSource|V1PersistentVolume(Spec|ClaimStatus)|V1Node(Status)|V1Overhead|V2MetricTarget|V2MetricValueStatus|V1ContainerStatus|V1CSIStorageCapacity|V1.*Device.*)$/;

/**
 * Unknown fields and values of wrong types in an object of a built-in kind, by the table of Kubernetes 1.36. Empty for kinds and
 * versions that the table does not have. Field names are case-sensitive (sigs.k8s.io/json).
 */
export function checkFields(object: KubeObject): readonly FieldProblem[] {
  const model = (table.kinds as Readonly<Record<string, string>>)[`${object.ref.apiVersion}|${object.ref.kind}`];
  if (model === undefined) return [];
  const problems: FieldProblem[] = [];
  let nodes = 0;
  const report = (path: Path, problem: Omit<FieldProblem, 'path' | 'field'>) => {
    if (problems.length < maxProblems)
      problems.push({ path, field: path.filter((step) => typeof step === 'string').join('.'), ...problem });
  };
  const visit = (value: JsonValue, type: string, path: Path, quantity: boolean): void => {
    nodes += 1;
    // The API server reads null as "not set", and a masked value has lost its type.
    if (value === null || nodes > maxNodes || maskOf(object, path) !== undefined) return;
    if (type.startsWith('[')) {
      if (!Array.isArray(value)) report(path, { expected: 'a list' });
      else
        for (const [index, item] of (value as readonly JsonValue[]).entries())
          visit(item, type.slice(1, -1), [...path, index], false);
      return;
    }
    if (type.startsWith('{')) {
      if (!isObject(value)) report(path, { expected: 'a map' });
      else for (const [key, item] of Object.entries(value)) visit(item, type.slice(1, -1), [...path, key], quantity);
      return;
    }
    const expected = expectedOf(type, value, quantity);
    if (expected !== undefined) return report(path, { expected });
    const fields = fieldsOf(type);
    if (fields === undefined || !isObject(value)) return;
    for (const [key, item] of Object.entries(value)) {
      const known = fields.get(key);
      if (known === undefined) {
        const guess = [...fields.keys()].find((name) => name.toLowerCase() === key.toLowerCase()) ?? nearest(key, fields.keys());
        report([...path, key], guess === undefined ? {} : { suggestion: guess });
      } else visit(item, known, [...path, key], quantityFields.has(key) && quantityModels.test(type));
    }
  };
  visit(object.value, model, [], false);
  return problems;
}

/** What a value should be, if it is not. */
function expectedOf(type: string, value: JsonValue, quantity: boolean): string | undefined {
  switch (type) {
    case 'a':
      return undefined;
    case 's':
      return typeof value === 'string' || (quantity && typeof value === 'number')
        ? undefined
        : typeof value === 'object'
          ? 'a string'
          : 'a string (quote it)';
    case 'd':
      return typeof value === 'string' ? undefined : 'a time';
    case 'n':
      return typeof value === 'number' ? undefined : 'a number';
    case 'b':
      return typeof value === 'boolean' ? undefined : 'true or false';
    case 'i':
      return typeof value === 'number' || typeof value === 'string' ? undefined : 'a number or a string';
    default:
      return isObject(value) ? undefined : 'an object';
  }
}
