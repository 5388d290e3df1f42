import { type JsonValue, objectAt, textEntries } from '../kube/json.ts';
import type { KubeObject } from '../kube/object.ts';
import { parseText } from '../kube/yaml/parse.ts';
import type { Path } from '../model/judgement.ts';

/** Longer entries are not looked into: a ConfigMap holds at most 1 MiB. */
const longestEntry = 1_100_000;

/** One document inside an entry of a ConfigMap. */
export interface EmbeddedDocument {
  readonly object: KubeObject;
  readonly key: string;
  readonly path: Path;
  /** Undefined: it does not parse. */
  readonly value: JsonValue | undefined;
}

/** The YAML or JSON documents in the entries of a ConfigMap whose key and text pass. The text is masked like the object. */
export function embeddedDocuments(
  object: KubeObject,
  wanted: (key: string, text: string) => boolean,
): readonly EmbeddedDocument[] {
  return [...textEntries(objectAt(object.value, 'data'))].flatMap(([key, text]): readonly EmbeddedDocument[] => {
    if (text.length > longestEntry || !wanted(key, text)) return [];
    const { documents, problems } = parseText(text);
    const path = ['data', key];
    if (problems.some(({ severity }) => severity === 'error')) return [{ object, key, path, value: undefined }];
    return documents.map(({ value }) => ({ object, key, path, value }));
  });
}
