import { type SlotOf, type SourceFile, slotsOf } from '../evidence/bundle.ts';
import { isNamespaced } from '../kube/gvk.ts';
import { isObject, listAt, textAt, type JsonObject, type JsonValue } from '../kube/json.ts';
import { identify, type KubeObject, type ObjectSource } from '../kube/object.ts';
import type { ParsedText, SourceProblem } from '../kube/yaml/document.ts';
import { parseText } from '../kube/yaml/parse.ts';
import type { Path } from '../model/judgement.ts';
import type { MaskTable } from '../model/mask.ts';
import { groupOf } from '../model/object-ref.ts';
import { evidence, fact } from './fact.ts';

/** A problem of one file: what could not be read, or is read otherwise than its author means. */
export interface FileProblem {
  readonly slot: string;
  readonly file: string;
  readonly rendered: boolean;
  readonly problem:
    | SourceProblem
    | {
        readonly code: 'no-identity';
        readonly severity: 'error';
        readonly message: string;
        readonly document: number;
        readonly path: Path;
      };
}

export interface ReadObjects {
  readonly objects: readonly KubeObject[];
  readonly problems: readonly FileProblem[];
  readonly slots: readonly SlotOf<'objects'>[];
  /** Files of which a part, or all, was not read: no check looked at what stands there. One problem a file. */
  readonly unread: readonly FileProblem[];
  /** The same object twice in one environment: [the first, the later one]. */
  readonly duplicates: readonly (readonly [KubeObject, KubeObject])[];
}

export const objectSlots = evidence('object-slots', (bundle) => slotsOf(bundle, 'objects'));

/** Every object of every source, parsed from the masked text. Order: as gathered. */
export const objects = fact('objects', [objectSlots], readSlots);

function readSlots(slots: readonly SlotOf<'objects'>[]): ReadObjects {
  const found: KubeObject[] = [];
  const problems: FileProblem[] = [];
  for (const slot of slots) {
    if (slot.status !== 'collected') continue;
    // All files first: a definition may stand after the objects of its kind.
    const files = slot.data.files.map((file) => ({ file, parsed: parseText(file.text ?? '') }));
    const scopes = scopesOfCustomKinds(files);
    for (const { file, parsed } of files) readFile(slot, file, parsed, scopes, found, problems);
  }
  return { objects: found, problems, slots, unread: unreadOf(problems), duplicates: duplicatesOf(found) };
}

/** These are errors that still yield the document, as kubectl would read it. */
const readAllTheSame: ReadonlySet<string> = new Set(['duplicate-key', 'content-after-document-end']);

function unreadOf(problems: readonly FileProblem[]): readonly FileProblem[] {
  const first = new Map<string, FileProblem>();
  for (const entry of problems) {
    if (entry.problem.severity !== 'error' || readAllTheSame.has(entry.problem.code)) continue;
    const key = `${entry.slot}\n${entry.file}`;
    if (!first.has(key)) first.set(key, entry);
  }
  return [...first.values()];
}

type Scopes = (apiVersion: string, kind: string) => boolean | undefined;

/** CustomResourceDefinitions among the objects say whether their kind is namespaced. */
function scopesOfCustomKinds(files: readonly { readonly parsed: ParsedText }[]): Scopes {
  const custom = new Map<string, boolean>();
  for (const { parsed } of files) {
    for (const document of parsed.documents) {
      for (const [value] of unwrapLists(document.value, [])) {
        if (textAt(value, 'kind') !== 'CustomResourceDefinition') continue;
        const group = textAt(value, 'spec', 'group');
        const kind = textAt(value, 'spec', 'names', 'kind');
        if (group !== undefined && kind !== undefined)
          custom.set(`${group}/${kind}`, textAt(value, 'spec', 'scope') !== 'Cluster');
      }
    }
  }
  return (apiVersion, kind) => isNamespaced(apiVersion, kind) ?? custom.get(`${groupOf(apiVersion)}/${kind}`);
}

const noMasks: MaskTable = Object.freeze({});

function readFile(
  slot: Extract<SlotOf<'objects'>, { status: 'collected' }>,
  file: SourceFile,
  parsed: ParsedText,
  scopes: Scopes,
  found: KubeObject[],
  problems: FileProblem[],
): void {
  const rendered = slot.data.form === 'helm' || slot.data.form === 'kustomize';
  const report = (problem: FileProblem['problem']) => problems.push({ slot: slot.id, file: file.path, rendered, problem });
  for (const problem of file.problems) report(problem);
  if (file.text === undefined) return;
  for (const problem of parsed.problems) if (!file.problems.some((known) => sameProblem(known, problem))) report(problem);
  for (const document of parsed.documents) {
    const masks = file.masks.find((entry) => entry.document === document.index)?.table ?? noMasks;
    for (const [value, path] of unwrapLists(document.value, [])) {
      const identity = identify(value, scopes, slot.data.defaultNamespace);
      if (!identity.ok) {
        report({
          code: 'no-identity',
          severity: 'error',
          message: identity.problem,
          document: document.index,
          path: [...path, ...identity.at],
        });
        continue;
      }
      const source: ObjectSource = {
        slot: slot.id,
        file: file.origins?.[document.index] ?? file.path,
        document: document.index,
        path,
        rendered,
        live: file.live === true,
        environment: slot.environment,
        role: slot.role,
      };
      found.push({ ref: identity.ref, group: groupOf(identity.ref.apiVersion), value, source, masks });
    }
    if (!isObject(document.value)) {
      if (document.value !== null)
        report({
          code: 'no-identity',
          severity: 'error',
          message: 'the document is not an object',
          document: document.index,
          path: [],
        });
    }
  }
}

const sameProblem = (a: SourceProblem, b: SourceProblem) => a.code === b.code && a.position.offset === b.position.offset;

/** `List` and `DeploymentList` objects hold others in `items`; lists of lists are followed. */
function* unwrapLists(value: JsonValue, path: Path): Generator<readonly [JsonObject, Path]> {
  if (!isObject(value)) return;
  const kind = textAt(value, 'kind');
  if (kind?.endsWith('List') && Array.isArray(value['items'])) {
    for (const [index, item] of listAt(value, 'items').entries()) {
      // Items of a typed list (PodList from the API) carry no kind of their own: it is the list's.
      const filled =
        isObject(item) && kind !== 'List' && item['kind'] === undefined
          ? { ...item, apiVersion: value['apiVersion'] ?? null, kind: kind.slice(0, -4) }
          : item;
      yield* unwrapLists(filled, [...path, 'items', index]);
    }
    return;
  }
  yield [value, path];
}

function duplicatesOf(objects: readonly KubeObject[]): readonly (readonly [KubeObject, KubeObject])[] {
  const first = new Map<string, KubeObject>();
  const duplicates: (readonly [KubeObject, KubeObject])[] = [];
  for (const object of objects) {
    const { ref, group, source } = object;
    if (ref.name.endsWith('*')) continue;
    const key = `${source.environment}|${group}|${ref.kind}|${ref.namespace ?? ''}|${ref.name}`;
    const known = first.get(key);
    if (known === undefined) first.set(key, object);
    // The same object in the system's manifests and in a dump of the cluster is one object seen twice, not a mistake.
    else if (known.source.slot === source.slot) duplicates.push([known, object]);
  }
  return duplicates;
}
